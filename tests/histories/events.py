"""Random histories of two employers: what happens to them, as plain dicts. A seed gives the same history always.

The model is asked what is open, so that most of what is tried can be done; some of it cannot, on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.model.fund import Fund

Event = dict[str, Any]

EMPLOYERS = ("1699999901", "1699999902")
LEAST = 30
BASES = (0, 1, 333_333, 2_400_000, 7_654_321, 14_400_000, 14_400_050, 99_999_999, 1_000_000_007)
MEANS = ("bank", "cash", "cheque", "gateway")
MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))
QUARTERS = tuple(f"2025-Q{quarter}" for quarter in range(1, 5))
LINE = {"R22": ("R22", "retirement", "worker"), "R98": ("R98", "social_housing", "employer")}
"""A line whose base is that of its code."""
RULES = {
    "order": ("oldest_period_first", "newest_first"),
    "within": ("contributions_first", "surcharges_first"),
    "over_declared": ("proposed", "credited"),
}


def parts(debt: str) -> list[str]:
    """As the model names it; the name of a lot has a colon of its own."""
    return debt.split(":", 1 if debt.startswith("repayable:") else -1)


class Making:
    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.rules = {name: random.choice(values) for name, values in RULES.items()}
        self.periods = {employer: random.choice((MONTHS, QUARTERS)) for employer in EMPLOYERS}
        self.codes = random.choice((("R22", "R98"), ("R98",), ("R98",)))
        self.without_clearing = self.rules["over_declared"] == "proposed" and random.random() < 0.2
        """Its annual declarations were posted before there were clearing accounts."""
        self.fund = Fund(self.rules)
        self.events: list[Event] = []
        self.done: list[Event] = []
        self._day = date(2025, 4, 1)
        self._plan: list[Event] = []

    def play(self) -> Iterator[tuple[Event, str]]:
        """At least 30 events, each with what became of it in the model's account, which stands as it is after it."""
        length = LEAST + self.random.randrange(6)
        while len(self.events) < length:
            self._day += timedelta(self.random.choice((0, 1, 5, 17)))
            event = self._next()
            if event:
                outcome = self.fund.apply(event)
                self.events.append(event)
                self.done += [event] if outcome == "done" else []
                yield event, outcome

    def _next(self) -> Event | None:
        if self._plan and self.random.random() < 0.6:
            return self._plan.pop(0)
        makers: tuple[tuple[int, Callable[[str], Event | None]], ...] = (
            (26, self._dac),
            (9, self._das),
            (6, self._withdraw),
            (22, self._pay),
            (8, self._bounce),
            (8, self._surcharge),
            (2, self._drop_surcharge),
            (9, self._waive),
            (6, self._unwaive),
            (2, self._write_off),
            (4, self._refund),
            (4, self._move),
            (4, self._transfer),
            (2, self._opening),
            (2, self._provisional),
            (5, self._credit_over),
            (4, self._start_plan),
            (6, self._again),
        )
        (maker,) = self.random.choices([each for _, each in makers], [weight for weight, _ in makers])
        return maker(self.random.choice((EMPLOYERS[0], EMPLOYERS[0], EMPLOYERS[1])))

    def _event(self, do: str, employer: str, **more: Any) -> Event:
        """Now and then something counts from a day that is past already."""
        late = self.random.choice((0, 0, 0, 2, 11))
        day = (self._day - timedelta(late)).isoformat()
        number = f"{do[0]}{len(self.events):03d}{self.random.getrandbits(16):04x}"
        return {"do": do, "id": number, "employer": employer, "day": day, **more}

    def _past(self, employer: str, *kinds: str) -> Event | None:
        found = [event for event in self.events if event["employer"] == employer and event["do"] in kinds]
        return self.random.choice(found) if found else None

    def _dac(self, employer: str) -> Event:
        base = self.random.choice(BASES[:7])
        bases = {code: self.random.choice((base, base, base, 2_400_000)) for code in self.codes}
        if self.random.random() < 0.1:
            bases["R06"] = 555_555
        return self._event("file", employer, period=self.random.choice(self.periods[employer]), bases=bases)

    def _das(self, employer: str) -> Event:
        """The year as it was declared, or otherwise; bases with a reduced code, or with none, are held."""
        quarters, held = [], []
        kind = self.random.choice(("as declared", "as declared", "otherwise", "reduced", "untold"))
        for quarter in range(1, 5):
            bases = self._declared(employer, quarter)
            if kind != "as declared" and self.random.random() < 0.5:
                bases = dict.fromkeys(bases, self.random.choice(BASES))
            if kind in ("reduced", "untold") and self.random.random() < 0.5:
                code = {"reduced": "R06", "untold": "—"}[kind]
                bases[code] = 700_000
                held.append((quarter, code))
            quarters.append(bases)
        style = "owed" if self.without_clearing else "cleared"
        return self._event("file", employer, period="2025", quarters=quarters, held=held, style=style)

    def _declared(self, employer: str, quarter: int) -> dict[str, int]:
        """The bases that the periodic declarations tell of a quarter."""
        periods = {*MONTHS[3 * quarter - 3 : 3 * quarter], QUARTERS[quarter - 1]}
        filed = [lines for period, lines in self.fund.of(employer)["periodic"].items() if period in periods]
        return {code: sum(lines.get(LINE[code], [0])[0] for lines in filed) for code in self.codes}

    def _withdraw(self, employer: str) -> Event | None:
        one = self.fund.of(employer)
        in_force = [*one["periodic"], *one["annual"]]
        if not in_force:
            return None
        period = self.random.choice(in_force)
        filed = [event for event in self.done if (event["employer"], event.get("period")) == (employer, period)]
        last = [event["id"] for event in filed if event["do"] == "file"][-1]
        return self._event("withdraw", employer, period=period, of=last)

    def _pay(self, employer: str) -> Event:
        debts = self.fund.told(employer)["open"]
        exact = [amount for amount in debts.values() if amount > 0]
        amounts = [*exact, sum(exact), sum(exact) // 2 + 1, 1, 1_234_567]
        amount = max(1, self.random.choice(amounts))
        period = self.random.choice(("", "", *self.periods[employer], "2025"))
        return self._event("pay", employer, means=self.random.choice(MEANS), amount=amount, period=period)

    def _bounce(self, employer: str) -> Event | None:
        paid = self._past(employer, "pay")
        return self._event("bounce", employer, of=paid["id"]) if paid else None

    def _surcharge(self, employer: str) -> Event:
        period = self.random.choice((*self.periods[employer], "2025"))
        name = self.random.choice(("late_das", "late_payment", "late_payment_month"))
        return self._event("surcharge", employer, period=period, name=name, amount=self.random.randint(1, 900_000))

    def _drop_surcharge(self, employer: str) -> Event | None:
        posted = self._past(employer, "surcharge")
        dropped = {event["of"] for event in self.events if event["do"] == "drop_surcharge"}
        if not posted or posted["id"] in dropped:
            return None
        same = {name: posted[name] for name in ("period", "name", "amount")}
        return self._event("drop_surcharge", employer, of=posted["id"], **same)

    def _relief(self, do: str, employer: str, kinds: tuple[str, ...]) -> Event | None:
        """Part of what is open, all of it, or now and then more; now and then by one person alone, or for no reason."""
        debts = self.fund.told(employer)["open"]
        fitting = [debt for debt, amount in debts.items() if amount > 0 and debt.startswith(kinds)]
        if not fitting:
            return None
        chosen = self.random.sample(fitting, self.random.randint(1, min(2, len(fitting))))
        factors = ((1, 1), (1, 1), (1, 1), (1, 2), (1, 3), (3, 2))
        shares = {debt: self.random.choice(factors) for debt in chosen}
        amounts = [(parts(debt), max(1, debts[debt] * up // down)) for debt, (up, down) in shares.items()]
        second = self.random.choice((*["officer-2"] * 7, "officer-1"))
        why = self.random.choice((*["Documented request"] * 7, ""))
        return self._event(do, employer, amounts=amounts, officer="officer-1", second=second, why=why)

    def _waive(self, employer: str) -> Event | None:
        return self._relief("waive", employer, ("surcharge:",))

    def _unwaive(self, employer: str) -> Event | None:
        waived = self._past(employer, "waive")
        return self._event("unwaive", employer, of=waived["id"]) if waived and waived["id"] in self.fund.done else None

    def _write_off(self, employer: str) -> Event | None:
        return self._relief("write_off", employer, ("surcharge:", "receivable:"))

    def _refund(self, employer: str) -> Event | None:
        free = sum(self.fund.told(employer)["free"].values())
        if not free and self.random.random() < 0.8:
            return None
        return self._event("refund", employer, amount=self.random.choice((free, free // 2, free + 1)) or 1)

    def _move(self, employer: str) -> Event | None:
        paid, one = self._past(employer, "pay"), self.fund.of(employer)["purse"]
        if not paid:
            return None
        there = {debt: lots.get(f"payment:{paid['id']}", 0) for debt, lots in one["paid"].items()}
        sources = [debt for debt, amount in there.items() if amount]
        targets = [parts(debt) for debt, amount in self.fund.told(employer)["open"].items() if amount > 0]
        if not sources or not targets:
            return None
        source, target = self.random.choice(sources), self.random.choice(targets)
        amount = max(1, there[source] // self.random.choice((1, 2, 50)))
        return self._event("move", employer, of=paid["id"], source=list(source), target=target, amount=amount)

    def _transfer(self, employer: str) -> Event | None:
        paid = self._past(employer, "pay")
        to = EMPLOYERS[1 - EMPLOYERS.index(employer)]
        amount = paid["amount"] // self.random.choice((1, 1, 2, 3)) if paid else 0
        return self._event("transfer", employer, of=paid["id"], to=to, amount=amount) if paid and amount else None

    def _opening(self, employer: str) -> Event:
        share = self.random.choice((None, 40_000))
        brought = [("2023", 150_000, share), self.random.choice((("2024-12", 60_001, 20_000), ("", -77_777, None)))]
        return self._event("opening", employer, brought=brought)

    def _provisional(self, employer: str) -> Event:
        period = self.random.choice(self.periods[employer])
        return self._event("provisional", employer, period=period, amount=3_000_000, worker=800_000)

    def _credit_over(self, employer: str) -> Event | None:
        if self.without_clearing or "2025" not in self.fund.of(employer)["annual"]:
            return None
        return self._event("credit_over", employer, year="2025")

    def _start_plan(self, employer: str) -> Event | None:
        """Three instalments; the surcharges, which no money settles meanwhile, are waived after the last one. Now and
        then it is broken before."""
        debts = {debt: amount for debt, amount in self.fund.told(employer)["open"].items() if amount > 0}
        surcharges = {debt: amount for debt, amount in debts.items() if debt.startswith("surcharge:")}
        rest = sum(debts.values()) - sum(surcharges.values())
        if self._plan or rest < 3 or not surcharges:
            return None
        thirds = (rest // 3, rest // 3, rest - 2 * (rest // 3))
        paid = [self._event("pay", employer, means="bank", amount=part, period="") for part in thirds]
        amounts = [(parts(debt), amount) for debt, amount in surcharges.items()]
        people = {"officer": "officer-1", "second": "officer-2", "why": "The plan was kept"}
        kept = [*paid, self._event("waive", employer, amounts=amounts, **people)]
        begins = self._event("plan", employer, aside=[debt for debt, _ in amounts])
        ends = self._event("plan_ends", employer)
        self._plan = [begins, *(kept if self.random.random() < 0.7 else paid[:1]), ends]
        for number, each in enumerate(self._plan):
            each["id"] += f"-{number}"
        return self._plan.pop(0)

    def _again(self, employer: str) -> Event | None:
        return self.random.choice(self.events) if self.events else None
