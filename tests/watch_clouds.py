"""Reads the logs of every local cloud that any test starts, before they are gone: a person or a secret in one fails the
test that ends the cloud, and `WatchedCloud` asks for more."""

from __future__ import annotations

from collections.abc import Callable

from tasrih.local.cloud import LocalCloud


def install(troubles: Callable[[LocalCloud], list[str]]) -> None:
    """`troubles`: what should stand in no log of this cloud."""
    for name in ("stop", "reset"):
        setattr(LocalCloud, name, _reading(getattr(LocalCloud, name), troubles))


def _reading(plain: Callable[[LocalCloud], None], troubles: Callable[[LocalCloud], list[str]]) -> Callable[..., None]:
    def ends(cloud: LocalCloud) -> None:
        found: list[str] = []
        try:
            found = troubles(cloud)
        finally:
            plain(cloud)
        assert not found, "\n".join(found)

    return ends
