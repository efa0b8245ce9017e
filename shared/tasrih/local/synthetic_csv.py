"""The same synthetic declarations as CSV, with French headings and amounts in centimes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tasrih.local.synthetic import BLOCK_LINES, named, planned_faults
from tasrih.local.synthetic_lines import Block, Pair, Writing

HEADINGS = (
    *("Employeur", "Année", "Type", "Centre payeur", "Numéro", "NSS", "Nom", "Prénom", "Date de naissance"),
    *(f"{part} T{quarter}" for quarter in (1, 2, 3, 4) for part in ("Durée", "Unité", "Assiette")),
    *("Assiette annuelle", "Date d'entrée", "Date de sortie", "Fonction"),
)
FAULTS = (
    *("E205", "E206", "E212", "E214", "E215", "E305", "E306"),
    *("W210", "W216", "W301", "W302", "W303", "W304"),
)
"""Kinds that mean the same in a CSV; faults of fixed columns do not exist there."""

_STARTS = (14, 20, 32, 57, 82, *(start + 14 * q for q in range(4) for start in (90, 93, 94)), 146, 158, 166, 174, 194)
_ENDS = (*_STARTS[1:-1], 194)
_CELLS = tuple(zip(_STARTS[:-1], _ENDS, strict=True))
_DATES = (4, 18, 19)


def das_csv(writing: Writing, delimiter: str = ";") -> tuple[Pair, bytes]:
    """Facts and bytes (UTF-8). `expected` counts the heading as line 1; `header` stays empty."""
    pair = named(writing)
    pair.header_name, pair.detail_name = "", f"das-{writing.year}-{writing.employer}.csv"
    heading = delimiter.join(_unit(each) for each in HEADINGS)
    return pair, b"".join([heading.encode() + writing.line_end, *_pieces(writing, pair, delimiter)])


def _unit(heading: str) -> str:
    return heading + " (centimes)" if heading.startswith("Assiette") else heading


def _pieces(writing: Writing, pair: Pair, delimiter: str) -> Iterator[bytes]:
    chance = np.random.default_rng(writing.seed)
    kinds = tuple(kind for kind in writing.kinds if kind in FAULTS)
    faults = planned_faults(replace(writing, kinds=kinds), chance)
    end = writing.line_end.decode("ascii")
    for first in range(0, writing.lines, BLOCK_LINES):
        block = Block(writing, chance, first, min(BLOCK_LINES, writing.lines - first))
        matrix, damaged = block.damaged(faults)
        pair.expected += [(first + row + 2, done.code) for row, done in damaged.items()]
        block.add_to(pair, damaged)
        texts = (row.tobytes().decode("ascii") for row in matrix)
        yield "".join(delimiter.join(_cells(text, writing)) + end for text in texts).encode()
    pair.lines = writing.lines
    pair.expected.sort()


def _cells(line: str, writing: Writing) -> list[str]:
    cells = [line[start:stop].strip() for start, stop in _CELLS]
    for place in _DATES:
        day = cells[place]
        if day and day != "00000000":
            cells[place] = f"{day[:2]}/{day[2:4]}/{day[4:]}"
    return [line[:10], line[10:14], writing.type, writing.centre, *cells]
