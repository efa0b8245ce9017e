"""Buckets: the inbox (versioned; the originals are evidence) and the receipts (Object Lock)."""

from __future__ import annotations

import gzip
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from botocore.exceptions import ClientError

from tasrih.adapters.trouble import busy_when_down, code_of
from tasrih.story.ports import Busy, Gone, ObjectHead, Piece, PieceHead

CONTENT_TYPE = "application/octet-stream"
"""The one type a form carries: whatever the file is, it is bytes to us."""
IN_MEMORY_BYTES = 8 * 1024 * 1024
"""Larger objects are spooled to the function's own disk."""
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed", "405"})


def checksum_text(sha256: str) -> str:
    """As S3 wants it, from hexadecimal."""
    return b64encode(bytes.fromhex(sha256)).decode("ascii")


@contextmanager
def _gone_when_over() -> Iterator[None]:
    """A session ends by completion or abort, and a completion does nothing where an object stands."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in ("NoSuchUpload", "404", "PreconditionFailed", "412"):
            raise Gone from None
        if code_of(error) in ("InvalidPart", "ConditionalRequestConflict", "409"):
            raise Busy("a piece, or the object, changed meanwhile") from None
        raise


class S3Inbox:
    """Fits `story.ports.Inbox`. `shifted` turns S3's times into ours (`clock.SystemClock.shifted`)."""

    def __init__(self, bucket: str, client: Any, shifted: Callable[[datetime], datetime]) -> None:
        self._bucket = bucket
        self._client = client
        self._shifted = shifted

    def form(self, key: str, sha256: str, max_bytes: int, expires_seconds: int) -> dict[str, object]:
        fields = {
            "Content-Type": CONTENT_TYPE,
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": checksum_text(sha256),
        }
        conditions: list[object] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, max_bytes])
        form: dict[str, object] = self._client.generate_presigned_post(
            self._bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=expires_seconds
        )
        return form

    def begin(self, key: str) -> str:
        with busy_when_down():
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=CONTENT_TYPE, ChecksumAlgorithm="SHA256"
            )
        return str(begun["UploadId"])

    def piece_form(self, key: str, session: str, piece: Piece, expires_seconds: int) -> dict[str, object]:
        """Length and checksum are signed headers: a PUT has no other bound on what it brings."""
        headers = {"x-amz-checksum-sha256": checksum_text(piece.sha256)}
        asked = {**self._session(key, session), "PartNumber": piece.number, "ContentLength": piece.size}
        asked["ChecksumSHA256"] = headers["x-amz-checksum-sha256"]
        url = self._client.generate_presigned_url("upload_part", Params=asked, ExpiresIn=expires_seconds)
        return {"url": str(url), "headers": headers}

    def pieces(self, key: str, session: str) -> dict[int, PieceHead]:
        pages = self._client.get_paginator("list_parts").paginate(**self._session(key, session))
        with busy_when_down(), _gone_when_over():
            return {
                part["PartNumber"]: PieceHead(part["Size"], part["ETag"])
                for page in pages
                for part in page.get("Parts", ())
            }

    def join(self, key: str, session: str, pieces: Sequence[tuple[Piece, str]]) -> None:
        parts = [
            {"PartNumber": piece.number, "ETag": tag, "ChecksumSHA256": checksum_text(piece.sha256)}
            for piece, tag in pieces
        ]
        with busy_when_down(), _gone_when_over():
            self._client.complete_multipart_upload(
                **self._session(key, session), MultipartUpload={"Parts": parts}, IfNoneMatch="*"
            )

    def abandon(self, key: str, session: str) -> None:
        with suppress(Gone), busy_when_down(), _gone_when_over():
            self._client.abort_multipart_upload(**self._session(key, session))

    def _session(self, key: str, session: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": key, "UploadId": session}

    def arrivals(self, prefix: str) -> dict[str, ObjectHead]:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        found: dict[str, ObjectHead] = {}
        with busy_when_down():
            for page in pages:
                # newest first within a key: the last one seen is the first that came
                for version in page.get("Versions", ()):
                    at = self._shifted(version["LastModified"])
                    found[version["Key"]] = ObjectHead(version["VersionId"], version["Size"], at)
        return found

    def open(self, key: str, version: str) -> BinaryIO:
        with busy_when_down():
            body = self._get(key, VersionId=version)
            spooled = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  the caller reads and closes it
            shutil.copyfileobj(body, spooled, 1024 * 1024)
        spooled.seek(0)
        return cast(BinaryIO, spooled)

    def put_part(self, key: str, body: BinaryIO) -> None:
        with busy_when_down():
            self._client.upload_fileobj(body, self._bucket, key)

    def put_report(self, key: str, body: bytes) -> None:
        with busy_when_down():
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=gzip.compress(body, mtime=0),
                ContentType="application/json",
                ContentEncoding="gzip",
            )

    def get_report(self, key: str) -> bytes:
        with busy_when_down():
            return gzip.decompress(self._get(key).read())

    def erase(self, prefix: str) -> int:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        with busy_when_down():
            # listed to the end first: no page may begin at a version that is gone
            held = [
                each for page in list(pages) for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            ]
            for each in held:
                # one by one: of a batch the local cloud asks for a right that no version needs
                self._client.delete_object(Bucket=self._bucket, Key=each["Key"], VersionId=each["VersionId"])
        return len(held)

    def _get(self, key: str, **which: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key, **which)["Body"]
        except ClientError as error:
            if code_of(error) in _ABSENT:
                raise Gone from None
            raise


class S3Receipts:
    """Fits `story.ports.Receipts`."""

    def __init__(self, bucket: str, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def keep(self, key: str, body: bytes, content_type: str) -> None:
        try:
            with busy_when_down():
                self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, IfNoneMatch="*"
                )
        except ClientError as error:
            if code_of(error) in ("ConditionalRequestConflict", "409"):
                raise Busy("another writes the same key") from None
            if code_of(error) not in ("PreconditionFailed", "412"):
                raise

    def read(self, key: str) -> bytes | None:
        try:
            with busy_when_down():
                return bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise

    def link(self, key: str, file_name: str, expires_seconds: int) -> str:
        plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in file_name)
        shown = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
        asked = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": shown}
        return str(self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=expires_seconds))
