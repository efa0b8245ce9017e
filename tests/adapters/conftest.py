"""Every promise is tried on the adapters in memory and on those for AWS, which talk to moto in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws
from tasrih.adapters.clients import client
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.adapters.memory import MemoryBook, memory_line_store

from tests.adapters.samples import SECRET, make_book_table, make_lines_table

BOTH = ["memory", "aws"]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-south-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture(params=BOTH)
def book(request: pytest.FixtureRequest) -> MemoryBook | DynamoBook:
    if request.param == "memory":
        return MemoryBook()
    request.getfixturevalue("aws")
    fresh = client.__wrapped__("dynamodb")
    make_book_table(fresh)
    return DynamoBook("book", fresh)


@pytest.fixture(params=BOTH)
def lines(request: pytest.FixtureRequest) -> PackedLines:
    if request.param == "memory":
        return memory_line_store(SECRET)
    request.getfixturevalue("aws")
    fresh = client.__wrapped__("dynamodb")
    make_lines_table(fresh)
    return PackedLines(DynamoLines("lines", fresh), lambda: SECRET)
