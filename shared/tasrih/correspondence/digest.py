"""The one letter about an archive of many declarations: what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tasrih.correspondence.canonical import clean
from tasrih.correspondence.mail import Block, Link, Mail, Paragraph, Table, message
from tasrih.messages import sentence
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTold:
    """One declaration of the archive."""

    name: str
    employer: str
    state: str
    number: str = ""
    """Of its receipt."""
    errors: int = 0
    dues_centimes: int | None = None
    """None where they are held, or nothing is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    upload: str
    sender: str
    to: str
    owed_since: datetime
    entity_name: str
    archive: str
    link: str
    parts: tuple[PartTold, ...]
    test: bool = False


def digest(language: str, told: Digest) -> bytes:
    """One MIME message; refused declarations first. Raises KeyError for an unknown language, mail.BadAddress."""
    refused = sum(part.state == "refused" for part in told.parts)
    subject = sentence("letters", "subject_split", language, archive=told.archive, all=len(told.parts), refused=refused)
    return message(
        Mail(
            sender=told.sender,
            to=told.to,
            about=f"{told.upload}.split",
            at=told.owed_since,
            language=language,
            subject=clean(sentence("letters", "subject_test", language, subject=subject) if told.test else subject),
            blocks=tuple(_blocks(language, told)),
            closing=sentence("letters", "closing", language),
        )
    )


def _blocks(language: str, told: Digest) -> Iterator[Block]:
    name = clean(told.entity_name)
    if told.test:
        yield Paragraph(sentence("letters", "test", language))
    yield Paragraph(sentence("letters", "hello", language, name=name))
    yield Paragraph(sentence("letters", "lead_split", language, archive=clean(told.archive), all=len(told.parts)))
    states = Counter(part.state for part in told.parts)
    heads = tuple(sentence("letters", f"head_{head}", language) for head in ("state", "count"))
    title = sentence("letters", "split_counts", language)
    yield Table(title, heads, tuple((_state(state, language), str(count)) for state, count in states.most_common()))
    yield Paragraph(sentence("letters", "next_split", language))
    yield Link(sentence("letters", "link_split", language), told.link)
    yield _table(language, sorted(told.parts, key=lambda part: (part.state != "refused", part.name)))


def _table(language: str, parts: Sequence[PartTold]) -> Table:
    heads = ("file", "employer", "state", "errors", "receipt", "dues")
    rows = tuple(
        (
            clean(part.name),
            spaced_employer(part.employer) if len(part.employer) == 10 else clean(part.employer),
            _state(part.state, language),
            str(part.errors) if part.errors else "",
            part.number,
            "" if part.dues_centimes is None else f"{dinars(part.dues_centimes)} DA",
        )
        for part in parts
    )
    title = sentence("letters", "split_table", language)
    return Table(title, tuple(sentence("letters", f"head_{head}", language) for head in heads), rows)


def _state(state: str, language: str) -> str:
    return sentence("api", f"state_{state}", language)
