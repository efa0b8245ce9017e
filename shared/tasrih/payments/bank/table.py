"""A bank statement as our CSV: an opening row, one row per movement, a closing row; several may follow one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tasrih.declaration.csv.opening import read_opening
from tasrih.declaration.csv.text import Report, encoding_of
from tasrih.declaration.sent import SentFile
from tasrih.payments.bank.camt_values import check_currency
from tasrih.payments.bank.headings import CLOSING, OPENING, RETURN, STATEMENT
from tasrih.payments.bank.limits import MAX_LINES
from tasrih.payments.bank.line import BankLine
from tasrih.payments.bank.rows import Row, TooMany, read_rows
from tasrih.payments.bank.statement import CSV, Draft, Drafted, Place, account_of
from tasrih.vocabulary.finding import Findings
from tasrih.vocabulary.money import dinars

_NO_ROWS, _OWN_COLUMNS = "E514", "W501"
"""Said of declarations by the reader of headings; a bank's file may have any column beside ours."""


@dataclass
class _Reading:
    report: Report
    drafts: list[Draft] = field(default_factory=list)
    balance: int | None = None
    """After the last row, as far as the file tells it."""


def read_csv(file: SentFile, report: Report) -> tuple[Draft, ...]:
    """The statements of the file, each still to be finished; none, and findings that say why, when it has no heading or
    too many rows."""
    codec = encoding_of(file, report)
    heading = Report(file.name, Findings())
    opening = read_opening(file, codec, heading, STATEMENT)
    for found in heading.findings:
        if found.code != _OWN_COLUMNS:
            report.add("E902" if found.code == _NO_ROWS else found.code, found.line, found.column, found.value,
                       found.expected)  # fmt: skip
    if not opening:
        return ()
    reading = _Reading(report)
    try:
        for count, row in enumerate(read_rows(file, codec, opening, report)):
            if count >= MAX_LINES:
                raise TooMany(row.line)
            _take(row, reading)
    except TooMany as many:
        report.add("E914", many.args[0], expected=str(MAX_LINES))
        return ()
    if not reading.drafts:
        report.add("E902")
    return tuple(reading.drafts)


def _take(row: Row, reading: _Reading) -> None:
    """The next row, in its place: behind an opening row, before anything that follows the closing one."""
    if row.nature == OPENING or not reading.drafts:
        reading.drafts.append(Draft(CSV, Place(row.line), account=account_of(row.texts.get("account", ""))))
        reading.balance = None
    draft = reading.drafts[-1]
    _one_account(row, draft, reading.report)
    if row.nature == OPENING:
        draft.opening = _told_balance(row, draft, reading.report)
        draft.first = draft.opening and draft.opening[0]
        reading.balance = draft.opening and draft.opening[1]
        return
    if not draft.opening and len(draft.places) == 0 and row.nature:
        reading.report.add("E922", row.line, "nature", row.texts["nature"])
    if draft.closing:
        reading.report.add("E922", row.line, "nature", row.texts.get("nature", ""))
        draft.unproved.append(Place(row.line))
    elif row.nature == CLOSING:
        draft.closing = _told_balance(row, draft, reading.report)
        draft.last = draft.closing and draft.closing[0]
    else:
        _movement(row, draft, reading)


def _one_account(row: Row, draft: Draft, report: Report) -> None:
    """It needs to stand on the opening row only."""
    account = account_of(row.texts.get("account", ""))
    if account and account != draft.account:
        report.add("E916", row.line, "account", row.texts["account"])
        draft.unproved.append(Place(row.line))


def _told_balance(row: Row, draft: Draft, report: Report) -> tuple[date, int] | None:
    day, balance = row.days.get("booked_on"), row.amounts.get("balance")
    for column, found in (("booked_on", day), ("balance", balance)):
        if found is None and column not in row.wrong:
            report.add("E929", row.line, column)
    if day is None or balance is None or row.wrong:
        draft.unproved.append(Place(row.line))
        return None
    return day, balance


def _movement(row: Row, draft: Draft, reading: _Reading) -> None:
    received = _received(row, reading.report) if row.nature else None
    told = row.amounts.get("balance")
    if received is None:
        draft.unproved.append(Place(row.line))
        reading.balance = told
        return
    expected = None if reading.balance is None else reading.balance + received
    if expected is not None and told is not None and told != expected:
        reading.report.add("E936", row.line, "balance", dinars(told), dinars(expected))
        draft.unproved.append(Place(row.line))
    reading.balance = told if told is not None else expected
    line = _line(row, received, draft.account, reading.report)
    lines, reference = ((line,), line.bank_reference) if line else ((), "")
    draft.movements.append(Drafted(Place(row.line), received, row.days.get("booked_on"), lines, reference))


def _received(row: Row, report: Report) -> int | None:
    """Centimes received less paid out; None where the row does not tell one amount in dinars, which is reported."""
    currency = row.texts.get("currency", "")
    if currency and not check_currency(_currency(currency), report, row.line, "currency"):
        return None
    if row.wrong & {"debit", "credit", "balance"}:
        return None
    debit, credit = row.amounts.get("debit", 0), row.amounts.get("credit", 0)
    if debit and credit:
        report.add("E930", row.line, "credit", f"{dinars(debit)} | {dinars(credit)}")
        return None
    if not debit and not credit:
        report.add("E931", row.line, "credit")
        return None
    return credit - debit


def _currency(text: str) -> str:
    """The dinar by its names of every day."""
    return "DZD" if text.upper().strip(".") in ("DA", "DZD", "DINAR", "DINARS", "دج", "د.ج") else text


def _line(row: Row, received: int, account: str, report: Report) -> BankLine | None:
    """None where a cell of the row that says when or who could not be read, which is reported."""
    booked, value = row.days.get("booked_on"), row.days.get("value_date")
    for column, found in (("booked_on", booked), ("value_date", value)):
        if not found and column not in row.wrong:
            report.add("E929", row.line, column)
    if not booked or not value or row.wrong:
        return None
    return BankLine(
        account=account,
        booked_on=booked,
        value_date=value,
        amount_centimes=received,
        bank_reference=row.texts.get("bank_reference", ""),
        reference=row.texts.get("payment_reference", ""),
        payer_name=row.texts.get("payer", ""),
        payer_account=account_of(row.texts.get("payer_account", "")),
        text=row.texts.get("label", ""),
        reversal=row.nature == RETURN,
        file=report.file,
        line=row.line,
    )
