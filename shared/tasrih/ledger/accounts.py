"""Names of accounts, and in which order debts are settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tasrih.law import LawBook
from tasrih.vocabulary.period import Period

RECEIVABLE = "receivable"
"""`receivable:{period}`: contributions owed."""
SURCHARGE = "surcharge"
"""`surcharge:{period}:{name}`."""
REPAYABLE = "repayable"
"""`repayable:{lot}`: money of that lot was refunded, and then the payment bounced."""
_DEBTS = tuple(f"{kind}:" for kind in (REPAYABLE, RECEIVABLE, SURCHARGE))

CONTRIBUTION = "contribution"
"""`contribution:{code}:{branch}:{share}:{period}`: what the fund earned, the other side of `receivable`."""
PENALTY = "penalty"
"""`penalty:{period}:{name}`: the other side of `surcharge`."""
CREDIT = "credit"
"""Money of the employer that settles nothing yet, by lot."""
WAIVED, WRITTEN_OFF = "waived", "written_off"
REFUND = "refund"
"""What went back to the employer."""
OPENING = "opening"
"""`opening:{share}:{period}`: the other side of imported contributions, `untold` where their division over shares is;
`opening` of surcharges and credit."""
WORKER, UNTOLD = "worker", "untold"
CLEARING = "clearing"
"""`clearing:{upload}`: declared by that annual declaration and not compared with the periodic ones yet."""
TRANSFER = "transfer"
"""`transfer:{decision}`: money on its way from one employer's ledger to another's."""
BANK, CASH, CHEQUE, GATEWAY = MEANS = ("bank", "cash", "cheque", "gateway")

OLDEST_FIRST, NEWEST_FIRST = "oldest_period_first", "newest_first"
CONTRIBUTIONS_FIRST, SURCHARGES_FIRST = "contributions_first", "surcharges_first"
CREDIT_KEPT, REFUND_PROPOSED = "credit_kept", "refund_proposed"
PROPOSED, CREDITED = "proposed", "credited"
WORKER_FIRST, IN_PROPORTION = "worker_share_first", "in_proportion"


@dataclass(frozen=True, slots=True)
class Rules:
    """The choices of the law data that this room needs, by their names there."""

    allocation_order: str = OLDEST_FIRST
    allocation_within: str = CONTRIBUTIONS_FIRST
    """Within one period."""
    excess: str = CREDIT_KEPT
    over_declared: str = PROPOSED
    worker_share: str = WORKER_FIRST
    """How what was paid of a period's contributions counts for the worker share."""
    aside: frozenset[str] = frozenset()
    """Debts that no money settles: the surcharges that a plan waives after its last instalment, while it is kept."""


def rules(book: LawBook) -> Rules:
    """As the law data have it. On the worker share they are silent."""
    return Rules(
        allocation_order=book.choice("allocation_order").value,
        allocation_within=book.choice("allocation_within").value,
        excess=book.choice("excess").value,
        over_declared=book.choice("over_declared").value,
    )


def receivable(period: str) -> str:
    return f"{RECEIVABLE}:{period}"


def surcharge(period: str, name: str) -> str:
    return f"{SURCHARGE}:{period}:{name}"


def kind_of(account: str) -> str:
    return account.partition(":")[0]


def is_debt(account: str) -> bool:
    return account.startswith(_DEBTS)


def period_of(account: str) -> str:
    """Of a debt, "" where it belongs to no period."""
    kind, _, rest = account.partition(":")
    return rest.partition(":")[0] if kind in (RECEIVABLE, SURCHARGE) else ""


def home_of(lot: str) -> str:
    """Where a lot lies while it settles nothing."""
    return {"waiver": WAIVED, "write_off": WRITTEN_OFF}.get(lot.partition(":")[0], CREDIT)


def settled_in(rules: Rules) -> Callable[[str], tuple[int, int, int, int, str]]:
    """The sort key of debts: what was refunded of a bounced payment first, then period by period. Of periods that end
    together, the shortest counts as the oldest."""
    sign = -1 if rules.allocation_order == NEWEST_FIRST else 1
    first = SURCHARGE if rules.allocation_within == SURCHARGES_FIRST else RECEIVABLE

    def key(account: str) -> tuple[int, int, int, int, str]:
        kind = kind_of(account)
        if kind == REPAYABLE:
            return (0, 0, 0, 0, account)
        ends, begins = _stretch(period_of(account))
        return (1, sign * ends, -sign * begins, int(kind != first), account)

    return key


@lru_cache(maxsize=4096)
def _stretch(written: str) -> tuple[int, int]:
    """The last day of a period and its first, counted."""
    period = Period.parse(written)
    return period.last_day.toordinal(), period.first_day.toordinal()
