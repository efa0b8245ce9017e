"""What each function may do, by hand: exact actions on exact resources. Reading `STATEMENTS` tells it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam

from infra.keys import Keys
from infra.mail import Mail
from infra.queues import Queues
from infra.storage import PARTS, REPORTS, UPLOADS, Inbox, Receipts
from infra.tables import Tables


class Resources(NamedTuple):
    """Everything a function can be allowed to touch."""

    keys: Keys
    tables: Tables
    inbox: Inbox
    receipts: Receipts
    queues: Queues
    mail: Mail
    machines: cognito.UserPool


def allow(actions: str, *resources: str, **conditions: dict[str, Any]) -> iam.PolicyStatement:
    """`allow("s3:GetObject PutObject", arn)`: the service is named once."""
    service, _, names = actions.partition(":")
    return iam.PolicyStatement(
        actions=[f"{service}:{name}" for name in names.split()],
        resources=list(resources),
        conditions=conditions or None,
    )


def portal(at: Resources) -> list[iam.PolicyStatement]:
    book, lines, bucket = at.tables.book.table_arn, at.tables.lines.table_arn, at.inbox.bucket
    return [
        allow("dynamodb:BatchGetItem GetItem PutItem Query UpdateItem", book),
        allow("dynamodb:Query", at.tables.index("owned")),
        allow("dynamodb:BatchGetItem BatchWriteItem Query", lines),  # writes which filing may hold a number given later
        # what it signs forms and pieces for; pieces come in the session it began, which it completes
        allow("s3:ListMultipartUploadParts PutObject", bucket.arn_for_objects(UPLOADS + "*")),
        _sees_arrivals(at, UPLOADS),
        allow("sqs:SendMessage", at.queues.uploads.queue_arn),  # an upload to be read again
        allow("s3:GetObject", bucket.arn_for_objects(REPORTS + "*"), at.receipts.bucket.arn_for_objects("*")),
        allow("kms:Decrypt GenerateDataKey", at.keys.data.key_arn),
        allow("kms:Decrypt", at.keys.receipts.key_arn),
        allow("kms:GenerateMac", at.keys.hashing.key_arn),
        allow("kms:GetPublicKey", *(key.key_arn for key in (at.keys.signing, *at.keys.retired))),
        allow("cognito-idp:AdminCreateUser AdminDeleteUser AdminSetUserPassword", at.machines.user_pool_arn),
    ]


def receive_declaration(at: Resources) -> list[iam.PolicyStatement]:
    book, lines, bucket = at.tables.book.table_arn, at.tables.lines.table_arn, at.inbox.bucket
    return [
        *_takes_from(at.queues.uploads.queue_arn),
        allow("dynamodb:BatchGetItem GetItem PutItem Query UpdateItem", book),
        allow("dynamodb:BatchGetItem BatchWriteItem", lines),
        _sees_arrivals(at, UPLOADS, PARTS),
        allow("s3:GetObjectVersion", bucket.arn_for_objects(UPLOADS + "*"), bucket.arn_for_objects(PARTS + "*")),
        allow("s3:PutObject", bucket.arn_for_objects(REPORTS + "*"), bucket.arn_for_objects(PARTS + "*")),
        allow("kms:Decrypt GenerateDataKey", at.keys.data.key_arn),
        allow("kms:GenerateMac", at.keys.hashing.key_arn),
    ]


def queue_letters(at: Resources) -> list[iam.PolicyStatement]:
    stream = at.tables.book.table_stream_arn or ""
    return [
        allow("dynamodb:DescribeStream GetRecords GetShardIterator", stream),
        allow("dynamodb:ListStreams", f"{at.tables.book.table_arn}/stream/*"),
        allow("sqs:SendMessage", at.queues.letters.queue_arn, at.queues.deliveries.queue_arn),
    ]


def send_letter(at: Resources) -> list[iam.PolicyStatement]:
    papers = at.receipts.bucket.arn_for_objects("*")
    return [
        *_takes_from(at.queues.letters.queue_arn),
        allow("dynamodb:BatchGetItem GetItem PutItem", at.tables.book.table_arn),
        allow("s3:GetObject", at.inbox.bucket.arn_for_objects(REPORTS + "*"), papers),
        allow("s3:PutObject", papers),
        allow("kms:Decrypt", at.keys.data.key_arn),
        allow("kms:Decrypt GenerateDataKey", at.keys.receipts.key_arn),
        allow("kms:GetPublicKey Sign", at.keys.signing.key_arn),
        allow("ses:SendEmail SendRawEmail", at.mail.identity_arn),
    ]


def call_webhook(at: Resources) -> list[iam.PolicyStatement]:
    return [
        *_takes_from(at.queues.deliveries.queue_arn),
        allow("dynamodb:GetItem PutItem", at.tables.book.table_arn),
    ]


def sweep(at: Resources) -> list[iam.PolicyStatement]:
    return [
        allow("dynamodb:BatchGetItem GetItem PutItem", at.tables.book.table_arn),
        allow("dynamodb:Query", at.tables.index("waiting")),
        allow("dynamodb:BatchWriteItem", at.tables.lines.table_arn),
        _sees_arrivals(at, UPLOADS, PARTS),
        # a large file whose pieces nobody completed is completed here, or given up
        allow(
            "s3:AbortMultipartUpload ListMultipartUploadParts PutObject", at.inbox.bucket.arn_for_objects(UPLOADS + "*")
        ),
        allow("kms:Decrypt GenerateDataKey", at.keys.data.key_arn),
        allow("sqs:SendMessage", *(queue.queue_arn for queue in at.queues.worked_off)),
    ]


def remove_due(at: Resources) -> list[iam.PolicyStatement]:
    """The only one that may remove what lies in the inbox, and it reads none of it; papers nobody may."""
    prefixes = (UPLOADS, PARTS, REPORTS)
    return [
        allow("dynamodb:BatchGetItem GetItem PutItem Query Scan", at.tables.book.table_arn),
        allow("dynamodb:BatchGetItem BatchWriteItem PutItem", at.tables.lines.table_arn),
        _sees_arrivals(at, *prefixes),
        allow("s3:DeleteObjectVersion", *(at.inbox.bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes)),
        allow("kms:Decrypt GenerateDataKey", at.keys.data.key_arn),
    ]


STATEMENTS: dict[str, Callable[[Resources], list[iam.PolicyStatement]]] = {
    "portal": portal,
    "receive_declaration": receive_declaration,
    "queue_letters": queue_letters,
    "send_letter": send_letter,
    "call_webhook": call_webhook,
    "sweep": sweep,
    "remove_due": remove_due,
}


def _takes_from(queue: str) -> list[iam.PolicyStatement]:
    return [allow("sqs:DeleteMessage GetQueueAttributes ReceiveMessage", queue)]


def _sees_arrivals(at: Resources, *prefixes: str) -> iam.PolicyStatement:
    """The bucket, not the event, says what arrived."""
    under = {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}
    return allow("s3:ListBucketVersions", at.inbox.bucket.bucket_arn, StringLike=under)
