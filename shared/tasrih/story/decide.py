"""The verdict: one pure choice, made anew whenever something it rests on has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tasrih.declaration.dac.examine import fingerprint as declared
from tasrih.declaration.sent import Examined
from tasrih.story.filings import Series
from tasrih.story.records import AWAITING_CONFIRMATION, DUPLICATE, EFFECT, IN_FORCE, NAMES, REFUSED, SUPERSEDED, TESTED
from tasrih.vocabulary.certified import REAL, TEST


@dataclass(frozen=True, slots=True)
class Verdict:
    state: str
    awaits: str = ""
    answered_by: str = ""
    """The upload in force instead, for a duplicate or a late one; for a late one perhaps withdrawn since."""


def fingerprint(examined: Examined) -> str:
    """The same bytes, in whatever order or wrapping their files came: SHA-256 over the sorted hashes. Where names
    hang on a code page, the same bytes in another one are another filing. Of a DAC, what it declares: it may come
    again in another file, beside others."""
    if examined.kind == "DAC":
        return declared(examined)
    files = examined.members or examined.files
    said = [examined.code_page] if examined.code_page else []
    return hashlib.sha256("\n".join([*sorted(file.sha256 for file in files), *said]).encode()).hexdigest()


def decide(
    examined: Examined, order: tuple[int, int], upload: str, in_force: Series | None, purpose: str = REAL
) -> Verdict:
    """`order`, the ticket's rank and its place in an archive, says which of two filings is later: not who came first.

    Names that rest on a guess wait for a person, in a test too.
    A test is decided by itself alone: nothing that is in force answers it, and it answers nothing.
    Complementary (C) and regularising (R) filings wait: what they do to the filing in force is not decided yet.
    """
    if not examined.accepted:
        return Verdict(REFUSED)
    if examined.to_confirm:
        return Verdict(AWAITING_CONFIRMATION, NAMES)
    if purpose == TEST:
        return Verdict(TESTED)
    if examined.type != "N":
        return Verdict(AWAITING_CONFIRMATION, EFFECT)
    if in_force is None or in_force.upload == upload:
        return Verdict(IN_FORCE)
    return _against(in_force, order, in_force.fingerprint == fingerprint(examined))


def _against(series: Series, order: tuple[int, int], same_bytes: bool) -> Verdict:
    """What came before decides. Where it was withdrawn nothing is in force, and the order still says what is later:
    an older filing does not come back in its place, nor do its own bytes if they were sent before the withdrawal."""
    older = (series.rank, series.part) > order
    if not series.upload:
        overtaken = older or (same_bytes and order[0] < series.withdrawn_rank)
        return Verdict(SUPERSEDED, answered_by=series.withdrawn) if overtaken else Verdict(IN_FORCE)
    if same_bytes:
        return Verdict(DUPLICATE, answered_by=series.upload)
    return Verdict(SUPERSEDED, answered_by=series.upload) if older else Verdict(IN_FORCE)
