"""The checks of single lines, each over a whole block: True where the rule is broken."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.columns import Cells, Mask, mask
from tasrih.declaration.names import misread
from tasrih.declaration.rulebook import Against

TEXTS = ("surname", "first_name", "function")
AMOUNTS = ("base_q1", "base_q2", "base_q3", "base_q4", "base_year")
DAYS, HOURS, MONTHS = ord("J"), ord("H"), ord("M")
MONTHS_OF_QUARTER = 3
_BLANK = 32
ARABIC = re.compile("[\u0600-\u08ff\ufb50-\ufefe]")
FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_FARTHEST_SHIFT = 9
_FOUR_UNITS = re.compile(rb"(?=[JHM].{13}[JHM].{13}[JHM].{13}[JHM])", re.DOTALL)


def control_characters(cells: Cells, _against: Against) -> Mask | None:
    return cells.cells_with(cells.matrix < _BLANK) if cells.control else None


def arabic_script(cells: Cells, against: Against) -> Mask | None:
    """In a text of the fixed layout. Presentation forms count."""
    return _with_characters(cells, TEXTS, ARABIC) if against.fixed and not against.arabic_taken() else None


def foreign_digits(cells: Cells, _against: Against) -> Mask | None:
    """Digits of another script where ASCII digits belong."""
    columns = tuple(name for name in cells.layout.columns if name not in (*TEXTS, "end"))
    return _with_characters(cells, columns, FOREIGN_DIGIT)


def _with_characters(cells: Cells, columns: tuple[str, ...], sought: re.Pattern[str]) -> Mask | None:
    """Cells that hold such a character. Only cells beyond ASCII are looked at one by one."""
    if not cells.foreign:
        return None
    found = cells.beyond_ascii[[list(cells.layout.columns).index(name) for name in columns]]
    for place, row in np.argwhere(found).tolist():
        found[place, row] = sought.search(cells.text(row, columns[place])) is not None
    return mask(found)


def shifted(cells: Cells, against: Against) -> Mask | None:
    """A line of the right length whose four unit letters all stand the same few columns aside."""
    if not against.fixed:
        return None
    suspects = np.flatnonzero(~_is_unit(cells.units).any(axis=0))
    if not len(suspects):
        return None
    lines = cells.matrix[suspects]
    first = cells.layout.columns["unit_q1"].start
    aside = [
        _is_unit(lines[:, first + shift : first + shift + 43 : 14]).all(axis=1)
        for shift in range(-_FARTHEST_SHIFT, _FARTHEST_SHIFT + 1)
    ]
    found = np.zeros(len(cells), np.bool_)
    found[suspects] = np.any(aside, axis=0)
    return found


def shift_of(line: bytes, unit_q1: int) -> int:
    """By how many columns the unit letters stand aside; 0 when they stand in place or nowhere near."""
    zone = line[unit_q1 - _FARTHEST_SHIFT : unit_q1 + _FARTHEST_SHIFT + 43]
    shifts = [found.start() - _FARTHEST_SHIFT for found in _FOUR_UNITS.finditer(zone)]
    return min(shifts, key=abs, default=0)


def _is_unit(units: NDArray[np.uint8]) -> Mask:
    return mask((units == DAYS) | (units == HOURS) | (units == MONTHS))


def other_employer(cells: Cells, against: Against) -> Mask | None:
    return cells.differs("employer", against.employer) if against.employer else None


def other_year(cells: Cells, against: Against) -> Mask | None:
    return cells.differs("year", b"%04d" % against.year) if against.year else None


def number_unreadable(cells: Cells, _against: Against) -> Mask:
    return mask(cells.number.forms[0] <= 1)


def out_of_sequence(cells: Cells, against: Against) -> Mask | None:
    """Neither its place in the file nor one more than the line before: each break is told once."""
    number = cells.number.values[0]
    wrong = number != cells.numbers - against.lead
    if not np.count_nonzero(wrong):
        return None
    usable = cells.number.forms[0] > 1
    before = np.empty_like(number)
    before[1:] = np.where(usable, number, -1)[:-1]
    follows = np.empty(len(number), np.bool_)
    follows[1:] = cells.numbers[1:] == cells.numbers[:-1] + 1
    line, before[0] = against.last_number
    follows[0] = cells.numbers[0] == line + 1
    known = follows & (before >= 0)
    first = cells.numbers - against.lead == 1
    return mask(wrong & (first | (known & (number != before + 1))))


def nss_unreadable(cells: Cells, _against: Against) -> Mask:
    """Something stands there that is not twelve digits."""
    figures = cells.nss
    return mask((figures.odd | (figures.lengths != 12))[0] & ~figures.blank[0])


def nss_missing(cells: Cells) -> Mask:
    """Blank, or zeros alone: what programs write where they know none."""
    return mask((cells.nss.forms[0] == 1) | (cells.nss.values[0] == 0))


def new_hire_in_reserve(cells: Cells, against: Against) -> Mask | None:
    return None if against.new_hires_refused else nss_missing(cells)


def new_hire_refused(cells: Cells, against: Against) -> Mask | None:
    return nss_missing(cells) if against.new_hires_refused else None


def surname_missing(cells: Cells, _against: Against) -> Mask:
    return cells.empty("surname")


def not_ascii(cells: Cells, against: Against) -> Mask | None:
    if not cells.foreign or not against.fixed:
        return None
    return cells.only(cells.beyond_ascii, TEXTS)


def misread_name(cells: Cells, against: Against) -> Mask | None:
    """In fixed columns; in a table such names are looked for as they are read."""
    found = not_ascii(cells, against)
    if found is None:
        return None
    for place, row in np.argwhere(found).tolist():
        found[place, row] = bool(misread(cells.text(row, TEXTS[place])))
    return found


def letters_lost(cells: Cells, _against: Against) -> Mask | None:
    """A question mark in a name: what programs write for a letter that their code page does not have."""
    if b"?" not in cells.matrix.tobytes():  # a third of the time that comparing takes
        return None
    return cells.only(cells.cells_with(cells.matrix == ord("?")), TEXTS)


def birth_unreadable(cells: Cells, _against: Against) -> Mask:
    """Neither a day of the calendar, nor marked as presumed."""
    bad = mask(~(cells.birth.valid[0] | cells.birth.zeros[0]))
    for row in np.flatnonzero(bad & ~cells.birth.blank[0]).tolist():
        bad[row] = not is_presumed(cells.text(row, "birth"))
    return bad


def is_presumed(text: str) -> bool:
    """Day and month zero before a year, or a word that begins with PRES (programs differ). Eight zeros are too."""
    if text.upper().startswith("PRES"):
        return True
    return len(text) == 8 and text.isascii() and text.isdigit() and text[:4] == "0000" and text[4:] >= "1900"


def birth_in_future(cells: Cells, against: Against) -> Mask:
    return mask(cells.birth.valid[0] & (cells.birth.keys[0] > against.today))


def spell_unreadable(cells: Cells, _against: Against) -> Mask:
    return mask(~(cells.spell.valid | cells.spell.blank | cells.spell.zeros))


def entry_after_exit(cells: Cells, _against: Against) -> Mask:
    entry, leave = cells.spell.keys
    return mask((entry > leave) & cells.spell.valid[0] & cells.spell.valid[1])


def negative(cells: Cells, against: Against) -> Mask | None:
    odd = amounts_unreadable(cells, against)
    if not np.count_nonzero(odd):
        return None
    for place, row in np.argwhere(odd).tolist():
        odd[place, row] = cells.text(row, AMOUNTS[place]).startswith("-")
    return odd


def amounts_unreadable(cells: Cells, _against: Against) -> Mask:
    """A blank amount is nothing paid."""
    return mask(np.vstack((cells.bases.forms, cells.base_year.forms)) == 0)


def duration_unreadable(cells: Cells, _against: Against) -> Mask:
    """Blank only where its unit is blank too: nothing worked in that quarter."""
    return mask((cells.durations.forms == 0) | (cells.durations.blank & (cells.units != _BLANK)))


def unit_unknown(cells: Cells, _against: Against) -> Mask:
    wrong = ~_is_unit(cells.units)
    if not np.count_nonzero(wrong):
        return wrong
    nothing = (cells.durations.values == 0) | cells.durations.odd
    nothing &= (cells.bases.values == 0) | cells.bases.odd
    return mask(wrong & ~((cells.units == _BLANK) & nothing))


def year_not_sum(cells: Cells, _against: Against) -> Mask:
    return mask(cells.bases.values.sum(axis=0) != cells.base_year.values[0])


def paid_outside_spell(cells: Cells, against: Against) -> Mask | None:
    """Pay is declared when it is received, so this only warns; a rehire on one line is left alone."""
    if not against.year:
        return None
    first, last = against.quarter_days()
    entry, leave = cells.spell.keys
    has_entry, has_exit = cells.spell.valid
    outside = ((entry > last) & has_entry) | ((leave < first) & has_exit)
    if not np.count_nonzero(outside):
        return None
    return mask(outside & (cells.bases.values > 0) & ~entry_after_exit(cells, against))


def nothing_paid(cells: Cells, _against: Against) -> Mask:
    return mask((cells.base_year.values[0] == 0) & ~cells.bases.values.any(axis=0))


def duration_over_cap(cells: Cells, against: Against) -> Mask | None:
    if not against.caps:
        return None
    caps = np.full(256, np.iinfo(np.int64).max)
    for unit, cap in against.caps.items():
        caps[ord(unit)] = cap
    return mask(cells.durations.values > caps.take(cells.units))


def below_minimum_wage(cells: Cells, against: Against) -> Mask | None:
    """In a quarter with pay: less than the lowest minimum wage of the quarter, for the time declared."""
    if against.wages is None or not against.full_month:
        return None
    months = np.zeros(256)
    for unit, full in against.full_month.items():
        months[ord(unit)] = 1 / full
    worked = np.minimum(cells.durations.values * months.take(cells.units), MONTHS_OF_QUARTER)
    due = worked * np.array(against.wages)[:, None]
    return mask((cells.bases.values > 0) & (cells.bases.values < np.floor(due)))
