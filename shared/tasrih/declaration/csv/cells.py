"""One cell as a person wrote it -> the form of the layout, or the code of what is wrong with it.

Only strict ASCII patterns after digits were mapped once: Python's own number readers take far more than is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tasrih.declaration.names import INVISIBLE, misread, unshaped
from tasrih.vocabulary.dues import HOUSING_FUND

ERROR_CELL = re.compile(r"#(?:N/A|N/D|REF!|VALUE!|VALEUR!|DIV/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|CALC!|#+)")
_DIGITS = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)} | {0x066B: ",", 0x066C: " "}
_BLANKS = dict.fromkeys([0xA0, 0x2007, 0x2008, 0x2009, 0x202F, 0x09], " ")

TOLD_CELL = "\ufdd0"
"""Stands for a cell that the reader of the workbook has named already: a code point that no text may hold."""
TOLD = "told"
"""In place of a code: this cell cannot be used, and a finding says why."""

EXAMPLE = "# EXEMPLE"
"""How the name or the place begins in the rows that our templates show: nobody's."""

_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]{1,3}", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+-](?![0-9 ]*[.,]?[0-9])", re.ASCII)
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0{1,6})?", re.ASCII)
_NEGATIVE = re.compile(r"-[0-9 ]+(?:[.,][0-9]*)?|\([0-9 ]+(?:[.,][0-9]*)?\)|[0-9 ]+(?:[.,][0-9]*)?-", re.ASCII)
_AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]{1,2}))?", re.ASCII)
_THOUSANDS_OR_DECIMALS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{1,2})?", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}", re.ASCII)
HIJRI_CENTURIES = ("13", "14")
"""What begins a year that LibreOffice, set to an Arabic country, shows for a day typed in the Gregorian calendar."""
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$", re.ASCII)

_CODE = re.compile(r"R[ -]?([0-9]{2})", re.ASCII | re.IGNORECASE)

_NIL = ("-", "\u2013", "\u2014")
"""What a spreadsheet's accounting format shows for nothing."""
_PRESUMED = re.compile(r"(?:PR[EÉ]SUM[EÉ]E?(?: EN)?|مفترض|خلال) ?([0-9]{4})?", re.IGNORECASE)

_UNITS = {
    **dict.fromkeys(("J", "JOUR", "JOURS", "D", "DAY", "DAYS", "يوم", "أيام", "ايام", "ي"), "J"),
    **dict.fromkeys(("H", "HEURE", "HEURES", "HOUR", "HOURS", "ساعة", "ساعات", "س"), "H"),
    **dict.fromkeys(("M", "MOIS", "MONTH", "MONTHS", "شهر", "أشهر", "اشهر", "ش"), "M"),
}
TYPES = {
    **dict.fromkeys(("N", "NORMAL", "NORMALE", "عادي", "عادية"), "N"),
    **dict.fromkeys(("C", "COMPLEMENTAIRE", "COMPLÉMENTAIRE", "COMPLEMENTARY", "تكميلي", "تكميلية"), "C"),
    **dict.fromkeys(("R", "REGULARISATION", "RÉGULARISATION", "REGULARIZATION", "تسوية"), "R"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of one cell."""

    value: str = ""
    """In the form of the layout; "" when blank or when `code` says why there is none."""
    code: str = ""
    expected: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column may hold."""

    width: int
    """In characters; a longer value does not fit the layout."""
    read: Callable[[str], Cell]
    """Takes the cleaned text."""
    expected: str
    """A form, language-free."""


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Blanks, marks and foreign digits settled, and the warnings that this is worth."""
    if text.isascii():
        return text.replace("\t", " ").strip().removeprefix("'").strip(), ()
    marked = text.translate(INVISIBLE)
    mapped = marked.translate(_DIGITS)
    warnings = (("W504",) if marked != text else ()) + (("W503",) if mapped != marked else ())
    return mapped.translate(_BLANKS).strip().removeprefix("'").strip(), warnings


def read_cell(text: str, kind: Kind) -> Cell:
    """Any cell but a name: what Excel destroyed is told first, then the column's own form."""
    cleaned, warnings = clean(text)
    guarded = _TEXT_FORMULA.fullmatch(cleaned)
    if guarded:
        cleaned = guarded[1].strip()
    if not cleaned:
        return Cell(warnings=warnings)
    code = _destroyed(cleaned)
    cell = Cell(code=code, expected=kind.expected) if code else kind.read(cleaned)
    if not cell.code and len(cell.value.encode()) > kind.width:
        cell = Cell(code="E531", expected=f"<= {kind.width}")
    return Cell(cell.value, cell.code, cell.expected, warnings + cell.warnings)


def _destroyed(text: str) -> str:
    if text == TOLD_CELL:
        return TOLD
    if text[0] in "#=@+-" and text != "-":
        if ERROR_CELL.match(text):
            return "E523"
        if _FORMULA.match(text):
            return "E524"
    if "\ufffd" in text:
        return "E513"
    return "E532" if _SCIENTIFIC.fullmatch(text) else ""


def read_name(text: str, characters: int) -> Cell:
    """A name or a free text: kept as written, but for marks without a shape; cut to its column with a warning."""
    if text == TOLD_CELL:
        return Cell(code=TOLD)
    shown = text.translate(_BLANKS)
    marked = shown.translate(INVISIBLE)
    plain = unshaped(marked)
    warnings: tuple[str, ...] = ("W504",) if marked != shown else ()
    warnings += ("W507",) if plain != marked else ()
    cleaned = " ".join(plain.split()).removeprefix("'").strip()
    if code := _no_name(cleaned):
        return Cell(code=code)
    probable = misread(cleaned)
    if probable:
        return Cell(cleaned[:characters].rstrip(), expected=probable, warnings=(*warnings, "W509"))
    if len(cleaned) > characters:
        warnings += ("W506",)
    return Cell(cleaned[:characters].rstrip(), expected=f"<= {characters}", warnings=warnings)


def _no_name(text: str) -> str:
    """The code of what a spreadsheet, an earlier program or our template left in place of a name."""
    if ERROR_CELL.match(text):
        return "E523"
    if text.startswith(("=", "@", "+", "-")):
        return "E524"
    if text.startswith(EXAMPLE):
        return "E547"
    return "E513" if "\ufffd" in text else ""


def identifier(width: int, lost_zero: str = "") -> Callable[[str], Cell]:
    """Digits as text: grouping blanks and a spreadsheet's ".0" are taken off, a lost zero is named by its own code."""

    def read(text: str) -> Cell:
        joined = re.sub(r"[ .-](?=[0-9])", "", text) if re.fullmatch(r"[0-9]+(?:[ -][0-9]+)+", text, re.ASCII) else text
        whole = _WHOLE.fullmatch(joined)
        digits = whole[1] if whole else joined
        if whole and lost_zero and len(digits) == width - 1:
            return Cell(code=lost_zero, expected=f"0{digits}")
        return Cell(digits)

    return read


def contribution_code(text: str) -> Cell:
    """ "R22" from R22, r22, R-22."""
    if found := _CODE.fullmatch(text):
        return Cell(f"R{found[1]}")
    return Cell(code="E604", expected=f"R{text}" if re.fullmatch("[0-9]{2}", text, re.ASCII) else "R22")


def code_of_line(text: str) -> Cell:
    """Of a DAS: the housing fund rests on the whole base, it is no code of a line."""
    cell = contribution_code(text)
    return Cell(code="E541", expected="R22") if cell.value == HOUSING_FUND else cell


def whole_number(text: str) -> Cell:
    """A duration: up to three digits."""
    whole = _WHOLE.fullmatch(text)
    if not whole:
        return Cell(code="E530", expected="0-999")
    return Cell(whole[1] if len(whole[1]) <= 3 else whole[1].lstrip("0") or "0")


def amount(width: int, scale: int) -> Callable[[str], Cell]:
    """`scale` is how many centimes one unit of the heading is worth: 100 for dinars, 1 for centimes."""
    form = "36000,00" if scale == 100 else "3600000"

    def read(text: str) -> Cell:
        if text in _NIL:
            return Cell("0")
        found = _AMOUNT.fullmatch(text)
        if not found or (scale == 1 and found[2] and found[2].strip("0")):
            return Cell(code=_amount_fault(text), expected=form)
        cents = (found[2] or "").ljust(2, "0") if scale == 100 else ""
        digits = (found[1].replace(" ", "") + cents).lstrip("0") or "0"
        return Cell(code="E526", expected="9" * width) if len(digits) > width else Cell(digits)

    return read


def _amount_fault(text: str) -> str:
    if _NEGATIVE.fullmatch(text):
        return "E535"
    return "E537" if _THOUSANDS_OR_DECIMALS.fullmatch(text) else "E525"


def day(text: str) -> Cell:
    """ddmmyyyy from dd/mm/yyyy, d/m/yyyy, ddmmyyyy or yyyy-mm-dd. Whether such a day exists is for the rules."""
    cell = _day(_MIDNIGHT.sub("", text))
    return Cell(code="E546", expected="31/12/2019") if cell.value[4:6] in HIJRI_CENTURIES else cell


def _day(text: str) -> Cell:
    if re.fullmatch(r"[0-9]{8}", text, re.ASCII):
        return Cell(text)
    if found := _DAY_FIRST.fullmatch(text):
        return Cell(f"{found[1]:0>2}{found[3]:0>2}{found[4]}")
    if found := _YEAR_FIRST.fullmatch(text):
        return Cell(f"{found[4]:0>2}{found[3]:0>2}{found[1]}")
    return _no_day(text)


def _no_day(text: str) -> Cell:
    if re.fullmatch(r"[0-9]{7}", text, re.ASCII):
        return Cell(code="E529", expected=f"0{text}")
    serial = re.fullmatch(r"[1-9][0-9]{4}(?:[.,][0-9]+)?", text, re.ASCII)
    return Cell(code="E545" if _SHORT_YEAR.fullmatch(text) else "E528" if serial else "E527", expected="31/12/2019")


def birth(text: str) -> Cell:
    """A day, or a presumed date: 00/00/1980, 00000000, "présumé 1980"; the layout has zeros for what is not known."""
    if found := _PRESUMED.fullmatch(text):
        return Cell(f"0000{found[1] or '0000'}")
    cell = day(text)
    return replace(cell, expected="31/12/1980 | 00/00/1980") if cell.code == "E527" else cell


def unit(text: str) -> Cell:
    if len(text) == 1 and text.isascii():
        return Cell(_UNITS.get(text.upper(), text.upper()))
    found = _UNITS.get(text.upper().rstrip("."))
    return Cell(found) if found else Cell(code="E536", expected="J H M")


def declaration_type(text: str) -> Cell:
    found = TYPES.get(text.upper())
    return Cell(found) if found else Cell(code="E538", expected="N C R")
