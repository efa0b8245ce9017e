"""One trace of a reading, as a line of text."""

from __future__ import annotations

from typing import Any

from tasrih.messages import sentence


def look_line(look: dict[str, Any], language: str) -> str:
    """`look` as the API tells it."""
    told = sentence(
        "looks",
        "look",
        language,
        at=look["at"][:19].replace("T", " "),
        account=look["account"],
        role=sentence("looks", f"role_{look['role']}", language),
        whose=look["by_entity"] or look["agency"],
        meaning=look["meaning"],
    )
    about = (*look["employers"], look["upload"], look["reason"])
    return "  ".join([told, *(each for each in about if each)])
