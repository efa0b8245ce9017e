"""A ticket, a rank, and forms for exactly the announced bytes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from tasrih.adapters.memory import UploadRefused
from tasrih.messages import LANGUAGES, table
from tasrih.register.parties import Account
from tasrih.story.access import NotAllowed, NotFound
from tasrih.story.files import Announced
from tasrih.story.open_upload import MAX_UPLOAD_BYTES, Asked, NotAsked, open_upload
from tasrih.story.pieces import PIECE_BYTES
from tasrih.story.ports import Busy, Changed, Lost
from tasrih.story.records import Ticket
from tasrih.story.requests import Request
from tasrih.story.to_send import Opened

from tests.story.faulty import Plan
from tests.story.world import OURS, THEIRS, US, VOUCHED, World, announced, pair, settled_world

FILES = tuple(announced(*each) for each in pair().files)
GOOD = Asked(OURS, FILES, pair().total, request="demande-0001", certified=VOUCHED)


def ask(world: World, asked: Asked = GOOD, account: Account | None = None, plan: Plan | None = None) -> Opened:
    book = plan.ports(world)["book"] if plan else world.book
    return open_upload(
        asked, account or world.account(US), world.clock.now(), book=book, inbox=world.inbox, chance=world.chance
    )


def tickets(world: World) -> list[Ticket]:
    return world.book.owned(Ticket, US)


def test_a_ticket_says_until_when_the_forms_live_and_by_when_there_is_a_verdict(world: World) -> None:
    ticket = ask(world).ticket
    assert ticket.form_expires_at - ticket.opened_at == timedelta(minutes=10)
    assert ticket.verdict_by - ticket.opened_at == timedelta(hours=1)
    assert (ticket.state, ticket.entity, ticket.employer) == ("awaiting_upload", US, OURS)


def test_each_ticket_has_a_higher_rank_than_the_one_before(world: World) -> None:
    ranks = [ask(world, replace(GOOD, request="")).ticket.rank for _ in range(5)]
    assert ranks == sorted(set(ranks))


def test_a_form_takes_the_announced_bytes_and_no_others(world: World) -> None:
    opened = ask(world)
    with pytest.raises(UploadRefused, match="checksum"):
        world.inbox.upload(opened.forms[0], pair().detail[1])
    world.inbox.upload(opened.forms[0], pair().header[1])
    world.later(minutes=11)
    with pytest.raises(UploadRefused, match="expired"):
        world.inbox.upload(opened.forms[1], pair().detail[1])


def test_the_key_of_an_object_holds_nothing_of_the_filer(world: World) -> None:
    odd = (replace(FILES[0], name="../../%2F ملف\u00e9.txt"),)
    opened = ask(world, replace(GOOD, files=odd))
    fields = opened.forms[0]["fields"]
    assert isinstance(fields, dict)
    assert fields["key"] == f"uploads/{opened.ticket.upload}/0"


def test_the_same_request_again_gets_the_same_ticket(world: World) -> None:
    first, second = ask(world), ask(world)
    assert first.ticket.upload == second.ticket.upload
    assert len(tickets(world)) == 1


def test_forms_asked_for_again_live_no_longer_than_the_first_ones(world: World) -> None:
    first = ask(world)
    world.clock.advance(timedelta(minutes=9))
    again = ask(world)
    assert again.ticket.form_expires_at == first.ticket.form_expires_at
    world.clock.advance(timedelta(minutes=1, seconds=1))
    with pytest.raises(UploadRefused):
        world.inbox.upload(again.forms[0], pair().header[1])
    with pytest.raises(NotAsked, match="request_over"):
        ask(world)


def test_the_same_request_key_with_another_body_is_an_error(world: World) -> None:
    ask(world)
    with pytest.raises(NotAsked) as trouble:
        ask(world, replace(GOOD, total_centimes=1))
    assert (trouble.value.field, trouble.value.why) == ("request", "request_reused")
    assert len(tickets(world)) == 1


def test_a_request_key_belongs_to_one_account(world: World) -> None:
    ask(world)
    theirs = pair(employer=THEIRS)
    other = Asked(
        THEIRS, tuple(announced(*each) for each in theirs.files), theirs.total, request=GOOD.request, certified=VOUCHED
    )
    assert ask(world, other, world.account("eux")).ticket.entity == "eux"


def test_without_a_request_key_every_asking_is_a_ticket(world: World) -> None:
    ask(world, replace(GOOD, request=""))
    ask(world, replace(GOOD, request=""))
    assert len(tickets(world)) == 2


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [Busy, Lost, Changed])
def test_asking_again_after_any_failure_gets_the_one_ticket(world: World, error: type[Exception], after: bool) -> None:
    clean = Plan()
    ask(settled_world(), plan=clean)
    for at, call in enumerate(clean.trace):
        if error is Changed and call != "book.commit":
            continue
        asked = replace(GOOD, request=f"demande-{error.__name__}-{after}-{at}")
        with suppress(Busy, Changed):
            ask(world, asked, plan=Plan(at, error, after))
        opened = ask(world, asked)
        of_request = world.book.get(Request, f"ACCOUNT#{US}", f"REQUEST#{asked.request}")
        assert of_request
        assert opened.ticket.upload == of_request.upload
        assert world.ticket(opened.ticket.upload).rank == opened.ticket.rank
    assert len(tickets(world)) == sum(error is not Changed or call == "book.commit" for call in clean.trace)


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"files": ()}, "files", "one_or_two_files"),
        ({"files": FILES + FILES[:1]}, "files", "one_or_two_files"),
        ({"files": (FILES[0], FILES[0])}, "files", "same_name_twice"),
        ({"files": (replace(FILES[0], name=""),)}, "files[0].name", "file_name"),
        ({"files": (FILES[0], replace(FILES[1], name="a\u202eb"))}, "files[1].name", "file_name"),
        ({"files": (replace(FILES[0], name="a\nb"),)}, "files[0].name", "file_name"),
        ({"files": (replace(FILES[0], size=0),)}, "files[0].size", "file_size"),
        ({"files": (replace(FILES[0], size=MAX_UPLOAD_BYTES + 1),)}, "files[0].size", "file_size"),
        ({"files": (replace(FILES[0], sha256="A" * 64),)}, "files[0].sha256", "sha256"),
        ({"files": (replace(FILES[0], lines=-1),)}, "files[0].lines", "negative"),
        ({"files": (replace(FILES[0], pieces=("0" * 64,)),)}, "files[0].pieces", "pieces"),
        ({"files": (replace(FILES[0], size=PIECE_BYTES + 1),)}, "files[0].pieces", "pieces"),
        ({"files": (replace(FILES[0], size=PIECE_BYTES + 1, pieces=("0" * 64,)),)}, "files[0].pieces", "pieces"),
        ({"files": (replace(FILES[0], size=PIECE_BYTES + 1, pieces=("é", "0" * 64)),)}, "files[0].pieces", "pieces"),
        ({"total_centimes": -1}, "total_centimes", "negative"),
        ({"request": "court"}, "request", "request_key"),
        ({"request": "clé-avec-accent"}, "request", "request_key"),
        ({"request": "a" * 8 + "\n"}, "request", "request_key"),
    ],
)
def test_what_cannot_be_asked_is_named_by_its_field(
    world: World, changed: dict[str, object], field: str, why: str
) -> None:
    with pytest.raises(NotAsked) as trouble:
        ask(world, replace(GOOD, **changed))
    assert (trouble.value.field, trouble.value.why) == (field, why)
    assert not tickets(world)
    assert set(table("api")[why]) == set(LANGUAGES)


def test_nobody_opens_an_upload_for_anothers_employer_or_one_that_does_not_exist(world: World) -> None:
    for number in (THEIRS, "1600000000"):
        with pytest.raises(NotFound) as trouble:
            ask(world, replace(GOOD, employer=number))
        assert str(trouble.value) == ""


def test_an_officer_opens_no_upload(world: World) -> None:
    with pytest.raises(NotAllowed):
        ask(world, account=Account(account="agent", role="officer", agency="16000"))


def test_an_account_without_entity_sees_no_employer(world: World) -> None:
    with pytest.raises(NotFound):
        ask(world, account=Account(account="vide", role="employer", entity=""))


def test_a_file_name_of_255_characters_is_taken(world: World) -> None:
    named = Announced(name="ا" * 255, size=1, sha256="0" * 64, lines=1)
    assert ask(world, replace(GOOD, files=(named,))).ticket.files == (named,)
