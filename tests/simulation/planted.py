"""One planted bug at a time, in a copy of the code, hunted by the simulation in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("functions", "shared", "tests")
SCHEDULES = 2000


@dataclass(frozen=True)
class Bug:
    name: str
    file: str
    old: str
    new: str
    found_by: tuple[str, ...]


def bugs(folder: Path = Path(__file__).parent) -> list[Bug]:
    read = tomllib.loads((folder / "bugs.toml").read_text("utf-8"))["bug"]
    return [Bug(each["name"], each["file"], each["old"], each["new"], tuple(each["found_by"])) for each in read]


@dataclass(frozen=True)
class Hunt:
    invariants: frozenset[str]
    """That were broken, by their numbers; none: not found."""
    said: str


def hunt(bug: Bug, where: Path) -> Hunt:
    """`where`: an empty folder for the copy."""
    plant(bug, where)
    said = run(where, "tests.simulation", "--schedules", str(SCHEDULES // 2), "--until-found", "--processes", "1")
    assert "schedules" in said, said[-2000:]
    return Hunt(frozenset(re.findall(r"\bI[0-9]{2}\b", said)), said)


def plant(bug: Bug, where: Path) -> None:
    """The code with the bug in it, in an empty folder."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, where / room, ignore=shutil.ignore_patterns("__pycache__", "fonts", "*.egg-info"))
    file = where / bug.file
    text = file.read_text("utf-8")
    assert text.count(bug.old) == 1, f"{bug.name}: what it replaces stands {text.count(bug.old)} times in {bug.file}"
    file.write_text(text.replace(bug.old, bug.new), "utf-8")


def run(where: Path, *module_and_arguments: str) -> str:
    """What a module of the copy says, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(where / "shared"), str(where)])}
    ended = subprocess.run(
        [sys.executable, "-m", *module_and_arguments],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr
