"""The templates with somebody's own rows in place of the examples."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from tasrih.declaration.csv.cells import EXAMPLE

from tests.declaration.template_texts import FOLDER


def filled(name: str, by: str = "NOM") -> bytes:
    """`by` stands where the template says that the row is an example: a surname, or a place."""
    content = (FOLDER / name).read_bytes()
    if name.endswith(".csv"):
        cells = [_own(cell, by) for cell in content.decode().split(";")]
        return ";".join(cells).encode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = _own(cell.value, by)
    return saved(book)


def saved(book: Any) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _own(value: Any, by: str) -> Any:
    return by if isinstance(value, str) and value.startswith(EXAMPLE) else value
