"""Dues as `tasrih check` tells them, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tasrih.assessment import explain, held_sentences
from tasrih.messages import sentence
from tasrih.vocabulary.dues import Due, Dues, HeldBase
from tasrih.vocabulary.money import dinars, per_cent


def dues_text(dues: Dues, language: str, explained: bool) -> Iterator[str]:
    """What is computed, by branch or line by line."""
    yield sentence("cli", "dues", language, total=dinars(dues.total_centimes))
    if explained:
        yield from (f"  {explain(due, language, dues.rounding)}" for due in dues.lines)
    else:
        yield from _by_branch(dues, language)


def held_text(dues: Dues, language: str) -> Iterator[str]:
    """Why, what to do next, and which bases."""
    for why, then in held_sentences(dues, language):
        yield f"{sentence('cli', 'held', language)} {why} {then}"
    yield from (f"  {_held_base(held, language)}" for held in dues.held)


def _by_branch(dues: Dues, language: str) -> Iterator[str]:
    """The year's amount of each code, branch and share."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for due in dues.lines:
        sums[due.code, due.branch, due.share] += due.amount_centimes
    for (code, branch, share), amount in sums.items():
        name = f"{sentence('dues', f'branch_{branch}', language)}, {sentence('dues', f'share_{share}', language)}"
        yield f"  {code}  {dinars(amount):>18}  {name}"


def dues_document(dues: Dues, language: str) -> dict[str, Any]:
    held = dues.state == "held"
    return {
        "state": dues.state,
        "total": None if held else dues.total_centimes,
        "provisional": dues.provisional,
        "rounding": dues.rounding or None,
        "lines": [_due_document(due) for due in dues.lines],
        "held_because": [
            {"reason": reason, "missing": detail, "message": why, "next": then}
            for reason, detail, (why, then) in zip(
                dues.held_because, dues.held_details, held_sentences(dues, language), strict=True
            )
        ],
        "held": [_held_document(base) for base in dues.held],
    }


def _due_document(due: Due) -> dict[str, Any]:
    return {
        "period": due.period,
        "code": due.code,
        "branch": due.branch,
        "share": due.share,
        "base": due.base_centimes,
        "rate": str(due.rate),
        "amount": due.amount_centimes,
        "article": due.article,
        "valid_from": due.valid_from.isoformat(),
        "confidence": due.confidence,
    }


def _held_base(held: HeldBase, language: str) -> str:
    told = {"code": held.code, "period": held.period, "base": dinars(held.base_centimes)}
    if held.indicative_centimes is None:
        return sentence("dues", "held_base", language, **told)
    assert held.total_rate is not None
    rate, amount = per_cent(held.total_rate), dinars(held.indicative_centimes)
    return sentence("dues", "indication", language, **told, rate=rate, amount=amount)


def _held_document(held: HeldBase) -> dict[str, Any]:
    return {
        "period": held.period,
        "code": held.code,
        "base": held.base_centimes,
        "reason": held.reason,
        "total_rate": str(held.total_rate) if held.total_rate is not None else None,
        "indicative": held.indicative_centimes,
    }
