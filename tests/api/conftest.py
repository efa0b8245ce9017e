from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.story.world import World, settled_world


@pytest.fixture
def world() -> World:
    return settled_world()


@pytest.fixture
def api(world: World) -> Caller:
    return Caller(world)
