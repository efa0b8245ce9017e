"""Which movements of a statement are new: however often, overlapping or re-exported files arrive, each posts once."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tasrih.payments.bank.line import BankLine
from tasrih.payments.bank.statement import Movement, Statement
from tasrih.vocabulary.finding import Finding

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is kept of a movement that was posted: enough to know it again in any file. Nobody's name stands in it."""

    group: str
    """Account, booking day and amount: what every file tells alike. Kept records are asked for by it."""
    identity: str
    form: str
    """Of the file that brought it."""
    bank_reference: str
    """Where it named one movement only; else ""."""
    content: str
    """Hash of all that payer and bank wrote."""
    day_opening_centimes: int
    """The balance before the first movement of its day: another one where a file told a part of the day."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Each movement of the statements stands in one of the three."""

    new: tuple[tuple[Movement, Seen], ...]
    """To be posted; what is kept of it goes into the same transaction."""
    known: tuple[Movement, ...]
    """Posted before, under the identities that its lines have now."""
    refused: tuple[Movement, ...]
    """Perhaps posted before: nothing tells, so a person must. A finding says so of each."""
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Arriving:
    known: Callable[[str], Sequence[Seen]]
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    """By group: kept before, and new in this file."""

    def of(self, group: str) -> list[Seen]:
        if group not in self.seen:
            self.seen[group] = list(self.known(group))
        return self.seen[group]


def arrive(statements: Iterable[Statement], known: Callable[[str], Sequence[Seen]]) -> Arrived:
    """`known` gives what is kept of a group. A file may tell one statement twice: the second time it is known.

    The bank's reference decides. Without it, what both say of one day from the same balance on is the same movement,
    as often as it stands there; where only parts of a day can be compared, an equal movement is neither dropped nor
    posted.
    """
    arriving = _Arriving(known)
    new: list[tuple[Movement, Seen]] = []
    again: list[Movement] = []
    refused: list[Movement] = []
    for statement in statements:
        for group, movements in _groups(statement).items():
            marked = _seen_as(group, movements, statement.form)
            pairs, unclear = _compared(marked, arriving.of(group))
            kept = arriving.of(group)
            often = Counter(map(_token, kept))
            for index, (movement, mark) in enumerate(zip(movements, marked, strict=True)):
                if index in pairs:
                    again.append(_named(movement, pairs[index].identity))
                elif index in unclear:
                    refused.append(movement)
                else:
                    often[_token(mark)] += 1
                    seen = replace(mark, identity=_hash([group, _token(mark), often[_token(mark)]]))
                    kept.append(seen)
                    new.append((_named(movement, seen.identity), seen))
    return Arrived(tuple(new), tuple(again), tuple(refused), _findings(len(new), again, refused))


def _groups(statement: Statement) -> dict[str, list[Movement]]:
    groups: dict[str, list[Movement]] = {}
    for each in statement.movements:
        group = f"{statement.account}|{each.lines[0].booked_on.isoformat()}|{each.amount_centimes}"
        groups.setdefault(group, []).append(each)
    return groups


def _seen_as(group: str, movements: Sequence[Movement], form: str) -> list[Seen]:
    often = Counter(each.bank_reference for each in movements)
    return [
        Seen(
            group=group,
            identity="",
            form=form,
            bank_reference=each.bank_reference if often[each.bank_reference] == 1 else "",
            content=_content(each),
            day_opening_centimes=each.day_opening_centimes,
        )
        for each in movements
    ]


def _content(movement: Movement) -> str:
    told = [
        [each.amount_centimes, each.value_date.isoformat(), each.reversal, *map(_plain, _written(each))]
        for each in movement.lines
    ]
    return _hash([movement.bank_reference, told])


def _plain(text: str) -> str:
    """Letters and digits alone, without case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _written(line: BankLine) -> tuple[str, ...]:
    return (line.bank_reference, line.reference, line.payer_name, line.payer_account, line.text)


def _compared(marked: Sequence[Seen], kept: Sequence[Seen]) -> tuple[dict[int, Seen], set[int]]:
    """(which of the movements is which kept one, which may be one)."""
    free = list(kept)
    pairs: dict[int, Seen] = {}
    unclear: set[int] = set()
    for told in (_told_by_reference, _told_by_content):
        alike = _Alike.of(free, told)
        for index, mark in enumerate(marked):
            if index in pairs or index in unclear or not told(mark):
                continue
            if found := alike.take(told(mark), mark.day_opening_centimes):
                if told is _told_by_reference or _same_day(mark, found):
                    pairs[index] = found
                else:
                    unclear.add(index)
        free = alike.left()
    _counted(marked, free, pairs, unclear)
    return pairs, unclear


@dataclass(frozen=True, slots=True)
class _Alike:
    """Kept movements that nothing tells apart, by what they are told by; then by the balance before their day."""

    held: dict[str, dict[int, list[Seen]]]

    @classmethod
    def of(cls, kept: Iterable[Seen], told: Callable[[Seen], str]) -> _Alike:
        held: dict[str, dict[int, list[Seen]]] = {}
        for each in kept:
            held.setdefault(told(each), {}).setdefault(each.day_opening_centimes, []).append(each)
        return cls(held)

    def take(self, told: str, day_opening: int) -> Seen | None:
        """One of them, each once: of the same day and balance, as long as there is one."""
        days = self.held.get(told)
        if not days:
            return None
        day = day_opening if day_opening in days else next(iter(days))
        found = days[day].pop()
        if not days[day]:
            del days[day]
        return found

    def left(self) -> list[Seen]:
        return [each for days in self.held.values() for alike in days.values() for each in alike]


def _told_by_reference(seen: Seen) -> str:
    return seen.bank_reference


def _told_by_content(seen: Seen) -> str:
    return seen.content


def _counted(marked: Sequence[Seen], free: list[Seen], pairs: dict[int, Seen], unclear: set[int]) -> None:
    """Written otherwise in the other format: as many on one whole day are the same; any other number is unclear.

    One format that tells references, or tells none, writes one movement in one way: what differs there is another."""
    left = [index for index in range(len(marked)) if index not in pairs and index not in unclear]
    kinds, other_kinds = {_kind(each) for each in free}, {_kind(marked[index]) for index in left}
    maybe = [index for index in left if kinds - {_kind(marked[index])}]
    candidates = [each for each in free if other_kinds - {_kind(each)}]
    days = {each.day_opening_centimes for each in (*candidates, *(marked[index] for index in maybe))}
    if len(maybe) == len(candidates) and len(days) <= 1:
        pairs.update(zip(maybe, candidates, strict=True))
    else:
        unclear.update(maybe)


def _kind(seen: Seen) -> tuple[str, bool]:
    return seen.form, bool(seen.bank_reference)


def _same_day(one: Seen, other: Seen) -> bool:
    return one.day_opening_centimes == other.day_opening_centimes


def _token(seen: Seen) -> str:
    return seen.bank_reference or f"\0{seen.content}"


def _named(movement: Movement, identity: str) -> Movement:
    alone = len(movement.lines) == 1
    lines = (
        replace(each, identity=identity if alone else f"{identity}-{number}")
        for number, each in enumerate(movement.lines, start=1)
    )
    return replace(movement, lines=tuple(lines))


def _findings(new: int, again: Sequence[Movement], refused: Sequence[Movement]) -> tuple[Finding, ...]:
    found = [
        Finding(
            "E939", each.lines[0].file, each.lines[0].line, each.lines[0].place, each.lines[0].booked_on.isoformat()
        )
        for each in refused
    ]
    if again:
        code = "W942" if not new and not refused else "W941"
        found.append(Finding(code, again[0].lines[0].file, value=str(len(again))))
    return tuple(found)


def _hash(told: object) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode("ascii")).hexdigest()[:32]
