"""The ports of a deployed function, from its settings."""

from __future__ import annotations

import os
from functools import cache

from tasrih.adapters.clients import client
from tasrih.adapters.clock import SystemClock
from tasrih.adapters.cognito import CognitoSignIns
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.kms import KmsSigner, hash_secret
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.adapters.s3 import S3Inbox, S3Receipts
from tasrih.adapters.ses import SesPost
from tasrih.adapters.sqs import SqsQueue
from tasrih.adapters.web_calls import WebCalls, plain_loopback


def book(table: str) -> DynamoBook:
    return DynamoBook(table, client("dynamodb"))


@cache
def lines(table: str, hash_key: str) -> PackedLines:
    """The hash key is asked for when the first number has to be hashed, once per process."""
    return PackedLines(DynamoLines(table, client("dynamodb")), hash_secret(hash_key, client("kms")))


def inbox(bucket: str, clock: SystemClock) -> S3Inbox:
    return S3Inbox(bucket, client("s3"), clock.shifted)


def receipts(bucket: str) -> S3Receipts:
    return S3Receipts(bucket, client("s3"))


@cache
def signer(key: str, retired: str = "") -> KmsSigner:
    """`retired`: keys that signed before, with commas between."""
    return KmsSigner(key, client("kms"), [each for each in retired.split(",") if each])


def sign_ins(pool: str) -> CognitoSignIns:
    return CognitoSignIns(pool, lambda: client("cognito-idp"))


def post() -> SesPost:
    return SesPost(client("sesv2"))


def calls() -> WebCalls:
    return WebCalls(plain_loopback=plain_loopback())


def queue(url: str) -> SqsQueue:
    return SqsQueue(url, client("sqs"))


def region() -> str:
    return os.environ.get("AWS_REGION", "")


def endpoint() -> str:
    """Where the local cloud plays AWS; "" in AWS."""
    return os.environ.get("AWS_ENDPOINT_URL", "")
