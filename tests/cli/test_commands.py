"""Help, exit codes, a reader that stops reading, the OpenAPI document, verification."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from tasrih import __version__
from tasrih.adapters.api.names import AskedNames
from tasrih.adapters.api.webhooks import Event
from tasrih.adapters.memory import MemoryPost, MemoryReceipts, MemorySigner
from tasrih.cli import main, options
from tasrih.cli.deposit import deposits, employer_in_name
from tasrih.cli.register import parts
from tasrih.declaration.code_pages import CODECS
from tasrih.register.webhooks import EVENTS
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk

from tests.correspondence.samples import KEYS, facts_of, signed
from tests.story.world import ONE, crowd, pair, settled_world

Write = Callable[..., list[str]]
Told = pytest.CaptureFixture[str]
COMMANDS = [
    "check",
    "submit",
    "status",
    "withdraw",
    "mandate",
    "machine",
    "webhook",
    "looks",
    "person",
    "verify",
    "law",
    "register",
    "local",
    "demo",
    "openapi",
    "rules",
    "layouts",
]


def ran(*arguments: str, lines_read: int | None = None) -> tuple[int, str]:
    """In a process of its own, its output read to the end or cut after some lines: (exit code, what stderr got)."""
    command = [sys.executable, "-c", "import sys; from tasrih.cli import main; sys.exit(main())", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        if lines_read is None:
            process.stdout.read()
        else:
            for _ in range(lines_read):
                process.stdout.readline()
            process.stdout.close()
        errors = process.stderr.read()
        return process.wait(), errors


def exit_code(*arguments: str) -> Any:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


def test_help_names_every_command(capsys: Told) -> None:
    assert exit_code("--help") == 0
    told = capsys.readouterr().out
    assert all(f"    {command} " in told for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: Told) -> None:
    assert exit_code(command, "--help") == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_what_the_command_line_says_again_is_what_the_service_takes() -> None:
    assert options.EVENTS == EVENTS == get_args(Event)
    assert options.CODE_PAGES == tuple(CODECS) == get_args(AskedNames.model_fields["code_page"].annotation)


def test_the_version_is_told(capsys: Told) -> None:
    assert exit_code("--version") == 0
    assert capsys.readouterr().out == f"tasrih {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["nothing"],
        ["check", "--format", "xml", "x"],
        ["check", "--lang", "de", "x"],
        ["status"],
        ["verify"],
    ],
)
def test_what_is_asked_wrongly_ends_with_two(arguments: list[str], capsys: Told) -> None:
    assert exit_code(*arguments) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("lines_read", [0, 1])
@pytest.mark.parametrize("people", [2, 400])
def test_a_reader_that_stops_reading_gets_no_trace_and_the_verdict_stands(
    written: Write, lines_read: int, people: int
) -> None:
    """Whether what is written fits into the pipe or not."""
    bad = [replace(each, unit="X") for each in crowd(people)]
    for what, expected in ((pair(bad), 1), (pair(crowd(people)), 0)):
        code, errors = ran("check", "--format", "json", *written(what), lines_read=lines_read)
        assert errors == ""
        assert code == expected


def test_the_openapi_document_is_printed(capsys: Told) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["info"]["title"] == "Tasrih"


def test_a_reader_of_the_document_may_stop_too() -> None:
    assert ran("openapi", lines_read=0)[1] == ""


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with a signed receipt as PDF and JSON, and the keys."""
    world = settled_world()
    upload = world.file(pair())
    receipts, signer = MemoryReceipts(), MemorySigner("graine")
    desk = Desk(
        book=world.book,
        inbox=world.inbox,
        receipts=receipts,
        signer=signer,
        post=MemoryPost(),
        mail_from="tasrih@caisse.example",
        verify_url="https://caisse.example/v",
    )
    acknowledge(upload, "in_force", datetime(2020, 1, 20, 10, tzinfo=UTC), desk)
    for key, (body, _) in receipts.kept.items():
        (tmp_path / Path(key).name).write_bytes(body)
    (tmp_path / "keys.json").write_text(json.dumps(signer.public_keys()), "ascii")
    return tmp_path


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_a_genuine_paper_is_verified_without_network(papers: Path, form: str, capsys: Told) -> None:
    (paper,) = (each for each in papers.iterdir() if each.suffix == f".{form}" and each.name != "keys.json")
    assert main(["verify", str(paper)]) == 0
    assert "1699999901" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "dues"), [("normal", "17 708 522,58 DA"), ("held", "held"), ("dac partly held", "75 465,00 DA + held")]
)
def test_dues_are_told_whether_known_held_or_both(name: str, dues: str, tmp_path: Path, capsys: Told) -> None:
    (tmp_path / "receipt.json").write_bytes(signed(facts_of(name))[0])
    (tmp_path / "keys.json").write_text(json.dumps(KEYS), "ascii")
    assert main(["verify", str(tmp_path / "receipt.json")]) == 0
    told = capsys.readouterr().out.translate({0xA0: " ", 0x202F: " "})
    assert f"  dues: {dues}\n" in told


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_one_changed_byte_is_not_genuine(papers: Path, form: str, capsys: Told) -> None:
    (paper,) = (each for each in papers.iterdir() if each.suffix == f".{form}" and each.name != "keys.json")
    body = bytearray(paper.read_bytes())
    body[len(body) // 2] ^= 1
    paper.write_bytes(body)
    assert main(["verify", str(paper)]) == 1
    told = capsys.readouterr().out
    assert told
    assert "1699999901" not in told


def test_a_paper_signed_by_another_key_is_not_genuine(papers: Path) -> None:
    (papers / "keys.json").write_text(json.dumps(MemorySigner("autre").public_keys()), "ascii")
    for paper in papers.iterdir():
        if paper.name != "keys.json":
            assert main(["verify", str(paper)]) == 1


def test_keys_may_lie_elsewhere_and_must_lie_somewhere(papers: Path, tmp_path: Path, capsys: Told) -> None:
    (paper,) = (each for each in papers.iterdir() if each.suffix == ".pdf")
    elsewhere = tmp_path / "ailleurs.json"
    (papers / "keys.json").rename(elsewhere)
    assert main(["verify", str(paper), "--keys", str(elsewhere)]) == 0
    assert main(["verify", str(paper)]) == 2
    assert "keys.json" in capsys.readouterr().err


@pytest.mark.parametrize("keys", ["", "{", "[]", "null", "7", '"x"', '{"keys": 1}', "{}"])
def test_keys_that_are_none_are_no_proof(papers: Path, keys: str, capsys: Told) -> None:
    (paper,) = (each for each in papers.iterdir() if each.suffix == ".pdf")
    (papers / "keys.json").write_text(keys, "ascii")
    assert main(["verify", str(paper)]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"{}", b"\xff" * 99, b"a.b.c"])
def test_anything_else_is_not_genuine(papers: Path, body: bytes) -> None:
    (papers / "autre").write_bytes(body)
    assert main(["verify", str(papers / "autre")]) == 1


def test_the_verdict_on_a_paper_comes_in_three_languages(papers: Path, capsys: Told) -> None:
    (paper,) = (each for each in papers.iterdir() if each.suffix == ".pdf")
    told = set()
    for lang in ("ar", "fr", "en"):
        main(["verify", "--lang", lang, str(paper)])
        told.add(capsys.readouterr().out.splitlines()[0])
    assert len(told) == 3


def test_a_service_that_cannot_be_reached_is_no_verdict(written: Write, tmp_path: Path, capsys: Told) -> None:
    token = tmp_path / "token"
    token.write_text("t", "ascii")
    assert main(["status", "--api", "nonsense://127.0.0.1", "--token-file", str(token)]) == 2
    assert main(["status", "--api", "http://127.0.0.1:9"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["--certified-by", "NOMUN PRENOMUN"], ["--capacity", "gérant"]])
def test_a_filing_that_nobody_certifies_is_not_sent_and_the_way_out_is_told(
    written: Write, given: list[str], capsys: Told
) -> None:
    assert main(["submit", "--api", "http://127.0.0.1:9", *given, *written()]) == 2
    told = capsys.readouterr().err
    assert "--certified-by" in told
    assert "--capacity" in told
    assert "--test" in told


def test_a_register_file_is_sent_in_parts_with_the_heading_on_each() -> None:
    text = "a;b\n" + "".join(f"{each};x\n" for each in range(1201))
    sent = list(parts(text))
    assert [part.count("\n") - 1 for part in sent] == [500, 500, 201]
    assert all(part.startswith("a;b\n") for part in sent)
    assert "".join(part.removeprefix("a;b\n") for part in sent) == text.removeprefix("a;b\n")


def test_a_heading_without_rows_is_sent_all_the_same() -> None:
    assert list(parts("a;b\n")) == ["a;b\n"]


class Answering:
    """The service, as far as an import needs it: remembers what was asked; faults stand in rows that say so."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, bool]] = []

    def sign_in(self, _: object) -> Answering:
        return self

    def put_text(self, _: str, text: str, *, dry_run: str) -> dict[str, Any]:
        rows = text.splitlines()[1:]
        self.asked.append((len(rows), bool(dry_run)))
        findings = [{"code": "E807", "line": at, "message": "faux"} for at, row in enumerate(rows, 2) if "faux" in row]
        return {"created": 0 if findings else len(rows), "changed": 0, "unchanged": 0, "findings": findings}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    service = Answering()
    monkeypatch.setattr("tasrih.cli.register.Service", lambda *_: service)
    return service


def test_an_import_in_parts_is_tried_whole_before_anything_is_written(
    answering: Answering, tmp_path: Path, capsys: Told
) -> None:
    file = tmp_path / "registre.csv"
    file.write_text("a;b\n" + "x\n" * 700, "utf-8")
    assert main(["register", "--lang", "en", "--api", "http://s", str(file)]) == 0
    assert answering.asked == [(500, True), (200, True), (500, False), (200, False)]
    assert "700" in capsys.readouterr().out


def test_a_fault_in_the_last_part_keeps_the_first_out_and_has_the_line_of_the_file(
    answering: Answering, tmp_path: Path, capsys: Told
) -> None:
    file = tmp_path / "registre.csv"
    file.write_text("a;b\n" + "x\n" * 699 + "faux\n", "utf-8")
    assert main(["register", "--api", "http://s", str(file)]) == 1
    assert answering.asked == [(500, True), (200, True)]
    assert capsys.readouterr().out.split() == ["E807", "701", "faux"]


def test_a_strange_line_separator_in_a_name_cuts_no_row_and_the_heading_stands_on_every_part() -> None:
    rows = [f"x\u2028{row}\n" for row in range(501)]
    assert list(parts("sep=;\na;b\n" + "".join(rows))) == [
        "sep=;\na;b\n" + "".join(rows[:500]),
        "sep=;\na;b\n" + rows[500],
    ]


def test_a_dry_run_writes_nothing(answering: Answering, tmp_path: Path, capsys: Told) -> None:
    file = tmp_path / "registre.csv"
    file.write_text("a;b\nx\n", "utf-8")
    assert main(["register", "--dry-run", "--api", "http://s", str(file)]) == 0
    assert answering.asked == [(1, True)]


def test_a_deposit_is_a_pair_wherever_its_halves_lie(written: Write, tmp_path: Path) -> None:
    first = written(pair(), tmp_path / "a")
    other = written(pair(year=2018), tmp_path / "b")
    found = deposits([first[0], other[1], first[1], other[0]])
    assert [[file.name for file in each] for each in found] == [
        ["D19E1699999901.txt", "D19S1699999901.txt"],
        ["D18S1699999901.txt", "D18E1699999901.txt"],
    ]


def test_the_employer_is_read_from_a_file_name() -> None:
    assert employer_in_name([Path("D19E1699999901.txt")]) == "1699999901"
    assert employer_in_name([Path("das-1699999901-2019.csv")]) == "1699999901"
    assert employer_in_name([Path("das-16999999012.csv"), Path(ONE.surname)]) == ""
