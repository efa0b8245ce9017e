"""Why an amount is what it is, and what holds it, in plain sentences."""

from __future__ import annotations

import re
from itertools import zip_longest

from tasrih import law
from tasrih.messages import sentence
from tasrih.vocabulary.dues import Due, Dues
from tasrih.vocabulary.money import dinars, per_cent

_ARTICLE = re.compile(
    r"(?P<text>[a-z]+(?: [a-z]+)*) (?P<number>\d\d-\d+)"
    r"(?:, articles? (?P<first>\d+)(?: (?P<joint>to|and) (?P<last>\d+))?)?",
    re.ASCII,
)


def explain(due: Due, language: str, rounding: str | None = None) -> str:
    """One sentence: base x rate = amount, text of law, from when, how sure, how rounded. Amounts in dinars.

    `rounding` is the rule that was applied (`Dues.rounding`), today's choice when not given.
    """
    rounding = rounding or law.choice("rounding").value
    return sentence(
        "dues",
        "explain",
        language,
        period=due.period,
        code=due.code,
        branch=sentence("dues", f"branch_{due.branch}", language),
        share=sentence("dues", f"share_{due.share}", language),
        base=dinars(due.base_centimes),
        rate=per_cent(due.rate),
        amount=dinars(due.amount_centimes),
        article=article_name(due.article, language),
        day=due.valid_from.isoformat(),
        confidence=sentence("dues", f"confidence_{due.confidence}", language),
        rounding=sentence("dues", f"rounding_{rounding}", language),
    )


def article_name(article: str, language: str) -> str:
    """ "executive decree 94-187" or "law 83-14, article 16" in a language; what has no known form stays as the law data
    has it."""
    found = _ARTICLE.fullmatch(article)
    key = f"text_{found['text'].replace(' ', '_')}" if found else f"text_{article}"
    try:
        text = sentence("dues", key, language, number=found["number"] if found else "")
    except KeyError:
        return article
    if not found or not found["first"]:
        return text
    place = f"article_{found['joint'] or 'one'}"
    return sentence("dues", place, language, text=text, first=found["first"], last=found["last"])


def held_sentences(dues: Dues, language: str) -> list[tuple[str, str]]:
    """For each reason why dues are held: the sentence that says so with what is missing, and what to do next.

    Raises KeyError for a reason without a sentence.
    """
    told = []
    for reason, details in zip_longest(dues.held_because, dues.held_details[: len(dues.held_because)], fillvalue=""):
        why, then = f"held_{reason}", f"next_{reason}"
        told.append((sentence("dues", why, language, details=details), sentence("dues", then, language)))
    return told
