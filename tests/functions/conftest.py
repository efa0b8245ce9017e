"""The handlers as AWS calls them, over the ports in memory."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from tasrih.adapters import telemetry, wire
from tasrih.adapters.memory import MemoryPost, MemoryQueue, MemoryReceipts, MemorySigner
from tasrih.adapters.memory_machines import MemorySignIns
from tasrih.settings import FUNCTIONS, Settings

from tests.story.answers import Answers
from tests.story.world import World, settled_world

PLAIN = {
    "mail_from": "tasrih@caisse.example",
    "verify_url": "https://caisse.example/v",
    "retention": '{"lines": 30, "never_counted": 0}',
}
"""Settings that name no resource."""


@pytest.fixture
def world() -> World:
    return settled_world()


@pytest.fixture
def post() -> MemoryPost:
    return MemoryPost()


@pytest.fixture
def deployed(world: World, post: MemoryPost, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A function's handler by its folder's name, with its settings in the environment and memory behind its ports."""
    queues: dict[str, MemoryQueue] = {
        "uploads_queue": world.uploads,
        "letters_queue": world.letters,
        "deliveries_queue": world.deliveries,
    }
    ports = {
        "book": lambda *_: world.book,
        "inbox": lambda *_: world.inbox,
        "lines": lambda *_: world.lines,
        "receipts": lambda *_: receipts,
        "signer": lambda *_: signer,
        "post": lambda: post,
        "sign_ins": lambda _: MemorySignIns(),
        "calls": Answers,
        "queue": lambda name: queues[name],
    }
    receipts, signer = MemoryReceipts(), MemorySigner("graine")
    for name, port in ports.items():
        monkeypatch.setattr(wire, name, port)
    monkeypatch.setenv("AWS_REGION", "eu-south-1")

    def handler(name: str) -> Any:
        settings: type[Settings] = FUNCTIONS[name]
        for field in settings.model_fields:
            value = PLAIN.get(field, field)
            monkeypatch.setenv(settings.variable(field), value)
        module = import_module(f"functions.{name}.handler")
        if hasattr(module, "system_clock"):
            monkeypatch.setattr(module, "system_clock", lambda: world.clock)
        telemetry.telemetry.cache_clear()
        telemetry.telemetry(name)
        for written in logging.getLogger(name).handlers:
            if isinstance(written, logging.StreamHandler):
                written.stream = sys.stdout  # a logger lives longer than one test's capture
        return module.handler

    return handler
