"""Why a surcharge, a comparison, a year, an employer come out as they do, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tasrih.assessment.compared import Comparison, QuarterCompared
from tasrih.assessment.contributor import ContributorClass
from tasrih.assessment.explain import article_name, explain, held_sentences
from tasrih.assessment.extension import Extension, LastDay
from tasrih.assessment.proposal import LAW_NOT_KNOWN, Held, Proposal, SurchargeLine
from tasrih.messages import sentence
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars, per_cent


@dataclass(frozen=True, slots=True)
class AssessedYear:
    """All that was assessed of one year."""

    year: int
    dues: tuple[tuple[str, Dues], ...] = ()
    """Period of the declaration ("2025", "2025-03") and what it makes due."""
    comparison: Comparison | None = None
    proposals: tuple[Proposal, ...] = ()


def explain_surcharge(line: SurchargeLine, language: str, rounding: str) -> str:
    """One sentence: base x rate (x months) = amount, article, from when, how sure, how rounded. `rounding` is the rule
    that was applied (`Proposal.rounding`)."""
    return _say(
        "months" if line.months else "once",
        language,
        name=sentence("law", f"name_{line.name}", language),
        since=line.since,
        until=line.until,
        months=line.months,
        base=dinars(line.base_centimes),
        rate=per_cent(line.rate),
        amount=dinars(line.amount_centimes),
        rounding=sentence("dues", f"rounding_{rounding}", language),
        article=article_name(line.article, language),
        day=line.valid_from,
        confidence=_sure(line.confidence, language),
    )


def explain_proposal(proposal: Proposal, language: str) -> list[str]:
    """From the day that counts and the deadline to the total: every step, what is held of it, and what was decided
    where the sources leave it open."""
    told = [_say(f"because_{proposal.kind}", language, period=proposal.period, day=proposal.day)]
    if proposal.last_day:
        told += explain_last_day(proposal.last_day, language)
        told.append(_say("late_since", language, day=proposal.last_day.first_late))
    told += _held(proposal.held, language)
    if not proposal.lines:
        return told
    told.append(_say("owed", language, amount=dinars(proposal.owed_centimes)))
    told += [_say("paid", language, day=day, amount=dinars(amount)) for day, amount in proposal.paid]
    told += [_as_before(line, language) for line in proposal.contributions]
    told += [explain_surcharge(line, language, proposal.rounding) for line in proposal.lines]
    told += [_say("source", language, source=source) for source in _sources(proposal, language)]
    told += [_choice(name, value, language) for name, value in proposal.choices]
    return [*told, _say("proposed", language, amount=dinars(proposal.total_centimes))]


def explain_last_day(last: LastDay, language: str) -> list[str]:
    """The deadline, and each decision that moved it."""
    deadline = last.deadline
    first = _say(
        "deadline" if deadline.day == deadline.nominal else "deadline_shifted",
        language,
        day=deadline.day,
        nominal=deadline.nominal,
        article=article_name(deadline.article, language),
        confidence=_sure(deadline.confidence, language),
    )
    return [first, *(_moved(each, language) for each in last.moved_by)]


def explain_comparison(comparison: Comparison, language: str) -> list[str]:
    return [told for quarter in comparison.quarters for told in _quarter(quarter, language)]


def explain_class(found: ContributorClass, language: str) -> str:
    return _say(
        f"class_{found.name}",
        language,
        headcount=found.headcount,
        threshold=found.threshold.value,
        article=article_name(found.threshold.article, language),
        confidence=_sure(found.confidence, language),
    )


def explain_year(assessed: AssessedYear, language: str) -> list[str]:
    """Each declaration with its lines and what is held of it, the comparison, what is proposed."""
    told = [_say("year", language, year=assessed.year)]
    for period, dues in assessed.dues:
        state = sentence("dues", f"state_{dues.state}", language)
        told.append(_say("declared", language, period=period, amount=dinars(dues.total_centimes), state=state))
        told += [explain(due, language, dues.rounding) for due in dues.lines]
        told += [text for pair in held_sentences(dues, language) for text in pair]
    if assessed.comparison:
        told += explain_comparison(assessed.comparison, language)
    return told + [text for proposal in assessed.proposals for text in explain_proposal(proposal, language)]


def explain_employer(employer: str, years: Iterable[AssessedYear], language: str) -> list[str]:
    """Year by year, in the order given."""
    told = [_say("employer", language, employer=spaced_employer(employer))]
    return told + [text for year in years for text in explain_year(year, language)]


def _say(key: str, language: str, **values: object) -> str:
    days = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return sentence("surcharges", key, language, **days)


def _sure(confidence: str, language: str) -> str:
    return sentence("dues", f"confidence_{confidence}", language)


def _as_before(line: SurchargeLine, language: str) -> str:
    return _say(
        "as_before",
        language,
        share=sentence("dues", f"share_{line.name}", language),
        amount=dinars(line.amount_centimes),
        article=article_name(line.article, language),
        confidence=_sure(line.confidence, language),
    )


def _sources(proposal: Proposal, language: str) -> Iterator[str]:
    for source in dict.fromkeys(line.source for line in proposal.lines):
        try:
            yield sentence("law_notes", source, language)
        except KeyError:  # what nobody translated stays as it is
            yield source


def _held(held: Iterable[Held], language: str) -> Iterator[str]:
    for reason, details in held:
        told = _unknown(details, language) if reason == LAW_NOT_KNOWN else details
        yield sentence("dues", f"held_{reason}", language, details=told)
        yield sentence("dues", f"next_{reason}", language)


def _unknown(details: str, language: str) -> str:
    what, _, day = details.partition(" ")
    return f"{sentence('law', f'name_{what}', language)}, {day}"


def _choice(name: str, value: str, language: str) -> str:
    told, decided = (sentence("law_choices", key, language) for key in (name, f"{name}_{value}"))
    return _say("choice", language, name=told, value=decided)


def _moved(extension: Extension, language: str) -> str:
    scope, _, number = extension.scope.partition(":")
    return _say(
        f"moved_{extension.kind}",
        language,
        until=extension.until,
        decided=extension.decided_on,
        scope=_say(f"scope_{scope}", language, number=number),
        reason=extension.reason,
    )


def _quarter(quarter: QuarterCompared, language: str) -> Iterator[str]:
    yield _say(
        f"compared_{quarter.state}",
        language,
        quarter=quarter.quarter,
        das=dinars(quarter.das_centimes),
        dacs=dinars(quarter.dacs_centimes),
        more=dinars(quarter.to_declare_centimes),
        less=dinars(quarter.over_centimes),
    )
    for reason, details in quarter.not_decided:
        yield _say(f"compared_{reason}", language, details=details)
    for code in quarter.by_code:
        if code.difference and not quarter.not_decided:
            das, dacs, difference = map(dinars, (code.das_centimes, code.dacs_centimes, code.difference))
            yield _say("code_differs", language, code=code.code, das=das, dacs=dacs, difference=difference)
    if quarter.workers:
        yield _say("workers_differ", language, number=len(quarter.workers))
