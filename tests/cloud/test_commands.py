"""Do the commands work as programs of their own, against a service that answers?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cloud.filings import Filing, das, faulty, other
from tests.cloud.fund import AGENCY, HEADING, Employer, Fund

pytestmark = pytest.mark.cloud


BY = ("--certified-by", "NOMUN PRENOMUN", "--capacity", "gérant")


def tasrih(*arguments: str, password: str = "", folder: Path = Path()) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    if password:
        environment["TASRIH_PASSWORD"] = password
    done = subprocess.run(
        [str(Path(sys.executable).with_name("tasrih")), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def written(filing: Filing, folder: Path) -> list[str]:
    for name, body in filing.files:
        (folder / name).write_bytes(body)
    return [str(folder / name) for name, _ in filing.files]


def as_(employer: Employer, fund: Fund) -> list[str]:
    return ["--api", fund.stack.api_url, "--user", employer.account, "--lang", "en"]


def test_submit_status_and_verify_from_file_to_genuine_receipt(fund: Fund, tmp_path: Path) -> None:
    employer = fund.employer()
    files, papers = written(das(employer.number), tmp_path), tmp_path / "papers"
    word = employer.password
    sent = tasrih("submit", *files, *BY, *as_(employer, fund), "--receipt", str(papers), password=word)
    assert sent.returncode == 0, sent
    assert "Accepted and in force." in sent.stdout
    assert not re.search(r"[\x1b\r]", sent.stdout + sent.stderr), "no terminal, no control characters"
    upload = re.search(r"[0-9a-f]{32}", sent.stderr)
    assert upload
    asked = tasrih("status", upload[0], *as_(employer, fund), password=word)
    assert asked.returncode == 0
    assert asked.stdout in sent.stdout
    listed = tasrih("status", *as_(employer, fund), password=word)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [upload[0]]
    assert {path.suffix for path in papers.iterdir()} == {".pdf", ".json"}
    for path in papers.glob("TR-*"):
        checked = tasrih("verify", str(path), "--lang", "en")
        assert checked.returncode == 0, checked
        path.write_bytes(path.read_bytes()[:-2])
        assert tasrih("verify", str(path), "--lang", "en").returncode == 1


def test_submit_says_no_with_one_and_shows_what_to_mend(fund: Fund, tmp_path: Path) -> None:
    employer = fund.employer()
    files = written(faulty(employer.number), tmp_path)
    sent = tasrih("submit", *files, *BY, *as_(employer, fund), password=employer.password)
    assert sent.returncode == 1
    assert f"{Path(files[1]).name}:1" in sent.stdout
    assert f"{Path(files[1]).name}:2" in sent.stdout


def test_submit_sends_what_is_no_declaration_when_told_for_whom(fund: Fund, tmp_path: Path) -> None:
    employer = fund.employer()
    files = written(other(employer.number, "facture.pdf", b"%PDF-1.7\n%%EOF\n"), tmp_path)
    word = employer.password
    assert tasrih("submit", *files, *BY, *as_(employer, fund), password=word).returncode == 2
    sent = tasrih("submit", *files, *BY, *as_(employer, fund), "--employer", employer.number, password=word)
    assert sent.returncode == 1, sent
    assert "PDF" in sent.stdout


def test_submit_need_not_wait(fund: Fund, tmp_path: Path) -> None:
    employer = fund.employer()
    files = written(das(employer.number), tmp_path)
    sent = tasrih("submit", *files, *BY, *as_(employer, fund), "--no-wait", password=employer.password)
    assert sent.returncode == 0
    upload = re.search(r"[0-9a-f]{32}", sent.stdout)
    assert upload
    assert fund.verdict(employer, upload[0])["state"] == "in_force"


def test_what_cannot_be_used_as_asked_ends_with_two_and_one_line(fund: Fund, tmp_path: Path) -> None:
    employer = fund.employer()
    another = fund.employer()
    files = written(das(employer.number), tmp_path)
    (tmp_path / "expired").write_text("no.real.token")
    (tmp_path / "empty.txt").write_bytes(b"")
    api = ["--api", fund.stack.api_url, "--lang", "en"]
    asked = {
        "wrong password": (["submit", *files, *BY, *as_(employer, fund)], "wrong"),
        "no account": (["submit", *files, *BY, *api], ""),
        "bad token": (["submit", *files, *BY, *api, "--token-file", str(tmp_path / "expired")], ""),
        "no such file": (["submit", str(tmp_path / "none.txt"), *BY, *as_(employer, fund)], employer.password),
        "empty file": (
            ["submit", str(tmp_path / "empty.txt"), *BY, *as_(employer, fund), "--employer", employer.number],
            employer.password,
        ),
        "another's employer": (["submit", *files, *BY, *as_(another, fund)], another.password),
        "nobody certifies": (["submit", *files, *as_(employer, fund)], employer.password),
        "unknown upload": (["status", "0" * 32, *as_(employer, fund)], employer.password),
        "no service": (["status", "--api", "http://127.0.0.1:9", "--user", employer.account], employer.password),
    }
    for about, (arguments, word) in asked.items():
        done = tasrih(*arguments, password=word)
        assert done.returncode == 2, (about, done)
        assert re.fullmatch(r"tasrih: [^\n]+\n", done.stderr), (about, done.stderr)


def test_an_officer_imports_a_register_and_is_told_what_is_wrong_with_it(fund: Fund, tmp_path: Path) -> None:
    (person,) = fund.stack.people([("officer-commands", f"officers-{AGENCY}")]).values()
    options = ["--api", fund.stack.api_url, "--user", person.username, "--lang", "en"]
    row = "c1;COMMANDES SARL;;1612345678;{agency};2010-01-01;;monthly;R22;NOMUN;paie@c1.example;fr;c1"
    good, bad, theirs = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "theirs.csv"
    good.write_text(f"{HEADING}\n{row.format(agency=AGENCY)}\n", "utf-8")
    bad.write_text(f"{HEADING}\n{row.format(agency='x')}\n", "utf-8")
    theirs.write_text(f"{HEADING}\n{row.format(agency='31000')}\n", "utf-8")
    number = "/register/employers/1612345678"
    assert tasrih("register", str(good), "--dry-run", *options, password=person.password).returncode == 0
    assert fund.officer.call("GET", number).status == 404
    assert tasrih("register", str(good), *options, password=person.password).returncode == 0
    assert fund.officer.call("GET", number).status == 200
    for path in (bad, theirs):
        done = tasrih("register", str(path), *options, password=person.password)
        assert done.returncode == 1, done
        assert re.search(r"E8\d\d", done.stdout)
