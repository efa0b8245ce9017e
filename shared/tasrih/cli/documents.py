"""What programs read of the service without asking it: `tasrih openapi`, `tasrih rules`, `tasrih layouts`."""

from __future__ import annotations

import json
from collections.abc import Callable


def _openapi() -> str:
    from tasrih.adapters.api.app import openapi

    return openapi()


def _rules() -> str:
    from tasrih.declaration.published.rules import rule_book

    return json.dumps(rule_book(), ensure_ascii=False)


def _layouts() -> str:
    from tasrih.declaration.published.layouts import layouts

    return json.dumps(layouts(), ensure_ascii=False)


DOCUMENTS: dict[str, Callable[[], str]] = {"openapi": _openapi, "rules": _rules, "layouts": _layouts}
