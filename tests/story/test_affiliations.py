"""What becomes of workers declared without an insured number."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tasrih.register.mandates import READ
from tasrih.story.access import NotAllowed, NotAsked, NotFound
from tasrih.story.affiliations import GivenNumber, Request, give_number, requests_of
from tasrih.story.look_up import declared_for

from tests.story.world import CABINET, ONE, OURS, TWO, US, Person, World, pair

NEW = Person(" " * 12, "NOMNEUF", "PRENOMNEUF")
ZEROS = Person("0" * 12, "NOMZERO", "PRENOMZERO")
NUMBER = "910000000005"


def requests(world: World, upload: str) -> list[Request]:
    return requests_of(world.ticket(upload), book=world.book, lines=world.lines)


def give(world: World, upload: str, line: int, nss: str = NUMBER, by: str = US) -> Request:
    now = world.clock.now()
    return give_number(upload, line, nss, world.account(by), now, book=world.book, lines=world.lines)


def held_under(world: World, nss: str) -> list[tuple[str, list[int]]]:
    found = declared_for(nss, book=world.book, lines=world.lines)
    return [(each.upload, each.lines.rows["number"].tolist()) for each in found]


def test_the_verdict_and_the_receipt_say_how_many_lines_are_in_reserve_and_until_when(world: World) -> None:
    upload = world.file(pair((ONE, NEW, ZEROS)))
    outcome, receipt = world.outcome(upload), world.receipt(upload)
    assert (outcome.state, outcome.in_reserve, outcome.complete_by) == ("in_force", 2, "2020-01-30")
    assert receipt
    assert json.loads(receipt.payload)["reserve"] == {"lines": 2, "workers": 2, "complete_by": "2020-01-30"}
    assert "NOMNEUF" not in receipt.payload


def test_the_dues_of_a_line_in_reserve_are_counted(world: World) -> None:
    with_number = world.file(pair((ONE, TWO)))
    without = world.file(pair((ONE, replace(TWO, nss=" " * 12))))
    assert world.outcome(without).dues_total_centimes == world.outcome(with_number).dues_total_centimes > 0


def test_a_filing_whose_lines_all_have_numbers_speaks_of_no_reserve(world: World) -> None:
    upload = world.file(pair())
    receipt = world.receipt(upload)
    assert receipt
    assert json.loads(receipt.payload)["reserve"] is None
    assert (world.outcome(upload).in_reserve, requests(world, upload)) == (0, [])


def test_a_request_stands_ready_for_each_line_without_a_number(world: World) -> None:
    upload = world.file(pair((NEW, ONE, ZEROS)))
    first, second = requests(world, upload)
    assert (first.lines, *first.person, first.entry, first.state) == (
        (1,), "NOMNEUF", "PRENOMNEUF", "01011980", "01032015", "owed",
    )  # fmt: skip
    assert (second.lines, second.employer, second.period, second.nss) == ((3,), OURS, "2019", "")
    assert first.missing == ("names_arabic", "father_first_name", "mother_names", "address", "blood_group")


def test_what_a_line_does_not_say_is_missing_too() -> None:
    from tasrih.story.affiliations import OWED, Person

    asked = Request("u" * 32, OURS, "2019", (1,), Person("بن علي", "", "00001980"), "00000000", OWED)
    assert asked.missing[:4] == ("first_name", "birth", "entry", "names_latin")


def test_the_number_given_completes_the_request_and_the_line_is_found_under_it(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    assert held_under(world, NUMBER) == []
    assert give(world, upload, 2).state == "completed"
    assert [(each.state, each.nss) for each in requests(world, upload)] == [("completed", NUMBER)]
    assert held_under(world, NUMBER) == [(upload, [2])]
    assert held_under(world, ONE.nss) == [(upload, [1])]


def test_the_same_number_again_writes_nothing_and_another_one_corrects_it(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    give(world, upload, 2)
    give(world, upload, 2)
    give(world, upload, 2, "920000000009")
    records = list(world.book.records(GivenNumber, f"UPLOAD#{upload}", "NUMBER#"))
    assert [(record.turn, record.nss, record.by) for record in records] == [(1, NUMBER, US), (2, "920000000009", US)]
    assert held_under(world, NUMBER) == []
    assert held_under(world, "920000000009") == [(upload, [2])]


def test_a_number_given_later_hides_nobody_whose_hash_begins_alike(world: World) -> None:
    """A relation written for one person must not be written over that of the others in the filing."""
    people = [replace(ONE, nss=f"{700000000000 + each}") for each in range(40)]
    upload = world.file(pair((*people, NEW, ZEROS)))
    give(world, upload, 41)
    give(world, upload, 42, "920000000009")
    assert all(held_under(world, person.nss) for person in people)
    assert held_under(world, NUMBER) == [(upload, [41])]


def test_a_later_declaration_that_holds_the_person_under_a_number_settles_the_request(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    world.file(pair((ONE, replace(NEW, nss=NUMBER)), year=2018))
    assert [each.state for each in requests(world, upload)] == ["owed"]
    world.later(days=366)
    world.file(pair((ONE, replace(NEW, nss=NUMBER)), year=2020))
    assert [(each.state, each.nss) for each in requests(world, upload)] == [("found", NUMBER)]


def test_two_numbers_under_one_name_settle_nothing(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    world.later(days=366)
    world.file(pair((replace(NEW, nss=NUMBER), replace(NEW, nss="920000000009")), year=2020))
    assert [each.state for each in requests(world, upload)] == ["owed"]


def test_requests_are_those_of_the_filing_in_force(world: World) -> None:
    first = world.file(pair((ONE, NEW)))
    second = world.file(pair((ONE, replace(NEW, nss=NUMBER))))
    with pytest.raises(NotFound):
        requests(world, first)
    assert requests(world, second) == []


@pytest.mark.parametrize("nss", ["9100000000", "91000000000٥", "0" * 12, "9100000000055"])
def test_what_is_no_number_is_not_taken(world: World, nss: str) -> None:
    upload = world.file(pair((ONE, NEW)))
    with pytest.raises(NotAsked):
        give(world, upload, 2, nss)


def test_a_line_that_has_its_number_takes_no_other(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    with pytest.raises(NotFound):
        give(world, upload, 1)
    with pytest.raises(NotFound):
        give(world, upload, 3)


def test_a_mandate_to_read_gives_no_number(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    world.mandate(READ)
    with pytest.raises(NotFound):
        give(world, upload, 2, by=CABINET)
    officer = replace(world.account(US), role="officer", agency="16000")
    with pytest.raises(NotAllowed):
        give_number(upload, 2, NUMBER, officer, world.clock.now(), book=world.book, lines=world.lines)


def test_a_test_filing_tells_of_its_reserve_and_leaves_no_request(world: World) -> None:
    upload = world.file(pair((ONE, NEW)), purpose="test")
    assert (world.outcome(upload).in_reserve, world.outcome(upload).complete_by) == (1, "2020-01-30")
    with pytest.raises(NotFound):
        requests(world, upload)


def test_a_number_given_stays_with_the_person_in_the_next_version_that_still_lacks_it(world: World) -> None:
    first = world.file(pair((ONE, NEW)))
    give(world, first, 2)
    second = world.file(pair((NEW, ONE, ZEROS)))
    third = world.file(pair((TWO, ZEROS, NEW)))
    assert [(each.lines, each.state, each.nss) for each in requests(world, third)] == [
        ((2,), "owed", ""),
        ((3,), "completed", NUMBER),
    ]
    assert held_under(world, NUMBER) == [(third, [3])]
    give(world, third, 3)
    for upload in (second, third):
        assert not list(world.book.records(GivenNumber, f"UPLOAD#{upload}", "NUMBER#"))


def test_what_is_given_in_the_later_version_counts_before_what_was_given_in_the_earlier(world: World) -> None:
    give(world, world.file(pair((ONE, NEW))), 2)
    upload = world.file(pair((NEW, ONE)))
    give(world, upload, 1, "920000000009")
    assert [each.nss for each in requests(world, upload)] == ["920000000009"]
    assert held_under(world, NUMBER) == []
    again = world.file(pair((NEW, TWO)))
    assert [each.nss for each in requests(world, again)] == ["920000000009"]


def test_two_numbers_given_under_one_name_are_two_people_and_neither_goes_on(world: World) -> None:
    first = world.file(pair((NEW, NEW, ONE)))
    give(world, first, 1)
    give(world, first, 2, "920000000009")
    again = world.file(pair((NEW, ONE)))
    assert [each.state for each in requests(world, again)] == ["owed"]


def test_a_name_without_first_name_is_nobody_in_particular(world: World) -> None:
    give(world, world.file(pair((ONE, replace(NEW, first_name="")))), 2)
    again = world.file(pair((replace(NEW, first_name=""), TWO)))
    assert [each.state for each in requests(world, again)] == ["owed"]


def test_a_number_of_another_period_is_not_given_to_this_one(world: World) -> None:
    give(world, world.file(pair((ONE, NEW), year=2018)), 2)
    assert [each.state for each in requests(world, world.file(pair((ONE, NEW))))] == ["owed"]
