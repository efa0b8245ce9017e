"""Records to DynamoDB attribute values and back, by their type hints. No number passes through a float.

int -> N · str, Decimal -> S (DynamoDB trims the zeros of its numbers) · bytes -> B · bool -> BOOL ·
datetime -> S (ISO 8601 with offset) · tuple -> L ·
dict[str, …] and nested dataclass -> M · None -> left out of a record, NULL inside a tuple.
Reading: a field that newer code added is passed over, a field that older code did not have takes its default.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from tasrih.adapters.clock import ALGIERS

T = TypeVar("T")

Attribute = dict[str, Any]
"""One low-level attribute value: {"N": "12"}."""
Attributes = dict[str, Attribute]


class UnreadableItem(Exception):
    """A stored item lacks what its record cannot do without, or holds another type. Names the field, never a value."""


class _Coder(NamedTuple):
    write: Callable[[Any], Attribute]
    read: Callable[[Attribute], Any]


class _Member(NamedTuple):
    name: str
    coder: _Coder
    optional: bool
    required: bool


def write_record(record: object, leave_out: frozenset[str] = frozenset()) -> Attributes:
    """The fields of a dataclass instance as attribute values; fields that are None are left out."""
    found: Attributes = {}
    for name, coder, _, _ in _members(type(record)):
        value = getattr(record, name)
        if value is not None and name not in leave_out:
            found[name] = coder.write(value)
    return found


def read_record(kind: type[T], stored: Attributes, **given: object) -> T:
    """The inverse of `write_record`. Raises UnreadableItem."""
    values = dict(given)
    for name, coder, optional, required in _members(kind):
        if name in values:
            continue
        if name in stored:
            values[name] = _read(kind, name, coder, stored[name])
        elif optional and required:
            values[name] = None
        elif required:
            raise UnreadableItem(f"{kind.__name__}.{name} is missing")
    return kind(**values)


def _read(kind: type, name: str, coder: _Coder, stored: Attribute) -> object:
    try:
        return coder.read(stored)
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError):
        # the cause could carry the value: it is cut off
        raise UnreadableItem(f"{kind.__name__}.{name} holds another type") from None


_KNOWN: dict[type, tuple[_Member, ...]] = {}


def _members(kind: type[Any]) -> tuple[_Member, ...]:
    if kind not in _KNOWN:
        hints = get_type_hints(kind)
        _KNOWN[kind] = tuple(_member(field, hints[field.name]) for field in fields(kind))
    return _KNOWN[kind]


def _member(field: Field[Any], hint: object) -> _Member:
    optional, inner = _without_none(hint)
    required = field.default is MISSING and field.default_factory is MISSING
    return _Member(field.name, _coder(inner), optional, required)


def _without_none(hint: Any) -> tuple[bool, Any]:
    """(whether None is allowed, the rest of the hint). Raises TypeError for any other union."""
    if get_origin(hint) not in (Union, types.UnionType):
        return False, hint
    rest = [part for part in get_args(hint) if part is not type(None)]
    if len(rest) != 1 or len(rest) == len(get_args(hint)):
        raise TypeError(f"no stored form for {hint}")
    return True, rest[0]


def _whole(value: int) -> Attribute:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("an int is wanted")
    return {"N": str(value)}


def _exact(value: Decimal) -> Attribute:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise TypeError("a finite Decimal is wanted")
    return {"S": str(value)}


def _moment(value: datetime) -> Attribute:
    if value.tzinfo is None:
        raise TypeError("an aware datetime is wanted")
    return {"S": value.isoformat()}


def _read_moment(stored: Attribute) -> datetime:
    return datetime.fromisoformat(stored["S"]).astimezone(ALGIERS)


_PLAIN: dict[Any, _Coder] = {
    str: _Coder(lambda value: {"S": value}, lambda stored: str(stored["S"])),
    int: _Coder(_whole, lambda stored: int(stored["N"])),
    bool: _Coder(lambda value: {"BOOL": value}, lambda stored: bool(stored["BOOL"])),
    bytes: _Coder(lambda value: {"B": value}, lambda stored: bytes(stored["B"])),
    Decimal: _Coder(_exact, lambda stored: Decimal(stored["S"])),
    datetime: _Coder(_moment, _read_moment),
}


def _coder(hint: Any) -> _Coder:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return _nested(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _sequence(args[0])
    if origin is dict and args[0] is str:
        return _mapping(_coder(args[1]))
    raise TypeError(f"no stored form for {hint}")


def _nested(kind: type) -> _Coder:
    return _Coder(lambda value: {"M": write_record(value)}, lambda stored: read_record(kind, stored["M"]))


def _sequence(hint: Any) -> _Coder:
    optional, inner = _without_none(hint)
    write, read = _coder(inner)

    def write_all(values: tuple[Any, ...]) -> Attribute:
        return {"L": [{"NULL": True} if value is None and optional else write(value) for value in values]}

    def read_all(stored: Attribute) -> tuple[Any, ...]:
        return tuple(None if "NULL" in part and optional else read(part) for part in stored["L"])

    return _Coder(write_all, read_all)


def _mapping(inner: _Coder) -> _Coder:
    return _Coder(
        lambda values: {"M": {name: inner.write(value) for name, value in values.items()}},
        lambda stored: {name: inner.read(part) for name, part in stored["M"].items()},
    )
