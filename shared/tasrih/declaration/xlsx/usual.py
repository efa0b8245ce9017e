"""Rows of a form that came before: one pattern made to their measure cuts a whole row.

It takes less than the general pattern of `rows`, never more: what it does not match in full goes there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

OWN_ROW = "#"
"""Stands for the row's number in the references of its cells: a cell of another row does not fit the pattern."""
_ROW = r'\s*<row r="(?P<own>[0-9]{1,9})"((?:\s+[\w:.-]+="[^"<>&]*")*+)\s*>'
_VALUE = r"(?:/>|>(?:<v>([^<&]*+)</v>)?+</c>)"
_INLINE = r'(?:/>|>(?:<is><t(?: xml:space="preserve")?>([^<&]*+)</t></is>)?+</c>)'
_SEEN_BEFORE = 8
"""Rows of a form before a pattern is made: making one takes as long as cutting some hundred rows."""
_MOST_PATTERNS, _MOST_CELLS = 64, 256

Shape = tuple[tuple[int, ...], tuple[str, ...]]
"""Columns and forms of a row's cells."""
Cut = tuple[str, str, Shape, tuple[str, ...]]
"""(number, other attributes of the row, shape, values)"""


@dataclass(slots=True)
class Usual:
    """The pattern of the row before is tried; another one takes its place when another form comes."""

    _pattern: re.Pattern[str] | None = None
    _shape: Shape = ((), ())
    _patterns: dict[tuple[str, ...], re.Pattern[str]] = field(default_factory=dict)
    _seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def cut(self, fragment: str) -> Cut | None:
        found = self._pattern.fullmatch(fragment) if self._pattern else None
        if not found:
            return None
        number, attributes, *values = found.groups("")
        return number, attributes, self._shape, tuple(values)

    def learn(self, heads: tuple[str, ...], shape: Shape) -> None:
        """`heads`: the reference, with the sign for its row, and the other attributes of each cell as written."""
        self._pattern, self._shape = self._patterns.get(heads), shape
        if self._pattern is None and len(self._patterns) < _MOST_PATTERNS and len(heads) <= _MOST_CELLS:
            self._seen[heads] = self._seen.get(heads, 0) + 1
            if self._seen[heads] >= _SEEN_BEFORE:
                self._pattern = self._patterns[heads] = _made_for(heads)


def _made_for(heads: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_ROW + "".join(map(_cell, heads)))


def _cell(head: str) -> str:
    letters, form = head.split(OWN_ROW, 1)
    return f'<c r="{letters}(?P=own){re.escape(form)}' + (_INLINE if 't="inlineStr"' in form else _VALUE)
