"""DynamoDB's own arithmetic, by examples worked out from its developer guide (item sizes and formats)."""

from __future__ import annotations

from typing import Any

import pytest
from tasrih.adapters.limits import TooMuch, check_item, item_bytes

KEYS: dict[str, Any] = {"pk": {"S": "p"}, "sk": {"S": "s"}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "تصريح"}, 10),
        ({"B": b"1234"}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 3),
        ({"N": "1234567"}, 5),
        ({"N": "1200000"}, 2),
        ({"L": []}, 3),
        ({"L": [{"S": "abc"}]}, 7),
        ({"M": {"ab": {"S": "abc"}}}, 9),
    ],
    ids=str,
)
def test_sizes_are_counted_as_the_service_counts_them(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"a": value}) == 1 + size


def test_exactly_four_hundred_kilobytes_are_allowed() -> None:
    room = 400 * 1024 - item_bytes({**KEYS, "b": {"S": ""}})
    assert check_item({**KEYS, "b": {"S": "x" * room}}) == 400 * 1024
    with pytest.raises(TooMuch):
        check_item({**KEYS, "b": {"S": "x" * (room + 1)}})


@pytest.mark.parametrize("name", ["pk", "sk"])
@pytest.mark.parametrize("value", ["", "x" * 2049])
def test_keys_are_neither_empty_nor_too_long(name: str, value: str) -> None:
    with pytest.raises(TooMuch, match=name):
        check_item({**KEYS, name: {"S": value}})


def test_a_number_has_at_most_38_digits() -> None:
    check_item({**KEYS, "n": {"N": "-" + "9" * 38}})
    with pytest.raises(TooMuch, match="38 digits"):
        check_item({**KEYS, "n": {"N": "1" * 39}})
