"""What must hold of every verdict, whatever the bytes were."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tasrih.declaration.dac.examine import DacDeposit
from tasrih.declaration.sent import Examined, SentFile
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence
from tasrih.vocabulary.finding import KEPT_FINDINGS, Finding
from tasrih.vocabulary.identity import is_employer_number

MAX_VALUE_CHARACTERS = 400
"""Of a value shown: a finding repeats a cell or a name, never a whole file."""
FINDINGS_A_LINE = 130
"""Of one kind or another: a line of 200 columns has no more to say."""


def file(name: str, content: bytes) -> SentFile:
    return SentFile(name, len(content), lambda: io.BytesIO(content))


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Nothing is logged or printed while a file is read: logs can then hold nothing of it."""
    out, handler = io.StringIO(), logging.StreamHandler(log := io.StringIO())
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            yield
    finally:
        logging.getLogger().removeHandler(handler)
    assert not out.getvalue(), "printed"
    assert not log.getvalue(), "logged"


def check_findings(findings: Iterable[Finding], names: Sequence[str], lines: int) -> None:
    """Each in three languages, short, and at a place that exists. `lines`: at most so many has any file."""
    for found in findings:
        for language in LANGUAGES:
            assert finding_sentence(found, language).strip()
        assert isinstance(found.line, int)
        assert 0 <= found.line <= lines, found.code
        assert len(found.value) <= MAX_VALUE_CHARACTERS, found.code
        assert len(found.expected) <= MAX_VALUE_CHARACTERS, found.code
        assert not found.file or any(found.file.startswith(name) for name in names), found.code


def check_examined(examined: Examined, names: Sequence[str], lines: int) -> None:
    """`lines`: more than any file of the deposit has."""
    kept = list(examined.findings)
    check_findings(kept, names, lines)
    assert len(kept) <= KEPT_FINDINGS + len(examined.findings.counts)
    assert {found.code for found in kept} == {code for code, times in examined.findings.counts.items() if times}
    assert examined.findings.counts.total() <= FINDINGS_A_LINE * (lines + 1)
    if examined.accepted:
        assert is_employer_number(examined.employer)
        assert examined.period is not None
        assert examined.lines > 0
        assert (examined.totals.year > 0) != (examined.dac is not None)


def told_of(examined: Examined) -> Any:
    """All that a verdict says: the same when the same bytes come again."""
    return (
        examined.accepted, examined.kind, examined.type, examined.employer, str(examined.period), examined.centre,
        examined.lines, examined.totals, list(examined.findings), examined.findings.counts, examined.files,
        examined.members, examined.dac,
    )  # fmt: skip


def check_deposit(deposit: DacDeposit, names: Sequence[str], lines: int) -> None:
    check_findings(deposit.findings, names, lines)
    for declared in deposit.declarations:
        check_examined(declared, names, lines)
    assert deposit.accepted <= bool(deposit.declarations)


def told_of_deposit(deposit: DacDeposit) -> Any:
    return (
        [told_of(each) for each in deposit.declarations], list(deposit.findings), deposit.findings.counts,
        deposit.files, deposit.members,
    )  # fmt: skip
