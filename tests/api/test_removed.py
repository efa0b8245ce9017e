"""What the API says of what was removed when its time was over."""

from __future__ import annotations

import pytest
from tasrih.messages import LANGUAGES, table

from tests.api.caller import Caller, agent
from tests.story.test_confirm_names import guessed
from tests.story.test_remove_due import WRONG, mailed, run
from tests.story.world import ONE, World, pair


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_and_lines_whose_time_is_over_are_told_as_removed(api: Caller, world: World, language: str) -> None:
    wrong, right = world.file(WRONG), world.file(pair())
    mailed(world)
    world.later(days=31)
    run(world)
    for path in (f"/uploads/{wrong}/findings", f"/uploads/{wrong}/names", f"/uploads/{right}/lines"):
        reply = api.get(path, lang=language)
        assert (reply.status, reply.body["problem"]) == (410, "removed")
        assert reply.body["message"] == table("api")["removed"][language]
    assert api.get(f"/uploads/{wrong}").body["state"] == "refused"
    assert api.get(f"/uploads/{right}").body["receipt"]
    assert api.call("POST", "/insured", agent(), {"nss": ONE.nss}).body["declared"] == []


def test_what_still_waits_for_an_answer_is_not_removed(api: Caller, world: World) -> None:
    upload = world.file(guessed())
    mailed(world)
    world.later(days=400)
    run(world)
    assert api.get(f"/uploads/{upload}/names").status == 200
