"""Do the world in memory and the local cloud do as AWS documents, but for a reviewed list of differences?"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from tasrih import story
from tasrih.adapters.lines import LinesTable
from tasrih.local.cloud import LocalCloud

from tests import conformance
from tests.conformance.in_local_cloud import InLocalCloud
from tests.conformance.in_memory import InMemory
from tests.conformance.line import Line
from tests.conformance.probe import PROBES, Probe
from tests.conformance.world import Asked, made_ports

for module in pkgutil.iter_modules(conformance.__path__):
    if not module.name.startswith("test_"):
        importlib.import_module(f"{conformance.__name__}.{module.name}")

LISTED = tomllib.loads(Path(__file__).with_name("differences.toml").read_text("utf-8"))["difference"]
REVIEWED: dict[str, dict[str, str]] = {each["probe"]: each for each in LISTED}
ELSEWHERE = {"Calls.call": "no service of AWS answers it: tests/adapters/test_web_calls.py"}
each_probe = pytest.mark.parametrize("probe", PROBES.values(), ids=lambda probe: probe.name)


@pytest.fixture(scope="module")
def line(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    made = Line(cloud, tmp_path_factory.mktemp("mails"))
    yield made
    made.close()


def judge(probe: Probe, world: str, seen: str) -> None:
    listed = REVIEWED.get(probe.name, {}).get(world, probe.aws)
    if seen == listed:
        return
    if seen == probe.aws:
        pytest.fail(f"{probe.name}: {world} now does as AWS; take the difference off the list")
    pytest.fail(f"{probe.name}: {world} differs from AWS's documents\nsays      {seen}\nlisted is {listed}")


@each_probe
def test_memory_does_as_aws_documents_or_as_reviewed(probe: Probe) -> None:
    judge(probe, InMemory.name, str(InMemory().run(probe.ask)))


@pytest.mark.cloud
@each_probe
def test_the_local_cloud_does_as_aws_documents_or_as_reviewed(probe: Probe, line: Line) -> None:
    world = InLocalCloud(line)
    try:
        seen = str(world.run(probe.ask))
    finally:
        world.close()
    judge(probe, InLocalCloud.name, seen)


def test_a_new_difference_fails_and_so_does_one_that_has_gone() -> None:
    probe = PROBES["a_small_piece_that_is_not_the_last"]
    with pytest.raises(pytest.fail.Exception, match="take the difference off the list"):
        judge(probe, InLocalCloud.name, probe.aws)
    with pytest.raises(pytest.fail.Exception, match="differs from AWS's documents"):
        judge(probe, InLocalCloud.name, "something else")


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed["probe"])
def test_a_reviewed_difference_says_who_differs_from_which_document_and_why_that_is_harmless(
    listed: dict[str, str],
) -> None:
    assert set(listed) == {"probe", "memory", "local_cloud", "aws", "document", "made_good"}
    assert all(listed.values())
    assert listed["aws"] == PROBES[listed["probe"]].aws
    assert {listed["memory"], listed["local_cloud"]} != {listed["aws"]}, "nobody differs"
    assert "://" not in str(listed), "documents have names here, no addresses"


def test_no_difference_is_listed_twice() -> None:
    assert len(REVIEWED) == len(LISTED)


def port_kinds() -> list[type]:
    """Every Protocol of the stories, and the table of lines."""
    modules = [
        importlib.import_module(f"{story.__name__}.{each.name}") for each in pkgutil.iter_modules(story.__path__)
    ]
    found = [each for module in modules for each in vars(module).values() if inspect.isclass(each)]
    ours = {
        each for each in found if getattr(each, "_is_protocol", False) and each.__module__.startswith(story.__name__)
    }
    return sorted({*ours, LinesTable}, key=lambda kind: kind.__name__)


def unprobed(kinds: list[type], asked: Asked) -> list[str]:
    """ "Port.method" of every method that no probe calls on what a world makes for that port."""
    return [
        f"{kind.__name__}.{method}"
        for kind in kinds
        for method in vars(kind)
        if not method.startswith("_")
        and not any(f"{name}.{method}" in asked.names for name, fits in made_ports().items() if kind in fits.__mro__)
    ]


def test_every_method_of_every_port_is_probed() -> None:
    asked = Asked()
    for probe in PROBES.values():
        InMemory(asked).run(probe.ask)
    assert len(port_kinds()) > 10
    assert unprobed(port_kinds(), asked) == list(ELSEWHERE)


def test_a_method_that_no_probe_calls_is_named() -> None:
    class Scales(Protocol):
        def weigh(self) -> int: ...

    assert unprobed([Scales], Asked()) == ["Scales.weigh"]
