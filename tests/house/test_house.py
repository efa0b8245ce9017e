"""The habits that can be counted."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_HANDLER_LINES = 250, 50, 80
TOP = {"functions", "infra", "shared", "tests", "pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"}


def tracked() -> list[Path]:
    """Files of the repository, as git knows them; in an unpacked copy, all that no .gitignore names by habit."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    found = (
        [ROOT / name for name in names] if names else [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    )
    return [path for path in found if path.is_file()]


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in (ROOT / room).rglob("*.py")]


def test_nothing_else_stands_at_the_top_level() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} <= TOP


@pytest.mark.parametrize("path", sources("shared", "functions", "infra"), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MAX_FILE_LINES
    if path.name == "handler.py":
        assert len(text.splitlines()) <= MAX_HANDLER_LINES
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert not long


def test_a_function_folder_holds_its_handler_only() -> None:
    folders = [path for path in (ROOT / "functions").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert folders
    for folder in folders:
        assert {path.name for path in folder.glob("*.py")} == {"__init__.py", "handler.py"}


@pytest.mark.parametrize("path", ["shared", "infra", "tests", "tests/fuzz"])
def test_every_locked_dependency_has_its_hashes_and_no_address(path: str) -> None:
    text = (ROOT / path / "requirements.txt").read_text("ascii")
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_no_tracked_file_names_a_package_registry() -> None:
    names = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb.debian" + ".org"]
    guilty = [path for path in tracked() if any(name.encode() in path.read_bytes() for name in names)]
    assert not guilty


def test_no_test_sleeps() -> None:
    wrong = re.compile(r"\btime\.sleep\(|\bfrom time import .*\bsleep\b")
    assert not [path for path in sources("tests") if wrong.search(path.read_text("utf-8")) and path != Path(__file__)]


def test_make_help_tells_every_target() -> None:
    answer = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert set(re.findall(r"^  make ([a-z]+) +\S", answer.stdout, re.M)) == set(targets.split())
