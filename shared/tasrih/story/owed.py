"""What a verdict makes due, by the kind of declaration; and what only its dues show to be odd."""

from __future__ import annotations

from tasrih.assessment import assess_dac, assess_lines, compare_with_dues
from tasrih.declaration.sent import Examined
from tasrih.register.parties import Employer
from tasrih.story.records import AWAITING_CONFIRMATION, IN_FORCE, TESTED
from tasrih.vocabulary.dues import Dues


def owed(examined: Examined, employer: Employer | None, state: str) -> Dues:
    """Held dues never refuse a file; a filing that is not in force owes nothing yet. A test is told what it would."""
    tested = state == TESTED
    if state == AWAITING_CONFIRMATION or (tested and examined.type != "N"):
        return Dues("held", held_because=("names_to_confirm" if examined.to_confirm else "awaiting_confirmation",))
    if not (tested or state == IN_FORCE) or examined.period is None:
        return Dues(state="")
    assert employer
    if examined.dac is None:
        return assess_lines(examined.totals, examined.period.year, employer.codes)
    bases = ((base.code, base.base_centimes) for base in examined.dac.bases)
    dues = assess_dac(bases, examined.period, employer.codes)
    examined.findings.extend(compare_with_dues(examined.dac, dues, (examined.members or examined.files)[0].name))
    return dues
