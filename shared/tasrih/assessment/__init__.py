"""Dues: amounts that carry their reasons."""

from tasrih.assessment.coded import CODED_HELD_REASONS, assess_lines, assumed_code
from tasrih.assessment.dac import DAC_HELD_REASONS, assess_dac, compare_with_dues, still_to_pay
from tasrih.assessment.dues import HELD_REASONS, assess_das, totals_by_branch, totals_by_share
from tasrih.assessment.explain import article_name, explain, held_sentences

__all__ = [
    "CODED_HELD_REASONS",
    "DAC_HELD_REASONS",
    "HELD_REASONS",
    "article_name",
    "assess_dac",
    "assess_das",
    "assess_lines",
    "assumed_code",
    "compare_with_dues",
    "explain",
    "held_sentences",
    "still_to_pay",
    "totals_by_branch",
    "totals_by_share",
]
