"""The time in Algiers. Only the local cloud may pretend another one."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ALGIERS = ZoneInfo("Africa/Algiers")
PRETEND_NOW = "TASRIH_PRETEND_NOW"
"""ISO moment with offset, or two of them as "pretended@real": what it was to be, when it really was that moment.
With the second, all processes of one local cloud agree on the time. "pretended@real*60": an hour takes a minute."""


class SystemClock:
    """`shift` is added to the machine's time, and by `shifted` to times that AWS stamped; from the real moment `since`
    on time runs `pace` times as fast."""

    def __init__(self, shift: timedelta = timedelta(0), since: datetime | None = None, pace: int = 1) -> None:
        self.shift, self._since, self._pace = shift, since, pace

    def now(self) -> datetime:
        return self.shifted(datetime.now(UTC))

    def shifted(self, moment: datetime) -> datetime:
        gained = (moment - self._since) * (self._pace - 1) if self._since else timedelta(0)
        return (moment + self.shift + gained).astimezone(ALGIERS)


def system_clock() -> SystemClock:
    """The clock of this process. A pretended date is honoured only when AWS is played by this very machine."""
    pretended = os.environ.get(PRETEND_NOW, "")
    if not pretended or not is_loopback(os.environ.get("AWS_ENDPOINT_URL", "")):
        return SystemClock()
    moments, _, pace = pretended.partition("*")
    wanted, _, real = moments.partition("@")
    since = datetime.fromisoformat(real) if real else datetime.now(UTC)
    return SystemClock(datetime.fromisoformat(wanted) - since, since, int(pace or 1))


def is_loopback(url: str) -> bool:
    """Whether the address is this machine by number or as "localhost"; any other name could lead anywhere."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
