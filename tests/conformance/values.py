"""Values come back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.items import write_item

from tests.conformance.probe import probe, told
from tests.conformance.samples import Other, Sample, create, stored
from tests.conformance.world import World

ODD_TEXTS = (
    "بن عبد اللّٰه، فاطمة الزهراء",
    "\u200fNOMUN\u200e \u202eDEUX\u202c",
    "e\u0301 é",
    "𐎀 😀",
    "\ufdfa \ufee3",
    'a\0b\tc\r\nd"\\',
    " ",
    "",
)


def back(world: World, sent: Sample) -> object:
    """ "the same", or what else came back."""

    def write_and_read() -> object:
        create(world.book, sent)
        found = stored(world.book, sent)
        return "the same" if found == replace(sent, revision=1) else found

    return told(write_and_read)


@probe("the same")
def texts_of_all_kinds_come_back(world: World) -> object:
    return back(world, Sample(text="".join(ODD_TEXTS), names=ODD_TEXTS, pk=ODD_TEXTS[0], sk=ODD_TEXTS[3]))


@probe("the same")
def empty_values_come_back(world: World) -> object:
    return back(world, Sample(text="", names=(), counts={}, raw=b""))


@probe("the same")
def nothing_in_a_list_comes_back(world: World) -> object:
    return back(world, Sample(names=("a", None, "", None)))


@probe("the same")
def large_amounts_come_back_to_the_centime(world: World) -> object:
    counts = {"most": 10**38 - 1, "least": 1 - 10**38, "beyond floats": 2**53 + 1, "": 0}
    return back(world, Sample(centimes=-(10**15) - 1, counts=counts))


@probe("TooMuch")
def a_number_of_39_digits(world: World) -> object:
    return back(world, Sample(centimes=10**38 + 1))


@probe("the same")
def the_largest_number(world: World) -> object:
    return back(world, Sample(centimes=10**125))


@probe("TooMuch")
def a_number_beyond_the_largest(world: World) -> object:
    return back(world, Sample(centimes=10**126))


@probe("the same")
def exact_rates_come_back(world: World) -> object:
    return back(world, Sample(rate=Decimal("0.0346")))


@probe("1.500")
def a_rate_with_zeros_at_its_end(world: World) -> object:
    create(world.book, Sample(rate=Decimal("1.500")))
    found = stored(world.book, Sample())
    return found and found.rate


@probe("the same")
def moments_come_back_to_the_microsecond(world: World) -> object:
    return back(world, Sample(at=datetime(2026, 1, 30, 23, 59, 59, 999999, ALGIERS)))


@probe("2026-01-31T00:30:00+01:00")
def moments_come_back_in_algiers(world: World) -> object:
    create(world.book, Sample(at=datetime(2026, 1, 30, 23, 30, tzinfo=UTC)))
    found = stored(world.book, Sample())
    return found and found.at and found.at.isoformat()


@probe("the same")
def bytes_and_truth_come_back(world: World) -> object:
    return back(world, Sample(raw=bytes(range(256)), certain=True))


@probe("first")
def fields_of_a_later_release_are_passed_over(world: World) -> object:
    item = write_item(Sample(text="first"), 1)
    item["body"]["M"]["of_a_later_release"] = {"SS": ["kept by nobody"]}
    item["of_a_later_release"] = {"NULL": True}
    world.plant(item)
    found = stored(world.book, Sample())
    return found and found.text


@probe("UnreadableItem")
def another_kind_of_record_stands_there(world: World) -> object:
    create(world.book, Other())
    return told(lambda: stored(world.book, Sample()))
