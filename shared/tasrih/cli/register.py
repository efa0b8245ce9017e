"""`tasrih register`: an officer brings a register file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from io import StringIO

from tasrih.cli.codes import text_of
from tasrih.cli.service import Service
from tasrih.messages import sentence

ROWS_AT_ONCE = 500
"""A request may hold 6 MB and take 30 s; a whole agency's register is sent in parts."""


def run(options: argparse.Namespace) -> int:
    """All parts are tried before the first is written: a fault anywhere keeps the whole file out."""
    service = Service(options.api, options.lang).sign_in(options)
    text = text_of(options.file, options.lang)
    done = _bring(text, service, dry_run=True)
    if done and not options.dry_run:
        done = _bring(text, service, dry_run=False)
    if not done:
        return 1
    print(sentence("cli", "register_done", options.lang, **done))
    if options.dry_run:
        print(sentence("cli", "register_dry", options.lang))
    return 0


def _bring(text: str, service: Service, *, dry_run: bool) -> dict[str, int]:
    """What changed, or would; {} when something is wrong, which is printed by the file's own lines."""
    done = {"created": 0, "changed": 0, "unchanged": 0}
    wrong = False
    for place, part in enumerate(parts(text)):
        answer = service.put_text("/register", part, dry_run="true" if dry_run else "")
        for each in answer["findings"]:
            line = each["line"] + (place * ROWS_AT_ONCE if each["line"] > 1 else 0)
            print(f"  {each['code']}  {line or ''}  {each['message']}")
        wrong = wrong or bool(answer["findings"])
        done = {name: count + answer[name] for name, count in done.items()}
    return {} if wrong else done


def parts(text: str) -> Iterator[str]:
    """The file in parts of whole rows, the heading on top of each."""
    heading, _, rest = text.partition("\n")
    if heading.lower().startswith("sep="):
        second, _, rest = rest.partition("\n")
        heading = f"{heading}\n{second}"
    rows = list(StringIO(rest, newline=""))
    for start in range(0, max(1, len(rows)), ROWS_AT_ONCE):
        yield f"{heading}\n" + "".join(rows[start : start + ROWS_AT_ONCE])
