"""However often, overlapping, split or re-exported files arrive: each movement is posted once, and none is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.payments.bank.arrivals import Arrived, Seen, arrive

from tests.payments.statements import DAY, Told, camt, document, ntry, part, read, stmt, table

OPENING = 100_000
DETERMINED = settings(max_examples=80, derandomize=True, database=None, deadline=None)


@dataclass
class Books:
    """What a story would keep."""

    kept: dict[str, list[Seen]] = field(default_factory=dict)
    posted: list[tuple[object, ...]] = field(default_factory=list)
    refused: int = 0

    def receive(self, content: str) -> Arrived:
        reading = read(content)
        assert not reading.findings.errors, list(reading.findings)
        arrived = arrive(reading.statements, lambda group: tuple(self.kept.get(group, ())))
        told = sum(len(each.movements) for each in reading.statements)
        assert len(arrived.new) + len(arrived.known) + len(arrived.refused) == told, "each is exactly one of the three"
        for movement, seen in arrived.new:
            identities = {each.identity for held in self.kept.values() for each in held}
            assert seen.identity not in identities
            self.kept.setdefault(seen.group, []).append(seen)
            self.posted += [(line.booked_on, line.amount_centimes) for line in movement.lines]
        self.refused += len(arrived.refused)
        assert len([each for each in arrived.findings if each.code == "E939"]) == len(arrived.refused)
        return arrived


def true(told: Sequence[Told]) -> Counter[tuple[object, ...]]:
    return Counter((each.day, each.centimes) for each in told)


def part_of(told: Sequence[Told], begin: int, end: int, form: str, whole_days: bool = True) -> str:
    """A statement of some of the movements, with the balances that the bank would print."""
    days = [each.day for each in told]
    opening = OPENING + sum(each.centimes for each in told[:begin])
    first, last = (days[begin], days[end - 1]) if begin < end else (DAY, DAY)
    return (table if form == "csv" else camt)(told[begin:end], opening, first, last)


AMOUNTS = st.sampled_from([10_00, 10_00, 25_00, -10_00, -3_00])
MOVEMENTS = st.builds(
    Told,
    centimes=AMOUNTS,
    day=st.integers(0, 3).map(lambda days: DAY + timedelta(days=days)),
    payer=st.sampled_from(["ATELIER DU LAC", "Café Émir"]),
    text=st.sampled_from(["VIREMENT", "COTISATIONS"]),
)
ACCOUNTS = st.lists(MOVEMENTS, min_size=1, max_size=12).map(lambda told: sorted(told, key=lambda each: each.day))
FORMS = st.sampled_from(["csv", "camt"])


def referenced(told: Sequence[Told]) -> list[Told]:
    return [replace(each, reference=f"B{number}") for number, each in enumerate(told)]


def day_starts(told: Sequence[Told]) -> list[int]:
    return [index for index in range(len(told)) if index == 0 or told[index].day != told[index - 1].day] + [len(told)]


def anyhow(data: st.DataObject, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Stretches in any order that overlap or repeat one another, and together hold everything."""
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(cuts), st.sampled_from(cuts)), max_size=5))
    chosen += pairwise(cuts)
    return [(min(pair), max(pair)) for pair in data.draw(st.permutations(chosen)) if pair[0] != pair[1]]


@DETERMINED
@given(ACCOUNTS, st.data())
def test_whole_days_post_once_without_references_in_whichever_format(told: list[Told], data: st.DataObject) -> None:
    books = Books()
    for begin, end in anyhow(data, day_starts(told)):
        books.receive(part_of(told, begin, end, data.draw(FORMS)))
    assert Counter(books.posted) == true(told)
    assert not books.refused


@DETERMINED
@given(ACCOUNTS, FORMS, st.data())
def test_any_split_posts_once_with_references(told: list[Told], form: str, data: st.DataObject) -> None:
    told, books = referenced(told), Books()
    for begin, end in anyhow(data, range(len(told) + 1)):
        books.receive(part_of(told, begin, end, form))
    assert Counter(books.posted) == true(told)
    assert not books.refused


@DETERMINED
@given(ACCOUNTS, st.booleans(), st.data())
def test_any_split_in_both_formats_posts_nothing_twice_and_hides_nothing(
    told: list[Told], with_references: bool, data: st.DataObject
) -> None:
    told = [replace(each, centimes=abs(each.centimes)) for each in told]
    told, books = referenced(told) if with_references else told, Books()
    for begin, end in anyhow(data, range(len(told) + 1)):
        books.receive(part_of(told, begin, end, data.draw(FORMS)))
    assert Counter(books.posted) <= true(told)
    assert Counter(books.posted) == true(told) or books.refused


@DETERMINED
@given(ACCOUNTS, st.data())
def test_a_format_that_tells_neither_references_nor_the_same_words_posts_nothing_again(
    told: list[Told], data: st.DataObject
) -> None:
    books = Books()
    rich, poor = referenced(told), [replace(each, text="", payer="X") for each in told]
    first, second = data.draw(st.permutations([("camt", rich), ("csv", poor)]))
    books.receive(part_of(first[1], 0, len(told), first[0]))
    again = books.receive(part_of(second[1], 0, len(told), second[0]))
    assert Counter(books.posted) == true(told)
    assert not again.refused
    assert [each.code for each in again.findings] == ["W942"]


def test_two_equal_deposits_of_one_day_are_two() -> None:
    books, twins = Books(), [Told(10_00), Told(10_00)]
    assert len(books.receive(table(twins)).new) == 2
    assert len(books.receive(table(twins)).known) == 2
    assert len(books.receive(camt(twins)).known) == 2


def test_an_equal_deposit_of_the_evening_is_new_where_the_file_tells_the_whole_day() -> None:
    books = Books()
    books.receive(table([Told(10_00)]))
    evening = books.receive(table([Told(10_00), Told(10_00)]))
    assert (len(evening.new), len(evening.known)) == (1, 1)


def test_an_equal_deposit_in_another_part_of_the_day_waits_for_a_person() -> None:
    books = Books()
    books.receive(table([Told(10_00)]))
    second = books.receive(table([Told(10_00)], opening=OPENING + 10_00))
    assert [(each.code, each.line) for each in second.findings] == [("E939", 3)]
    assert not second.new


def test_the_other_deposit_of_the_evening_is_told_by_its_payer_and_not_by_its_place() -> None:
    books = Books()
    books.receive(table([Told(10_00, payer="A")]))
    evening = books.receive(table([Told(10_00, payer="B"), Told(10_00, payer="A")]))
    assert [each.lines[0].payer_name for each, _ in evening.new] == ["B"]


def test_two_movements_under_one_reference_of_the_bank_are_two() -> None:
    books, twins = Books(), [Told(10_00, reference="B1"), Told(10_00, reference="B1")]
    assert len(books.receive(camt(twins)).new) == 2
    assert len(books.receive(camt(twins)).known) == 2


def test_a_reference_that_names_two_movements_hides_no_third() -> None:
    books, twins = Books(), [Told(10_00, reference="B1"), Told(10_00, reference="B1")]
    books.receive(camt(twins))
    third = books.receive(camt(twins[:1], opening=OPENING + 20_00))
    assert len(third.refused) == 1


def test_other_words_for_another_number_of_movements_wait_for_a_person() -> None:
    books = Books()
    books.receive(table([Told(10_00, text="VIR")]))
    evening = books.receive(camt([Told(10_00, text="VIREMENT RECU"), Told(10_00, text="VIREMENT EMIS")]))
    assert (len(evening.refused), len(evening.new), len(evening.known)) == (2, 0, 0)


def test_of_two_equal_ones_the_file_repeats_the_one_from_its_own_balance_on() -> None:
    books, day = Books(), [Told(10_00)] * 3
    books.receive(part_of(day, 0, 1, "csv"))
    assert len(books.receive(part_of(day, 1, 3, "csv")).new) == 1
    assert len(books.receive(part_of(day, 1, 2, "csv")).known) == 1


def test_a_batch_that_one_format_tells_as_a_whole_is_not_posted_again_by_its_payments() -> None:
    books = Books()
    assert len(books.receive(table([Told(300_00, text="REMISE")])).new) == 1
    entry = ntry(Told(300_00), details=part(100_00, "RFA") + part(200_00, "RFB"))
    whole = stmt([Told(300_00)])
    again = books.receive(document(whole.replace(ntry(Told(300_00)), entry)))
    assert [len(each.lines) for each in again.known] == [2]
    assert not again.new


def test_a_statement_that_stands_twice_in_one_file_counts_once() -> None:
    books, told = Books(), [Told(10_00), Told(25_00)]
    for content in (document(stmt(told) * 2), table(told) * 2):
        books.receive(content)
    assert Counter(books.posted) == true(told)


@pytest.mark.parametrize("form", ["csv", "camt"])
def test_the_identity_of_a_line_is_that_of_the_line_that_was_posted(form: str) -> None:
    books = Books()
    posted = [line.identity for each, _ in books.receive(part_of(TWO, 0, 2, "camt")).new for line in each.lines]
    again = [line.identity for each in books.receive(part_of(TWO, 0, 2, form)).known for line in each.lines]
    assert posted == again
    assert len(set(posted)) == 2
    assert all(posted)


TWO = (Told(10_00, reference="B1"), Told(10_00))


def test_what_is_kept_of_a_movement_names_nobody() -> None:
    books = Books()
    books.receive(table([Told(10_00, payer="AMINA", text="LOYER", payment_reference="RF1")]))
    assert not [word for word in ("AMINA", "LOYER", "RF1", "amina") if word in repr(books.kept)]
