"""From a receipt's facts to the words and figures on its page, Arabic and French side by side."""

from __future__ import annotations

from typing import Any

from tasrih.correspondence.dues_view import dues_part
from tasrih.correspondence.facts import Facts, day
from tasrih.correspondence.words import Pair, known, pair, printable, right_to_left
from tasrih.messages import sentence
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars


def _cell(key: str, value: str, **words: Pair) -> dict[str, Any]:
    shown = printable(value)
    return {"label": pair(key), "value": shown, "rtl": right_to_left(shown), **words}


def _employer(facts: Facts) -> dict[str, Any]:
    names = [printable(facts[key]) for key in ("entity_name", "entity_name_ar") if facts[key]]
    cells = [
        _cell("employer", spaced_employer(facts["employer"])),
        _cell("agency", facts["agency"]),
        _cell("centre", facts["centre"]),
    ]
    return {
        "title": pair("employer_section"),
        "names": [{"value": name, "rtl": right_to_left(name)} for name in names],
        "cells": [cell for cell in cells if cell["value"]],
    }


def _filing(facts: Facts) -> dict[str, Any]:
    cells = [
        _cell("period", facts["period"]),
        _cell("type", facts["type"], words=known(f"type_{facts['type']}", "")),
        _cell("version", str(facts["version"])),
        _cell("lines", grouped(facts["lines"])),
        _cell("replaces", facts["replaces"]),
    ]
    return {"title": pair("filing_section"), "cells": [cell for cell in cells if cell["value"]]}


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _totals(facts: Facts) -> dict[str, Any]:
    quarters = facts["quarters_centimes"]
    cells = [{"label": pair("quarter", quarter=n), "value": dinars(base)} for n, base in enumerate(quarters, 1)]
    return {
        "title": pair("totals_section"),
        "cells": [*cells, {"label": pair("year"), "value": dinars(facts["base_centimes"])}],
    }


def _files(facts: Facts) -> dict[str, Any]:
    return {
        "title": pair("files_section"),
        "columns": [pair(key) for key in ("file_name", "fingerprint", "file_lines", "file_size")],
        "rows": [
            {
                "name": printable(file["name"]),
                "rtl": right_to_left(file["name"]),
                "lines": grouped(file["lines"]),
                "size": grouped(file["size"]),
                "sha256": file["sha256"],
            }
            for file in facts["files"]
        ],
    }


def certified_part(facts: Facts) -> list[Pair]:
    """Who vouched, and under which mandate; nothing on receipts older than certification."""
    who = facts.get("certified")
    if not who:
        return []
    said = [pair("certified", name=printable(who["name"]), capacity=printable(who["capacity"]))]
    mandate = who["mandate"]
    if mandate:
        said.append(pair("mandate", holder=printable(mandate["holder"]), since=day(mandate["since"])))
    return said


def _notes(facts: Facts) -> list[Pair]:
    notes = []
    if facts["assumed_code"]:
        notes.append(pair("assumed_code", code=facts["assumed_code"]))
    versions = {"rules": facts["rules_version"], "law": facts["law_version"]}
    rounding = facts["dues"]["rounding"]
    if rounding:
        words = known(f"rounding_{rounding}", rounding)
        notes.append(
            {
                language: sentence("receipt", "versions", language, rounding=words[language], **versions)
                for language in ("fr", "ar")
            }
        )
    else:
        notes.append(pair("versions_held", **versions))
    return [*notes, pair("verify"), pair("not_official")]


def page(facts: Facts) -> dict[str, Any]:
    """All that the page template shows. Raises KeyError when the facts are no receipt's."""
    arrived = facts["arrived_at"]
    return {
        "title": pair("title"),
        "kind": known(f"kind_{facts['kind']}", facts["kind"]),
        "period": facts["period"],
        "number": {"label": pair("number"), "value": facts["number"]},
        "arrived": {"label": pair("arrived_at"), "value": f"{day(arrived)}  {arrived[11:19]}"},
        "day": [int(part) for part in arrived[:10].split("-")],
        "alt": " / ".join(pair("qr_alt", number=facts["number"]).values()),
        "employer": _employer(facts),
        "filing": _filing(facts),
        "totals": _totals(facts),
        "dues": dues_part(facts["dues"]),
        "certified": certified_part(facts),
        "files": _files(facts),
        "notes": _notes(facts),
        "page": pair("page", page="{page}", pages="{pages}"),
    }
