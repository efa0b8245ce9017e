"""The zips of the functions."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import tasrih

FUNCTIONS = Path(tasrih.__file__).parents[2] / "functions"
_EPOCH = (2020, 1, 1, 0, 0, 0)


def thin(folder: str, functions: Path = FUNCTIONS) -> bytes:
    """The sources of one function alone: the worker runs on this Python, which has the package and its dependencies."""
    files = {"functions/__init__.py": b""}
    for path in sorted((functions / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files[f"functions/{path.relative_to(functions).as_posix()}"] = path.read_bytes()
    return pack(files)


def with_bootstrap(content: bytes, endpoint: str) -> bytes:
    """The same zip with a `bootstrap` that starts the runtime interface client of AWS.

    It exports the address of the local cloud: in this mode the emulator does not, and the function would call AWS.
    """
    script = (
        "#!/bin/sh\n"
        f"export AWS_ENDPOINT_URL={endpoint}\n"
        "export PYTHONDONTWRITEBYTECODE=1\n"
        'export PYTHONPATH="$LAMBDA_TASK_ROOT"\n'
        f'exec {sys.executable} -m awslambdaric "$_HANDLER"\n'
    )
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as bundle:
        _add(bundle, "bootstrap", script.encode(), 0o755)
    return target.getvalue()


def pack(files: dict[str, bytes]) -> bytes:
    """The same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bundle:
        for name, content in files.items():
            _add(bundle, name, content, 0o644)
    return target.getvalue()


def _add(bundle: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    bundle.writestr(entry, content)
