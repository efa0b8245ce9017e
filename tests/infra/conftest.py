"""One synthesis per environment and session: it costs some five seconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.infra.template import Template


def _assembly(name: str, out: Path) -> Path:
    from infra.app import synthesize

    synthesize(name, out)
    return out


@pytest.fixture(scope="session")
def dev_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _assembly("dev", tmp_path_factory.mktemp("dev") / "cdk.out")


@pytest.fixture(scope="session")
def prod_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _assembly("prod", tmp_path_factory.mktemp("prod") / "cdk.out")


@pytest.fixture(scope="session")
def dev(dev_assembly: Path) -> Template:
    return Template(json.loads((dev_assembly / "tasrih-dev.template.json").read_text()))


@pytest.fixture(scope="session")
def prod(prod_assembly: Path) -> Template:
    return Template(json.loads((prod_assembly / "tasrih-prod.template.json").read_text()))


@pytest.fixture(scope="session", params=["dev", "prod"])
def each(request: pytest.FixtureRequest) -> Template:
    """Both environments, one after the other."""
    return request.getfixturevalue(request.param)
