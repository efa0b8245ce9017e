"""The Lambda functions: arm64, the newest Python, one role each."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct
from tasrih.settings import FUNCTIONS

from infra.packaging import Asset, asset
from infra.permissions import STATEMENTS, Resources, allow
from infra.settings import Environment
from infra.sizes import SIZES


class Functions(Construct):
    """`by_name`: every function of `tasrih.settings.FUNCTIONS`. `values` gives each environment field its value."""

    def __init__(
        self, scope: Construct, identity: str, settings: Environment, resources: Resources, values: dict[str, str]
    ) -> None:
        super().__init__(scope, identity)
        self.assets = {name: asset(name, "lambda") for name in FUNCTIONS}
        self.by_name = {
            name: self._function(name, self.assets[name], settings, resources, values) for name in FUNCTIONS
        }

    def _function(
        self, name: str, code: Asset, settings: Environment, resources: Resources, values: dict[str, str]
    ) -> lambda_.Function:
        title, size, model = name.title().replace("_", ""), SIZES[name], FUNCTIONS[name]
        log_group = logs.LogGroup(
            self,
            f"{title}Logs",
            encryption_key=resources.keys.operations,
            retention=logs.RetentionDays[settings.log_retention],
            removal_policy=RemovalPolicy.RETAIN if settings.deletion_protection else RemovalPolicy.DESTROY,
        )
        function = lambda_.Function(
            self,
            title,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(code.path), asset_hash=code.sha256),
            handler=f"functions.{name}.handler.handler",
            memory_size=size.memory_mib,
            timeout=Duration.seconds(size.timeout_seconds),
            ephemeral_storage_size=Size.mebibytes(size.scratch_mib),
            role=self._role(name, title, log_group, resources),
            log_group=log_group,
            # a trace, too, is one JSON line: no text of an error can look like a line of its own
            logging_format=lambda_.LoggingFormat.JSON,
            environment={model.variable(field): values[field] for field in model.model_fields},
        )
        self._when_it_fails(title, function, resources.queues.undelivered.queue_arn)
        return function

    def _when_it_fails(self, title: str, function: lambda_.Function, queue: str) -> None:
        """An event nobody waits for is tried three times, then kept in the queue."""
        on_failure = lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=queue)
        lambda_.CfnEventInvokeConfig(
            self,
            f"{title}Failures",
            function_name=function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=2,
            maximum_event_age_in_seconds=3600,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(on_failure=on_failure),
        )

    def _role(self, name: str, title: str, log_group: logs.LogGroup, resources: Resources) -> iam.Role:
        statements = [
            allow("logs:CreateLogStream PutLogEvents", log_group.log_group_arn),
            allow("sqs:SendMessage", resources.queues.undelivered.queue_arn),
            *STATEMENTS[name](resources),
        ]
        return iam.Role(
            self,
            f"{title}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={name: iam.PolicyDocument(statements=statements, minimize=False)},
        )
