"""Lines of a synthetic declaration, without faults: what is written and how."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasrih.local.synthetic_faults import FAULTS, Damaged, damage

_NAMES = (
    "UN",
    "DEUX",
    "TROIS",
    "QUATRE",
    "CINQ",
    "SIX",
    "SEPT",
    "HUIT",
    "NEUF",
    "DIX",
    "ONZE",
    "DOUZE",
    "CENT",
    "MILLE",
)
_FUNCTIONS = ("AGENT", "CHAUFFEUR", "COMPTABLE", "INGENIEUR", "GARDIEN", "VENDEUR", "")
_FULL_QUARTER = {"J": 90, "H": 520, "M": 3}


@dataclass(frozen=True, slots=True)
class Writing:
    """How a program writes the pair. Each default is what the one real file seen does, but for the alignment."""

    lines: int = 30
    seed: int = 1
    faulty: float = 0.0
    """Share of lines with one fault each, evenly over the kinds."""
    employer: str = "1699999901"
    year: int = 2019
    type: str = "N"
    centre: str = "16000"
    line_end: bytes = b"\r\n"
    last_line_end: bool = False
    end_flag: str = "0"
    """ "" = lines of 194 characters."""
    trailing_blanks: int = 0
    align: str = "left"
    """ "left", or "right7": right-aligned in the first seven columns of the ten."""
    header_drift: int = 0
    """Columns by which the amounts of the header stand aside: -1, 0 or 1."""
    header_align: str = "left"
    encoding: str = "ascii"
    """ "ascii"; "cp1252" or "utf-8" write accents in every tenth name."""
    units: str = "JHM"
    kinds: tuple[str, ...] = FAULTS


@dataclass(slots=True)
class Pair:
    """What was written, and what a reader must find: (line, code) in the detail file, in order."""

    header_name: str
    detail_name: str
    header: bytes = b""
    lines: int = 0
    quarters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    total: int = 0
    expected: list[tuple[int, str]] = field(default_factory=list)


class Block:
    """Lines without faults."""

    def __init__(self, writing: Writing, chance: np.random.Generator, first: int, count: int) -> None:
        self.writing, self.chance, self.first, self.count = writing, chance, first, count
        high = 3_300_000 if writing.align == "right7" else 15_000_000
        month = chance.integers(3_000_000, high, count)
        places = chance.integers(0, len(writing.units), count)
        self.units = np.array(list(writing.units))[places]
        full = np.array([_FULL_QUARTER[unit] for unit in writing.units])[places]
        self.entered_july = chance.random(count) < 0.05
        self.left_june = ~self.entered_july & (chance.random(count) < 0.05)
        present = np.ones((4, count), np.int64)
        present[:2, self.entered_july] = 0
        present[2:, self.left_june] = 0
        self.durations = present * full
        self.bases = present * month * 3

    def matrix(self) -> NDArray[np.uint8]:
        """(lines, 194 or 195) characters, ASCII."""
        writing, count = self.writing, self.count
        year = f"{writing.year:04d}"
        number = np.arange(self.first + 1, self.first + count + 1)
        columns: list[NDArray[np.bytes_]] = [
            _same(writing.employer + year, 14, count),
            _left(number, 6),
            _left(800_000_000_000 + number * 7 + writing.seed, 12),
            self._picked([f"NOM{name}" for name in _NAMES], 25),
            self._picked([f"PRENOM{name}" for name in _NAMES], 25),
            self._births(),
        ]
        for quarter in range(4):
            columns += [_left(self.durations[quarter], 3), self.units.astype("S1"), self._amount(self.bases[quarter])]
        columns += [
            _left(self.bases.sum(axis=0), 12),
            self._entries(),
            self._exits(),
            self._picked(list(_FUNCTIONS), 20),
        ]
        if writing.end_flag:
            columns.append(_same(writing.end_flag, 1, count))
        return np.hstack([column.view(np.uint8).reshape(count, -1) for column in columns])

    def damaged(self, faults: dict[int, str]) -> tuple[NDArray[np.uint8], dict[int, Damaged]]:
        """The matrix with the faults (0-based line of the file -> kind) of these lines written in, and what they are
        by row."""
        matrix, stop = self.matrix(), self.first + self.count
        here = {line - self.first: kind for line, kind in faults.items() if self.first <= line < stop}
        return matrix, {row: damage(kind, matrix, row, self.writing.year) for row, kind in here.items()}

    def _amount(self, values: NDArray[np.int64]) -> NDArray[np.bytes_]:
        if self.writing.align == "left":
            return _left(values, 10)
        return np.strings.ljust(np.strings.rjust(values.astype("S7"), 7), 10).astype("S10")

    def _picked(self, words: list[str], width: int) -> NDArray[np.bytes_]:
        table = np.array([word.encode("ascii").ljust(width) for word in words], f"S{width}")
        return table[self.chance.integers(0, len(words), self.count)]

    def _births(self) -> NDArray[np.bytes_]:
        chance, count = self.chance, self.count
        key = chance.integers(1, 29, count) * 1_000_000 + chance.integers(1, 13, count) * 10_000
        births = _right0(key + chance.integers(1955, 2000, count))
        births[chance.random(count) < 0.01] = b"00000000"
        return births

    def _entries(self) -> NDArray[np.bytes_]:
        year = self.chance.integers(self.writing.year - 15, self.writing.year, self.count)
        entries = _right0(1_030_000 + year)
        entries[self.entered_july] = f"0107{self.writing.year:04d}".encode()
        return entries

    def _exits(self) -> NDArray[np.bytes_]:
        exits = np.full(self.count, b" " * 8, "S8")
        exits[self.left_june] = f"3006{self.writing.year:04d}".encode()
        return exits

    def add_to(self, pair: Pair, damaged: dict[int, Damaged]) -> None:
        """Adds to the sums what a reader finds in the end."""
        for row, done in damaged.items():
            for quarter, change in enumerate(done.quarters):
                if change is not None:
                    self.bases[quarter, row] = change
        for quarter in range(4):
            pair.quarters[quarter] += int(self.bases[quarter].sum())
        pair.total = sum(pair.quarters)


def _left(values: NDArray[np.int64], width: int) -> NDArray[np.bytes_]:
    return np.strings.ljust(values.astype(f"S{width}"), width).astype(f"S{width}")


def _right0(values: NDArray[np.int64]) -> NDArray[np.bytes_]:
    return np.strings.zfill(values.astype("S8"), 8).astype("S8")


def _same(text: str, width: int, count: int) -> NDArray[np.bytes_]:
    return np.full(count, text.encode("ascii"), f"S{width}")
