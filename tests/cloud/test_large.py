"""Does a file above 8 MiB come in pieces, go on after a broken line, and arrive once?"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tasrih.cli import main
from tasrih.cli.service import Service
from tasrih.local.waiting import wait_for

from tests.cloud.filings import Filing, in_pieces, large
from tests.cloud.fund import Employer, Fund
from tests.cloud.test_commands import BY, as_, written
from tests.cloud.web import post_form, put_piece

pytestmark = pytest.mark.cloud


def remaining(employer: Employer, upload: str) -> dict[str, Any]:
    opened: dict[str, Any] = employer.web.must("GET", f"/uploads/{upload}/pieces")
    return opened


def put(opened: dict[str, Any], filing: Filing, *numbers: int) -> None:
    """The missing pieces of the only file, or those of these numbers."""
    (file,) = opened["in_pieces"]
    for piece in file["missing"]:
        if not numbers or piece["number"] in numbers:
            first, size = piece["first_byte"], piece["size"]
            assert put_piece(piece, filing.files[0][1][first : first + size]).status == 200


def versions(fund: Fund, upload: str) -> int:
    bucket = fund.stack.outputs["InboxBucket"]
    found = fund.stack.client("s3").list_object_versions(Bucket=bucket, Prefix=f"uploads/{upload}/")
    return len(found.get("Versions", ()))


def test_a_large_file_is_sent_piece_by_piece_resumed_and_completed_once(guarded: Fund) -> None:
    employer = guarded.employer()
    filing = large(employer.number)
    opened = employer.open(filing, request=f"large-{employer.number}")
    assert opened["forms"] == []
    put(opened, filing, 2)
    upload, path = opened["upload"], f"/uploads/{opened['upload']}/complete"
    early = employer.web.call("POST", path, {}, lang="en")
    assert (early.status, early.body["problem"], early.body["field"]) == (422, "pieces_missing", "files[0].pieces[1]")
    again = employer.open(filing, request=f"large-{employer.number}")
    (file,) = again["in_pieces"]
    assert (again["upload"], file["arrived"], [piece["number"] for piece in file["missing"]]) == (upload, [2], [1])
    put(again, filing)
    assert employer.view(upload)["state"] == "awaiting_upload"
    for _ in range(2):
        employer.web.must("POST", path, {})
    view = guarded.verdict(employer, upload)
    assert (view["state"], view["lines"], view["files"][0]["size"]) == ("in_force", 2, len(filing.files[0][1]))
    assert employer.web.must("POST", path, {})["state"] == "in_force"
    assert remaining(employer, upload)["in_pieces"][0]["missing"] == []
    assert versions(guarded, upload) == 1
    assert datetime.fromisoformat(view["arrived_at"]) > datetime.fromisoformat(view["opened_at"])


@pytest.mark.parametrize("forged", ["place", "bytes", "longer", "unsigned", "checksum", "later"])
def test_the_address_of_a_piece_takes_its_own_bytes_at_its_own_place_alone(guarded: Fund, forged: str) -> None:
    employer, victim = guarded.employer(), guarded.employer()
    filing = large(employer.number)
    (piece, other) = employer.open(filing)["in_pieces"][0]["missing"]
    (theirs, _) = victim.open(large(victim.number))["in_pieces"][0]["missing"]
    body = in_pieces(filing.files[0][1])[1]
    another = base64.b64encode(hashlib.sha256(body[::-1]).digest()).decode()
    sent: tuple[bytes, dict[str, Any]] = {
        "place": (body, {"url": other["url"].replace(_key(other), _key(theirs))}),
        "bytes": (body[::-1], {}),
        "longer": (body + b"x", {}),
        "unsigned": (body, {"headers": {}}),
        "checksum": (body[::-1], {"headers": {"x-amz-checksum-sha256": another}}),
        "later": (body, {"url": other["url"].replace("X-Amz-Expires=3600", "X-Amz-Expires=36000")}),
    }[forged]
    assert put_piece(other, sent[0], **sent[1]).status in (400, 403)
    assert put_piece(other, body).status == 200, "as it was issued it is good"
    assert piece["number"] == 1


def _key(piece: dict[str, Any]) -> str:
    return "/".join(piece["url"].partition("?")[0].split("/")[-3:])


def test_whoever_dies_after_the_last_piece_loses_nothing(guarded: Fund) -> None:
    employer = guarded.employer()
    filing = large(employer.number)
    opened = employer.open(filing)
    put(opened, filing)
    with guarded.later("sweep", minutes=6):
        guarded.stack.tick("sweep")
    assert guarded.verdict(employer, opened["upload"])["state"] == "in_force"


def test_pieces_that_do_not_come_in_a_day_are_given_up(fund: Fund) -> None:
    employer = fund.employer()
    filing = large(employer.number)
    opened = employer.open(filing)
    put(opened, filing, 1)
    with fund.later("sweep", "receive_declaration", hours=25, minutes=1):
        fund.stack.tick("sweep")
        view = fund.verdict(employer, opened["upload"])
    assert (view["state"], [each["code"] for each in view["counts"]]) == ("refused", ["E490"])
    (late, _) = opened["in_pieces"][0]["missing"]
    assert put_piece(late, in_pieces(filing.files[0][1])[0]).status == 404
    for method, what in (("GET", "pieces"), ("POST", "complete")):
        answer = employer.web.call(method, f"/uploads/{opened['upload']}/{what}")
        assert (answer.status, answer.body["problem"]) == (422, "upload_over")


def test_a_large_archive_of_many_employers_is_taken_apart(fund: Fund) -> None:
    employer, another = fund.employer(), fund.employer()
    filing = large(employer.number, employer.number, another.number)
    opened = employer.open(filing)
    put(opened, filing)
    employer.web.must("POST", f"/uploads/{opened['upload']}/complete")
    view = fund.verdict(employer, opened["upload"])
    assert view["state"] == "split"

    def decided() -> list[str] | None:
        states = sorted(part["state"] for part in employer.view(opened["upload"])["parts"])
        return None if "received" in states else states

    assert wait_for(decided, "the parts are decided", 180, hint=fund.logs) == ["in_force", "refused"]


class Killed(BaseException):
    """As by kill -9: nothing is cleaned up."""


def test_submit_goes_on_where_it_was_killed(
    fund: Fund, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    employer = fund.employer()
    command = ["submit", *written(large(employer.number), tmp_path), *BY, *as_(employer, fund)]
    command += ["--employer", employer.number]
    monkeypatch.setenv("TASRIH_PASSWORD", employer.password)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    really = Service.send_piece

    def die(service: Service, piece: dict[str, Any], *rest: Any) -> None:
        if piece["number"] == 2:
            raise Killed
        really(service, piece, *rest)

    with monkeypatch.context() as dying:
        dying.setattr(Service, "send_piece", die)
        with pytest.raises(Killed):
            main(command)
    capsys.readouterr()
    assert main(command) == 0
    told = capsys.readouterr()
    assert "pieces already there, not sent again: 1 of 2" in told.err
    assert "Accepted and in force." in told.out
    assert len(employer.web.must("GET", "/uploads")["uploads"]) == 1
    assert list((tmp_path / "cache" / "tasrih" / "uploads").iterdir()) == []


def test_a_small_file_still_goes_by_form_and_is_not_completed_by_hand(fund: Fund) -> None:
    from tests.cloud.filings import das

    employer = fund.employer()
    filing = das(employer.number)
    opened = employer.open(filing)
    assert opened["in_pieces"] == []
    assert post_form(opened["forms"][0], filing.files[0][1]).status < 300
    assert [form["name"] for form in remaining(employer, opened["upload"])["forms"]] == [filing.files[1][0]]
    until = datetime.fromisoformat(opened["form_expires_at"]) - datetime.fromisoformat(opened["verdict_by"])
    assert until == timedelta(minutes=-50)
