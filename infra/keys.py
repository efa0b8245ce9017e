"""One customer-managed key per purpose, so that access to one kind of data opens no other."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


class Keys(Construct):
    """`data`: uploads, reports, records. `receipts`: finished papers. `operations`: logs and alarms.
    `signing`: signs receipts (ECDSA P-256). `hashing`: hides insured numbers in keys (HMAC-SHA-256)."""

    def __init__(self, scope: Construct, identity: str) -> None:
        super().__init__(scope, identity)
        self.data = self._encrypting("Data", "Tasrih: uploads, reports and records")
        self.receipts = self._encrypting("Receipts", "Tasrih: receipts")
        self.operations = self._encrypting("Operations", "Tasrih: logs and alarms")
        self.signing = self._asymmetric(
            "Signing", "Tasrih: signs receipts", kms.KeySpec.ECC_NIST_P256, kms.KeyUsage.SIGN_VERIFY
        )
        self.hashing = self._asymmetric(
            "Hashing", "Tasrih: hides insured numbers", kms.KeySpec.HMAC_256, kms.KeyUsage.GENERATE_VERIFY_MAC
        )
        self._open_data_to_tables()
        self._open_operations_to_logs_and_alarms()

    def _encrypting(self, name: str, description: str) -> kms.Key:
        return kms.Key(
            self, name, description=description, enable_key_rotation=True, pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
        )  # fmt: skip

    def _asymmetric(self, name: str, description: str, spec: kms.KeySpec, usage: kms.KeyUsage) -> kms.Key:
        # The service rotates neither kind: a new key is added beside the old one, whose public half stays published.
        return kms.Key(
            self, name, description=description, key_spec=spec, key_usage=usage, pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
        )  # fmt: skip

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
