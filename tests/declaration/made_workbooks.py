"""Workbooks written by hand, part by part, so that each part can be damaged."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, SentFile
from tasrih.declaration.workbooks import Unpacked, Workbooks
from tasrih.declaration.xlsx.table import write_table
from tasrih.vocabulary.finding import Finding

from tests.declaration.pairs import TODAY, sent

NAME = "das.xlsx"
TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DATE, TEXT, ZEROS = 1, 2, 3
"""Styles: a built-in date format, text, "000000000000"."""
STYLES = (
    f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts><numFmt numFmtId="164" formatCode="000000000000"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="49"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)

Stored = str | int | float | tuple[int, int | float] | None
"""A text, a number, a number in a style; a text that begins with "<" is the XML of the cell's inside and attributes."""
GOOD: dict[str, Stored] = {
    "Employeur": "1699999901", "Année": 2019, "Type": "N", "Centre payeur": "16000", "NSS": "800000000001",
    "Nom": "NOMUN", "Prénom": "PRENOMUN", "Date de naissance": (DATE, 32874),
    "Durée T1": 90, "Unité T1": "J", "Assiette T1 (DA)": 90000,
    "Durée T2": 90, "Unité T2": "J", "Assiette T2 (DA)": 90000,
    "Durée T3": 90, "Unité T3": "J", "Assiette T3 (DA)": 90000,
    "Durée T4": 90, "Unité T4": "J", "Assiette T4 (DA)": 90000,
    "Assiette annuelle (DA)": 360000, "Date d'entrée": (DATE, 42064), "Date de sortie": None, "Fonction": "AGENT",
}  # fmt: skip
COLUMNS = {heading: chr(65 + place) for place, heading in enumerate(GOOD)}


def cell(reference: str, stored: Stored) -> str:
    if stored is None:
        return ""
    if isinstance(stored, tuple):
        return f'<c r="{reference}" s="{stored[0]}"><v>{stored[1]}</v></c>'
    if isinstance(stored, str):
        if stored.startswith("<"):
            attributes, _, inside = stored.removeprefix("<").partition(">")
            return f'<c r="{reference}"{attributes}>{inside}</c>'
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(stored)}</t></is></c>'
    return f'<c r="{reference}"><v>{stored}</v></c>'


def row(number: int, values: Sequence[Stored], attributes: str = "") -> str:
    cells = "".join(cell(f"{chr(65 + place)}{number}", stored) for place, stored in enumerate(values))
    return f'<row r="{number}"{attributes}>{cells}</row>'


def rows(*changes: Mapping[str, Stored], first: int = 1) -> str:
    """A heading and one worker for each, from row `first` on."""
    people = [
        row(first + 1 + place, list({**GOOD, "NSS": f"{800000000001 + place}", **change}.values()))
        for place, change in enumerate(changes)
    ]
    return row(first, list(GOOD)) + "".join(people)


def sheet(data: str, before: str = "", after: str = "", space: str = TRANSITIONAL) -> str:
    return f'<worksheet xmlns="{space}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def parts(*sheets: str, states: Sequence[str] = (), settings: str = "") -> dict[str, str | bytes]:
    """A workbook of these sheets, named Feuil1, Feuil2, ... `states` are those of the sheets: "hidden"."""
    held = list(sheets)
    named = "".join(
        f'<sheet name="Feuil{n}" sheetId="{n}"{_state(states, n)} r:id="rId{n}"/>' for n in range(1, len(held) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(held) + 1)
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{TRANSITIONAL}" xmlns:r="{OFFICE}">{settings}<sheets>{named}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
        f'<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(held, 1)},
    }


def _state(states: Sequence[str], number: int) -> str:
    return f' state="{states[number - 1]}"' if number <= len(states) and states[number - 1] else ""


def packed(held: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def book(*changes: Mapping[str, Stored]) -> bytes:
    """One sheet, one worker for each change."""
    return packed(parts(sheet(rows(*changes or ({},)))))


def in_this_process(file: SentFile, unpacked_bytes: int) -> Unpacked:
    """The reading without its child: for tests of what is read, not of how it is kept in check."""
    written = io.BytesIO()
    with file.open() as stream:
        outcome = write_table(stream, written.write)
    held = written.getvalue()
    text = SentFile(file.name, len(held), lambda: io.BytesIO(held)) if outcome.whole else None
    findings = tuple(Finding(code, "", *rest) for code, *rest in outcome.findings)
    return Unpacked(text, outcome.sheet, findings, Counter(outcome.counts))


def checked(content: bytes, workbooks: Workbooks = in_this_process, name: str = NAME) -> Examined:
    return examine([sent(name, content)], today=TODAY, workbooks=workbooks)


def told(examined: Examined) -> list[tuple[str, int, str]]:
    """(code, line, column) of what was found."""
    return [(found.code, found.line, found.column) for found in examined.findings]
