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

    about = (
        "All that is held on one insured person, for that person to read (officers). Asks for the number, or reads it "
        "from standard input: no history of commands and no list of processes holds it."
    )
    parser = command(commands, "person", about)
    parser.add_argument("action", choices=("export",))
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; kept with the trace, and shown")
    parser.add_argument("--json", metavar="FILE", help="save the same as JSON there")
    signing_in(parser)
