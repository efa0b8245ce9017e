"""The letter about an address that is called no more: to whoever runs the program, without its secrets."""

from __future__ import annotations

from datetime import datetime

import pytest
from tasrih.correspondence.webhook_paused import Paused, paused_letter
from tasrih.messages import LANGUAGES

from tests.correspondence.test_letters import body, read

TOLD = Paused(
    name="0f" * 16,
    sender="no-reply@tasrih.example",
    to="compta@exemple.example",
    paused_at=datetime.fromisoformat("2026-01-28T10:16:00+01:00"),
    failing_since=datetime.fromisoformat("2026-01-25T17:00:00+01:00"),
    entity_name="SARL EXEMPLE\r\nBcc: x@y.example",
    host="paie.example:8443",
    webhook="ab" * 16,
    link="https://tasrih.example/webhooks",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_which_address_since_when_and_what_to_do(language: str) -> None:
    mail = read(paused_letter(language, TOLD))
    assert (mail["To"], mail["Content-Language"], mail["Date"].datetime) == (TOLD.to, language, TOLD.paused_at)
    assert mail["Bcc"] is None
    assert 10 < len(mail["Subject"]) < 80
    for kind in ("plain", "html"):
        text = body(mail, kind)
        for said in (TOLD.host, TOLD.webhook, "25/01/2026 17:00", "28/01/2026 10:16", TOLD.link):
            assert said in text
        assert bool(set(text) & set("تصريح")) == (language == "ar")
    assert f"<{TOLD.name}.webhook_paused@" in mail["Message-ID"]


def test_the_same_letter_is_the_same_bytes() -> None:
    assert paused_letter("ar", TOLD) == paused_letter("ar", TOLD)
