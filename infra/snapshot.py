"""The committed template: what was synthesized, with what changes at every edit of the code masked.

`template.json`: the template; a function's code is `asset-<function>.zip`.
`assets.json`: region, stack name, and for each such key the function it carries and its handler.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.packaging import ROOT

FOLDER = ROOT / "shared" / "tasrih" / "local" / "stack"


def write(out: Path, stack_name: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in masked(out, stack_name).items():
        (FOLDER / name).write_text(content)
    return FOLDER


def masked(out: Path, stack_name: str) -> dict[str, str]:
    """The snapshot's files by name, from a cloud assembly."""
    template = json.loads((out / f"{stack_name}.template.json").read_text())
    manifest = json.loads((out / "manifest.json").read_text())
    assets = {}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            handler = resource["Properties"]["Handler"]
            function = handler.split(".")[1]
            resource["Properties"]["Code"]["S3Key"] = f"asset-{function}.zip"
            assets[f"asset-{function}.zip"] = {"function": function, "handler": handler}
    region = manifest["artifacts"][stack_name]["environment"].rpartition("/")[2]
    facts = {"assets": assets, "region": region, "stack": stack_name}
    return {"assets.json": _text(facts), "template.json": _text(template)}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
