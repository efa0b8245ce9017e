"""What one upload does to the book."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from tasrih.ledger.posting import balance, check_balanced, check_posted_once, standing
from tasrih.story.open_upload import Asked, object_key, open_upload
from tasrih.story.ports import Changed
from tasrih.story.receive import MAX_ATTEMPTS
from tasrih.story.records import DECIDED, Entry, Letter, Outcome, Receipt, Series, StoredLines, Ticket, Version  # type: ignore[attr-defined]

from tests.story.faulty import CommitsSeen, Plan
from tests.story.world import ONE, OURS, OURS_TOO, THEIRS, TWO, US, Pair, Person, World, announced, pair
