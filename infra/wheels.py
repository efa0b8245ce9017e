"""Fills the wheel folders that functions are packaged from, without Docker: `python -m infra.wheels`.

`build/wheels/lambda/` holds what the deployed runtime loads (CPython 3.14, arm64, glibc of Amazon Linux 2023),
`build/wheels/local/` what this machine's Python loads. Every file's SHA-256 stands in shared/requirements.txt.
"""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from infra.bundles import Pin, needed, pins

ROOT = Path(__file__).parent.parent
WHEELS = ROOT / "build" / "wheels"
DEPLOYED_PYTHON = "3.14"
GLIBC_TAGS = ("manylinux2014", "manylinux_2_17", "manylinux_2_26", "manylinux_2_27", "manylinux_2_28", "manylinux_2_34")
TARGETS: dict[str, tuple[str, ...]] = {
    "lambda": (
        *(f"--platform={tag}_aarch64" for tag in GLIBC_TAGS),
        f"--python-version={DEPLOYED_PYTHON}",
        "--implementation=cp",
    ),
    "local": (),
}
MACHINES = {
    "lambda": (DEPLOYED_PYTHON, "aarch64"),
    "local": (f"{sys.version_info.major}.{sys.version_info.minor}", platform.machine()),
}


class WheelsMissing(Exception):
    """The folder lacks a wheel, or holds one that the lock does not know. `make install` fills it."""


def wheel(target: str, name: str) -> Path:
    """The verified wheel of a locked distribution. Raises WheelsMissing."""
    return _verified(target)[name]


@cache
def _verified(target: str) -> dict[str, Path]:
    """All wheels the functions need. The file name finds a wheel, its SHA-256 admits it."""
    pinned, found, missing = pins(), {}, []
    for name in needed():
        path = _matching(target, name, pinned[name])
        if path is None:
            missing.append(name)
        else:
            found[name] = path
    if missing:
        raise WheelsMissing(f"{WHEELS / target} lacks {', '.join(missing)}: run `make install`")
    return found


def _matching(target: str, name: str, pin: Pin) -> Path | None:
    for path in sorted((WHEELS / target).glob("*.whl")):
        project, version = path.name.split("-")[:2]
        same = re.sub(r"[-_.]+", "-", project).lower() == name and version == pin.version
        if same and _loads_in(target, path) and hashlib.sha256(path.read_bytes()).hexdigest() in pin.sha256:
            return path
    return None


def _loads_in(target: str, path: Path) -> bool:
    """Whether the file's tags are of the target's Python and processor: the lock admits those of every other too."""
    python, abi, system = path.stem.split("-")[-3:]
    version, machine = MACHINES[target]
    any_python = python.startswith("py") or abi == "abi3"
    return (any_python or python == f"cp{version.replace('.', '')}") and (
        system == "any" or system.endswith((f"_{machine}", "_universal2"))
    )


def fill(target: str) -> None:
    """Downloads what is missing; does nothing when every wheel is there. Raises CalledProcessError, WheelsMissing."""
    try:
        _verified(target)
    except WheelsMissing:
        print(f"Fetching the wheels for {target} ...", flush=True)
    else:
        print(f"Wheels for {target}: complete.")
        return
    folder = WHEELS / target
    folder.mkdir(parents=True, exist_ok=True)
    request = folder / "requirements.txt"
    request.write_text(_requirements())
    command = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", "--dest", str(folder), "-r", str(request), *TARGETS[target]]
    subprocess.run(command, check=True)
    print(f"Wheels for {target}: {len(_verified(target))} verified.")


def _requirements() -> str:
    """The lines of the lock that functions need. Their environment markers hold for CPython on Linux: left out."""
    pinned = pins()
    return "".join(
        f"{name}=={pinned[name].version} "
        + " ".join(f"--hash=sha256:{digest}" for digest in sorted(pinned[name].sha256))
        + "\n"
        for name in needed()
    )


if __name__ == "__main__":
    for each in TARGETS:
        fill(each)
