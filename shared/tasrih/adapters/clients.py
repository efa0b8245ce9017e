"""boto3 clients, made when first needed: importing boto3 costs more than a small file's whole examination."""

from __future__ import annotations

from functools import cache
from typing import Any

CONNECT_SECONDS = 2
READ_SECONDS = {"dynamodb": 5, "kms": 5, "sqs": 5, "sesv2": 10, "cognito-idp": 10, "s3": 30}
ATTEMPTS = 4
"""Of one call, the first included; botocore waits between them with jitter."""


@cache
def client(service: str) -> Any:
    """One per service and process; clients may be shared by threads. Region and endpoint come from the environment."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS[service],
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # our own values only, checked by types: validating them again is half of a batch write's time
        parameter_validation=service != "dynamodb",
        signature_version="s3v4" if service == "s3" else None,
        # else forms and links name the host of no region, which redirects, and in newer regions refuses
        s3={"addressing_style": "virtual"} if service == "s3" else None,
    )
    return boto3.client(service, config=config)
