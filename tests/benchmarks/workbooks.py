"""A workbook of 100,000 workers: cells out of it, in the child and by calamine alone; then the whole examination."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

from tasrih.adapters.workbooks import child_workbooks
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import inspect

from tests.declaration.made_workbooks import GOOD, OFFICE, parts, sheet

PEOPLE = 100_000
CALAMINE = """
import resource, sys, time, python_calamine
began = time.perf_counter()
rows = len(python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python())
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write(path: Path, people: int) -> None:
    """As Excel writes it: texts are shared, each stored once."""
    shared: dict[str, int] = {}

    def cell(letter: str, line: int, stored: object) -> str:
        if stored is None:
            return ""
        if isinstance(stored, str):
            return f'<c r="{letter}{line}" t="s"><v>{shared.setdefault(stored, len(shared))}</v></c>'
        style, number = stored if isinstance(stored, tuple) else (0, stored)
        return f'<c r="{letter}{line}" s="{style}"><v>{number}</v></c>'

    def row(line: int, values: list[object]) -> str:
        cells = "".join(cell(chr(65 + place), line, stored) for place, stored in enumerate(values))
        return f'<row r="{line}" spans="1:24">{cells}</row>'

    rows = [row(1, list(GOOD))]
    for place in range(people):
        own = {"NSS": f"{800_000_000_000 + place}", "Nom": f"NOM{place % 5000}", "Prénom": f"PRENOM{place % 3000}"}
        rows.append(row(place + 2, list({**GOOD, **own}.values())))
    made = parts(sheet("".join(rows)))
    link = f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    made["xl/_rels/workbook.xml.rels"] = str(made["xl/_rels/workbook.xml.rels"]).replace("</Relationships>", link)
    made["xl/sharedStrings.xml"] = "<sst>" + "".join(f"<si><t>{text}</t></si>" for text in shared) + "</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)


def main() -> None:
    """Measures in a process of its own, which starts small."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "das.xlsx"
        write(path, PEOPLE)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.workbooks", path], check=True)


def measure(path: Path) -> None:
    file = SentFile(path.name, path.stat().st_size, lambda: path.open("rb"))
    began = time.perf_counter()
    unpacked = child_workbooks(file, inspect(file))
    seconds = time.perf_counter() - began
    assert unpacked.text, unpacked.findings
    child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"child: {seconds:.2f} s, {PEOPLE / seconds:,.0f} rows/s, {child_mib:.0f} MiB")
    done = subprocess.run([sys.executable, "-c", CALAMINE, path], capture_output=True, check=True)
    other, kib = map(float, done.stdout.split())
    print(f"calamine alone: {other:.2f} s, {PEOPLE / other:,.0f} rows/s, {kib / 1024:.0f} MiB")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    result = examine([file], today=date(2020, 1, 15), workbooks=child_workbooks)
    seconds = time.perf_counter() - began
    assert (result.accepted, result.lines) == (True, PEOPLE)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"examined: {seconds:.2f} s, {PEOPLE / seconds:,.0f} rows/s, the parent grew by {grown:.0f} MiB")


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if sys.argv[1:] else main()
