"""The one letter about a deposit of many declarations: what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasrih.correspondence.canonical import clean
from tasrih.correspondence.letters import counts_table
from tasrih.correspondence.mail import Block, Link, Mail, Paragraph, Table, message
from tasrih.messages import sentence
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTold:
    """One declaration of the deposit."""

    name: str
    employer: str
    period: str = ""
    """Where one file holds several."""
    state: str
    number: str = ""
    """Of its receipt."""
    errors: int = 0
    dues_centimes: int | None = None
    """None where they are held, or nothing is in force."""
    partly_held: bool = False
    """Then the amount is that of the other part."""


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
    counts: Mapping[str, int] = field(default_factory=dict)
    """Findings of the deposit that belong to no declaration, by code."""
    test: bool = False


def digest(language: str, told: Digest) -> bytes:
    """One MIME message; refused declarations first. Raises KeyError for an unknown language, mail.BadAddress."""
    refused, declared = sum(part.state == "refused" for part in told.parts), len(_declared(told))
    subject = sentence("letters", "subject_split", language, archive=told.archive, all=declared, refused=refused)
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
    yield Paragraph(sentence("letters", "lead_split", language, archive=clean(told.archive), all=len(_declared(told))))
    states = Counter(part.state for part in _declared(told))
    heads = tuple(sentence("letters", f"head_{head}", language) for head in ("state", "count"))
    title = sentence("letters", "split_counts", language)
    yield Table(title, heads, tuple((_state(state, language), str(count)) for state, count in states.most_common()))
    if told.counts:
        yield Paragraph(sentence("letters", "rest_split", language))
        yield counts_table(language, told.counts)
    yield Paragraph(sentence("letters", "next_split", language))
    yield Link(sentence("letters", "link_split", language), told.link)
    yield _table(language, sorted(told.parts, key=lambda part: (part.state != "refused", part.name)))


def _declared(told: Digest) -> list[PartTold]:
    """Without the files that were taken apart themselves, which are told of for what was found of them as a whole."""
    return [part for part in told.parts if part.state != "split"]


def _table(language: str, parts: Sequence[PartTold]) -> Table:
    heads = ("file", "employer", "state", "errors", "receipt", "dues")
    rows = tuple(
        (
            clean(" · ".join(filter(None, (part.name, part.period)))),
            spaced_employer(part.employer) if len(part.employer) == 10 else clean(part.employer),
            _state(part.state, language),
            str(part.errors) if part.errors else "",
            part.number,
            _dues(part, language),
        )
        for part in parts
    )
    title = sentence("letters", "split_table", language)
    return Table(title, tuple(sentence("letters", f"head_{head}", language) for head in heads), rows)


def _dues(part: PartTold, language: str) -> str:
    if part.dues_centimes is None:
        return ""
    amount = dinars(part.dues_centimes)
    return sentence("letters", "dues_part", language, amount=amount) if part.partly_held else f"{amount} DA"


def _state(state: str, language: str) -> str:
    return sentence("api", f"state_{state}", language)
