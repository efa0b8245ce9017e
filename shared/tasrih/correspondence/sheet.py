"""Tables for a spreadsheet: nothing in them is a formula, and identifiers keep their zeros."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Full-width forms count: a spreadsheet reads them too."""


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With a byte-order mark and semicolons, as Excel opens it. All cells are text: an apostrophe stands before what
    would be taken for a formula or a number; our own reader takes it off again."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _text(cell: str) -> str:
    identifier = cell.isdecimal() and (len(cell) > 7 or cell.startswith("0"))
    return f"'{cell}" if cell.startswith(_FORMULA) or identifier else cell
