"""Workbooks that would hurt whoever reads them: the child dies, the parent lives, the filer gets a sentence."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tasrih.adapters import workbook_child
from tasrih.adapters.workbooks import CHILD, Limits, child_workbooks, taken_apart
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import Unpacked

from tests.adapters.processor import processor_seconds
from tests.declaration.made_workbooks import GOOD, book, checked, in_this_process, packed, parts, row, rows, sheet, told
from tests.declaration.pairs import sent

LETTERS = [chr(65 + place) for place in range(24)]


def codes(unpacked: Unpacked) -> list[str]:
    return [found.code for found in unpacked.findings]


def played(program: str, limits: Limits | None = None) -> Unpacked:
    """What the parent makes of a child that runs this program."""
    return taken_apart(sent("das.xlsx", book({})), 0, limits or Limits(cpu_seconds=0, grace_seconds=2), ("-c", program))


def text_of(unpacked: Unpacked) -> bytes:
    assert unpacked.text
    with unpacked.text.open() as stream:
        return stream.read()


def test_the_child_reads_what_is_read_in_this_process() -> None:
    file = sent("das.xlsx", book({}, {"Nom": "اسم مستعار"}))
    theirs, ours = child_workbooks(file, 10_000), in_this_process(file, 10_000)
    assert text_of(theirs) == text_of(ours)
    assert (theirs.sheet, theirs.findings, theirs.counts) == (ours.sheet, ours.findings, ours.counts)


def test_findings_come_through_with_their_places() -> None:
    result = checked(book({}, {"Durée T1": (1, 43831)}), child_workbooks)
    assert told(result) == [("E721", 3, "duration_q1")]


def test_the_table_may_be_read_several_times_at_once_and_outlives_its_finder() -> None:
    text = child_workbooks(sent("das.xlsx", book(*[{}] * 50)), 0).text
    assert text
    one, other = text.open(), text.open()
    assert one.read(100) == other.read(100)
    assert one.read() == other.read()
    assert one.seek(0) == 0
    assert len(one.read()) == one.seek(0, os.SEEK_END) == text.size


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", "E730"),
        ("import os; os.kill(os.getpid(), 11)", "E730"),
        ("raise SystemExit(3)", "E730"),
        ("", "E730"),
        ("import sys; sys.stderr.write('{}')", "E730"),
        ("import sys; sys.stderr.write('[' * 100000)", "E730"),
        ('import sys; sys.stderr.write(\'{"counts": {}, "sheet": ""}\')', "E730"),
        ("import sys; print('x'); sys.stderr.write('9' * (1 << 20))", "E730"),
        ("import signal; signal.pause()", "E731"),
        (f"raise SystemExit({workbook_child.OUT_OF_MEMORY})", "E732"),
        (f"raise SystemExit({workbook_child.OUT_OF_ROOM})", "E733"),
    ],
)
def test_a_child_that_dies_hangs_or_says_nothing_is_a_refusal(program: str, code: str) -> None:
    unpacked = played(program)
    assert (unpacked.text, codes(unpacked)) == (None, [code])
    assert unpacked.counts == {code: 1}


def limited(memory_mib: int, cpu_seconds: int, output_mib: int, then: str) -> Sequence[str]:
    return (
        "-c",
        f"from tasrih.adapters.workbook_child import limit; limit({memory_mib}, {cpu_seconds}, {output_mib}); {then}",
    )


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ("bytearray(1 << 30)", "MemoryError"),
        ("import sys; [sys.stdout.buffer.write(bytes(1 << 20)) for _ in range(9)]", "OSError"),
        ("import os; os.getuid() or os.setuid(65534); os.fork()", "BlockingIOError"),
        ("[open('/dev/null') for _ in range(64)][0]", "Too many open files"),
    ],
)
def test_the_limits_hold(then: str, error: str, tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        command = [sys.executable, *limited(512, 5, 8, then)]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert error.encode() in done.stderr


def test_endless_computing_ends(tmp_path: Path) -> None:
    unpacked = taken_apart(sent("das.xlsx", b""), 0, child=limited(512, 1, 8, "exec('while True: pass')"))
    assert codes(unpacked) == ["E731"]


def test_a_workbook_too_large_for_the_memory_is_a_refusal() -> None:
    names = "".join(f"<si><t>{number:0200}</t></si>" for number in range(200_000))
    made = parts(sheet(rows({})))
    relation = '<Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    links = str(made["xl/_rels/workbook.xml.rels"]).replace("</Relationships>", relation)
    content = packed({**made, "xl/_rels/workbook.xml.rels": links, "xl/sharedStrings.xml": f"<sst>{names}</sst>"})
    assert codes(taken_apart(sent("das.xlsx", content), 1 << 26, Limits(memory_mib=60))) == ["E732"]


def test_a_table_larger_than_the_room_is_a_refusal() -> None:
    content = book(*[{"Fonction": "A" * 20_000}] * 100)
    assert codes(taken_apart(sent("das.xlsx", content), 1 << 26, Limits(output_mib=1))) == ["E733"]


def test_the_child_sees_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-the-child")
    report = "{'counts': {}, 'sheet': repr(sorted(os.environ))[:100], 'whole': True}"
    unpacked = played(f"import os, sys, json; json.dump({report}, sys.stderr); print('x')", Limits())
    assert "PYTHONPATH" in unpacked.sheet
    assert "AWS" not in unpacked.sheet


def test_the_time_allowed_grows_with_the_workbook_and_ends_before_the_function() -> None:
    limits = Limits()
    assert [limits.seconds(size) for size in (0, 100 << 20, 4 << 30)] == [3, 23, 200]
    assert limits.patience(limits.seconds(4 << 30)) < 300


def bombs() -> dict[str, bytes]:
    empty = '<row r="{}"/>'
    cells = "".join(f'<c r="{letter}9"><f>1</f></c>' for letter in LETTERS)
    plain = parts(sheet(rows({})))
    return {
        "a million empty rows": packed(parts(sheet("".join(empty.format(n) for n in range(1, 1_048_577))))),
        "two cells far apart": packed(
            parts(sheet(rows({}) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
        ),
        "a row that never ends": packed(parts(sheet(rows({}) + '<row r="9">' + cells * 40_000))),
        "formulas without results": packed(parts(sheet(row(1, list(GOOD)) + "".join(
            f'<row r="{n}">' + "".join(f'<c r="{letter}{n}"><f>1</f></c>' for letter in LETTERS) + "</row>"
            for n in range(2, 10_000)
        )))),
        "merged cells without end": packed(
            parts(sheet(rows({}), after="<mergeCells>" + '<mergeCell ref="A2:X9999"/>' * 300_000 + "</mergeCells>"))
        ),
        "attributes without end": packed(
            {**plain, "xl/styles.xml": "<styleSheet " + " ".join(f'a{n}="1"' for n in range(500_000)) + "/>"}
        ),
        "texts without end": packed({**plain, "xl/workbook.xml": "<workbook>" + "A" * (15 * 1024 * 1024)}),
    }  # fmt: skip


BOMBS = bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_five_seconds_and_the_parent_hardly_grows(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = processor_seconds()
    result = checked(BOMBS[name], child_workbooks)
    assert not result.accepted
    assert processor_seconds() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_the_modules_of_the_child_load_quickly() -> None:
    """No arrays, no AWS: each upload of a workbook waits for them."""
    program = (
        "import sys, tasrih.adapters.workbook_child, tasrih.declaration.xlsx.table; "
        "print([name for name in ('numpy', 'boto3', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


def test_a_file_that_can_only_be_read_forwards_is_taken() -> None:
    class Forwards(io.BytesIO):
        def seekable(self) -> bool:
            return False

    content = book({})
    file = SentFile("das.xlsx", len(content), lambda: Forwards(content))
    assert text_of(taken_apart(file, 0, child=CHILD)).count(b"\n") == 2
