"""One movement (`Ntry`) of a camt.053 as lines: itself, or each payment of its batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tasrih.declaration.csv.text import Report
from tasrih.payments.bank.camt_values import centimes_in, day_of, signed
from tasrih.payments.bank.limits import MAX_TEXT
from tasrih.payments.bank.line import CURRENCY, BankLine
from tasrih.payments.bank.statement import Draft, Drafted, Place, account_of
from tasrih.payments.bank.xml import Node

_BOOKED, _NOT_BOOKED = "BOOK", ("PDNG", "INFO", "FUTR")
_NONE = "NOTPROVIDED"
"""What the norm writes for a reference that nobody gave."""
_UNSTRUCTURED = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
_REFERENCES = ("RmtInf/Strd/CdtrRefInf/Ref", "Refs/EndToEndId")


def take_entry(entry: Node, place: Place, draft: Draft, report: Report) -> int:
    """Puts the movement where it belongs in the draft: booked, pending, or where its amount is not sure. How many lines
    it makes."""
    status = entry.of("Sts/Cd", "Sts/Prtry", "Sts")
    if status in _NOT_BOOKED:
        return _take_pending(entry, place, draft, report, status)
    amount = signed(entry, report, place.path)
    if status != _BOOKED:
        report.add("E935", entry.line, f"{place.path}/Sts", status, _BOOKED)
    if amount is None or status != _BOOKED:
        draft.unproved.append(place)
        return 1
    line = _line_of(entry, place, draft, report, amount)
    lines = _parted(entry, line, report) if line else ()
    draft.movements.append(Drafted(place, amount, line.booked_on if line else None, lines,
                                   line.bank_reference if line else ""))  # fmt: skip
    return max(1, len(lines))


def _take_pending(entry: Node, place: Place, draft: Draft, report: Report, status: str) -> int:
    amount = signed(entry, report, place.path)
    line = _line_of(entry, place, draft, report, amount) if amount else None
    if line:
        draft.pending.append(line)
        report.add("W943", entry.line, place.path, status)
    return 1


def _line_of(entry: Node, place: Place, draft: Draft, report: Report, amount: int) -> BankLine | None:
    """The movement as one line; None, and findings, where it cannot be one."""
    booked = day_of(entry, report, place.path, "BookgDt/Dt", "BookgDt/DtTm")
    value = day_of(entry, report, place.path, "ValDt/Dt", "ValDt/DtTm")
    wrong = (entry.of("ValDt/Dt", "ValDt/DtTm") and not value) or (
        entry.of("BookgDt/Dt", "BookgDt/DtTm") and not booked
    )
    if not booked and not value and not wrong:
        report.add("E929", entry.line, f"{place.path}/BookgDt")
    if not amount:
        report.add("E931", entry.line, f"{place.path}/Amt")
    on = booked or value
    if wrong or not on or not amount:
        return None
    payments = entry.all("NtryDtls/TxDtls")
    return BankLine(
        account=draft.account, booked_on=on, value_date=value or on, amount_centimes=amount,
        bank_reference=_reference(entry, payments), file=report.file, line=entry.line, place=place.path,
        reversal=entry.of("RvslInd") in ("true", "1"), **_told(entry, payments),
    )  # fmt: skip


def _parted(entry: Node, whole: BankLine, report: Report) -> tuple[BankLine, ...]:
    """Each payment of a batch where the bank tells all their amounts, and they add up; else the movement as one."""
    payments = entry.all("NtryDtls/TxDtls")
    if len(payments) < 2:
        return (whole,)
    amounts = [_amount_of_part(each, whole.amount_centimes > 0) for each in payments]
    if not all(amounts) or sum(each or 0 for each in amounts) != whole.amount_centimes:
        report.add("W944", entry.line, whole.place, str(len(payments)))
        return (whole,)
    return tuple(
        replace(
            whole, amount_centimes=amount or 0, line=each.line, place=f"{whole.place}/TxDtls[{number}]",
            bank_reference=each.of("Refs/AcctSvcrRef")[:MAX_TEXT] or whole.bank_reference, **_told(entry, [each]),
        )
        for number, (each, amount) in enumerate(zip(payments, amounts, strict=True), start=1)
    )  # fmt: skip


def _amount_of_part(payment: Node, received: bool) -> int | None:
    """None where the bank does not tell it in dinars; without a direction of its own it has that of the batch."""
    amount = payment.one("Amt") or payment.one("AmtDtls/TxAmt/Amt")
    if not amount or amount.attributes.get("Ccy") != CURRENCY:
        return None
    centimes = centimes_in("".join(amount.text.split()))
    told = payment.of("CdtDbtInd")
    positive = told == "CRDT" if told else received
    return centimes if positive or centimes is None else -centimes


def _told(entry: Node, payments: list[Node]) -> dict[str, Any]:
    """What payer and bank wrote: of one payment its own; of several that stay together, the texts of all."""
    texts = [text for each in payments for path in _UNSTRUCTURED for text in _texts(each, path)]
    references = [text for each in payments for path in _REFERENCES for text in _texts(each, path)]
    one = payments[0] if len(payments) == 1 else None
    received = entry.of("CdtDbtInd") == "CRDT"
    side = "Dbtr" if received != (entry.of("RvslInd") in ("true", "1")) else "Cdtr"
    return {
        "reference": next(iter(references), "")[:MAX_TEXT] if one else "",
        "text": _joined([*texts, *(references if not one else references[1:]), entry.of("AddtlNtryInf")]),
        "payer_name": one.of(f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")[:MAX_TEXT] if one else "",
        "payer_account": account_of(one.of(f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id"))
        if one
        else "",
    }


def _texts(node: Node, path: str) -> list[str]:
    told = [" ".join(each.text.split()) for each in node.all(path)]
    return [text for text in told if text and text != _NONE]


def _joined(texts: list[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))[:MAX_TEXT]


def _reference(entry: Node, payments: list[Node]) -> str:
    """The bank's own name of the movement; a payer's references are no proof that two differ."""
    own = entry.of("AcctSvcrRef") or (payments[0].of("Refs/AcctSvcrRef") if len(payments) == 1 else "")
    return "" if own == _NONE else own[:MAX_TEXT]
