"""Webhooks over HTTP: addresses of programs that are told of events, tried out, seen to fail, removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.callers import World, caller
from tasrih.register.webhooks import Delivery, Webhook
from tasrih.story import webhooks as story

WebhookId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Event = Literal["verdict.reached", "receipt.ready", "filing.withdrawn", "archive.finished"]


class AskedWebhook(Model):
    """An address to be told of events by a signed POST (Standard Webhooks): {"type", "timestamp", "data": {"upload",
    "state"}}. What happened in detail is asked of this service."""

    url: str = Field(max_length=500, examples=["https://paie.example/tasrih"], description="https, public")
    events: list[Event] = Field(min_length=1, max_length=4)


class DeliveryView(Model):
    """An event that an address has not taken yet, or never will."""

    upload: str
    event: str
    owed_since: datetime
    attempts: int
    status: int = Field(description="Of the last answer; 0: there was none")
    next_try: datetime | None
    failed: str = Field(description="Why it is given up; empty while it is tried again")


class WebhookView(Model):
    webhook: str
    url: str
    events: list[str]
    created_at: datetime
    created_by: str
    failing_since: datetime | None
    paused_at: datetime | None = Field(description="It failed for days: a test that gets through ends the pause")
    not_delivered: list[DeliveryView] = Field(description="Newest first")


class CreatedWebhook(WebhookView):
    secret: str = Field(description="whsec_ and base64. Shown this once; verify each call with it")


class WebhookList(Model):
    webhooks: list[WebhookView]


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The routes."""

    @app.post("/webhooks", summary="Have an address told of events", tags=["webhooks"], status_code=201)
    def webhook_created(asked: Annotated[AskedWebhook, Body()]) -> CreatedWebhook:
        here = world()
        account, now, wish = caller(app, here.book), here.clock.now(), story.Wish(asked.url, asked.events)
        hook = story.register(
            wish, account, now, book=here.book, chance=here.chance, plain_loopback=here.plain_loopback
        )
        return CreatedWebhook(**_fields(hook, []), secret=hook.secret)

    @app.get("/webhooks", summary="The addresses that are told, and what they did not take", tags=["webhooks"])
    def webhooks() -> WebhookList:
        here = world()
        hooks = story.of_entity(caller(app, here.book), here.book).hooks
        shown = [WebhookView(**_fields(hook, story.not_delivered(hook, here.book))) for hook in hooks]
        return WebhookList(webhooks=shown)

    @app.delete("/webhooks/<webhook>", summary="Tell this address nothing more", tags=["webhooks"])
    def webhook_removed(webhook: WebhookId) -> WebhookView:
        here = world()
        return WebhookView(**_fields(story.remove(webhook, caller(app, here.book), book=here.book), []))

    @app.post("/webhooks/<webhook>/test", summary="Send a test event to this address", tags=["webhooks"])
    def webhook_tried(webhook: WebhookId) -> WebhookView:
        here = world()
        account, now = caller(app, here.book), here.clock.now()
        hook = story.try_out(webhook, account, now, book=here.book, chance=here.chance)
        return WebhookView(**_fields(hook, []))


def _fields(hook: Webhook, failing: list[Delivery]) -> dict[str, Any]:
    return {
        "webhook": hook.webhook,
        "url": hook.url,
        "events": list(hook.events),
        "created_at": hook.created_at,
        "created_by": hook.created_by,
        "failing_since": hook.failing_since,
        "paused_at": hook.paused_at,
        "not_delivered": [_delivery(each) for each in failing],
    }


def _delivery(each: Delivery) -> DeliveryView:
    return DeliveryView(
        upload=each.upload,
        event=each.event,
        owed_since=each.owed_since,
        attempts=each.attempts,
        status=each.status,
        next_try=each.next_try if each.waiting else None,
        failed=each.failed,
    )
