"""Does the emulator still differ from AWS exactly where we say so?

A probe that fails here is news: read its message, then bring README.md, this list and, if a workaround is no longer
needed, the transforms up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from tasrih.local import deploy
from tasrih.local.cloud import LocalCloud

from tests.local.probes import AS_AWS, DIFFERENCES, Bench, Difference

pytestmark = pytest.mark.cloud
README = Path(deploy.__file__).with_name("README.md")


@pytest.fixture(scope="module")
def benches() -> Iterator[dict[bool, Bench]]:
    with LocalCloud() as plain, LocalCloud(auth=True) as guarded:
        both = {False: Bench(plain), True: Bench(guarded)}
        yield both
        for bench in both.values():
            bench.close()


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_the_emulator_differs_from_aws_as_listed(benches: dict[bool, Bench], difference: Difference) -> None:
    seen = difference.probe(benches[difference.auth])
    judge(difference, seen)


def judge(difference: Difference, seen: str) -> None:
    if seen == AS_AWS:
        pytest.fail(f"{difference.name}: the emulator now does as AWS does; take it off the list and drop what we do")
    assert seen == difference.emulator, f"{difference.name}: the emulator differs in a new way"


def test_a_probe_that_finds_what_aws_does_fails_with_that_message() -> None:
    with pytest.raises(pytest.fail.Exception, match="take it off the list"):
        judge(DIFFERENCES[0], AS_AWS)
    with pytest.raises(AssertionError, match="in a new way"):
        judge(DIFFERENCES[0], "something else")


def test_the_readme_lists_exactly_the_probed_differences() -> None:
    section = README.read_text().partition("## Differences from AWS")[2].partition("\n### ")[0]
    assert re.findall(r"^\| `([a-z_]+)`", section, re.MULTILINE) == [each.name for each in DIFFERENCES]


def test_the_probes_were_written_for_the_version_that_is_installed() -> None:
    assert version("ministack") in README.read_text()
