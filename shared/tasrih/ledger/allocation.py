"""What settles what: money that lies free goes to debts, and what was paid too much on one becomes free again."""

from __future__ import annotations

from collections.abc import Iterable

from tasrih.ledger.accounts import CREDIT, Rules, home_of, is_debt, period_of, settled_in
from tasrih.ledger.holdings import Holdings, Lot, holdings, is_relief, lots
from tasrih.ledger.journal import Entry, Leg


class Moves:
    """Holdings, which are changed, and what has been moved in them."""

    def __init__(self, held: Holdings) -> None:
        self._held = held
        self._moved: dict[tuple[str, str], int] = {}

    def net(self, account: str) -> int:
        return sum(self._held.get(account, {}).values())

    def of(self, account: str) -> dict[str, int]:
        return dict(self._held.get(account, {}))

    def accounts(self) -> list[str]:
        return list(self._held)

    def move(self, lot: str, amount: int, *, out_of: str, into: str) -> None:
        """So much of a lot stops settling the one account and settles the other."""
        for account, centimes in ((out_of, amount), (into, -amount)):
            of_lots = self._held.setdefault(account, {})
            of_lots[lot] = of_lots.get(lot, 0) + centimes
            self._moved[account, lot] = self._moved.get((account, lot), 0) + centimes

    def legs(self) -> tuple[Leg, ...]:
        moved = sorted((lot, account, amount) for (account, lot), amount in self._moved.items() if amount)
        return tuple(Leg(account=account, amount_centimes=amount, lot=lot) for lot, account, amount in moved)


def allocate(entries: Iterable[Entry], rules: Rules) -> tuple[Leg, ...]:
    """The legs that settle what can be settled; none when there is nothing to do.

    First, where more than the debt settles an account, relief is taken off it, then the latest money: it becomes free.
    Then free money, the oldest lot first, settles what it was meant for, then debts in the order of the rules.
    What settles a debt rightly stays where it is, whatever comes later.
    """
    kept = list(entries)
    moves = Moves(holdings(kept))
    debts = [account for account in moves.accounts() if is_debt(account)]
    over = [account for account in debts if moves.net(account) < 0]
    if not over and not _settling(moves.of(CREDIT)):
        return ()
    known = lots(kept)
    for account in sorted(over):
        _free(account, moves, known)
    settled = [account for account in debts if account not in rules.aside]
    _settle(sorted(settled, key=settled_in(rules)), moves, known)
    return moves.legs()


def _free(account: str, moves: Moves, known: dict[str, Lot]) -> None:
    over = -moves.net(account)
    for lot in sorted(_settling(moves.of(account)), key=lambda each: freed_in(known[each])):
        amount = min(over, -moves.of(account)[lot])
        moves.move(lot, amount, out_of=account, into=home_of(lot))
        over -= amount


def freed_in(lot: Lot) -> tuple[bool, int, str]:
    """The sort key of lots that settle too much: relief, then money, the latest first."""
    return (not is_relief(lot.name), -int(lot.value_date.replace("-", "")), lot.name)


def _settle(debts: list[str], moves: Moves, known: dict[str, Lot]) -> None:
    free = _settling(moves.of(CREDIT))
    for lot in sorted(free, key=lambda each: (known[each].value_date, each)):
        meant = known[lot].period
        for account in sorted(debts, key=lambda debt: not meant or period_of(debt) != meant):
            amount = min(moves.net(account), -moves.of(CREDIT)[lot])
            if amount > 0:
                moves.move(lot, amount, out_of=CREDIT, into=account)


def _settling(of_lots: dict[str, int]) -> list[str]:
    return [lot for lot, amount in of_lots.items() if lot and amount < 0]
