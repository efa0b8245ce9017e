"""Where a debt stands, and what may be done against a decision, in plain sentences."""

from __future__ import annotations

from tasrih.assessment import article_name
from tasrih.messages import sentence
from tasrih.settlement.appeal import Remedy
from tasrih.settlement.ladder import Standing
from tasrih.settlement.why import debt_name, why_sentence
from tasrih.vocabulary.money import dinars


def explain_standing(standing: Standing, language: str) -> list[str]:
    """The step with its debt; what may come next, from when and by whom; every reason why not now."""
    debt = standing.debt
    told = [
        sentence(
            "settlement",
            "stands_since" if standing.since else "stands",
            language,
            debt=debt_name(debt.name, language),
            period=debt.period,
            amount=dinars(debt.open_centimes),
            step=sentence("settlement", f"step_{standing.step}", language),
            day=standing.since,
        )
    ]
    if standing.next:
        told.append(
            sentence(
                "settlement",
                "comes_next_from" if standing.from_day else "comes_next",
                language,
                step=sentence("settlement", f"step_{standing.next}", language),
                by=sentence("settlement", f"by_{standing.by}", language),
                day=standing.from_day,
            )
        )
    return [*told, *(why_sentence(reason, language) for reason in standing.why_not)]


def explain_remedy(remedy: Remedy, language: str) -> str:
    return sentence(
        "settlement",
        "remedy",
        language,
        stage=sentence("settlement", f"stage_{remedy.stage}", language),
        day=remedy.last_day,
        article=article_name(remedy.article, language),
    )
