"""What the templates say, from `templates/instructions.toml`: rules and columns of a form, and the README."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from itertools import groupby
from typing import Any

from tasrih.declaration.csv.headings import OPTIONAL
from tasrih.declaration.dac.headings import AGGREGATE, NOMINAL

FOLDER = resources.files("tasrih.declaration") / "templates"
TEXTS: dict[str, Any] = tomllib.loads((FOLDER / "instructions.toml").read_text("utf-8"))
PAGE: dict[str, Any] = TEXTS["page"]
"""What stands around the rules and columns."""
FORMS = tuple(TEXTS["forms"])
LANGUAGES = ("fr", "ar", "en")
MAY_GO = {"das": OPTIONAL, "dac": AGGREGATE.optional, "dac_nominal": NOMINAL.optional}
"""Columns that a file may lack."""
NAMES = {"fr": "Français", "ar": "العربية", "en": "English"}
LEFT_TO_RIGHT = "\u200e"


def rules(form: str, only: str, language: str) -> Iterator[tuple[str, str]]:
    """Topic and text of each rule that holds for the form as "xlsx" or "csv"; `form` "" = those of every form."""
    for rule in TEXTS["rules"]:
        forms = rule.get("forms", ("", *FORMS) if only == "xlsx" else ("",))
        if form in forms and rule.get("only", only) == only:
            yield rule["topic"], told(rule[language], language)


def columns(form: str) -> list[dict[str, Any]]:
    return [column for column in TEXTS["columns"] if form in column["forms"]]


def told(text: str, language: str) -> str:
    """With what is typed set left to right within Arabic, whichever program shows it."""
    return re.sub("`[^`]*`", rf"{LEFT_TO_RIGHT}\g<0>{LEFT_TO_RIGHT}", text) if language == "ar" else text


def headed(column: dict[str, Any], language: str) -> str:
    """The heading of a column in one language; "#" stands for the quarter."""
    return str(column["names"][language].split(" / ")[0])


def heading(column: dict[str, Any], quarter: str = "") -> str:
    """As our workbooks have it, in three languages."""
    return " / ".join(headed(column, language) for language in LANGUAGES).replace("#", quarter)


def quarters(text: str) -> str:
    """Of a heading with "#": its first and last."""
    return f"{text.replace('#', '1')} … {text.replace('#', '4')}" if "#" in text else text


def presence(column: dict[str, Any], form: str, language: str) -> str:
    return str(PAGE["optional" if column["name"] in MAY_GO[form] else "required"][language])


def when(column: dict[str, Any], language: str) -> str:
    return told(TEXTS["when"][column["when"]][language], language)


def readme() -> str:
    return "\n".join(
        [
            f"# {PAGE['title']}",
            "",
            *(part for each in LANGUAGES for part in _section(each)),
            PAGE["headings"],
            *_headings(),
            PAGE["kept"],
        ]
    )


def _section(language: str) -> Iterator[str]:
    yield f"## {NAMES[language]}\n"
    if language == "ar":
        yield '<div dir="rtl">\n'
    yield f"{told(PAGE['files'][language], language)} {told(PAGE['ours'][language], language)}\n"
    for form in FORMS:
        yield f"- {_name(form, language)} — [`{form}.xlsx`]({form}.xlsx), [`{form}.csv`]({form}.csv)"
    yield ""
    yield from _rules("", language)
    for form in FORMS:
        yield f"### {_name(form, language)}\n"
        yield from _rules(form, language)
        yield from _columns(form, language)
    if language == "ar":
        yield "</div>\n"


def _name(form: str, language: str) -> str:
    return told(TEXTS["forms"][form][language], language)


def _rules(form: str, language: str) -> Iterator[str]:
    for topic, found in groupby(rules(form, "csv", language), key=lambda rule: rule[0]):
        if not form:
            yield f"### {told(TEXTS['topics'][topic][language], language)}\n"
        yield from (f"- {text}" for _, text in found)
        yield ""


def _columns(form: str, language: str) -> Iterator[str]:
    yield _row(*PAGE["table"][language])
    yield _row(*["---"] * len(PAGE["table"][language]))
    for column in columns(form):
        text = told(column[language], language)
        name = quarters(headed(column, language))
        yield _row(name, presence(column, form, language), when(column, language), text)
    yield ""


def _headings() -> Iterator[str]:
    for forms, title in ((("das",), "DAS"), (("dac", "dac_nominal"), "DAC")):
        yield f"### {title}\n"
        yield _row(*NAMES.values(), "JSON")
        yield _row(*["---"] * 4)
        found = {column["name"]: column for form in forms for column in columns(form)}
        for name, column in found.items():
            yield _row(*(column["names"][language] for language in LANGUAGES), f"`{name}`")
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
