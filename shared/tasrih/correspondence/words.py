"""Words and names fit for the page, Arabic and French side by side."""

from __future__ import annotations

import re

from tasrih.messages import sentence, table

Pair = dict[str, str]
"""{"fr": …, "ar": …}"""

_UNPRINTABLE = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u038e-\u03a1\u03a3-\u03e1\u0400-\u052f\u1e00-\u1eff\u200c\u200d"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u0606-\u061b\u061e-\u06ff\u0750-\u077f\ufb50-\ufbc1\ufbd3-\ufd3f"
    "\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfd\ufe70-\ufe74\ufe76-\ufefc\ufffd]"
)
"""What the four fonts have no glyph for; the page shows U+FFFD there, the facts keep the name as it is."""
_LONG_WORD = re.compile(r"\S{25,}")
_JOINT = re.compile(r"(?<=[_.,;()-])(?=\w)")
_BREAK = "\u200b"


def pair(key: str, subject: str = "receipt", **values: object) -> Pair:
    return {language: sentence(subject, key, language, **values) for language in ("fr", "ar")}


def known(key: str, otherwise: str) -> Pair:
    """The receipt's own short words, else those of the dues; the code itself when law or forms bring a new one."""
    for subject in ("receipt", "dues"):
        if key in table(subject):
            return pair(key, subject)
    return {"fr": otherwise, "ar": otherwise}


def printable(text: str) -> str:
    """Fit for the page: signs without a glyph replaced, long words breakable."""
    shown = _UNPRINTABLE.sub("\ufffd", text)
    return _LONG_WORD.sub(lambda word: _breakable(word[0]), shown)


def _breakable(word: str) -> str:
    pieces = _JOINT.split(word)
    return _BREAK.join(piece[at : at + 20] for piece in pieces for at in range(0, len(piece), 20))


def right_to_left(text: str) -> bool:
    """By its first letter, as Unicode tells a paragraph's direction."""
    first = next((sign for sign in text if sign.isalpha()), "")
    return "\u0590" <= first <= "\u08ff" or "\ufb1d" <= first <= "\ufefc"
