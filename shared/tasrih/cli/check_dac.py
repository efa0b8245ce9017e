"""`tasrih check` of a DAC: one verdict for each employer and period in the deposit."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tasrih.assessment import assess_dac, compare_with_dues, still_to_pay
from tasrih.cli.check import Report
from tasrih.cli.codes import codes_of, registered
from tasrih.cli.dues import dues_document, dues_text, held_text
from tasrih.declaration.dac.examine import DacDeposit, examine_dac
from tasrih.declaration.sent import CodeBase, Dac, Decision, Examined, SentFile
from tasrih.declaration.workbooks import Workbooks
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.money import dinars


def dac_reports(
    files: Sequence[SentFile], options: argparse.Namespace, today: date, workbooks: Workbooks
) -> list[Report]:
    """In the order of the file; what belongs to no declaration in particular comes last, as a verdict of its own."""
    employers = registered(options)
    deposit = examine_dac(
        files,
        today=today,
        class_of=lambda number: employers[number].size_class if number in employers else None,
        workbooks=workbooks,
        code_page=options.code_page,
    )
    reports: list[Report] = [
        DacReport(examined, codes_of(options, employers, examined.employer), options.lang, options.explain)
        for examined in deposit.declarations
    ]
    for report in reports[:-1]:
        report.previews = False
    if len(deposit.findings) or not reports:
        reports.append(RestReport(_of_nobody(deposit), (), options.lang))
    return reports


def _of_nobody(deposit: DacDeposit) -> Examined:
    return Examined(files=deposit.files, findings=deposit.findings, rules_version=deposit.rules_version)


class RestReport(Report):
    """What was found of no declaration in particular."""

    def text(self) -> Iterator[str]:
        yield self.say("accepted_rest" if self.examined.accepted else "refused")
        yield from self.findings_text()


class DacReport(Report):
    """The verdict on one employer's declaration of one period."""

    DECLARED = "declaration_dac"

    def __init__(self, examined: Examined, codes: tuple[str, ...], language: str, explained: bool = False) -> None:
        super().__init__(examined, codes, language, explained)
        dues = self.dues(codes)
        if dues:
            examined.findings.extend(compare_with_dues(self.dac, dues, examined.files[0].name))

    @property
    def dac(self) -> Dac:
        return self.examined.dac or Dac()

    def dues(self, codes: tuple[str, ...]) -> Dues | None:
        if not self.examined.accepted or self.examined.period is None:
            return None
        bases = ((base.code, base.base_centimes) for base in self.dac.bases)
        return assess_dac(bases, self.examined.period, codes or None)

    def totals(self) -> dict[str, Any]:
        dac = self.dac
        return {
            "bases": [_base_document(base) for base in dac.bases],
            "headcount": dac.headcount,
            "entries": dac.entries,
            "exits": dac.exits,
            "paid": dac.paid_centimes,
            "nil": dac.nil,
            "nominal": dac.nominal,
        }

    def assessed(self) -> dict[str, Any] | None:
        dues = self.dues(self.codes)
        if dues is None:
            return None
        return dues_document(dues, self.language) | {"still_to_pay": still_to_pay(dues, self.dac.paid_centimes)}

    def declared(self) -> dict[str, object]:
        """Of the text report. The base is that of every worker: the housing fund rests on it a second time."""
        bases: dict[str, int] = {}
        for base in self.dac.bases:
            bases[base.code] = bases.get(base.code, 0) + base.base_centimes
        said = "؛ " if self.language == "ar" else " ; " if self.language == "fr" else "; "
        return super().declared() | {"base": said.join(f"{code} {dinars(sum_)}" for code, sum_ in bases.items()) or "0"}

    def dues_text(self) -> Iterator[str]:
        dues = self.dues(self.codes)
        if dues is None:
            return
        if dues.state != "held":
            yield from dues_text(dues, self.language, self.explained)
            if self.dac.paid_centimes:
                yield self.say("still_to_pay", total=dinars(still_to_pay(dues, self.dac.paid_centimes)))
            if dues.provisional:
                yield self.say("provisional")
        yield from held_text(dues, self.language)


def _base_document(base: CodeBase) -> dict[str, Any]:
    return {
        "code": base.code,
        "base": base.base_centimes,
        "line": base.line,
        "decisions": [_decision_document(decision) for decision in base.decisions],
        "stated": base.stated_centimes,
    }


def _decision_document(decision: Decision) -> dict[str, Any]:
    return {
        "number": decision.number,
        "start": decision.start.isoformat() if decision.start else None,
        "end": decision.end.isoformat() if decision.end else None,
    }
