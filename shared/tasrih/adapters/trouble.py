"""What AWS answers when it cannot serve now, told apart from what will never work."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from tasrih.story.ports import Busy, Lost

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 2.0

_LATER = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "KMSInternalException",
        "KeyUnavailableException",
        "DependencyTimeoutException",
        "LimitExceededException",
        "OperationAborted",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def is_for_later(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in _LATER or status >= 500


@contextmanager
def busy_when_down() -> Iterator[None]:
    """Throttled or down -> Busy; reply lost -> Lost. Messages of AWS are cut off: they may repeat what was sent."""
    try:
        yield
    except ClientError as error:
        if is_for_later(error):
            raise Busy(code_of(error)) from None
        raise
    except (ConnectTimeoutError, EndpointConnectionError) as error:
        raise Busy(type(error).__name__) from None
    except (HTTPClientError, ConnectionError) as error:
        raise Lost(type(error).__name__) from None


def pauses(attempts: int, chance: Any = random.random) -> Iterator[float]:
    """Seconds to wait before each further attempt: full jitter under a doubling bound."""
    for attempt in range(attempts - 1):
        yield float(chance()) * min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
