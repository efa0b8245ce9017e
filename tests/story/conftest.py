from __future__ import annotations

import pytest

from tests.story.world import World, settled_world


@pytest.fixture
def world() -> World:
    return settled_world()
