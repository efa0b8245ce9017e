"""A small stack with one of each thing that ours is made of, so that the local cloud is tested by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasrih.local.assets import pack

HANDLER = b'''
import json, os
import boto3


class NotToday(Exception):
    """Raised on demand."""


def handler(event, context):
    if "fail" in event:
        raise NotToday(event["fail"])
    if "routeKey" in event:
        return {"statusCode": 200, "body": json.dumps(event["requestContext"]["authorizer"]["jwt"]["claims"])}
    if "mail_from" in event:
        return boto3.client("sesv2").send_email(
            FromEmailAddress=event["mail_from"],
            Destination={"ToAddresses": ["employer@example.test"]},
            Content={"Raw": {"Data": event["message"].encode()}},
        )["MessageId"]
    if "environment" in event:
        return {name: os.environ.get(name) for name in event["environment"]}
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    for record in event.get("Records", []):
        for arrived in json.loads(record["body"]).get("Records", []):
            table.put_item(Item={"id": arrived["s3"]["object"]["key"], "version": arrived["s3"]["object"]["versionId"]})
            print("arrived", arrived["s3"]["object"]["key"])
    return {"batchItemFailures": []}
'''


def folder(tmp_path: Path) -> Path:
    """A folder with the zip of the stack's only function, `echo`."""
    (tmp_path / "echo.zip").write_bytes(
        pack({"functions/__init__.py": b"", "functions/echo/__init__.py": b"", "functions/echo/handler.py": HANDLER})
    )
    return tmp_path


def allow(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def template() -> dict[str, Any]:
    """Inbox → queue → function → table; HTTP API with JWT authorizer; mail identity; key; schedule; a budget."""
    return {
        "Resources": {**_storage(), **_function(), **_api(), **_rest()},
        "Outputs": {
            "Inbox": {"Value": {"Ref": "Inbox"}},
            "Table": {"Value": {"Ref": "Table"}},
            "Queue": {"Value": {"Ref": "Queue"}},
        },
    }


def _storage() -> dict[str, Any]:
    return {
        "Inbox": {
            "Type": "AWS::S3::Bucket",
            "DependsOn": "QueuePolicy",
            "Properties": {
                "VersioningConfiguration": {"Status": "Enabled"},
                "NotificationConfiguration": {
                    "QueueConfigurations": [
                        {"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}},
                    ]
                },
            },
        },
        "InboxPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Inbox"},
                "PolicyDocument": policy(
                    {
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "s3:*",
                        "Resource": {"Fn::Sub": "${Inbox.Arn}/*"},
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ),
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}},
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": policy(
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "s3.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                    }
                ),
            },
        },
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        },
    }


def _function() -> dict[str, Any]:
    return {
        "EchoRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": policy(
                    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
                )
            },
        },
        "EchoPolicy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "echo",
                "Roles": [{"Ref": "EchoRole"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        allow(["dynamodb:PutItem"], {"Fn::GetAtt": ["Table", "Arn"]}),
                        allow(
                            ["ses:SendEmail", "ses:SendRawEmail"],
                            {"Fn::Sub": "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/tasrih.example"},
                        ),
                        allow(
                            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"],
                            {"Fn::GetAtt": ["Queue", "Arn"]},
                        ),
                        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
                    ],
                },
            },
        },
        "EchoLog": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}},
        "Echo": {
            "Type": "AWS::Lambda::Function",
            "DependsOn": "EchoPolicy",
            "Properties": {
                "Runtime": "python3.13",
                "Architectures": ["arm64"],
                "Handler": "functions.echo.handler.handler",
                "Role": {"Fn::GetAtt": ["EchoRole", "Arn"]},
                "MemorySize": 256,
                "Timeout": 10,
                "Code": {"S3Bucket": "masked", "S3Key": "masked.zip"},
                "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
                "LoggingConfig": {"LogGroup": {"Ref": "EchoLog"}},
            },
        },
        "EchoSource": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "Echo"},
                "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "BatchSize": 10,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
            },
        },
    }


def _api() -> dict[str, Any]:
    return {
        "People": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"Policies": {"PasswordPolicy": {"MinimumLength": 12}}},
        },
        "Officers": {
            "Type": "AWS::Cognito::UserPoolGroup",
            "Properties": {"GroupName": "officers", "UserPoolId": {"Ref": "People"}},
        },
        "SignIn": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Ref": "People"}, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]},
        },
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "small", "ProtocolType": "HTTP"}},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
        },
        "Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": ["Echo", "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        "Authorizer": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "AuthorizerType": "JWT",
                "IdentitySource": ["$request.header.Authorization"],
                "Name": "people",
                "JwtConfiguration": {
                    "Audience": [{"Ref": "SignIn"}],
                    "Issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${People}"},
                },
            },
        },
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "GET /me",
                "AuthorizationType": "JWT",
                "AuthorizerId": {"Ref": "Authorizer"},
                "Target": {"Fn::Sub": "integrations/${Integration}"},
            },
        },
        "Invoke": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Echo"},
                "Principal": "apigateway.amazonaws.com",
            },
        },
    }


def _rest() -> dict[str, Any]:
    return {
        "Mail": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "tasrih.example"}},
        "Budget": {
            "Type": "AWS::Budgets::Budget",
            "Properties": {"Budget": {"BudgetType": "COST", "TimeUnit": "MONTHLY"}},
        },
    }
