"""A movement of the bank, and what is owed: posted, waiting for a person, or foreign; with the trace of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasrih.ledger import NotDecided, Payment
from tasrih.messages import sentence
from tasrih.payments.bank.line import BankLine
from tasrih.payments.matching.facts import Directory, Facts, facts
from tasrih.payments.matching.proposals import PAYMENT, Proposal, proposals
from tasrih.payments.matching.rulebook import DEPOSITS, FOREIGN, POSTED, REFUND, Rule, Rulebook, rulebook
from tasrih.payments.reference import find

SUBJECT = "payments"
PERHAPS_KNOWN = "perhaps_known"


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule that was looked at."""

    rule: str
    but: str = ""
    """The first fact that keeps it from deciding; "" of the rule that decides."""
    is_so: bool = False
    """That fact is so and must not be; else it is not so and must be."""


@dataclass(frozen=True, slots=True)
class Matched:
    """To be posted to the employer's ledger."""

    employer: str
    period: str
    """That the money is meant for; "" for none in particular."""
    kind: str
    """"full", "partial", "more_than_period", "wrong_period", "double" or "excess"."""
    remedies: tuple[str, ...]
    trace: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Waits for an officer."""

    proposals: tuple[Proposal, ...]
    trace: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """No employer's money: nothing is posted."""

    trace: tuple[Tried, ...]
    carries_out: tuple[str, ...] = ()
    """Numbers of the deposits that the bank credited, or the identity of the refund that it sent: each once. A story
    marks them in the transaction that ends the movement, so that the next of the same sum is not taken for them."""


Match = Matched | Unsure | Foreign


def match(line: BankLine, directory: Directory, rules: Rulebook | None = None) -> Match:
    """Exactly one of the three. `line` is new: one that came before is not asked about again (`bank.arrivals`)."""
    book, known = rules or rulebook(), facts(line, directory)
    trace: list[Tried] = []
    for rule in book.rules:
        tried = _tried(rule, known)
        trace.append(tried)
        if not tried.but:
            return _decided(rule, known, book, tuple(trace))
    raise AssertionError("the last rule takes all that is left")


def in_order(lines: Iterable[BankLine]) -> tuple[BankLine, ...]:
    """As they are to be matched and posted, one after the other, however a file lists them: so the order of a day's
    movements does not change whom they are credited to. Those with a reference go before those whose sum has to equal
    what is still open."""

    def place(line: BankLine) -> tuple[date, bool, date, int, str]:
        told = bool(find(f"{line.reference} | {line.text}").references)
        return line.value_date, not told, line.booked_on, line.amount_centimes, line.identity

    return tuple(sorted(lines, key=place))


def perhaps_known(line: BankLine, directory: Directory) -> Unsure:
    """For a movement of which nothing tells whether it came before: never posted without a person."""
    return Unsure(proposals(facts(line, directory), rulebook()), (Tried(PERHAPS_KNOWN),))


def _tried(rule: Rule, known: Facts) -> Tried:
    for fact in rule.when:
        if not known.so(fact):
            return Tried(rule.name, fact)
    for fact in rule.unless:
        if known.so(fact):
            return Tried(rule.name, fact, is_so=True)
    return Tried(rule.name)


def _decided(rule: Rule, known: Facts, book: Rulebook, trace: tuple[Tried, ...]) -> Match:
    if rule.outcome == FOREIGN:
        return Foreign(trace, _carried_out(rule, known))
    if rule.outcome != POSTED:
        return Unsure(proposals(known, book), trace)
    reference = known.reference
    employer = reference.employer if reference else known.named[0]
    period = str(reference.period) if reference and reference.period and rule.meant else ""
    if not reference:
        period = _only_period(known, employer)
    return Matched(employer, period, rule.kind, book.remedies[rule.kind], trace)


def _carried_out(rule: Rule, known: Facts) -> tuple[str, ...]:
    if rule.carries_out == DEPOSITS:
        return tuple(each.number for each in known.deposits)
    return known.refund() if rule.carries_out == REFUND else ()


def _only_period(known: Facts, employer: str) -> str:
    """The one whose sum it is, unless it is also that of another, or all that is owed."""
    owed = known.open(employer)
    periods = [period for period, centimes in owed.by_period.items() if centimes == known.amount]
    return periods[0] if len(periods) == 1 and known.amount != owed.all else ""


def payment_of(line: BankLine, found: Matched | Proposal, officer: str = "") -> Payment:
    """For the ledger: the same line again is the same payment. Of a proposal, when that officer took it. Raises
    ValueError for one that takes money back, NotDecided without an officer."""
    if isinstance(found, Proposal):
        if found.kind != PAYMENT:
            raise ValueError(found.kind)
        if not officer.strip():
            raise NotDecided("officer")
    return Payment(
        identity=line.identity,
        means="bank",
        amount_centimes=line.amount_centimes,
        value_date=line.value_date,
        period=found.period,
        officer=officer,
        source=f"{line.file}:{line.line}",
    )


def explained(found: Match, language: str) -> tuple[str, ...]:
    """Rule by rule, why it did not decide; at the end the one that did."""
    told = []
    for tried in found.trace:
        rule = sentence(SUBJECT, f"rule_{tried.rule}", language)
        if tried.but:
            key = "trace_hindered" if tried.is_so else "trace_missing"
            fact = sentence(SUBJECT, f"fact_{tried.but}", language)
            told.append(sentence(SUBJECT, key, language, rule=rule, fact=fact))
        else:
            told.append(sentence(SUBJECT, "trace_decided", language, rule=rule))
    return tuple(told)


def why(found: Match, language: str) -> str:
    """Why the rule that decided is as it is."""
    return sentence("matching", found.trace[-1].rule, language)
