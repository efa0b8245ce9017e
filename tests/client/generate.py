"""From the OpenAPI document to a package that can be installed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tasrih.adapters.api.app import openapi

PACKAGE = "tasrih_client"
HOW = {
    "project_name_override": "tasrih-client",
    "package_name_override": PACKAGE,
    # the register is sent as text; the generator knows only bytes
    "content_type_overrides": {"text/csv": "application/octet-stream"},
    "post_hooks": [],
}


def generate(folder: Path) -> list[str]:
    """Writes (over) the folder; returns the generator's warnings. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as made:
        document, how = Path(made) / "openapi.json", Path(made) / "how.json"
        document.write_text(openapi(), "utf-8")
        how.write_text(json.dumps(HOW))
        command = [Path(sys.executable).with_name("openapi-python-client"), "generate", "--overwrite", "--meta=setup"]
        options = [f"--path={document}", f"--config={how}", f"--output-path={folder}"]
        done = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][1:]
