"""Every reader, whatever the bytes: a verdict, located, in three languages, the same each time, and nothing in logs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import oracle
from tests.fuzz.damage import damaged
from tests.fuzz.seeds import CASES, TARGETS, cases, seeds

EXAMPLES = {"request": 60, "dac_nominal": 60, "xlsx": 80, "xlsx_sheet": 80, "xlsx_part": 80, "workbook_child": 80}
USUAL_EXAMPLES = 150
"""All targets together take some 30 s; `make fuzz` takes as long as it is told."""


@pytest.mark.parametrize("name", TARGETS)
def test_no_damage_hurts_a_reader(name: str) -> None:
    @given(damaged(seeds(name)))
    @settings(
        max_examples=EXAMPLES.get(name, USUAL_EXAMPLES),
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    def tried(data: bytes) -> None:
        TARGETS[name](data)

    with oracle.silent():
        tried()


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_once_stays_mended(name: str) -> None:
    for data in (*seeds(name), b"", b"\0", *cases(name)):
        with oracle.silent():
            TARGETS[name](data)


def test_every_kept_case_belongs_to_a_target() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} <= set(TARGETS)
