"""Reading whole columns at once says the same as reading each cell alone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tasrih.declaration.digits import BLANK, LEFT, PLACED, days, figures

WIDTHS = (2, 3, 4, 6, 8, 10, 12)


def matrix(cells: list[bytes], width: int) -> NDArray[np.uint8]:
    """Each cell between other characters, as in a line."""
    return np.frombuffer(b"".join(b"7" * 4 + cell + b"7" * 12 for cell in cells), np.uint8).reshape(-1, width + 16)


def alone(cell: bytes) -> tuple[int, int, int]:
    """(form, value, digits) of one cell; (0, 0, 0) for anything but a run of ASCII digits between blanks."""
    text = cell.strip(b" ")
    if not text:
        return BLANK, 0, 0
    if not re.fullmatch(rb"[0-9]+", text):
        return 0, 0, 0
    return (LEFT if cell[:1] != b" " else PLACED), int(text), len(text)


def padded(width: int) -> st.SearchStrategy[bytes]:
    digits = st.text("0123456789", max_size=width).map(str.encode)
    placed = st.tuples(digits, st.booleans()).map(
        lambda each: each[0].rjust(width) if each[1] else each[0].ljust(width)
    )
    return st.one_of(placed, st.binary(min_size=width, max_size=width), st.text(" 0159/:-", min_size=width,
                     max_size=width).map(str.encode))  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@given(data=st.data())
def test_a_column_of_figures_reads_as_each_cell_alone(width: int, data: st.DataObject) -> None:
    cells = data.draw(st.lists(padded(width), min_size=1, max_size=30))
    read = figures(matrix(cells, width), [4], width)
    for row, cell in enumerate(cells):
        form, value, length = alone(cell)
        assert read.forms[0, row] == form, cell
        if form:
            assert (read.values[0, row], read.lengths[0, row]) == (value, length), cell


@pytest.mark.parametrize("width", WIDTHS)
def test_every_byte_at_every_place_is_told_right(width: int) -> None:
    cells = [b"1" * place + bytes([byte]) + b"1" * (width - place - 1) for place in range(width) for byte in range(256)]
    read = figures(matrix(cells, width), [4], width)
    assert read.forms[0].tolist() == [alone(cell)[0] for cell in cells]


def test_every_day_of_the_calendar_is_a_date_and_no_other() -> None:
    texts = [f"{day:02d}{month:02d}{year:04d}" for year in (1899, 1900, 1980, 2000, 2019) for month in range(14)
             for day in range(33)]  # fmt: skip
    read = days(matrix([text.encode() for text in texts], 8), [4])
    real = {
        date(year, 1, 1) + timedelta(at) for year in (1900, 1980, 2000, 2019) for at in range(365 + (year % 4 == 0))
    }
    real = {day for day in real if day.year in (1900, 1980, 2000, 2019)}
    told = {text for text, valid in zip(texts, read.valid[0].tolist(), strict=True) if valid}
    assert told == {day.strftime("%d%m") + f"{day.year:04d}" for day in real}
    assert int(read.keys[0, texts.index("31122019")]) == 20191231


@given(st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=20))
def test_bytes_that_are_no_date_are_never_one(cells: list[bytes]) -> None:
    read = days(matrix(cells, 8), [4])
    for row, cell in enumerate(cells):
        assert not read.valid[0, row] or re.fullmatch(rb"[0-9]{8}", cell)
        assert read.blank[0, row] == (cell == b" " * 8)
        assert read.zeros[0, row] == (cell == b"0" * 8)
