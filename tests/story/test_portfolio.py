"""One archive with the declarations of many employers: a verdict, a receipt and a posting for each."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest
from tasrih.adapters.memory import MemoryPost, MemoryReceipts, MemorySigner
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.ports import Busy
from tasrih.story.receive import MAX_ATTEMPTS, READING
from tasrih.story.records import Ticket
from tasrih.story.split import child_upload

from tests.story.faulty import Crash, Down, Plan
from tests.story.world import OURS, OURS_TOO, THEIRS, US, VOUCHED, Pair, World, announced, pair, settled_world

OF_TWO = {"a": pair(employer=OURS), "b": pair(employer=OURS_TOO)}


def archive(pairs: Mapping[str, Pair], more: Mapping[str, bytes] = {}) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, each in pairs.items():
            for name, body in each.files:
                archive.writestr(f"{folder}/{name}", body)
        for name, body in more.items():
            archive.writestr(name, body)
    return packed.getvalue()


def send(world: World, body: bytes, employer: str = "", code_page: str = "") -> str:
    asked = Asked(employer, (announced("portefeuille.zip", body),), 0, "", "", "real", VOUCHED, code_page)
    opened = open_upload(
        asked, world.account(US), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    world.inbox.upload(opened.forms[0], body)
    return opened.ticket.upload


def table(base: int) -> bytes:
    """A CSV of one worker with the same base in each quarter, in centimes."""
    quarters = [(f"duree_t{q};unite_t{q};base_t{q}_centimes", f"90;J;{base}") for q in range(1, 5)]
    heads = ["numero_employeur;annee;type;centre;nss;nom;prenom;date_naissance", *(head for head, _ in quarters)]
    cells = [f"{OURS};2019;N;16000;800000000001;NOMUN;PRENOMUN;01/01/1980", *(cell for _, cell in quarters)]
    return "\n".join([";".join([*heads, "base_annuelle_centimes"]), ";".join([*cells, str(4 * base)]), ""]).encode()


def parts(world: World, upload: str) -> list[str]:
    """What became of each part, in the order of the archive."""
    return [world.receive(child.upload) for child in world.outcome(upload).children]


def steps_of_splitting() -> list[str]:
    """Every call, in order, that an archive of two costs."""
    probe, trace = settled_world(), Plan()
    probe.receive(send(probe, archive(OF_TWO)), **trace.ports(probe))
    return trace.trace


def desk(world: World) -> tuple[Desk, MemoryPost]:
    post = MemoryPost()
    signer = MemorySigner("a seed")
    mail = "declarations@tasrih.example"
    return (
        Desk(world.book, world.inbox, MemoryReceipts(), signer, post, mail, "https://tasrih.example/verify"),
        post,
    )


def test_each_declaration_of_an_archive_gets_its_own_verdict_receipt_and_posting(world: World) -> None:
    upload = send(world, archive(OF_TWO))
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "in_force"]
    receipts = [world.receipt(child.upload) for child in world.outcome(upload).children]
    assert len({receipt.number for receipt in receipts if receipt}) == 2
    assert world.series(OURS)
    assert world.series(OURS_TOO)
    assert len(world.entries(OURS)) == 1
    assert world.receipt(upload) is None


def test_one_bad_part_stops_no_other(world: World) -> None:
    wrong = pair(employer=OURS_TOO, stated=1)
    upload = send(world, archive({"a": OF_TWO["a"], "b": wrong}, {"lisezmoi.pdf": b"%PDF-1.4 rien"}))
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "refused", "refused"]
    assert world.series(OURS_TOO) is None


def test_a_part_for_an_employer_that_is_not_theirs_is_refused_without_telling_whether_it_exists(world: World) -> None:
    upload = send(world, archive({"a": OF_TWO["a"], "c": pair(employer=THEIRS), "d": pair(employer="1699999988")}))
    world.receive(upload)
    assert parts(world, upload) == ["in_force", "refused", "refused"]
    codes = [set(world.outcome(child.upload).counts) for child in world.outcome(upload).children[1:]]
    assert codes == [{"E493"}, {"E493"}]
    assert world.series(THEIRS) is None


def test_an_archive_with_one_pair_needs_no_employer_named(world: World) -> None:
    upload = send(world, archive({"a": OF_TWO["a"]}))
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force"]


def test_a_part_arrived_when_its_archive_did(world: World) -> None:
    upload = send(world, archive(OF_TWO))
    world.later(hours=2)
    world.receive(upload)
    child = world.outcome(upload).children[0].upload
    world.receive(child)
    assert world.ticket(child).arrived_at == world.ticket(upload).arrived_at
    assert world.ticket(child).arrived_at == world.clock.now() - timedelta(hours=2)


def test_an_archive_that_is_not_the_announced_one_is_refused_whole(world: World) -> None:
    body = archive(OF_TWO)
    asked = Asked("", (announced("portefeuille.zip", body),), 0, "", "", "real", VOUCHED)
    upload = open_upload(
        asked, world.account(US), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    ).ticket.upload
    world.inbox.put(f"uploads/{upload}/0", archive(OF_TWO, {"intrus.txt": b"autre"}))
    assert world.receive(upload) == "refused"
    assert set(world.outcome(upload).counts) == {"E403"}


def test_splitting_again_after_any_failure_opens_nothing_twice(world: World) -> None:
    upload = send(world, archive(OF_TWO))
    with pytest.raises(Busy):
        world.receive(upload, inbox=Down("inbox.put_part").ports(world)["inbox"])
    world.later(minutes=10)
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "in_force"]
    assert [child.upload for child in world.outcome(upload).children] == [
        child_upload(upload, 0),
        child_upload(upload, 1),
    ]
    assert len(world.versions(OURS)) == 1


def test_a_part_of_an_archive_that_was_read_late_is_not_called_missing_before_its_files_are_put_there(
    world: World,
) -> None:
    upload = send(world, archive(OF_TWO))
    world.later(minutes=59)
    opened = steps_of_splitting().index("inbox.put_part")
    with pytest.raises(Crash):
        world.receive(upload, **Plan(opened, Crash).ports(world))
    world.later(seconds=READING.total_seconds())
    assert world.receive(child_upload(upload, 0)) == "awaiting_upload"
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "in_force"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_parts_for_one_employer_the_later_in_the_archive_is_in_force(
    world: World, order: tuple[int, int]
) -> None:
    upload = send(world, archive({}, {"a.csv": table(9000000), "b.csv": table(9900000)}))
    world.receive(upload)
    children = world.outcome(upload).children
    for place in order:
        world.receive(children[place].upload)
    series = world.series(OURS)
    assert series
    assert series.upload == children[1].upload


def test_parts_are_listed_under_their_archive_for_the_sender(world: World) -> None:
    upload = send(world, archive(OF_TWO))
    world.receive(upload)
    parts(world, upload)
    assert [ticket.upload for ticket in world.book.owned(Ticket, US)] == [upload]


def test_one_mail_tells_of_all_parts_once_each_has_its_verdict(world: World) -> None:
    upload = send(world, archive({"a": OF_TWO["a"], "b": pair(employer=OURS_TOO, stated=1)}))
    world.receive(upload)
    here, post = desk(world)
    first, second = (child.upload for child in world.outcome(upload).children)
    world.receive(first)
    assert acknowledge(first, "in_force", world.clock.now(), here) == "in_digest"
    with pytest.raises(Busy):
        acknowledge(upload, "split", world.clock.now(), here)
    assert not post.sent
    world.receive(second)
    assert acknowledge(second, "refused", world.clock.now(), here) == "in_digest"
    ((to, message),) = post.sent
    assert to == "paie@exemple.example"
    receipt = world.receipt(first)
    assert receipt
    assert receipt.pdf
    assert receipt.number.encode() in message
    assert acknowledge(upload, "split", world.clock.now(), here) == "nothing_owed"
    assert len(post.sent) == 1


def test_an_archive_that_was_begun_is_split_to_the_end_however_often_the_process_died_at_it(world: World) -> None:
    """Its first part may be in force already: the archive is no longer called unreadable."""
    upload = send(world, archive(OF_TWO))
    second_part = [at for at, call in enumerate(steps_of_splitting()) if call == "inbox.put_part"][2]
    for _ in range(MAX_ATTEMPTS + 2):
        with pytest.raises(Crash):
            world.receive(upload, **Plan(second_part, Crash).ports(world))
        assert world.receive(child_upload(upload, 0)) in ("in_force", "decided", "awaiting_upload", "received")
        world.later(seconds=READING.total_seconds())
    assert world.receive(upload) == "split"
    assert set(parts(world, upload)) <= {"in_force", "decided"}
