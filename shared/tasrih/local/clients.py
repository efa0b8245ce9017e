"""boto3 clients that reach one local endpoint and nothing else, whatever the environment of the user says."""

from __future__ import annotations

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

# The emulator sorts by account what comes unsigned (HTTP API, sign-in) into this one alone; so everything lives here.
ACCOUNT = "000000000000"
SECRET = "test"  # noqa: S105 -- what the emulator takes for the root of every account; it opens nothing anywhere else

# No profile, no file, no metadata service of the user: only what is passed here.
_IGNORED = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "ca_bundle": (None, None, None, None),
}


def client(service: str, endpoint: str, region: str) -> Any:
    """A boto3 client with all rights in the account."""
    core = botocore.session.Session(session_vars=_IGNORED)
    settings = Config(
        proxies={},
        retries={"total_max_attempts": 2, "mode": "standard"},
        connect_timeout=5,
        read_timeout=120,
        s3={"addressing_style": "path"},
        max_pool_connections=32,
    )
    return boto3.Session(botocore_session=core).client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=SECRET,
        config=settings,
    )
