"""The commands about people's rights, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrih.cli.options import command, signing_in

if TYPE_CHECKING:
    from tasrih.cli.options import Commands


def people(commands: Commands) -> None:
    about = "Who looked at your files, newest first: officers, holders of a mandate, programs."
    parser = command(commands, "looks", about)
    parser.add_argument("--employer", default="", metavar="NUMBER", help="of this employer number; officers name one")
    signing_in(parser)
