"""What an import would change, before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from tasrih.register.file import Party
from tasrih.vocabulary.record import Key


@dataclass(frozen=True, slots=True)
class Changed:
    before: Party
    after: Party
    """As the file has it, with the revision of `before`: ready to replace it."""
    fields: tuple[str, ...]
    """Names of the fields that differ."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Each record of the file and of the register stands in exactly one of the four."""

    created: tuple[Party, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[Party, ...]
    absent: tuple[Party, ...]
    """In the register, not in the file: told, never removed."""


def changes(old: Iterable[Party], new: Iterable[Party]) -> Changes:
    """Compares by key; revisions are no difference. `old` is what the register holds, `new` what the file has."""
    before: dict[Key, Party] = {party.key: party for party in old}
    after: dict[Key, Party] = {party.key: party for party in new}
    pairs = [(before[key], party) for key, party in after.items() if key in before]
    compared = [(one, replace(other, revision=one.revision)) for one, other in pairs]
    return Changes(
        created=tuple(party for key, party in after.items() if key not in before),
        changed=tuple(Changed(one, other, _differing(one, other)) for one, other in compared if one != other),
        unchanged=tuple(one for one, other in compared if one == other),
        absent=tuple(party for key, party in before.items() if key not in after),
    )


def _differing(one: Party, other: Party) -> tuple[str, ...]:
    return tuple(item.name for item in fields(one) if getattr(one, item.name) != getattr(other, item.name))
