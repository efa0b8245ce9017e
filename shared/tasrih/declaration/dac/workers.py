"""Lines of workers added up to declarations: bases by code, headcount, entries and exits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.csv.columns import Bytes
from tasrih.declaration.csv.text import Report
from tasrih.declaration.dac.draft import Draft, decision_of, last_day
from tasrih.declaration.dac.rows import Row
from tasrih.declaration.sent import CodeBase
from tasrih.vocabulary.period import Period

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
KEPT_WARNINGS = 10_000
"""Of repeated workers; beyond it they are only counted."""
UNKNOWN_FROM = 10**12
"""Above every insured number: what a worker without one is told apart by."""
_NAME_BYTES = 5
"""Of a hash of the names: below UNKNOWN_FROM and it together there is room in `_WORKER_BITS`."""
_WORKER_BITS = 41


class Key(NamedTuple):
    """What the lines of one sum have in common."""

    group: int
    """Place of the employer and period in `Keys.groups`; -1 = the lines belong nowhere."""
    code: str
    centre: str


@dataclass(slots=True)
class Keys:
    """Every employer, period and code met, numbered."""

    groups: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)

    def add(self, employer: str, period: str, code: str, centre: str) -> int:
        group = self.groups.setdefault((employer, period), len(self.groups)) if employer and period else -1
        self.keys.append(Key(group, code, centre))
        return len(self.keys) - 1


class Workers(NamedTuple):
    """Lines as columns of the same length. Days as yyyymmdd, 0 where none is given."""

    key: Small
    nss: Ints
    base: Ints
    line: Small
    entry: Small
    exit: Small

    @classmethod
    def of(cls, key: Ints, nss: Ints, base: Ints, line: Ints, entry: Ints, left: Ints) -> Workers:
        """A million lines are kept: four bytes do where eight are not needed."""
        return cls(_small(key), nss, base, _small(line), _small(entry), _small(left))

    def where(self, kept: NDArray[np.bool_]) -> Workers:
        key, nss, base, line, entry, left = self
        return Workers(key[kept], nss[kept], base[kept], line[kept], entry[kept], left[kept])


def _small(column: Ints) -> Small:
    return column.astype(np.int32)


def told_apart(nss: Ints, names: Sequence[Bytes | Ints]) -> Ints:
    """UNKNOWN_FROM stands for a worker without a number: names and day of birth, as columns, tell them apart, as one
    worker has a line for each code. Two of one name are two where a code stands twice (`_count`), so that nothing rests
    on the hash alone."""
    apart = nss.copy()
    for row in np.flatnonzero(nss == UNKNOWN_FROM).tolist():
        name = b"\0".join(column[row].tobytes() for column in names)
        apart[row] += int.from_bytes(hashlib.blake2b(name, digest_size=_NAME_BYTES).digest())
    return apart


def joined(blocks: list[Workers]) -> Workers:
    if not blocks:
        return Workers.of(*(np.zeros(0, dtype=np.int64) for _ in Workers._fields))
    columns = [list(column) for column in zip(*blocks, strict=True)]
    blocks.clear()
    return Workers(*(np.concatenate(columns.pop(0)) for _ in Workers._fields))


def add_up(
    workers: Workers, keys: Keys, reduced: dict[int, list[Row]], report: Report, today: date
) -> tuple[list[Draft], Small]:
    """One draft for each employer and period, in the order met, and the place of each line's draft (-1 = nowhere)."""
    group_of = np.array([key.group for key in keys.keys] or [-1], dtype=np.int32)
    groups = group_of[workers.key] if len(workers.key) else workers.key
    drafts = [
        Draft(employer, Period.parse(period), report.file, 0, today, nominal=True) for employer, period in keys.groups
    ]
    here = groups >= 0
    known = workers if here.all() else workers.where(here)
    _count(known, groups[here], drafts, keys, report)
    _sum(workers, drafts, keys)
    for place, rows in reduced.items():
        drafts[place].reduced = rows
    _with_decisions(drafts)
    return drafts, groups


def _sum(workers: Workers, drafts: list[Draft], keys: Keys) -> None:
    """Bases by key, and by that into the drafts; the first line of each."""
    sums = np.zeros(len(keys.keys), dtype=np.int64)
    np.add.at(sums, workers.key, workers.base)
    first = np.full(len(keys.keys), np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(first, workers.key, workers.line)
    for key, base, line in sorted(zip(keys.keys, sums.tolist(), first.tolist(), strict=True), key=lambda each: each[2]):
        if key.group < 0:
            continue
        draft = drafts[key.group]
        draft.line = draft.line or line
        draft.centre = draft.centre or key.centre
        if key.code:
            _add(draft, CodeBase(key.code, base, line))


def _add(draft: Draft, more: CodeBase) -> None:
    """Two keys may have one code: it was written in two ways, or under another centre."""
    for place, known in enumerate(draft.bases):
        if known.code == more.code:
            draft.bases[place] = CodeBase(known.code, known.base_centimes + more.base_centimes, known.line)
            return
    draft.bases.append(more)


def _with_decisions(drafts: list[Draft]) -> None:
    for draft in drafts:
        for place, base in enumerate(draft.bases):
            rows = [row for row in draft.reduced if row.value("code") == base.code and row.value("decision")]
            if rows:
                decisions = tuple(dict.fromkeys(decision_of(row) for row in rows))
                draft.bases[place] = CodeBase(base.code, base.base_centimes, base.line, decisions)


def _count(workers: Workers, groups: Small, drafts: list[Draft], keys: Keys, report: Report) -> None:
    """Each person once, under however many codes; of one name without a number, as many as one code has lines."""
    codes = {code: place for place, code in enumerate(sorted({key.code for key in keys.keys}))}
    code_of = np.array([codes[key.code] for key in keys.keys] or [0], dtype=np.int32)
    people = groups.astype(np.int64) << _WORKER_BITS | workers.nss
    code = code_of[workers.key] if len(groups) else groups
    order = np.lexsort((code, people))  # stable: lines stay in order
    people, code, line = people[order], code[order], workers.line[order]
    if not len(people):
        return
    other = people[1:] != people[:-1]
    starts = np.flatnonzero(np.append(True, other))
    under_a_code = np.flatnonzero(np.append(True, other | (code[1:] != code[:-1])))
    first_code = np.searchsorted(under_a_code, starts)
    unknown = (people[starts] & (1 << _WORKER_BITS) - 1) >= UNKNOWN_FROM

    def persons(lines: NDArray[np.bool_]) -> Small:
        """Of each worker, those with such a line."""
        most = np.maximum.reduceat(np.add.reduceat(lines, under_a_code, dtype=np.int32), first_code)
        return np.where(unknown, most, np.minimum(most, 1))

    everybody = persons(np.ones(len(people), dtype=np.bool_))
    found = [everybody, np.where(unknown, everybody, 0)]
    first, last = _days(drafts)
    for day in (workers.entry, workers.exit):
        found.append(persons(((day >= first[groups]) & (day <= last[groups]))[order]))
    owner = people[starts] >> _WORKER_BITS
    counts = (np.bincount(owner, of_each, len(drafts)).astype(np.int64).tolist() for of_each in found)
    for draft, headcount, unnumbered, entries, exits in zip(drafts, *counts, strict=True):
        draft.headcount, draft.unnumbered, draft.entries, draft.exits = headcount, unnumbered, entries, exits
    _tell_repeated(people, code, line, report)


def _days(drafts: list[Draft]) -> tuple[Ints, Ints]:
    """First and last day of each draft's period."""
    days = [(draft.period.first_day, last_day(draft.period)) for draft in drafts]
    first, last = zip(*days, strict=True)
    return np.array([_figure(day) for day in first]), np.array([_figure(day) for day in last])


def _figure(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _tell_repeated(people: Ints, code: Small, line: Small, report: Report) -> None:
    """The same worker again under the same code: each line but the first is named."""
    again = np.flatnonzero((people[1:] == people[:-1]) & (code[1:] == code[:-1])) + 1
    known = (people[again] & (1 << _WORKER_BITS) - 1) < UNKNOWN_FROM
    again = again[known]
    for place in again[:KEPT_WARNINGS].tolist():
        number = int(people[place]) & (1 << _WORKER_BITS) - 1
        report.each("W635", int(line[place]), "nss", f"{number:012d}", str(int(line[place - 1])))
    report.findings.count_only("W635", len(again[KEPT_WARNINGS:]))
