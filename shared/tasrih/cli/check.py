"""`tasrih check`: the server's reading, rules and dues, offline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tasrih.adapters.workbooks import child_workbooks
from tasrih.assessment import assess_lines, assumed_code
from tasrih.cli.codes import codes_of, registered
from tasrih.cli.deposit import grouped, looked_up, sent, unreadable
from tasrih.cli.dues import dues_document, dues_text, held_text
from tasrih.cli.preview import preview
from tasrih.cli.reserve import reserve, reserve_text
from tasrih.declaration.archive import seems_zip
from tasrih.declaration.dac.examine import holds_dac
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, SentFile
from tasrih.declaration.workbooks import Once
from tasrih.law import LAW_VERSION
from tasrih.messages import sentence
from tasrih.messages.findings import finding_sentence, printable
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.money import dinars

NOT_USABLE = 2
TEXT_FINDINGS = 50
"""Shown on a screen; all of them stand in the JSON form."""
GENERAL_SCHEME = ("R22",)


def run(options: argparse.Namespace) -> int:
    today = datetime.now(ZoneInfo("Africa/Algiers")).date()
    files, troubles = looked_up(options.paths, options.lang)
    reports: list[Report] = []
    for deposit in grouped(files):
        try:
            read = sent(deposit)
            made = _reports(read, options, today)
            for report in made:
                report.packed = frozenset(file.name for file in read if _is_packed(file))
            reports += made
        except OSError as trouble:
            troubles.append(unreadable(trouble, deposit[0], options.lang))
    if reports:
        _write("".join(_rendered(reports, options)), options.out)
    for told in troubles:
        print(f"tasrih: {told}", file=sys.stderr)
    if troubles:
        return NOT_USABLE
    return 0 if all(report.examined.accepted for report in reports) else 1


def _reports(files: list[SentFile], options: argparse.Namespace, today: date) -> Sequence[Report]:
    """One; of a DAC, one for each employer and period."""
    workbooks = Once(child_workbooks)
    if holds_dac(files, workbooks):
        from tasrih.cli.check_dac import dac_reports

        return dac_reports(files, options, today, workbooks)
    examined = examine(files, today=today, workbooks=workbooks, code_page=options.code_page)
    return [Report(examined, codes_of(options, registered(options), examined.employer), options.lang, options.explain)]


def _is_packed(file: SentFile) -> bool:
    with file.open() as stream:
        return seems_zip(stream.read(4))


def _rendered(reports: Sequence[Report], options: argparse.Namespace) -> Iterator[str]:
    if options.format == "json":
        documents = [report.document() for report in reports]
        plain = not options.out and (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        written = [_written(document, plain) for document in documents]
        yield (written[0] if len(written) == 1 else "[\n" + ",\n".join(written) + "\n]") + "\n"
        return
    for report in reports:
        yield from (line + "\n" for line in report.text())


def _written(document: dict[str, Any], plain: bool) -> str:
    """One key a line and one finding a line: twenty thousand of them are written five times faster than indented."""
    encode = json.JSONEncoder(ensure_ascii=plain).encode
    lines = []
    for key, value in document.items():
        rows = ",\n  ".join(map(encode, value)) if key == "findings" and value else ""
        lines.append(f" {encode(key)}: [\n  {rows}\n ]" if rows else f" {encode(key)}: {encode(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _write(text: str, out: str | None) -> None:
    if out:
        Path(out).write_text(text, "utf-8")
        return
    with suppress(BrokenPipeError):  # the verdict stands, whether it is read to its end or not
        sys.stdout.write(text)


class Report:
    """One deposit's verdict, for people and for programs."""

    DECLARED = "declaration"
    previews = True
    """Whether names that rest on a guess are shown: of a DAC of many, with the last alone."""
    packed: frozenset[str] = frozenset()
    """Names of workbooks and archives: they have no lines of text, but rows of the declaration."""

    def __init__(self, examined: Examined, codes: tuple[str, ...], language: str, explained: bool = False) -> None:
        self.examined, self.codes, self.language, self.explained = examined, codes, language, explained

    def say(self, key: str, **values: object) -> str:
        return sentence("cli", key, self.language, **values)

    def dues(self, codes: tuple[str, ...]) -> Dues | None:
        """None where there is no declaration to assess."""
        period = self.examined.period
        if not self.examined.accepted or period is None:
            return None
        return assess_lines(self.examined.totals, period.year, codes or None)

    @property
    def assumed(self) -> str:
        """The code that lines without one are under."""
        return assumed_code(self.examined.totals, self.codes)

    def document(self) -> dict[str, Any]:
        """The published contract: keys stay, amounts are integer centimes."""
        examined = self.examined
        return {
            "verdict": "accepted" if examined.accepted else "refused",
            "kind": examined.kind or None,
            "type": examined.type or None,
            "employer": examined.employer or None,
            "period": str(examined.period) if examined.period else None,
            "lines": examined.lines,
            "rules_version": examined.rules_version,
            "law_version": LAW_VERSION,
            "counts": dict(sorted(examined.findings.counts.items())),
            "findings": [self._finding(each) for each in examined.findings],
            "totals": self.totals(),
            "reserve": reserve(self.examined),
            "names": asdict(examined.to_confirm) if examined.to_confirm else None,
            "dues": self.assessed(),
            "files": [
                {"name": file.name, "size": file.size, "sha256": file.sha256, "lines": file.lines}
                for file in examined.files
            ],
        }

    def totals(self) -> dict[str, Any]:
        found = self.examined.totals
        by_code = {code: _quarters(quarters) for code, quarters in found.by_code}
        return {**_quarters(found.quarters), "year": found.year, "by_code": by_code}

    def _finding(self, each: Finding) -> dict[str, Any]:
        return {
            "code": each.code,
            "severity": each.severity,
            "file": each.file or None,
            "line": each.line or None,
            "column": each.column or None,
            "value": each.value,
            "expected": each.expected,
            "message": finding_sentence(each, self.language),
            "own": [{"heading": heading, "text": text} for heading, text in each.own],
        }

    def assessed(self) -> dict[str, Any] | None:
        dues = self.dues(self.codes)
        if dues is None:
            return None
        document = dues_document(dues, self.language) | {"assumed_code": self.assumed or None}
        if dues.state == "held" and not self.codes and (general := self.dues(GENERAL_SCHEME)):
            document["if_general_scheme"] = dues_document(general, self.language)
        return document

    def text(self) -> Iterator[str]:
        examined = self.examined
        accepted = "accepted_names" if examined.to_confirm else "accepted"
        yield self.say(accepted if examined.accepted else "refused")
        for file in examined.files:
            key, lines = ("file_packed", examined.lines) if file.name in self.packed else ("file", file.lines)
            yield self.say(key, name=printable(file.name), lines=lines, size=file.size)
        if examined.kind:
            yield self.say(self.DECLARED, **self.declared())
        yield from self.findings_text()
        if examined.to_confirm and self.previews:
            yield from preview(examined.to_confirm.guessed, examined.to_confirm.names, self.language)
            yield self.say("names_in_advance")
        yield from reserve_text(self.examined, self.language)
        yield from self.dues_text()
        yield self.say("versions", rules=examined.rules_version, law=LAW_VERSION)

    def declared(self) -> dict[str, object]:
        examined = self.examined
        told: dict[str, object] = {"kind": examined.kind, "employer": examined.employer, "lines": examined.lines}
        return told | {"period": examined.period or "?", "base": dinars(examined.totals.year)}

    def findings_text(self) -> Iterator[str]:
        found = self.examined.findings
        if not len(found):
            return
        yield self.say("found", errors=found.errors, warnings=found.warnings)
        ordered = sorted(found, key=lambda each: each.code.startswith("W"))
        for each in ordered[:TEXT_FINDINGS]:
            place = ":".join(str(part) for part in (printable(each.file), each.line) if part)
            yield f"  {each.code}  {place}  {finding_sentence(each, self.language)}"
            if each.own:
                cells = " · ".join(f"{heading}: {text}" for heading, text in each.own)
                yield self.say("own", cells=printable(cells))
        if len(found) > TEXT_FINDINGS:
            yield self.say("more", shown=TEXT_FINDINGS, all=len(found))

    def dues_text(self) -> Iterator[str]:
        dues = self.dues(self.codes)
        if dues is None:
            return
        yield from self.codes_text()
        if dues.state != "held":
            yield from dues_text(dues, self.language, self.explained)
            if not self.explained:
                yield self.say("explain")
            if dues.provisional:
                yield self.say("provisional")
        yield from held_text(dues, self.language)
        general = self.dues(GENERAL_SCHEME) if dues.state == "held" and not self.codes else None
        if general and general.state == "computed":
            yield self.say("if_general_scheme", total=dinars(general.total_centimes))

    def codes_text(self) -> Iterator[str]:
        """Which codes the file tells, and which the register."""
        told = ", ".join(code for code, _ in self.examined.totals.by_code)
        if told:
            yield sentence("dues", "codes_told", self.language, codes=told)
        if self.assumed:
            key = "code_assumed_for_rest" if told else "assumed_general_scheme"
            yield sentence("dues", key, self.language, code=self.assumed)


def _quarters(quarters: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("q1", "q2", "q3", "q4"), quarters, strict=True))
