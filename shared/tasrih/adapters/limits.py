"""What DynamoDB refuses, counted as its developer guide counts: the fake refuses the same, and before any call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasrih.adapters.codec import Attribute, Attributes

ITEM_BYTES = 400 * 1024
TRANSACTION_ITEMS = 100
TRANSACTION_BYTES = 4 * 1024 * 1024
PARTITION_KEY_BYTES = 2048
SORT_KEY_BYTES = 1024
NUMBER_DIGITS = 38
NUMBER_WHOLE_DIGITS = 126
BATCH_PUTS = 25
BATCH_GETS = 100


class TooMuch(Exception):
    """Permanent: the change breaks a limit of the table; no retry helps. Names the limit, never a value."""


def item_bytes(item: Attributes) -> int:
    """Names and values, UTF-8."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Attribute) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held) if held.isascii() else len(held.encode())
    if kind == "N":
        return _number_bytes(held)
    if kind == "B":
        return len(held)
    if kind == "L":
        return 3 + sum(1 + _bytes(part) for part in held)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(part) for name, part in held.items())
    return 1


def _number_bytes(text: str) -> int:
    digits = text.partition("E")[0].replace("-", "").replace(".", "").strip("0")
    if len(digits) > NUMBER_DIGITS:
        raise TooMuch(f"a number has more than {NUMBER_DIGITS} digits")
    if len(text.lstrip("-")) > NUMBER_WHOLE_DIGITS:
        raise TooMuch(f"a number has more than {NUMBER_WHOLE_DIGITS} digits with its zeros")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def can_be_key(partition: str, sort: str) -> bool:
    """Whether an item could stand there at all. Asking DynamoDB for another key is an error."""
    lengths = (len(partition.encode()), PARTITION_KEY_BYTES), (len(sort.encode()), SORT_KEY_BYTES)
    return all(1 <= length <= most for length, most in lengths)


def check_item(item: Attributes) -> int:
    """Its size in bytes. Raises TooMuch."""
    if not can_be_key(item["pk"]["S"], item["sk"]["S"]):
        raise TooMuch(f"pk must hold 1 to {PARTITION_KEY_BYTES} bytes, sk 1 to {SORT_KEY_BYTES}")
    size = item_bytes(item)
    if size > ITEM_BYTES:
        raise TooMuch(f"an item has {size} bytes, over {ITEM_BYTES}")
    return size


def check_transaction(keys: Sequence[tuple[str, str]], puts: Iterable[Attributes]) -> None:
    """`keys`: of every action, checks included. Raises TooMuch."""
    if not 1 <= len(keys) <= TRANSACTION_ITEMS:
        raise TooMuch(f"a transaction of {len(keys)} items; 1 to {TRANSACTION_ITEMS} are allowed")
    if len(set(keys)) != len(keys):
        raise TooMuch("a transaction names one item twice")
    size = sum(check_item(item) for item in puts)
    if size > TRANSACTION_BYTES:
        raise TooMuch(f"a transaction of {size} bytes, over {TRANSACTION_BYTES}")
