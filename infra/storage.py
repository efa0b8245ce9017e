"""Buckets: what employers sent, and what the fund answered."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.settings import Environment

# Whoever examines an upload writes its report under another prefix: no event ever follows from an answer.
UPLOADS = "uploads/"
PARTS = "parts/"
"""Declarations taken out of an archive: each wakes the same function, which never takes a part apart again."""
REPORTS = "reports/"


def _bucket(scope: Construct, name: str, **more: Any) -> s3.Bucket:
    """No public access, TLS only, nothing lost when the stack goes."""
    return s3.Bucket(
        scope,
        name,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        removal_policy=RemovalPolicy.RETAIN,
        lifecycle_rules=[
            # A large upload may take a day and an hour; what the sweep gives up itself is gone sooner.
            s3.LifecycleRule(id="abandoned-uploads", abort_incomplete_multipart_upload_after=Duration.days(2)),
            *more.pop("lifecycle_rules", []),
        ],
        **more,
    )


def _from_browsers(settings: Environment) -> s3.CorsRule:
    """Forms are posted and pieces put from a page of ours. What may be sent is said by the signature, not here."""
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.PUT],
        allowed_origins=list(settings.browser_origins),
        allowed_headers=["content-type", "x-amz-checksum-sha256"],
        exposed_headers=["ETag"],
        max_age=3600,
    )


class AccessLogs(Construct):
    """Who read or wrote which object, for a year; what is removed before can be brought back for a month.
    Its own reads are not logged."""

    def __init__(self, scope: Construct, identity: str) -> None:
        super().__init__(scope, identity)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # Log delivery cannot use a customer-managed key.
            encryption=s3.BucketEncryption.S3_MANAGED,
            removal_policy=RemovalPolicy.RETAIN,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="a-year", expiration=Duration.days(365), noncurrent_version_expiration=Duration.days(30)
                )
            ],
        )


class Inbox(Construct):
    """Originals, kept as evidence, each version one message in the queue of uploads; reports beside them."""

    def __init__(
        self, scope: Construct, identity: str, settings: Environment, key: kms.Key, uploads: sqs.Queue, logs: AccessLogs
    ) -> None:
        super().__init__(scope, identity)
        self.bucket = _bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            versioned=True,
            server_access_logs_bucket=logs.bucket,
            server_access_logs_prefix="inbox/",
            cors=[_from_browsers(settings)],
        )
        self._refuse_other_keys(key)
        self._announce(uploads)

    def _refuse_other_keys(self, key: kms.Key) -> None:
        header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NoOtherKey",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={"StringNotEquals": {header: key.key_arn}, "Null": {header: "false"}},
            )
        )

    def _announce(self, uploads: sqs.Queue) -> None:
        """Stated on the bucket itself: no helper function with broad rights has to install it."""
        allowed = uploads.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Arrivals",
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[uploads.queue_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        bucket: s3.CfnBucket = self.bucket.node.default_child  # type: ignore[assignment]  # typed as any construct
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=uploads.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(
                            rules=[s3.CfnBucket.FilterRuleProperty(name="prefix", value=prefix)]
                        )
                    ),
                )
                for prefix in (UPLOADS, PARTS)
            ]
        )
        if allowed.policy_dependable:
            self.bucket.node.add_dependency(allowed.policy_dependable)


class Receipts(Construct):
    """Finished papers; not even the account's owner can change or remove one before its time. No worker's data."""

    def __init__(self, scope: Construct, identity: str, settings: Environment, key: kms.Key, logs: AccessLogs) -> None:
        super().__init__(scope, identity)
        self.bucket = _bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            versioned=True,
            object_lock_default_retention=s3.ObjectLockRetention.compliance(
                Duration.days(settings.receipts_retention_days)
            ),
            server_access_logs_bucket=logs.bucket,
            server_access_logs_prefix="receipts/",
        )
