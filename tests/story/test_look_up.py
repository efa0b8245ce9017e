"""All lines of a declaration, and everything in force for one insured number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih.story.look_up import declared_for, lines_in_force
from tasrih.story.store_lines import chunk_lines

from tests.story.faulty import Crash, Plan
from tests.story.world import ONE, OURS, OURS_TOO, THEIRS, TWO, World, crowd, pair, settled_world


def found(world: World, nss: str) -> list[tuple[str, str, int]]:
    declared = declared_for(nss, book=world.book, lines=world.lines)
    return [(each.employer, each.period, int(each.lines.rows["base_year"].sum())) for each in declared]


def test_one_person_is_found_across_employers_and_years_newest_first(world: World) -> None:
    for year in (2017, 2019, 2018):
        world.file(pair(year=year))
    world.file(pair((ONE,), employer=OURS_TOO))
    world.file(pair((TWO,), employer=THEIRS), by="eux")
    whole = sum(ONE.bases)
    assert found(world, ONE.nss) == [
        (OURS_TOO, "2019", whole),
        (OURS, "2019", whole),
        (OURS, "2018", whole),
        (OURS, "2017", whole),
    ]
    assert (THEIRS, "2019", sum(TWO.bases)) in found(world, TWO.nss)


def test_an_unknown_number_is_found_nowhere(world: World) -> None:
    world.file(pair())
    assert found(world, "123456789012") == []


def test_superseded_versions_are_not_shown(world: World) -> None:
    world.file(pair())
    world.file(pair((replace(ONE, bases=(1000000,) * 4),)))
    assert found(world, ONE.nss) == [(OURS, "2019", 4000000)]
    assert found(world, TWO.nss) == [], "no longer declared"


def test_a_person_added_by_a_correction_is_found(world: World) -> None:
    world.file(pair((ONE,)))
    world.file(pair())
    assert found(world, TWO.nss) == [(OURS, "2019", sum(TWO.bases))]


def test_a_person_declared_again_after_a_gap_is_found_in_both_years(world: World) -> None:
    for year, people in ((2016, (ONE, TWO)), (2017, (ONE,)), (2018, (ONE, TWO))):
        world.file(pair(people, year=year))
    assert [period for _, period, _ in found(world, TWO.nss)] == ["2018", "2016"]


def test_years_filed_backwards_are_all_found(world: World) -> None:
    for year in (2019, 2018, 2017):
        world.file(pair(year=year))
    assert [period for _, period, _ in found(world, ONE.nss)] == ["2019", "2018", "2017"]


def test_refused_waiting_and_late_filings_are_not_shown(world: World) -> None:
    world.file(pair((ONE, replace(TWO, unit="X"))))
    world.file(pair(kind="C"))
    assert found(world, ONE.nss) == []


def test_lines_that_were_written_but_never_counted_are_not_shown(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    clean = Plan()
    other = settled_world()
    other.receive(other.send(other.open(pair()), pair()), **clean.ports(other))
    last = max(at for at, call in enumerate(clean.trace) if call == "book.commit")
    with pytest.raises(Crash):
        world.receive(upload, **Plan(last, Crash).ports(world))
    assert found(world, ONE.nss) == []


@pytest.mark.parametrize("count", [1, 99, 100, 101, 1003])
def test_all_lines_of_a_declaration_come_back(world: World, count: int) -> None:
    world.file(pair(crowd(count)))
    series = world.series()
    assert series
    rows = [row for part in lines_in_force(series, book=world.book, lines=world.lines) for row in part.rows]
    assert sorted(row["nss"].decode() for row in rows) == [person.nss for person in crowd(count)]
    assert sorted(int(row["number"]) for row in rows) == list(range(1, count + 1))


def test_two_lines_of_one_person_are_both_shown(world: World) -> None:
    world.file(pair((ONE, replace(ONE, bases=(0, 0, 0, 700000), function="AUTRE"), *crowd(150))))
    state = world.series()
    if state:  # whether a repeated number is refused is the rule book's matter
        assert found(world, ONE.nss) == [(OURS, "2019", sum(ONE.bases) + 700000)]


def test_one_look_up_reads_one_chunk_per_filing(world: World) -> None:
    for year in range(2010, 2020):
        world.file(pair([ONE, *crowd(1000)], year=year))
    table = world.lines._table
    table.requests = table.read_bytes = 0  # type: ignore[attr-defined]
    assert len(found(world, ONE.nss)) == 10
    assert table.requests <= 4  # type: ignore[attr-defined]
    whole = sum(len(value) for key, stand in table.items.items() if key[0] == "C" for value in stand.values())  # type: ignore[attr-defined]
    assert table.read_bytes < whole / 4  # type: ignore[attr-defined]


@pytest.mark.parametrize(("lines", "expected"), [(1, 100), (40000, 100), (100000, 250), (999999, 500)])
def test_the_size_of_a_chunk_depends_on_the_number_of_lines_alone(lines: int, expected: int) -> None:
    assert chunk_lines(lines) == expected


def test_zeros_where_no_number_is_known_join_nobody_to_anybody(world: World) -> None:
    zeros = "0" * 12
    world.file(pair((ONE, replace(TWO, nss=zeros))))
    world.file(pair((replace(ONE, nss=zeros),), employer=THEIRS), by="eux")
    assert found(world, zeros) == []
    assert found(world, ONE.nss) == [(OURS, "2019", sum(ONE.bases))]
