"""From the bank's file to the employer's account: does each movement end in one place, once, however its files come?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.ledger import Entry, Rules, balance_at, open_items, payment, post
from tasrih.payments.bank.arrivals import Seen, arrive
from tasrih.payments.bank.line import BankLine
from tasrih.payments.matching.match import Matched, Unsure, match, payment_of, perhaps_known
from tasrih.payments.reference import reference
from tasrih.vocabulary.period import Period

from tests.ledger.made import EMPLOYER, das, ledger
from tests.payments.desk import STRANGER, Desk
from tests.payments.statements import DAY, Told, camt, read, table

DUES = ledger(das([100_000_000, 0, 0, 0]))
OWED = balance_at(DUES)
YEAR = reference(EMPLOYER, Period(2025))
OPENING = 10_000_000
POSTED, WAITING, FOREIGN = "posted", "waiting", "foreign"
MOVEMENTS = (
    (Told(OWED, payment_reference=YEAR), POSTED),
    (Told(100, text=f"VIR {YEAR}"), POSTED),
    (Told(OWED + 7, text=f"VIR {reference(EMPLOYER)} CNAS"), POSTED),
    (Told(555, text=EMPLOYER), WAITING),
    (Told(555, text="VIREMENT"), WAITING),
    (Told(100, payment_reference=reference(STRANGER)), WAITING),
    (Told(100, text=f"{YEAR} {reference(EMPLOYER)}"), WAITING),
    (Told(100, text="RF00 0000 0000 0000 0000"), WAITING),
    (Told(-250, payer="", text="FRAIS"), FOREIGN),
)


@dataclass
class Office:
    """What a story would keep, and do."""

    entries: list[Entry] = field(default_factory=lambda: list(DUES))
    kept: dict[str, list[Seen]] = field(default_factory=dict)
    ended: dict[str, list[BankLine]] = field(default_factory=lambda: {POSTED: [], WAITING: [], FOREIGN: []})

    def receive(self, content: str) -> None:
        reading = read(content)
        assert not reading.findings.errors
        arrived = arrive(reading.statements, lambda group: tuple(self.kept.get(group, ())))
        for movement, seen in arrived.new:
            self.kept.setdefault(seen.group, []).append(seen)
            for each in movement.lines:
                self._end(each)
        for movement in arrived.refused:
            assert all(isinstance(perhaps_known(each, self._directory()), Unsure) for each in movement.lines)
            self.ended[WAITING] += movement.lines

    def _directory(self) -> Desk:
        return Desk(known=[EMPLOYER], debts={EMPLOYER: open_items(self.entries)})

    def _end(self, line: BankLine) -> None:
        found = match(line, self._directory())
        if isinstance(found, Matched):
            assert found.employer == EMPLOYER
            self.entries += post(self.entries, [payment(EMPLOYER, payment_of(line, found))], Rules())
        kind = POSTED if isinstance(found, Matched) else WAITING if isinstance(found, Unsure) else FOREIGN
        self.ended[kind].append(line)


def files(told: Sequence[Told], data: st.DataObject, forms: Sequence[Callable[..., str]]) -> list[str]:
    """The same account in statements of any stretches and formats, in any order, overlapping and repeated."""
    cuts = sorted({0, len(told), *data.draw(st.sets(st.integers(0, len(told)), max_size=3))})
    stretches = [*pairwise(cuts)]
    stretches += data.draw(st.lists(st.sampled_from([*stretches, (0, len(told))]), max_size=3))
    written = []
    for begin, end in data.draw(st.permutations(stretches)):
        opening = OPENING + sum(each.centimes for each in told[:begin])
        written.append(data.draw(st.sampled_from(forms))(told[begin:end], opening))
    return written


def account(movements: Sequence[tuple[Told, str]]) -> list[Told]:
    """Named by the bank, three a day."""
    return [
        replace(each, reference=f"OP{number}", day=DAY + timedelta(days=number // 3))
        for number, (each, _) in enumerate(movements)
    ]


@settings(derandomize=True, max_examples=120, deadline=None, database=None)
@given(st.lists(st.sampled_from(MOVEMENTS), min_size=1, max_size=6), st.sampled_from([table, camt]), st.data())
def test_each_movement_ends_once_in_its_place_and_the_balance_is_what_was_posted(
    movements: list[tuple[Told, str]], form: Callable[..., str], data: st.DataObject
) -> None:
    office = Office()
    for content in files(account(movements), data, [form]):
        office.receive(content)
    places = Counter((kind, line.bank_reference) for kind, lines in office.ended.items() for line in lines)
    assert places == Counter((kind, f"OP{number}") for number, (_, kind) in enumerate(movements))
    paid = sum(each.centimes for each, kind in movements if kind == POSTED)
    assert balance_at(office.entries) == OWED - paid


@settings(derandomize=True, max_examples=80, deadline=None, database=None)
@given(st.lists(st.sampled_from(MOVEMENTS), min_size=1, max_size=6), st.booleans(), st.data())
def test_where_formats_mix_or_the_bank_names_nothing_movements_are_neither_lost_nor_posted_twice(
    movements: list[tuple[Told, str]], named: bool, data: st.DataObject
) -> None:
    told = [each if named else replace(each, reference="") for each in account(movements)]
    office = Office()
    for content in files(told, data, [table, camt]):
        office.receive(content)
    for kind in (POSTED, FOREIGN):
        ended = Counter(line.amount_centimes for line in office.ended[kind])
        most = Counter(each.centimes for each, place in movements if place == kind)
        assert ended <= most
        assert most - ended <= Counter(line.amount_centimes for line in office.ended[WAITING])
    assert balance_at(office.entries) == OWED - sum(line.amount_centimes for line in office.ended[POSTED])
