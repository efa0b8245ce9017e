"""What a file says of some days of one account, and the proof that it says all: opening + lines = closing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from tasrih.declaration.csv.text import Report
from tasrih.payments.bank.limits import EARLIEST, MAX_CENTIMES, VALUE_DAYS
from tasrih.payments.bank.line import BankLine, account_key
from tasrih.vocabulary.money import dinars

CSV, CAMT = "csv", "camt"
_BALANCES = {
    CAMT: ("OPBD | PRCD | ITBD", "CLBD | ITBD"),
    CSV: ("افتتاح | ouverture | opening", "إقفال | clôture | closing"),
}
"""How the opening and the closing are called in each."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What the fund knows of itself."""

    accounts: Collection[str]
    """As `account_key` writes them."""
    today: date
    """In Africa/Algiers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Of one movement in its file."""

    line: int
    path: str = ""
    """ "Stmt[1]/Ntry[3]" where lines tell nothing."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved the balance once: one line, or the payments of a batch."""

    lines: tuple[BankLine, ...]
    bank_reference: str = ""
    """Of the whole; payments of a batch may have their own."""
    day_opening_centimes: int = 0
    """The balance before the first movement of its booking day: tells a part of a day from the whole of it."""

    @property
    def amount_centimes(self) -> int:
        return sum(line.amount_centimes for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Booking days of one account, proved whole."""

    form: str
    """`CSV` or `CAMT`."""
    account: str
    name: str
    """The bank's own number of the statement, or the file's name: to be shown."""
    first: date
    last: date
    """Both inclusive."""
    opening_centimes: int
    closing_centimes: int
    movements: tuple[Movement, ...]
    refused: tuple[Place, ...] = ()
    """Movements with a fault of their own, which findings tell; their amounts are sure, and counted in the proof."""
    pending: tuple[BankLine, ...] = ()
    """Announced, not booked: to be shown, never posted."""

    @property
    def lines(self) -> tuple[BankLine, ...]:
        return tuple(line for movement in self.movements for line in movement.lines)


@dataclass(slots=True)
class Drafted:
    """A movement on its way: its amount is sure; its lines are () when something else is wrong with it."""

    place: Place
    amount_centimes: int
    booked_on: date | None
    lines: tuple[BankLine, ...]
    bank_reference: str = ""


@dataclass(slots=True)
class Draft:
    """A statement on its way through its reader."""

    form: str
    place: Place
    account: str = ""
    name: str = ""
    first: date | None = None
    last: date | None = None
    opening: tuple[date, int] | None = None
    closing: tuple[date, int] | None = None
    movements: list[Drafted] = field(default_factory=list)
    pending: list[BankLine] = field(default_factory=list)
    unproved: list[Place] = field(default_factory=list)
    """Where an amount is not sure: nothing of the statement can be believed then."""

    @property
    def places(self) -> tuple[Place, ...]:
        return (*(each.place for each in self.movements), *self.unproved)


def finish(draft: Draft, ours: Ours, report: Report) -> Statement | None:
    """None, and findings that say why, where the statement as a whole cannot be believed."""
    before, at = report.findings.errors, draft.place
    if not draft.account:
        report.add("E915", at.line, at.path)
    elif draft.account not in ours.accounts:
        report.add("E916", at.line, at.path, draft.account)
    if draft.unproved:
        report.add("E920", draft.unproved[0].line, draft.unproved[0].path)
    elif not (draft.opening and draft.closing):
        report.add("E918", at.line, at.path, expected=_BALANCES[draft.form][0 if not draft.opening else 1])
    if report.findings.errors > before or not (draft.opening and draft.closing):
        return None
    first, last = _days(draft, draft.opening[0], draft.closing[0])
    _check_days(draft, first, last, ours.today, report)
    total = draft.opening[1] + sum(each.amount_centimes for each in draft.movements)
    if total != draft.closing[1]:
        report.add("E919", at.line, at.path, dinars(draft.closing[1]), dinars(total))
    if report.findings.errors > before:
        return None
    return _whole(draft, first, last, draft.opening[1], draft.closing[1], report)


def _days(draft: Draft, opening: date, closing: date) -> tuple[date, date]:
    """As the statement says; else from its first movement, as the opening may be the closing of the day before."""
    booked = [each.booked_on for each in draft.movements if each.booked_on]
    first = opening if opening > closing else min([*booked, closing])
    return draft.first or first, draft.last or closing


def _check_days(draft: Draft, first: date, last: date, today: date, report: Report) -> None:
    at = draft.place
    if first > last:
        report.add("E924", at.line, at.path, shown(first), shown(last))
    if first < EARLIEST:
        report.add("E925", at.line, at.path, shown(first), shown(EARLIEST))
    if last > today:
        report.add("E926", at.line, at.path, shown(last), shown(today))


def _whole(draft: Draft, first: date, last: date, opening: int, closing: int, report: Report) -> Statement:
    movements: list[Movement] = []
    refused: list[Place] = []
    openings = _day_openings(draft, first, opening)
    for each in draft.movements:
        if each.lines and _lies_in(each, first, last, report):
            movements.append(Movement(each.lines, each.bank_reference, openings[each.booked_on or first]))
        else:
            refused.append(each.place)
    return Statement(
        form=draft.form, account=draft.account, name=draft.name or report.file, first=first, last=last,
        opening_centimes=opening, closing_centimes=closing, movements=tuple(movements), refused=tuple(refused),
        pending=tuple(draft.pending),
    )  # fmt: skip


def _day_openings(draft: Draft, first: date, opening: int) -> dict[date, int]:
    """Whatever the order within the file; a movement without a day counts on that of the one before."""
    moved: dict[date, int] = {}
    day = first
    for each in draft.movements:
        day = each.booked_on or day
        moved[day] = moved.get(day, 0) + each.amount_centimes
    openings: dict[date, int] = {first: opening}
    for day in sorted(moved):
        openings[day] = opening
        opening += moved[day]
    return openings


def _lies_in(each: Drafted, first: date, last: date, report: Report) -> bool:
    booked, value = each.lines[0].booked_on, each.lines[0].value_date
    line, path = each.place.line, each.place.path
    if not first <= booked <= last:
        report.add("E927", line, path or "booked_on", shown(booked), f"{shown(first)} – {shown(last)}")
    elif abs(value - booked) > VALUE_DAYS:
        report.add("E928", line, path or "value_date", shown(value), shown(booked))
    else:
        return True
    return False


def check_size(centimes: int, report: Report, line: int, column: str) -> bool:
    if abs(centimes) <= MAX_CENTIMES:
        return True
    report.add("E932", line, column, dinars(centimes) if abs(centimes) < 10**30 else "…", dinars(MAX_CENTIMES))
    return False


def account_of(text: str) -> str:
    return account_key(text)[:40]


def shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
