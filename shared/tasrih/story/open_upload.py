"""The employer asks to upload: a ticket, a rank, and forms for exactly the announced bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tasrih.declaration.code_pages import CODECS
from tasrih.register.parties import Account, Employer, Entity
from tasrih.story.access import NotAsked, demand, employer_for, right_to
from tasrih.story.files import Announced
from tasrih.story.pieces import begun, stretches
from tasrih.story.ports import Book, Chance, Changed, Create, Inbox
from tasrih.story.records import DECIDED, Ticket
from tasrih.story.requests import Request
from tasrih.story.to_send import FORM_MINUTES, Opened, seconds_left, what_to_send
from tasrih.story.vouch import under_mandate, vouched
from tasrih.vocabulary.certified import REAL, Certified, NamesRead
from tasrih.vocabulary.record import Key

VERDICT_MINUTES = 60
"""A form lives ten minutes; an upload begun in its last second may be slow. After an hour the sweep decides."""
PIECES_HOURS = 24
"""256 MiB take 36 minutes at 1 Mbit/s and three hours on a bad line; an office whose power or line fails in the evening
goes on the next morning."""
MAX_UPLOAD_BYTES = 256 * 1024 * 1024
"""A full file of 999,999 lines is 197 MB."""
MAX_FILES = 2
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_REQUEST = re.compile(r"[A-Za-z0-9_.:-]{8,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    employer: str
    """"" for an archive with the declarations of several employers."""
    files: tuple[Announced, ...]
    total_centimes: int
    language: str = ""
    """Of the letters; "" = the register's."""
    request: str = ""
    """The client's own key: asking again with it (after a lost reply) gets the same ticket."""
    purpose: str = REAL
    certified: Certified | None = None
    """Who vouches for it: needed for a real filing."""
    code_page: str = ""
    """In which names are written, where their bytes do not tell; "" = asked later, if it matters."""


def open_upload(asked: Asked, account: Account, now: datetime, *, book: Book, inbox: Inbox, chance: Chance) -> Opened:
    """Raises NotAsked, NotAllowed, NotFound (no such employer, or not yours: the same), Busy."""
    _check(asked)
    asked = replace(asked, certified=vouched(asked.certified, asked.purpose))
    right = right_to(asked.purpose)
    demand(account, right)
    employer = employer_for(account, asked.employer, book, right) if asked.employer else None
    ticket = _answered(asked, account, book) or _new_ticket(asked, account, employer, now, book, inbox, chance)
    if seconds_left(ticket, now) <= 0 or ticket.state == DECIDED:
        raise NotAsked("request", "request_over")
    return what_to_send(ticket, now, inbox, only_missing=bool(ticket.sessions))


def _check(asked: Asked) -> None:
    if not 1 <= len(asked.files) <= MAX_FILES:
        raise NotAsked("files", "one_or_two_files")
    for place, file in enumerate(asked.files):
        _check_file(f"files[{place}]", file)
    if len({file.name for file in asked.files}) != len(asked.files):
        raise NotAsked("files", "same_name_twice")
    if asked.code_page and asked.code_page not in CODECS:
        raise NotAsked("code_page", "code_page")
    if asked.total_centimes < 0:
        raise NotAsked("total_centimes", "negative")
    if asked.request and not _REQUEST.fullmatch(asked.request):
        raise NotAsked("request", "request_key")


def _check_file(where: str, file: Announced) -> None:
    if not 1 <= len(file.name) <= 255 or not file.name.isprintable():
        raise NotAsked(f"{where}.name", "file_name")
    if not 1 <= file.size <= MAX_UPLOAD_BYTES:
        raise NotAsked(f"{where}.size", "file_size")
    if not _SHA256.fullmatch(file.sha256):
        raise NotAsked(f"{where}.sha256", "sha256")
    if file.lines < 0:
        raise NotAsked(f"{where}.lines", "negative")
    if len(file.pieces) != len(stretches(file.size)) or not all(_SHA256.fullmatch(each) for each in file.pieces):
        raise NotAsked(f"{where}.pieces", "pieces")


def _new_ticket(
    asked: Asked, account: Account, employer: Employer | None, now: datetime, book: Book, inbox: Inbox, chance: Chance
) -> Ticket:
    """A session is begun before the ticket that names it: one that no ticket came to name is removed by the store."""
    tenant = employer.entity if employer else account.entity
    entity = book.get(Entity, f"ENTITY#{tenant}", "ENTITY")
    who = under_mandate(asked.certified, account, tenant, book)
    upload = chance.token()
    sessions = begun(upload, asked.files, inbox)
    form_expires_at = now + (timedelta(hours=PIECES_HOURS) if sessions else timedelta(minutes=FORM_MINUTES))
    ticket = Ticket(
        upload=upload,
        rank=book.count("rank"),
        account=account.account,
        acts_for=account.acts_for,
        opened_by=account.entity,
        entity=tenant,
        employer=employer.number if employer else "",
        files=asked.files,
        arrivals=(None,) * len(asked.files),
        purpose=asked.purpose,
        certified=who,
        names=NamesRead(code_page=asked.code_page, certified=who, at=now) if asked.code_page else None,
        total_centimes=asked.total_centimes,
        language=asked.language or (entity.language if entity else "fr"),
        opened_at=now,
        form_expires_at=form_expires_at,
        verdict_by=(form_expires_at if sessions else now) + timedelta(minutes=VERDICT_MINUTES),
        sessions=sessions,
        completed=(None,) * len(sessions),
    )
    if not asked.request:
        book.commit(Create(ticket))
        return ticket
    answer = Request(account=account.account, request=asked.request, digest=_digest(asked), upload=ticket.upload)
    try:
        book.commit(Create(ticket), Create(answer))
    except Changed:
        return _answered(asked, account, book) or ticket
    return ticket


def _answered(asked: Asked, account: Account, book: Book) -> Ticket | None:
    """The ticket that the same request got before. Raises NotAsked when the key was used for something else."""
    if not asked.request:
        return None
    before = book.get(Request, *Key(f"ACCOUNT#{account.account}", f"REQUEST#{asked.request}"))
    if before is None:
        return None
    if before.digest != _digest(asked):
        raise NotAsked("request", "request_reused")
    return book.get(Ticket, f"UPLOAD#{before.upload}", "TICKET")


def _digest(asked: Asked) -> str:
    pieces = (file.pieces for file in asked.files if file.pieces)
    same = (asked.employer, asked.files, asked.total_centimes, asked.purpose, asked.certified, *pieces)
    return hashlib.sha256(f"{same!r}{asked.code_page}".encode()).hexdigest()
