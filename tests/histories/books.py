"""The ledger's side of a history: events become entries, as the stories will make them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from tasrih.assessment import assess_dac
from tasrih.assessment.proposal import Proposal, SurchargeLine
from tasrih.ledger import (
    AlreadyOwed,
    Brought,
    Decision,
    Entry,
    NotDecided,
    NothingToPost,
    Payment,
    Rules,
    TooMuch,
    brought_over,
    credit_over_declared,
    das_entry,
    dues_entry,
    moved,
    opening,
    payment,
    post,
    provisional,
    refund,
    reversal,
    sent_over,
    surcharged,
    taken_back,
    waiver,
    write_off,
)
from tasrih.vocabulary.dues import NO_CODE, Dues, HeldBase
from tasrih.vocabulary.period import Period

from tests.histories.events import Event


@cache
def computed(bases: tuple[tuple[str, int], ...], period: str) -> Dues:
    return assess_dac(bases, Period.parse(period))


def annual(quarters: Iterable[dict[str, int]], year: int) -> Dues:
    """Quarter by quarter; a base without a code is held, as `assess_lines` does."""
    parts = []
    for bases, quarter in zip(quarters, Period(year).quarters(), strict=True):
        known = tuple((code, base) for code, base in bases.items() if code != NO_CODE)
        dues = computed(known, str(quarter))
        untold = [HeldBase(str(quarter), NO_CODE, bases[NO_CODE], "lines_without_code")] if NO_CODE in bases else []
        parts.append((dues.lines, (*dues.held, *untold)))
    lines, held = (tuple(each for part in parts for each in part[at]) for at in (0, 1))
    return Dues("partly_held" if held else "computed", lines, held=held)


class Books:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.entries: dict[str, list[Entry]] = {}
        self._filed: dict[str, list[Entry]] = {}
        """Event -> what it was posted as, for when it comes again."""
        self._aside: dict[str, frozenset[str]] = {}
        self._in_force: dict[tuple[str, str], Entry] = {}

    def of(self, employer: str) -> list[Entry]:
        return self.entries.setdefault(employer, [])

    def apply(self, event: Event) -> str:
        """Returns "done", "again" where nothing was posted, "refused"."""
        try:
            new = self._new(event)
        except (TooMuch, NotDecided, AlreadyOwed):
            return "refused"
        done = False
        for employer, entries in new.items():
            rules = replace(self.rules, aside=self._aside.get(employer, frozenset()))
            written = post(self.of(employer), entries, rules) if entries else ()
            self.of(employer).extend(written)
            done = done or bool(written)
        return "done" if done else "again"

    def _new(self, event: Event) -> dict[str, list[Entry]]:
        """Employer -> what is to be posted."""
        does = getattr(self, f"_{event['do']}")
        found = does(event, self.of(event["employer"]), decision(event))
        return found if isinstance(found, dict) else {event["employer"]: [found]}

    def _entry(self, event: Event) -> Entry | None:
        day, period, employer = date.fromisoformat(event["day"]), event["period"], event["employer"]
        try:
            if len(period) > 4:
                return dues_entry(employer, event["id"], period, day, computed(tuple(event["bases"].items()), period))
            entry = das_entry if event["style"] == "cleared" else dues_entry
            return entry(employer, event["id"], period, day, annual(event["quarters"], int(period)))
        except NothingToPost:
            return None

    def _file(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        place = (event["employer"], event["period"])
        if event["id"] not in self._filed:
            entry, old = self._entry(event), self._in_force.pop(place, None)
            back = reversal(old, event["id"], by.day) if old else None
            self._filed[event["id"]] = [each for each in (back, entry) if each]
            if entry:
                self._in_force[place] = entry
        return {event["employer"]: self._filed[event["id"]]}

    def _withdraw(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        if event["id"] not in self._filed:
            old = self._in_force.pop((event["employer"], event["period"]))
            self._filed[event["id"]] = [reversal(old, event["of"], by.day, "withdrawal")]
        return {event["employer"]: self._filed[event["id"]]}

    def _pay(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        paid = Payment(
            identity=event["id"],
            means=event["means"],
            amount_centimes=event["amount"],
            value_date=by.day,
            period=event["period"],
        )
        return payment(event["employer"], paid)

    def _bounce(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        """In every ledger that money of it came to; in each of them once."""
        lot, new = f"payment:{event['of']}", {}
        for employer, entries in self.entries.items():
            came = next((entry for entry in entries if entry.opens == lot), None)
            if came:
                new[employer] = [taken_back(came, entries, event["id"], by.day)]
        return new

    def _surcharge(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        lines = (line(event["name"], event["amount"], by.day),)
        return surcharged(before, event["employer"], Proposal("late", event["period"], by.day, None, lines), by)

    def _drop_surcharge(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        return taken_back(found(before, event["of"]), before, event["id"], by.day, "mistake", officer=by.officer)

    def _provisional(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        shares = {"worker": event["worker"], "employer": event["amount"] - event["worker"]}
        set_now = tuple(line(share, amount, by.day) for share, amount in shares.items())
        proposal = Proposal("provisional_assessment", event["period"], by.day, None, contributions=set_now)
        return provisional(before, event["employer"], proposal, by)

    def _waive(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        return waiver(before, event["employer"], amounts(event), by)

    def _write_off(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        return write_off(before, event["employer"], amounts(event), by)

    def _unwaive(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        return taken_back(found(before, event["of"]), before, event["id"], by.day, "mistake", officer=by.officer)

    def _plan(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        """A plan posts nothing; what it sets aside holds from now on, once."""
        if event["id"] not in self._filed:
            self._filed[event["id"]] = []
            self._aside[event["employer"]] = frozenset(":".join(debt) for debt in event.get("aside", ()))
        return {}

    _plan_ends = _plan

    def _refund(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        return refund(before, event["employer"], event["amount"], by)

    def _move(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        places = (":".join(event["source"]), ":".join(event["target"]), event["amount"])
        return moved(before, event["employer"], found(before, event["of"]), places, by)

    def _transfer(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        sent = sent_over(before, found(before, event["of"]), event["amount"], by)
        return {event["employer"]: [sent], event["to"]: [brought_over(event["to"], sent)]}

    def _opening(self, event: Event, before: list[Entry], by: Decision) -> Entry:
        brought = [
            Brought(period=period, amount_centimes=amount, worker_centimes=worker)
            for period, amount, worker in event["brought"]
        ]
        return opening(event["employer"], event["id"], by.day, brought, "Balances of the former system")

    def _credit_over(self, event: Event, before: list[Entry], by: Decision) -> dict[str, list[Entry]]:
        return {event["employer"]: list(credit_over_declared(before, event["year"], by, self.rules))}


def decision(event: Event) -> Decision:
    return Decision(
        number=event["id"],
        day=date.fromisoformat(event["day"]),
        officer=event.get("officer", "officer-1"),
        second=event.get("second", ""),
        why=event.get("why", ""),
    )


def line(name: str, amount: int, day: date) -> SurchargeLine:
    """Of a proposal: nothing but its amount counts here."""
    return SurchargeLine(name, amount, Decimal(100), 0, amount, "", "", day, "firm", day, day, day)


def amounts(event: Event) -> dict[str, int]:
    return {":".join(debt): amount for debt, amount in event["amounts"]}


def found(entries: list[Entry], cause: str) -> Entry:
    return next(entry for entry in entries if entry.upload == cause)
