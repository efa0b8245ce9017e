"""From a receipt's facts to the words and figures on its page, Arabic and French side by side."""

from __future__ import annotations

from typing import Any

from tasrih.correspondence.dac_view import base_parts, paid_cells, worker_cells
from tasrih.correspondence.dues_view import dues_part
from tasrih.correspondence.facts import Facts, day, workers_in_reserve
from tasrih.correspondence.words import Pair, known, pair, printable, right_to_left
from tasrih.messages import sentence
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars


def labelled(key: str, value: str, **words: Pair) -> dict[str, Any]:
    shown = printable(value)
    return {"label": pair(key), "value": shown, "rtl": right_to_left(shown), **words}


def employer_part(facts: Facts) -> dict[str, Any]:
    names = [printable(facts[key]) for key in ("entity_name", "entity_name_ar") if facts[key]]
    cells = [
        labelled("employer", spaced_employer(facts["employer"])),
        labelled("agency", facts["agency"]),
        labelled("centre", facts["centre"]),
    ]
    return {
        "title": pair("employer_section"),
        "names": [{"value": name, "rtl": right_to_left(name)} for name in names],
        "cells": [cell for cell in cells if cell["value"]],
    }


def _filing(facts: Facts) -> dict[str, Any]:
    """A DAC is of no type, and tells of its workers."""
    dac = facts.get("dac")
    cells = [
        labelled("period", facts["period"]),
        *([] if dac else [labelled("type", facts["type"], words=known(f"type_{facts['type']}", ""))]),
        labelled("version", str(facts["version"])),
        labelled("lines", grouped(facts["lines"])),
        labelled("in_reserve", _reserve(facts)),
        *(worker_cells(dac) if dac else []),
        labelled("replaces", facts["replaces"]),
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


def files_part(facts: Facts) -> dict[str, Any]:
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


def certified_part(facts: Facts, sentence_key: str = "certified") -> list[Pair]:
    """Who vouched, and under which mandate; nothing on receipts older than certification."""
    who = facts.get("certified")
    if not who:
        return []
    said = [pair(sentence_key, name=printable(who["name"]), capacity=printable(who["capacity"]))]
    mandate = who["mandate"]
    if mandate:
        said.append(pair("mandate", holder=printable(mandate["holder"]), since=day(mandate["since"])))
    return said


def _names(facts: Facts) -> list[Pair]:
    """Nothing on receipts older than this fact, and where every letter was certain."""
    names = facts.get("names")
    if not names:
        return []
    who = printable(names["by"]["name"]) if names["by"] else ""
    return [pair("names_confirmed", code_page=names["code_page"], name=who, day=day(names["at"]))]


def _reserve(facts: Facts) -> str:
    """ "" on receipts older than this fact, and where every line has its number."""
    reserve = facts.get("reserve")
    return f"{grouped(workers_in_reserve(reserve))} · {day(reserve['complete_by'])}" if reserve else ""


def _notes(facts: Facts) -> list[Pair]:
    notes = []
    told = ", ".join(each["code"] for each in facts.get("codes", ()))
    if told:
        notes.append(pair("codes_told", "dues", codes=told))
    if facts["assumed_code"]:
        key, subject = ("code_assumed_for_rest", "dues") if told else ("assumed_code", "receipt")
        notes.append(pair(key, subject, code=facts["assumed_code"]))
    if facts.get("dac", {}).get("paid_centimes"):
        notes.append(pair("paid_note"))
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


def frame(facts: Facts, at: str, title: str, number: str) -> dict[str, Any]:
    """The head and foot that papers of every kind have. `at` names the moment, the others the words above."""
    moment = facts[at]
    return {
        "title": pair(title),
        "kind": known(f"kind_{facts['kind']}", facts["kind"]),
        "period": facts["period"],
        "number": {"label": pair(number), "value": facts["number"]},
        "arrived": {"label": pair(at), "value": f"{day(moment)}  {moment[11:19]}"},
        "day": [int(part) for part in moment[:10].split("-")],
        "alt": " / ".join(pair("qr_alt", number=facts["number"]).values()),
        "page": pair("page", page="{page}", pages="{pages}"),
    }


def page(facts: Facts) -> dict[str, Any]:
    """All that the page template shows. Raises KeyError when the facts are no receipt's."""
    dac = facts.get("dac")
    return {
        **frame(facts, "arrived_at", "title", "number"),
        "employer": employer_part(facts),
        "filing": _filing(facts),
        **(base_parts(facts) if dac else {"totals": _totals(facts)}),
        "dues": dues_part(facts["dues"], paid_cells(dac) if dac else []),
        "certified": [*certified_part(facts), *_names(facts)],
        "files": files_part(facts),
        "notes": _notes(facts),
    }
