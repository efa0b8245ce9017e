"""Values in the forms of the norm; what has no such form is told where it stands."""

from __future__ import annotations

import re
from datetime import date, datetime

from tasrih.declaration.csv.text import Report
from tasrih.payments.bank.line import CURRENCY
from tasrih.payments.bank.statement import check_size
from tasrih.payments.bank.xml import Node

_AMOUNT = re.compile(r"\+?(?:([0-9]{1,40})(?:\.([0-9]{0,20}))?|\.([0-9]{1,20}))", re.ASCII)
_NEGATIVE = re.compile(r"-[0-9.]+", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_SIGNS = {"CRDT": 1, "DBIT": -1}
FORM, DAY_FORM = "36000.00", "2026-12-31"


def check_currency(currency: str, report: Report, line: int, path: str) -> bool:
    if currency == CURRENCY:
        return True
    report.add("E917", line, path, currency, CURRENCY)
    return False


def signed(node: Node, report: Report, path: str) -> int | None:
    """Centimes of `Amt` with the sign of `CdtDbtInd`; None where either is not sure."""
    amount, told = node.one("Amt"), node.of("CdtDbtInd")
    if told not in _SIGNS:
        report.add("E934", node.line, f"{path}/CdtDbtInd", told, " | ".join(_SIGNS))
    if not amount:
        report.add("E929", node.line, f"{path}/Amt")
        return None
    centimes = _centimes(amount, report, f"{path}/Amt")
    return None if centimes is None or told not in _SIGNS else _SIGNS[told] * centimes


def _centimes(amount: Node, report: Report, path: str) -> int | None:
    if not check_currency(amount.attributes.get("Ccy", ""), report, amount.line, path):
        return None
    text = "".join(amount.text.split())
    centimes = centimes_in(text)
    if centimes is None:
        fraction = _AMOUNT.fullmatch(text)
        report.add("E933" if fraction else "E535" if _NEGATIVE.fullmatch(text) else "E525",
                   amount.line, path, text, FORM)  # fmt: skip
        return None
    return centimes if check_size(centimes, report, amount.line, path) else None


def centimes_in(text: str) -> int | None:
    """None where it is no amount, or one that goes below the centime."""
    found = _AMOUNT.fullmatch(text)
    cents = (found[2] or found[3] or "").ljust(2, "0") if found else ""
    if not found or cents[2:].strip("0"):
        return None
    return int(found[1] or "0") * 100 + int(cents[:2])


def day_of(node: Node, report: Report, path: str, *paths: str) -> date | None:
    """The calendar day that the bank wrote, whatever zone its hour is in. None too where there is none."""
    text = node.of(*paths)
    if not text:
        return None
    try:
        found = _DAY.fullmatch(text)
        return date.fromisoformat(found[1]) if found else datetime.fromisoformat(text).date()
    except ValueError:
        report.add("E527", node.line, f"{path}/{paths[0].partition('/')[0]}", text, DAY_FORM)
        return None
