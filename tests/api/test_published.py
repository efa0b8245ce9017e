"""The rule book and the layouts over HTTP: the same as the command line prints."""

from __future__ import annotations

import json

import pytest
from tasrih.cli import main

from tests.api.caller import Caller


@pytest.mark.parametrize("name", ["rules", "layouts"])
def test_the_service_and_the_command_line_tell_the_same(
    api: Caller, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name]) == 0
    reply = api.call("GET", f"/{name}", None)
    assert (reply.status, reply.body) == (200, json.loads(capsys.readouterr().out))
