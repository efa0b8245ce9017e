"""Dues: amounts that carry their reasons."""

from tasrih.assessment.dues import HELD_REASONS, assess_das, totals_by_branch, totals_by_share
from tasrih.assessment.explain import article_name, explain, held_sentences

__all__ = [
    "HELD_REASONS",
    "article_name",
    "assess_das",
    "explain",
    "held_sentences",
    "totals_by_branch",
    "totals_by_share",
]
