"""The rule book of a line: its table of contents. Reading the list tells what is verified, and in which order.

Sources: [layout] the layout as rebuilt from independent implementations that agree on every offset; [practice] checks
seen in programs that write accepted files; [direct] follows from the layout itself.
"""

from __future__ import annotations

import hashlib

from tasrih.declaration import checks
from tasrih.declaration.checks import AMOUNTS, TEXTS
from tasrih.declaration.columns import QUARTERS, Cells
from tasrih.declaration.layout import FIXED
from tasrih.declaration.names import misread
from tasrih.declaration.rulebook import Against, Entry, Place, Rule

RULES_VERSION = "2026-11-25.3"
"""Day and turn of the last change to the rules. A test refuses another list without another version."""
RULES_DIGEST = "777aad5146f4ed1f"
"""Of codes, columns and sources, as `digest()` gives it."""

LINE: tuple[Place, ...] = ((),)


def alone(*columns: str) -> tuple[Place, ...]:
    """Each column for itself."""
    return tuple((column,) for column in columns)


def quarterly(*columns: str) -> tuple[Place, ...]:
    """Four places: in each "#" stands for the quarter."""
    return tuple(tuple(column.replace("#", str(quarter)) for column in columns) for quarter in QUARTERS)


def _sum_of_quarters(cells: Cells, _against: Against, _place: int, row: int) -> str:
    return str(int(cells.bases.values[:, row].sum()))


def _employer(_cells: Cells, against: Against, _place: int, _row: int) -> str:
    return against.employer.decode("ascii")


def _year(_cells: Cells, against: Against, _place: int, _row: int) -> str:
    return f"{against.year:04d}"


def _number(cells: Cells, against: Against, _place: int, row: int) -> str:
    return str(int(cells.numbers[row]) - against.lead)


def _cap(cells: Cells, against: Against, place: int, row: int) -> str:
    unit = chr(cells.units[place, row])
    return f"<= {against.caps.get(unit)} {unit}"


def _wage(cells: Cells, against: Against, place: int, row: int) -> str:
    assert against.wages is not None
    months = cells.durations.values[place, row] / against.full_month[chr(cells.units[place, row])]
    return f">= {int(min(months, checks.MONTHS_OF_QUARTER) * against.wages[place])}"


def _spell(cells: Cells, _against: Against, _place: int, row: int) -> str:
    entry, leave = (cells.text(row, name) for name in ("entry", "exit"))
    return f"{_slashed(entry)} - {_slashed(leave)}"


def _slashed(day: str) -> str:
    """01032015 -> "01/03/2015"; no date is "…"."""
    return f"{day[:2]}/{day[2:4]}/{day[4:]}" if day.strip("0") else "…"


def _probable(cells: Cells, _against: Against, place: int, row: int) -> str:
    return misread(cells.text(row, TEXTS[place]))


def _back(cells: Cells, _against: Against, _place: int, row: int) -> str:
    """By how many columns the line must be moved."""
    return f"{-checks.shift_of(cells.matrix[row].tobytes(), cells.layout.columns['unit_q1'].start):+d}"


NUMERIC = tuple(name for name in FIXED.columns if name not in (*TEXTS, "end"))
WHOLE = "0-9"
DAY = "ddmmyyyy"

RULES: tuple[Rule, ...] = (
    # what stands in the cells
    Rule("E204", alone(*FIXED.columns), checks.control_characters, "layout: text only", breaks=True),
    Rule("E213", alone(*TEXTS), checks.arabic_script, "layout: no Arabic script", "A-Z", breaks=True),
    Rule("E207", alone(*NUMERIC), checks.foreign_digits, "layout: ASCII digits", WHOLE, breaks=True),
    Rule("E203", LINE, checks.shifted, "layout: columns", _back, breaks=True),
    # whose line it is
    Rule("E205", alone("employer"), checks.other_employer, "practice: one employer in a file", _employer),
    Rule("E206", alone("year"), checks.other_year, "practice: one year in a file", _year, breaks=True),
    Rule("E208", alone("number"), checks.number_unreadable, "layout: line number", WHOLE, breaks=True),
    Rule("E209", alone("number"), checks.out_of_sequence, "practice: lines numbered from 1", _number),
    # who the worker is
    Rule("E210", alone("nss"), checks.nss_unreadable, "layout: insured number, 10 + 2 digits", "12 x 0-9", breaks=True),
    Rule("W210", alone("nss"), checks.new_hire_in_reserve, "law/data/choices.toml: new_hire", "12 x 0-9"),
    Rule("E217", alone("nss"), checks.new_hire_refused, "law/data/choices.toml: new_hire", "12 x 0-9"),
    Rule("E212", alone("surname"), checks.surname_missing, "practice: surname present", "A-Z"),
    Rule("W213", alone(*TEXTS), checks.not_ascii, "the one real file seen is ASCII", "A-Z"),
    Rule("W509", alone(*TEXTS), checks.misread_name, "a name read in the wrong code page before", _probable),
    Rule("W510", alone(*TEXTS), checks.letters_lost, "letters that an earlier program lost"),
    Rule("E214", alone("birth"), checks.birth_unreadable, "layout: birth date", DAY, breaks=True),
    Rule("E215", alone("birth"), checks.birth_in_future, "practice: birth date not in the future"),
    Rule("E216", alone("entry", "exit"), checks.spell_unreadable, "layout: entry and exit date", DAY, breaks=True),
    Rule("W216", (("exit", "entry"),), checks.entry_after_exit, "one line may stand for two spells"),
    # what was paid, and for how long
    Rule("E302", alone(*AMOUNTS), checks.negative, "layout: no sign", ">= 0", breaks=True),
    Rule("E301", alone(*AMOUNTS), checks.amounts_unreadable, "layout: whole centimes", WHOLE, breaks=True),
    Rule("E304", quarterly("duration_q#"), checks.duration_unreadable, "layout: whole number", WHOLE, breaks=True),
    Rule("E305", quarterly("unit_q#"), checks.unit_unknown, "layout: unit of duration", "J, H, M", breaks=True),
    Rule("E306", (("base_year", *AMOUNTS[:4]),), checks.year_not_sum, "practice: quarters = year", _sum_of_quarters),
    Rule(
        "W301",
        quarterly("base_q#", "entry", "exit", "year"),
        checks.paid_outside_spell,
        "pay is declared when received",
        _spell,
    ),
    Rule("W302", (("base_year", *AMOUNTS[:4]),), checks.nothing_paid, "practice: zero base", "> 0"),
    Rule("W303", quarterly("duration_q#", "unit_q#"), checks.duration_over_cap, "declaration/limits.toml", _cap),
    Rule(
        "W304",
        quarterly("base_q#", "duration_q#", "unit_q#", "year"),
        checks.below_minimum_wage,
        "minimum wage, for the time declared",
        _wage,
    ),
)

READING: tuple[Entry, ...] = (
    Entry("E050", "file", "layout: two files, one deposit; the header is missing"),
    Entry("E051", "file", "layout: two files, one deposit; the detail is missing"),
    Entry("E052", "file", "layout: two files, one deposit; one of them came twice"),
    Entry("E053", "file", "layout: file name D{yy}E{employer}.txt or D{yy}S{employer}.txt"),
    Entry("E054", "file", "practice: year of the name = year inside"),
    Entry("E055", "file", "practice: employer of the name = employer inside"),
    Entry("E056", "file", "layout: six columns for the line number"),
    Entry("E057", "file", "direct: the file was cut"),
    Entry("E058", "file", "direct: no line at all"),
    Entry("E101", "base_q1..base_year, workers", "layout: six numbers end the header"),
    Entry("E102", "employer", "layout: ten digits, wilaya 01-69"),
    Entry("E103", "type", "layout: N, C, R"),
    Entry("E104", "year", "layout: four digits"),
    Entry("E105", "year", "direct: a year to come cannot be declared"),
    Entry("E107", "base_q1..base_year, workers", "layout: whole centimes"),
    Entry("E108", "base_q1..base_year, workers", "layout: no sign"),
    Entry("E111", "file", "layout: one header line"),
    Entry("E113", "centre, denomination, name, address", "layout: no Arabic script"),
    Entry("W101", "base_q1..base_year, workers", "seen in real and generated files: columns beside their place"),
    Entry("W102", "type", "effect of C and R is assumed"),
    Entry("W106", "centre", "five digits in the one header seen; no list is published"),
    Entry("E201", "line", "layout: 194 or 195 characters"),
    Entry("E202", "line", "layout: 194 or 195 characters"),
    Entry("E541", "code", "law 83-16: the housing fund is on the whole base"),
    Entry("E604", "code", "seen: R and two digits; in a table alone"),
    Entry("W617", "code", "the known list of codes is one vendor's"),
    Entry("E511", "file", "two encodings in one file: no name can be trusted"),
    Entry("W502", "surname, first_name, function", "a code page cannot be told for certain: a person confirms"),
    Entry("W504", "surname, first_name, function", "signs without a shape are taken out"),
    Entry("W305", "base_q1..base_year", "generators write from the first column on"),
)

FILE_RULES: tuple[Entry, ...] = (
    Entry("E109", "workers", "practice: number of workers = number of lines"),
    Entry("E110", "base_year", "practice: quarters = year, in the header"),
    Entry("E307", "base_q1, base_q2, base_q3, base_q4", "practice: sum of lines = header"),
    Entry("E308", "base_year", "practice: sum of lines = header"),
    Entry("E309", "base_year", "practice: at least one base"),
    Entry("W211", "nss", "nothing says whether several lines for one worker are accepted"),
)

HANDSHAKE: tuple[Entry, ...] = (
    Entry("E401", "file", "fewer bytes than announced"),
    Entry("E402", "file", "content of another announced file"),
    Entry("E403", "file", "content other than announced"),
    Entry("E404", "file", "lines other than announced"),
    Entry("E405", "base_year", "total other than announced"),
    Entry("E406", "file", "announced and not received, or the other way round"),
)


def digest() -> str:
    """Changes with any code, column, order or source of the rule book."""
    rules = [f"{rule.code} {rule.places} {rule.source} {rule.breaks}" for rule in RULES]
    entries = [f"{entry.code} {entry.about} {entry.source}" for entry in (*READING, *FILE_RULES, *HANDSHAKE)]
    return hashlib.sha256("\n".join((*rules, *entries)).encode()).hexdigest()[:16]
