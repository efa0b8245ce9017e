"""`tasrih check` where paths, screens and names are not what one hopes: a verdict for all that can be read."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tasrih.cli import main
from tasrih.cli.deposit import grouped
from tasrih.messages import LANGUAGES, sentence

from tests.correspondence.samples import made

Write = Callable[..., list[str]]
Told = pytest.CaptureFixture[str]


def test_a_path_that_leads_nowhere_keeps_no_other_file_from_its_verdict(written: Write, capsys: Told) -> None:
    assert main(["check", "nowhere.txt", *written(), "--format", "json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["verdict"] == "accepted"
    assert "nowhere.txt" in told.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_read_is_said_in_the_language_asked_for(tmp_path: Path, capsys: Told, language: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    for path, key in (("none", "no_file"), ("pipe", "not_a_file"), ("empty", "no_file_inside")):
        assert main(["check", str(tmp_path / path), "--lang", language]) == 2
        told = capsys.readouterr()
        assert told.err == f"tasrih: {sentence('cli', key, language, path=tmp_path / path)}\n"
        assert told.out == ""


@pytest.mark.parametrize("name", ["", "a" * 5000])
def test_a_name_that_no_file_can_have_is_answered(name: str, capsys: Told, written: Write) -> None:
    assert main(["check", name]) == 2
    assert 0 < len(capsys.readouterr().err) < 400


def test_a_file_that_fails_while_it_is_read_keeps_no_other_from_its_verdict(
    written: Write, tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("x")
    opened = Path.open

    def failing(self: Path, *args: str) -> object:
        if self == bad:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args)

    good = written(folder=tmp_path / "good")
    monkeypatch.setattr(Path, "open", failing)
    assert main(["check", str(bad), *good]) == 2
    told = capsys.readouterr()
    assert "ACCEPTÉE" in told.out
    assert "Permission denied" in told.err


def test_a_file_named_twice_counts_once(written: Write, tmp_path: Path, capsys: Told) -> None:
    assert main(["check", *written(), str(tmp_path), *written()]) == 0
    assert capsys.readouterr().out.count("ACCEPTÉE") == 1


def test_a_pair_and_its_corrected_copy_in_another_folder_are_two_deposits(written: Write, tmp_path: Path) -> None:
    first, second = written(folder=tmp_path / "first"), written(folder=tmp_path / "second")
    found = grouped([Path(path) for path in (first[0], second[1], first[1], second[0])])
    assert [{path.parent.name for path in deposit} for deposit in found] == [{"first"}, {"second"}]
    assert [len(deposit) for deposit in found] == [2, 2]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_without_arabic_costs_letters_but_no_verdict(
    written: Write, monkeypatch: pytest.MonkeyPatch, form: str, language: str
) -> None:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="ascii"))
    assert main(["check", *written(), "--lang", language, "--format", form]) == 0
    if form == "json":
        assert json.loads(held.getvalue())["verdict"] == "accepted"


def test_no_screen_at_all_costs_no_verdict(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", *written()]) == 0
    sys.stdout.close()


def test_codes_may_be_written_small(written: Write, capsys: Told) -> None:
    assert main(["check", *written(), "--codes", "r22", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["dues"]["state"] == "computed"


def test_a_register_in_a_spreadsheets_own_code_page_is_answered(written: Write, tmp_path: Path, capsys: Told) -> None:
    register = tmp_path / "register.txt"
    register.write_bytes("entity;name\ne;Société\n".encode("cp1252"))
    assert main(["check", *written(folder=tmp_path / "pair"), "--register", str(register)]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_troubles_of_other_commands_are_said_in_the_language_asked_for(
    tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.delenv("TASRIH_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: (_ for _ in ()).throw(EOFError))
    empty = tmp_path / "D19E1699999901.txt"
    empty.write_bytes(b"")
    (tmp_path / "token").write_text("a")
    said = ["--lang", language]
    api = ["--api", "http://127.0.0.1:9", *said]
    vouched = ["--certified-by", "NOMUN", "--capacity", "gérant"]
    for asked, key, values in (
        (["verify", str(empty), *said], "no_keys", {"path": tmp_path / "keys.json"}),
        (["status", "--user", "x", *api], "no_password", {}),
        (["register", str(tmp_path / "none"), "--token-file", str(tmp_path / "token"), *api], "unreadable",
         {"path": tmp_path / "none", "reason": os.strerror(2)}),
    ):  # fmt: skip
        assert main(asked) == 2
        assert capsys.readouterr().err == f"tasrih: {sentence('cli', key, language, **values)}\n", key
    assert main(["submit", str(empty), *vouched, "--token-file", str(tmp_path / "token"), *api]) == 2
    assert empty.name in capsys.readouterr().err


@pytest.mark.parametrize("keys", ["", "no json", "[]", "[" * 200_000, '{"keys": 1}'])
def test_keys_that_are_none_are_said_to_be_unusable(tmp_path: Path, capsys: Told, keys: str) -> None:
    (tmp_path / "receipt.json").write_bytes(made("held")[1])
    (tmp_path / "keys.json").write_text(keys)
    assert main(["verify", str(tmp_path / "receipt.json"), "--lang", "en"]) == 1
    assert capsys.readouterr().out.startswith("The list of public keys given cannot be used")
