"""A release on its way into a stack that stands: a change set, left for an operator to look at."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tasrih.local.assets import pack, thin
from tasrih.local.deploy import SNAPSHOT, Assets, Wish, address, look, prepared
from tasrih.local.deployed import Stack
from tasrih.settings import FUNCTIONS

CHANGE = "a-release"
SECOND_KEY = "KeysSigning2"

Json = dict[str, Any]


def this_release() -> Json:
    template: Json = json.loads(SNAPSHOT.read_bytes())
    return template


def put_forward(stack: Stack, template: Json, assets: Assets = "thin") -> Json:
    """As `cdk deploy --method prepare-change-set` does. Returns what will stand once it is executed."""
    ready = prepared(stack, Wish(template, assets, "python", None, auth=False, pace=1))
    formation = stack.client("cloudformation")
    # AWS removes one that was executed, the deployment tool one that was not; the emulator keeps both
    formation.delete_change_set(StackName=stack.name, ChangeSetName=CHANGE)
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


def a_later_release() -> Json:
    """One more queue."""
    changed = this_release()
    changed["Resources"]["QueuesLater"] = {"Type": "AWS::SQS::Queue"}
    return changed


A_LATER_RELEASE = b"""from tasrih.adapters import changes

_written = changes.write_item


def _with_more(record, revision):
    item = _written(record, revision)
    item["body"]["M"]["of_a_later_release"] = {"S": "kept by nobody"}
    return item


changes.write_item = _with_more
"""


def later_code(folder: Path) -> Path:
    """Zips of a release that writes what this one does not know: a field more in every record."""
    for function in FUNCTIONS:
        with zipfile.ZipFile(io.BytesIO(thin(function))) as known:
            files = {name: known.read(name) for name in known.namelist()}
        handler = f"functions/{function}/handler.py"
        body = files[handler].decode()
        files[handler] = body.replace("\nfrom tasrih", "\nfrom functions import later\nfrom tasrih", 1).encode()
        files["functions/later.py"] = A_LATER_RELEASE
        (folder / f"{function}.zip").write_bytes(pack(files))
    return folder
