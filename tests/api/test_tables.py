"""A DAS table through the service: the contribution codes of its lines, the filer's own columns."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tasrih.correspondence.view import page

from tests.api.caller import Caller
from tests.declaration.test_das_csv import ROW
from tests.story.world import OURS, OURS_TOO, Pair, World


@dataclass(frozen=True, slots=True)
class Table(Pair):
    """One file in place of two."""

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        return (self.header,)


def table(*codes: str, employer: str = OURS) -> Table:
    """A line of 360 000 DA a year for each code."""
    cells = [";".join([*(ROW | {"Employeur": employer}).values(), code]) for code in codes]
    body = "\n".join([";".join([*ROW, "Code de cotisation"]), *cells]).encode()
    return Table((f"DAS_{employer}_2019.csv", body), ("", b""), 36_000_000 * len(codes))


def filed(world: World, what: Table, purpose: str = "real") -> str:
    upload = world.send(world.open(what, purpose=purpose), what, (0,))
    world.receive(upload)
    return upload


def test_every_view_tells_which_code_was_in_the_file_and_which_the_register_told(api: Caller, world: World) -> None:
    upload = filed(world, table("R22", ""))
    view = api.get(f"/uploads/{upload}").body
    assert (view["state"], view["codes"], view["assumed_code"]) == ("in_force", ["R22"], "R22")
    receipt = world.receipt(upload)
    assert receipt
    facts = json.loads(receipt.payload)
    assert facts["codes"] == [{"code": "R22", "quarters_centimes": [9_000_000] * 4}]
    assert facts["assumed_code"] == "R22"
    notes = [note["fr"] for note in page(facts)["notes"]]
    assert any("R22" in note and "fichier" in note for note in notes)
    assert any("R22" in note and "registre" in note for note in notes)


def test_a_file_whose_lines_all_tell_their_code_assumes_none(api: Caller, world: World) -> None:
    view = api.get(f"/uploads/{filed(world, table('R22', 'R22', employer=OURS_TOO))}").body
    assert (view["codes"], view["assumed_code"]) == (["R22"], "")
    assert view["dues"]["state"] == "computed", "the register does not know the codes, but the file does"


def test_a_file_without_codes_says_so_as_before(api: Caller, world: World) -> None:
    upload = filed(world, table("", ""))
    view = api.get(f"/uploads/{upload}").body
    assert (view["codes"], view["assumed_code"]) == ([], "R22")
    receipt = world.receipt(upload)
    assert receipt
    assert "codes" not in json.loads(receipt.payload)


def test_lines_are_shown_with_their_code(api: Caller, world: World) -> None:
    upload = filed(world, table("R22", "", "R07"))
    lines = api.get(f"/uploads/{upload}/lines").body["lines"]
    assert {line["number"]: line["code"] for line in lines} == {1: "R22", 2: "", 3: "R07"}


def test_a_test_filing_tells_the_codes_too(api: Caller, world: World) -> None:
    view = api.get(f"/uploads/{filed(world, table('R22', ''), purpose='test')}").body
    assert (view["state"], view["codes"], view["assumed_code"]) == ("tested", ["R22"], "R22")


def test_findings_repeat_the_filers_own_columns_and_nothing_else_does(api: Caller, world: World) -> None:
    heading, row = (part.split(";") for part in table("").header[1].decode().split("\n"))
    row[heading.index("NSS")] = "#N/A"
    body = "\n".join([";".join([*heading, "Matricule"]), ";".join([*row, "=CANARI(1)"])]).encode()
    upload = filed(world, Table((f"DAS_{OURS}_2019.csv", body), ("", b""), 36_000_000))
    told = {each["code"]: each["own"] for each in api.get(f"/uploads/{upload}/findings").body["findings"]}
    assert told["E523"] == [{"heading": "Matricule", "text": "=CANARI(1)"}]
    assert b"=CANARI(1)" in world.inbox.get_report(world.outcome(upload).report)
    assert "CANARI" not in repr((world.book.items, world.uploads.bodies, world.letters.bodies))


def test_reports_kept_before_own_columns_were_repeated_are_still_shown(api: Caller, world: World) -> None:
    upload = filed(world, Table((f"DAS_{OURS}_2019.csv", b"nothing"), ("", b""), 0))
    key = world.outcome(upload).report
    older = json.loads(world.inbox.get_report(key))
    for each in older["findings"]:
        del each["own"]
    world.inbox.put_report(key, json.dumps(older).encode())
    assert api.get(f"/uploads/{upload}/findings").body["findings"][0]["own"] == []


def test_lines_under_a_reduced_code_are_held_and_the_rest_is_owed(api: Caller, world: World) -> None:
    upload = filed(world, table("R22", "R07", employer=OURS_TOO))
    view = api.get(f"/uploads/{upload}", lang="en").body
    assert (view["state"], view["dues"]["state"], view["codes"]) == ("in_force", "partly_held", ["R07", "R22"])
    (entry,) = world.entries(OURS_TOO)
    assert entry.legs[0].amount_centimes == view["dues"]["total_centimes"] > 0
    assert {due["code"] for due in view["dues"]["lines"]} == {"R22", "R98"}
