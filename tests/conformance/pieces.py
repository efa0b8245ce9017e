"""What the inbox promises of large files that come in pieces."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from tasrih.story.ports import Piece

from tests.conformance.objects import KEY, read, sizes
from tests.conformance.probe import probe, told
from tests.conformance.world import World

MIB = 1024 * 1024
BODIES = (b"a" * (5 * MIB), b"b" * 1000)


def piece(number: int, body: bytes = b"") -> Piece:
    body = body or BODIES[number - 1]
    return Piece(number, 5 * MIB * (number - 1), len(body), sha256(body).hexdigest())


def send(world: World, session: str, number: int, body: bytes = b"") -> str:
    body = body or BODIES[number - 1]
    return world.send_piece(world.inbox.piece_form(KEY, session, piece(number, body), 600), body)


def begun(world: World) -> tuple[str, list[tuple[Piece, str]]]:
    """A session that has both pieces, and what to join."""
    session = world.inbox.begin(KEY)
    for number in (1, 2):
        assert send(world, session, number) == "taken"
    heads = world.inbox.pieces(KEY, session)
    return session, [(piece(number), heads[number].tag) for number in (1, 2)]


@probe(({}, {1: 1000, 2: 1000}))
def pieces_are_listed_by_number(world: World) -> object:
    session = world.inbox.begin(KEY)
    before = world.inbox.pieces(KEY, session)
    for number in (2, 1):
        send(world, session, number, b"b" * 1000)
    return before, {number: head.size for number, head in world.inbox.pieces(KEY, session).items()}


@probe([1, 2, 3, 4, 5])
def pieces_of_many_pages(world: World) -> object:
    world.paged(2)
    session = world.inbox.begin(KEY)
    for number in range(1, 6):
        send(world, session, number, b"b")
    return list(world.inbox.pieces(KEY, session))


@probe((True, {}, "Gone"))
def each_session_gathers_for_itself(world: World) -> object:
    one, other = world.inbox.begin(KEY), world.inbox.begin(KEY)
    send(world, one, 1, b"b")
    return one != other, world.inbox.pieces(KEY, other), told(lambda: world.inbox.pieces("uploads/other", one))


@probe(({}, "done", {KEY: 5 * MIB + 1000}, "Gone"))
def nothing_arrives_before_the_pieces_are_joined(world: World) -> object:
    session, both = begun(world)
    before = sizes(world, "uploads/")
    said = told(lambda: world.inbox.join(KEY, session, both))
    return before, said, sizes(world, "uploads/"), told(lambda: world.inbox.pieces(KEY, session))


@probe(True)
def the_pieces_stand_in_order_in_the_object(world: World) -> object:
    session, both = begun(world)
    world.inbox.join(KEY, session, both)
    return read(world, KEY, world.inbox.arrivals(KEY)[KEY].version) == b"".join(BODIES)


@probe("Gone; 1 byte")
def joined_where_an_object_stands(world: World) -> object:
    session, both = begun(world)
    world.put(KEY, b"x")
    return f"{told(lambda: world.inbox.join(KEY, session, both))}; {sizes(world, KEY)[KEY]} byte"


@probe("done")
def joined_where_an_object_was_deleted(world: World) -> object:
    session, both = begun(world)
    world.put(KEY, b"x")
    world.delete(KEY)
    return told(lambda: world.inbox.join(KEY, session, both))


@probe(("Busy", {}))
def a_piece_was_sent_again_meanwhile(world: World) -> object:
    session, both = begun(world)
    send(world, session, 2, b"c" * 1000)
    return told(lambda: world.inbox.join(KEY, session, both)), sizes(world, "uploads/")


@probe("Busy")
def a_piece_that_never_came(world: World) -> object:
    session, both = begun(world)
    return told(lambda: world.inbox.join(KEY, session, [*both, (piece(3, b"c"), both[1][1])]))


@probe("another error")
def a_small_piece_that_is_not_the_last(world: World) -> object:
    session = world.inbox.begin(KEY)
    for number in (1, 2):
        send(world, session, number, b"c")
    tagged = [(piece(n, b"c"), head.tag) for n, head in world.inbox.pieces(KEY, session).items()]
    return told(lambda: world.inbox.join(KEY, session, tagged))


@probe("another error")
def pieces_joined_out_of_order(world: World) -> object:
    session, both = begun(world)
    return told(lambda: world.inbox.join(KEY, session, both[::-1]))


@probe("another error")
def no_pieces_joined(world: World) -> object:
    session, _ = begun(world)
    return told(lambda: world.inbox.join(KEY, session, []))


@probe(("done", "done", "Gone", "Gone", {}))
def pieces_given_up(world: World) -> object:
    session, both = begun(world)
    given_up = [told(lambda: world.inbox.abandon(KEY, session)) for _ in range(2)]
    asked = told(lambda: world.inbox.pieces(KEY, session)), told(lambda: world.inbox.join(KEY, session, both))
    return (*given_up, *asked, sizes(world, "uploads/"))


@probe(("refused", "refused", "refused"))
def an_address_takes_no_other_bytes_and_none_after_its_end(world: World) -> object:
    session = world.inbox.begin(KEY)
    address = partial(world.inbox.piece_form, KEY, session, piece(1, b"right"))
    other, longer = (world.send_piece(address(600), body) for body in (b"wrong", b"right and more"))
    world.inbox.abandon(KEY, session)
    return other, longer, world.send_piece(address(600), b"right")


@probe("refused")
def an_address_whose_time_is_over(world: World) -> object:
    session = world.inbox.begin(KEY)
    return world.send_piece(world.inbox.piece_form(KEY, session, piece(1, b"right"), -1), b"right")


@probe("of the beginning")
def the_date_of_joined_pieces(world: World) -> object:
    session, both = begun(world)
    began = world.now()
    world.wait(1.2)
    world.inbox.join(KEY, session, both)
    after = (world.inbox.arrivals(KEY)[KEY].at - began).total_seconds()
    return "of the beginning" if after <= 0 else "of the end"


@probe("another each time")
def the_tag_of_the_same_bytes(world: World) -> object:
    session = world.inbox.begin(KEY)
    tags = []
    for _ in range(2):
        send(world, session, 1, b"c")
        tags.append(world.inbox.pieces(KEY, session)[1].tag)
    return "the same" if tags[0] == tags[1] else "another each time"
