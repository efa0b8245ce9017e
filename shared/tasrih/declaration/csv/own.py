"""The filer's own columns beside what is found: read once more, of the lines with a finding alone.

Reading them apart costs nothing where there are none, and the reader of all lines stays what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.headings import DAS, Wanted
from tasrih.declaration.csv.opening import Opening, read_opening
from tasrih.declaration.csv.rows import MAX_RECORD_LINES, record
from tasrih.declaration.csv.text import REPORTED_LINE, SHOWN_CHARACTERS, Report, as_array, encoding_of, lines_of
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings, Own

OWN_COLUMNS = 20
"""Of the filer's own; more are not repeated."""
OWN_CHARACTERS = 16 * 1024 * 1024
"""In all findings of a file together; the lines after that go without."""
_CELL_CHARACTERS = 60
"""What a cell takes beside its text."""
TELLS_OWN = "W501"


def echo_own(file: SentFile, found: Sequence[Findings], wanted: Wanted = DAS, reading: Reading | None = None) -> None:
    """Each kept finding of a line of this file gets the own cells of that line. `reading` is that of its names."""
    if not any(findings.counts[TELLS_OWN] for findings in found):
        return
    silent = Report(file.name, Findings())
    codec = encoding_of(file, silent, reading)
    opening = read_opening(file, codec, silent, wanted)
    if opening is None or not opening.unknown:
        return
    lines = (each.line for findings in found for each in findings.kept if each.file == file.name)
    times = Counter(line for line in lines if line > opening.lead)
    if not times:
        return
    cells = _Reading(opening, times, OWN_CHARACTERS)
    cells.read(lines_of(file, codec, silent, skip=opening.lead))
    for findings in found:
        findings.kept[:] = [
            replace(each, own=cells.own[each.line]) if each.file == file.name and each.line in cells.own else each
            for each in findings.kept
        ]


@dataclass(slots=True)
class _Reading:
    opening: Opening
    times: Counter[int]
    """How many findings there are of a line."""
    room: int
    """Characters that may still be kept."""
    own: dict[int, Own] = field(default_factory=dict)
    _held: list[tuple[int, bytes]] = field(default_factory=list)
    """Lines whose quotes go on in the next piece, with all that follows them."""
    _places: list[tuple[int, str]] = field(init=False)

    def __post_init__(self) -> None:
        named = [
            (place, head.text[:SHOWN_CHARACTERS]) for place, head in enumerate(self.opening.headings) if not head.column
        ]
        self._places = [(place, text) for place, text in named if text][:OWN_COLUMNS]

    def read(self, pieces: Iterator[tuple[bytes, int]]) -> None:
        wanted = np.array(sorted(self.times), np.int64)
        for buffer, first in pieces:
            held, self._held = self._held, []
            for line, begun in held:
                self._quoted(line, begun + buffer)
            ends = np.flatnonzero(as_array(buffer) == 10)
            here = wanted[slice(*np.searchsorted(wanted, [first, first + len(ends)]))]
            starts = np.append(-1, ends)[here - first] + 1
            stops = ends.take(here - first + MAX_RECORD_LINES - 1, mode="clip") + 1
            for line, start, stop in zip(here.tolist(), starts.tolist(), stops.tolist(), strict=True):
                whole = buffer[start : buffer.index(b"\n", start)]
                if b'"' in whole:
                    self._quoted(line, buffer[start:stop])
                else:
                    self._plain(line, whole)
            if self.room <= 0 or (not self._held and wanted[-1] < first + len(ends)):
                return
        for line, begun in self._held:
            self._plain(line, begun.partition(b"\n")[0])

    def _quoted(self, line: int, text: bytes) -> None:
        """`text` begins with the line; what follows it may belong to it."""
        lines = text.split(b"\n", MAX_RECORD_LINES)[:-1]
        cells, taken = record(lines, 0, self.opening.delimiter)
        if taken == 1 or len(cells) == len(self.opening.headings):
            self._keep(line, cells)
        elif not taken and len(lines) < MAX_RECORD_LINES:
            self._held.append((line, text))
        else:
            self._plain(line, lines[0])

    def _plain(self, line: int, text: bytes) -> None:
        if text != REPORTED_LINE:
            self._keep(line, text.decode(errors="replace").split(self.opening.delimiter))

    def _keep(self, line: int, cells: list[str]) -> None:
        kept = tuple((head, cells[place][:SHOWN_CHARACTERS]) for place, head in self._places if place < len(cells))
        self.room -= self.times[line] * sum(len(head) + len(text) + _CELL_CHARACTERS for head, text in kept)
        if self.room > 0:
            self.own[line] = kept
