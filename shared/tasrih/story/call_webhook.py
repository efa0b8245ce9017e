"""One event owed to one address: signed, sent, tried again for days. Standard Webhooks, symmetric signature v1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from tasrih.register.parties import Entity
from tasrih.register.webhooks import TRIAL, Delivery, Webhook, Webhooks
from tasrih.story.ports import Book, Calls, Change, Changed, Create, Replace
from tasrih.story.records import WEBHOOK_PAUSED, Letter
from tasrih.vocabulary.record import stored

DELAYS = tuple(timedelta(minutes=each) for each in (5, 15, 60, 240, 720, 1440, 1440))
"""After each failure; together two days and seventeen hours. The failure after the last one is the end."""
TRIES = 5
NOTHING_OWED, NOT_YET, SENT, FAILED, GIVEN_UP = "nothing_owed", "not_yet", "sent", "failed", "given_up"


def deliver(upload: str, sort: str, now: datetime, *, book: Book, calls: Calls) -> str:
    """Returns what became of it. It is claimed before the call: who dies in it leaves it to the sweep, which sends it
    again with the same id. Raises Busy, Changed (the call was made; it will be made again)."""
    owed = book.get(Delivery, f"UPLOAD#{upload}", sort)
    if owed is None or owed.waiting is None:
        return NOTHING_OWED
    if owed.attempts and now < owed.next_try:
        return NOT_YET
    hook = _hook(owed, book)
    if hook is None or (hook.paused_at and owed.event != TRIAL):
        return _noted(replace(owed, failed="removed" if hook is None else "paused"), GIVEN_UP, book)
    delay = DELAYS[min(owed.attempts, len(DELAYS) - 1)]
    claimed = replace(owed, attempts=owed.attempts + 1, next_try=now + delay)
    try:
        book.commit(Replace(claimed))
    except Changed:
        return NOT_YET
    body = content(owed)
    status = calls.call(hook.url, headers(owed, body, hook.secret, now), body)
    return _judged(replace(stored(claimed), status=status), now, book)


def content(owed: Delivery) -> bytes:
    """Which upload, what happened, and the state it is in. Nobody's name, number or wage: those are fetched."""
    told = {"upload": owed.upload, "state": owed.state}
    said = {"type": owed.event, "timestamp": owed.owed_since.isoformat(), "data": told}
    return json.dumps(said, separators=(",", ":")).encode()


def headers(owed: Delivery, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The id is the same on every attempt; the moment, and with it the signature, is the attempt's own."""
    name = f"msg_{name_of(owed)}"
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{name}.{moment}.".encode() + body, "sha256")
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        "content-type": "application/json",
        "user-agent": "Tasrih-Webhooks",
    }


def name_of(owed: Delivery) -> str:
    """32 hexadecimal digits."""
    return hashlib.blake2b("/".join(owed.key).encode(), digest_size=16).hexdigest()


def _hook(owed: Delivery, book: Book) -> Webhook | None:
    of_entity = book.get(Webhooks, f"ENTITY#{owed.entity}", "WEBHOOKS")
    return of_entity.named(owed.webhook) if of_entity else None


def _judged(tried: Delivery, now: datetime, book: Book) -> str:
    if 200 <= tried.status < 300:
        return _noted(replace(tried, sent_at=now), SENT, book, _well)
    if tried.status == 410:
        return _noted(replace(tried, failed="gone"), GIVEN_UP, book, lambda _: None)
    if tried.event == TRIAL:
        return _noted(replace(tried, failed="not_answered"), GIVEN_UP, book)
    if tried.attempts > len(DELAYS):
        return _noted(replace(tried, failed="not_answered"), GIVEN_UP, book, partial(_paused, now=now))
    return _noted(tried, FAILED, book, lambda hook: replace(hook, failing_since=hook.failing_since or now))


def _well(hook: Webhook) -> Webhook:
    return replace(hook, failing_since=None, paused_at=None)


def _paused(hook: Webhook, now: datetime) -> Webhook:
    return replace(hook, paused_at=hook.paused_at or now)


def _noted(
    delivery: Delivery, state: str, book: Book, health: Callable[[Webhook], Webhook | None] | None = None
) -> str:
    """The delivery, and in the same transaction what it says of its address (None: that it is no more), and the letter
    that a pause owes."""
    for _ in range(TRIES):
        changes: list[Change] = [Replace(delivery), *(_health(delivery, health, book) if health else ())]
        try:
            book.commit(*changes)
        except Changed:
            continue
        return state
    raise Changed


def _health(delivery: Delivery, health: Callable[[Webhook], Webhook | None], book: Book) -> list[Change]:
    before = book.get(Webhooks, f"ENTITY#{delivery.entity}", "WEBHOOKS")
    if before is None:
        return []
    judged = ((health(hook) if hook.webhook == delivery.webhook else hook) for hook in before.hooks)
    hooks = tuple(hook for hook in judged if hook)
    if hooks == before.hooks:
        return []
    return [Replace(replace(before, hooks=hooks)), *_letters(delivery, before, hooks, book)]


def _letters(delivery: Delivery, before: Webhooks, hooks: tuple[Webhook, ...], book: Book) -> Iterator[Change]:
    """One for an address that is paused by this: by one delivery, which fails for good once."""
    for hook in hooks:
        known = before.named(hook.webhook)
        if hook.paused_at and known and not known.paused_at:
            entity = book.get(Entity, f"ENTITY#{before.entity}", "ENTITY")
            assert entity  # nobody is ever taken out of the register
            yield Create(
                Letter(
                    upload=name_of(delivery),
                    about=WEBHOOK_PAUSED,
                    language=entity.language,
                    owed_since=hook.paused_at,
                    paused=f"{before.entity}/{hook.webhook}",
                )
            )
