"""Single faults of a detail line, each with the one code that a reader must give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Damaged(NamedTuple):
    code: str
    line: bytes | None = None
    """The line's bytes where its length changed; None where the matrix holds it."""
    quarters: tuple[int | None, int | None, int | None, int | None] = (None, None, None, None)
    """Bases that a reader now finds, where they changed."""


Row = NDArray[np.uint8]
Fault = Callable[[Row, int], Damaged]


def _put(row: Row, start: int, text: bytes) -> None:
    row[start : start + len(text)] = np.frombuffer(text, np.uint8)


def _base(row: Row, quarter: int) -> int:
    return int(row[94 + 14 * quarter : 104 + 14 * quarter].tobytes() or b"0")


def _written(code: str, start: int, text: bytes) -> Fault:
    def fault(row: Row, _year: int) -> Damaged:
        _put(row, start, text)
        return Damaged(code)

    return fault


def _unreadable_base(code: str, text: bytes) -> Fault:
    """A reader leaves the cell out of its sums, and then decides nothing about them."""

    def fault(row: Row, _year: int) -> Damaged:
        _put(row, 108, text.ljust(10))
        return Damaged(code)

    return fault


def _short(row: Row, _year: int) -> Damaged:
    return Damaged("E201", row[:150].tobytes())


def _long(row: Row, _year: int) -> Damaged:
    return Damaged("E202", row.tobytes() + b"  SUITE")


def _shifted(row: Row, _year: int) -> Damaged:
    line = row.tobytes()
    return Damaged("E203", line[:40] + b"X" + line[40:])


def _out_of_sequence(row: Row, _year: int) -> Damaged:
    number = int(row[14:20].tobytes())
    _put(row, 14, str(max(1, number - 2) if number > 900_000 else number + 3).encode().ljust(6))
    return Damaged("E209")


def _born_later(row: Row, _year: int) -> Damaged:
    _put(row, 82, b"01012999")
    return Damaged("E215")


def _other_year(row: Row, year: int) -> Damaged:
    _put(row, 10, b"%04d" % (year - 1))
    return Damaged("E206")


def _other_sum(change: int) -> Fault:
    """One centime; two such lines cancel out in the file's sums."""

    def fault(row: Row, _year: int) -> Damaged:
        total = int(row[146:158].tobytes())
        _put(row, 146, str(total + change).encode().ljust(12))
        return Damaged("E306")

    return fault


def _entry_after_exit(row: Row, year: int) -> Damaged:
    _put(row, 158, b"0106%04d" % year + b"0102%04d" % year)
    return Damaged("W216")


def _rewritten(row: Row, durations: tuple[int, ...], bases: tuple[int, ...], unit: bytes = b"J") -> None:
    for quarter, (duration, base) in enumerate(zip(durations, bases, strict=True)):
        _put(row, 90 + 14 * quarter, str(duration).encode().ljust(3) + unit + str(base).encode().ljust(10))
    _put(row, 146, str(sum(bases)).encode().ljust(12))


def _paid_outside(row: Row, year: int) -> Damaged:
    bases = (9_000_000, 9_000_000, 9_000_000, 0)
    _rewritten(row, (90, 90, 90, 0), bases)
    _put(row, 158, b"01032015" + b"3006%04d" % year)
    return Damaged("W301", quarters=bases)


def _nothing_paid(row: Row, _year: int) -> Damaged:
    _rewritten(row, (0, 0, 0, 0), (0, 0, 0, 0))
    return Damaged("W302", quarters=(0, 0, 0, 0))


def _over_cap(row: Row, _year: int) -> Damaged:
    bases = (12_000_000,) * 4
    _rewritten(row, (90, 95, 90, 90), bases)
    _put(row, 158, b"01032015        ")
    return Damaged("W303", quarters=(12_000_000, 12_000_000, 12_000_000, 12_000_000))


def _below_minimum(row: Row, _year: int) -> Damaged:
    bases = (9_000_000, 9_000_000, 100_000, 9_000_000)
    _rewritten(row, (90, 90, 90, 90), bases)
    _put(row, 158, b"01032015        ")
    return Damaged("W304", quarters=bases)


_KINDS: dict[str, Fault] = {
    "E201": _short,
    "E202": _long,
    "E203": _shifted,
    "E204": _written("E204", 40, b"\t"),
    "E205": _written("E205", 0, b"1688888802"),
    "E206": _other_year,
    "E208": _written("E208", 14, b"12A   "),
    "E209": _out_of_sequence,
    "E210": _written("E210", 20, b"8000000 0001"),
    "W210": _written("W210", 20, b" " * 12),
    "E212": _written("E212", 32, b" " * 25),
    "E214": _written("E214", 82, b"31022000"),
    "E215": _born_later,
    "E216": _written("E216", 158, b"32012015"),
    "W216": _entry_after_exit,
    "E301": _unreadable_base("E301", b"90000,00"),
    "E302": _unreadable_base("E302", b"-9000000"),
    "E304": _written("E304", 90, b"9O "),
    "E305": _written("E305", 93, b"X"),
    "E306+": _other_sum(1),
    "E306-": _other_sum(-1),
    "W301": _paid_outside,
    "W302": _nothing_paid,
    "W303": _over_cap,
    "W304": _below_minimum,
}

FAULTS = (
    *("E201", "E202", "E203", "E204", "E205", "E206", "E208", "E209", "E210", "W210", "E212", "E214", "E215", "E216"),
    *("W216", "E301", "E302", "E304", "E305", "E306", "W301", "W302", "W303", "W304"),
)
"""Kinds of faults, named by their code."""


def damage(kind: str, matrix: NDArray[np.uint8], row: int, year: int) -> Damaged:
    """Writes the fault into the row of the matrix. Raises KeyError for an unknown kind."""
    return _KINDS[kind](matrix[row], year)
