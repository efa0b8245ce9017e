"""Is a presigned address good for one thing, for its time? Judged from documentation; not tried on real S3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from tasrih.adapters.s3 import S3Inbox, S3Receipts
from tasrih.story.ports import Piece

from tests.adapters.signed_by_us import Refused, judge_address, offline_s3

PAPER = "receipts/TR-00001234-25.pdf"


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> str:
    return S3Receipts("receipts", offline_s3(monkeypatch)).link(PAPER, "récépissé.pdf", 300)


def judged(method: str, url: str, after: int = 0, **headers: str) -> None:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    judge_address(method, url, datetime.now(UTC) + timedelta(seconds=after), given)


def test_a_link_as_it_was_made_leads_to_the_paper_for_five_minutes(link: str) -> None:
    assert urlsplit(link).netloc == "receipts.s3.eu-south-1.amazonaws.com"
    judged("GET", link)
    judged("GET", link, after=295)


LINKS: dict[str, Callable[[str], str]] = {
    "another paper": lambda link: link.replace("1234-25", "1235-22"),
    "another bucket": lambda link: link.replace("//receipts.", "//inbox."),
    "another region": lambda link: link.replace("s3.eu-south-1", "s3.eu-west-1"),
    "a longer time": lambda link: link.replace("Expires=300", "Expires=604800"),
    "no end": lambda link: link.replace("X-Amz-Expires=300&", ""),
    "another date": lambda link: link.replace("X-Amz-Date=2", "X-Amz-Date=3"),
    "shown instead of saved": lambda link: link.replace("attachment", "inline"),
    "another type told": lambda link: link + "&response-content-type=text%2Fhtml",
    "an older version": lambda link: link + "&versionId=1",
    "another thing asked": lambda link: link.replace("?", "?acl&", 1),
    "a parameter twice": lambda link: link + "&X-Amz-Expires=604800",
    "another signature": lambda link: link[:-1] + ("0" if link[-1] != "0" else "1"),
    "another's name as signer": lambda link: link.replace("=SIGNER", "=OTHER"),
    "no headers signed": lambda link: link.replace("SignedHeaders=host", "SignedHeaders="),
    "another algorithm": lambda link: link.replace("HMAC-SHA256", "HMAC-SHA1"),
}


@pytest.mark.parametrize("forge", LINKS.values(), ids=LINKS)
def test_a_forged_link_is_refused(link: str, forge: Callable[[str], str]) -> None:
    assert forge(link) != link
    with pytest.raises(Refused):
        judged("GET", forge(link))


def test_a_link_reads_once_it_is_young_and_does_nothing_else(link: str) -> None:
    for method in ("PUT", "DELETE", "HEAD", "POST"):
        with pytest.raises(Refused, match="signature"):
            judged(method, link)
    with pytest.raises(Refused, match="expired"):
        judged("GET", link, after=301)
    with pytest.raises(Refused, match="headers"):
        judged("GET", link, x_amz_request_payer="requester")


KEY, BODY = f"uploads/{'a' * 32}/0", b"the second piece of a large file"
PIECE = Piece(2, 8_388_608, len(BODY), sha256(BODY).hexdigest())


class Sent:
    """A piece as we sign it, and as it may be sent otherwise."""

    def __init__(self, patch: pytest.MonkeyPatch, piece: Piece = PIECE) -> None:
        inbox = S3Inbox("inbox", offline_s3(patch), lambda moment: moment)
        form: Any = inbox.piece_form(KEY, "session-1", piece, 3600)
        self.url: str = form["url"]
        self.headers: dict[str, str] = form["headers"]

    def judge(
        self,
        url: str = "",
        *,
        body: bytes = BODY,
        method: str = "PUT",
        after: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        moment = datetime.now(UTC) + timedelta(seconds=after)
        judge_address(method, url or self.url, moment, self.headers if headers is None else headers, body)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    return Sent(monkeypatch)


def test_a_piece_as_it_was_signed_is_taken_for_an_hour(sent: Sent) -> None:
    assert urlsplit(sent.url).netloc == "inbox.s3.eu-south-1.amazonaws.com"
    sent.judge()
    sent.judge(after=3590)


PIECES: dict[str, Callable[[str], str]] = {
    "another's place": lambda url: url.replace("a" * 32, "b" * 32),
    "another file of the upload": lambda url: url.replace("/0?", "/1?"),
    "another number": lambda url: url.replace("partNumber=2", "partNumber=1"),
    "no number": lambda url: url.replace("partNumber=2&", ""),
    "another session": lambda url: url.replace("session-1", "session-2"),
    "no session": lambda url: url.replace("uploadId=session-1&", ""),
    "a whole object in its place": lambda url: url.replace("partNumber=2&", "").replace("uploadId=session-1&", ""),
    "another bucket": lambda url: url.replace("//inbox.", "//receipts."),
    "a longer time": lambda url: url.replace("Expires=3600", "Expires=604800"),
    "its length left out": lambda url: url.replace("content-length%3B", ""),
    "its checksum left out": lambda url: url.replace("%3Bx-amz-checksum-sha256", ""),
    "an access list besides": lambda url: url.replace("?", "?acl&", 1),
}


@pytest.mark.parametrize("forge", PIECES.values(), ids=PIECES)
def test_a_forged_address_of_a_piece_is_refused(sent: Sent, forge: Callable[[str], str]) -> None:
    assert forge(sent.url) != sent.url
    with pytest.raises(Refused):
        sent.judge(forge(sent.url))


def test_a_piece_brings_the_bytes_that_were_told_and_nothing_besides(sent: Sent) -> None:
    for body in (b"", BODY[:-1], BODY + b"x", b"x" * 10_000_000):
        with pytest.raises(Refused, match="signature"):
            sent.judge(body=body)
    with pytest.raises(Refused, match="checksum"):
        sent.judge(body=BODY[::-1])
    for headers in ({}, {**sent.headers, "x-amz-acl": "public-read"}, {**sent.headers, "x-amz-tagging": "a=b"}):
        with pytest.raises(Refused, match="headers"):
            sent.judge(headers=headers)
    with pytest.raises(Refused, match="signature"):
        sent.judge(headers={"x-amz-checksum-sha256": "A" * 43 + "="})
    for method in ("GET", "POST", "DELETE"):
        with pytest.raises(Refused, match="signature"):
            sent.judge(method=method)
    with pytest.raises(Refused, match="expired"):
        sent.judge(after=3601)


def test_parts_of_two_addresses_make_no_third(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Sent(monkeypatch, PIECE._replace(number=3, sha256=sha256(b"other").hexdigest()))
    end = sent.url.rpartition("=")[2]
    with pytest.raises(Refused, match="signature"):
        sent.judge(other.url.rpartition("=")[0] + "=" + end)
    with pytest.raises(Refused, match="signature"):
        sent.judge(headers=other.headers)
