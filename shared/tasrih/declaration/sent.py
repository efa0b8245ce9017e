"""What was sent, and what examining it found. Plain values between the reader, the rules and everybody after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tasrih.vocabulary.dues import HOUSING_FUND
from tasrih.vocabulary.finding import Findings
from tasrih.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file as the filer named it. `open` may be called several times; each time it starts at byte 0."""

    name: str
    size: int
    """In bytes."""
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is true of one received file, whatever its verdict."""

    name: str
    size: int
    sha256: str
    """Hexadecimal, of the bytes as received."""
    lines: int
    """Lines counted as text lines; a last line without an end counts."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines, in centimes."""

    quarters: tuple[int, int, int, int] = (0, 0, 0, 0)
    year: int = 0
    by_code: tuple[tuple[str, tuple[int, int, int, int]], ...] = ()
    """Of the lines that tell a contribution code: the code and its four quarters. The rest tells none."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a declaration as one structured array; a row's fields are byte strings in the layout's own form.

    Fields (see `rows.line_dtype`): number, nss, surname, first_name, birth, duration_q1..4, unit_q1..4, base_q1..4,
    base_year, entry, exit, function, code; text is UTF-8, trimmed; bases are int64 centimes; durations int16.
    """

    rows: NDArray[np.void]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision that a reduction rests on."""

    number: str
    start: date | None
    end: date | None
    """Both days inclusive."""


@dataclass(frozen=True, slots=True)
class CodeBase:
    """What a DAC declares under one contribution code."""

    code: str
    base_centimes: int
    line: int = 0
    """Of the file; the first one where several were added up."""
    decisions: tuple[Decision, ...] = ()
    stated_centimes: int | None = None
    """The amount as the filer reckons it; nothing rests on it."""


@dataclass(frozen=True, slots=True)
class Dac:
    """What a DAC says beside employer, period and centre. Amounts in centimes; None = not said."""

    bases: tuple[CodeBase, ...] = ()
    headcount: int | None = None
    entries: int | None = None
    exits: int | None = None
    paid_centimes: int = 0
    """Already paid, to be taken off what is due."""
    nil: bool = False
    nominal: bool = False
    """Added up from lines of workers."""
    unnumbered: int = 0
    """Workers among them without an insured number: each has a line for every code."""
    place: str = ""
    certified_on: date | None = None
    stated: tuple[tuple[str, str], ...] = ()
    """Column and text of what is kept as written (means of payment, account, address, ...)."""
    lines_sha256: str = ""
    """Of what the lines of workers say, in whatever order (`dac.lines`); "" = none came."""

    @property
    def base_centimes(self) -> int:
        """Of every worker, once: the housing fund rests on it a second time."""
        others = [base for base in self.bases if base.code != HOUSING_FUND] or self.bases
        return sum(base.base_centimes for base in others)


@dataclass(frozen=True, slots=True)
class CodePages:
    """Names whose letters rest on a guess: nobody but a person can say how they are to be read."""

    guessed: str
    names: tuple[dict[str, str], ...]
    """Some of them, each as every code page reads it: code page -> text."""


@dataclass(slots=True)
class Examined:
    """The outcome of reading and checking one deposit."""

    kind: str = ""
    """"DAS" or "DAC"; "" when it could not be told."""
    type: str = ""
    """"N" normal, "C" complementary, "R" regularisation."""
    employer: str = ""
    period: Period | None = None
    centre: str = ""
    """Centre payeur, as the header has it."""
    files: list[FileFacts] = field(default_factory=list)
    """As they were sent, in that order. The lines of an archive are those of its members."""
    members: list[FileFacts] = field(default_factory=list)
    """Files read inside archives."""
    lines: int = 0
    """Detail lines read."""
    totals: Totals = field(default_factory=Totals)
    findings: Findings = field(default_factory=Findings)
    rules_version: str = ""
    code_page: str = ""
    """That names rest on, guessed or named by a person; "" where all letters are certain."""
    to_confirm: CodePages | None = None
    """None where nothing rests on a guess."""
    dac: Dac | None = None
    """Of a DAC; `totals` are those of a DAS."""

    @property
    def base_centimes(self) -> int:
        """Of the whole declaration."""
        return self.dac.base_centimes if self.dac else self.totals.year

    @property
    def unnumbered_lines(self) -> int:
        """Lines without an insured number, accepted in reserve."""
        return self.findings.counts["W210"]

    @property
    def unnumbered_workers(self) -> int:
        """Whose lines those are: in a nominal DAC a worker has one for each code."""
        return self.dac.unnumbered if self.dac else self.unnumbered_lines

    @property
    def accepted(self) -> bool:
        return self.findings.errors == 0
