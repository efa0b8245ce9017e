"""What a payer writes so that his payment finds its debt: "RF", two check digits, employer and period (ISO 11649)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from tasrih.declaration.csv.cells import clean
from tasrih.vocabulary.identity import is_employer_number
from tasrih.vocabulary.period import Period

DIGITS = 18
"""Behind "RF": check digits 2, employer 10, period 6. Digits alone: then every mistyped digit and every swap of two
neighbours is found, for none of them is a multiple of 97."""
_WRITTEN = re.compile(r"RF[0-9]{18}", re.ASCII)
_SEEMING = re.compile(r"R ?F(?:[ ./-]{0,3}[0-9OIL]){12,24}", re.ASCII)
"""Perhaps a reference: with letters that are mistaken for digits, with too few or too many."""
_BARE = re.compile(r"(?<![0-9])(?:[0-9]{18}|[0-9]{2}(?:[ ./-][0-9]{4}){4})(?![0-9])", re.ASCII)
"""Without its letters, for forms that take digits alone."""
_BLANKS = re.compile(r"[ ./-]")
_SEPARATORS = {ord(sign): "-" for sign in "_:\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {
    ord("\n"): " ",
    ord("\r"): " ",
}
"""What banks and office programs put in place of a blank."""
_MISREAD = str.maketrans("OIL", "011")
_ANY_PERIOD = "000000"
_QUARTERS = 20
"""Of a quarter, what is added to its number: months are 01 to 12, quarters 21 to 24, a year 00."""


class ReferenceWrong(Exception):
    """The text is no reference: mistyped, cut off, or none at all."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Whom a payment is for, and which period."""

    employer: str
    period: Period | None = None
    """None: all that is owed, the oldest first."""

    def __str__(self) -> str:
        return reference(self.employer, self.period)


class Found(NamedTuple):
    """What a bank's text holds, each once, in the order met."""

    references: tuple[Reference, ...]
    damaged: tuple[str, ...]
    """What seems to be a reference and does not check, without its blanks."""
    misread: tuple[Reference, ...] = ()
    """Of the references, those that check only when O is read as 0, I and L as 1, or "RF" is put before them."""


def reference(employer: str, period: Period | None = None) -> str:
    """ "RF50169999990120 2607" without its blanks. Raises ValueError for a number that is no employer's, or a year that
    is not one of four digits from 1900 on."""
    if not is_employer_number(employer) or (period and not 1900 <= period.year <= 9999):
        raise ValueError("no reference for this employer or period")
    base = employer + (_coded(period) if period else _ANY_PERIOD)
    return f"RF{mod_97_10.calc_check_digits(f'{base}RF')}{base}"


def spaced(written: str) -> str:
    """In groups of four, as people read and type it."""
    return str(iso11649.format(written))


def parse(text: str) -> Reference:
    """From what a person typed; blanks, case and foreign digits do not matter. Raises ReferenceWrong."""
    squeezed = _BLANKS.sub("", _plain(text))
    if not _WRITTEN.fullmatch(squeezed):
        raise ReferenceWrong
    try:
        found = Reference(squeezed[4:14], _period(squeezed[14:]))
        as_it_should_be = str(found)
    except ValueError as trouble:
        raise ReferenceWrong from trouble
    if squeezed != as_it_should_be:
        raise ReferenceWrong
    return found


def find(text: str) -> Found:
    """The references in a bank's text, wherever they stand, and what looks like one and is damaged."""
    right: dict[Reference, None] = {}
    misread: dict[Reference, None] = {}
    damaged: dict[str, None] = {}
    for _, seeming in _seeming(_plain(text)):
        squeezed = _BLANKS.sub("", seeming)
        read = read_as_digits(squeezed) if squeezed[0] == "R" else f"RF{squeezed}"
        try:
            (right if read == squeezed else misread)[parse(read)] = None
        except ReferenceWrong:
            damaged[squeezed] = None
    only_misread = tuple(each for each in misread if each not in right)
    return Found((*right, *only_misread), tuple(damaged), only_misread)


def beside(text: str, gap: str) -> str:
    """The text around what `find` takes for references, in capitals and plain digits, with `gap` in their place."""
    plain = _plain(text)
    parts, last = [], 0
    for start, seeming in _seeming(plain):
        parts.append(plain[last:start])
        last = start + len(seeming)
    return gap.join((*parts, plain[last:]))


def read_as_digits(seeming: str) -> str:
    """A digit for each letter behind "RF" that looks like it."""
    return seeming[:2] + seeming[2:].translate(_MISREAD)


def _plain(text: str) -> str:
    return clean(text)[0].translate(_SEPARATORS).upper()


def _seeming(plain: str) -> Iterator[tuple[int, str]]:
    """(where it begins, what is written there)."""
    last = 0
    for seeming in _SEEMING.finditer(plain):
        yield from _bare(plain, last, seeming.start())
        written = _first_digits(seeming[0])
        last = seeming.start() + len(written)
        yield seeming.start(), written
    yield from _bare(plain, last, len(plain))


def _bare(plain: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Only what checks: any other number of eighteen digits is somebody's own."""
    for number in _BARE.finditer(plain, start, end):
        try:
            parse(f"RF{number[0]}")
        except ReferenceWrong:
            continue
        yield number.start(), number[0]


def _first_digits(text: str) -> str:
    """Down to the last digit of a whole reference, where no digit follows it at once; else all."""
    seen = 0
    for place, sign in enumerate(text[:-1], start=1):
        seen += sign not in "RF ./-"
        if seen == DIGITS and not text[place].isdigit():
            return text[:place]
    return text


def _coded(period: Period) -> str:
    return f"{period.year}{period.month or (_QUARTERS + period.quarter if period.quarter else 0):02d}"


def _period(coded: str) -> Period | None:
    """Raises ValueError."""
    if coded == _ANY_PERIOD:
        return None
    year, part = int(coded[:4]), int(coded[4:])
    written = f"{year:04d}-Q{part - _QUARTERS}" if part > _QUARTERS else f"{year:04d}-{part:02d}" if part else coded[:4]
    if year < 1900:
        raise ValueError(coded)
    return Period.parse(written)
