"""Lines of declarations as answers of the API: a page of a filing, and all that is in force for one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasrih.adapters.api import line_models
from tasrih.story.filings import Series
from tasrih.story.look_up import Declared, lines_in_force
from tasrih.story.ports import Book, LineStore

LINES_A_PAGE = 1000


def lines(series: Series, after: int, book: Book, store: LineStore) -> line_models.LinePage:
    """A page of lines, in the order they are stored in."""
    shown: list[line_models.LineView] = []
    passed = 0
    for part in lines_in_force(series, book=book, lines=store):
        if passed + len(part) > after and len(shown) < LINES_A_PAGE:
            first = max(0, after - passed)
            shown += [line(row) for row in part.rows[first : first + LINES_A_PAGE - len(shown)]]
        passed += len(part)
        if passed >= after + LINES_A_PAGE + 1:
            return line_models.LinePage(lines=shown, next=after + LINES_A_PAGE)
    return line_models.LinePage(lines=shown, next=None)


def line(row: Any) -> line_models.LineView:
    """Of a DAS, with its quarters; of a nominal DAC, with the one base of its period."""

    def text(name: str) -> str:
        return bytes(row[name]).decode("utf-8", "replace").strip()

    quarters = ("q1", "q2", "q3", "q4") if "base_q1" in row.dtype.names else ()
    return line_models.LineView(
        number=int(row["number"]),
        nss=text("nss"),
        surname=text("surname"),
        first_name=text("first_name"),
        birth=text("birth"),
        durations=[int(row[f"duration_{quarter}"]) for quarter in quarters],
        units=[text(f"unit_{quarter}") for quarter in quarters],
        bases_centimes=[int(row[f"base_{quarter}"]) for quarter in quarters],
        base_year_centimes=int(row["base_year"]) if quarters else None,
        base_centimes=None if quarters else int(row["base"]),
        entry=text("entry"),
        exit=text("exit"),
        function=text("function") if quarters else "",
        code=text("code"),
    )


def insured(found: Sequence[Declared]) -> line_models.InsuredView:
    return line_models.InsuredView(declared=[declared(each) for each in found])


def declared(each: Declared) -> line_models.DeclaredView:
    return line_models.DeclaredView(
        employer=each.employer,
        kind=each.kind,
        period=each.period,
        upload=each.upload,
        lines=[line(row) for row in each.lines.rows],
    )
