"""From the blocks of a letter to one MIME message: plain text, simple accessible HTML, papers attached."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
_STYLE = (
    "body{margin:0;background:#f4f6f5;color:#1b1f1d;"
    "font:16px/1.6 'Noto Naskh Arabic','Noto Sans',Tahoma,Arial,sans-serif}"
    "main{max-width:44rem;margin:0 auto;padding:1.5rem;background:#fff}"
    "h1{font-size:1.35rem;color:#0b5a3a;margin:0 0 1rem}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #b9c9bf;padding:.35rem .5rem;text-align:start;vertical-align:top}"
    "td,li{overflow-wrap:anywhere}thead th,td.short{white-space:nowrap}"
    "li{margin:0 0 .75rem}li p{margin:0}p.place{color:#4a4f4c;font-size:.9rem}"
    "th{background:#eef5f0;font-weight:600}"
    "a.act{display:inline-block;padding:.6rem 1rem;background:#0b5a3a;color:#fff;border-radius:4px}"
    "footer{margin-top:2rem;font-size:.85rem;color:#4a4f4c}"
)


class BadAddress(Exception):
    """The address has no form that a mail can be sent to. The address is not repeated here."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """(name, value) pairs."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Each row: where, as (name, value) pairs, and what is said of it."""

    title: str
    rows: tuple[tuple[tuple[tuple[str, str], ...], str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


Block = Paragraph | Facts | Table | Places | Link


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    body: bytes
    subtype: str
    """Of application/…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    sender: str
    to: str
    about: str
    """What makes its Message-ID: the same letter has the same one, however often it is sent."""
    at: datetime
    language: str
    subject: str
    """One line; a line end raises ValueError."""
    blocks: tuple[Block, ...]
    closing: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plain:
    """How plain text is written in a language: its colon, and how an inserted value keeps its own direction."""

    colon: str
    isolate: tuple[str, str]
    mark: str
    """Before each line: one that begins with a figure still runs rightwards."""

    def value(self, text: str) -> str:
        before, after = self.isolate
        return f"{before}{text}{after}"


_PLAIN = {
    "ar": _Plain(":", ("\u2068", "\u2069"), "\u200f"),
    "fr": _Plain("\u00a0:", ("", ""), ""),
    "en": _Plain(":", ("", ""), ""),
}


def _text_of(block: Block, plain: _Plain) -> list[str]:
    match block:
        case Paragraph(text):
            return [text]
        case Facts(rows):
            return [f"{name}{plain.colon} {plain.value(value)}" for name, value in rows]
        case Table(title, _, rows):
            return [title, *("- " + " · ".join(map(plain.value, row)) for row in rows)]
        case Places(title, places):
            lines = [title]
            for number, (where, said) in enumerate(places, 1):
                named = " · ".join(f"{name} {plain.value(value)}" for name, value in where)
                lines += [f"{number}. {named}", said]
            return lines
        case Link(label, url):
            return [f"{label}{plain.colon}", url]


def as_text(mail: Mail) -> str:
    plain = _PLAIN[mail.language]
    parts = [[mail.subject], *(_text_of(block, plain) for block in mail.blocks), ["-- ", mail.closing]]
    return "\n".join(
        line if not line or line.startswith("http") else plain.mark + line for part in parts for line in [*part, ""]
    )


def _bdi(text: str) -> str:
    return f"<bdi>{html.escape(text)}</bdi>"


def _html_of(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{html.escape(text)}</p>"
        case Facts(rows):
            cells = "".join(
                f'<tr><th scope="row">{html.escape(name)}</th><td>{_bdi(value)}</td></tr>' for name, value in rows
            )
            return f"<table>{cells}</table>"
        case Table(title, heads, rows):
            head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in heads)
            body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
            return f"<h2>{html.escape(title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        case Places(title, places):
            items = "".join(
                f'<li><p class="place">{_html_where(where)}</p><p>{html.escape(said)}</p></li>'
                for where, said in places
            )
            return f"<h2>{html.escape(title)}</h2><ol>{items}</ol>"
        case Link(label, url):
            return f'<p><a class="act" href="{html.escape(url)}">{html.escape(label)}</a></p>'


def _cells(row: Sequence[str]) -> str:
    """All but the last are short words that never break."""
    *short, last = row
    return "".join(f'<td class="short">{_bdi(cell)}</td>' for cell in short) + f"<td>{_bdi(last)}</td>"


def _html_where(where: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"{html.escape(name)} {_bdi(value)}" for name, value in where)


def as_html(mail: Mail) -> str:
    direction = "rtl" if mail.language == "ar" else "ltr"
    subject = html.escape(mail.subject)
    return (
        f'<!doctype html><html lang="{mail.language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{subject}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{subject}</h1>"
        + "\n".join(_html_of(block) for block in mail.blocks)
        + f"\n<footer><p>{html.escape(mail.closing)}</p></footer></main></body></html>\n"
    )


def message(mail: Mail) -> bytes:
    """The whole MIME message; the same mail always gives the same bytes.

    Raises BadAddress for the receiver's address, ValueError for our own (a setting) or a subject of several lines.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    if not _ADDRESS.fullmatch(mail.sender):
        raise ValueError("the sender's address cannot be one")
    if not _ADDRESS.fullmatch(mail.to):
        raise BadAddress
    made = EmailMessage(SMTP)
    made["From"], made["To"] = mail.sender, mail.to
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.about}@{mail.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(as_text(mail))
    made.add_alternative(as_html(mail), subtype="html")
    for attachment in mail.attachments:
        made.add_attachment(
            attachment.body, maintype="application", subtype=attachment.subtype, filename=attachment.name
        )
    made["Content-Language"] = mail.language
    seed = hashlib.sha256(mail.about.encode()).hexdigest()[:32]
    for number, part in enumerate(part for part in made.walk() if part.is_multipart()):
        part.set_boundary(f"{seed}-{number}")
    return made.as_bytes()
