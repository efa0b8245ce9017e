"""Debts, and the money that settles them: who gave what to which debt.

A debt is a tuple: ("receivable", "2025-03"), ("surcharge", "2025", "late_das"), ("repayable", lot).
"""

from calendar import monthrange


class Refused(Exception):
    """Nothing changes."""


def empty():
    return {"owed": {}, "paid": {}, "free": {}, "lots": {}, "refunded": {}}


def owe(purse, debt, centimes):
    purse["owed"][debt] = purse["owed"].get(debt, 0) + centimes


def still_owed(purse, debt):
    return purse["owed"].get(debt, 0) - sum(purse["paid"].get(debt, {}).values())


def come(purse, lot, day, centimes, period=""):
    """Money lies free until `settle`."""
    if lot not in purse["lots"]:
        purse["lots"][lot] = {"day": day, "period": period}
    purse["free"][lot] = purse["free"].get(lot, 0) + centimes


def relieve(purse, lot, day, amounts):
    """Debts are forgiven, or given up: what does it is a lot too, but never becomes money."""
    if not amounts or any(not 0 < amount <= still_owed(purse, debt) for debt, amount in amounts.items()):
        raise Refused
    purse["lots"][lot] = {"day": day, "period": "", "relief": True}
    for debt, amount in amounts.items():
        purse["paid"].setdefault(debt, {})[lot] = amount


def vanish(purse, lot):
    """The lot was never there. What of it was paid out is to be paid back."""
    for lots in purse["paid"].values():
        lots.pop(lot, None)
    purse["free"].pop(lot, None)
    out = purse["refunded"].pop(lot, 0)
    if out:
        owe(purse, ("repayable", lot), out)


def refund(purse, centimes):
    if not 0 < centimes <= sum(purse["free"].values()):
        raise Refused
    for lot in sorted(purse["free"], key=lambda lot: (purse["lots"][lot]["day"], lot)):
        part = min(centimes, purse["free"][lot])
        centimes -= part
        purse["free"][lot] -= part
        purse["refunded"][lot] = purse["refunded"].get(lot, 0) + part


def move(purse, lot, source, target, centimes):
    there = purse["paid"].get(source, {}).get(lot, 0)
    if not 0 < centimes <= min(there, still_owed(purse, target)):
        raise Refused
    purse["paid"][source][lot] -= centimes
    given = purse["paid"].setdefault(target, {})
    given[lot] = given.get(lot, 0) + centimes


def send(purse, lot, centimes):
    """Out of this purse: free money first, then what settles the latest period."""
    here = purse["free"].get(lot, 0) + sum(lots.get(lot, 0) for lots in purse["paid"].values())
    if not 0 < centimes <= here:
        raise Refused
    part = min(centimes, purse["free"].get(lot, 0))
    purse["free"][lot] = purse["free"].get(lot, 0) - part
    centimes -= part
    for debt in sorted(purse["paid"], key=lambda debt: (debt[0] == "repayable", minus(ends(debt)), name(debt))):
        part = min(centimes, purse["paid"][debt].get(lot, 0))
        if part:
            purse["paid"][debt][lot] -= part
            centimes -= part


def settle(purse, rules, aside=()):
    for debt in list(purse["paid"]):
        take_too_much_off(purse, debt)
    order = sorted((debt for debt in purse["owed"] if debt not in aside), key=lambda debt: rank(debt, rules))
    for lot in sorted(purse["free"], key=lambda lot: (purse["lots"][lot]["day"], lot)):
        meant = purse["lots"][lot]["period"]
        first = [debt for debt in order if meant and debt[0] != "repayable" and debt[1] == meant]
        for debt in [*first, *order]:
            part = min(purse["free"][lot], still_owed(purse, debt))
            if part > 0:
                purse["free"][lot] -= part
                given = purse["paid"].setdefault(debt, {})
                given[lot] = given.get(lot, 0) + part


def take_too_much_off(purse, debt):
    over = -still_owed(purse, debt)
    lots = purse["lots"]
    reliefs = sorted(lot for lot in purse["paid"][debt] if lots[lot].get("relief"))
    reliefs.sort(key=lambda lot: lots[lot]["day"], reverse=True)
    money = sorted(lot for lot in purse["paid"][debt] if not lots[lot].get("relief"))
    money.sort(key=lambda lot: lots[lot]["day"], reverse=True)
    for lot in [*reliefs, *money]:
        part = max(0, min(over, purse["paid"][debt][lot]))
        over -= part
        purse["paid"][debt][lot] -= part
        if lot in money:
            purse["free"][lot] = purse["free"].get(lot, 0) + part


def rank(debt, rules):
    """Which debt is settled before which."""
    if debt[0] == "repayable":
        return (0, (), (), 0, name(debt))
    newest = rules["order"] == "newest_first"
    at, since = ends(debt), begins(debt)
    contributions = (debt[0] == "receivable") == (rules["within"] == "contributions_first")
    return (1, minus(at) if newest else at, since if newest else minus(since), int(not contributions), name(debt))


def name(debt):
    return ":".join(debt)


def ends(debt):
    if debt[0] == "repayable":
        return (0, 0, 0)
    year, _, part = debt[1].partition("-")
    month = 12 if not part else (3 * int(part[1]) if part[0] == "Q" else int(part))
    return (int(year), month, monthrange(int(year), month)[1])


def begins(debt):
    year, _, part = debt[1].partition("-")
    month = 1 if not part else (3 * int(part[1]) - 2 if part[0] == "Q" else int(part))
    return (int(year), month, 1)


def minus(day):
    return tuple(-part for part in day)
