"""Deploys a synthesized template with CloudFormation: uploads zips, applies the transforms, waits, reads outputs."""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tasrih.local import assets as zips
from tasrih.local import transforms
from tasrih.local.deployed import Stack

Assets = Literal["thin"] | Path
Runtime = Literal["python", "awslambdaric"]

SNAPSHOT = Path(__file__).with_name("stack") / "template.json"
DEPLOY_SECONDS = 120.0


class Refused(RuntimeError):
    """The stack could not be created; the message has each refused resource with its reason."""


@dataclass(frozen=True, slots=True)
class Wish:
    template: Mapping[str, Any] | None
    assets: Assets
    runtime: Runtime
    pretend_now: datetime | None
    auth: bool
    pace: int


def deploy(stack: Stack, wish: Wish) -> None:
    """Raises Refused."""
    bucket = _bucket(stack)
    stack.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": stack.region})
    template = prepared(stack, wish)
    _create(stack, address(stack))
    physical = look(stack, template)
    if transforms.lock_objects_once_the_bucket_stands(stack.client("s3"), template, physical):
        stack.transforms += (transforms.lock_objects_once_the_bucket_stands.__name__,)


def prepared(stack: Stack, wish: Wish) -> dict[str, Any]:
    """The template as it is deployed here, put with its code where CloudFormation reads them."""
    template = copy.deepcopy(dict(wish.template)) if wish.template else json.loads(SNAPSHOT.read_bytes())
    bucket = _bucket(stack)
    setting = transforms.Setting(
        mailbox=stack.mailbox.endpoint,
        code={name: (bucket, _upload(stack, bucket, name, wish)) for name, _ in transforms.functions(template)},
        auth=wish.auth,
        fidelity=wish.runtime == "awslambdaric",
        pretend_now=_pretended(wish.pretend_now, wish.pace),
        pace=wish.pace,
    )
    stack.transforms = transforms.transform(template, setting)
    # by address, since a template of this size is refused in a call itself
    stack.client("s3").put_object(Bucket=bucket, Key="template.json", Body=json.dumps(template).encode())
    return template


def address(stack: Stack) -> str:
    """Of the template that was prepared last."""
    return f"{stack.endpoint}/{_bucket(stack)}/template.json"


def look(stack: Stack, template: dict[str, Any]) -> dict[str, str]:
    """What stands now, and under which name: logical id → physical id."""
    _status(stack)
    physical = _physical(stack)
    _read(stack, template, physical)
    return physical


def _bucket(stack: Stack) -> str:
    return f"{stack.name}-assets"


def _pretended(moment: datetime | None, pace: int) -> str | None:
    if moment is None and pace == 1:
        return None
    now = datetime.now(UTC)
    return f"{(moment or now).isoformat()}@{now.isoformat()}*{pace}"


def _upload(stack: Stack, bucket: str, function: str, wish: Wish) -> str:
    """The key of the function's zip."""
    thin = wish.assets == "thin"
    content = zips.thin(function) if thin else (Path(wish.assets) / f"{function}.zip").read_bytes()
    if wish.runtime == "awslambdaric":
        content = zips.with_bootstrap(content, stack.endpoint)
    key = f"{function}-{hashlib.sha256(content).hexdigest()[:16]}.zip"
    stack.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _create(stack: Stack, template: str) -> None:
    formation = stack.client("cloudformation")
    try:
        formation.create_stack(
            StackName=stack.name,
            TemplateURL=template,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        )
    except formation.exceptions.ClientError as refusal:
        raise Refused(refusal.response["Error"]["Message"]) from refusal
    deadline = time.monotonic() + DEPLOY_SECONDS
    while (status := _status(stack)).endswith("_IN_PROGRESS") and time.monotonic() < deadline:
        time.sleep(0.05)
    if status != "CREATE_COMPLETE":
        raise Refused(f"{status}\n{_reasons(stack)}")


def _status(stack: Stack) -> str:
    (described,) = stack.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    stack.outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    return str(described["StackStatus"])


def _reasons(stack: Stack) -> str:
    pages = stack.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack.name)
    return "\n".join(
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
        for page in pages
        for event in reversed(page["StackEvents"])
        if event["ResourceStatus"].endswith("_FAILED")
    )


def _physical(stack: Stack) -> dict[str, str]:
    """Logical id → physical id."""
    listed = stack.client("cloudformation").describe_stack_resources(StackName=stack.name)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}


def _read(stack: Stack, template: dict[str, Any], physical: dict[str, str]) -> None:
    """What was created under which name."""
    stack.resources.clear()
    for logical, resource in template["Resources"].items():
        stack.resources.setdefault(resource["Type"], []).append(physical[logical])
        if resource["Type"] == "AWS::Lambda::Function" and "ZipFile" not in resource["Properties"]["Code"]:
            folder = transforms.function_folder(resource)
            stack.functions[folder] = physical[logical]
            group = resource["Properties"].get("LoggingConfig", {}).get("LogGroup")
            name = physical[group["Ref"]] if isinstance(group, dict) else group
            stack.log_groups[folder] = name or f"/aws/lambda/{physical[logical]}"
