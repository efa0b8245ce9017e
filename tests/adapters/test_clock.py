from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tasrih.adapters.clock import ALGIERS, PRETEND_NOW, SystemClock, is_loopback, system_clock
from tasrih.adapters.memory import MemoryClock

from tests.adapters.samples import START

PRETENDED = "2031-01-30T10:00:00+01:00"


def test_now_is_told_in_algiers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PRETEND_NOW, raising=False)
    now = system_clock().now()
    assert now.tzinfo is ALGIERS
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566"])
def test_the_local_cloud_may_pretend_a_date(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv(PRETEND_NOW, PRETENDED)
    clock = system_clock()
    wanted = datetime.fromisoformat(PRETENDED)
    assert abs(clock.now() - wanted) < timedelta(minutes=1)
    assert abs(clock.shifted(datetime.now(UTC)) - wanted) < timedelta(minutes=1), "times of objects move with it"


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        "",
        "https://dynamodb.eu-south-1.amazonaws.com",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1:4566",
        "http://localhost@example.org",
    ],
)
def test_nowhere_else_is_a_pretended_date_honoured(monkeypatch: pytest.MonkeyPatch, endpoint: str | None) -> None:
    if endpoint is None:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv(PRETEND_NOW, PRETENDED)
    assert system_clock().shift == timedelta(0)


def test_processes_started_at_different_moments_agree_on_the_pretended_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv(PRETEND_NOW, f"{PRETENDED}@2026-11-23T15:00:00+00:00")
    shift = datetime.fromisoformat(PRETENDED) - datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert system_clock().shift == system_clock().shift == shift


def test_a_hastened_clock_gains_on_the_machine_and_on_what_aws_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv(PRETEND_NOW, f"{PRETENDED}@2026-11-23T15:00:00+00:00*60")
    second_later = datetime(2026, 11, 23, 15, 0, 1, tzinfo=UTC)
    assert system_clock().shifted(second_later) == datetime.fromisoformat(PRETENDED) + timedelta(minutes=1)


def test_an_address_without_host_is_not_this_machine() -> None:
    assert not is_loopback("not an address")


def test_a_shifted_moment_keeps_its_fraction() -> None:
    moment = datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert SystemClock(timedelta(days=1)).shifted(moment) == moment + timedelta(days=1)


def test_the_clock_in_memory_stands_still_until_moved() -> None:
    clock = MemoryClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(hours=25))
    assert clock.now() == START + timedelta(hours=25)
