"""All that is held on one insured person, as a text that the person can read."""

from __future__ import annotations

from typing import Any

from tasrih.correspondence.facts import day
from tasrih.correspondence.looked import look_line
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars


def person_text(export: dict[str, Any], language: str) -> str:
    """`export` as the API tells it."""

    def said(key: str, **values: object) -> str:
        return sentence("person", key, language, **values)

    told = {name: export[name] for name in ("agency", "by", "reason")}
    text = [said("title", nss=export["nss"]), said("scope", day=day(export["at"][:10]), **told), ""]
    if not export["held"]:
        text += [said("nothing"), ""]
    for held in export["held"]:
        text += [*_held(held, language), ""]
    text += [said("looked"), *(f"  {look_line(look, language)}" for look in export["looked"]), "", said("rights")]
    return "\n".join(text) + "\n"


def _held(held: dict[str, Any], language: str) -> list[str]:
    names = ("kind", "period", "employer", "version", "upload")
    told = {name: held[name] for name in names}
    state = sentence("person", f"state_{held['state']}", language)
    head = sentence("person", "held", language, **told, state=state, day=day(held["arrived_at"][:10]))
    notes = [
        key for key, true in (("given_later", held["number_given_later"]), ("file_kept", held["file_kept"])) if true
    ]
    return [
        head,
        *(f"  {text}" for line in held["lines"] for text in _line(line, language)),
        *(f"  {sentence('person', key, language)}" for key in notes),
    ]


def _line(line: dict[str, Any], language: str) -> list[str]:
    wage = line["base_centimes"] if line["base_year_centimes"] is None else line["base_year_centimes"]
    name = f"{line['surname']} {line['first_name']}"
    more = {key: line[key] for key in ("entry", "exit", "function", "code") if line[key].strip("0 ")}
    return [
        sentence("person", "line", language, number=line["number"], name=name, birth=_date(line["birth"])),
        f"  {sentence('person', 'wage', language, amount=dinars(wage))}",
        *(f"  {sentence('person', key, language, value=_shown(key, value))}" for key, value in more.items()),
    ]


def _shown(key: str, value: str) -> str:
    return _date(value) if key in ("entry", "exit") else value


def _date(text: str) -> str:
    """ddmmyyyy -> dd/mm/yyyy; anything else as it is."""
    return f"{text[:2]}/{text[2:4]}/{text[4:]}" if len(text) == 8 and text.isdecimal() else text
