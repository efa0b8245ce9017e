"""A release on its way into a stack that stands: a change set, left for an operator to look at."""

from __future__ import annotations

import copy
import json
from typing import Any

from tasrih.local.deploy import SNAPSHOT, Wish, address, look, prepared
from tasrih.local.deployed import Stack

CHANGE = "a-release"
SECOND_KEY = "KeysSigning2"

Json = dict[str, Any]


def this_release() -> Json:
    template: Json = json.loads(SNAPSHOT.read_bytes())
    return template


def put_forward(stack: Stack, template: Json) -> Json:
    """As `cdk deploy --method prepare-change-set` does. Returns what will stand once it is executed."""
    ready = prepared(stack, Wish(template, "thin", "python", None, auth=False, pace=1))
    formation = stack.client("cloudformation")
    formation.create_change_set(
        StackName=stack.name,
        ChangeSetName=CHANGE,
        TemplateURL=address(stack),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    formation.get_waiter("change_set_create_complete").wait(
        StackName=stack.name, ChangeSetName=CHANGE, WaiterConfig={"Delay": 1}
    )
    return ready


def taken(stack: Stack, ready: Json) -> None:
    """Names may have changed."""
    look(stack, ready)


def with_a_second_key(template: Json) -> Json:
    """What `signing_keys = 2` makes of the stack; a test of the stack compares."""
    changed = copy.deepcopy(template)
    resources = changed["Resources"]
    (first,) = [name for name in resources if name.startswith("KeysSigning")]
    resources[SECOND_KEY] = copy.deepcopy(resources[first])
    for statement in resources[first]["Properties"]["KeyPolicy"]["Statement"]:
        if "kms:Sign" in statement["Action"]:
            statement["Action"] = "kms:GetPublicKey"
    old, new = ({"Fn::GetAtt": [name, "Arn"]} for name in (first, SECOND_KEY))
    for each in resources.values():
        variables = each.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if variables.get("TASRIH_SIGNING_KEY") == old:
            variables["TASRIH_SIGNING_KEY"] = new
            if "TASRIH_RETIRED_KEYS" in variables:
                variables["TASRIH_RETIRED_KEYS"] = old
    changed["Outputs"]["SigningKey"]["Value"] = new
    return changed
