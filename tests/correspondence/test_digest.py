"""The one letter about an archive: complete in each language, what must be mended first."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tasrih.correspondence.digest import Digest, PartTold, digest
from tasrih.messages import LANGUAGES

TOLD = Digest(
    upload="0" * 32,
    sender="declarations@tasrih.example",
    to="cabinet@cabinet.example",
    owed_since=datetime(2026, 1, 20, 10, tzinfo=ZoneInfo("Africa/Algiers")),
    entity_name="CABINET EXEMPLE\r\nBcc: x@y.example",
    archive="porte\u202efeuille.zip",
    link="https://tasrih.example/uploads/0",
    parts=(
        PartTold(name="a.csv", employer="1699999901", state="in_force", number="TR-00000001-38", dues_centimes=123456),
        PartTold(name="b.csv", employer="1699999902", state="refused", errors=3),
        PartTold(name="c.csv", employer="", state="duplicate", number="TR-00000002-35"),
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_of_every_part_with_the_refused_first(language: str) -> None:
    message = email.message_from_bytes(digest(language, TOLD), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body
    text = body.get_content()
    assert text.index("b.csv") < text.index("a.csv") < text.index("c.csv")
    assert "TR-00000001-38" in text
    assert "1\u00a0234,56" in text
    assert message["To"] == "cabinet@cabinet.example"
    assert message["Content-Language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_inject_no_header_and_turn_no_text_around(language: str) -> None:
    raw = digest(language, TOLD)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Bcc"] is None
    assert "\u202e" not in str(message["Subject"])
    html = message.get_body(("html",))
    assert html
    assert "\u202e" not in html.get_content()


def test_the_same_letter_is_the_same_bytes() -> None:
    assert digest("fr", TOLD) == digest("fr", TOLD)
