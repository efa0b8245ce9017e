"""How much a statement may hold, and in which days it may lie."""

from __future__ import annotations

from datetime import date, timedelta

MAX_BYTES = 32 * 1024 * 1024
"""Of a camt.053: the year of a busy account has some ten thousand movements of 1,000 bytes."""
MAX_TABLE_BYTES = 8 * 1024 * 1024
"""Of a table, whose lines have some 200 bytes."""
MAX_STATEMENTS = 1_000
"""Of a file: one a day for years."""
MAX_LINES = 20_000
"""Of a file, the payments of batches one by one."""
MAX_TEXT_LINES = 100_000
"""Of a table, blank ones too."""
MAX_TEXT = 500
"""Characters kept of a name or a text; the norm allows 140 at a time, several times."""
MAX_CENTIMES = 10**15
"""Ten thousand billion dinars: more than the country's money."""
EARLIEST = date(2000, 1, 1)
VALUE_DAYS = timedelta(days=366)
"""Between booking day and value date."""
