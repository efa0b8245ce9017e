"""The HTTP API in front of the portal."""

from __future__ import annotations

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.settings import Environment
from infra.sign_in import SignIn

# Everything else needs a token.
PUBLIC = ("/keys", "/layouts", "/openapi.json", "/rules", "/service")
# No address, no query, no token: a log line never names a person.
LOGGED = {
    "request": "$context.requestId",
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.error.message",
}


class Api(Construct):
    """The address exists before the portal does, so that the portal can be told it; `serve` joins the two."""

    def __init__(self, scope: Construct, identity: str, settings: Environment, key: kms.Key) -> None:
        super().__init__(scope, identity)
        self.http = apigateway.HttpApi(self, "Http", create_default_stage=False)
        self.url = self.http.api_endpoint
        self._stage(settings, key)

    def serve(self, portal: lambda_.Function, sign_in: SignIn) -> None:
        integration = HttpLambdaIntegration("Portal", portal)
        admitted = {
            "/{proxy+}": HttpJwtAuthorizer("Token", sign_in.issuer, jwt_audience=[sign_in.client.user_pool_client_id]),
            "/machine/{proxy+}": HttpJwtAuthorizer(
                "MachineToken", sign_in.machines_issuer, jwt_audience=[sign_in.machine_client.user_pool_client_id]
            ),
        }
        for path, authorizer in admitted.items():
            self.http.add_routes(
                path=path, methods=[apigateway.HttpMethod.ANY], integration=integration, authorizer=authorizer
            )
        self.public_routes = [
            route
            for path in PUBLIC
            for route in self.http.add_routes(path=path, methods=[apigateway.HttpMethod.GET], integration=integration)
        ]

    def _stage(self, settings: Environment, key: kms.Key) -> None:
        log_group = logs.LogGroup(
            self,
            "Requests",
            encryption_key=key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=RemovalPolicy.RETAIN if settings.deletion_protection else RemovalPolicy.DESTROY,
        )
        apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.http.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=settings.requests_per_second, throttling_burst_limit=settings.requests_burst
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=json.dumps(LOGGED)
            ),
        )
