"""Card and direct debit through a gateway: what is asked of it, what it signs, what each of its messages changes."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tasrih.ledger import Payment
from tasrih.payments.bank.limits import MAX_CENTIMES
from tasrih.payments.bank.line import CURRENCY
from tasrih.payments.reference import Reference

CARD, DIRECT_DEBIT = KINDS = ("card", "direct_debit")
OPEN, PENDING, FAILED, EXPIRED, PAID, RETURNED = "open", "pending", "failed", "expired", "paid", "returned"
ALGIERS = ZoneInfo("Africa/Algiers")
MAX_BODY_BYTES = 16 * 1024
"""Of a callback."""
WINDOW_SECONDS = 300
"""How far the moment that a gateway signed may lie from ours, before or after."""
MAX_URL = 2000
_SIGNED = re.compile(r"t=([0-9]{1,12}),v1=[0-9a-f]{64}", re.ASCII)
"""And nothing else: a second moment before it would be read by one and not by the other."""

_RANK = {OPEN: 0, PENDING: 1, FAILED: 2, EXPIRED: 2, PAID: 3, RETURNED: 4}
"""Messages come late and in any order: a higher state stands, for money that came is not undone by an older word of
failure, and a debit that was returned is not paid again."""
POST, TAKE_BACK, NOTHING, WAIT = "post", "take_back", "nothing", "wait"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the payer is sent, and the gateway's name of what he begins there."""

    url: str
    transaction: str


class Gateway(Protocol):
    """What is asked of a gateway. Both raise `GatewayDown` when it does not answer."""

    def begin(self, attempt: Attempt, back_to: str) -> Redirect:
        """Asked again for the same attempt, the same redirect."""
        ...

    def state(self, transaction: str) -> Callback:
        """What the gateway knows now: for callbacks that were lost."""
        ...


class BadRedirect(Exception):
    """The gateway's answer would send the payer somewhere else."""


def checked(redirect: Redirect, host: str) -> Redirect:
    """The redirect itself, when it leads by HTTPS to that host and nowhere else. Raises BadRedirect."""
    url = redirect.url
    try:
        parts = urlsplit(url)
        leads = (parts.scheme, parts.netloc) in (("https", host), ("https", f"{host}:443"))
    except ValueError as trouble:
        raise BadRedirect from trouble
    if not leads or not url.isascii() or not url.isprintable() or set(url) & {" ", "\\"} or len(url) > MAX_URL:
        raise BadRedirect
    return redirect


class GatewayDown(Exception):
    """The gateway does not answer: asked again later."""


class BadSignature(Exception):
    """Nobody who knows a key of ours wrote this: not read any further."""


class NotUnderstood(Exception):
    """Signed, and yet no message of the agreed form. The text names the field, never its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One payment that a payer began."""

    identity: str
    """Ours: the payment's identity in the ledger."""
    kind: str
    """`CARD` or `DIRECT_DEBIT`."""
    reference: Reference
    amount_centimes: int
    transaction: str = ""
    """The gateway's, once it is known."""
    state: str = OPEN
    paid_on: date | None = None
    """The gateway's value date."""
    events: tuple[str, ...] = ()
    """Callbacks that were taken into account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One message of the gateway, verified."""

    event: str
    transaction: str
    attempt: str
    """Our identity of the attempt, which the gateway gives back."""
    state: str
    amount_centimes: int
    currency: str
    on: date
    """The day in Algiers when it happened there: of a payment, its value date."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a callback changes."""

    attempt: Attempt | None
    """None where the callback is about one that we never began."""
    effect: str
    """`POST` the payment to the ledger, `TAKE_BACK` its entry, `WAIT` for a person to look, or `NOTHING`."""
    why: str
    """A key of `messages/payments.toml`."""


def signature(key: bytes, moment: str, body: bytes) -> str:
    """What the gateway puts beside its callback: "t=…,v1=…". `moment` is when it signed, in seconds since 1970."""
    return f"t={moment},v1={hmac.digest(key, moment.encode() + b'.' + body, 'sha256').hex()}"


def verified(body: bytes, signed: str, keys: Sequence[bytes]) -> Callback:
    """The callback, when one of our keys signed it: the old one is valid while a new one is brought in. An old moment
    is no forgery: see `is_fresh`. Raises BadSignature, NotUnderstood."""
    moment = _SIGNED.fullmatch(signed)
    if len(body) > MAX_BODY_BYTES or not moment:
        raise BadSignature
    right = [signature(key, moment[1], body) for key in keys]
    if not any([hmac.compare_digest(signed, each) for each in right]):
        raise BadSignature
    return _read(body)


def is_fresh(signed: str, now: datetime) -> bool:
    """Whether what is `verified` was signed within `WINDOW_SECONDS` of `now`. What is older, or ahead of our clock, is
    a replay or just late: it is neither believed nor refused, the gateway is asked (`Gateway.state`) and its answer
    counts instead."""
    moment = _SIGNED.fullmatch(signed)
    return moment is not None and abs(now.timestamp() - int(moment[1])) <= WINDOW_SECONDS


def _read(body: bytes) -> Callback:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as trouble:
        raise NotUnderstood("body") from trouble
    if not isinstance(told, dict):
        raise NotUnderstood("body")
    texts = {name: _text(told, name) for name in ("event", "transaction", "attempt", "state", "currency", "at")}
    amount = told.get("amount_centimes")
    if type(amount) is not int or not 0 < amount <= MAX_CENTIMES:
        raise NotUnderstood("amount_centimes")
    if texts["state"] not in _RANK:
        raise NotUnderstood("state")
    try:
        at = datetime.fromisoformat(texts.pop("at"))
        on = (at.astimezone(ALGIERS) if at.tzinfo else at).date()
    except (ValueError, OverflowError) as trouble:
        raise NotUnderstood("at") from trouble
    return Callback(amount_centimes=amount, on=on, **texts)


def _text(told: Mapping[str, Any], name: str) -> str:
    text = told.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= 100 or not text.isprintable():
        raise NotUnderstood(name)
    return text


def advanced(attempt: Attempt | None, callback: Callback) -> Step:
    """What the callback changes about the attempt that it names. One about an attempt that we never began posts
    nothing: a person looks.

    The same callback again, or one that is overtaken, changes nothing. One that tells another amount, currency or
    transaction than was begun posts nothing: a person looks.
    """
    if not attempt or callback.attempt != attempt.identity:
        return Step(None, WAIT, "gateway_foreign")
    if callback.event in attempt.events:
        return Step(attempt, NOTHING, "gateway_again")
    known = replace(attempt, events=(*attempt.events, callback.event))
    if attempt.transaction and callback.transaction != attempt.transaction:
        return Step(known, WAIT, "gateway_other_transaction")
    if (callback.amount_centimes, callback.currency) != (attempt.amount_centimes, CURRENCY):
        return Step(known, WAIT, "gateway_other_amount")
    if _RANK[callback.state] <= _RANK[attempt.state]:
        return Step(known, NOTHING, "gateway_overtaken")
    return _moved(replace(known, transaction=callback.transaction, state=callback.state), attempt.state, callback)


def _moved(attempt: Attempt, before: str, callback: Callback) -> Step:
    if callback.state == PAID:
        return Step(replace(attempt, paid_on=callback.on), POST, "gateway_paid")
    if callback.state == RETURNED:
        return Step(attempt, TAKE_BACK if before == PAID else NOTHING, "gateway_returned")
    return Step(attempt, NOTHING, f"gateway_{callback.state}")


def payment_of(attempt: Attempt) -> Payment:
    """For the ledger, of an attempt that was paid. Raises ValueError for any other."""
    if attempt.state != PAID or attempt.paid_on is None:
        raise ValueError(attempt.state)
    return Payment(
        identity=attempt.identity,
        means="gateway",
        amount_centimes=attempt.amount_centimes,
        value_date=attempt.paid_on,
        period=str(attempt.reference.period or ""),
        source=attempt.transaction,
    )
