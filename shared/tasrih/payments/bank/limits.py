"""How much a statement may hold, and in which days it may lie."""

from __future__ import annotations

from datetime import date, timedelta

MAX_BYTES = 32 * 1024 * 1024
"""Of a file: the year of a busy account has some ten thousand lines of 1,000 bytes."""
MAX_LINES = 50_000
"""Of a file, the payments of batches one by one."""
MAX_TEXT = 500
"""Characters kept of a name or a text; the norm allows 140 at a time, several times."""
MAX_CENTIMES = 10**15
"""Ten thousand billion dinars: more than the country's money."""
EARLIEST = date(2000, 1, 1)
VALUE_DAYS = timedelta(days=366)
"""Between booking day and value date."""
