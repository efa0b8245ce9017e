"""What is wrong with a request is named by its field, in three languages, and never by a stack trace."""

from __future__ import annotations

from typing import Any

import pytest
from tasrih.story.ports import Busy, Changed, Lost

from tests.api.caller import Caller, agent, person
from tests.api.test_uploads import asked
from tests.story.world import OURS, World, pair

FILE = {"name": "a.csv", "size": 1, "sha256": "0" * 64, "lines": 1}

WRONG: list[tuple[str, str, dict[str, Any], Any, dict[str, Any], str]] = [
    ("POST", "/uploads", person(), {}, {}, "files"),
    ("POST", "/uploads", person(), asked(pair(), employer="16"), {}, "employer"),
    ("POST", "/uploads", person(), asked(pair(), employer="1699999901\n"), {}, "employer"),
    ("POST", "/uploads", person(), asked(pair(), employer="١٦٩٩٩٩٩٩٠١"), {}, "employer"),
    ("POST", "/uploads", person(), asked(pair(), files=[]), {}, "files"),
    ("POST", "/uploads", person(), asked(pair(), files=[FILE] * 3), {}, "files"),
    ("POST", "/uploads", person(), asked(pair(), files=[FILE, FILE]), {}, "files"),
    ("POST", "/uploads", person(), asked(pair(), files=[{**FILE, "size": 0}]), {}, "files.0.size"),
    ("POST", "/uploads", person(), asked(pair(), files=[{**FILE, "size": 10**12}]), {}, "files[0].size"),
    ("POST", "/uploads", person(), asked(pair(), files=[{**FILE, "sha256": "zz"}]), {}, "files.0.sha256"),
    ("POST", "/uploads", person(), asked(pair(), files=[{**FILE, "name": "a\tb"}]), {}, "files[0].name"),
    ("POST", "/uploads", person(), asked(pair(), total_centimes=1.5), {}, "total_centimes"),
    ("POST", "/uploads", person(), asked(pair(), total_centimes=-1), {}, "total_centimes"),
    ("POST", "/uploads", person(), asked(pair(), request="court"), {}, "request"),
    ("POST", "/uploads", person(), asked(pair(), language="de"), {}, "language"),
    ("POST", "/uploads", person(), asked(pair(), tenant="eux"), {}, "tenant"),
    ("GET", "/uploads", person(), None, {"before": "x"}, "before"),
    ("GET", "/uploads/zz", person(), None, {}, "upload"),
    ("GET", "/uploads/" + "A" * 32, person(), None, {}, "upload"),
    ("GET", "/register/employers/16", person(), None, {}, "number"),
    ("POST", "/insured", agent(), {"nss": "1"}, {}, "nss"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {}, {}, "revision"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {"revision": 1, "until": "2019-02-30"}, {}, "until"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {"revision": 1, "until": "2001-01-01"}, {}, "until"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {"revision": 1, "codes": ["tout"]}, {}, "codes.0"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {"revision": 1, "entity": "eux"}, {}, "entity"),
    ("PATCH", f"/register/employers/{OURS}", agent(), {"revision": 1, "size_class": "yearly"}, {}, "size_class"),
]


@pytest.mark.parametrize(("method", "path", "who", "body", "query", "field"), WRONG)
def test_what_is_wrong_is_named_by_its_field_in_three_languages(
    api: Caller, method: str, path: str, who: dict[str, Any], body: Any, query: dict[str, Any], field: str
) -> None:
    messages = set()
    for lang in ("ar", "fr", "en"):
        reply = api.call(method, path, who, body, lang=lang, **query)
        assert reply.status == 422, reply.text
        assert field in reply.body["field"].split(", ")
        assert set(reply.body) == {"problem", "message", "field"}
        messages.add(reply.body["message"])
    assert len(messages) == 3


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "1", '"x"', '{"files": "x"}', "\x00", "[" * 5000])
def test_a_body_that_is_no_request_is_a_problem_and_no_crash(api: Caller, body: str) -> None:
    reply = api.call("POST", "/uploads", person(), body)
    assert reply.status in (400, 422), reply.text
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", "entité;nom".encode("cp1252")])
def test_a_register_that_is_not_utf8_is_a_problem_and_no_crash(api: Caller, body: bytes) -> None:
    reply = api.call("PUT", "/register", agent(), body, kind="application/octet-stream")
    assert reply.status in (400, 422), reply.text


@pytest.mark.parametrize(
    ("error", "status", "problem"), [(Busy, 503, "busy"), (Lost, 503, "busy"), (Changed, 409, "changed")]
)
def test_a_store_that_cannot_serve_says_whether_to_try_again(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int, problem: str
) -> None:
    def down(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.book, "commit", down)
    reply = api.call("POST", "/uploads", person(), asked(pair(), request=""))
    assert (reply.status, reply.body["problem"]) == (status, problem)


def test_an_unknown_language_is_refused_or_answered_in_french(api: Caller) -> None:
    assert api.get("/uploads/" + "0" * 32, lang="de").status in (404, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
def test_a_body_of_another_kind_is_a_problem_of_the_same_shape(api: Caller, kind: str) -> None:
    reply = api.call("POST", "/uploads", person(), "employer=1", kind=kind)
    assert reply.status == 422, reply.text
    assert set(reply.body) == {"problem", "message", "field"}
