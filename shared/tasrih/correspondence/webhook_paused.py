"""The letter about an address of a program that is called no more, because it did not answer for days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tasrih.correspondence.canonical import clean
from tasrih.correspondence.mail import Facts, Link, Mail, Paragraph, message
from tasrih.messages import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Of the address only its host is told: what stands behind it may be a secret of the program's."""

    name: str
    """Of the letter: 32 hexadecimal digits."""
    sender: str
    to: str
    paused_at: datetime
    """The letter's date. Africa/Algiers, as `failing_since`."""
    failing_since: datetime
    entity_name: str
    host: str
    webhook: str
    link: str


def paused_letter(language: str, told: Paused) -> bytes:
    """One MIME message. Raises KeyError for an unknown language, mail.BadAddress."""
    host = clean(told.host)
    rows = {
        "host": host,
        "webhook": told.webhook,
        "failing_since": _moment(told.failing_since),
        "paused_at": _moment(told.paused_at),
    }
    return message(
        Mail(
            sender=told.sender,
            to=told.to,
            about=f"{told.name}.webhook_paused",
            at=told.paused_at,
            language=language,
            subject=clean(_words("subject", language, host=host)),
            blocks=(
                Paragraph(sentence("letters", "hello", language, name=clean(told.entity_name))),
                Paragraph(_words("lead", language)),
                Facts(tuple((_words(f"row_{key}", language), value) for key, value in rows.items())),
                *(Paragraph(_words(key, language)) for key in ("still", "next", "missed")),
                Link(_words("link", language), told.link),
            ),
            closing=sentence("letters", "closing", language),
        )
    )


def _words(key: str, language: str, **values: str) -> str:
    return sentence("webhooks", key, language, **values)


def _moment(moment: datetime) -> str:
    return moment.strftime("%d/%m/%Y %H:%M")
