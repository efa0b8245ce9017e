"""What a receipt says, as plain values fixed before anything is signed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tasrih.correspondence.canonical import canonical, clean, encode
from tasrih.correspondence.dac_facts import dac_facts, held_facts
from tasrih.correspondence.numbers import receipt_number
from tasrih.vocabulary.certified import Certified, NamesRead
from tasrih.vocabulary.dues import Due, Dues

if TYPE_CHECKING:  # that module loads numpy, which verifying a receipt has no use for
    from tasrih.declaration.sent import Dac, FileFacts, Totals

RECEIPT_FORMAT = "tasrih.receipt.1"
SUMMARY_FORMAT = "tasrih.summary.1"
WITHDRAWAL_FORMAT = "tasrih.withdrawal.1"
WITHDRAWAL_SUMMARY_FORMAT = "tasrih.withdrawal-summary.1"
ALGIERS = ZoneInfo("Africa/Algiers")

Facts = dict[str, Any]
"""JSON values only; amounts in centimes, times as ISO text, rates as text in per cent."""

SHORT = {
    "format": "t",
    "number": "n",
    "employer": "e",
    "kind": "k",
    "type": "y",
    "period": "p",
    "version": "v",
    "lines": "l",
    "base_centimes": "b",
    "dues_centimes": "d",
    "arrived_at": "a",
    "facts_sha256": "s",
}
"""Names of the summary's values -> the short keys that keep the QR code small."""
SHORT_WITHDRAWAL = {
    **{name: SHORT[name] for name in ("format", "number", "employer", "kind", "type", "period", "version")},
    "withdraws": "w",
    "withdrawn_at": "a",
    "facts_sha256": "s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An accepted declaration version, as its receipt tells it."""

    rank: int
    entity_name: str
    entity_name_ar: str = ""
    employer: str
    agency: str
    centre: str
    kind: str
    type: str
    period: str
    version: int
    files: tuple[FileFacts, ...]
    arrived_at: datetime
    """Completion of the last needed object."""
    lines: int
    totals: Totals
    """Of a DAS."""
    dues: Dues
    assumed_code: str = ""
    """Contribution code taken from the register for the lines that tell none; "" when nothing was assumed."""
    rules_version: str
    replaces: str = ""
    """Receipt number of the version it supersedes."""
    certified: Certified | None = None
    """Who vouches for it; None for what was opened before filings were certified."""
    names: NamesRead | None = None
    """Who said in which code page the names are written; None where nothing hangs on that."""
    in_reserve: int = 0
    """Lines without an insured number."""
    workers_in_reserve: int = 0
    """Whose lines these are; 0 where they were not counted yet."""
    complete_by: str = ""
    """ISO date: the last day to complete these; "" when there are none."""
    dac: Dac | None = None
    """What a DAC says."""


def _due(due: Due) -> Facts:
    return {
        "period": due.period,
        "code": due.code,
        "branch": due.branch,
        "share": due.share,
        "base_centimes": due.base_centimes,
        "rate": format(due.rate, "f"),
        "amount_centimes": due.amount_centimes,
        "article": clean(due.article),
        "valid_from": due.valid_from.isoformat(),
        "confidence": due.confidence,
    }


def _declared(filing: Filing) -> Facts:
    """The quarters of a DAS, and the codes that its lines tell; or what a DAC says."""
    if filing.dac:
        return {"base_centimes": filing.dac.base_centimes, "dac": dac_facts(filing.dac, filing.dues)}
    totals = filing.totals
    codes = {"codes": _codes(totals)} if totals.by_code else {}
    return {"quarters_centimes": list(totals.quarters), "base_centimes": totals.year, **codes}


def _codes(totals: Totals) -> list[Facts]:
    """What the lines tell, where they tell codes; receipts of other filings have no such part."""
    return [{"code": code, "quarters_centimes": list(quarters)} for code, quarters in totals.by_code]


def dues_facts(dues: Dues) -> Facts:
    """As JSON values. A held total is null, so that nobody reads it as nothing owed; where a part is held, the total is
    that of the other, and the bases that are held stand beside it."""
    held = dues.state == "held"
    details = (*dues.held_details, *[""] * (len(dues.held_because) - len(dues.held_details)))
    return {
        "state": dues.state,
        "total_centimes": None if held else dues.total_centimes,
        "lines": [_due(due) for due in dues.lines],
        "held_because": [
            {"reason": reason, "detail": clean(detail)}
            for reason, detail in zip(dues.held_because, details, strict=False)
        ],
        "rounding": dues.rounding,
        **({"held": held_facts(dues)} if dues.held else {}),
    }


def certified_facts(certified: Certified | None) -> Facts | None:
    """The person, the capacity, and the mandate (None for the employer's own people)."""
    if certified is None:
        return None
    mandate = {"holder": clean(certified.holder), "since": certified.mandate_since} if certified.holder else None
    return {"name": clean(certified.name), "capacity": clean(certified.capacity), "mandate": mandate}


def names_facts(names: NamesRead | None) -> Facts | None:
    """The code page, who named it, and when."""
    if names is None:
        return None
    moment = names.at.astimezone(ALGIERS).isoformat(timespec="seconds")
    return {"code_page": names.code_page, "by": certified_facts(names.certified), "at": moment}


def reserve_facts(lines: int, workers: int, complete_by: str) -> Facts | None:
    """How many workers are accepted in reserve, on how many lines, and until when they are to be completed. Nobody is
    named. Of what was kept before workers were counted, each line is one."""
    return {"lines": lines, "workers": workers or lines, "complete_by": complete_by} if complete_by else None


def workers_in_reserve(reserve: Facts) -> int:
    """A receipt made before workers were counted tells lines only."""
    return int(reserve["workers"] if "workers" in reserve else reserve["lines"])


def receipt_facts(filing: Filing) -> Facts:
    """All that a receipt says. Names lose control and direction signs; the arrival is written in Algiers time.

    Raises ValueError when the arrival has no time zone.
    """
    if filing.arrived_at.tzinfo is None:
        raise ValueError("an arrival needs its time zone")
    return {
        "format": RECEIPT_FORMAT,
        "number": receipt_number(filing.rank),
        "entity_name": clean(filing.entity_name),
        "entity_name_ar": clean(filing.entity_name_ar),
        "employer": filing.employer,
        "agency": clean(filing.agency),
        "centre": clean(filing.centre),
        "kind": filing.kind,
        "type": filing.type,
        "period": filing.period,
        "version": filing.version,
        "files": [
            {"name": clean(file.name), "size": file.size, "sha256": file.sha256, "lines": file.lines}
            for file in filing.files
        ],
        "arrived_at": filing.arrived_at.astimezone(ALGIERS).isoformat(timespec="seconds"),
        "lines": filing.lines,
        **_declared(filing),
        "dues": dues_facts(filing.dues),
        "assumed_code": filing.assumed_code,
        "rules_version": filing.rules_version,
        "law_version": filing.dues.law_version,
        "replaces": filing.replaces,
        "certified": certified_facts(filing.certified),
        "names": names_facts(filing.names),
        "reserve": reserve_facts(filing.in_reserve, filing.workers_in_reserve, filing.complete_by),
    }


def summary(facts: Facts) -> Facts:
    """The compact values that are signed and stand in the QR code, under short keys (`SHORT`).

    They hold the SHA-256 of the canonical facts, so that one signature vouches for the receipt and for the code on
    the paper alike. Dues are centimes, "held", or "12345+held" where a part is held. Raises KeyError, TypeError or
    ValueError when the facts are no receipt's.
    """
    values = {**facts, "facts_sha256": encode(hashlib.sha256(canonical(facts)).digest())}
    if facts["format"] == WITHDRAWAL_FORMAT:
        values["format"] = WITHDRAWAL_SUMMARY_FORMAT
        return {key: values[name] for name, key in SHORT_WITHDRAWAL.items()}
    values |= {"format": SUMMARY_FORMAT, "dues_centimes": _short_dues(facts["dues"])}
    return {key: values[name] for name, key in SHORT.items()}


def _short_dues(dues: Facts) -> int | str:
    if dues["state"] == "partly_held":
        return f"{dues['total_centimes']}+held"
    return "held" if dues["state"] == "held" else int(dues["total_centimes"])


def day(text: str) -> str:
    """An ISO date or time -> "28/01/2026", as papers in Algeria write it. Raises ValueError."""
    return date.fromisoformat(text[:10]).strftime("%d/%m/%Y")
