"""Names as every code page reads them, on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tasrih.messages import sentence
from tasrih.messages.findings import printable


def preview(guessed: str, names: Sequence[Mapping[str, str]], language: str) -> Iterator[str]:
    """A block for each code page that can hold all of the names: its name, and how it reads them."""
    if not names:
        yield sentence("cli", "names_certain", language)
        return
    yield sentence("cli", "names_guessed", language, code_page=guessed)
    for page in names[0]:
        shown = [printable(name[page]) for name in names if page in name]
        if len(shown) == len(names):
            yield f"  {page}: {' | '.join(shown)}"
