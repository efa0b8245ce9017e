"""A DAC through the service: settled as it is for one employer, or cut into a declaration per employer and period."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tasrih.ledger.posting import balance, standing
from tasrih.register.parties import Employer
from tasrih.story.acknowledge import acknowledge
from tasrih.story.filings import Series
from tasrih.story.look_up import declared_for
from tasrih.story.parts import parts_of
from tasrih.story.ports import Replace
from tasrih.story.records import Ticket
from tasrih.story.withdraw import withdraw

from tests.declaration.test_dac import zipped
from tests.story.periodic import HELD, TWO_EMPLOYERS, dac, parts, people, send
from tests.story.test_portfolio import archive, desk
from tests.story.world import CABINET, OURS, OURS_TOO, THEIRS, THEM, US, VOUCHED, World, pair

TWO_PERIODS = dac({}, {"Période": "2019-T3"})
WORKER = "800000000001"


def series(world: World, employer: str = OURS, period: str = "2019-Q4") -> Series | None:
    return world.book.get(Series, f"EMPLOYER#{employer}", f"SERIES#DAC#{period}")


def file(world: World, body: bytes, employer: str = OURS, **how: str) -> str:
    upload = send(world, body, employer=employer, **how)
    world.receive(upload)
    return upload


def facts(world: World, upload: str) -> dict[str, Any]:
    receipt = world.receipt(upload)
    assert receipt
    told: dict[str, Any] = json.loads(receipt.payload)
    return told


def test_a_dac_of_the_employer_named_is_settled_as_it_is(world: World) -> None:
    upload = file(world, dac({"Déjà payé (DA)": "1000,00"}))
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.kind, outcome.period) == ("in_force", "DAC", "2019-Q4")
    assert outcome.total_centimes == 54_000_000
    told = facts(world, upload)["dac"]
    assert told["paid_centimes"] == 100_000
    assert told["still_to_pay_centimes"] == outcome.dues_total_centimes - 100_000
    assert balance(world.entries(), "2019-Q4") == outcome.dues_total_centimes > 0
    assert "quarters_centimes" not in facts(world, upload)
    assert world.stored(upload) is None


def test_held_bases_are_shown_and_not_posted(world: World) -> None:
    upload = file(world, dac({}) + dac(HELD).split(b"\r\n")[1] + b"\r\n")
    outcome, dues = world.outcome(upload), facts(world, upload)["dues"]
    assert outcome.dues_state == dues["state"] == "partly_held"
    assert [held["code"] for held in dues["held"]] == ["R07"]
    assert balance(world.entries(), "2019-Q4") == outcome.dues_total_centimes > 0


def test_a_nil_declaration_counts_and_posts_nothing(world: World) -> None:
    nil = {"Néant": "oui", "Code": "", "Assiette (DA)": "", "Effectif": "0"}
    upload = file(world, dac(nil).replace(b"R98", b""))
    assert world.outcome(upload).state == "in_force"
    assert facts(world, upload)["dac"]["nil"]
    assert series(world)
    assert not world.entries()


def test_a_dac_of_two_employers_becomes_two_filings_and_a_bad_one_stops_no_other(world: World) -> None:
    wrong = dac({}, {"Employeur": OURS_TOO, "Effectif": "trois"}, {"Employeur": THEIRS})
    upload = send(world, wrong)
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "refused", "refused"]
    codes = [set(world.outcome(child.upload).counts) for child in world.outcome(upload).children]
    assert codes == [set(), {"E611"}, {"E493", "W607"}]
    assert world.series(THEIRS) is None
    assert [child.period for child in world.outcome(upload).children] == ["2019-Q4"] * 3


def test_places_and_files_are_those_of_the_file_that_was_sent(world: World) -> None:
    body = dac({}, {"Employeur": OURS_TOO, "Effectif": "trois"})
    upload = send(world, body)
    world.receive(upload)
    parts(world, upload)
    good, bad = world.outcome(upload).children
    told = json.loads(world.inbox.get_report(world.outcome(bad.upload).report))["findings"]
    assert [(each["file"], each["line"]) for each in told] == [("dac.csv", 4), ("dac.csv", 5)]
    (file_told,) = facts(world, good.upload)["files"]
    assert (file_told["name"], file_told["size"], file_told["lines"]) == ("dac.csv", len(body), 5)


def test_several_periods_of_the_employer_named_are_as_many_filings(world: World) -> None:
    upload = file(world, TWO_PERIODS)
    assert world.outcome(upload).state == "split"
    assert parts(world, upload) == ["in_force", "in_force"]
    assert series(world, period="2019-Q3")
    assert world.ticket(upload).employer == OURS


def test_one_for_another_employer_than_the_one_named_is_refused(world: World) -> None:
    assert "E492" in world.outcome(file(world, dac({"Employeur": OURS_TOO}))).counts


def test_a_file_in_doubt_as_a_whole_is_refused_as_a_whole(world: World) -> None:
    upload = send(world, TWO_EMPLOYERS)
    world.inbox.put(f"uploads/{upload}/0", b"x")  # the first version counts: nothing changes
    assert world.receive(upload) == "split"
    other = send(world, TWO_EMPLOYERS.replace(b"Code", b"Kod"))
    assert world.receive(other) == "refused"
    assert "E493" not in world.outcome(other).counts


def test_what_belongs_to_no_declaration_reaches_the_sender(world: World) -> None:
    upload = send(world, TWO_EMPLOYERS + b"12;2019-T4;16000;R22;1,00;1;0;0;non;;;;;;;\r\n")
    world.receive(upload)
    assert parts(world, upload) == ["in_force", "in_force"]
    outcome = world.outcome(upload)
    assert outcome.counts == {"E603": 1}
    assert json.loads(world.inbox.get_report(outcome.report))["findings"][0]["line"] == 6
    here, post = desk(world)
    for child in outcome.children:
        acknowledge(child.upload, "in_force", world.clock.now(), here)
    ((to, message),) = post.sent
    assert to == "paie@exemple.example"
    assert b"E603" in message


def test_the_same_declaration_in_another_file_is_a_duplicate(world: World) -> None:
    first = file(world, dac({}))
    upload = send(world, TWO_EMPLOYERS)
    world.receive(upload)
    assert parts(world, upload) == ["duplicate", "in_force"]
    assert world.outcome(world.outcome(upload).children[0].upload).answered_by == first


def test_a_later_one_supersedes_and_reverses_and_an_earlier_one_does_not(world: World) -> None:
    early = send(world, dac({"Assiette (DA)": "1000,00"}), employer=OURS)
    first = file(world, dac({}))
    last = file(world, dac({"Assiette (DA)": "600000,00"}))
    assert world.receive(early) == "superseded"
    assert world.outcome(first).state == "superseded"
    assert [entry.upload for entry in standing(world.entries())] == [last]
    assert balance(world.entries(), "2019-Q4") == world.outcome(last).dues_total_centimes
    assert facts(world, last)["version"] == 2


def test_a_dac_and_a_das_of_the_same_employer_stand_side_by_side(world: World) -> None:
    das = world.file(pair())
    upload = file(world, dac({}))
    assert world.outcome(das).state == world.outcome(upload).state == "in_force"
    assert len(standing(world.entries())) == 2


def test_a_test_changes_nothing_and_is_told_what_a_real_one_would_owe(world: World) -> None:
    upload = send(world, TWO_EMPLOYERS, purpose="test")
    world.receive(upload)
    assert parts(world, upload) == ["tested", "tested"]
    outcome = world.outcome(world.outcome(upload).children[0].upload)
    assert json.loads(outcome.dues)["total_centimes"] == outcome.dues_total_centimes > 0
    assert json.loads(outcome.dac)["headcount"] == 3
    assert series(world) is None
    assert not world.entries()


def test_one_of_many_is_withdrawn_and_its_dues_are_reversed(world: World) -> None:
    upload = send(world, TWO_EMPLOYERS)
    world.receive(upload)
    parts(world, upload)
    child = world.outcome(upload).children[0].upload
    withdraw(child, "Mauvais trimestre", VOUCHED, world.account(US), world.clock.now(), book=world.book)
    assert world.outcome(child).state == "withdrawn"
    assert balance(world.entries(), "2019-Q4") == 0
    assert balance(world.entries(OURS_TOO), "2019-Q4") >= 0
    kept = series(world, OURS_TOO)
    assert kept
    assert kept.upload


def test_the_class_in_the_register_says_month_or_quarter(world: World) -> None:
    employer = world.book.get(Employer, f"EMPLOYER#{OURS}", "EMPLOYER")
    assert employer
    world.book.commit(Replace(replace(employer, size_class="monthly")))
    assert "E607" in world.outcome(file(world, dac({}))).counts
    assert world.outcome(file(world, dac({"Période": "2019-12"}))).state == "in_force"


def test_an_accountant_files_under_each_mandate_and_no_client_sees_the_others(world: World) -> None:
    world.mandate("declare")
    world.mandate("declare", by=THEM)
    upload = send(world, dac({}, {"Employeur": THEIRS}), employer=OURS, by=CABINET)
    assert world.ticket(upload).entity == US
    world.receive(upload)
    assert parts(world, upload) == ["in_force", "in_force"]
    assert (world.ticket(upload).employer, world.ticket(upload).entity) == ("", CABINET)
    assert [ticket.entity for ticket in map(world.ticket, _children(world, upload))] == [US, THEM]
    assert [ticket.upload for ticket in world.book.owned(Ticket, THEM)] == [_children(world, upload)[1]]
    assert [world.ticket(child).language for child in _children(world, upload)] == ["fr", "ar"]
    mandates = [facts(world, child)["certified"]["mandate"]["holder"] for child in _children(world, upload)]
    assert mandates == ["CABINET EXEMPLE"] * 2


def _children(world: World, upload: str) -> list[str]:
    return [child.upload for child in world.outcome(upload).children]


def test_lines_of_workers_are_kept_with_their_code_and_found_by_their_number(world: World) -> None:
    upload = send(world, people({}, {"Code": "R98"}, employer=OURS) + people(employer=OURS_TOO)[len(people()) :])
    world.receive(upload)
    if world.outcome(upload).children:
        parts(world, upload)
    (declared,) = declared_for(WORKER, book=world.book, lines=world.lines)
    assert (declared.kind, declared.period, declared.employer) == ("DAC", "2019-Q4", OURS)
    assert sorted(declared.lines.rows[["number", "code", "base"]].tolist()) == [
        (2, b"R22", 5_000_000),
        (3, b"R98", 5_000_000),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_an_aggregate_comes_with_its_workers_as_two_files_or_one_archive(world: World, packed: bool) -> None:
    one = {"Assiette (DA)": "50000,00", "Effectif": "1", "Entrées": "0"}
    summed, named = dac(one), people({}, {"Code": "R98"})
    bodies = (zipped(summed.decode(), named.decode()),) if packed else (summed, named)
    upload = send(world, *bodies, employer=OURS, names=("a.zip",) if packed else ("dac.csv", "lignes.csv"), inside=6)
    assert world.receive(upload) == "in_force"
    stored = world.stored(upload)
    assert stored
    assert (stored.lines, stored.state, stored.period) == (2, "counts", "2019-Q4")


def test_another_wage_behind_the_same_sums_is_no_duplicate(world: World) -> None:
    two = ({}, {"NSS": "800000000002"})
    swapped = ({"Assiette (DA)": "40000,00"}, {"NSS": "800000000002", "Assiette (DA)": "60000,00"})
    first, again, other = (file(world, people(*rows)) for rows in (two, two[::-1], swapped))
    assert [world.outcome(upload).state for upload in (first, again, other)] == ["superseded", "duplicate", "in_force"]


def test_months_and_quarters_of_one_worker_are_all_found(world: World) -> None:
    for period in ("2019-T4", "2019-T3", "2020-01", "2019-T2"):
        upload = file(world, people({"Période": period, "Date d'entrée": "01/03/2015"}))
        if world.outcome(upload).state == "refused":
            assert "E607" in world.outcome(upload).counts
    found = [each.period for each in declared_for(WORKER, book=world.book, lines=world.lines)]
    assert found == ["2019-Q4", "2019-Q3", "2019-Q2"]


def test_a_dac_in_an_archive_stands_beside_the_others_under_one_mail(world: World) -> None:
    both = archive({"a": pair()}, {"dac.csv": dac({}, {"Employeur": OURS_TOO}, {"Employeur": THEIRS})})
    upload = send(world, both, names=("tout.zip",))
    assert world.receive(upload) == "split"
    states = parts(world, upload)
    assert states == ["in_force", "split"]
    nested = world.outcome(upload).children[1].upload
    here, post = desk(world)
    assert acknowledge(world.outcome(upload).children[0].upload, "in_force", world.clock.now(), here) == "in_digest"
    assert not post.sent
    assert parts(world, nested) == ["in_force", "in_force", "refused"]
    for child, state in zip(_children(world, nested), ("in_force", "in_force", "refused"), strict=True):
        acknowledge(child, state, world.clock.now(), here)
    ((_, message),) = post.sent
    assert b"2019-Q4" in message
    assert not world.letters_of(nested)
    told = parts_of(world.outcome(upload).children, world.book)
    assert [(child.employer, outcome and outcome.state) for child, outcome in told] == [
        (OURS, "in_force"),
        (OURS, "in_force"),
        (OURS_TOO, "in_force"),
        (THEIRS, "refused"),
    ]
    assert world.ticket(nested).owner is None


def test_a_part_of_a_dac_arrived_when_it_did_and_its_order_is_that_of_the_file(world: World) -> None:
    upload = send(world, TWO_PERIODS)
    world.later(hours=2)
    world.receive(upload)
    for place, child in enumerate(_children(world, upload)):
        world.receive(child)
        ticket = world.ticket(child)
        assert (ticket.part, ticket.parent, ticket.cut) == (place, upload, True)
        assert ticket.arrived_at == world.clock.now() - timedelta(hours=2)
