"""What the buckets promise: versions, forms, reports, papers."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from tasrih.adapters.messages_in import uploads_named

from tests.conformance.probe import probe, told
from tests.conformance.world import World

KEY = "uploads/" + "0" * 32 + "/0"
BODY = "تصريح بالأجور\r\n".encode()
NO_VERSION = "00000000-0000-4000-8000-000000000000"


def read(world: World, key: str, version: str) -> object:
    def bytes_of() -> bytes:
        with world.inbox.open(key, version) as file:
            return file.read()

    return told(bytes_of)


def sizes(world: World, prefix: str) -> dict[str, int]:
    return {key: head.size for key, head in world.inbox.arrivals(prefix).items()}


@probe({KEY: 1})
def the_first_version_is_the_one_that_arrived(world: World) -> object:
    for body in (b"1", b"22", b"333"):
        world.put(KEY, body)
    return sizes(world, "uploads/")


@probe(({KEY: 1}, b"1"))
def deleting_hides_nothing_that_arrived(world: World) -> object:
    world.delete(KEY)
    first = world.put(KEY, b"1")
    world.delete(KEY)
    world.put(KEY, b"22")
    return sizes(world, "uploads/"), read(world, KEY, first)


@probe({})
def a_marker_alone_is_no_arrival(world: World) -> object:
    world.delete(KEY)
    return sizes(world, "uploads/")


KEYS = ("a/0", "a/1", "a/10", "a/2", "a/Z", "a/z", "a/é", "a/ت", "a/\ufffd", "a/𐎀")


@probe(list(KEYS))
def arrivals_come_in_the_order_of_the_bytes(world: World) -> object:
    for key in (*reversed(KEYS), "b/0", "a"):
        world.put(key, b"x")
    return list(world.inbox.arrivals("a/"))


@probe({f"a/{number}": 1 for number in range(7)})
def arrivals_of_many_pages(world: World) -> object:
    world.paged(2)
    for key in [f"a/{number}" for number in range(7)]:
        world.put(key, b"1")
        world.put(key, b"22")
    return sizes(world, "a/")


@probe((b"1", b"22"))
def each_version_keeps_its_bytes(world: World) -> object:
    versions = [world.put(KEY, body) for body in (b"1", b"22")]
    return tuple(read(world, KEY, version) for version in versions)


@probe("Gone")
def a_version_of_another_key(world: World) -> object:
    version = world.put(KEY, b"x")
    world.put("uploads/other", b"x")
    return read(world, "uploads/other", version)


@probe(("Gone", "Gone"))
def a_version_that_does_not_exist(world: World) -> object:
    world.put(KEY, b"x")
    return read(world, KEY, NO_VERSION), read(world, "uploads/none", NO_VERSION)


@probe("Gone")
def the_version_of_a_marker(world: World) -> object:
    world.put(KEY, b"x")
    return read(world, KEY, world.delete(KEY))


@probe((BODY[4:9], BODY))
def what_is_opened_can_be_read_in_parts_and_again(world: World) -> object:
    with world.inbox.open(KEY, world.put(KEY, BODY)) as file:
        file.seek(4)
        part = file.read(5)
        file.seek(0)
        return part, file.read()


@probe((0, b""))
def an_object_without_bytes(world: World) -> object:
    version = world.put(KEY, b"")
    return world.inbox.arrivals(KEY)[KEY].size, read(world, KEY, version)


@probe((4, {"uploads/v/0": 1}, "Gone", 0))
def what_is_erased_is_gone_in_every_version(world: World) -> object:
    """Markers too; what has another prefix stays."""
    first = world.put("uploads/u/0", b"1")
    world.put("uploads/u/0", b"22")
    world.put("uploads/u/1", b"1")
    world.delete("uploads/u/0")
    world.put("uploads/v/0", b"1")
    world.paged(2)
    erased = world.inbox.erase("uploads/u/")
    return erased, sizes(world, "uploads/"), read(world, "uploads/u/0", first), world.inbox.erase("uploads/u/")


ODD_KEYS = ("uploads/a b", "uploads/a+b", "uploads/a%2Fb", "uploads/../b", "uploads/تصريح", "uploads/a&b=c?d#e")


@probe(True)
def keys_with_signs_that_addresses_give_a_meaning(world: World) -> object:
    versions = {key: world.put(key, key.encode()) for key in ODD_KEYS}
    listed = {key: head.version for key, head in world.inbox.arrivals("uploads/").items()}
    return listed == versions and all(read(world, key, versions[key]) == key.encode() for key in ODD_KEYS)


@probe(("whole seconds", "now", "Africa/Algiers"))
def the_date_of_an_arrival(world: World) -> object:
    """S3 keeps no fractions: what came is dated up to a second before it came."""
    before = world.now()
    world.put(KEY, b"x")
    at = world.inbox.arrivals(KEY)[KEY].at
    near = -1 < (at - before).total_seconds() < 5
    return "fractions" if at.microsecond else "whole seconds", "now" if near else at, str(at.tzinfo)


@probe((["0" * 32], len(BODY), "its version", "uploads/a b+%2F تصريح"))
def what_a_queue_is_told_of_arrivals(world: World) -> object:
    """Only those under the prefix; the key is encoded once; unordered, so they are sorted here."""
    bodies = world.announced({"reports/u.json": b"[]", KEY: BODY, "uploads/a b+%2F تصريح": b"x"})
    found = sorted(record["s3"]["object"]["key"] for body in bodies for record in json.loads(body)["Records"])
    (ours,) = (body for body in bodies if uploads_named(body))
    told = json.loads(ours)["Records"][0]["s3"]["object"]
    its = "its version" if told["versionId"] == world.inbox.arrivals(KEY)[KEY].version else told["versionId"]
    return uploads_named(ours), told["size"], its, *(unquote_plus(key) for key in found if key != KEY)


@probe(("done", "another error"))
def a_key_of_1024_bytes_and_of_one_more(world: World) -> object:
    return tuple(told(lambda n=n: world.inbox.put_part("p" * n, io.BytesIO(b"x"))) for n in (1024, 1025))


@probe(({"parts/u/1": 5}, b"bytes"))
def a_part_of_an_archive_arrives(world: World) -> object:
    world.inbox.put_part("parts/u/1", io.BytesIO(b"bytes"))
    head = world.inbox.arrivals("parts/")["parts/u/1"]
    return sizes(world, "parts/"), read(world, "parts/u/1", head.version)


@probe((b'{"E101": 2}', "Gone"))
def a_report_is_written_again_and_read_back(world: World) -> object:
    for body in (b"[]", b'{"E101": 2}'):
        world.inbox.put_report("reports/u.json", body)
    return world.inbox.get_report("reports/u.json"), told(lambda: world.inbox.get_report("reports/none.json"))


@probe("Gone")
def a_report_that_was_deleted(world: World) -> object:
    world.inbox.put_report("reports/u.json", b"[]")
    world.delete("reports/u.json")
    return told(lambda: world.inbox.get_report("reports/u.json"))


def form(world: World, body: bytes = BODY, seconds: int = 600, most: int = 100) -> dict[str, Any]:
    return world.inbox.form(KEY, sha256(body).hexdigest(), most, seconds)


@probe(("taken", {KEY: len(BODY)}))
def a_form_takes_the_bytes_it_is_for(world: World) -> object:
    return world.send_form(form(world), BODY), sizes(world, "uploads/")


@probe(("taken", "taken", {KEY: len(BODY)}))
def a_form_sent_twice_makes_two_versions_of_which_the_first_counts(world: World) -> object:
    sent = form(world)
    return world.send_form(sent, BODY), world.send_form(sent, BODY), sizes(world, "uploads/")


@probe("refused")
def a_form_with_other_bytes(world: World) -> object:
    return world.send_form(form(world), BODY[::-1])


@probe(("taken", "refused", "refused"))
def a_form_with_as_many_bytes_as_allowed_with_more_and_with_none(world: World) -> object:
    bodies = (b"x" * 100, b"x" * 101, b"")
    return tuple(world.send_form(form(world, body), body) for body in bodies)


@probe("refused")
def a_form_for_another_key(world: World) -> object:
    return world.send_form(form(world), BODY, key="uploads/of/another")


@probe("refused")
def a_form_with_another_checksum(world: World) -> object:
    other = form(world, BODY[::-1])["fields"]["x-amz-checksum-sha256"]
    return world.send_form(form(world), BODY[::-1], **{"x-amz-checksum-sha256": other})


@probe("refused")
def a_form_with_the_policy_of_another(world: World) -> object:
    return world.send_form(form(world), BODY, policy=form(world, most=1000)["fields"]["policy"])


@probe("refused")
def a_form_whose_time_is_over(world: World) -> object:
    return world.send_form(form(world, seconds=-1), BODY)


@probe(b"first")
def the_first_paper_kept_stays(world: World) -> object:
    for body in (b"first", b"second"):
        world.receipts.keep("r/1.pdf", body, "application/pdf")
    return world.receipts.read("r/1.pdf")


@probe((None, b""))
def a_paper_that_is_not_there_and_an_empty_one(world: World) -> object:
    world.receipts.keep("r/0.pdf", b"", "application/pdf")
    return world.receipts.read("r/1.pdf"), world.receipts.read("r/0.pdf")


@probe((b"paper", "إيصال 2025.pdf"))
def a_link_gives_the_paper_under_its_name(world: World) -> object:
    world.receipts.keep("r/1.pdf", b"paper", "application/pdf")
    return world.follow(world.receipts.link("r/1.pdf", "إيصال 2025.pdf", 300))


@probe("refused")
def a_link_to_a_paper_that_is_not_there(world: World) -> object:
    return world.follow(world.receipts.link("r/1.pdf", "r.pdf", 300))
