"""Is there a procedure for every alarm, and a drill for every procedure?"""

from __future__ import annotations

import json
import re
from pathlib import Path

from tasrih.local.deploy import SNAPSHOT

from tests.infra.template import Template
from tests.runbook.runbook import NAMES, STEPS, names, procedures

FOLDER = Path(__file__).parent
PROCEDURES = procedures()
OUTPUT = re.compile(r"\$\{?([A-Z][a-z]\w+)")


def alarms() -> list[str]:
    """As an operator reads them: without the part of the name that all have in common."""
    stack = Template(json.loads(SNAPSHOT.read_bytes()))
    return [name.removeprefix("Alarms") for name in stack.of("CloudWatch::Alarm")]


def test_every_alarm_has_one_procedure() -> None:
    assert len(alarms()) >= 12
    answered = {alarm: [each.title for each in PROCEDURES if each.answers(alarm)] for alarm in alarms()}
    assert {alarm: titles for alarm, titles in answered.items() if len(titles) != 1} == {}


def test_no_procedure_speaks_of_an_alarm_that_does_not_exist() -> None:
    patterns = [(each.title, pattern) for each in PROCEDURES for pattern in each.alarms]
    silent = [each for each in PROCEDURES if each.alarms and not any(each.answers(alarm) for alarm in alarms())]
    assert patterns
    assert silent == []


def test_every_procedure_has_a_drill_of_its_own() -> None:
    written = {
        name
        for path in FOLDER.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\([^)]*\bplay: Play", path.read_text("utf-8"), re.MULTILINE)
    }
    assert [each.title for each in PROCEDURES if not each.drill] == []
    assert sorted(each.drill for each in PROCEDURES) == sorted(written)


def test_every_procedure_says_what_to_do_and_how_one_knows_that_it_worked() -> None:
    marks = {each.title: {mark for mark, _ in each.blocks} for each in PROCEDURES}
    assert {title: found for title, found in marks.items() if not {"sh do", "sh know"} <= found} == {}
    assert {mark for found in marks.values() for mark in found} <= {*STEPS, "console"}


def test_every_name_in_a_command_is_an_output_of_the_stack() -> None:
    outputs = set(json.loads(SNAPSHOT.read_bytes())["Outputs"])
    used = {name for each in PROCEDURES for _, body in each.blocks for name in OUTPUT.findall(body)}
    assert used
    assert used - outputs == set()


def test_the_names_come_from_the_stack_alone() -> None:
    assert NAMES not in STEPS
    assert "describe-stacks" in names()
