"""`tasrih local`: the local cloud with everything deployed, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime

from tasrih.local.cloud import CannotStart, LocalCloud
from tasrih.local.deploy import Refused
from tasrih.local.deployed import Stack
from tasrih.local.people import Person

Seed = Callable[[Stack], list[Person]]


def an_officer(stack: Stack) -> list[Person]:
    """An officer of the first agency of the template."""
    group = stack.resources["AWS::Cognito::UserPoolGroup"][0]
    return list(stack.people([("officer", group)]).values())


def run_local(args: argparse.Namespace, seed: Seed = an_officer) -> int:
    """`args`: port, pretend_now (ISO with offset, or None), auth. `seed` fills the fresh stack and returns the
    accounts to print. 0 after Ctrl-C, 2 when it could not start or the date cannot be read."""
    ended = threading.Event()
    previous = signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    try:
        pretend_now = _moment(args.pretend_now)
        with LocalCloud(auth=args.auth, port=args.port) as cloud:
            stack = cloud.deploy(pretend_now=pretend_now)
            _show(cloud, stack, seed(stack))
            while not ended.wait(1.0):
                pass
    except KeyboardInterrupt:
        pass
    except (CannotStart, Refused, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, previous)
    print("Ended; nothing is left.")
    return 0


def _moment(text: str | None) -> datetime | None:
    """Raises ValueError for what is no date and time with offset."""
    moment = datetime.fromisoformat(text) if text else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{text}: the offset is missing, say {text}+01:00")
    return moment


def _show(cloud: LocalCloud, stack: Stack, people: list[Person]) -> None:
    rows = [
        ("API", stack.api_url),
        ("Mails", str(stack.mailbox.folder)),
        ("AWS services", cloud.endpoint),
        ("Log", str(cloud.folder / "output.log")),
        *((f"Account ({person.group or 'employer'})", f"{person.username}  {person.password}") for person in people),
    ]
    for what, where in rows:
        print(f"{what:<26}{where}")
    print("All people and employers here are invented. Ctrl-C ends it, and nothing is kept.", flush=True)
