"""The wheel folders: only files that the lock knows get in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from infra import wheels
from infra.bundles import Pin, needed, pins
from infra.wheels import TARGETS, WheelsMissing, fill, wheel

LOCK = """\
some-thing==1.2 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
other==3 ; sys_platform == 'win32' \\
    --hash=sha256:{b}
""".format(a="a" * 64, b="b" * 64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the local folder that a test may spoil."""
    copy = tmp_path / "wheels"
    (copy / "local").mkdir(parents=True)
    for name in needed():
        shutil.copy(wheel("local", name), copy / "local")
    monkeypatch.setattr(wheels, "WHEELS", copy)
    wheels._verified.cache_clear()
    yield copy / "local"
    monkeypatch.undo()
    wheels._verified.cache_clear()


def test_the_lock_is_read_with_its_hashes_and_without_its_markers() -> None:
    assert pins(LOCK) == {
        "some-thing": Pin("1.2", frozenset({"a" * 64, "b" * 64})),
        "other": Pin("3", frozenset({"b" * 64})),
    }


def test_everything_that_a_function_carries_is_locked() -> None:
    assert set(needed()) <= set(pins())


@pytest.mark.parametrize("target", TARGETS)
def test_the_folders_are_complete(target: str) -> None:
    for name in needed():
        assert wheel(target, name).name.endswith(".whl")


def test_a_wheel_with_one_changed_byte_is_not_taken(folder: Path) -> None:
    path = next(folder.glob("six-*.whl"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(WheelsMissing, match=r"lacks six: run `make install`"):
        wheel("local", "six")


def test_a_wheel_of_another_version_is_not_taken(folder: Path) -> None:
    path = next(folder.glob("segno-*.whl"))
    path.rename(path.with_name(path.name.replace(path.name.split("-")[1], "0.0.1")))
    with pytest.raises(WheelsMissing, match="segno"):
        wheel("local", "segno")


def test_a_wheel_for_another_processor_or_python_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.rename(folder.with_name("lambda"))
    with pytest.raises(WheelsMissing, match="lacks numpy, pydantic-core, typst, zstandard:"):
        wheel("lambda", "numpy")
    folder.with_name("lambda").rename(folder)
    monkeypatch.setitem(wheels.MACHINES, "local", ("3.99", wheels.MACHINES["local"][1]))
    with pytest.raises(WheelsMissing, match="lacks numpy, pydantic-core, zstandard:"):
        wheel("local", "numpy")


def test_a_complete_folder_asks_nothing_of_the_network(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("asked"))
    fill("local")
    assert "complete" in capsys.readouterr().out


def test_what_is_asked_for_is_hashed_and_never_built_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command))
    next(folder.glob("six-*.whl")).unlink()
    with pytest.raises(WheelsMissing):
        fill("local")
    assert {"--require-hashes", "--only-binary=:all:", "--no-deps"} <= set(asked[0])
    wanted = (folder / "requirements.txt").read_text().splitlines()
    assert [line.split("==")[0] for line in wanted] == needed()
    assert all("--hash=sha256:" in line for line in wanted)
