"""Dues, and what lateness adds to them: amounts that carry their reasons."""

from tasrih.assessment.coded import CODED_HELD_REASONS, assess_lines, assumed_code
from tasrih.assessment.compared import (
    NOT_DECIDED_REASONS,
    CodeCompared,
    Comparison,
    Declared,
    QuarterCompared,
    WorkerCompared,
    dues_over,
    dues_to_add,
)
from tasrih.assessment.comparison import compare_with_dacs, declared_by_dac, declared_by_das
from tasrih.assessment.contributor import ContributorClass, contributor_class
from tasrih.assessment.dac import DAC_HELD_REASONS, assess_dac, compare_with_dues, still_to_pay
from tasrih.assessment.dues import HELD_REASONS, assess_das, totals_by_branch, totals_by_share
from tasrih.assessment.explain import article_name, explain, held_sentences
from tasrih.assessment.explain_late import (
    AssessedYear,
    explain_class,
    explain_comparison,
    explain_employer,
    explain_last_day,
    explain_proposal,
    explain_surcharge,
    explain_year,
)
from tasrih.assessment.extension import Extension, LastDay, extensions_for, last_day, movers
from tasrih.assessment.late import Refused, late_declaration, late_payment
from tasrih.assessment.months import months_late
from tasrih.assessment.proposal import SURCHARGE_HELD_REASONS, Proposal, SurchargeLine
from tasrih.assessment.provisional import period_before, provisional

__all__ = [
    "CODED_HELD_REASONS",
    "DAC_HELD_REASONS",
    "HELD_REASONS",
    "NOT_DECIDED_REASONS",
    "SURCHARGE_HELD_REASONS",
    "AssessedYear",
    "CodeCompared",
    "Comparison",
    "ContributorClass",
    "Declared",
    "Extension",
    "LastDay",
    "Proposal",
    "QuarterCompared",
    "Refused",
    "SurchargeLine",
    "WorkerCompared",
    "article_name",
    "assess_dac",
    "assess_das",
    "assess_lines",
    "assumed_code",
    "compare_with_dacs",
    "compare_with_dues",
    "contributor_class",
    "declared_by_dac",
    "declared_by_das",
    "dues_over",
    "dues_to_add",
    "explain",
    "explain_class",
    "explain_comparison",
    "explain_employer",
    "explain_last_day",
    "explain_proposal",
    "explain_surcharge",
    "explain_year",
    "extensions_for",
    "held_sentences",
    "last_day",
    "late_declaration",
    "late_payment",
    "months_late",
    "movers",
    "period_before",
    "provisional",
    "still_to_pay",
    "totals_by_branch",
    "totals_by_share",
]
