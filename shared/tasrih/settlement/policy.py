"""How settlement is done here: steps of recovery, means, and choices, as dated and sourced data of the agency."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from tasrih.law import Choice, LawBook, LawNotKnown
from tasrih.law.loader import choice_of

REMINDER, FORMAL_NOTICE, FORCED_RECOVERY = STEPS = ("reminder", "formal_notice", "forced_recovery")
FILES = ("choices", "ladder", "means")

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of recovery, as it is from a day on."""

    name: str
    valid_from: date
    after: str
    """What its days run from: "due", "reminder" or "formal_notice"."""
    days: str
    """ "term:{name}" of the law, or "choice:{name}" of the agency."""
    by: str
    """Who decides: "standing_decision", "officer" or "director"."""
    coercive: bool
    article: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Means:
    """A means of forced recovery. Names of terms of the law; "" where the text tells none."""

    name: str
    article: str
    source: str
    confidence: str
    visa_by: str = ""
    """ "wali" or "court_president"."""
    visa_days: str = ""
    title_days: str = ""
    remedy_days: str = ""


@dataclass(frozen=True)
class Policy:
    choices: Mapping[str, Choice]
    steps: Mapping[str, tuple[Step, ...]]
    """In the order of their days."""
    means: Mapping[str, Means]

    def choice(self, name: str) -> Choice:
        """Raises KeyError for a name that nobody decided."""
        return self.choices[name]

    def choosing(self, **values: str | int) -> Policy:
        """The same under other choices. Raises KeyError for an unknown name, ValueError for a value it may not have."""
        changed = {name: self.choice(name).being(str(value)) for name, value in values.items()}
        return replace(self, choices={**self.choices, **changed})

    def step(self, name: str, day: date) -> Step:
        """As it is on a day. Raises LawNotKnown where there is no such step."""
        found = [step for step in self.steps[name] if step.valid_from <= day]
        if not found:
            raise LawNotKnown(name, day)
        return found[-1]

    def days_of(self, step: Step, day: date, book: LawBook) -> tuple[int, str]:
        """How long the step waits, by the law of a day, and the article that says so; "" where none does. Raises
        LawNotKnown."""
        kind, _, name = step.days.partition(":")
        if kind == "choice":
            return self.choice(name).number, ""
        term = book.term(name, day)
        return term.value, "" if term.article == "unknown" else term.article


@cache
def policy() -> Policy:
    """As the data of this version have it."""
    return read(texts())


def texts() -> dict[str, str]:
    """The data files as they lie in the package: name -> text."""
    folder = resources.files(__package__).joinpath("data")
    return {name: folder.joinpath(f"{name}.toml").read_text("utf-8") for name in FILES}


def read(files: Mapping[str, str]) -> Policy:
    """Raises KeyError, TypeError or ValueError when a file does not have the written form."""
    tables = {name: tomllib.loads(text) for name, text in files.items()}
    if tuple(tables["ladder"]) != STEPS:
        raise ValueError("the steps are others, or in another order")
    return Policy(
        choices={name: choice_of(name, table) for name, table in tables["choices"].items()},
        steps={
            name: tuple(_step(name, block) for block in table["values"]) for name, table in tables["ladder"].items()
        },
        means={name: _means(name, table) for name, table in tables["means"].items()},
    )


def _step(name: str, block: Table) -> Step:
    values = {key: value for key, value in block.items() if key not in ("from", "read_on")}
    return Step(name=name, valid_from=block["from"], **values)


def _means(name: str, table: Table) -> Means:
    return Means(name=name, **{key: value for key, value in table.items() if key != "read_on"})
