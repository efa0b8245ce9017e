"""Machines over HTTP: a person makes one for their entity, sees all, revokes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.callers import World, caller
from tasrih.register.parties import Account
from tasrih.story import machines as story

MachineId = Annotated[str, Path(pattern=r"^machine-[0-9a-f]{32}$")]


class AskedMachine(Model):
    """A program that is to act for your entity, and what it may do."""

    name: str = Field(max_length=60, examples=["Paie 2027, serveur"])
    scopes: list[Literal["test", "declare", "read"]] = Field(
        min_length=1,
        max_length=3,
        description="test: file tests alone (the sandbox); declare: file and withdraw, naming who certifies; "
        "read: see all that was filed for you. It always sees what it filed itself.",
    )


class MachineView(Model):
    machine: str = Field(description="Its client id: the user name it signs in with")
    name: str
    scopes: list[str]
    created_by: str = Field(description="It acts under the mandates of this account")
    created_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None


class CreatedMachine(MachineView):
    secret: str = Field(description="Shown this once; nobody can read it again")


class Machines(Model):
    machines: list[MachineView]


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The routes."""

    @app.post("/machines", summary="Make a machine: its secret is shown once", tags=["machines"], status_code=201)
    def machine_created(asked: Annotated[AskedMachine, Body()]) -> CreatedMachine:
        here = world()
        account, now = caller(app, here.book), here.clock.now()
        machine, secret = story.create(
            asked.name, asked.scopes, account, now, book=here.book, chance=here.chance, sign_ins=here.machines
        )
        return CreatedMachine(**_fields(machine), secret=secret)

    @app.get("/machines", summary="The machines of your entity, revoked ones included", tags=["machines"])
    def machines() -> Machines:
        here = world()
        found = story.machines(caller(app, here.book), here.book)
        return Machines(machines=[MachineView(**_fields(machine)) for machine in found])

    @app.delete("/machines/<machine>", summary="Revoke a machine, from now on", tags=["machines"])
    def machine_revoked(machine: MachineId) -> MachineView:
        here = world()
        account, now = caller(app, here.book), here.clock.now()
        return MachineView(**_fields(story.revoke(machine, account, now, book=here.book, sign_ins=here.machines)))


def _fields(machine: Account) -> dict[str, Any]:
    return {
        "machine": machine.account,
        "name": machine.name,
        "scopes": list(machine.scopes),
        "created_by": machine.acts_for,
        "created_at": machine.created_at,
        "revoked_by": machine.revoked_by,
        "revoked_at": machine.revoked_at,
    }
