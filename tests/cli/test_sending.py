"""A large file on a line that breaks, and a program that dies: what is there is not sent again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tasrih.cli import sending
from tasrih.cli.sending import PAUSES_SECONDS, send
from tasrih.cli.service import FormRefused, Refusal
from tasrih.cli.submit import announcement
from tasrih.cli.unfinished import Unfinished, cache_folder

SIZE = 10
"""Bytes of a piece here."""
BODY = b"".join(bytes([65 + number]) * SIZE for number in range(4)) + b"end"


class Store:
    """The service and its store, as far as sending needs them. `breaks`: how many of the next pieces get lost."""

    url = "http://s"

    def __init__(self) -> None:
        self.held: dict[int, bytes] = {}
        self.sent: list[int] = []
        self.breaks = 0
        self.completed = 0
        self.requests: list[str] = []
        self.refused = ""
        self.views: dict[str, dict[str, Any]] = {}

    def send_piece(self, piece: dict[str, Any], body: bytes, _: str, sent: Any) -> None:
        self.sent.append(piece["number"])
        if self.breaks:
            self.breaks -= 1
            sent(len(body) // 2)
            raise OSError("the line broke")
        sent(len(body))
        self.held[piece["number"]] = body

    def get(self, path: str) -> dict[str, Any]:
        if path.endswith("/pieces"):
            return self.opened()
        upload = path.rpartition("/")[2]
        if upload not in self.views:
            raise Refusal("not there", "not_found")
        return self.views[upload]

    def post(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("/complete"):
            self.completed += 1
            return {}
        self.requests.append(asked["request"])
        if self.refused == asked["request"]:
            raise Refusal("over", "request_over")
        return self.opened(f"upload-of-{asked['request']}")

    def opened(self, upload: str = "u") -> dict[str, Any]:
        firsts = range(0, len(BODY), SIZE)
        pieces = [
            {"number": number, "first_byte": first, "size": len(BODY[first : first + SIZE])}
            for number, first in enumerate(firsts, start=1)
        ]
        missing = [piece for piece in pieces if piece["number"] not in self.held]
        file = {"name": "f.csv", "arrived": sorted(self.held), "missing": missing}
        return {"upload": upload, "forms": [], "in_pieces": [file]}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setattr(sending.time, "sleep", lambda _: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "f.csv").write_bytes(BODY)
    return Store()


def sent_all(store: Store, folder: Path) -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=100)
    send([folder / "f.csv"], store.opened(), store, "en", console)  # type: ignore[arg-type]  # stands in for it
    return screen.getvalue()


def test_every_piece_is_sent_once_and_then_the_upload_is_completed(store: Store, tmp_path: Path) -> None:
    told = sent_all(store, tmp_path)
    assert store.sent == [1, 2, 3, 4, 5]
    assert b"".join(store.held[number] for number in range(1, 6)) == BODY
    assert store.completed == 1
    assert "already there" not in told
    assert f"{len(BODY)}/{len(BODY)} bytes" in told


def test_what_is_there_is_skipped_and_said(store: Store, tmp_path: Path) -> None:
    store.held = {1: BODY[:SIZE], 3: BODY[2 * SIZE : 3 * SIZE]}
    told = sent_all(store, tmp_path)
    assert store.sent == [2, 4, 5]
    assert "pieces already there, not sent again: 2 of 5" in told


def test_a_piece_at_which_the_line_breaks_is_sent_again_and_no_other(store: Store, tmp_path: Path) -> None:
    store.held = {1: BODY[:SIZE]}
    store.breaks = 3
    sent_all(store, tmp_path)
    assert store.sent == [2, 2, 2, 2, 3, 4, 5]
    assert store.completed == 1


def test_a_line_that_stays_broken_ends_in_an_error_and_nothing_is_completed(store: Store, tmp_path: Path) -> None:
    store.breaks = 100
    with pytest.raises(OSError, match="the line broke"):
        sent_all(store, tmp_path)
    assert (len(store.sent), store.completed) == (len(PAUSES_SECONDS) + 1, 0)


def test_bytes_that_are_not_those_announced_are_not_sent_again_and_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise FormRefused("f.csv")

    monkeypatch.setattr(store, "send_piece", refuse)
    with pytest.raises(FormRefused):
        sent_all(store, tmp_path)
    assert store.completed == 0


def asked(**changed: Any) -> dict[str, Any]:
    file = {"name": "f.csv", "size": 43, "sha256": "0" * 64, "lines": 1, "pieces": ["0" * 64]}
    return {"employer": "1699999901", "files": [file], "purpose": "real", "request": "random", **changed}


def begun(store: Store, user: str = "nous", **changed: Any) -> Unfinished:
    return Unfinished(store, user, asked(**changed))  # type: ignore[arg-type]  # stands in for the service


def test_the_same_command_goes_on_with_the_same_request(store: Store) -> None:
    first = begun(store).open()
    assert begun(store, request="other", language="ar").open() == first
    assert len(set(store.requests)) == 1


def test_another_content_employer_purpose_account_or_service_is_another_upload(store: Store) -> None:
    begun(store).open()
    other = Store()
    other.url = "http://t"
    for each in (
        begun(store, employer="1699999902"),
        begun(store, purpose="test"),
        begun(store, user="eux"),
        begun(store, files=[{**asked()["files"][0], "sha256": "1" * 64}]),
        begun(other),
    ):
        each.open()
    assert len({*store.requests, *other.requests}) == 6


def test_nothing_of_the_declaration_is_kept(store: Store) -> None:
    begun(store).open()
    (file,) = cache_folder().iterdir()
    assert "1699999901" not in file.name + file.read_text()
    assert "f.csv" not in file.read_text()


def test_a_verdict_given_meanwhile_is_shown_and_then_forgotten(store: Store) -> None:
    upload = begun(store).open()["upload"]
    store.views[upload] = {"upload": upload, "state": "received", "counts": []}
    assert begun(store).verdict() is None
    store.views[upload] = {"upload": upload, "state": "in_force", "counts": []}
    assert begun(store).verdict() == store.views[upload]
    assert begun(store).verdict() is None
    begun(store).open()
    assert len(set(store.requests)) == 2


def test_what_never_came_whole_is_begun_anew(store: Store) -> None:
    upload = begun(store).open()["upload"]
    store.views[upload] = {"upload": upload, "state": "refused", "counts": [{"code": "E490"}]}
    again = begun(store)
    assert again.verdict() is None
    assert again.open()["upload"] != upload


def test_a_request_whose_time_is_over_is_begun_anew(store: Store) -> None:
    begun(store).open()
    store.refused = store.requests[0]
    assert begun(store).open()["upload"] == f"upload-of-{store.requests[-1]}"
    assert len(set(store.requests)) == 2


def test_an_upload_that_the_service_does_not_know_is_forgotten(store: Store) -> None:
    upload = begun(store).open()["upload"]
    again = begun(store)
    assert again.verdict() is None
    assert again.open()["upload"] != upload


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", "\x00"])
def test_a_damaged_memory_is_none(store: Store, kept: str) -> None:
    first = begun(store).open()
    (file,) = cache_folder().iterdir()
    file.write_text(kept)
    assert begun(store).open() != first


def test_where_nothing_can_be_kept_sending_goes_on(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "f.csv"))
    assert begun(store).open()["upload"]


def test_a_small_upload_is_not_remembered(store: Store) -> None:
    small = [{**asked()["files"][0], "pieces": []}]
    begun(store, files=small).open()
    begun(store, files=small).open()
    assert len(set(store.requests)) == 2
    assert not cache_folder().exists()


def test_an_announcement_holds_the_hash_of_each_piece_of_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hashlib import sha256

    monkeypatch.setattr("tasrih.story.pieces.PIECE_BYTES", SIZE)
    (tmp_path / "f.csv").write_bytes(BODY)
    (file,) = announcement([tmp_path / "f.csv"], "1699999901", "", None)["files"]
    assert file["sha256"] == sha256(BODY).hexdigest()
    assert file["pieces"] == [sha256(BODY[at * SIZE : (at + 1) * SIZE]).hexdigest() for at in range(5)]
