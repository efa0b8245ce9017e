"""What an officer may bring into the register and edit there: the employers of their own agency, and no one else's."""

from __future__ import annotations

from typing import Any

import pytest
from tasrih.register.parties import Account, Employer, Entity
from tasrih.story.access import NotFound, ticket_for
from tasrih.story.edit_register import NotEdited, edit_employer
from tasrih.story.import_register import AT_ONCE, Imported, import_register
from tasrih.story.ports import Busy, Changed

from tests.story.faulty import Plan
from tests.story.world import OURS, THEIRS, THEM, World, pair, settled_world

HEADING = (
    "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
)
ALGIERS = Account(account="agent", role="officer", agency="16000")
ORAN = Account(account="agent-31", role="officer", agency="31000")


def row(entity: str, number: str, agency: str = "16000", **changed: str) -> str:
    cells = {
        "entity": entity,
        "name": "NOUVEAU SARL",
        "name_ar": "",
        "employer": number,
        "agency": agency,
        "since": "2015-01-01",
        "until": "",
        "size_class": "quarterly",
        "codes": "R22",
        "contact_name": "",
        "contact_email": "paie@nouveau.example",
        "language": "fr",
        "accounts": "",
    } | changed
    return ";".join(cells.values())


def theirs(number: str, agency: str, **changed: str) -> str:
    """A row that repeats the standing facts of the other entity to the letter."""
    facts = {"name": "AUTRE SARL", "contact_email": "paie@autre.example", "language": "ar"}
    return row(THEM, number, agency, **(facts | changed))


def bring(world: World, *rows: str, by: Account = ALGIERS, dry: bool = False, book: Any = None) -> Imported:
    return import_register("\n".join((HEADING, *rows)), by, book=book or world.book, dry_run=dry)


def codes(imported: Imported) -> list[str]:
    return [finding.code for finding in imported.findings]


def account(world: World, name: str) -> Account | None:
    return world.book.get(Account, f"ACCOUNT#{name}", "ACCOUNT")


def test_a_new_employer_with_entity_and_accounts_is_created_and_may_file(world: World) -> None:
    assert bring(world, row("neuf", "1699999950", accounts="neuf-paie")) == Imported(3, 0, 0)
    upload = world.file(pair(employer="1699999950"), by="neuf-paie")
    assert world.outcome(upload).state == "in_force"


def test_the_same_file_again_changes_nothing(world: World) -> None:
    bring(world, row("neuf", "1699999950", accounts="neuf-paie"))
    before = {key: dict(stand) for key, stand in world.book.items.items()}
    assert bring(world, row("neuf", "1699999950", accounts="neuf-paie")) == Imported(0, 0, 3)
    assert world.book.items == before


def test_a_dry_run_tells_and_writes_nothing(world: World) -> None:
    assert bring(world, row("neuf", "1699999950"), dry=True) == Imported(2, 0, 0)
    assert world.book.get(Entity, "ENTITY#neuf", "ENTITY") is None


def test_a_change_is_counted_and_kept(world: World) -> None:
    bring(world, row("neuf", "1699999950"))
    assert bring(world, row("neuf", "1699999950", codes="R22 R98")) == Imported(0, 1, 1)
    employer = world.book.get(Employer, "EMPLOYER#1699999950", "EMPLOYER")
    assert employer
    assert (employer.codes, employer.revision) == (("R22", "R98"), 2)


def test_one_faulty_row_keeps_the_whole_file_out(world: World) -> None:
    imported = bring(world, row("neuf", "1699999950"), row("autre", "9999999999"))
    assert imported.created == 0
    assert codes(imported) == ["E807"]
    assert world.book.get(Entity, "ENTITY#neuf", "ENTITY") is None


def test_an_employer_of_another_agency_is_not_brought(world: World) -> None:
    assert "E890" in codes(bring(world, row("neuf", "3199999950", "31000")))
    assert "E890" in codes(bring(world, theirs(THEIRS, "16000")))


def test_a_file_moves_no_number_to_another_entity(world: World) -> None:
    assert "E891" in codes(bring(world, row("neuf", OURS, "16000", since="2010-01-01")))


def test_a_file_moves_no_account_to_another_entity(world: World) -> None:
    assert "E891" in codes(bring(world, row("neuf", "1699999950", accounts=THEM)))
    found = account(world, THEM)
    assert found
    assert found.entity == THEM


def test_an_officer_does_not_get_into_another_agencys_entity_at_once(world: World) -> None:
    """Neither by an account of their own for it, nor by changing where its letters go."""
    for rows in (
        theirs("1699999950", "16000", accounts="espion"),
        theirs("1699999950", "16000", contact_email="espion@exemple.example"),
    ):
        assert codes(bring(world, rows)) == ["E892"]
    assert account(world, "espion") is None


def test_nor_step_by_step(world: World) -> None:
    """A number added to the entity gives no hold on it."""
    upload = world.file(pair(employer=THEIRS), by=THEM)
    assert codes(bring(world, theirs("1699999950", "16000"))) == ["E892"]
    assert codes(bring(world, theirs("1699999950", "16000", accounts="espion"))) == ["E892"]
    assert account(world, "espion") is None
    with pytest.raises(NotFound):
        ticket_for(Account(account="espion", role="employer", entity="neuf"), upload, world.book)


def test_an_agency_brings_further_numbers_of_an_entity_it_holds(world: World) -> None:
    bring(world, row("neuf", "1699999950", accounts="neuf-paie"))
    assert bring(world, row("neuf", "1699999951", accounts="neuf-paie chef")) == Imported(2, 0, 2)


def test_a_dry_run_does_not_tell_what_another_agencys_register_holds(world: World) -> None:
    told = {
        tuple(
            (finding.code, finding.expected)
            for finding in bring(world, theirs(number, "31000", contact_email=guess), dry=True).findings
        )
        for guess in ("paie@autre.example", "faux@autre.example")
        for number in (THEIRS, "3199999950")
    }
    assert len(told) == 1, "a right guess is answered like a wrong one"


def test_a_number_or_account_of_another_entity_does_not_tell_whose_it_is(world: World) -> None:
    for rows in (row("neuf", THEIRS, "16000"), row("neuf", "1699999950", accounts=THEM)):
        imported = bring(world, rows)
        assert imported.findings
        assert "AUTRE" not in repr(imported)


@pytest.mark.parametrize("error", [Busy, Changed])
def test_an_import_that_was_cut_short_is_completed_by_sending_it_again(world: World, error: type[Exception]) -> None:
    rows = [row("neuf", str(1699990000 + each), accounts="neuf-paie") for each in range(AT_ONCE * 2)]
    rows += [row(f"e{each}", str(1699980000 + each), accounts=f"compte-{each}") for each in range(AT_ONCE)]
    clean = Plan()
    bring(settled_world(), *rows, book=clean.ports(settled_world())["book"])
    commits = [at for at, call in enumerate(clean.trace) if call == "book.commit"]
    assert len(commits) > 3
    for at in commits:
        for after in (False, True):
            broken = settled_world()
            with pytest.raises(error):
                bring(broken, *rows, book=Plan(at, error, after).ports(broken)["book"])
            again = bring(broken, *rows)
            assert not again.findings, again.findings[0]
            assert bring(broken, *rows).unchanged == again.created + again.unchanged


def test_an_employer_without_any_account_is_seen_by_nobody_but_the_agency(world: World) -> None:
    bring(world, row("neuf", "1699999950"))
    with pytest.raises(NotFound):
        world.open(pair(employer="1699999950"))


def edit(world: World, by: Account = ALGIERS, revision: int = 1, **edited: object) -> Employer:
    return edit_employer(OURS, revision, edited, by, book=world.book)


def test_an_officer_edits_what_may_be_edited_and_the_rest_stays(world: World) -> None:
    before = world.book.get(Employer, f"EMPLOYER#{OURS}", "EMPLOYER")
    assert before
    after = edit(world, until="2025-06-30", codes=["R22", "R98"])
    assert (after.until, after.codes, after.size_class) == ("2025-06-30", ("R22", "R98"), before.size_class)
    assert after == world.book.get(Employer, f"EMPLOYER#{OURS}", "EMPLOYER")
    assert edit(world, revision=2, until="").until == ""


def test_an_edit_on_what_somebody_changed_meanwhile_is_not_made(world: World) -> None:
    edit(world, size_class="monthly")
    with pytest.raises(Changed):
        edit(world, size_class="quarterly")


def test_another_agencys_officer_edits_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        edit(world, by=ORAN, until="2025-06-30")


def transferred(world: World) -> tuple[str, str]:
    """Rows of a number that moved from agency 16000 to 31000, brought by the one that had it."""
    rows = (
        row("partie", "1699999950", "16000", until="2024-12-31"),
        row("partie", "1699999950", "31000", since="2025-01-01"),
    )
    assert not codes(bring(world, *rows))
    return rows


def test_after_a_transfer_only_the_new_agency_changes_the_employer(world: World) -> None:
    transferred(world)
    moved = {"officer": ORAN, "book": world.book}
    with pytest.raises(NotFound):
        edit_employer("1699999950", 1, {"codes": ["R22"]}, ALGIERS, book=world.book)
    assert edit_employer("1699999950", 1, {"size_class": "monthly"}, **moved).size_class == "monthly"


def test_after_a_transfer_the_former_agency_adds_no_account(world: World) -> None:
    rows = transferred(world)
    assert set(codes(bring(world, *(f"{each}intrus" for each in rows)))) == {"E890", "E892"}
    assert account(world, "intrus") is None
    assert not codes(bring(world, *(f"{each}associe" for each in rows), by=ORAN))


@pytest.mark.parametrize("until", ["2009-12-31", "2025-02-30", "demain"])
def test_a_last_day_must_be_a_day_from_the_first_on(world: World, until: str) -> None:
    with pytest.raises(NotEdited) as trouble:
        edit(world, until=until)
    assert trouble.value.field == "until"
