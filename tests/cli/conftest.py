from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.story.world import Pair, pair


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., list[str]]:
    """Writes a pair; returns its two paths."""

    def write(what: Pair | None = None, folder: Path = tmp_path) -> list[str]:
        folder.mkdir(exist_ok=True)
        paths = []
        for name, body in (what or pair()).files:
            (folder / name).write_bytes(body)
            paths.append(str(folder / name))
        return paths

    return write


Write = Callable[..., Sequence[str]]
