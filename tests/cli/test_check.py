"""`tasrih check`: the same verdict as the server's, offline; its exit codes and its JSON are a contract."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tasrih.cli import main
from tasrih.story.records import Outcome

from tests.story.world import ONE, OURS, TWO, World, pair, settled_world

Write = Callable[..., list[str]]
Told = pytest.CaptureFixture[str]

WRONG = pair((ONE, replace(TWO, unit="X")))
KEYS = {
    "verdict",
    "kind",
    "employer",
    "period",
    "lines",
    "rules_version",
    "law_version",
    "findings",
    "totals",
    "dues",
}
FINDING_KEYS = {"code", "severity", "file", "line", "column", "value", "expected", "message", "own"}


def document(told: Told) -> Any:
    return json.loads(told.readouterr().out)


def test_a_clean_pair_would_be_accepted(written: Write, capsys: Told) -> None:
    assert main(["check", *written()]) == 0
    told = capsys.readouterr()
    assert "ACCEPTÉE" in told.out
    assert told.err == ""


def test_a_wrong_pair_would_be_refused_and_says_where(written: Write, capsys: Told) -> None:
    assert main(["check", *written(WRONG)]) == 1
    told = capsys.readouterr().out
    assert "REFUSÉE" in told
    assert f"{WRONG.detail[0]}:2" in told


def test_the_json_keeps_its_contract_key_by_key(written: Write, capsys: Told) -> None:
    assert main(["check", "--format", "json", "--codes", "R22", *written()]) == 0
    told = document(capsys)
    assert set(told) >= KEYS
    assert told["verdict"] == "accepted"
    assert (told["kind"], told["employer"], told["period"], told["lines"]) == ("DAS", OURS, "2019", 2)
    assert told["findings"] == []
    quarters = dict.fromkeys(("q1", "q2", "q3", "q4"), 14400000)
    assert told["totals"] == {**quarters, "year": 57600000, "by_code": {}}
    assert told["dues"]["state"] == "computed"
    assert told["dues"]["total"] == sum(line["amount"] for line in told["dues"]["lines"]) > 0
    assert isinstance(told["rules_version"], str)
    assert isinstance(told["law_version"], str)


def test_the_json_of_a_refusal_keeps_it_too(written: Write, capsys: Told) -> None:
    assert main(["check", "--format", "json", *written(WRONG)]) == 1
    told = document(capsys)
    assert set(told) >= KEYS
    assert (told["verdict"], told["dues"]) == ("refused", None)
    assert told["findings"]
    for finding in told["findings"]:
        assert set(finding) == FINDING_KEYS
        assert finding["severity"] in ("error", "warning")
        assert finding["severity"] == ("error" if finding["code"].startswith("E") else "warning")
    places = [(each["file"], each["line"], each["column"]) for each in told["findings"]]
    assert places == [(WRONG.detail[0], 2, f"unit_q{quarter}") for quarter in (1, 2, 3, 4)]


def test_no_amount_in_the_json_is_a_float(written: Write, capsys: Told) -> None:
    main(["check", "--format", "json", "--codes", "R22 R98", *written()])

    def floats(part: Any) -> list[float]:
        if isinstance(part, dict | list):
            return [each for value in (part.values() if isinstance(part, dict) else part) for each in floats(value)]
        return [part] if isinstance(part, float) else []

    assert not floats(document(capsys))


def test_unknown_codes_hold_the_dues_and_accept_the_file(written: Write, capsys: Told) -> None:
    assert main(["check", "--format", "json", *written()]) == 0
    dues = document(capsys)["dues"]
    assert (dues["state"], dues["total"]) == ("held", None)
    assert dues["held_because"][0]["reason"] == "codes_not_known"
    assert dues["if_general_scheme"]["state"] == "computed"


def test_codes_come_from_a_register_file_too(written: Write, tmp_path: Path, capsys: Told) -> None:
    register = tmp_path / "register.csv"
    heading = (
        "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
    )
    register.write_text(f"{heading}\nnous;NOUS;;{OURS};16000;2010-01-01;;quarterly;R22;;;fr;\n", "utf-8")
    paths = written(folder=tmp_path / "das")
    assert main(["check", "--format", "json", "--register", str(register), *paths]) == 0
    assert document(capsys)["dues"]["state"] == "computed"
    register.write_text("entity\nx\n", "utf-8")
    assert main(["check", "--register", str(register), *paths]) == 2


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_sentences_are_in_the_language_asked_for(written: Write, capsys: Told, lang: str) -> None:
    main(["check", "--lang", lang, "--format", "json", *written(WRONG)])
    message = document(capsys)["findings"][0]["message"]
    assert any("\u0600" <= sign <= "\u06ff" for sign in message) == (lang == "ar")
    main(["check", "--lang", lang, *written(WRONG)])
    assert message in capsys.readouterr().out


@pytest.mark.parametrize("what", [pair(), WRONG, pair((ONE, TWO), stated=5), pair(kind="C")])
def test_the_server_says_the_same(written: Write, capsys: Told, what: Any) -> None:
    code = main(["check", "--format", "json", "--codes", "R22", *written(what)])
    told = document(capsys)
    world: World = settled_world()
    outcome: Outcome = world.outcome(world.file(what))
    assert (code == 1) == (outcome.state == "refused")
    announced = {"E405"}
    assert {key: n for key, n in outcome.counts.items() if key not in announced} == told["counts"]
    assert (outcome.lines, outcome.total_centimes) == (told["lines"], told["totals"]["year"])
    if outcome.state == "in_force":
        assert outcome.dues_total_centimes == told["dues"]["total"]


def test_out_writes_a_file_and_nothing_to_the_screen(written: Write, tmp_path: Path, capsys: Told) -> None:
    out = tmp_path / "rapport.json"
    assert main(["check", "--format", "json", "--out", str(out), *written(folder=tmp_path / "das")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(out.read_text("utf-8"))["verdict"] == "accepted"


def test_out_to_where_nothing_can_be_written_is_no_verdict(written: Write, tmp_path: Path, capsys: Told) -> None:
    assert main(["check", "--out", str(tmp_path / "absent" / "rapport.txt"), *written()]) == 2
    assert "rapport.txt" in capsys.readouterr().err


def test_a_folder_is_checked_pair_by_pair(written: Write, tmp_path: Path, capsys: Told) -> None:
    for year in (2018, 2019):
        written(pair(year=year), tmp_path / "das")
    (tmp_path / "das" / ".DS_Store").write_bytes(b"\x00")
    assert main(["check", "--format", "json", str(tmp_path / "das")]) == 0
    assert [each["period"] for each in document(capsys)] == ["2018", "2019"]


def test_one_bad_pair_of_a_folder_refuses_the_whole_but_shows_each(
    written: Write, tmp_path: Path, capsys: Told
) -> None:
    written(pair(year=2018), tmp_path / "das")
    written(WRONG, tmp_path / "das")
    assert main(["check", "--format", "json", str(tmp_path / "das")]) == 1
    assert [each["verdict"] for each in document(capsys)] == ["accepted", "refused"]


def test_an_empty_folder_is_not_usable(tmp_path: Path, capsys: Told) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_zip_of_a_pair_is_checked_as_one(tmp_path: Path, capsys: Told) -> None:
    box = tmp_path / "das.zip"
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in pair().files:
            archive.writestr(f"2019/{name}", body)
    assert main(["check", "--format", "json", str(box)]) == 0
    told = document(capsys)
    assert (told["lines"], told["files"][0]["name"]) == (2, "das.zip")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_two_files_may_be_named_in_any_order(written: Write, capsys: Told, order: tuple[int, int]) -> None:
    paths = written()
    assert main(["check", *(paths[place] for place in order)]) == 0


def test_half_a_pair_is_refused_and_the_other_named(written: Write, capsys: Told) -> None:
    assert main(["check", "--format", "json", written()[1]]) == 1
    assert [each["code"] for each in document(capsys)["findings"]] == ["E050"]


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("paie.pdf", PDF, "E022"),
        ("D19E1699999901.txt", PDF, "E022"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(64), "E023"),
        ("vide.txt", b"", "E020"),
        ("blanc.txt", b" \r\n \r\n", "E021"),
        ("bruit.bin", bytes(range(256)) * 8, None),
    ],
)
def test_what_is_no_declaration_gets_one_clear_refusal(
    tmp_path: Path, capsys: Told, name: str, body: bytes, code: str | None
) -> None:
    (tmp_path / name).write_bytes(body)
    assert main(["check", "--format", "json", str(tmp_path / name)]) == 1
    told = document(capsys)
    assert len(told["findings"]) == 1
    assert set(told) >= KEYS
    assert (told["verdict"], told["dues"], told["kind"]) == ("refused", None, None)
    if code:
        assert told["findings"][0]["code"] == code


def test_a_path_that_does_not_exist_is_named(tmp_path: Path, capsys: Told) -> None:
    assert main(["check", str(tmp_path / "absent.txt")]) == 2
    told = capsys.readouterr()
    assert "absent.txt" in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize("path", ["/dev/null", "/proc/self/mem"])
def test_a_path_that_cannot_be_read_is_no_verdict(path: str, capsys: Told) -> None:
    if not Path(path).exists():
        pytest.skip(f"no {path} on this machine")
    assert main(["check", path]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_without_the_right_to_read_it_is_no_verdict(
    written: Write, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = written()

    def forbidden(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", forbidden)
    assert main(["check", *paths]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Permission denied" in told.err


def test_a_file_name_that_is_not_utf8_can_be_checked(tmp_path: Path, capsys: Told) -> None:
    """As an archive made on Windows leaves them."""
    import os

    name = os.fsdecode(os.fsencode(str(tmp_path)) + b"/d\xe9claration.pdf")
    Path(name).write_bytes(PDF)
    assert main(["check", "--format", "json", name]) == 1
    told = document(capsys)
    assert told["findings"][0]["file"].endswith("claration.pdf")
    assert main(["check", name]) == 1


def test_more_than_fifty_findings_are_counted_on_the_screen(written: Write, capsys: Told) -> None:
    people = [replace(ONE, nss=f"{700000000000 + each}", unit="X") for each in range(40)]
    assert main(["check", "--lang", "en", *written(pair(people))]) == 1
    told = capsys.readouterr().out
    assert sum(line.startswith("  E") for line in told.splitlines()) == 50
    assert "50 shown of 160" in told


def test_explain_gives_each_amount_with_its_reasons(written: Write, capsys: Told) -> None:
    paths = written()
    main(["check", "--codes", "R22", *paths])
    short = capsys.readouterr().out
    main(["check", "--codes", "R22", "--explain", *paths])
    assert len(capsys.readouterr().out) > 2 * len(short)
