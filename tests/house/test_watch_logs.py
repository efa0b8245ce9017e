"""Are the logs of all tests really read, and is a person in one of them seen?"""

from __future__ import annotations

import logging

import pytest

from tests.story.world import ONE, TWO
from tests.watch_logs import SECRET


@pytest.mark.parametrize(
    "canary", [ONE.nss, TWO.surname, "whsec_c2VjcmV0", "Bearer x", "eyJhbGciOiJFUzI1NiJ9.e30.", '"wage": 7654320']
)
def test_a_line_with_a_person_or_a_secret_is_seen(request: pytest.FixtureRequest, canary: str) -> None:
    watch = request.config.pluginmanager.get_plugin("watch-logs")
    assert watch
    before = len(watch.lines)
    logging.getLogger("of this test").warning("told: %s", canary)
    told = watch.lines[before:]
    del watch.lines[before:]
    assert told
    assert all(SECRET.search(line) for line in told)


@pytest.mark.parametrize(
    "plain",
    [
        '"upload":"0123456789abcdef0123456789abcdef"',
        '"Timestamp": 1795600000000',
        "arn:aws:sqs:eu-south-1:000000000000:q",
    ],
)
def test_what_logs_may_hold_is_no_canary(plain: str) -> None:
    assert not SECRET.search(plain)
