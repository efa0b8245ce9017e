"""A new hire of a nominal DAC has a line for each code, and is one worker: one request, one count, one number."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.correspondence.facts import reserve_facts, workers_in_reserve
from tasrih.correspondence.letter_dues import reserve_sentence
from tasrih.story.affiliations import GivenNumber
from tasrih.story.ports import Create

from tests.story.periodic import FUND, dac, people, send
from tests.story.test_affiliations import NUMBER, give, held_under, requests
from tests.story.world import OURS, US, World, settled_world

NEW = {"NSS": "", "Nom": "NOUVEAU", "Prénom": "UN", "Date de naissance": "01/02/1990", "Date d'entrée": "02/10/2019"}
OTHER = "920000000009"


def filed(world: World, *rows: dict[str, str]) -> str:
    upload = send(world, people({}, FUND, *rows), employer=OURS)
    assert world.receive(upload) == "in_force"
    return upload


def twice(*new: dict[str, str]) -> list[dict[str, str]]:
    """Under both codes."""
    return [row for each in new for row in (each, {**each, **FUND})]


def told(world: World, upload: str) -> tuple[int, list[tuple[tuple[int, ...], str, str]]]:
    """Workers that the receipt counts, and the requests."""
    receipt = world.receipt(upload)
    assert receipt
    counted = workers_in_reserve(json.loads(receipt.payload)["reserve"])
    return counted, [(each.lines, each.state, each.nss) for each in requests(world, upload)]


def test_two_codes_are_one_request_and_one_count(world: World) -> None:
    upload = filed(world, *twice(NEW))
    assert told(world, upload) == (1, [((4, 5), "owed", "")])
    outcome = world.outcome(upload)
    assert (outcome.in_reserve, outcome.workers_in_reserve) == (2, 1)


@pytest.mark.parametrize("line", [4, 5])
def test_the_number_given_on_either_line_completes_both(world: World, line: int) -> None:
    upload = filed(world, *twice(NEW))
    assert give(world, upload, line).lines == (4, 5)
    assert told(world, upload)[1] == [((4, 5), "completed", NUMBER)]
    assert held_under(world, NUMBER) == [(upload, [4, 5])]
    give(world, upload, 9 - line, OTHER)
    assert told(world, upload)[1] == [((4, 5), "completed", OTHER)]
    assert held_under(world, NUMBER) == []


def test_a_number_that_was_given_to_the_second_line_alone_is_the_workers(world: World) -> None:
    upload = filed(world, *twice(NEW))
    given = GivenNumber(upload=upload, line=5, turn=1, nss=NUMBER, by=US, at=world.clock.now())
    world.book.commit(Create(given))
    assert told(world, upload)[1] == [((4, 5), "completed", NUMBER)]


def test_two_of_one_name_are_two_workers_each_with_lines_of_their_own(world: World) -> None:
    upload = filed(world, *twice(NEW, NEW))
    assert told(world, upload) == (2, [((4, 5), "owed", ""), ((6, 7), "owed", "")])
    give(world, upload, 7)
    assert told(world, upload)[1] == [((4, 5), "owed", ""), ((6, 7), "completed", NUMBER)]


def test_two_of_one_name_and_different_birth_are_never_mistaken_for_each_other(world: World) -> None:
    younger = {**NEW, "Date de naissance": "03/04/1999"}
    upload = filed(world, NEW, younger, {**younger, **FUND}, {**NEW, **FUND})
    assert told(world, upload) == (2, [((4, 7), "owed", ""), ((5, 6), "owed", "")])


def test_the_number_stays_with_the_worker_in_the_next_version(world: World) -> None:
    give(world, filed(world, *twice(NEW)), 5)
    assert told(world, filed(world, {**NEW, **FUND}, NEW, {"NSS": "900000000003", "Nom": "NOMTROIS"}))[1] == [
        ((4, 5), "completed", NUMBER)
    ]


def test_beside_the_aggregate_they_are_counted_alike(world: World) -> None:
    base = {"Assiette (DA)": "100000,00", "Effectif": "2", "Entrées": "1"}
    upload = send(world, dac(base), people({}, FUND, *twice(NEW)), employer=OURS)
    assert world.receive(upload) == "in_force", world.outcome(upload).counts
    assert told(world, upload)[0] == 1


ROWS = st.lists(
    st.fixed_dictionaries(
        {"Nom": st.sampled_from("AB"), "Date de naissance": st.sampled_from(["01/01/1980", "02/02/1990"])},
        optional={"Code": st.just("R98")},
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_there_are_as_many_requests_as_the_receipt_counts_and_each_line_is_in_one(rows: list[dict[str, str]]) -> None:
    world = settled_world()
    upload = filed(world, *({**NEW, **row} for row in rows))
    counted, asked = told(world, upload)
    assert counted == len(asked)
    assert sorted(line for lines, _, _ in asked for line in lines) == list(range(4, 4 + len(rows)))


def test_what_was_kept_before_workers_were_counted_counts_lines() -> None:
    old = {"lines": 12, "complete_by": "2020-01-30"}
    assert ": 12." in reserve_sentence(old, "fr")
    assert reserve_facts(12, 0, "2020-01-30") == {**old, "workers": 12}
