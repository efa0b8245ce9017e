"""What both inboxes promise of files in pieces. Moto enforces no presigned address (the local cloud does), so its
conditions are read from the URL."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from tasrih.adapters.memory import MemoryClock, MemoryInbox, UploadRefused
from tasrih.adapters.s3 import S3Inbox
from tasrih.story.ports import Busy, Gone, Lost, Piece

from tests.adapters.samples import START
from tests.adapters.test_buckets import KEY, Sender, inbox, s3_client, stubbed

__all__ = ["inbox"]

MIB = 1024 * 1024
BODIES = (b"a" * (5 * MIB), b"b" * 1000)
PIECES = [
    Piece(1, 0, 5 * MIB, sha256(BODIES[0]).hexdigest()),
    Piece(2, 5 * MIB, 1000, sha256(BODIES[1]).hexdigest()),
]
Either = MemoryInbox | S3Inbox


def send(inbox: Either, session: str, number: int) -> None:
    """As the world outside does, whatever the inbox."""
    piece, body = PIECES[number - 1], BODIES[number - 1]
    if isinstance(inbox, MemoryInbox):
        inbox.send_piece(inbox.piece_form(KEY, session, piece, 600), body)
    else:
        inbox._client.upload_part(
            Bucket="inbox",
            Key=KEY,
            UploadId=session,
            PartNumber=number,
            Body=body,
            ChecksumSHA256=b64encode(bytes.fromhex(piece.sha256)).decode(),
        )


def tagged(inbox: Either, session: str, numbers: tuple[int, ...] = (1, 2)) -> list[tuple[Piece, str]]:
    heads = inbox.pieces(KEY, session)
    return [(PIECES[number - 1], heads[number].tag) for number in numbers]


def test_pieces_are_listed_and_nothing_arrives_before_they_are_joined(inbox: Either) -> None:
    session = inbox.begin(KEY)
    assert inbox.pieces(KEY, session) == {}
    send(inbox, session, 2)
    send(inbox, session, 1)
    send(inbox, session, 1)
    assert {number: head.size for number, head in inbox.pieces(KEY, session).items()} == {1: 5 * MIB, 2: 1000}
    assert inbox.arrivals(KEY) == {}
    inbox.join(KEY, session, tagged(inbox, session))
    head = inbox.arrivals(KEY)[KEY]
    assert head.size == 5 * MIB + 1000
    with inbox.open(KEY, head.version) as file:
        assert file.read() == b"".join(BODIES)


def test_a_session_that_is_over_is_gone_and_no_second_object_is_made(inbox: Either) -> None:
    session = inbox.begin(KEY)
    for number in (1, 2):
        send(inbox, session, number)
    all_of_it = tagged(inbox, session)
    inbox.join(KEY, session, all_of_it)
    first = inbox.arrivals(KEY)
    with pytest.raises(Gone):
        inbox.pieces(KEY, session)
    with suppress(Gone):  # S3 answers a repeated completion for a while as it did the first
        inbox.join(KEY, session, all_of_it)
    inbox.abandon(KEY, session)
    assert inbox.arrivals(KEY) == first


def test_pieces_given_up_are_gone_and_may_be_given_up_again(inbox: Either) -> None:
    session = inbox.begin(KEY)
    send(inbox, session, 1)
    for _ in range(2):
        inbox.abandon(KEY, session)
    with pytest.raises(Gone):
        inbox.pieces(KEY, session)
    assert inbox.arrivals(KEY) == {}


def test_each_session_gathers_its_own_pieces(inbox: Either) -> None:
    first, second = inbox.begin(KEY), inbox.begin(KEY)
    send(inbox, first, 2)
    assert inbox.pieces(KEY, second) == {}


def test_where_an_object_stands_no_other_is_made_of_pieces(inbox: Either) -> None:
    session = inbox.begin(KEY)
    for number in (1, 2):
        send(inbox, session, number)
    first = Sender(inbox).put(KEY, b"there before")
    with pytest.raises(Gone):
        inbox.join(KEY, session, tagged(inbox, session))
    assert inbox.arrivals(KEY)[KEY].version == first


def test_a_tag_that_is_no_longer_the_piece_s_is_a_reason_to_look_again(inbox: Either) -> None:
    session = inbox.begin(KEY)
    for number in (1, 2):
        send(inbox, session, number)
    (first, _), second = tagged(inbox, session)
    with pytest.raises(Busy):
        inbox.join(KEY, session, [(first, '"00000000000000000000000000000000"'), second])
    assert inbox.arrivals(KEY) == {}


def test_small_pieces_before_the_last_are_refused(inbox: Either) -> None:
    session = inbox.begin(KEY)
    for number in (1, 2):
        send(inbox, session, number)
    with pytest.raises((UploadRefused, ClientError), match=r"EntityTooSmall|InvalidPart"):
        inbox.join(KEY, session, tagged(inbox, session, (2, 1)))


def test_the_address_of_a_piece_is_for_exactly_its_bytes_at_its_place(aws: None) -> None:
    form: Any = S3Inbox("inbox", s3_client(), lambda moment: moment).piece_form(KEY, "session", PIECES[1], 3600)
    url = urlsplit(form["url"])
    asked = {name: value for name, (value,) in parse_qs(url.query).items()}
    assert url.path.endswith(KEY)
    assert (asked["uploadId"], asked["partNumber"], asked["X-Amz-Expires"]) == ("session", "2", "3600")
    assert asked["X-Amz-SignedHeaders"].split(";") == ["content-length", "host", "x-amz-checksum-sha256"]
    assert b64decode(form["headers"]["x-amz-checksum-sha256"]) == sha256(BODIES[1]).digest()


def test_the_object_in_memory_is_dated_from_the_beginning_of_its_session_as_in_s3() -> None:
    clock = MemoryClock(START)
    inbox = MemoryInbox(clock.now)
    session = inbox.begin(KEY)
    clock.advance(timedelta(hours=9))
    for number in (1, 2):
        send(inbox, session, number)
    inbox.join(KEY, session, tagged(inbox, session))
    assert inbox.arrivals(KEY)[KEY].at == START


@pytest.mark.parametrize(
    ("code", "status", "raised"),
    [
        ("NoSuchUpload", 404, Gone),
        ("PreconditionFailed", 412, Gone),
        ("ConditionalRequestConflict", 409, Busy),
        ("InvalidPart", 400, Busy),
        ("SlowDown", 503, Busy),
        ("InternalError", 500, Busy),
        ("EntityTooSmall", 400, ClientError),
        ("AccessDenied", 403, ClientError),
    ],
)
def test_troubles_of_joining_are_told_apart(code: str, status: int, raised: type[Exception]) -> None:
    inbox = S3Inbox("inbox", stubbed(code, "complete_multipart_upload", status), lambda moment: moment)
    with pytest.raises(raised) as caught:
        inbox.join(KEY, "session", [(PIECES[0], '"tag"')])
    assert not isinstance(caught.value, Lost)


def test_a_completion_says_each_checksum_and_that_nothing_may_stand_there() -> None:
    """Else S3 makes a second version, or one of pieces that it never checked."""
    sent: dict[str, Any] = {}

    class Client:
        def complete_multipart_upload(self, **asked: Any) -> None:
            sent.update(asked)

    S3Inbox("inbox", Client(), lambda moment: moment).join(KEY, "session", [(PIECES[1], '"tag"')])
    assert sent["IfNoneMatch"] == "*"
    (part,) = sent["MultipartUpload"]["Parts"]
    assert (part["PartNumber"], part["ETag"]) == (2, '"tag"')
    assert b64decode(part["ChecksumSHA256"]) == sha256(BODIES[1]).digest()
