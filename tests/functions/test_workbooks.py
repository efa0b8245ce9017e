"""A workbook on its whole way through the function: the child is started as AWS would have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.declaration.made_workbooks import book, packed, parts, sheet
from tests.functions.test_handlers import failed, messages, s3_event
from tests.story.world import Pair, World

NAME = "D19E1699999901.xlsx"


class Single(Pair):
    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        return (self.header,)


@pytest.mark.parametrize(
    ("content", "total", "state"),
    [
        (book({"NSS": "800000000001"}), 36_000_000, "in_force"),
        (packed(parts(sheet("<row><!--"))), 0, "refused"),
    ],
)
def test_a_workbook_leads_to_a_verdict(
    deployed: Callable[[str], Any], world: World, content: bytes, total: int, state: str
) -> None:
    what = Single((NAME, content), ("", b""), total)
    upload = world.send(world.open(what), what, places=(0,))
    handler = deployed("receive_declaration")
    assert failed(handler(messages(s3_event(f"uploads/{upload}/0")), None)) == []
    assert world.outcome(upload).state == state
