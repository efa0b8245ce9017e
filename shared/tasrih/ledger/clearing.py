"""An annual declaration against the periodic ones of its year: the same wages are owed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tasrih.ledger.accounts import CLEARING, CONTRIBUTION, CREDIT, CREDITED, Rules, kind_of, receivable
from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.opening import PAST
from tasrih.ledger.posting import DUES, check_balanced, dues_entry
from tasrih.vocabulary.dues import NO_CODE, Dues
from tasrih.vocabulary.period import Period

CLEARED, UNCLEARED = "clearing", "unclearing"


@dataclass(frozen=True, slots=True)
class Cause:
    """From what a clearing follows."""

    upload: str
    reason: str
    value_date: str
    officer: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One code, branch and share of one quarter: what the annual declaration says, and the periodic ones together."""

    annual: Leg
    """On `contribution:{code}:{branch}:{share}:{quarter}`, with its reasons; of no amount where the annual declaration
    does not have it."""
    periodic_base: int
    periodic_amount: int
    decided: bool = True
    """False where the annual declaration holds a base of that code, or one without a code, back: more may be in it."""

    @property
    def declared_centimes(self) -> int:
        """By the annual declaration."""
        return -self.annual.amount_centimes

    @property
    def owed_centimes(self) -> int:
        """For the year. The bases decide: where they agree, what is left is rounding, and nothing is owed."""
        more = self.annual.base_centimes > self.periodic_base
        return max(0, self.declared_centimes - self.periodic_amount) if more else 0

    @property
    def over_centimes(self) -> int:
        """Declared too much by the periodic ones."""
        less = self.annual.base_centimes < self.periodic_base
        return max(0, self.periodic_amount - self.declared_centimes) if less and self.decided else 0

    def taken_off(self) -> Leg:
        """What both declare counts once: as the periodic declarations posted it."""
        amount = self.declared_centimes - self.owed_centimes
        return self.annual.of(amount, min(self.annual.base_centimes, self.periodic_base))


def das_entry(employer: str, upload: str, period: str, value_date: date, dues: Dues) -> Entry:
    """Dues of an annual declaration that goes through `clearing:{upload}`: what of them is owed is told by `cleared`,
    which brings that account back to zero in the same transaction. Raises NothingToPost."""
    entry = dues_entry(employer, upload, period, value_date, dues)
    debit = replace(entry.legs[0], account=f"{CLEARING}:{upload}")
    held = tuple(sorted(f"{base.period} {base.code}" for base in dues.held))
    return replace(entry, legs=(debit, *entry.legs[1:]), held=held)


def declared(entries: Iterable[Entry]) -> list[Entry]:
    """The declarations that count, past ones among them, in the order given."""
    kept = list(entries)
    corrected = {entry.corrects for entry in kept}
    return [entry for entry in kept if entry.reason in (DUES, PAST) and entry.key.sort not in corrected]


def compared(annual: Entry, periodic: Iterable[Entry]) -> tuple[Compared, ...]:
    """Line by line, in the order of the accounts. `periodic` are the year's; months add up to quarters."""
    lines = {leg.account: leg for leg in _contributions(annual)}
    bases: dict[str, int] = {}
    amounts: dict[str, int] = {}
    for leg in (leg for entry in periodic for leg in _contributions(entry)):
        account = in_quarter(leg.account)
        if account not in lines:
            lines[account] = replace(leg, account=account, amount_centimes=0, base_centimes=0)
        bases[account] = bases.get(account, 0) + leg.base_centimes
        amounts[account] = amounts.get(account, 0) - leg.amount_centimes
    return tuple(
        Compared(line, bases.get(account, 0), amounts.get(account, 0), not _held_back(account, annual.held))
        for account, line in sorted(lines.items())
    )


@lru_cache(maxsize=4096)
def in_quarter(account: str) -> str:
    """The account of a contribution, its month as the quarter."""
    *names, written = account.split(":")
    period = Period.parse(written)
    return ":".join((*names, str(Period(period.year, quarter=(period.last_month + 2) // 3))))


def clear(
    annual: Entry, periodic: Iterable[Entry], rules: Rules, cause: Cause, granted: Mapping[str, int]
) -> Entry | None:
    """What settles the clearing account of an annual declaration.

    Of each line, what the periodic declarations posted already is taken off; the rest is owed for the year. What they
    declared too much is credited if the rules say so, or as far as it is `granted` (account -> centimes); else it stays
    owed and is proposed. None where nothing is to be done: a DAS that was posted as owed for the year, and no DAC.
    """
    lot = f"{CLEARED}:{cause.upload}:{cause.reason}"
    lines = compared(annual, periodic)
    first, year = annual.legs[0], receivable(annual.period)
    amounts = {first.account: -first.amount_centimes}
    amounts[year] = amounts.get(year, 0) + sum(line.owed_centimes for line in lines)
    legs = [Leg(account=account, amount_centimes=amount) for account, amount in amounts.items()]
    legs += [line.taken_off() for line in lines]
    over = [(line.annual, _credited(line, rules, granted)) for line in lines]
    legs += [leg.of(part, lot=lot) for leg, part in over if part]
    credit = sum(part for _, part in over)
    legs.append(Leg(account=CREDIT, amount_centimes=-credit, lot=lot))
    kept = tuple(leg for leg in legs if leg.amount_centimes)
    return _cleared(annual, cause, kept, lot if credit else "") if kept else None


def _credited(line: Compared, rules: Rules, granted: Mapping[str, int]) -> int:
    over = line.over_centimes
    return over if rules.over_declared == CREDITED else min(over, granted.get(line.annual.account, 0))


def _cleared(annual: Entry, cause: Cause, legs: tuple[Leg, ...], lot: str) -> Entry:
    """It counts from the later of the two days: of the cause, and of the declaration it settles."""
    return check_balanced(
        Entry(
            employer=annual.employer,
            upload=cause.upload,
            reason=CLEARED,
            part=cause.reason,
            period=annual.period,
            value_date=max(annual.value_date, cause.value_date),
            legs=legs,
            law_version=annual.law_version,
            opens=lot,
            about=annual.upload,
            officer=cause.officer,
            why=cause.why,
        )
    )


def granted_in(clearing: Entry | None, annual: Entry | None) -> dict[str, int]:
    """Account -> centimes that the clearing credited, as long as it is of the same annual declaration."""
    if clearing is None or annual is None or clearing.about != annual.upload:
        return {}
    return {leg.account: leg.amount_centimes for leg in clearing.legs if leg.lot and leg.account != CREDIT}


def _contributions(entry: Entry) -> list[Leg]:
    return [leg for leg in entry.legs if kind_of(leg.account) == CONTRIBUTION]


def _held_back(account: str, held: Sequence[str]) -> bool:
    _, code, _, _, quarter = account.split(":")
    return f"{quarter} {code}" in held or f"{quarter} {NO_CODE}" in held
