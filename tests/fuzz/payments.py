"""Targets of what strangers write into payments: the text of a transfer, and the messages of a gateway."""

from __future__ import annotations

from tasrih.messages import LANGUAGES
from tasrih.payments.gateway import NotUnderstood, signature, verified
from tasrih.payments.matching.match import Matched, explained, match
from tasrih.payments.reference import find, parse, reference
from tasrih.vocabulary.identity import is_employer_number

from tests.payments.desk import CALLBACK, ONE, RIP, TWO, Desk, line, owed

KEY = b"k" * 32
DESK = Desk(
    debts={ONE: [owed("2026-07", 3_500_000), owed("2026-08", 100)], TWO: [owed("2026-07", 3_500_000)]},
    accounts={RIP: [ONE]},
    deposits={"1234567": 100},
)
ORDER = reference(ONE)
RETURNED = {**CALLBACK, "state": "returned", "at": "2026-11-03"}


def payment_text(data: bytes) -> None:
    """Whatever a payer wrote and a bank made of it: one place for the movement, and the same when it comes again."""
    text = data.decode("utf-8", "replace").replace("{", "(").replace("}", ")")[:4000]
    found = find(text)
    for each in found.references:
        assert parse(str(each)) == each
        assert is_employer_number(each.employer)
    for amount in (3_500_000, -100):
        movement = line(amount, text, payer_name=text[:100], payer_account=RIP)
        ended = match(movement, DESK)
        assert ended == match(movement, DESK)
        assert not ended.trace[-1].but
        assert all(len(explained(ended, language)) == len(ended.trace) for language in LANGUAGES)
        if isinstance(ended, Matched):
            assert amount > 0
            assert any(each.employer == ended.employer for each in found.references) or ended.employer in (ONE, TWO)


def gateway_message(data: bytes) -> None:
    """Signed by whoever has our key, or by nobody."""
    told, wrong = None, ""
    try:
        told = verified(data, signature(KEY, "1", data), [KEY])
    except NotUnderstood as trouble:
        wrong = str(trouble)
    if told is None:
        assert wrong in {*CALLBACK, "body"}, "the field, never its value"
        return
    assert told.amount_centimes > 0
    assert told.state in ("open", "pending", "failed", "expired", "paid", "returned")
