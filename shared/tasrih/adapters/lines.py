"""Lines of declarations in packed chunks, and which employer may hold lines of an insured person.

A chunk: up to 500 lines, sorted by a keyed hash of the insured number, one item each under its own partition key, so
that no partition runs hot and every key can be computed. A relation: a put-only item that says, under the first bits
of a person's hash, "this employer may hold these persons from this period on"; readers verify in the chunks.
README.md has the figures behind the shapes.

The hash is keyed BLAKE2b (RFC 7693), 16 bytes: a sound MAC by design, and half the time of HMAC-SHA-256 in CPython.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tasrih.adapters.chunks import Packer, unpack
from tasrih.declaration.rows import with_code
from tasrih.declaration.sent import Lines
from tasrih.story.filings import StoredLines
from tasrih.story.removal_ports import Kept

HASH_BYTES = 16
NOBODY = bytes(HASH_BYTES)
"""In place of a hash where a line has no insured number."""
CHUNK_LINES = 500
"""At most: one item stays far below 400 KB even if nothing could be compressed."""
BOUND_BYTES = 8
READ_AT_ONCE = 50
"""Chunks per read: 50 of 500 lines have some 2 MB."""

FEW_PERSONS = 2_000
"""Up to so many new persons in a filing, a relation item is made for nearly each of them (20 bits of hash in the key);
above, up to some hundred share one (12 bits, so at most 4,096 items whatever the size of the filing)."""
FEW_DIGITS = 5
MANY_DIGITS = 3
TAIL_BYTES = 8
"""Bytes of a hash kept in a relation, after those in its key: at least 72 bits tell persons apart."""

Hashes = NDArray[np.bytes_]
"""One "S16" each: compares and sorts as bytes do, since all have the same length."""


class Stored(NamedTuple):
    pk: str
    sk: str
    value: bytes


class LinesTable(Protocol):
    """A table of small byte values. Two fit: in memory, and DynamoDB."""

    def put(self, items: Iterable[Stored]) -> None:
        """Writes or writes again; all of them or an error."""

    def get(self, pks: Sequence[str]) -> dict[str, bytes]:
        """Values of the chunks (sort key `CHUNK_SORT`) that exist. Consistent."""

    def query(self, pk: str) -> Iterator[tuple[str, bytes]]:
        """(sort key, value) of a partition. Consistent."""

    def delete(self, pks: Sequence[str]) -> None: ...

    def swap(self, pk: str, before: bytes, after: bytes) -> None:
        """Raises Changed when the chunk is not what it was read as."""


CHUNK_SORT = "C"


class LostLines(Exception):
    """A stored declaration lacks a chunk, or its bytes are not those whose digest was kept."""


class PackedLines:
    """Fits `story.ports.LineStore`. `secret` gives the hash key (asked once; never stored or shown)."""

    def __init__(self, table: LinesTable, secret: Callable[[], bytes]) -> None:
        self._table = table
        self._secret = secret
        self._key: bytes | None = None

    def hashes(self, lines: Lines) -> Sequence[bytes]:
        joined = self._hashes(lines.rows).tobytes()
        return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]

    def person(self, insured_number: str) -> str:
        return self._hash(insured_number.encode("ascii")).hex()

    def write(self, upload: str, lines: Lines, chunk_lines: int) -> tuple[bytes, str]:
        if not 1 <= chunk_lines <= CHUNK_LINES:
            raise ValueError(f"a chunk has 1 to {CHUNK_LINES} lines")
        hashes = self._hashes(lines.rows)
        order = np.argsort(hashes, kind="stable")
        packer, digest, bounds = Packer(lines.rows.dtype), hashlib.sha256(), bytearray()

        def chunks() -> Iterator[Stored]:
            for number, start in enumerate(range(0, len(order), chunk_lines)):
                chosen = order[start : start + chunk_lines]
                packed = packer.pack(lines.rows[chosen])
                digest.update(packed)
                bounds.extend(hashes[chosen[:1]].tobytes()[:BOUND_BYTES])
                yield Stored(chunk_key(upload, number), CHUNK_SORT, packed)

        self._table.put(chunks())
        return bytes(bounds), digest.hexdigest()

    def relate(self, upload: str, employer: str, period: str, lines: Lines, known: Iterable[bytes]) -> int:
        persons = np.unique(self._hashes(lines.rows))
        new = _missing_from(np.frombuffer(b"".join(known), f"S{HASH_BYTES}"), persons[persons != b""])
        self._table.put(relations(new, f"{employer}#{period}#{upload}"))
        return len(new)

    def known(self, stored: StoredLines) -> Iterator[bytes]:
        for lines in self.read(stored):
            yield from self.hashes(lines)

    def read(self, stored: StoredLines) -> Iterator[Lines]:
        digest = hashlib.sha256()
        for group in in_groups(chunk_keys(stored), READ_AT_ONCE):
            found = self._table.get(group)
            for key in group:
                packed = _present(found, key)
                digest.update(packed)
                yield Lines(with_code(unpack(packed)))
        if digest.hexdigest() != stored.digest and not stored.rewriting:
            raise LostLines(f"upload {stored.upload}: the chunks are not those that were written")

    def employers_of(self, insured_number: str) -> list[tuple[str, str]]:
        hashed = self._hash(insured_number.encode("ascii"))
        since: dict[str, str] = {}
        for digits in (FEW_DIGITS, MANY_DIGITS):
            tail = _tail(hashed, digits)
            for sort, value in self._table.query(relation_key(hashed, digits)):
                employer, period, _ = sort.split("#")
                if _holds(value, tail) and period < since.get(employer, "~"):
                    since[employer] = period
        return sorted(since.items())

    def find(self, insured_number: str, among: Sequence[StoredLines]) -> list[tuple[str, Lines]]:
        wanted = insured_number.encode("ascii")
        places = [(stored, key) for stored in among for key in _keys_for(stored, self._hash(wanted))]
        chunks = {}
        for group in in_groups([key for _, key in places], READ_AT_ONCE):
            chunks.update(self._table.get(group))
        found: dict[str, list[NDArray[np.void]]] = {}
        for stored, key in places:
            rows = with_code(unpack(_present(chunks, key)))
            found.setdefault(stored.upload, []).append(rows[rows["nss"] == wanted])
        lines = {upload: Lines(np.concatenate(parts)) for upload, parts in found.items()}
        return [(upload, held) for upload, held in lines.items() if len(held)]

    def remove(self, stored: StoredLines) -> None:
        self._table.delete(chunk_keys(stored))

    def rewrite(self, stored: StoredLines, kept: Kept) -> tuple[int, str]:
        """The number of chunks and where each begins stay as they are: a chunk may be left without a row."""
        dropped, digest = 0, hashlib.sha256()
        for key in chunk_keys(stored):
            packed = _present(self._table.get([key]), key)
            rows = with_code(unpack(packed))
            if not (stays := kept(rows)).all():
                before, packed = packed, Packer(rows.dtype).pack(rows[stays])
                self._table.swap(key, before, packed)
                dropped += int((~stays).sum())
            digest.update(packed)
        return dropped, digest.hexdigest()

    def _hashes(self, rows: NDArray[np.void]) -> Hashes:
        hashed = self._hash
        return np.frombuffer(b"".join([hashed(number) for number in rows["nss"].tolist()]), f"S{HASH_BYTES}")

    def _hash(self, number: bytes) -> bytes:
        if not number:
            return NOBODY
        if self._key is None:
            self._key = self._secret()
        return hashlib.blake2b(number, key=self._key, digest_size=HASH_BYTES).digest()


def chunk_key(upload: str, number: int) -> str:
    return f"C#{upload}#{number}"


def chunk_keys(stored: StoredLines) -> list[str]:
    """By the plan alone: also of chunks whose writing was cut short."""
    return [chunk_key(stored.upload, number) for number in range(-(-stored.lines // stored.chunk_lines))]


def relation_key(hashed: bytes, digits: int) -> str:
    return f"R#{hashed.hex()[:digits]}"


def in_groups(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _missing_from(known: Hashes, persons: Hashes) -> Hashes:
    """Both sorted: a merge, no look-up per person."""
    if not len(known):
        return persons
    places = np.minimum(np.searchsorted(known, persons), len(known) - 1)
    new: Hashes = persons[known[places] != persons]
    return new


def relations(persons: Hashes, sort: str, few: int = FEW_PERSONS) -> Iterator[Stored]:
    """`persons` sorted: those with the same first bits stand together."""
    if not len(persons):
        return
    digits = FEW_DIGITS if len(persons) <= few else MANY_DIGITS
    table = persons.view(np.uint8).reshape(-1, HASH_BYTES)
    tails = table[:, digits // 2 : digits // 2 + TAIL_BYTES].tobytes()
    prefixes = persons.view(">u8")[::2].astype(np.uint64) >> np.uint64(64 - 4 * digits)
    starts = [0, *(np.flatnonzero(np.diff(prefixes)) + 1).tolist(), len(persons)]
    for start, end in itertools.pairwise(starts):
        pk = f"R#{int(prefixes[start]):0{digits}x}"
        yield Stored(pk, sort, tails[start * TAIL_BYTES : end * TAIL_BYTES])


def _tail(hashed: bytes, digits: int) -> bytes:
    return hashed[digits // 2 : digits // 2 + TAIL_BYTES]


def _holds(value: bytes, tail: bytes) -> bool:
    at = value.find(tail)
    while at > 0 and at % TAIL_BYTES:
        at = value.find(tail, at + 1)
    return at >= 0


def _keys_for(stored: StoredLines, hashed: bytes) -> list[str]:
    """Of the chunk that holds the person: two only where their lines stand on both sides of a boundary."""
    bounds = np.frombuffer(stored.bounds, ">u8")
    wanted = int.from_bytes(hashed[:BOUND_BYTES], "big")
    first = max(int(np.searchsorted(bounds, np.uint64(wanted), "left")) - 1, 0)
    last = int(np.searchsorted(bounds, np.uint64(wanted), "right"))
    return [chunk_key(stored.upload, number) for number in range(first, last)]


def _present(found: dict[str, bytes], key: str) -> bytes:
    if key not in found:
        raise LostLines(f"{key} is missing")
    return found[key]
