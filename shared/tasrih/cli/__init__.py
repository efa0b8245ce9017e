"""`tasrih`: check offline, submit, verify, run the local cloud."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from tasrih import __version__
from tasrih.cli.options import CODE_PAGES, EVENTS, certifying, code_page, command, signing_in
from tasrih.cli.people import people
from tasrih.cli.reference import reference

if TYPE_CHECKING:
    from tasrih.cli.options import Commands

NOT_USABLE = 2
"""Exit code: could not be used as asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 yes, 1 no (refused, not genuine, failed), 2 could not be used as asked."""
    _open_to_any_writing()
    parser = _parser()
    options = parser.parse_args(arguments)
    code = NOT_USABLE
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
    except (OSError, ValueError, EOFError) as trouble:
        print(f"tasrih: {_told(trouble, getattr(options, 'lang', 'fr'))}", file=sys.stderr)
        return NOT_USABLE
    except KeyboardInterrupt:
        return 130
    return code


def _told(trouble: Exception, language: str) -> str:
    from tasrih.cli.deposit import unreadable
    from tasrih.messages import sentence

    if isinstance(trouble, EOFError):
        return sentence("cli", "no_password", language)
    if isinstance(trouble, OSError) and trouble.filename:
        return unreadable(trouble, "", language)
    return str(trouble)


def _open_to_any_writing() -> None:
    """A screen without Arabic, or no screen at all, costs letters but no verdict."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (for the whole run)
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop_writing() -> None:
    """Whoever read us has seen enough: what is still buffered goes nowhere, without complaint at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tasrih", description="Wage declarations to a social-security fund, from upload to signed receipt."
    )
    parser.add_argument("--version", action="version", version=f"tasrih {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (
        _check,
        _submit,
        _status,
        _affiliations,
        _names,
        _withdraw,
        _mandate,
        _machine,
        _webhook,
        people,
        _verify,
        _register,
        _local,
        _demo,
        reference,
    ):
        add(commands)
    return parser


def _check(commands: Commands) -> None:
    about = (
        "Check a declaration offline. Exit 0: would be accepted, 1: would be refused, 2: could not be used as asked."
    )
    parser = command(commands, "check", about)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="the two files, a zip, a CSV, or a folder of them")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--out", metavar="FILE", help="write there instead of the screen")
    parser.add_argument("--codes", metavar="CODE,…", help="contribution codes in use, as the register has them (R22)")
    parser.add_argument("--explain", action="store_true", help="each amount by quarter, with its reasons")
    code_page(parser)
    parser.add_argument("--register", metavar="FILE", help="register file to take the contribution codes from")


def _submit(commands: Commands) -> None:
    parser = command(commands, "submit", "Send a declaration and wait for its verdict.")
    parser.add_argument("paths", nargs="+", metavar="FILE", help="the two files of a pair, a zip, or a CSV")
    parser.add_argument("--employer", metavar="NUMBER", help="employer number, when the file names do not say it")
    certifying(parser)
    code_page(parser)
    parser.add_argument("--test", action="store_true", help="a full verdict that changes nothing: no receipt, no dues")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the verdict")
    parser.add_argument("--receipt", metavar="FOLDER", help="save the signed receipt (PDF and JSON) and the keys there")
    signing_in(parser)


def _status(commands: Commands) -> None:
    parser = command(commands, "status", "Where an upload stands; without its number, your latest uploads.")
    parser.add_argument("upload", nargs="?")
    parser.add_argument("--entity", metavar="NAME", help="list the uploads of one that gave you a mandate to read")
    parser.add_argument("--receipt", metavar="FOLDER", help="save the signed receipt (PDF and JSON) and the keys there")
    signing_in(parser)


def _names(commands: Commands) -> None:
    about = "Names that rest on a guess, as every code page reads them; confirm the right reading."
    parser = command(commands, "names", about)
    parser.add_argument("upload")
    parser.add_argument("--confirm", choices=CODE_PAGES, help="the code page in which the names are right")
    parser.add_argument("--test", action="store_true", help="of a test, which nobody certifies")
    certifying(parser)
    signing_in(parser)


def _affiliations(commands: Commands) -> None:
    about = "Affiliation requests for workers declared without a number; give the number once it is known."
    parser = command(commands, "affiliations", about)
    parser.add_argument("upload")
    parser.add_argument("--csv", metavar="FILE", help="save the requests there as a table")
    parser.add_argument("--line", type=int, metavar="LINE", help="the line whose number is given")
    parser.add_argument("--number", metavar="NUMBER", help="its social-security number, 12 digits")
    signing_in(parser)


def _withdraw(commands: Commands) -> None:
    about = "Withdraw a filing in force that was sent for the wrong employer or year."
    parser = command(commands, "withdraw", about)
    parser.add_argument("upload")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="printed on the receipt of the withdrawal")
    parser.add_argument("--receipt", metavar="FOLDER", help="save the receipt of the withdrawal and the keys there")
    certifying(parser)
    signing_in(parser)


def _mandate(commands: Commands) -> None:
    about = "Let another's account (your accountant's) act for you; take it back; list what you gave or hold."
    parser = command(commands, "mandate", about)
    parser.add_argument("action", choices=("give", "withdraw", "list"))
    parser.add_argument("account", nargs="?", help="the other's account name")
    scopes = "declare: file, withdraw, see what it filed; read: see all. May be given twice; default: both"
    parser.add_argument("--scope", action="append", choices=("declare", "read"), help=scopes)
    parser.add_argument("--held", action="store_true", help="list the mandates that your account holds")
    signing_in(parser)


def _machine(commands: Commands) -> None:
    about = "Let a program act for you: make a machine (its secret is shown once), list them, revoke one."
    parser = command(commands, "machine", about)
    parser.add_argument("action", choices=("create", "list", "revoke"))
    parser.add_argument("machine", nargs="?", help="create: what you call it; revoke: its id")
    scopes = "test: file tests alone; declare: file and withdraw; read: see all. May be given several times"
    parser.add_argument("--scope", action="append", choices=("test", "declare", "read"), help=scopes)
    signing_in(parser)


def _webhook(commands: Commands) -> None:
    about = "Have an address of your program told of events (its secret is shown once); list, test, remove."
    parser = command(commands, "webhook", about)
    parser.add_argument("action", choices=("add", "list", "test", "remove"))
    parser.add_argument("webhook", nargs="?", help="add: the https address; test, remove: its id")
    parser.add_argument("--event", action="append", choices=EVENTS, help="may be given several times; default: all")
    signing_in(parser)


def _verify(commands: Commands) -> None:
    about = "Check a receipt (PDF or JSON) or the text of its QR code, without network. Exit 0: genuine, 1: not."
    parser = command(commands, "verify", about)
    parser.add_argument("file", metavar="FILE", help="receipt as PDF or JSON, or a file holding the QR code's text")
    parser.add_argument("--keys", metavar="FILE", help="published keys; default: keys.json beside FILE")


def _register(commands: Commands) -> None:
    parser = command(commands, "register", "Import employers from a register file (officers).")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    signing_in(parser)


def _local(commands: Commands) -> None:
    about = "Run the embedded local cloud until Ctrl-C."
    parser = commands.add_parser("local", help=about, description=about)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--pretend-now", metavar="ISO", help="a date and time with offset; only the local cloud takes it"
    )
    parser.add_argument("--auth", action="store_true", help="enforce IAM permissions")
    parser.set_defaults(run=_run_local)


def _run_local(options: argparse.Namespace) -> int:
    from tasrih.cli.demo import run_seeded_local

    return run_seeded_local(options)


def _demo(commands: Commands) -> None:
    about = "The main job on the embedded local cloud, down to a printed receipt."
    parser = commands.add_parser("demo", help=about, description=about)
    parser.add_argument("--out", default="tasrih-demo", metavar="FOLDER", help="where papers go (default: tasrih-demo)")
    parser.set_defaults(run=_run_demo)


def _run_demo(options: argparse.Namespace) -> int:
    from tasrih.cli.demo import run

    return run(options)
