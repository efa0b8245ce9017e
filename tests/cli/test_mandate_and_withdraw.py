"""`tasrih mandate` and `tasrih withdraw`, against a service that remembers what it was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tasrih.cli import main

Told = pytest.CaptureFixture[str]
UPLOAD = "ab" * 16
SPAN = {"scopes": ["read"], "since": "2026-01-05T09:00:00+01:00", "given_by": "nous", "until": None, "withdrawn_by": ""}
MANDATE = {"entity": "nous", "entity_name": "EXEMPLE SARL", "account": "cabinet", "active": True, "history": [SPAN]}
WITHDRAWN = {
    "upload": UPLOAD,
    "purpose": "real",
    "meaning": "Withdrawn: no longer in force.",
    "kind": "DAS",
    "employer": "1699999901",
    "period": "2025",
    "lines": 2,
    "total_centimes": 0,
    "certified": None,
    "counts": [],
    "dues": None,
    "parts": [],
    "receipt": {"number": "TR-00000001-38", "signed": True, "pdf_ready": True},
    "withdrawal": {
        "at": "2026-02-03T09:05:00+01:00",
        "reason": "Mauvaise année",
        "certified": {"name": "NOMUN PRENOMUN", "capacity": "gérant", "mandate": None},
        "receipt": {"number": "TW-00000002-01", "signed": True, "pdf_ready": True},
    },
}


class Answering:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def sign_in(self, _: object) -> Answering:
        return self

    def get(self, path: str, **query: object) -> Any:
        self.asked.append(("GET", path, query))
        if path.startswith("/mandates"):
            return {"mandates": [MANDATE]}
        return {"url": "memory://x"} if path.endswith("/receipt") else {"keys": []} if path == "/keys" else WITHDRAWN

    def post(self, path: str, body: Any) -> Any:
        self.asked.append(("POST", path, body))
        return MANDATE if path == "/mandates" else WITHDRAWN

    def delete(self, path: str) -> Any:
        self.asked.append(("DELETE", path, None))
        ended = {**SPAN, "until": "2026-02-01T09:00:00+01:00", "withdrawn_by": "nous"}
        return {**MANDATE, "active": False, "history": [ended]}

    def download(self, _: str) -> bytes:
        return b"paper"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Answering:
    answering = Answering()
    for module in ("mandate", "withdraw"):
        monkeypatch.setattr(f"tasrih.cli.{module}.Service", lambda *_: answering)
    return answering


def test_a_mandate_is_given_with_the_scopes_named_or_both(service: Answering, capsys: Told) -> None:
    assert main(["mandate", "give", "cabinet", "--scope", "read", "--api", "http://s", "--lang", "en"]) == 0
    assert main(["mandate", "give", "cabinet", "--api", "http://s", "--lang", "en"]) == 0
    assert [body["scopes"] for _, _, body in service.asked] == [["read"], ["declare", "read"]]
    assert "since 2026-01-05T09:00: read, by nous" in capsys.readouterr().out


def test_a_mandate_taken_back_shows_until_when_it_held(service: Answering, capsys: Told) -> None:
    assert main(["mandate", "withdraw", "cabinet", "--api", "http://s", "--lang", "en"]) == 0
    assert service.asked == [("DELETE", "/mandates/cabinet", None)]
    assert "until 2026-02-01T09:00, withdrawn by nous" in capsys.readouterr().out


@pytest.mark.parametrize(("held", "path"), [([], "/mandates"), (["--held"], "/mandates/held")])
def test_mandates_are_listed_as_given_or_as_held(service: Answering, held: list[str], path: str, capsys: Told) -> None:
    assert main(["mandate", "list", *held, "--api", "http://s"]) == 0
    assert service.asked[0][1] == path
    assert "EXEMPLE SARL" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["give"], ["withdraw"], ["list", "cabinet"]])
def test_a_mandate_asked_wrongly_is_not_asked_of_the_service(service: Answering, arguments: list[str]) -> None:
    assert main(["mandate", *arguments, "--api", "http://s"]) == 2
    assert not service.asked


def test_a_withdrawal_says_so_and_saves_its_own_receipt(service: Answering, tmp_path: Path, capsys: Told) -> None:
    by = ["--certified-by", "NOMUN PRENOMUN", "--capacity", "gérant"]
    options = ["--reason", "Mauvaise année", "--receipt", str(tmp_path), "--api", "http://s", "--lang", "en"]
    assert main(["withdraw", UPLOAD, *by, *options]) == 0
    certified = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}
    asked = ("POST", f"/uploads/{UPLOAD}/withdraw", {"reason": "Mauvaise année", "certified": certified})
    assert service.asked[0] == asked
    assert {path.name for path in tmp_path.iterdir()} == {"TW-00000002-01.pdf", "TW-00000002-01.json", "keys.json"}
    assert [query["of"] for _, path, query in service.asked if path.endswith("/receipt")] == ["withdrawal"] * 2
    told = capsys.readouterr().out
    assert "Withdrawn by receipt TW-00000002-01. Reason: Mauvaise année" in told


def test_a_withdrawal_that_nobody_certifies_is_not_asked(service: Answering, capsys: Told) -> None:
    assert main(["withdraw", UPLOAD, "--reason", "Mauvaise année", "--api", "http://s"]) == 2
    assert not service.asked
    assert "--certified-by" in capsys.readouterr().err


def test_a_test_is_shown_as_one_with_its_dues_and_in_the_list(
    service: Answering, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    row = {"upload": UPLOAD, "opened_at": "2026", "employer": "1", "state": "tested", "purpose": "test", "names": []}
    dues = {"state": "computed", "total_centimes": 100, "lines": [], "held_because": []}
    tested = {**WITHDRAWN, "purpose": "test", "receipt": None, "withdrawal": None, "dues": dues, "meaning": "TEST: x"}
    monkeypatch.setattr("tasrih.cli.status.Service", lambda *_: service)
    monkeypatch.setattr(service, "get", lambda path, **_: {"uploads": [row]} if path == "/uploads" else tested)
    assert main(["status", "--api", "http://s", "--lang", "en"]) == 0
    assert "tested (test)" in capsys.readouterr().out
    assert main(["status", UPLOAD, "--api", "http://s", "--lang", "en"]) == 0
    told = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "TEST: Dues: 1,00 DA" in told
