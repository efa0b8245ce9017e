"""The mail that tells an entity, once for each pause, that one of its addresses is called no more."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from tasrih.correspondence.webhook_paused import Paused, paused_letter
from tasrih.register.parties import Entity
from tasrih.register.webhooks import Webhook, Webhooks
from tasrih.story.desk import NOTHING_OWED, SENT, UNDELIVERABLE, Desk
from tasrih.story.ports import Book
from tasrih.story.records import WEBHOOK_PAUSED, Letter


def tell_pause(name: str, now: datetime, desk: Desk) -> str:
    """`name`: of the call that failed last. Returns "sent", "undeliverable" or "nothing_owed". Raises Busy.

    Where the pause is over by then, or the address removed, there is nothing left to ask for: no mail goes out.
    """
    owed = desk.book.get(Letter, f"UPLOAD#{name}", f"LETTER#{WEBHOOK_PAUSED}")
    if owed is None or owed.waiting is None:
        return NOTHING_OWED
    hook = _still_paused(owed, desk.book)
    reason = _mail(owed, hook, desk) if hook else ""
    desk.note(owed, reason, now)
    return UNDELIVERABLE if reason else SENT


def _still_paused(owed: Letter, book: Book) -> Webhook | None:
    """By this very pause: a later one has a letter of its own."""
    entity, _, webhook = owed.paused.rpartition("/")
    of_entity = book.get(Webhooks, f"ENTITY#{entity}", "WEBHOOKS")
    hook = of_entity.named(webhook) if of_entity else None
    return hook if hook and hook.paused_at == owed.owed_since else None


def _mail(owed: Letter, hook: Webhook, desk: Desk) -> str:
    entity = desk.book.get(Entity, f"ENTITY#{owed.paused.rpartition('/')[0]}", "ENTITY")
    assert entity
    told = Paused(
        name=owed.upload,
        sender=desk.mail_from,
        to=entity.contact_email,
        paused_at=owed.owed_since,
        failing_since=hook.failing_since or owed.owed_since,
        entity_name=(entity.name_ar if owed.language == "ar" else "") or entity.name,
        host=urlsplit(hook.url).netloc,
        webhook=hook.webhook,
        link=desk.at("/webhooks"),
    )
    return desk.mail(told.to, lambda: paused_letter(owed.language, told))
