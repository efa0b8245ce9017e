"""Lines of a nominal DAC as they are kept: those of each declaration together."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.dac.nominal import LINE
from tasrih.declaration.sent import Lines

_BY = ("employer", "period")
KEPT = tuple(name for name in LINE.names or () if name not in _BY)
"""`number` is the line of the file; `base` belongs to `code` and the period. No field of a DAS beside them."""
_TEXTS = ("surname", "first_name")


class Collected:
    """A `NominalSink` that keeps all lines, and gives those of one declaration."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.void]] = []
        self._places: dict[tuple[str, str], NDArray[np.intp]] | None = None

    def __call__(self, rows: NDArray[np.void]) -> None:
        self._blocks.append(_narrow(rows))

    def of(self, employer: str, period: str) -> Lines | None:
        """None when the deposit holds none."""
        if self._places is None:
            self._sort()
        assert self._places is not None
        places = self._places.get((employer, period))
        return None if places is None else Lines(self._blocks[0][list(KEPT)][places])

    def _sort(self) -> None:
        """Once, so that a thousand declarations cost no thousand searches."""
        self._places = {}
        if not self._blocks:
            return
        self._blocks = [np.concatenate(self._blocks)]
        keys = [self._blocks[0][name] for name in _BY]
        order = np.lexsort(keys[::-1])  # stable: lines stay in the order of the file
        changed = [sorted_[1:] != sorted_[:-1] for sorted_ in (key[order] for key in keys)]
        for places in np.split(order, np.flatnonzero(changed[0] | changed[1]) + 1):
            employer, period = (bytes(key[places[0]]).decode("ascii") for key in keys)
            self._places[employer, period] = places


def _narrow(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Names as wide as the longest: a million lines are held at once."""
    widths = {name: max(1, int(np.strings.str_len(rows[name]).max(initial=0))) for name in _TEXTS}
    kinds = [(name, f"S{widths[name]}" if name in widths else rows.dtype[name]) for name in rows.dtype.names or ()]
    return rows.astype(np.dtype(kinds))


def digest(lines: Lines) -> str:
    """SHA-256 over what the lines say, in whatever order they stand; hexadecimal. Line numbers do not go into it."""
    rows = lines.rows
    said = [name for name in KEPT if name != "number"]
    order = np.lexsort([rows[name] for name in reversed(said)])
    hashed = hashlib.sha256()
    for name in said:
        column = rows[name][order]
        hashed.update(b"\n".join(column.tolist()) if column.dtype.kind == "S" else column.astype("<i8").tobytes())
        hashed.update(b"\x00")
    return hashed.hexdigest()
