"""Do data of the previous release outlive this one, and does work go on where it stood?"""

from __future__ import annotations

import pytest
from tasrih.correspondence.verify import verify
from tasrih.local.cloud import LocalCloud

from tests.cloud.filings import ONE, TWO, Person, das
from tests.cloud.fund import Fund
from tests.runbook.operator import Operator, Play
from tests.runbook.previous_release import Previous, move_in, template
from tests.runbook.releases import put_forward, taken, this_release

pytestmark = pytest.mark.cloud

A_NEW_ONE = Person("700099998888", "NOMNOUVEAU", "PRENOMNOUVEAU", (6_000_000,) * 4, "AGENT")


@pytest.fixture(scope="module")
def fund(cloud: LocalCloud) -> Fund:
    """The stack of the release before."""
    cloud.reset()
    return Fund(cloud.deploy(template()))


@pytest.fixture(scope="module")
def previous(fund: Fund) -> Previous:
    return move_in(fund.stack)


def test_a_release_is_put_in_place_and_data_stay(
    fund: Fund, previous: Previous, play: Play, operator: Operator
) -> None:
    kept = {name: fund.stack.outputs[name] for name in ("BookTable", "LinesTable", "InboxBucket", "ReceiptsBucket")}
    ready = put_forward(fund.stack, this_release())
    lost = [line for line in play.see().splitlines() if "Table" in line or "Bucket" in line or "UserPool\t" in line]
    assert lost == []
    play.do()
    assert play.know() == "UPDATE_COMPLETE\n"
    taken(fund.stack, ready)
    operator.look_up_names()
    assert {name: fund.stack.outputs[name] for name in kept} == kept
    read_as_before(fund, previous)
    goes_on(fund, previous)


def read_as_before(fund: Fund, previous: Previous) -> None:
    ours, theirs = (previous.employer(place, fund.anybody) for place in (0, 1))
    for name, each in previous.uploads.items():
        web = theirs.web if name == "withdrawn" else ours.web
        view = web.must("GET", f"/uploads/{each['upload']}")
        assert view["state"] == each["state"], name
        web.must("GET", f"/uploads/{each['upload']}/findings")
        if each["state"] == "in_force":
            assert web.must("GET", f"/uploads/{each['upload']}/lines")["lines"], name
    assert {view["upload"] for view in ours.web.must("GET", "/uploads")["uploads"]} >= {
        each["upload"] for name, each in previous.uploads.items() if name != "withdrawn"
    }
    assert theirs.web.must("GET", "/mandates/held")["mandates"]
    assert previous.papers
    assert all(verify(paper, previous.keys).ok for paper in previous.papers.values())


def goes_on(fund: Fund, previous: Previous) -> None:
    """The next correction takes its place after what the release before had accepted."""
    ours = previous.employer(0, fund.anybody)
    upload = ours.send(das(ours.number, ONE, TWO, A_NEW_ONE))
    view = fund.verdict(ours, upload)
    assert (view["state"], view["version"]) == ("in_force", 3)
    assert ours.view(previous.uploads["corrected"]["upload"])["state"] == "superseded"
    fund.mails(ours)
    fund.stack.tick("sweep")
