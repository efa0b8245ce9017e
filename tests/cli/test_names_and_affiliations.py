"""`tasrih names`, `tasrih affiliations` and the preview of `tasrih check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tasrih.cli import main

from tests.cli.test_mandate_and_withdraw import UPLOAD, WITHDRAWN, Answering
from tests.story.test_confirm_names import guessed

Told = pytest.CaptureFixture[str]
NAMES = {
    "asked": True,
    "guessed": "windows-1256",
    "confirmed": None,
    "names": [{"windows-1252": "Èä", "windows-1256": "بن"}],
}
REQUEST = {
    "lines": [2, 7], "surname": "NOMNEUF", "first_name": "PRENOM", "birth": "01011980", "entry": "01032019",
    "state": "owed", "nss": "", "missing": ["adresse"],
}  # fmt: skip
PLACE = f"/uploads/{UPLOAD}/affiliations"


class Service(Answering):
    def get(self, path: str, **query: object) -> Any:
        if path.endswith("/names"):
            return NAMES
        if path == PLACE:
            return {"complete_by": "2026-02-10", "requests": [REQUEST]}
        return {**WITHDRAWN, "state": "withdrawn"}

    def get_text(self, path: str) -> str:
        return f"\ufeff{path}\r\n"

    def post(self, path: str, body: Any) -> Any:
        super().post(path, body)
        return {**REQUEST, "state": "completed", "nss": body["nss"]} if path.startswith(PLACE) else WITHDRAWN


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    answering = Service()
    for module in ("names", "affiliations"):
        monkeypatch.setattr(f"tasrih.cli.{module}.Service", lambda *_: answering)
    return answering


@pytest.fixture
def files(tmp_path: Path) -> str:
    for name, body in guessed().files:
        (tmp_path / name).write_bytes(body)
    return str(tmp_path)


def test_a_check_shows_the_names_in_every_code_page(files: str, capsys: Told) -> None:
    assert main(["check", files, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "once the reading of its names is confirmed" in told
    assert "  windows-1256: بن علي | أمينة" in told
    assert "  windows-1252: Èä Úáí | ÃãíäÉ" in told
    assert "--code-page" in told


def test_a_check_with_the_code_page_asks_nothing(files: str, capsys: Told) -> None:
    assert main(["check", files, "--code-page", "windows-1256", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["names"] is None
    assert "W502" not in told["counts"]


def test_names_are_shown_with_how_to_confirm_them(service: Service, capsys: Told) -> None:
    assert main(["names", UPLOAD, "--api", "http://s", "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    assert "  windows-1256: بن" in told
    assert f"tasrih names {UPLOAD} --confirm" in told


def test_a_reading_is_confirmed_by_a_named_person(service: Service, capsys: Told) -> None:
    asked = ["names", UPLOAD, "--confirm", "windows-1256", "--api", "http://s"]
    assert main(asked) == 2
    assert "--certified-by" in capsys.readouterr().err
    assert main([*asked, "--certified-by", "NOMUN PRENOMUN", "--capacity", "gérant"]) == 0
    certified = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}
    body = {"code_page": "windows-1256", "certified": certified}
    assert ("POST", f"/uploads/{UPLOAD}/names", body) in service.asked


def test_requests_are_listed_saved_and_completed(service: Service, tmp_path: Path, capsys: Told) -> None:
    assert main(["affiliations", UPLOAD, "--api", "http://s", "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    assert "10/02/2026" in told
    assert "numéro de sécurité sociale : 1." in told
    assert "2, 7  NOMNEUF PRENOM  Numéro attendu" in told
    assert main(["affiliations", UPLOAD, "--csv", str(tmp_path / "a.csv"), "--api", "http://s"]) == 0
    assert (tmp_path / "a.csv").read_bytes() == f"\ufeff{PLACE}.csv\r\n".encode()
    number = ["--line", "2", "--number", "910000000005"]
    assert main(["affiliations", UPLOAD, *number, "--api", "http://s"]) == 0
    assert ("POST", f"{PLACE}/2", {"nss": "910000000005"}) in service.asked
    assert main(["affiliations", UPLOAD, *number[:2], "--api", "http://s"]) == 2
