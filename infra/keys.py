"""One customer-managed key per purpose, so that access to one kind of data opens no other."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.settings import Environment

ADMINISTRATION = (
    "CancelKeyDeletion", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation",
    "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListResourceTags",
    "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource",
    "UpdateKeyDescription",
)  # fmt: skip
"""What looking after a key takes. Without the account in its policy a key could never be changed again. None of these
decrypts or signs, and only PutKeyPolicy could let anybody do so."""


class Keys(Construct):
    """`data`: uploads, reports, records. `receipts`: finished papers. `operations`: logs and alarms.
    `signing`: signs receipts (ECDSA P-256), as `retired` did before. `hashing`: hides insured numbers in keys
    (HMAC-SHA-256)."""

    def __init__(self, scope: Construct, identity: str, settings: Environment) -> None:
        super().__init__(scope, identity)
        self.data = self._encrypting("Data", "Tasrih: uploads, reports and records")
        self.receipts = self._encrypting("Receipts", "Tasrih: receipts")
        self.operations = self._encrypting("Operations", "Tasrih: logs and alarms")
        *self.retired, self.signing = [self._signing(number) for number in range(1, settings.signing_keys + 1)]
        self.hashing = self._asymmetric(
            "Hashing", "Tasrih: hides insured numbers", kms.KeySpec.HMAC_256, kms.KeyUsage.GENERATE_VERIFY_MAC
        )
        for key in (self.data, self.receipts):
            self._open_to_roles(key, "Decrypt", "GenerateDataKey", through="s3")
        self._open_to_roles(self.signing, "GetPublicKey", "Sign")
        for key in self.retired:
            self._open_to_roles(key, "GetPublicKey")
        self._open_to_roles(self.hashing, "GenerateMac")
        self._open_data_to_tables()
        self._open_operations_to_logs_and_alarms()

    def _encrypting(self, name: str, description: str) -> kms.Key:
        return self._key(name, description=description, enable_key_rotation=True)

    def _signing(self, number: int) -> kms.Key:
        name = "Signing" if number == 1 else f"Signing{number}"
        return self._asymmetric(name, "Tasrih: signs receipts", kms.KeySpec.ECC_NIST_P256, kms.KeyUsage.SIGN_VERIFY)

    def _asymmetric(self, name: str, description: str, spec: kms.KeySpec, usage: kms.KeyUsage) -> kms.Key:
        # The service rotates neither kind: a new key is added beside the old one, whose public half stays published.
        return self._key(name, description=description, key_spec=spec, key_usage=usage)

    def _key(self, name: str, **more: Any) -> kms.Key:
        """Given no policy, CDK lets the account do everything with a key."""
        administration = self._for_the_account("Administration", *ADMINISTRATION)
        return kms.Key(
            self, name, policy=iam.PolicyDocument(statements=[administration]), pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN, **more,
        )  # fmt: skip

    def _open_to_roles(self, key: kms.Key, *actions: str, through: str = "") -> None:
        """The account named here is nobody: a role of it may do what its own policy says as well (`permissions.py`)."""
        stack = Stack.of(self)
        via = {"StringEquals": {"kms:ViaService": f"{through}.{stack.region}.{stack.url_suffix}"}} if through else {}
        key.add_to_resource_policy(self._for_the_account("WhatRolesAreGiven", *actions, conditions=via))

    def _for_the_account(self, sid: str, *actions: str, **more: Any) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid=sid,
            principals=[iam.AccountRootPrincipal()],
            actions=[f"kms:{action}" for action in actions],
            resources=["*"],
            **more,
        )

    def _open_data_to_tables(self) -> None:
        """DynamoDB uses the key on behalf of whoever may use the table, never otherwise."""
        stack = Stack.of(self)
        self.data.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OnlyThroughDynamoDB",
                principals=[iam.AnyPrincipal()],
                actions=[
                    "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
                ],
                resources=["*"],
                conditions={
                    "StringEquals": {
                        "kms:ViaService": f"dynamodb.{stack.region}.{stack.url_suffix}",
                        "kms:CallerAccount": stack.account,
                    }
                },
            )
        )  # fmt: skip

    def _open_operations_to_logs_and_alarms(self) -> None:
        stack = Stack.of(self)
        self.operations.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Logs",
                principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": stack.format_arn(service="logs", resource="log-group:*")
                    }
                },
            )
        )
        self.operations.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsAndBudgets",
                principals=[
                    iam.ServicePrincipal("cloudwatch.amazonaws.com"),
                    iam.ServicePrincipal("budgets.amazonaws.com"),
                ],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )
