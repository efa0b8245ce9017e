"""One history played on both sides; what differs, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tasrih.ledger import Entry, Rules, balance_at, check_balanced, check_cleared, check_posted_once, open_items
from tasrih.ledger.holdings import holdings

from tests.histories.books import Books
from tests.histories.events import EMPLOYERS, Event, Making
from tests.model.fund import Fund


def books_of(making: Making) -> Books:
    rules = making.rules
    return Books(
        Rules(
            allocation_order=rules["order"],
            allocation_within=rules["within"],
            over_declared=rules["over_declared"],
        )
    )


def told(entries: list[Entry], rules: Rules) -> dict[str, Any]:
    """The ledger's answer to what `Fund.told` tells."""
    held = holdings(entries)
    items = open_items(entries, rules=rules)
    return {
        "balance": balance_at(entries),
        "open": {item.account: item.open_centimes for item in items},
        "free": {lot: -amount for lot, amount in held.get("credit", {}).items() if amount},
        "waived": sum(held.get("waived", {}).values()),
        "written_off": sum(held.get("written_off", {}).values()),
        "worker": {item.period: item.worker_centimes for item in items if item.kind == "receivable"},
    }


def problems(seed: int, every: int = 1) -> list[str]:
    """All that is wrong with one history, none when the two sides agree: after every event, or every so many."""
    making = Making(seed)
    try:
        return list(_problems(making, every))
    except Exception as error:  # whatever the ledger raises is a find, and has a seed
        return [f"{len(making.events) - 1} {making.events[-1]['do']}: {type(error).__name__}: {error}"]


def _problems(making: Making, every: int) -> Iterator[str]:
    books = books_of(making)
    for number, (event, outcome) in enumerate(making.play()):
        found = list(_outcomes(outcome, books.apply(event), event))
        if found or number % every == 0:
            found += _differences(making.fund, books)
        if found:
            yield from (f"{number} {event['do']}: {each}" for each in found)
            return
    yield from _differences(making.fund, books)
    for employer in EMPLOYERS:
        yield from _sound(books.of(employer))
    yield from _replayed(making.done, books)


def _outcomes(by_model: str, by_ledger: str, event: Event) -> Iterator[str]:
    if by_model != by_ledger and not (by_model == "done" and event["do"] in MAY_POST_NOTHING):
        yield f"the model says {by_model}, the ledger {by_ledger}"


def _differences(fund: Fund, books: Books) -> Iterator[str]:
    for employer in EMPLOYERS:
        model, ledger = fund.told(employer), told(books.of(employer), books.rules)
        for what, expected in model.items():
            if ledger[what] != expected:
                yield f"{what}: the model has {expected}, the ledger {ledger[what]}"


MAY_POST_NOTHING = ("file", "bounce", "unwaive", "plan", "plan_ends")
"""Nothing but held bases and nothing before; taken back already; no posting at all."""


def _sound(entries: list[Entry]) -> Iterator[str]:
    """What holds of any ledger: entries add up to zero, and so does each lot in each; nothing is posted twice; nothing
    waits in a clearing; relief never becomes money."""
    check_posted_once(entries)
    check_cleared(entries)
    for entry in entries:
        check_balanced(entry)
        lots = Counter[str]()
        for leg in entry.legs:
            lots[leg.lot] += leg.amount_centimes
        yield from (f"{entry.key.sort}: {lot or 'what is no lot'} is off by {off}" for lot, off in lots.items() if off)
    credit = holdings(entries).get("credit", {})
    yield from (f"{lot} is overdrawn" for lot, amount in credit.items() if amount > 0)
    yield from (f"{lot} became money" for lot in credit if lot.startswith(("waiver", "write_off")))


def _replayed(done: list[Event], books: Books) -> Iterator[str]:
    """All of it again, in the same order: nothing is posted."""
    before = {employer: list(entries) for employer, entries in books.entries.items()}
    yield from (f"replayed, {event['do']} posts again" for event in done if books.apply(event) == "done")
    if books.entries != before:
        yield "replayed, the entries are others"
