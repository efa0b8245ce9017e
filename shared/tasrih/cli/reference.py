"""The commands that look something up, without a service."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from tasrih.cli.options import command

if TYPE_CHECKING:
    from tasrih.cli.options import Commands


def reference(commands: Commands) -> None:
    _law(commands)
    abouts = {
        "openapi": "Print the API's OpenAPI document.",
        "rules": "Print the rule book as JSON: every finding, what it reads, what it rests on, in three languages.",
        "layouts": "Print the layouts of files and their limits as JSON.",
    }
    for name, about in abouts.items():
        commands.add_parser(name, help=about, description=about).set_defaults(run=_run_document, document=name)


def _law(commands: Commands) -> None:
    about = "The law as it is held for a day: every value with its source, what is unknown, what was decided here."
    parser = command(commands, "law", about)
    parser.add_argument("--on", type=_day, metavar="DATE", help="a day as 2026-01-31; default: today")
    parser.add_argument("--known-on", type=_day, metavar="DATE", help="only what had been published by then")


def _day(text: str) -> date:
    """Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no day written as 2026-01-31: {text!r}") from None


def _run_document(options: argparse.Namespace) -> int:
    from tasrih.cli.documents import DOCUMENTS

    print(DOCUMENTS[options.document]())
    return 0
