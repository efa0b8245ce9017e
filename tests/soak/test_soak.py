"""The soak still runs, and sees what it is there to see: a small part of what `make soak` does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tasrih.local.deployed import Stack

from tests.simulation.planted import ROOT
from tests.soak.figures import percentiles
from tests.soak.on_the_cloud import Numbers, hold


def in_a_new_process(*code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


def test_each_upload_has_one_outcome_under_faults() -> None:
    told = in_a_new_process(
        "from tests.soak.in_process import soak",
        "found = soak(60, 0.1)",
        "print(found.problems, len(found.sent) + found.unannounced, found.happened['crash after'] > 0)",
    )
    assert told == "[] 60 True"


def test_a_letter_that_is_lost_is_told() -> None:
    told = in_a_new_process(
        "from tests.simulation import functions",
        "from tests.soak import in_process",
        "functions.MemoryPost.send = lambda self, to, message: 1 / 0",
        "in_process.REST = in_process.TROUBLED = in_process.timedelta(minutes=20)",
        "print(len([each for each in in_process.soak(2, 0.1, faults=0).problems if 'never sent' in each]))",
    )
    assert told == "2"


@pytest.mark.cloud
def test_the_local_cloud_holds_a_small_rate(stack: Stack) -> None:
    held = hold(Numbers(stack), rate=2, seconds=1)
    assert (held.problems, len(held.waited)) == ((), 2)


def test_percentiles_are_values_that_occurred() -> None:
    assert percentiles(range(1, 101)) == (50, 95, 99, 100)
    assert percentiles([7.0]) == (7.0,) * 4
