"""The zips: what they hold, for which machine, how large, and that they are the same each time."""

from __future__ import annotations

import importlib
import json
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tasrih.settings import FUNCTIONS

from infra import packaging
from infra.app import UNZIPPED_MEGABYTES, report
from infra.bundles import DISTRIBUTIONS
from infra.packaging import Asset, asset
from tests.infra.imports import distributions_of, imported

pytestmark = pytest.mark.synth

AARCH64, X86_64 = 183, 62


@pytest.fixture(scope="module")
def deployed() -> dict[str, Asset]:
    return {name: asset(name, "lambda") for name in FUNCTIONS}


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def _machines(path: Path) -> Iterator[tuple[str, int]]:
    """(file, ELF machine) of every compiled file, whatever it is called."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as content:
                start = content.read(20)
            if start[:4] == b"\x7fELF":
                yield entry.filename, struct.unpack("<H", start[18:20])[0]


def test_every_function_has_its_distributions() -> None:
    assert set(DISTRIBUTIONS) == set(FUNCTIONS)


def test_compiled_files_are_for_arm_and_for_the_deployed_python(deployed: dict[str, Asset]) -> None:
    for name, one in deployed.items():
        compiled = dict(_machines(one.path))
        assert len(compiled) > 20, name
        assert set(compiled.values()) == {AARCH64}
        tagged = {found[1] for file in compiled if (found := re.search(r"\.cpython-(\d+)-", file))}
        assert tagged == {"314"}


def test_a_zip_for_this_machine_holds_nothing_for_the_other(tmp_path: Path) -> None:
    import platform

    here = {"x86_64": X86_64, "aarch64": AARCH64, "arm64": AARCH64}[platform.machine()]
    assert {machine for _, machine in _machines(asset("queue_letters", "local").path)} <= {here}


def test_unzipped_sizes_are_far_below_what_lambda_takes(deployed: dict[str, Asset]) -> None:
    for name, one in deployed.items():
        limit = 200e6 if name == "send_letter" else 110e6
        assert 10e6 < one.unzipped_bytes < limit, name
        with zipfile.ZipFile(one.path) as archive:
            assert one.unzipped_bytes == sum(entry.file_size for entry in archive.infolist())


def test_an_asset_above_the_budget_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    large, small = (Asset(Path("x"), "", int(UNZIPPED_MEGABYTES * 1e6) + extra) for extra in (1, 0))
    assert report({"portal": small, "sweep": large}) == ["sweep"]
    assert "200.0 MB" in capsys.readouterr().out


def test_a_function_carries_its_own_handler_and_no_other_nor_the_command_line_nor_the_local_cloud(
    deployed: dict[str, Asset],
) -> None:
    for name, one in deployed.items():
        ours = [file for file in _names(one.path) if file.startswith(("functions/", "tasrih/"))]
        folders = {file.split("/")[1] for file in ours if file.startswith("functions/")}
        assert folders <= {"__init__.py", name}
        assert "tasrih/settings.py" in ours
        assert not [file for file in ours if file.startswith(("tasrih/local/", "tasrih/cli"))]
        assert not [file for file in ours if "__pycache__" in file or file.endswith(".pyc")]


def test_no_file_stands_twice_in_a_zip(deployed: dict[str, Asset]) -> None:
    for one in deployed.values():
        names = _names(one.path)
        assert len(names) == len(set(names))


def test_building_twice_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "ASSETS", tmp_path / "assets")
    first = asset("portal", "lambda")
    before = first.path.read_bytes()
    monkeypatch.setattr(packaging, "BUNDLES", tmp_path / "bundles")
    second = asset("portal", "lambda")
    assert second.sha256 == first.sha256
    assert second.path.read_bytes() == before


def test_one_changed_line_of_ours_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "ASSETS", tmp_path)
    before = asset("portal", "lambda").sha256
    found = list(packaging.sources("portal"))
    changed = [(name, content + (b"#" if name == "tasrih/settings.py" else b"")) for name, content in found]
    monkeypatch.setattr(packaging, "sources", lambda _function: iter(changed))
    assert asset("portal", "lambda").sha256 != before


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_carries_what_its_code_imports_and_nothing_else(deployed: dict[str, Asset], name: str) -> None:
    wanted = distributions_of(imported(deployed[name].path, f"functions.{name}.handler"))
    # Time zones are data that `zoneinfo` finds by itself.
    assert wanted | {"tzdata"} == set(DISTRIBUTIONS[name])


def test_an_import_that_is_not_carried_is_found(tmp_path: Path) -> None:
    path = tmp_path / "planted.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("functions/__init__.py", "")
        archive.writestr("functions/portal/handler.py", "def handler(a, b):\n    from tasrih import law\n")
        archive.writestr("tasrih/__init__.py", "")
        archive.writestr("tasrih/law.py", "import os\nimport rich\n")
    assert imported(path, "functions.portal.handler") == {"rich"}
    assert "pygments" in distributions_of({"rich"})


def test_every_aws_service_that_is_called_has_its_description_in_the_zip(deployed: dict[str, Asset]) -> None:
    adapters = importlib.import_module("tasrih.adapters.clients")
    described = {file.split("/")[2] for file in _names(deployed["portal"].path) if file.startswith("botocore/data/")}
    assert set(adapters.READ_SECONDS) <= described
    assert "ec2" not in described
    assert "endpoints.json" in described or "partitions.json" in described


def test_two_synths_give_the_same_template_and_the_same_asset_hashes(dev_assembly: Path, tmp_path: Path) -> None:
    from infra.app import synthesize

    synthesize("dev", tmp_path / "again")
    for name in ("tasrih-dev.template.json", "tasrih-dev.assets.json"):
        again = json.loads((tmp_path / "again" / name).read_text())
        assert again == json.loads((dev_assembly / name).read_text())


def test_the_asset_of_a_function_is_its_own(dev_assembly: Path) -> None:
    template = json.loads((dev_assembly / "tasrih-dev.template.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            staged = dev_assembly / f"asset.{resource['Properties']['Code']['S3Key']}"
            folder = resource["Properties"]["Handler"].split(".")[1]
            with zipfile.ZipFile(staged) as archive, zipfile.ZipFile(asset(folder, "lambda").path) as ours:
                assert archive.namelist() == ours.namelist()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The zips for this machine, unzipped as Lambda does; the four that carry the same bundle share its files."""
    folders: dict[str, Path] = {}
    shared = tmp_path_factory.mktemp("task")
    for name in FUNCTIONS:
        whole = shared / ("receipts" if name == "send_letter" else "core")
        with zipfile.ZipFile(asset(name, "local").path) as archive:
            ours = [file for file in archive.namelist() if file.startswith("functions/")]
            archive.extractall(whole, ours if whole.exists() else None)
        folders[name] = whole
    return folders


LOAD = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
from tasrih.adapters.clients import READ_SECONDS, client
for service in READ_SECONDS:
    client(service)
import zoneinfo
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo("Africa/Algiers")
files = [str(getattr(module, "__file__", "")) for module in list(sys.modules.values())]
assert not [file for file in files if "site-packages" in file]
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_handler_loads_from_its_zip_with_nothing_else_installed(unpacked: dict[str, Path], name: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", LOAD, str(unpacked[name]), f"functions.{name}.handler"]
    environment = {"AWS_DEFAULT_REGION": "eu-west-3", "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_receipt_is_rendered_from_what_the_zip_holds(unpacked: dict[str, Path]) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import typst, segno; print(len(typst.compile(b'= x')))"
    command = [sys.executable, "-I", "-S", "-c", script, str(unpacked["send_letter"])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": ""})
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 500
    fonts = unpacked["send_letter"] / "tasrih" / "correspondence" / "fonts"
    assert len(list(fonts.rglob("*.ttf"))) >= 2
