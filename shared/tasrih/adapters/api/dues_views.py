"""Dues and what a DAC says as answers of the API, from a receipt's fixed payload or from the outcome of a test."""

from __future__ import annotations

import json
from dataclasses import asdict

from tasrih.adapters.api import dues_models
from tasrih.assessment import explain, held_sentences
from tasrih.messages import sentence
from tasrih.story.receipt_dues import dues_of, dues_of_test
from tasrih.story.records import Outcome, Receipt
from tasrih.vocabulary.dues import Due, Dues, HeldBase


def dues(outcome: Outcome, receipt: Receipt | None, language: str) -> dues_models.DuesView:
    found = dues_of_test(outcome) if outcome.dues else dues_of(receipt) if receipt else None
    found = found or Dues("held", held_because=outcome.held_because, held_details=outcome.held_details)
    return dues_models.DuesView.model_validate(
        {
            "state": found.state,
            "total_centimes": None if found.state == "held" else found.total_centimes,
            "lines": [_line(due, found, language) for due in found.lines],
            "held": [_held(base) for base in found.held],
            "held_because": [f"{why} {then}" for why, then in held_sentences(found, language)],
        }
    )


def dac(outcome: Outcome, receipt: Receipt | None) -> dues_models.DacView | None:
    told = json.loads(outcome.dac) if outcome.dac else json.loads(receipt.payload).get("dac") if receipt else None
    return dues_models.DacView.model_validate(told) if told else None


def _line(due: Due, dues: Dues, language: str) -> dues_models.DueView:
    return dues_models.DueView(
        period=due.period,
        code=due.code,
        branch=sentence("dues", f"branch_{due.branch}", language),
        share=sentence("dues", f"share_{due.share}", language),
        base_centimes=due.base_centimes,
        rate=str(due.rate),
        amount_centimes=due.amount_centimes,
        article=due.article,
        valid_from=due.valid_from.isoformat(),
        confidence=due.confidence,
        explanation=explain(due, language, dues.rounding),
    )


def _held(base: HeldBase) -> dues_models.HeldBaseView:
    rate = None if base.total_rate is None else str(base.total_rate)
    return dues_models.HeldBaseView(**{**asdict(base), "total_rate": rate})
