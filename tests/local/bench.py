"""A running cloud, and short ways to put things into it and to look at what became of them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tasrih.local.assets import pack
from tasrih.local.clients import client
from tasrih.local.cloud import LocalCloud
from tasrih.local.waiting import wait_for

ROLE = "arn:aws:iam::000000000000:role/any"
AS_AWS = "as AWS"
"""What a probe answers when it sees what AWS does."""


class Bench:
    """A running cloud and short ways to put things into it."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(service, self.cloud.endpoint, self.cloud.region)
        return self._clients[service]

    def close(self) -> None:
        for each in self._clients.values():
            each.close()

    def function(self, code: str, **more: Any) -> str:
        """Name of a new function with this `index.py`."""
        name = f"f{uuid.uuid4().hex[:12]}"
        wanted = {"Runtime": "python3.14", "Role": ROLE, "Handler": "index.handler", "Timeout": 20, **more}
        self("lambda").create_function(FunctionName=name, Code={"ZipFile": pack({"index.py": code.encode()})}, **wanted)
        return name

    def invoke(self, name: str) -> Any:
        return json.loads(self("lambda").invoke(FunctionName=name, Payload=b"{}")["Payload"].read())

    def queue(self) -> tuple[str, str]:
        """(URL, ARN)"""
        url = self("sqs").create_queue(QueueName=f"q{uuid.uuid4().hex[:12]}")["QueueUrl"]
        described = self("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, described["Attributes"]["QueueArn"]

    def bucket(self) -> str:
        name = f"b{uuid.uuid4().hex[:12]}"
        self("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": self.cloud.region})
        return name

    def table(self) -> tuple[str, str]:
        """(name, ARN of its stream); key `id`."""
        made = self("dynamodb").create_table(
            TableName=f"t{uuid.uuid4().hex[:12]}",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]
        return made["TableName"], made["LatestStreamArn"]

    def put(self, table: str, key: str) -> None:
        self("dynamodb").put_item(TableName=table, Item={"id": {"S": key}})

    def taken(self, url: str) -> list[str]:
        """Bodies of the messages that wait in a queue, taken out for good."""
        found = self("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def role_client(self, service: str, actions: list[str], resource: str = "*") -> Any:
        """A client that may do these actions on this resource, and no other (needs a cloud with IAM enforced)."""
        name = f"r{uuid.uuid4().hex[:12]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
        may = {"Effect": "Allow", "Action": actions, "Resource": resource}
        role = self("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
        self("iam").put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=_policy(may))
        keys = self("sts").assume_role(RoleArn=role, RoleSessionName="probe")["Credentials"]
        made = client(service, self.cloud.endpoint, self.cloud.region)
        credentials = made._request_signer._credentials
        credentials.access_key, credentials.secret_key = keys["AccessKeyId"], keys["SecretAccessKey"]
        credentials.token = keys["SessionToken"]
        self._clients[name] = made
        return made


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def stack(bench: Bench, resources: dict[str, Any]) -> dict[str, str]:
    """Logical → physical ids."""
    name = f"p{uuid.uuid4().hex[:8]}"
    formation = bench("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
    ended = ("CREATE_COMPLETE", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

    def status() -> str:
        found = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return found if found in ended else ""

    assert wait_for(status, "the stack stands or is refused", 180) == "CREATE_COMPLETE"
    listed = formation.describe_stack_resources(StackName=name)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}
