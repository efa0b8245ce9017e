"""What happens to the accounts of employers, event by event. An event is a dict; "do" says what it is."""

from tests.model.dues import against, annual_lines, dues_of, periodic_lines, quarter_of
from tests.model.purse import Refused, come, empty, move, owe, refund, relieve, send, settle, still_owed, vanish


class Fund:
    def __init__(self, rules):
        """`rules`: {"order", "within", "over_declared"} by their names in the law data."""
        self.rules = rules
        self.employers = {}
        self.lots_of = {}
        """Lot -> employers in whose purse it is."""
        self.aside = {}
        """Employer -> debts that no money settles, while a plan is honoured."""
        self.taken_back = set()
        self.done = set()

    def apply(self, event):
        """Returns "done", "again" (nothing is done twice) or "refused"."""
        if event["id"] in self.done:
            return "again"
        try:
            touched = getattr(self, f"_{event['do']}")(event)
        except Refused:
            return "refused"
        self.done.add(event["id"])
        for employer in touched:
            settle(self.of(employer)["purse"], self.rules, self.aside.get(employer, ()))
        return "done"

    def of(self, employer):
        new = {"purse": empty(), "periodic": {}, "annual": {}, "years": {}, "set": {}, "worker": {}}
        return self.employers.setdefault(employer, new)

    # declarations

    def _file(self, event):
        one, period = self.of(event["employer"]), event["period"]
        lines = annual_lines(event["quarters"]) if len(period) == 4 else dues_of(event["bases"])
        if not self._forget(one, period) and not lines:
            return []
        if lines:
            self._replace(one, period)
        if lines and len(period) == 4:
            one["annual"][period] = {"id": event["id"], "lines": lines, "held": event["held"], "day": event["day"]}
        elif lines:
            one["periodic"][period] = lines
            owe(one["purse"], ("receivable", period), sum(amount for _, amount in lines.values()))
        self._year(one, period[:4], event, "dues" if lines else "reversal")
        return [event["employer"]]

    def _withdraw(self, event):
        one, period = self.of(event["employer"]), event["period"]
        if not self._forget(one, period):
            raise Refused
        self._year(one, period[:4], {**event, "id": event["of"]}, "withdrawal")
        return [event["employer"]]

    def _forget(self, one, period):
        lines = one["periodic"].pop(period, None)
        if lines:
            owe(one["purse"], ("receivable", period), -sum(amount for _, amount in lines.values()))
        return one["annual"].pop(period, None) or lines

    def _provisional(self, event):
        one, period = self.of(event["employer"]), event["period"]
        if any(within(period, each) for each in (*one["periodic"], *one["annual"], *one["set"])):
            raise Refused
        one["set"][period] = {"worker": event["worker"], "amount": event["amount"]}
        owe(one["purse"], ("receivable", period), event["amount"])
        return [event["employer"]]

    def _replace(self, one, period):
        """What was declared takes the place of what the fund had set, for the period or a part of it."""
        for each in [each for each in one["set"] if within(each, period)]:
            owe(one["purse"], ("receivable", each), -one["set"].pop(each)["amount"])

    def _year(self, one, year, cause, reason, granted=None):
        """The annual declaration against the periodic ones."""
        annual, old = one["annual"].get(year), one["years"].get(year)
        new = None
        if annual:
            parts = {period: lines for period, lines in one["periodic"].items() if period[:4] == year}
            owed, over, both = against(annual["lines"], annual["held"], periodic_lines(parts))
            if granted is None:
                granted = old["credited"] if old and old["of"] == annual["id"] else {}
            if self.rules["over_declared"] == "credited":
                granted = over
            credited = {line: min(over[line], granted[line]) for line in over if line in granted}
            new = {"of": annual["id"], "owed": owed, "both": both, "credited": credited}
        if old and new and all(old[key] == new[key] for key in new):
            return False
        day = max(cause["day"], old["day"] if old else "")
        if old:
            owe(one["purse"], ("receivable", year), -sum(old["owed"].values()))
            vanish(one["purse"], old["lot"])
            del one["years"][year]
        if new:
            new["lot"], new["day"] = f"clearing:{cause['id']}:{reason}", max(day, annual["day"])
            one["years"][year] = new
            owe(one["purse"], ("receivable", year), sum(new["owed"].values()))
            if new["credited"]:
                come(one["purse"], new["lot"], new["day"], sum(new["credited"].values()), year)
        return True

    def _credit_over(self, event):
        one, year = self.of(event["employer"]), event["year"]
        annual = one["annual"].get(year)
        parts = {period: lines for period, lines in one["periodic"].items() if period[:4] == year}
        over = against(annual["lines"], annual["held"], periodic_lines(parts))[1] if annual else {}
        if not over or not self._year(one, year, event, "credited", over):
            raise Refused
        return [event["employer"]]

    # money

    def _pay(self, event):
        lot = f"payment:{event['id']}"
        come(self.of(event["employer"])["purse"], lot, event["day"], event["amount"], event["period"])
        self.lots_of[lot] = [event["employer"]]
        return [event["employer"]]

    def _bounce(self, event):
        lot = f"payment:{event['of']}"
        for employer in self.lots_of.get(lot, []):
            vanish(self.of(employer)["purse"], lot)
        return self.lots_of.pop(lot, [])

    def _refund(self, event):
        refund(self.of(event["employer"])["purse"], event["amount"])
        return [event["employer"]]

    def _move(self, event):
        purse = self.of(event["employer"])["purse"]
        move(purse, f"payment:{event['of']}", tuple(event["source"]), tuple(event["target"]), event["amount"])
        return [event["employer"]]

    def _transfer(self, event):
        lot, purse = f"payment:{event['of']}", self.of(event["employer"])["purse"]
        send(purse, lot, event["amount"])
        come(self.of(event["to"])["purse"], lot, purse["lots"][lot]["day"], event["amount"])
        if event["to"] not in self.lots_of[lot]:
            self.lots_of[lot].append(event["to"])
        return [event["employer"], event["to"]]

    # decisions

    def _surcharge(self, event):
        owe(self.of(event["employer"])["purse"], ("surcharge", event["period"], event["name"]), event["amount"])
        return [event["employer"]]

    def _waive(self, event):
        self._relieve(event, "waiver")
        return [event["employer"]]

    def _write_off(self, event):
        self._relieve(event, "write_off")
        return [event["employer"]]

    def _relieve(self, event, kind):
        amounts = {tuple(debt): amount for debt, amount in event["amounts"]}
        if event["second"] == event["officer"] or not event["why"]:
            raise Refused
        relieve(self.of(event["employer"])["purse"], f"{kind}:{event['id']}", event["day"], amounts)

    def _unwaive(self, event):
        purse, lot = self.of(event["employer"])["purse"], f"waiver:{event['of']}"
        if lot in self.taken_back:
            return []
        if not any(lots.get(lot) for lots in purse["paid"].values()):
            raise Refused
        self.taken_back.add(lot)
        vanish(purse, lot)
        return [event["employer"]]

    def _drop_surcharge(self, event):
        owe(self.of(event["employer"])["purse"], ("surcharge", event["period"], event["name"]), -event["amount"])
        return [event["employer"]]

    def _plan(self, event):
        self.aside[event["employer"]] = [tuple(debt) for debt in event["aside"]]
        return []

    def _plan_ends(self, event):
        self.aside.pop(event["employer"], None)
        return []

    def _opening(self, event):
        one = self.of(event["employer"])
        for period, amount, worker in event["brought"]:
            if amount > 0:
                owe(one["purse"], ("receivable", period), amount)
                told = one["worker"].setdefault(period, [])
                told.append(worker)
            else:
                come(one["purse"], f"opening:{event['id']}", event["day"], -amount)
        return [event["employer"]]

    # what is asked of it

    def told(self, employer):
        """All that is compared: what is owed in all, each open debt, what lies free, what was forgiven or given up."""
        one = self.of(employer)
        purse = one["purse"]
        owed = {debt: still_owed(purse, debt) for debt in purse["owed"]}
        reliefs = [lot for lot in purse["lots"] if purse["lots"][lot].get("relief")]
        gave = {lot: sum(lots.get(lot, 0) for lots in purse["paid"].values()) for lot in reliefs}
        return {
            "balance": sum(owed.values()) - sum(purse["free"].values()),
            "open": {":".join(debt): amount for debt, amount in owed.items() if amount},
            "free": {lot: amount for lot, amount in purse["free"].items() if amount},
            "waived": sum(amount for lot, amount in gave.items() if lot.startswith("waiver:")),
            "written_off": sum(amount for lot, amount in gave.items() if lot.startswith("write_off:")),
            "worker": {debt[1]: self._worker(one, debt) for debt in owed if debt[0] == "receivable" and owed[debt] > 0},
        }

    def _worker(self, one, debt):
        """The worker share is settled first; None where nobody knows how much it is."""
        period = debt[1]
        if None in one["worker"].get(period, []):
            return None
        share = sum(one["worker"].get(period, [])) + one["set"].get(period, {"worker": 0})["worker"]
        share += sum(amount for line, (_, amount) in one["periodic"].get(period, {}).items() if line[2] == "worker")
        owed = one["years"].get(period, {}).get("owed", {})
        share += sum(amount for line, amount in owed.items() if line[3] == "worker")
        return max(0, share - sum(one["purse"]["paid"].get(debt, {}).values()))


def within(inner, outer):
    """Whether a month, quarter or year lies in another."""
    if inner == outer or len(outer) == 4:
        return inner[:4] == outer[:4]
    return "Q" in outer and "-Q" not in inner and len(inner) == 7 and f"{inner[:4]}-Q{quarter_of(inner)}" == outer
