"""The rule book of a DAC: its table of contents. Reading the list tells what is verified, and in which order.

Sources: [design] our own aggregate and nominal form, no official one is known; [form] contents of the declaration form
as two payroll programs print it; [class] monthly or quarterly, as the agency assigned it; [practice] what such programs
check; [law] a text, as far as it was read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tasrih.declaration import rules as das
from tasrih.declaration.dac import checks
from tasrih.declaration.dac.draft import Check, Draft
from tasrih.declaration.rulebook import Entry
from tasrih.vocabulary.finding import Finding, Findings

RULES_VERSION = "2026-11-25.dac2"
"""Day and turn of the last change to the rules. A test refuses another list without another version."""
RULES_DIGEST = "d183a94ef631e82f"
"""Of codes, columns and sources, as `digest()` gives it."""


@dataclass(frozen=True, slots=True)
class DacRule:
    """One line of the rule book. It says nothing where a column it reads holds a reported cell: not decided."""

    code: str
    columns: tuple[str, ...]
    check: Check
    source: str
    row_by_row: bool = False
    """The check itself passes over the rows whose cells were reported."""


_DECISION = ("decision", "decision_start", "decision_end")

RULES: tuple[DacRule, ...] = (
    # which period
    DacRule("E606", ("period",), checks.in_the_future, "form: a period that has begun"),
    DacRule("W606", ("period",), checks.not_ended, "form: declared after its end"),
    DacRule("E607", ("period",), checks.other_form_than_class, "class: monthly or quarterly"),
    DacRule("W607", ("period",), checks.class_not_known, "class: monthly or quarterly"),
    DacRule("E608", ("period",), checks.month_and_its_quarter, "form: a month is declared once"),
    # what stands once for the whole declaration
    DacRule("E609", ("centre", *checks.MOVEMENT), checks.not_said, "form: given even when nil", row_by_row=True),
    DacRule(
        "E610", checks.SAME_IN_EVERY_ROW, checks.not_the_same, "design: one value per declaration", row_by_row=True
    ),
    DacRule("W106", ("centre",), checks.centre_not_five_digits, "five digits in the one header seen"),
    # codes and bases
    DacRule("E612", ("code",), checks.code_twice, "form: one line per code", row_by_row=True),
    DacRule("E613", ("code", "nil"), checks.code_missing, "form: one line per code", row_by_row=True),
    DacRule("E614", ("base", "nil"), checks.base_missing, "form: a base for each code", row_by_row=True),
    DacRule("E615", ("base", "nil"), checks.nil_with_base, "design: nil means nothing", row_by_row=True),
    DacRule("E616", ("base", "nil", "code"), checks.nothing_declared, "design: nil is said, never left out"),
    DacRule("W617", ("code",), checks.code_not_known, "the known list of codes is one vendor's", row_by_row=True),
    DacRule("W632", ("nil", "headcount"), checks.nil_with_workers, "practice: who is employed is paid"),
    # reductions
    DacRule("E618", _DECISION, checks.decision_missing, "form: annex of reductions", row_by_row=True),
    DacRule("E619", _DECISION, checks.decision_without_days, "form: annex of reductions", row_by_row=True),
    DacRule("E620", _DECISION, checks.decision_ends_before_it_begins, "direct", row_by_row=True),
    DacRule("E621", _DECISION, checks.decision_outside, "form: annex of reductions", row_by_row=True),
    DacRule("W621", _DECISION, checks.decision_for_a_part, "form: annex of reductions", row_by_row=True),
    DacRule("W622", _DECISION, checks.decision_too_long, "law 06-21: three years at most", row_by_row=True),
    DacRule("W623", ("decision", "code"), checks.decision_for_nothing, "form: annex of reductions", row_by_row=True),
    # what should agree
    DacRule("W624", ("base", "code"), checks.housing_fund_on_another_base, "law 83-16: on the whole base"),
    DacRule("W625", ("base", "code"), checks.housing_fund_missing, "law 83-16: on the whole base"),
    DacRule("W626", ("headcount", "base"), checks.base_without_workers, "practice: pay has its workers"),
    DacRule("W627", checks.MOVEMENT, checks.more_entries_than_workers, "direct: who entered is there or left"),
    DacRule("E628", ("certified_on",), checks.certified_in_the_future, "form: certified with place and date"),
)

READING: tuple[Entry, ...] = (
    Entry("E601", "period", "design: 2026-03 or 2026-T1"),
    Entry("W601", "period", "a spreadsheet's date for a month"),
    Entry("E602", "file", "design: rows that are taken at most"),
    Entry("E603", "employer", "ten digits, wilaya 01-69"),
    Entry("E604", "code", "seen: R and two digits"),
    Entry("E605", "file", "direct: no row at all"),
    Entry("E611", "headcount, entries, exits", "direct: a number of persons"),
    Entry("E629", "nil", "design: yes or no"),
    Entry("E210", "nss", "layout of the DAS: insured number, 10 + 2 digits"),
    Entry("E217", "nss", "law/data/choices.toml: new_hire"),
    Entry("W210", "nss", "law/data/choices.toml: new_hire"),
    Entry("E212", "surname", "form: a line per worker"),
    Entry("E216", "decision_start, decision_end, certified_on, entry, exit", "direct: a day of the calendar"),
    Entry("W216", "exit, entry", "direct"),
    Entry("E511", "file", "two encodings in one file: no name can be trusted"),
    Entry("W502", "file", "a code page cannot be told for certain: a person confirms how names are read"),
    Entry("W504", "surname, first_name, place", "signs without a shape are taken out"),
    Entry("W509", "surname, first_name, place", "a name read in the wrong code page before"),
)

COMPARED: tuple[Entry, ...] = (
    Entry("E052", "file", "design: one table of each kind"),
    Entry("E633", "base", "design: workers add up to the aggregate, code by code"),
    Entry("W634", "headcount", "design: workers add up to the aggregate"),
    Entry("W635", "nss", "nothing says whether two lines for one worker and code are meant"),
    Entry("E636", "file", "design: declarations that are taken at most"),
)
"""Found over whole files: workers among themselves, and against the aggregate."""

HANDSHAKE: tuple[Entry, ...] = tuple(entry for entry in das.HANDSHAKE if entry.code != "E405")
"""No total is announced of a DAC."""

WITH_DUES: tuple[Entry, ...] = (
    Entry("W630", "paid", "direct: no more was owed"),
    Entry("W631", "amount", "practice: base x rate"),
)
"""Found once the dues are known (`assessment.dac`)."""

RETIRED = ("E512", "E600")
"""Given until 2026-11-25, when a DAC in Arabic Windows-1256, or any DAC, could not be filed: old reports hold them,
nothing else ever gets them."""


def apply(draft: Draft, findings: Findings) -> None:
    for rule in RULES:
        if rule.row_by_row or not draft.broken & set(rule.columns):
            for told in rule.check(draft):
                findings.add(Finding(rule.code, draft.file, told.line, told.column, told.value, told.expected))


def compare(draft: Draft, named: Draft, findings: Findings) -> None:
    """An aggregate against the lines of workers that came with it: bases code by code, and headcount."""
    if not (draft.broken & {"base", "code"}):
        said, added = draft.by_code(), named.by_code()
        lines = {base.code: base.line for base in reversed(draft.bases)}
        for code in dict.fromkeys((*said, *added)):
            if said.get(code, 0) != added.get(code, 0):
                line = lines.get(code, draft.line)
                found, expected = f"{code} {said.get(code, 0)}", f"{code} {added.get(code, 0)}"
                findings.add(Finding("E633", draft.file, line, "base", found, expected))
    if draft.headcount is not None and draft.headcount != named.headcount:
        line = draft.line_of("headcount")
        findings.add(Finding("W634", draft.file, line, "headcount", str(draft.headcount), str(named.headcount)))


def digest() -> str:
    """Changes with any code, column, order or source of the rule book."""
    rules = [f"{rule.code} {rule.columns} {rule.source} {rule.row_by_row}" for rule in RULES]
    entries = [f"{entry.code} {entry.about} {entry.source}" for entry in (*READING, *COMPARED, *HANDSHAKE, *WITH_DUES)]
    return hashlib.sha256("\n".join((*rules, *entries)).encode()).hexdigest()[:16]
