"""Where each column of a file stands, or what it is called; and how much is taken. Read from what the readers use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from tasrih.declaration import archive, limits, workbooks
from tasrih.declaration.csv.cells import TYPES, Kind
from tasrih.declaration.csv.columns import MAX_CELL_BYTES
from tasrih.declaration.csv.headings import AMOUNTS, DAS, Wanted
from tasrih.declaration.csv.opening import MAX_COLUMNS
from tasrih.declaration.dac import cells as dac_cells
from tasrih.declaration.dac import rows as dac_rows
from tasrih.declaration.dac.headings import AGGREGATE, NOMINAL
from tasrih.declaration.das.columns import kind_of
from tasrih.declaration.das.csv import MAX_ROWS
from tasrih.declaration.das.detail import MOST_LINES
from tasrih.declaration.das.header import FIELDS, SUMS
from tasrih.declaration.layout import FIXED
from tasrih.declaration.rules import RULES, WHOLE
from tasrih.messages import LANGUAGES, table
from tasrih.vocabulary.finding import KEPT_FINDINGS

_UNIT_OF_HEADINGS = {"ar": "دج", "fr": "DA", "en": "DA"}
_CENTIMES_OR_DINARS = "centimes or DA, as the heading says"


@cache
def layouts() -> dict[str, Any]:
    """{"layouts": {name: {"kind": "fixed" | "table", …}}, "limits": {…}}"""
    return {
        "layouts": {
            "das_header": _fixed([(name, *place) for name, place in FIELDS.items()], _header_forms()),
            "das_detail": _fixed([(name, *place) for name, place in FIXED.columns.items()], _detail_forms()),
            "das_csv": _table(DAS, kind_of),
            "dac_csv": _table(AGGREGATE, dac_cells.kind_of),
            "dac_nominal_csv": _table(NOMINAL, dac_cells.kind_of),
        },
        "limits": _limits(),
    }


def _fixed(places: Sequence[tuple[str, int, int]], forms: dict[str, str]) -> dict[str, Any]:
    """`position` counts from 1, `offset` from 0; both, and `length`, in characters."""
    columns = [
        {
            "name": name,
            "position": start + 1,
            "offset": start,
            "length": length,
            "form": forms.get(name, ""),
            "unit": "centimes" if name in AMOUNTS else "",
            "meaning": dict(table("columns")[name]),
        }
        for name, start, length in places
    ]
    return {"kind": "fixed", "length": sum(length for _, _, length in places), "columns": columns}


def _header_forms() -> dict[str, str]:
    return dict.fromkeys(("employer", "year", "centre", *SUMS), WHOLE) | {
        "type": ", ".join(sorted(set(TYPES.values())))
    }


def _detail_forms() -> dict[str, str]:
    """What the last rule that makes a cell unusable expected there."""
    forms: dict[str, str] = {}
    for rule in RULES:
        if rule.breaks and isinstance(rule.expected, str) and rule.expected:
            forms |= {place[0]: rule.expected for place in rule.places if place}
    return forms


def _table(wanted: Wanted, kind_of: Callable[[str, int], Kind | None]) -> dict[str, Any]:
    columns = []
    for name in (*wanted.required, *wanted.optional):
        kind, amount = kind_of(name, 100), name in wanted.amounts
        columns.append(
            {
                "name": name,
                "required": name in wanted.required,
                "form": kind.expected if kind else "",
                "unit": _CENTIMES_OR_DINARS if amount else "",
                "headings": _headings(name, amount),
                "meaning": dict(table("columns")[name]),
            }
        )
    return {"kind": "table", "columns": columns}


def _headings(column: str, amount: bool) -> dict[str, str]:
    """One heading in each language; there are others (the templates list them)."""
    names = table("columns")[column]
    return {each: f"{names[each]} ({_UNIT_OF_HEADINGS[each]})" if amount else names[each] for each in LANGUAGES}


def _limits() -> dict[str, Any]:
    figures = {
        name: [{"unit": each["unit"], "from": str(each["from"]), "value": str(each["value"]), "source": each["source"],
                "confidence": each["confidence"]} for each in entries]
        for name, entries in limits.tables().items()
    }  # fmt: skip
    return {
        "lines_of_a_fixed_file": MOST_LINES,
        "rows_of_a_das_table": MAX_ROWS,
        "rows_of_a_dac_table": dac_rows.MAX_ROWS,
        "columns_of_a_table": MAX_COLUMNS,
        "bytes_of_a_cell": MAX_CELL_BYTES,
        "bytes_of_a_text_file": archive.MAX_TEXT_BYTES,
        "bytes_of_a_workbook": workbooks.MAX_PACKED_BYTES,
        "members_of_an_archive": archive.MAX_MEMBERS,
        "findings_told_one_by_one": KEPT_FINDINGS,
        "figures": figures,
    }
