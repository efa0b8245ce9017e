"""What a function's zip holds, byte for byte the same on every build: its wheels, its handler, the shared package."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from infra.bundles import DISTRIBUTIONS
from infra.wheels import ROOT, wheel

BUNDLES = ROOT / "build" / "bundles"
ASSETS = ROOT / "build" / "assets"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
# Part of every bundle's name: change it whenever the rules below change.
RULES = "2"
UNUSED = (
    "*.pyi",
    "*.pyx",
    "*.pxd",
    "*.a",
    "*.h",
    "*/tests/*",
    "*.dist-info/RECORD",
    "*.data/scripts/*",
    "*.data/headers/*",
    "*.data/data/*",
)
# Of the service descriptions (21 MB) only those the functions call.
SERVICES = ("cognito-idp", "dynamodb", "kms", "s3", "ses", "sesv2", "sqs", "sts")
# The command line and the local cloud never run inside a function.
NOT_DEPLOYED = ("tasrih/local/*", "tasrih/cli/*", "*/__pycache__/*", "*.pyc")


class Asset(NamedTuple):
    """A finished zip. `sha256` is over names and contents, not over the compressed bytes."""

    path: Path
    sha256: str
    unzipped_bytes: int


def asset(function: str, target: str) -> Asset:
    """Builds `build/assets/<target>/<function>.zip`; "lambda" is what is deployed, "local" runs on this machine.

    Raises WheelsMissing.
    """
    path = ASSETS / target / f"{function}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    base = _bundle(DISTRIBUTIONS[function], target)
    with _finished(path) as unfinished:
        shutil.copyfile(base, unfinished)
        with zipfile.ZipFile(unfinished, "a") as archive:
            for name, content in sources(function):
                _add(archive, name, content)
        return Asset(path, *_measure(unfinished, base))


def sources(function: str) -> Iterator[tuple[str, bytes]]:
    """Our own files in a function's zip: (name in the zip, content), sorted."""
    shared = ROOT / "shared"
    ours = [(path.relative_to(shared).as_posix(), path) for path in (shared / "tasrih").rglob("*") if path.is_file()]
    theirs = [ROOT / "functions" / "__init__.py", *(ROOT / "functions" / function).rglob("*")]
    ours += [(path.relative_to(ROOT).as_posix(), path) for path in theirs if path.is_file()]
    for name, path in sorted(ours):
        if not _matches(name, NOT_DEPLOYED):
            yield name, path.read_bytes()


def _bundle(distributions: tuple[str, ...], target: str) -> Path:
    """The zip of the dependencies alone, built once per lock: compressing them is the slow part."""
    wheels = [wheel(target, name) for name in distributions]
    key = hashlib.sha256("\n".join((RULES, *UNUSED, *SERVICES, *(path.name for path in wheels))).encode()).hexdigest()[
        :16
    ]
    path = BUNDLES / target / f"{key}.zip"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _finished(path) as unfinished, zipfile.ZipFile(unfinished, "w") as archive:
            for name, content in sorted(_contents(wheels)):
                _add(archive, name, content)
    return path


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """A name to write under; the file takes its place only when it is complete."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _contents(wheels: list[Path]) -> Iterator[tuple[str, bytes]]:
    for path in wheels:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and not _matches(name, UNUSED) and not _other_service(name):
                    yield _installed_name(name), archive.read(name)


def _other_service(name: str) -> bool:
    """Whether a file describes an AWS service that no function calls."""
    parts = name.split("/")
    return parts[0] in ("boto3", "botocore") and parts[1] == "data" and len(parts) > 3 and parts[2] not in SERVICES


def _installed_name(name: str) -> str:
    """`x.data/purelib/y` of a wheel is installed as `y`."""
    head, _, rest = name.partition(".data/")
    return rest.partition("/")[2] if rest and "/" not in head else name


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    archive.writestr(entry, content)


def _measure(path: Path, base: Path) -> tuple[str, int]:
    """(digest over the dependencies' wheels and our own names and contents, bytes unzipped)."""
    digest, unzipped = hashlib.sha256(base.stem.encode()), 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            unzipped += entry.file_size
            if entry.filename.startswith(("tasrih/", "functions/")):
                digest.update(f"{entry.filename}\0{entry.file_size}\0".encode() + archive.read(entry))
    return digest.hexdigest(), unzipped
