"""The written rules of matching, as the data file has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

POSTED, WAITING, FOREIGN = OUTCOMES = ("posted", "waiting", "foreign")
DEPOSITS, REFUND = "deposits", "refund"


@dataclass(frozen=True, slots=True)
class Rule:
    """The first of which all `when` are so and no `unless` is decides."""

    name: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    outcome: str
    kind: str
    """Of a payment: "full", "partial", "more_than_period", "wrong_period", "double" or "excess"."""
    meant: bool
    """The money is meant for the period of its reference."""
    carries_out: str
    """What a movement that is foreign puts into practice: `DEPOSITS`, `REFUND`, or ""."""
    reason: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    rules: tuple[Rule, ...]
    remedies: Mapping[str, tuple[str, ...]]
    """By kind of payment: what an officer may decide about it later, as functions of the ledger."""
    weights: Mapping[str, int]
    """Of the reasons of a proposal."""
    most_proposals: int


@cache
def rulebook() -> Rulebook:
    return read(resources.files(__package__).joinpath("rules.toml").read_text("utf-8"))


def read(text: str) -> Rulebook:
    """Raises KeyError or ValueError when the text does not have the written form, or leaves a movement undecided."""
    told = tomllib.loads(text)
    rules = tuple(_rule(each) for each in told["rule"])
    kinds = {name: tuple(held["remedies"]) for name, held in told["kind"].items()}
    if len({rule.name for rule in rules}) != len(rules) or rules[-1].when or rules[-1].unless:
        raise ValueError("names are doubled, or the last rule does not take all that is left")
    if any((rule.outcome == POSTED) != (rule.kind in kinds) or rule.outcome not in OUTCOMES for rule in rules):
        raise ValueError("what is posted has a kind, and nothing else")
    if any(
        rule.carries_out not in ("", DEPOSITS, REFUND) or (rule.carries_out and rule.outcome != FOREIGN)
        for rule in rules
    ):
        raise ValueError("what carries out deposits or a refund is foreign")
    return Rulebook(rules, kinds, dict(told["proposals"]["weights"]), int(told["proposals"]["most"]))


def _rule(told: Mapping[str, Any]) -> Rule:
    return Rule(
        name=told["name"],
        when=tuple(told.get("when", ())),
        unless=tuple(told.get("unless", ())),
        outcome=told["outcome"],
        kind=told.get("kind", ""),
        meant=bool(told.get("meant", False)),
        carries_out=told.get("carries_out", ""),
        reason=told["reason"],
    )
