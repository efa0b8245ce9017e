"""Does every command of the README do what stands there?

Blocks marked `sh` are run line by line, in a folder that looks like a clone; those marked `sh local` while `tasrih
local` runs, with API and each account's password in the environment; those marked `sh long` are run by hand.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.cloud

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(?P<mark>[a-z ]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = {"make demo": ".venv/bin/tasrih demo", "make client": ".venv/bin/python -m tests.client"}
"""What a target runs once everything is installed."""
NOT_FROM_A_TEST = {"make test"}
"""It would run itself."""
ACCOUNT = re.compile(r"^Account \(.*\)\s+(?P<name>\S+)\s+(?P<password>\S+)$", re.MULTILINE)
ADDRESS = re.compile(r"^API\s+(?P<url>http\S+)$", re.MULTILINE)


def commands(mark: str) -> list[str]:
    bodies = [block["body"] for block in BLOCK.finditer(README) if block["mark"] == mark]
    lines = [line for body in bodies for line in body.replace("\\\n", " ").splitlines() if line.strip()]
    return [RECIPES.get(line, line) for line in lines if line not in NOT_FROM_A_TEST and not line.startswith("#")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files; what the commands write stays here."""
    folder = tmp_path_factory.mktemp("clone")
    for each in ROOT.iterdir():
        if each.name not in ("tasrih-demo", "papers", ".git"):
            (folder / each.name).symlink_to(each)
    return folder


def run(command: str, folder: Path, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **variables}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        check=False,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


def test_the_commands_work_one_after_the_other_and_the_demo_prints_what_the_readme_shows(clone: Path) -> None:
    assert commands("sh"), "the README shows commands"
    told = {command: run(command, clone) for command in commands("sh")}
    demo = _flat(told[RECIPES["make demo"]])
    shown = next(block["body"] for block in BLOCK.finditer(README) if block["mark"] == "text")
    missing = [line for line in shown.splitlines() if not all(part in demo for part in _flat(line).split("…"))]
    assert missing == []


def _flat(text: str) -> str:
    """Ports and durations differ from run to run; a table or a rule around a line does not count."""
    return re.sub(r"\d+", "0", re.sub(r"\d+\.\d+ s\b", "0 s", text)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def running(clone: Path) -> Iterator[dict[str, str]]:
    """`tasrih local`, as the variables that the README speaks of: EXEMPLE_PAIE holds the password of exemple-paie."""
    process = subprocess.Popen(
        [".venv/bin/tasrih", "local"],
        cwd=clone,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = ""
        for line in process.stdout:
            told += line
            if "Ctrl-C" in line:
                break
        address = ADDRESS.search(told)
        assert address, told
        accounts = {found["name"]: found["password"] for found in ACCOUNT.finditer(told)}
        yield {"API": address["url"], **{_variable(name): word for name, word in accounts.items()}}
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=120)[0]
    assert process.returncode == 0, rest


def _variable(account: str) -> str:
    return account.upper().replace("-", "_")


def test_the_commands_for_a_running_cloud_work_one_after_the_other(clone: Path, running: dict[str, str]) -> None:
    assert commands("sh local"), "the README shows commands for a running cloud"
    for command in commands("sh local"):
        run(command, clone, **running)


def test_every_marked_block_is_run_by_somebody() -> None:
    marks = {block["mark"] for block in BLOCK.finditer(README)}
    assert marks <= {"sh", "sh local", "sh long", "text"}
    assert set(RECIPES) | NOT_FROM_A_TEST <= set(README.splitlines())


def test_every_file_the_readme_points_to_exists() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
