"""What an employer owes, debt by debt, with what settlement has to know of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tasrih import law
from tasrih.assessment import Extension, last_day
from tasrih.law import PROVISIONAL, LawBook, LawNotKnown
from tasrih.law.values import weakest
from tasrih.ledger import Entry, Leg, OpenItem, is_quiet, open_items, rules
from tasrih.ledger.accounts import CONTRIBUTION, PENALTY, kind_of
from tasrih.ledger.holdings import until
from tasrih.ledger.opening import OPENED
from tasrih.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Debt:
    account: str
    """As the ledger has it."""
    period: str
    """"" of what belongs to none."""
    name: str
    """Of a surcharge ("late_payment"); "" for contributions."""
    open_centimes: int
    worker_centimes: int | None
    """How much of it is worker share; None where an imported balance does not tell."""
    due: date | None
    """Last day in time, extensions and outages counted; None where the law of that time is not known. A surcharge is
    due with the contributions of its period."""
    articles: tuple[str, ...]
    """Texts that it rests on; none where it was imported without."""
    confidence: str
    """ "firm" where all that it rests on is."""
    imported: bool = False
    """All of it: it causes no letter by itself."""

    def late_on(self, day: date) -> bool:
        return self.due is not None and day > self.due


def debts(
    entries: Iterable[Entry], day: date, *, extensions: Iterable[Extension] = (), book: LawBook | None = None
) -> tuple[Debt, ...]:
    """What is open at the end of a day, in the order in which money will settle it. `extensions` are those that apply
    to the employer."""
    book, moved = book or law.book(), tuple(extensions)
    kept = list(until(entries, day))
    return tuple(_debt(item, kept, moved, book) for item in open_items(kept, day, rules(book)))


def _debt(item: OpenItem, entries: Sequence[Entry], extensions: Sequence[Extension], book: LawBook) -> Debt:
    legs = _reasons(item, entries)
    return Debt(
        account=item.account,
        period=item.period,
        name=item.name,
        open_centimes=item.open_centimes,
        worker_centimes=item.worker_centimes,
        due=due_day(item.period, extensions, book),
        articles=tuple(sorted({leg.article for leg in legs} - {"", "unknown"})),
        confidence=weakest(leg.confidence for leg in legs) if legs else PROVISIONAL,
        imported=is_imported(item.account, entries),
    )


def due_day(period: str, extensions: Iterable[Extension], book: LawBook) -> date | None:
    """The last day to pay what is owed for a period; None where no source tells it."""
    if not period:
        return None
    try:
        return last_day("payment", Period.parse(period), extensions, book).day
    except LawNotKnown:
        return None


def is_imported(account: str, entries: Iterable[Entry]) -> bool:
    """Whether all that made a debt was brought from before this ledger: no letter and no surcharge follows."""
    made = [entry for entry in entries for leg in entry.legs if leg.account == account and not leg.lot]
    return bool(made) and all(is_quiet(entry) for entry in made)


def _reasons(item: OpenItem, entries: Sequence[Entry]) -> list[Leg]:
    """The legs on the other side of a debt that were not taken back."""
    legs = [leg for entry in entries for leg in entry.legs if _stands_behind(leg, entry, item)]
    sums: dict[tuple[str, str, str], int] = {}
    for leg in legs:
        reason = (leg.account, leg.article, leg.confidence)
        sums[reason] = sums.get(reason, 0) + leg.amount_centimes
    return [leg for leg in legs if sums[leg.account, leg.article, leg.confidence]]


def _stands_behind(leg: Leg, entry: Entry, item: OpenItem) -> bool:
    if entry.reason == OPENED:  # the debt itself: it came without a text
        return leg.account == item.account
    if item.name:
        return leg.account == f"{PENALTY}:{item.period}:{item.name}"
    return entry.period == item.period and kind_of(leg.account) == CONTRIBUTION
