"""camt.053, the bank statement of ISO 20022, versions 02 to 13: read as a stream, one movement at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from tasrih.declaration.csv.text import Report
from tasrih.declaration.sent import SentFile
from tasrih.payments.bank.camt_entry import take_entry
from tasrih.payments.bank.camt_values import check_currency, day_of, signed
from tasrih.payments.bank.limits import MAX_LINES, MAX_STATEMENTS
from tasrih.payments.bank.statement import CAMT, Draft, Place, account_of
from tasrih.payments.bank.xml import Node, Walk, XmlRefused

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3}\.[0-9]{3})\.([0-9]{2})", re.ASCII)
MESSAGE, OLDEST, NEWEST = "camt.053.001", 2, 13
_PART_DEPTH = 4
"""Of what stands in a statement: `Document`, `BkToCstmrStmt`, `Stmt`, then its parts."""
OPENING, CLOSING, INTERIM = ("OPBD", "PRCD"), ("CLBD",), "ITBD"
"""Kinds of balance, the better one first: at the opening of the days, or the closing of those before."""


@dataclass(slots=True)
class _Counted:
    """What a statement says of itself that needs its end to be checked."""

    balances: dict[str, list[Node]] = field(default_factory=dict)
    entries: int = 0
    told: tuple[str, int] | None = None
    """Number of entries by the summary, and the line that says so."""


@dataclass
class _Reading:
    file: str
    report: Report
    drafts: list[Draft] = field(default_factory=list)
    counted: list[_Counted] = field(default_factory=list)
    lines: int = 0

    def begin(self, space: str, name: str, line: int) -> None:
        """`Document`, `BkToCstmrStmt` or what stands in its place, `Stmt`."""
        if not self.counted and name == "Document":
            _check_message(space, line)
        elif name == "Stmt":
            if len(self.drafts) >= MAX_STATEMENTS:
                raise XmlRefused("E914", line, expected=str(MAX_STATEMENTS))
            self.drafts.append(Draft(CAMT, Place(line, f"Stmt[{len(self.drafts) + 1}]")))
            self.counted.append(_Counted())
        elif name not in ("BkToCstmrStmt", "GrpHdr", "SplmtryData"):
            raise XmlRefused("E911", line, name[:60], MESSAGE)

    def whole(self, part: Node) -> None:
        if self.drafts and part.name in _PARTS:
            _PARTS[part.name](self, self.drafts[-1], part)


def read_camt(file: SentFile, report: Report) -> tuple[Draft, ...]:
    """The statements of the file, each still to be finished; none, and a finding that says why, when the file is
    damaged or something else: nothing of it is believed then."""
    reading = _Reading(file.name, report)
    try:
        with file.open() as stream:
            Walk(_PART_DEPTH, reading.begin, reading.whole).read(stream)
    except XmlRefused as refused:
        report.add(refused.code, refused.line, value=refused.value, expected=refused.expected)
        return ()
    if not reading.drafts:
        report.add("E913")
    for draft, counted in zip(reading.drafts, reading.counted, strict=True):
        _balances(draft, counted, report)
        if counted.told and counted.told[0] != str(counted.entries):
            report.add("E937", counted.told[1], draft.place.path, counted.told[0], str(counted.entries))
            draft.unproved.append(draft.place)
    return tuple(reading.drafts)


def _check_message(space: str, line: int) -> None:
    """Raises XmlRefused: another message, or a version that nobody here has seen."""
    found = _NAMESPACE.fullmatch(space)
    if not found or found[1] != MESSAGE:
        raise XmlRefused("E911", line, (f"{found[1]}.{found[2]}" if found else space)[:60], MESSAGE)
    if not OLDEST <= int(found[2]) <= NEWEST:
        raise XmlRefused("E912", line, found[2], f"{OLDEST:02d}…{NEWEST:02d}")


def _account(reading: _Reading, draft: Draft, part: Node) -> None:
    draft.account = account_of(part.of("Id/IBAN", "Id/Othr/Id"))
    if (currency := part.of("Ccy")) and not check_currency(currency, reading.report, part.line, draft.place.path):
        draft.unproved.append(draft.place)


def _name(_reading: _Reading, draft: Draft, part: Node) -> None:
    draft.name = " ".join(part.text.split())[:100]


def _stretch(reading: _Reading, draft: Draft, part: Node) -> None:
    path = f"{draft.place.path}/FrToDt"
    draft.first = day_of(part, reading.report, path, "FrDtTm", "FrDt")
    draft.last = day_of(part, reading.report, path, "ToDtTm", "ToDt")


def _balance(reading: _Reading, _draft: Draft, part: Node) -> None:
    """The two outermost of a kind are enough: the pages of a long statement tell many interim ones."""
    held = reading.counted[-1].balances.setdefault(part.of("Tp/CdOrPrtry/Cd")[:4], [])
    held[1:] = [part] if held else []
    if not held:
        held.append(part)


def _balances(draft: Draft, counted: _Counted, report: Report) -> None:
    found = counted.balances
    for kind in (*OPENING, *CLOSING):
        if len(found.get(kind, ())) > 1:
            report.add("E923", found[kind][1].line, draft.place.path, kind)
            draft.unproved.append(draft.place)
    first = next((found[kind][0] for kind in (*OPENING, INTERIM) if kind in found), None)
    last = next((found[kind][-1] for kind in (*CLOSING, INTERIM) if kind in found), None)
    draft.opening = _told(first, draft, report)
    draft.closing = _told(last, draft, report) if last is not first else None


def _told(part: Node | None, draft: Draft, report: Report) -> tuple[date, int] | None:
    if not part:
        return None
    path = f"{draft.place.path}/Bal"
    amount, day = signed(part, report, path), day_of(part, report, path, "Dt/Dt", "Dt/DtTm")
    if day and amount is not None:
        return day, amount
    draft.unproved.append(draft.place)
    return None


def _summary(reading: _Reading, _draft: Draft, part: Node) -> None:
    if told := part.of("TtlNtries/NbOfNtries"):
        reading.counted[-1].told = (told.lstrip("0")[:15] or "0", part.line)


def _entry(reading: _Reading, draft: Draft, part: Node) -> None:
    counted = reading.counted[-1]
    counted.entries += 1
    place = Place(part.line, f"{draft.place.path}/Ntry[{counted.entries}]")
    reading.lines += take_entry(part, place, draft, reading.report)
    if reading.lines > MAX_LINES:
        raise XmlRefused("E914", part.line, expected=str(MAX_LINES))


_PARTS = {"Id": _name, "Acct": _account, "FrToDt": _stretch, "Bal": _balance, "TxsSummry": _summary, "Ntry": _entry}
