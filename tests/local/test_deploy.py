"""Does a deployment say why it was refused, and give what was created?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tasrih.local.assets import FUNCTIONS, thin
from tasrih.local.cloud import LocalCloud
from tasrih.local.deploy import Refused
from tasrih.local.deployed import Failed, Stack
from tasrih.settings import FUNCTIONS as SETTINGS

from tests.local import small

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.folder(tmp_path_factory.mktemp("zips"))


@pytest.fixture(scope="module")
def echo(zips: Path) -> Iterator[Stack]:
    with LocalCloud() as cloud:
        yield cloud.deploy(small.template(), assets=zips)


def test_a_refused_resource_is_named_with_its_reason(cloud: LocalCloud, zips: Path) -> None:
    cloud.reset()
    template = small.template()
    template["Resources"]["Wrong"] = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": "long"}}
    template["Resources"]["Unknown"] = {"Type": "AWS::Nothing::AtAll", "DependsOn": "Inbox", "Properties": {}}
    with pytest.raises(Refused, match="AWS::Nothing::AtAll"):
        cloud.deploy(template, assets=zips)


def test_two_stacks_stand_side_by_side(zips: Path) -> None:
    with LocalCloud() as cloud:
        first, second = (cloud.deploy(small.template(), assets=zips) for _ in range(2))
        assert first.outputs["Table"] != second.outputs["Table"]
        assert first.invoke("echo", {"environment": ["TABLE"]}) == {"TABLE": first.outputs["Table"]}
        assert second.invoke("echo", {"environment": ["TABLE"]}) == {"TABLE": second.outputs["Table"]}


def test_an_error_of_a_function_is_raised_with_its_words(echo: Stack) -> None:
    with pytest.raises(Failed, match=r"echo: .*too late"):
        echo.invoke("echo", {"fail": "too late"})


def test_logs_of_a_function_are_found_in_the_group_the_template_gives_it(echo: Stack) -> None:
    assert echo.log_groups["echo"] != "/aws/lambda/echo"
    with pytest.raises(Failed):
        echo.invoke("echo", {"fail": "a sentence for the log"})
    assert "a sentence for the log" in echo.logs("echo")


def test_two_people_are_told_apart_by_their_tokens(echo: Stack) -> None:
    people = echo.people([("first", "officers"), ("second", "")])
    assert people["first"].password != people["second"].password
    assert echo.sign_in(people["first"]) != echo.sign_in(people["second"])


def test_every_function_of_the_settings_has_a_thin_zip_of_its_own_sources() -> None:
    for name in SETTINGS:
        assert (FUNCTIONS / name / "handler.py").exists()
        assert thin(name) == thin(name), "the same sources give the same bytes"
    assert len({thin(name) for name in SETTINGS}) == len(SETTINGS)
