"""What queues, mail, keys, sign-ins, the clock and chance promise."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.conformance.probe import probe, told
from tests.conformance.world import World


@probe(["{about: تصريح, upload: u}", "{about: تصريح, upload: u}", "{}"])
def what_is_put_on_a_queue_comes_each_time(world: World) -> object:
    for body in ({"upload": "u", "about": "تصريح"}, {}, {"about": "تصريح", "upload": "u"}):
        world.queue.put(body)
    return world.bodies()


@probe(("done", "another error"))
def messages_of_a_mebibyte_and_of_more(world: World) -> object:
    rest = len('{"about": ""}')
    return tuple(told(lambda n=n: world.queue.put({"about": "x" * (n - rest)})) for n in (2**20, 2**20 + 1))


FROM = b"From: caisse@caisse.example\r\n"
MESSAGE = FROM + b"To: nomun@example.org\r\nSubject: =?utf-8?b?2KrYtdix2YrYrQ==?=\r\n\r\n" + "تصريح\r\n".encode()


@probe([("nomun@example.org", MESSAGE)])
def a_mail_goes_out_as_it_was_written(world: World) -> object:
    world.post.send("nomun@example.org", MESSAGE)
    return world.mails()


NO_ADDRESSES = ("", "nomun", "nomun@", "@example.org", "nom un@example.org", "a@b@example.org", "إيصال@example.org")


@probe(["Undeliverable"] * len(NO_ADDRESSES))
def what_is_no_address_cannot_be_written_to(world: World) -> object:
    return [told(lambda to=to: world.post.send(to, MESSAGE)) for to in NO_ADDRESSES]


@probe([])
def a_mail_that_was_refused_did_not_go_out(world: World) -> object:
    told(lambda: world.post.send("nomun", MESSAGE))
    return [to for to, _ in world.mails()]


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verdict(world: World, value: str, message: bytes, key: dict[str, str] | None = None) -> str:
    """Of an independent library. `key`: another than the world's."""
    keys: Any = world.signer.public_keys()
    jwk = key or keys["keys"][0]
    x, y = (int.from_bytes(raw(jwk[name]), "big") for name in ("x", "y"))
    signature = raw(value)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        public.verify(encode_dss_signature(r, s), sha256(message).digest(), ec.ECDSA(Prehashed(SHA256())))
    except InvalidSignature:
        return "refused"
    return "good"


@probe((64, "good", "refused"))
def a_signature_is_good_for_its_message_alone(world: World) -> object:
    value = world.signer.sign(b"paper").value
    return len(raw(value)), verdict(world, value, b"paper"), verdict(world, value, b"paper ")


@probe(["good", "good"])
def messages_of_any_length_are_signed(world: World) -> object:
    """By their digest: KMS takes 4,096 bytes at most."""
    return [verdict(world, world.signer.sign(message).value, message) for message in (b"", b"x" * 10_000)]


@probe({64})
def many_signatures_have_64_bytes(world: World) -> object:
    """Whatever the length of the two integers in their DER form."""
    return {len(raw(world.signer.sign(b"%d" % number).value)) for number in range(40)}


@probe("refused")
def a_signature_by_another_key(world: World) -> object:
    value = world.signer.sign(b"paper").value
    return verdict(world, value, b"paper", world.another_key())


@probe(("the first key", ["alg", "crv", "kid", "kty", "use", "x", "y"], "ES256", "P-256"))
def the_public_key_says_what_it_is(world: World) -> object:
    keys: Any = world.signer.public_keys()
    (key,) = keys["keys"]
    named = world.signer.sign(b"x").key_id
    return "the first key" if named == key["kid"] else named, sorted(key), key["alg"], key["crv"]


@probe("another each time")
def the_same_message_signed_again(world: World) -> object:
    one, other = world.signer.sign(b"paper").value, world.signer.sign(b"paper").value
    return "the same" if one == other else "another each time"


SECRET, OTHER_SECRET = ("Aa1-" + letter * 43 for letter in "xy")


@probe((True, False))
def a_machine_signs_in_with_its_secret(world: World) -> object:
    world.sign_ins.create("m-1", SECRET)
    return world.signs_in("m-1", SECRET), world.signs_in("m-1", OTHER_SECRET)


@probe(("another error", True))
def a_name_that_is_taken(world: World) -> object:
    world.sign_ins.create("m-1", SECRET)
    said = told(lambda: world.sign_ins.create("m-1", OTHER_SECRET))
    return said, world.signs_in("m-1", SECRET)


@probe("another error")
def a_secret_that_is_too_short(world: World) -> object:
    return told(lambda: world.sign_ins.create("m-1", "Aa1-" + "x" * 35))


@probe((False, "done", "done", True))
def a_machine_that_was_removed(world: World) -> object:
    world.sign_ins.create("m-1", SECRET)
    world.sign_ins.remove("m-1")
    gone, again = world.signs_in("m-1", SECRET), told(lambda: world.sign_ins.remove("m-1"))
    return gone, again, told(lambda: world.sign_ins.create("m-1", OTHER_SECRET)), world.signs_in("m-1", OTHER_SECRET)


@probe(("Africa/Algiers", True))
def the_time_is_that_of_algiers_and_never_goes_back(world: World) -> object:
    times = [world.clock.now() for _ in range(100)]
    return str(times[0].tzinfo), times == sorted(times)


@probe((100, {32}, True, 100, {32}))
def tokens_and_secrets_are_all_different(world: World) -> object:
    tokens, secrets = ({make() for _ in range(100)} for make in (world.chance.token, world.chance.secret))
    hexadecimal = all(set(token) <= set("0123456789abcdef") for token in tokens)
    return len(tokens), set(map(len, tokens)), hexadecimal, len(secrets), set(map(len, secrets))
