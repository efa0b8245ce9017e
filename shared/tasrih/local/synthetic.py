"""Synthetic declarations: files as many programs write them, with faults whose place and code are known.

No real person stands in them (`NOMUN PRENOMUN`, …). The offsets are written here a second time on purpose: a mistake in
the reader's layout shows. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasrih.local.synthetic_faults import Damaged
from tasrih.local.synthetic_lines import Block, Pair, Writing

__all__ = ["BLOCK_LINES", "Pair", "Writing", "das_pair", "named", "planned_faults", "write_pair"]

BLOCK_LINES = 50_000
_ACCENTED = ("É", "ÈS", "ÇA", "ÎLE")


def das_pair(writing: Writing) -> tuple[Pair, bytes]:
    """The pair in memory: facts with the header's bytes, and the detail's bytes."""
    pair = named(writing)
    detail = b"".join(_detail(writing, pair))
    return pair, detail


def write_pair(folder: Path, writing: Writing) -> Pair:
    """The pair as two files, written block by block."""
    pair = named(writing)
    with (folder / pair.detail_name).open("wb") as out:
        for piece in _detail(writing, pair):
            out.write(piece)
    (folder / pair.header_name).write_bytes(pair.header)
    return pair


def named(writing: Writing) -> Pair:
    stem = f"{writing.year % 100:02d}", writing.employer
    return Pair(f"D{stem[0]}E{stem[1]}.txt", f"D{stem[0]}S{stem[1]}.txt")


def _detail(writing: Writing, pair: Pair) -> Iterator[bytes]:
    chance = np.random.default_rng(writing.seed)
    faults = planned_faults(writing, chance)
    for first in range(0, writing.lines, BLOCK_LINES):
        count = min(BLOCK_LINES, writing.lines - first)
        block = Block(writing, chance, first, count)
        matrix, damaged = block.damaged(faults)
        others = {row: done.line for row, done in damaged.items() if done.line is not None}
        accented = {} if writing.encoding == "ascii" else _accented(matrix, damaged, writing)
        pair.expected += [(first + row + 1, done.code) for row, done in damaged.items()]
        pair.expected += [(first + row + 1, "W213") for row in accented]
        block.add_to(pair, damaged)
        yield _ended(matrix, others | accented, writing, last=first + count == writing.lines)
    pair.expected.sort()
    pair.lines = writing.lines
    pair.header = _header(writing, pair)


def planned_faults(writing: Writing, chance: np.random.Generator) -> dict[int, str]:
    """0-based line -> kind. No two faulty lines touch; lines off by one centime come in pairs that cancel out."""
    wanted = min(int(writing.lines * writing.faulty), (writing.lines - 1) // 2)
    lines = np.sort(chance.choice(np.arange(2, max(writing.lines, 3), 2), wanted, replace=False))
    kinds = [writing.kinds[at % len(writing.kinds)] for at in range(len(lines))]
    uneven = [at for at, kind in enumerate(kinds) if kind == "E306"]
    for turn, at in enumerate(uneven):
        kinds[at] = "E306-" if turn % 2 else "E306+"
    if len(uneven) % 2:
        kinds[uneven[-1]] = "E205"
    return dict(zip(lines.tolist(), kinds, strict=True))


def _ended(matrix: NDArray[np.uint8], others: dict[int, bytes], writing: Writing, *, last: bool) -> bytes:
    """Lines with their ends; lines of other bytes in their places."""
    end = b" " * writing.trailing_blanks + writing.line_end
    ends = np.broadcast_to(np.frombuffer(end, np.uint8), (len(matrix), len(end)))
    whole = np.hstack([matrix, ends])
    pieces, done = [], 0
    for row in sorted(others):
        pieces += [whole[done:row].tobytes(), others[row] + end]
        done = row + 1
    pieces.append(whole[done:].tobytes())
    text = b"".join(pieces)
    return text[: -len(end)] if last and not writing.last_line_end else text


def _accented(matrix: NDArray[np.uint8], damaged: dict[int, Damaged], writing: Writing) -> dict[int, bytes]:
    """Every tenth sound line. Columns are characters: in UTF-8 such a line has more bytes."""
    lines = {}
    for row in range(0, len(matrix), 10):
        if row not in damaged:
            text = matrix[row].tobytes().decode("ascii")
            word = _ACCENTED[row // 10 % len(_ACCENTED)]
            lines[row] = (text[:32] + ("NOM" + word).ljust(25) + text[57:]).encode(writing.encoding)
    return lines


def _header(writing: Writing, pair: Pair) -> bytes:
    identity = f"{writing.employer}{writing.type}{writing.year:04d}{writing.centre}"
    texts = "EXEMPLE SARL".ljust(30) + " " * 30 + "ALGER".ljust(50)
    amounts = [*pair.quarters, pair.total]
    if writing.header_align == "left":
        zone = "".join(str(amount).ljust(16) for amount in amounts) + str(pair.lines).ljust(6)
    else:
        zone = "".join(str(amount).rjust(16) for amount in amounts) + str(pair.lines).rjust(6)
    line = identity + texts[: 110 + min(writing.header_drift, 0)] + " " * max(writing.header_drift, 0) + zone
    return line.encode("ascii") + writing.line_end
