from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tasrih.adapters.codec import UnreadableItem, read_record, write_record
from tasrih.adapters.items import read_item, write_item
from tasrih.ledger.journal import Entry, Leg
from tasrih.register.mandates import Granted, HeldMandate, Mandate
from tasrih.register.parties import Affiliation, Employer
from tasrih.story.files import Announced, Arrival
from tasrih.story.filings import StoredLines
from tasrih.story.records import Letter, Outcome, Receipt, Signature, Ticket
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.certified import Certified, Withdrawn

from tests.adapters.samples import START, ticket


@dataclass(frozen=True)
class Amounts:
    whole: int
    rate: Decimal
    yes: bool
    raw: bytes
    at: datetime
    maybe: int | None
    counts: dict[str, int]
    parts: tuple[Leg | None, ...] = ()
    added_later: str = "as before"


FULL = Amounts(
    whole=2**63 - 1,
    rate=Decimal("11.50"),
    yes=True,
    raw=b"\x00\xff",
    at=START + timedelta(microseconds=1),
    maybe=None,
    counts={"E101": 3},
    parts=(Leg(account="due", amount_centimes=-5), None),
)


def test_every_type_comes_back_as_it_went() -> None:
    back = read_record(Amounts, write_record(FULL))
    assert back == FULL
    assert str(back.rate) == "11.50", "a Decimal keeps its written digits"
    assert type(back.yes) is bool


def test_a_number_beyond_the_exact_range_of_floats_is_kept() -> None:
    odd = replace(FULL, whole=9_007_199_254_740_993, rate=Decimal("0.1000000000000000000000000001"))
    assert read_record(Amounts, write_record(odd)) == odd
    assert write_record(odd)["whole"] == {"N": "9007199254740993"}


def test_none_is_left_out_of_a_record_but_keeps_its_place_in_a_tuple() -> None:
    stored = write_record(FULL)
    assert "maybe" not in stored
    assert stored["parts"]["L"][1] == {"NULL": True}


def test_a_field_of_newer_code_is_passed_over() -> None:
    assert read_record(Amounts, write_record(FULL) | {"tomorrow": {"S": "x"}}) == FULL


def test_a_field_that_older_code_did_not_have_takes_its_default() -> None:
    stored = write_record(FULL)
    del stored["added_later"]
    assert read_record(Amounts, stored).added_later == "as before"


def test_a_missing_field_without_default_is_named() -> None:
    stored = write_record(FULL)
    del stored["whole"]
    with pytest.raises(UnreadableItem, match=r"Amounts\.whole is missing"):
        read_record(Amounts, stored)


def test_a_field_of_another_type_is_named_without_its_value() -> None:
    with pytest.raises(UnreadableItem, match=r"Amounts\.whole") as caught:
        read_record(Amounts, write_record(FULL) | {"whole": {"S": "991234567890"}})
    assert "991234567890" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "wrong",
    [{"whole": 1.0}, {"whole": True}, {"rate": Decimal("NaN")}, {"rate": 0.5}, {"at": datetime(2026, 1, 1)}],  # noqa: DTZ001  it must be refused
    ids=str,
)
def test_floats_and_naive_times_are_not_stored(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        write_record(replace(FULL, **wrong))  # type: ignore[arg-type]  # meant to be wrong


def test_the_same_moment_comes_back_in_algiers() -> None:
    utc = replace(FULL, at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    back = read_record(Amounts, write_record(utc))
    assert back.at == utc.at
    assert back.at.isoformat() == "2026-07-02T00:30:00+01:00"


BY_MANDATE = Certified(name="NOMUN", capacity="gérant", holder="CABINET", mandate_since="2026-01-05")
SPANS = (
    Granted(scopes=("read",), since=START, by="a1", until=START + timedelta(days=1), ended_by="a1"),
    Granted(scopes=("declare", "read"), since=START + timedelta(days=2), by="a1"),
)
RECORDS = [
    ticket(files=(Announced(name="D25E.txt", size=1, sha256="ab", lines=3),), arrivals=(None,)),
    Outcome(upload="u", state="refused", arrived_at=None, decided_at=START, counts={"E1": 2}),
    StoredLines(
        upload="u",
        employer="1",
        period="2025",
        lines=1,
        chunk_lines=100,
        bounds=b"12345678",
        digest="d",
        stored_at=START,
    ),
    ticket(certified=BY_MANDATE),
    ticket(purpose="test"),
    Outcome(
        upload="u",
        state="withdrawn",
        arrived_at=START,
        decided_at=START,
        counts={},
        withdrawn=Withdrawn(reason="r", certified=BY_MANDATE, at=START, rank=9),
    ),
    Mandate(entity="E1", account="a2", grants=SPANS),
    HeldMandate(entity="E1", account="a2", grants=SPANS),
    WithdrawalReceipt(upload="u", number="n", payload="{}", pdf="receipts/n.pdf"),
    Receipt(upload="u", number="n", payload="{}", signature=Signature(key_id="k", value="v")),
    Letter(upload="u", about="refused", language="ar", owed_since=START),
    Entry(
        employer="1",
        upload="u",
        reason="dues",
        period="2025",
        value_date="2026-01-20",
        legs=(Leg(account="a", amount_centimes=3), Leg(account="b", amount_centimes=-3)),
    ),
    Employer(
        number="1699999901", entity="E1", agencies=(Affiliation(agency="16001", since="2000-01-01"),), since="2000"
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.KIND)
def test_every_kind_of_record_comes_back_with_its_revision(record: Ticket) -> None:
    stored = write_item(record, 7)
    assert read_item(type(record), stored) == replace(record, revision=7)
    assert stored["schema"] == {"N": "1"}
    assert stored["kind"] == {"S": record.KIND}


def test_only_open_work_stands_in_the_index_of_waiting() -> None:
    assert write_item(ticket(), 1)["waiting"] == {"S": "upload"}
    assert write_item(ticket(), 1)["waiting_since"] == {"S": "2026-01-20T09:01:00.000000Z"}
    done = write_item(ticket(state="refused", arrivals=(Arrival(version="v", size=1, at=START),)), 2)
    assert "waiting" not in done
    assert "waiting_since" not in done


def test_an_item_of_another_kind_is_not_read_as_this_one() -> None:
    with pytest.raises(UnreadableItem, match="a ticket stands where a letter was asked for"):
        read_item(Letter, write_item(ticket(), 1))
