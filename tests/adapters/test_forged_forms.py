"""Is a form good for one file in one place and nothing else? Judged from documentation; not tried on real S3."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from tasrih.adapters.s3 import S3Inbox

from tests.adapters.signed_by_us import SECRETS, Posted, Refused, judge_form, offline_s3, signature_of

KEY, OTHER_KEY = (f"uploads/{letter * 32}/0" for letter in "ab")
BODY = b"194 characters and an end\r\n"
MOST, SECONDS = 100, 600


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Any:
    return offline_s3(monkeypatch)


def form_for(s3: Any, key: str, body: bytes) -> dict[str, str]:
    made: Any = S3Inbox("inbox", s3, lambda moment: moment).form(key, sha256(body).hexdigest(), MOST, SECONDS)
    assert made["url"] == "https://inbox.s3.eu-south-1.amazonaws.com/", (
        "of the region itself: no redirect loses the file"
    )
    return dict(made["fields"])


def posted(fields: dict[str, str], body: bytes = BODY) -> Posted:
    return Posted("inbox", datetime.now(UTC), (*fields.items(), ("file", body)))


def test_the_form_as_it_was_made_is_taken(s3: Any) -> None:
    fields = form_for(s3, KEY, BODY)
    assert judge_form(posted(fields)) == KEY
    ignored = posted({**fields, "x-ignore-anything": "1"})
    assert judge_form(replace(ignored, fields=(*ignored.fields, ("key", OTHER_KEY)))) == KEY
    assert judge_form(replace(posted(fields), at=datetime.now(UTC) + timedelta(seconds=SECONDS - 5))) == KEY
    named = posted({**fields, "key": KEY[:-1] + "${filename}"})
    assert judge_form(replace(named, file_name="0")) == KEY, "the same place, whatever it is called"


def with_fields(**changed: str) -> Callable[[dict[str, str]], Posted]:
    return lambda fields: posted({**fields, **{name.replace("_", "-"): value for name, value in changed.items()}})


def without(*names: str) -> Callable[[dict[str, str]], Posted]:
    return lambda fields: posted({name: value for name, value in fields.items() if name not in names})


def also(name: str, value: str) -> Callable[[dict[str, str]], Posted]:
    """A second field of a name that is there, before or behind it."""
    return lambda fields: replace(posted(fields), fields=((name, value), *posted(fields).fields))


def policy_with(change: Callable[[dict[str, Any]], None], resign: str = "") -> Callable[[dict[str, str]], Posted]:
    """Another policy under the old signature, or signed with a secret that is not the signer's."""

    def forge(fields: dict[str, str]) -> Posted:
        policy = json.loads(b64decode(fields["policy"]))
        change(policy)
        text = b64encode(json.dumps(policy).encode()).decode()
        signature = signature_of(resign, fields["x-amz-credential"], text) if resign else fields["x-amz-signature"]
        return posted({**fields, "policy": text, "x-amz-signature": signature})

    return forge


def _until_2099(policy: dict[str, Any]) -> None:
    policy["expiration"] = "2099-01-01T00:00:00Z"


def _anywhere(policy: dict[str, Any]) -> None:
    policy["conditions"] = [["starts-with", "$key", ""], *policy["conditions"]]


def _no_conditions(policy: dict[str, Any]) -> None:
    policy["conditions"] = []


def _any_size(policy: dict[str, Any]) -> None:
    policy["conditions"] = [each for each in policy["conditions"] if "content-length-range" not in each]


OTHER_SUM = b64encode(sha256(b"other").digest()).decode()
TOKEN = "SIGNER/20200101/eu-south-1/s3/aws4_request"
FORGED: dict[str, Callable[[dict[str, str]], Posted]] = {
    "another's place": with_fields(key=OTHER_KEY),
    "a place beside it": with_fields(key=KEY[:-1] + "1"),
    "a place below it": with_fields(key=KEY + "/0"),
    "a place turned around": with_fields(key=f"uploads/{'b' * 32}/../{'a' * 32}/0"),
    "a place in capitals": with_fields(key=KEY.upper()),
    "a place with a blank": with_fields(key=KEY + " "),
    "a place with a slash in front": with_fields(key="/" + KEY),
    "the file's own name": with_fields(key="${filename}"),
    "the file's own name behind": with_fields(key=KEY + "${filename}"),
    "the file's own name below": with_fields(key=f"uploads/{'a' * 32}/${{filename}}"),
    "no place": without("key"),
    "an empty place": with_fields(key=""),
    "a place told twice": also("key", OTHER_KEY),
    "a place told twice in capitals": also("KEY", OTHER_KEY),
    "a page for a browser": with_fields(Content_Type="text/html"),
    "a type in other letters": with_fields(Content_Type="Application/Octet-Stream"),
    "no type": without("Content-Type"),
    "a type told twice": also("content-type", "text/html"),
    "other bytes": lambda fields: posted(fields, BODY[::-1]),
    "other bytes with their checksum": lambda fields: posted({**fields, "x-amz-checksum-sha256": OTHER_SUM}, b"other"),
    "no checksum": without("x-amz-checksum-sha256"),
    "another checksum's algorithm": with_fields(x_amz_checksum_algorithm="CRC32"),
    "a checksum of another kind": with_fields(x_amz_checksum_crc32="AAAAAA=="),
    "nothing in the file": lambda fields: posted(fields, b""),
    "more than the most": lambda fields: posted(fields, b"x" * (MOST + 1)),
    "no file": lambda fields: replace(posted(fields), fields=tuple(fields.items())),
    "a file before its fields": lambda fields: replace(posted(fields), fields=(("file", BODY), *fields.items())),
    "the place behind the file": lambda fields: replace(
        without("key")(fields), fields=(*without("key")(fields).fields, ("key", KEY))
    ),
    "another bucket": lambda fields: replace(posted(fields), bucket="receipts"),
    "ten minutes later": lambda fields: replace(posted(fields), at=datetime.now(UTC) + timedelta(seconds=SECONDS + 1)),
    "a year later": lambda fields: replace(posted(fields), at=datetime.now(UTC) + timedelta(days=365)),
    "no signature": without("x-amz-signature"),
    "another signature": with_fields(x_amz_signature="0" * 64),
    "an empty signature": with_fields(x_amz_signature=""),
    "no policy": without("policy"),
    "a policy without end": policy_with(_until_2099),
    "a policy for every place": policy_with(_anywhere),
    "a policy of nothing": policy_with(_no_conditions),
    "a policy for every size": policy_with(_any_size),
    "a policy signed by another": policy_with(_until_2099, SECRETS["OTHER"]),
    "a policy signed by nobody": policy_with(_until_2099, "guessed"),
    "another's name as signer": lambda fields: with_fields(
        x_amz_credential=fields["x-amz-credential"].replace("SIGNER", "OTHER")
    )(fields),
    "a stranger's name as signer": with_fields(x_amz_credential="NOBODY/20200101/eu-south-1/s3/aws4_request"),
    "another day's signer": with_fields(x_amz_credential=TOKEN),
    "another day": with_fields(x_amz_date="20200101T000000Z"),
    "another algorithm": with_fields(x_amz_algorithm="AWS4-HMAC-SHA1"),
    "no algorithm": without("x-amz-algorithm"),
    "open to everybody": with_fields(acl="public-read"),
    "another key of encryption": with_fields(x_amz_server_side_encryption="AES256"),
    "a customer's key": with_fields(x_amz_server_side_encryption_customer_algorithm="AES256"),
    "a redirect": with_fields(success_action_redirect="https://evil.example/"),
    "a status": with_fields(success_action_status="200"),
    "tags": with_fields(tagging="<Tagging/>"),
    "metadata": with_fields(x_amz_meta_employer="1699999902"),
    "a storage class": with_fields(x_amz_storage_class="GLACIER"),
    "a redirect of the object": with_fields(x_amz_website_redirect_location="https://evil.example/"),
    "a lock": with_fields(x_amz_object_lock_mode="COMPLIANCE"),
    "a session": with_fields(x_amz_security_token="x"),
    "an encoding": with_fields(Content_Encoding="gzip"),
    "a disposition": with_fields(Content_Disposition="inline"),
}  # fmt: skip


def test_at_least_thirty_forms_are_forged() -> None:
    assert len(FORGED) >= 30


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_form_is_refused(s3: Any, forge: Callable[[dict[str, str]], Posted]) -> None:
    with pytest.raises(Refused):
        judge_form(forge(form_for(s3, KEY, BODY)))


@pytest.mark.parametrize("body", [b"", b"x" * (MOST + 1)], ids=["nothing", "too much"])
def test_a_file_of_another_size_than_allowed_is_refused_whatever_its_checksum(s3: Any, body: bytes) -> None:
    with pytest.raises(Refused, match="size"):
        judge_form(posted(form_for(s3, KEY, body), body))


def test_parts_of_two_good_forms_make_no_third(s3: Any) -> None:
    ours, theirs = form_for(s3, KEY, BODY), form_for(s3, OTHER_KEY, b"other")
    for names in (("key",), ("policy",), ("x-amz-signature",), ("key", "policy"), ("key", "x-amz-signature")):
        with pytest.raises(Refused):
            judge_form(posted({**ours, **{name: theirs[name] for name in names}}))
    mine = {**ours, **{name: theirs[name] for name in ("key", "policy", "x-amz-signature")}}
    with pytest.raises(Refused, match="checksum"):
        judge_form(posted(mine))


def test_the_judge_is_no_stricter_than_a_lax_policy() -> None:
    """Else the forged forms above might be refused by the judge's own strictness alone."""
    policy = {"expiration": "2099-01-01T00:00:00Z", "conditions": [
        ["starts-with", "$key", "uploads/"], ["starts-with", "$acl", ""], {"Bucket": "inbox"},
        ["eq", "$x-amz-date", "x"], ["starts-with", "$x-amz-credential", "SIGNER/"]]}  # fmt: skip
    text = b64encode(json.dumps(policy).encode()).decode()
    fields = {"KEY": "uploads/${filename}", "acl": "public-read", "x-amz-credential": TOKEN, "x-amz-date": "x"}
    signed = {**fields, "policy": text, "X-Amz-Signature": signature_of(SECRETS["SIGNER"], TOKEN, text)}
    assert judge_form(posted(signed)) == "uploads/declaration.csv"
