"""`tasrih local`: the local cloud with everything deployed, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime

from rich.console import Console
from rich.table import Table

from tasrih.local.cloud import CannotStart, LocalCloud
from tasrih.local.deploy import Refused
from tasrih.local.deployed import Stack
from tasrih.local.people import Person

OFFICERS = "officers"
"""The group of officers, as the template has it."""

Seed = Callable[[Stack], list[Person]]


def an_officer(stack: Stack) -> list[Person]:
    return list(stack.people([("officer", OFFICERS)]).values())


def run_local(args: argparse.Namespace, seed: Seed = an_officer) -> int:
    """`args`: port, pretend_now (ISO with offset, or None), auth. `seed` fills the fresh stack and returns the
    accounts to print. 0 after Ctrl-C, 2 when it could not start or the date cannot be read."""
    screen = Console(highlight=False)
    ended = threading.Event()
    previous = signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    try:
        pretend_now = _moment(args.pretend_now)
        with LocalCloud(auth=args.auth, port=args.port) as cloud:
            stack = cloud.deploy(pretend_now=pretend_now)
            _show(screen, cloud, stack, seed(stack))
            while not ended.wait(1.0):
                pass
    except KeyboardInterrupt:
        pass
    except (CannotStart, Refused, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, previous)
    screen.print("Ended; nothing is left.")
    return 0


def _moment(text: str | None) -> datetime | None:
    """Raises ValueError for what is no date and time with offset."""
    moment = datetime.fromisoformat(text) if text else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{text}: the offset is missing, say {text}+01:00")
    return moment


def _show(screen: Console, cloud: LocalCloud, stack: Stack, people: list[Person]) -> None:
    places = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    places.add_row("API", stack.api_url)
    places.add_row("Mails", str(stack.mailbox.folder))
    places.add_row("AWS services", f"AWS_ENDPOINT_URL={cloud.endpoint} AWS_DEFAULT_REGION={cloud.region}")
    places.add_row("Log", str(cloud.folder / "output.log"))
    for person in people:
        places.add_row(f"Account ({person.group or 'employer'})", f"{person.username}  {person.password}")
    screen.print(places, soft_wrap=True)
    screen.print("Everything here is synthetic and is gone after Ctrl-C.")
