"""Findings of cdk-nag that are meant: one resource each, with the reason. Anything else stops the synthesis.

cdk-nag reads the policies of roles. What other policies allow on more than one thing is in `ON_MANY`, for a test.
"""

from __future__ import annotations

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import IConstruct

from infra.api import Api
from infra.permissions import Resources
from infra.settings import Environment
from infra.sign_in import SignIn
from infra.triggers import Triggers

_THIS_KEY = "In the policy of a key * means this key alone: no other resource can be named there."
_LOG_DELIVERY = (
    "S3 itself names each log it delivers; only the bucket that is logged may cause one, under its own prefix."
)
ON_MANY = {
    **{(f"Keys{name}", "*"): _THIS_KEY for name in ("Data", "Receipts", "Operations", "Signing", "Hashing")},
    ("AccessLogsBucketPolicy", "AccessLogsBucket/inbox/*"): _LOG_DELIVERY,
    ("AccessLogsBucketPolicy", "AccessLogsBucket/receipts/*"): _LOG_DELIVERY,
}
"""(whose policy, on what) -> why. Named as in the template, without the eight digits at their ends."""


def acknowledge(
    settings: Environment,
    resources: Resources,
    functions: dict[str, lambda_.Function],
    sign_in: SignIn,
    api: Api,
    triggers: Triggers,
) -> None:
    _queues(resources)
    _objects(resources, functions)
    _functions(functions, triggers)
    _people(settings, sign_in, api)


def _say(where: IConstruct, rule: str, reason: str) -> None:
    pack = rule.partition("-")[0]
    Validations.of(where.node.default_child or where).acknowledge(Acknowledgment(id=f"{pack}::{rule}", reason=reason))


def _queues(resources: Resources) -> None:
    last = "It is itself where failures end: an alarm rings at its first message and an operator sends it back."
    for queue in resources.queues.set_aside.values():
        _say(queue, "Serverless-SQSRedrivePolicy", last)
    # The other two are named as dead-letter queues by a queue; this one by functions, the stream and the schedule.
    _say(resources.queues.undelivered, "AwsSolutions-SQS3", last)


def _objects(resources: Resources, functions: dict[str, lambda_.Function]) -> None:
    inbox, papers, book = (
        f"<{_logical(part)}.Arn>" for part in (resources.inbox.bucket, resources.receipts.bucket, resources.tables.book)
    )
    drawn = "Keys below it are drawn at random, one per upload."
    numbered = "Each paper lies under its own number, which exists only once the paper does."
    dated = "DynamoDB names a stream by the moment of its beginning; the right to list them is all that is given."
    uploads, parts, reports = ((f"{inbox}/{name}/*", drawn) for name in ("uploads", "parts", "reports"))
    papers, streams = (f"{papers}/*", numbered), (f"{book}/stream/*", dated)
    wildcards = {
        "portal": (uploads, reports, papers),
        "receive_declaration": (uploads, parts, reports),
        "queue_letters": (streams,),
        "send_letter": (reports, papers),
        "call_webhook": (),
        "sweep": (uploads,),
        "remove_due": (uploads, parts, reports),
    }
    for name, found in wildcards.items():
        role = functions[name].role
        for wildcard, reason in found if isinstance(role, iam.Role) else ():
            _say(role, f"AwsSolutions-IAM5[Resource::{wildcard}]", reason)


def _functions(functions: dict[str, lambda_.Function], triggers: Triggers) -> None:
    for function in functions.values():
        _say(function, "Serverless-LambdaDLQ", "Its failures go to a destination, which also tells the error.")
        _say(
            function,
            "Serverless-LambdaTracing",
            "X-Ray's actions cannot be limited to a resource; log lines and metrics follow each upload by its id.",
        )
    for mapping in triggers.of_queues:
        _say(
            mapping,
            "Serverless-LambdaEventSourceMappingDestination",
            "A queue sends what fails too often to its own dead-letter queue.",
        )


def _people(settings: Environment, sign_in: SignIn, api: Api) -> None:
    if settings.mfa != "ON":
        _say(sign_in.pool, "AwsSolutions-COG2", "A second factor is required in prod and left to each person in dev.")
    _say(sign_in.machines, "AwsSolutions-COG2", "A program has no second factor; its secret is 256 random bits.")
    _say(sign_in.machines, "AwsSolutions-COG8", "Nothing can be guessed there: secrets are drawn, nobody chooses one.")
    if settings.sign_in_plan != "PLUS":
        _say(sign_in.pool, "AwsSolutions-COG8", "Threat protection is paid per person; dev has no real ones.")
    for route in api.public_routes:
        _say(route, "AwsSolutions-APIG4", "Public by intent: it tells what anybody may know, and reads no table.")


def _logical(construct: IConstruct) -> str:
    return str(Stack.of(construct).get_logical_id(construct.node.default_child))
