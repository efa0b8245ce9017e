"""Rows that sum up a table: a spreadsheet's habit, and no worker's line."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.layout import Block

_PERSON = ("nss", "surname", "first_name", "birth")
_LABEL = re.compile(
    r"\W*(?:(?:sous|sub)[- ]?)?(?:tota(?:l|ux)|somme|sum|(?:ال)?مجموع|(?:ال)?[إا]جمالي)\b", re.IGNORECASE
)


def sums_up(block: Block) -> NDArray[np.bool_]:
    """Rows that name nobody, or whose one word about a person is "total". A cell told as unreadable may be a name."""
    places = [block.layout.columns[column] for column in _PERSON]
    texts = [block.matrix[:, start : start + width] for start, width in places]
    filled = np.array([text[:, 0] != 32 for text in texts])
    unread = [block.broken[column] for column in _PERSON if column in block.broken]
    known = ~np.logical_or.reduce(unread) if unread else np.ones(len(block), np.bool_)
    count = filled.sum(axis=0)
    found = known & (count == 0)
    for row in np.flatnonzero(known & (count == 1)).tolist():
        word = texts[int(filled[:, row].argmax())][row].tobytes().decode("utf-8", "replace")
        found[row] = _LABEL.match(word) is not None
    return np.asarray(found)
