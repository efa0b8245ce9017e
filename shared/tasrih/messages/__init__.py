"""Every sentence in ar, fr and en, side by side: one TOML table per subject, one entry per message."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

LANGUAGES = ("ar", "fr", "en")
_ISOLATE, _POP = "\u2068", "\u2069"


@cache
def table(subject: str) -> dict[str, dict[str, str]]:
    """All entries of `messages/<subject>.toml`: key -> language -> sentence."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{subject}.toml").read_text("utf-8"))


def sentence(subject: str, key: str, language: str, /, **values: object) -> str:
    """The sentence with its values inserted. Raises KeyError for an unknown subject entry or language.

    In Arabic each inserted value is wrapped in Unicode isolates, so that numbers and Latin words never reverse.
    """
    form = table(subject)[key][language]
    if language == "ar":
        return form.format(**{name: f"{_ISOLATE}{value}{_POP}" for name, value in values.items()})
    return form.format(**values)
