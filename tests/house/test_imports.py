"""The direction of imports is checked, and the check can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(config_filename='pyproject.toml'))"

PLANTED = {
    "the core reads the clock": ("shared/tasrih/ledger/journal.py", "import time\n"),
    "the core knows AWS": ("shared/tasrih/story/decide.py", "import boto3\n"),
    "right imports left": ("shared/tasrih/law/__init__.py", "import tasrih.story.decide\n"),
    "a function imports another": ("functions/sweep/handler.py", "import functions.portal.handler\n"),
    "the stack reaches into the package": ("infra/app.py", "import tasrih.story.decide\n"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{root / 'shared'}:{root}", "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-P", "-c", LINT], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_every_room_of_the_core_is_among_the_pure_ones() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    pure = next(set(each["source_modules"]) for each in contracts if each["name"].startswith("The core is pure"))
    rooms = {path.parent.name for path in (ROOT / "shared" / "tasrih").glob("*/__init__.py")}
    assert {f"tasrih.{room}" for room in rooms - {"cli", "local", "adapters"}} == pure


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ("shared", "functions", "infra"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy: Path) -> None:
    answer = lint(copy)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_found(planted: str, copy: Path) -> None:
    place, line = PLANTED[planted]
    path = copy / place
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}")
        if "from __future__" in text
        else text + "\n" + line,
        "utf-8",
    )
    answer = lint(copy)
    assert answer.returncode == 1, answer.stdout
    assert "BROKEN" in answer.stdout
