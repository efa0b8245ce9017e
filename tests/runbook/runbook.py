"""RUNBOOK.md as its drills read it: procedures, each with the alarms it answers, its drill and its commands.

A block of commands is marked `sh names` (what all others rest on), `sh see` (what stands before the operator),
`sh do` or `sh know` (how one knows that it worked).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "infra" / "RUNBOOK.md"
_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!^## ).*\n)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<mark>[a-z ]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_ALARMS = re.compile(r"^Alarms?: (?P<alarms>.+?)\. ", re.MULTILINE)
_DRILL = re.compile(r"Drill: `(?P<drill>test_[a-z_]+)`")
_QUOTED = re.compile(r"`([^`]+)`")
NAMES = "sh names"
STEPS = ("sh see", "sh do", "sh know")


@dataclass(frozen=True)
class Procedure:
    title: str
    alarms: tuple[str, ...]
    """Names of alarms as the stack gives them; `*` for any letters."""
    drill: str
    """Name of the test that plays it; "" where none is named."""
    blocks: tuple[tuple[str, str], ...]
    """(mark, commands), in order."""

    def answers(self, alarm: str) -> bool:
        return any(fnmatchcase(alarm, pattern) for pattern in self.alarms)

    def commands(self, mark: str) -> str:
        return "\n".join(body for kind, body in self.blocks if kind == mark)


def procedures() -> list[Procedure]:
    """Every section that is more than names and explanation."""
    return [each for each in _sections() if NAMES not in dict(each.blocks)]


def names() -> str:
    """The commands that give the stack's outputs to all others, as variables of the shell."""
    (commands,) = [each.commands(NAMES) for each in _sections() if NAMES in dict(each.blocks)]
    return commands


def _sections() -> list[Procedure]:
    return [_procedure(found["title"], found["body"]) for found in _SECTION.finditer(FILE.read_text("utf-8"))]


def _procedure(title: str, body: str) -> Procedure:
    alarms, drill = _ALARMS.search(body), _DRILL.search(body)
    return Procedure(
        title=title,
        alarms=tuple(_QUOTED.findall(alarms["alarms"])) if alarms else (),
        drill=drill["drill"] if drill else "",
        blocks=tuple((block["mark"], block["body"]) for block in _BLOCK.finditer(body)),
    )
