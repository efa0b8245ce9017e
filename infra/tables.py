"""The book (every record of what happened) and the lines of declarations."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.settings import Environment

TEXT, NUMBER = dynamodb.AttributeType.STRING, dynamodb.AttributeType.NUMBER


class Tables(Construct):
    """`book` tells of every change in a stream of keys only; `lines` holds workers' data and has no stream."""

    def __init__(self, scope: Construct, identity: str, settings: Environment, key: kms.Key) -> None:
        super().__init__(scope, identity)
        self.book = self._table("Book", settings, key, dynamodb.StreamViewType.KEYS_ONLY)
        self.lines = self._table("Lines", settings, key)
        waiting_since = dynamodb.Attribute(name="waiting_since", type=TEXT)
        rank = dynamodb.Attribute(name="rank", type=NUMBER)
        self._index("waiting", "waiting", waiting_since, dynamodb.ProjectionType.KEYS_ONLY)
        self._index("owned", "owner", rank, dynamodb.ProjectionType.ALL)

    def index(self, name: str) -> str:
        """The ARN of an index of the book."""
        return f"{self.book.table_arn}/index/{name}"

    def _table(
        self, name: str, settings: Environment, key: kms.Key, stream: dynamodb.StreamViewType | None = None
    ) -> dynamodb.Table:
        return dynamodb.Table(
            self,
            name,
            partition_key=dynamodb.Attribute(name="pk", type=TEXT),
            sort_key=dynamodb.Attribute(name="sk", type=TEXT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            deletion_protection=settings.deletion_protection,
            removal_policy=RemovalPolicy.RETAIN,
            stream=stream,
        )

    def _index(self, name: str, partition: str, sort: dynamodb.Attribute, projection: dynamodb.ProjectionType) -> None:
        self.book.add_global_secondary_index(
            index_name=name,
            partition_key=dynamodb.Attribute(name=partition, type=TEXT),
            sort_key=sort,
            projection_type=projection,
        )
