"""A person has the programs of their entity told of events: addresses registered, tried, removed; deliveries owed."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tasrih.register.parties import Account
from tasrih.register.webhooks import EVENTS, TRIAL, Delivery, Webhook, Webhooks
from tasrih.story.access import PEOPLE, NotAllowed, NotAsked, NotFound, demand
from tasrih.story.ports import Book, Chance, Change, Create, Replace

MAX_WEBHOOKS = 5
"""Of one entity: each is a record more in the transaction of every verdict."""
URL_CHARACTERS = 500
SHOWN_DELIVERIES = 20
SWEPT_AFTER = timedelta(minutes=10)
"""What the stream has not moved by then is found by the sweep."""


@dataclass(frozen=True, slots=True)
class Wish:
    url: str
    events: Sequence[str]


def register(
    wish: Wish, by: Account, now: datetime, *, book: Book, chance: Chance, plain_loopback: bool = False
) -> Webhook:
    """`plain_loopback`: http:// and this machine will do, in the local cloud. Raises NotAllowed, NotAsked, Changed,
    Busy."""
    before = of_entity(by, book)
    events = tuple(event for event in EVENTS if event in wish.events)
    if not events or set(wish.events) - set(EVENTS):
        raise NotAsked("events", "webhook_events")
    if not _is_usable(wish.url, plain_loopback):
        raise NotAsked("url", "webhook_url")
    if len(before.hooks) >= MAX_WEBHOOKS:
        raise NotAsked("url", "too_many")
    secret = "whsec_" + base64.b64encode(chance.secret()).decode()
    hook = Webhook(
        webhook=chance.token(), url=wish.url, events=events, secret=secret, created_at=now, created_by=by.account
    )
    book.commit(written(before, (*before.hooks, hook)))
    return hook


def of_entity(asker: Account, book: Book) -> Webhooks:
    """Raises NotAllowed."""
    demand(asker, PEOPLE)
    if not asker.entity:
        raise NotAllowed
    return book.get(Webhooks, f"ENTITY#{asker.entity}", "WEBHOOKS") or Webhooks(entity=asker.entity)


def not_delivered(hook: Webhook, book: Book) -> list[Delivery]:
    """Those that failed at least once, newest first."""
    return book.owned(Delivery, hook.webhook, limit=SHOWN_DELIVERIES)


def remove(webhook: str, by: Account, *, book: Book) -> Webhook:
    """Raises NotAllowed, NotFound, Changed, Busy."""
    before = of_entity(by, book)
    hook = _named(webhook, before)
    book.commit(written(before, tuple(each for each in before.hooks if each is not hook)))
    return hook


def try_out(webhook: str, by: Account, now: datetime, *, book: Book, chance: Chance) -> Webhook:
    """Owes it a test event. Raises NotAllowed, NotFound, Busy."""
    hook = _named(webhook, of_entity(by, book))
    book.commit(*calls_owed(chance.token(), TRIAL, "test", (f"{by.entity}/{webhook}",), now))
    return hook


def subscribed(event: str, hooks: Iterable[Webhooks]) -> tuple[str, ...]:
    """ "entity/webhook" of each that wants the event."""
    wanted = ((of, hook) for of in hooks for hook in of.hooks if event in hook.events and not hook.paused_at)
    return tuple(f"{of.entity}/{hook.webhook}" for of, hook in wanted)


def calls_owed(upload: str, event: str, state: str, hooks: Iterable[str], now: datetime) -> list[Change]:
    """To be committed with what happened."""
    named = (hook.rpartition("/") for hook in hooks)
    return [
        Create(
            Delivery(
                upload=upload,
                event=event,
                state=state,
                entity=entity,
                webhook=webhook,
                owed_since=now,
                next_try=now + SWEPT_AFTER,
            )
        )
        for entity, _, webhook in named
    ]


def written(before: Webhooks, hooks: tuple[Webhook, ...]) -> Change:
    after = replace(before, hooks=hooks)
    return Replace(after) if before.revision else Create(after)


def _named(webhook: str, among: Webhooks) -> Webhook:
    found = among.named(webhook)
    if found is None:
        raise NotFound
    return found


def _is_usable(url: str, plain_loopback: bool) -> bool:
    """By its form; where its name leads is looked at on every call."""
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > URL_CHARACTERS:
        return False
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = plain_loopback and parts.scheme == "http"
    return named and "@" not in parts.netloc and not parts.fragment and (plain or parts.scheme == "https")
