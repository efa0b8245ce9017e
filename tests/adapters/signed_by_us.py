"""Judges a posted form and a presigned address as S3's documentation says that S3 does. Not tried on real S3.

Read: "POST Policy", "POST Object" and "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" of
the S3 API reference. Where these leave a choice the judge takes the laxer one, so that what it refuses is refused for a
reason that is written: names of fields in any case, and `${filename}` replaced before the conditions are looked at.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from tasrih.adapters.clients import client

ALGORITHM = "AWS4-HMAC-SHA256"
WITHOUT_CONDITION = {"x-amz-signature", "file", "policy"}
LONGEST = timedelta(days=7)
SECRETS = {"SIGNER": "a secret of these tests", "OTHER": "a secret of another account"}


def offline_s3(patch: pytest.MonkeyPatch) -> Any:
    """As the functions make it, with credentials that AWS does not know: signing needs no network."""
    patch.setenv("AWS_ACCESS_KEY_ID", "SIGNER")
    patch.setenv("AWS_SECRET_ACCESS_KEY", SECRETS["SIGNER"])
    patch.setenv("AWS_DEFAULT_REGION", "eu-south-1")
    for name in ("AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        patch.delenv(name, raising=False)
    return client.__wrapped__("s3")


class Refused(Exception):
    """The reason is its only argument."""


@dataclass(frozen=True)
class Posted:
    """A form as it comes: where to, when, its fields in order; the file stands among them under "file"."""

    bucket: str
    at: datetime
    fields: tuple[tuple[str, str | bytes], ...]
    file_name: str = "declaration.csv"


def _demand(held: bool, reason: str) -> None:
    if not held:
        raise Refused(reason)


def signature_of(secret: str, credential: str, text: str) -> str:
    """SigV4: a key for this day, region and service, and what it makes of the text."""
    key = b"AWS4" + secret.encode()
    for part in credential.split("/")[1:]:
        key = digest(key, part.encode(), "sha256")
    return digest(key, text.encode(), "sha256").hex()


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _fields(posted: Posted) -> tuple[dict[str, str], bytes]:
    """Names in small letters -> values, and the file. What stands behind the file is not read."""
    found: dict[str, str] = {}
    for name, value in posted.fields:
        if name == "file":
            _demand(isinstance(value, bytes), "no file")
            return {each: text.replace("${filename}", posted.file_name) for each, text in found.items()}, bytes(value)  # type: ignore[arg-type]
        _demand(name.lower() not in found, "a field twice")
        found[name.lower()] = str(value)
    raise Refused("no file")


def judge_form(posted: Posted) -> str:
    """The key under which the file is kept. Raises Refused."""
    fields, body = _fields(posted)
    _demand({"policy", "x-amz-signature", "x-amz-credential", "x-amz-date", "key"} <= set(fields), "a field is missing")
    credential = fields["x-amz-credential"]
    _demand(credential.split("/")[0] in SECRETS, "an unknown signer")
    expected = signature_of(SECRETS[credential.split("/")[0]], credential, fields["policy"])
    _demand(compare_digest(expected.encode(), fields["x-amz-signature"].encode()), "the signature")
    policy = json.loads(b64decode(fields["policy"]))
    _demand(posted.at < datetime.fromisoformat(policy["expiration"]), "expired")
    told = {**fields, "bucket": posted.bucket}
    conditioned = {_condition(each, told, len(body)) for each in policy["conditions"]}
    extra = {name for name in fields if not name.startswith("x-ignore-")} - WITHOUT_CONDITION - conditioned
    _demand(not extra, f"fields without a condition: {sorted(extra)}")
    _demand(_checksum_is_of(body, fields), "the checksum")
    return fields["key"]


def _condition(condition: Any, told: dict[str, str], size: int) -> str:
    """The field that the condition is about. Raises Refused when it does not hold."""
    if isinstance(condition, dict):
        ((name, wanted),) = condition.items()
        kind, name = "eq", name.lower()
    else:
        kind, name, wanted = condition[0].lower(), str(condition[1]).removeprefix("$").lower(), condition[2]
    if kind == "content-length-range":
        _demand(int(condition[1]) <= size <= int(condition[2]), "the size")
        return kind
    holds: dict[str, Callable[[str, str], bool]] = {"eq": str.__eq__, "starts-with": str.startswith}
    _demand(name in told and holds[kind](told[name], wanted), f"the condition on {name}")
    return name


def _checksum_is_of(body: bytes, fields: dict[str, str]) -> bool:
    wanted = fields.get("x-amz-checksum-sha256")
    return wanted is None or wanted == b64encode(sha256(body).digest()).decode()


def judge_address(
    method: str, url: str, at: datetime, headers: dict[str, str] | None = None, body: bytes | None = None
) -> None:
    """A presigned address as it is called. `headers`: what the caller sends besides Host and, with a body, its length.
    Raises Refused."""
    place = urlsplit(url)
    query = parse_qsl(place.query, keep_blank_values=True)
    asked = dict(query)
    _demand(len(asked) == len(query), "a parameter twice")
    needed = [f"X-Amz-{name}" for name in ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")]
    _demand(set(needed) <= set(asked), "a parameter is missing")
    _demand(asked["X-Amz-Algorithm"] == ALGORITHM, "the algorithm")
    length = {} if body is None else {"content-length": str(len(body))}
    given = {"host": place.netloc, **length, **{name.lower(): value for name, value in (headers or {}).items()}}
    signed = asked["X-Amz-SignedHeaders"].split(";")
    amazon = {name for name in given if name.startswith("x-amz-")}
    _demand("host" in signed and amazon <= set(signed) <= set(given), "the signed headers")
    lasts = timedelta(seconds=int(asked["X-Amz-Expires"]))
    _demand(timedelta() < lasts <= LONGEST and at < _moment(asked["X-Amz-Date"]) + lasts, "expired")
    parts = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
    canonical_query = "&".join(f"{name}={value}" for name, value in parts if name != "X-Amz-Signature")
    lines = [f"{name}:{given[name].strip()}" for name in signed]
    canonical = [method, place.path, canonical_query, *lines, "", asked["X-Amz-SignedHeaders"], "UNSIGNED-PAYLOAD"]
    credential = asked["X-Amz-Credential"]
    scope = credential.partition("/")[2]
    text = [ALGORITHM, asked["X-Amz-Date"], scope, sha256("\n".join(canonical).encode()).hexdigest()]
    signer = credential.split("/")[0]
    _demand(signer in SECRETS, "an unknown signer")
    _demand(signature_of(SECRETS[signer], credential, "\n".join(text)) == asked["X-Amz-Signature"], "the signature")
    _demand(_checksum_is_of(body or b"", given), "the checksum")
