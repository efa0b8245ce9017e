"""What a base makes due, from a table typed by hand (in hundredths of a per cent), and a year against its parts."""

TABLE = {
    "R22": (
        ("social_insurance", "employer", 1150),
        ("social_insurance", "worker", 150),
        ("work_accidents", "employer", 125),
        ("retirement", "employer", 1100),
        ("retirement", "worker", 675),
        ("retirement", "social_works", 50),
        ("unemployment", "employer", 100),
        ("unemployment", "worker", 50),
        ("early_retirement", "employer", 25),
        ("early_retirement", "worker", 25),
    ),
    "R98": (("social_housing", "employer", 50),),
}
"""From 1 January 2024. Of other codes nothing is computed: they are held."""


def amount_of(base, hundredths):
    """Half a centime goes up."""
    return (base * hundredths * 2 + 10_000) // 20_000


def dues_of(bases):
    """{code: base} -> {(code, branch, share): [base, amount]}; a base of nothing makes no line."""
    return {
        (code, branch, share): [base, amount_of(base, rate)]
        for code, base in bases.items()
        if base
        for branch, share, rate in TABLE.get(code, ())
    }


def quarter_of(period):
    """ "2025-05" -> 2."""
    part = period.split("-")[1]
    return int(part[1]) if part[0] == "Q" else (int(part) + 2) // 3


def annual_lines(quarters):
    """[{code: base}, …four] -> {(quarter, code, branch, share): [base, amount]}."""
    return {(at + 1, *line): money for at, bases in enumerate(quarters) for line, money in dues_of(bases).items()}


def periodic_lines(filings):
    """All months or quarters of a year together: {period: {(code, branch, share): [base, amount]}}."""
    added = {}
    for period, lines in filings.items():
        for line, (base, amount) in lines.items():
            place = added.setdefault((quarter_of(period), *line), [0, 0])
            place[0] += base
            place[1] += amount
    return added


def against(annual, held, periodic):
    """Line by line: what is still owed for the year, what was declared too much, what both say.

    `held`: pairs (quarter, code) of which more may be declared than was computed; code "—" is any of that quarter.
    """
    owed, over, both = {}, {}, {}
    for line in sorted(annual.keys() | periodic.keys()):
        base, amount = annual.get(line, [0, 0])
        base_before, amount_before = periodic.get(line, [0, 0])
        undecided = (line[0], line[1]) in held or (line[0], "—") in held
        if base > base_before and amount > amount_before:
            owed[line] = amount - amount_before
        if base < base_before and amount < amount_before and not undecided:
            over[line] = amount_before - amount
        if amount > owed.get(line, 0):
            both[line] = (amount - owed.get(line, 0), min(base, base_before))
    return owed, over, both
