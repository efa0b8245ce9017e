"""What several commands have in common on the command line."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def command(commands: Commands, name: str, about: str) -> argparse.ArgumentParser:
    """The command's own module is loaded when it runs: none waits for what another needs."""
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=lambda options: import_module(f"tasrih.cli.{name}").run(options))
    parser.add_argument("--lang", choices=("ar", "fr", "en"), default="fr", help="language of sentences (default: fr)")
    return parser


def signing_in(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--api", required=True, metavar="URL", help="address of the service")
    parser.add_argument("--user", help="account name; the password is asked, or taken from TASRIH_PASSWORD")
    parser.add_argument("--token-file", metavar="FILE", help="file with an access token, instead of signing in")


def certifying(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--certified-by", metavar="NAME", help="who vouches for it; printed on the receipt")
    parser.add_argument("--capacity", metavar="TEXT", help="as what: gérant, comptable mandaté, …")


CODE_PAGES = ("windows-1252", "windows-1256", "iso-8859-6", "cp720")
EVENTS = ("verdict.reached", "receipt.ready", "filing.withdrawn", "archive.finished")
"""Both said again, so that no command waits for what they come from; a test compares."""


def code_page(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--code-page", choices=CODE_PAGES, default="", help="of names that are not in Unicode")
