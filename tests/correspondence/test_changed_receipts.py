"""Is every byte of every kind of paper vouched for?"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tasrih.correspondence.canonical import canonical
from tasrih.correspondence.facts import Filing, receipt_facts
from tasrih.correspondence.verify import verify
from tasrih.declaration.sent import CodeBase, Dac, FileFacts, Totals
from tasrih.vocabulary.certified import Certified, NamesRead

from tests.correspondence import samples
from tests.correspondence.samples import KEY_ID, KEYS, made, signed
from tests.correspondence.test_verify import refused

SEED = 20_261_125
PDFS = ("held", "dac partly held", "withdrawal by mandate", "names confirmed", "huge")
POSITIONS_EACH = 400
STRUCTURE = b'{}[]",:\\'
ARABIC = Certified(name="نومون برينومون", capacity="مسيّر")


def short(filing: Filing) -> Filing:
    """With its first two dues alone, so that all of its bytes can be tried: the rest would be of the same kinds."""
    return replace(filing, dues=replace(filing.dues, lines=filing.dues.lines[:2]))


NAMES_BY_MANDATE = NamesRead(
    code_page="cp720", certified=samples.BY_MANDATE.certified, at=samples.NAMES_CONFIRMED.arrived_at
)
CODED = replace(samples.CERTIFIED, totals=Totals(samples.BASES, sum(samples.BASES), (("R22", samples.BASES),)))
ARCHIVE_PART = (FileFacts('أجور "2025".csv', 29_000, "cd" * 32, 149), FileFacts("a\\b 🙂.txt", 1, "ef" * 32, 1))
OTHERS = {
    "Arabic names alone": replace(samples.FILING, entity_name="", certified=ARABIC),
    "names confirmed by mandate": replace(samples.BY_MANDATE, names=NAMES_BY_MANDATE),
    "codes that lines tell": CODED,
    "quoted names of files": replace(samples.HELD, files=ARCHIVE_PART),
    "complementary, in reserve": replace(samples.IN_RESERVE, type="C", version=7, replaces="TR-00000017-06"),
    "dac of a workbook": samples.of_dac(Dac((CodeBase("R22", 1, 2),), headcount=1, entries=0, exits=0), "2026-03"),
}


def cut(name: str) -> bytes:
    """The signed JSON receipt of a filing, with few dues."""
    return signed(receipt_facts(short({**samples.FILINGS, **OTHERS}[name])))[0]


JSON_RECEIPTS: dict[str, Callable[[], bytes]] = {
    **{name: (lambda name=name: cut(name)) for name in (*samples.FILINGS, *OTHERS) if name != "long"},
    **{name: (lambda name=name: made(name)[1]) for name in samples.WITHDRAWALS},
}


def likely(byte: int, chance: random.Random) -> int:
    """Another byte of the same sort: the forger's choice, which leaves the receipt readable."""
    sign = chr(byte)
    for sort in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if sign in sort:
            return ord(chance.choice(sort.replace(sign, "")))
    return byte ^ chance.randrange(1, 64)


def put(data: bytes, at: int, byte: int) -> bytes:
    return data[:at] + bytes([byte]) + data[at + 1 :]


def test_twenty_kinds_of_receipts_are_tried_and_each_is_good_unchanged() -> None:
    assert len(JSON_RECEIPTS) >= 20
    for name, paper in JSON_RECEIPTS.items():
        assert verify(paper(), KEYS).ok, name


@pytest.mark.parametrize("name", JSON_RECEIPTS)
def test_every_byte_of_a_json_receipt_changed_is_refused(name: str) -> None:
    receipt, chance = JSON_RECEIPTS[name](), random.Random(SEED)
    for at, byte in enumerate(receipt):
        values = {likely(byte, chance)}
        if byte in STRUCTURE:
            values |= set(chance.sample(STRUCTURE, 3)) - {byte}
        for value in values:
            assert not verify(put(receipt, at, value), KEYS).ok, f"seed {SEED}, byte {at} is {value}"


def test_every_single_bit_of_a_json_receipt_changed_is_refused() -> None:
    receipt = made("withdrawal")[1]
    for at, byte in enumerate(receipt):
        for bit in range(8):
            assert not verify(put(receipt, at, byte ^ 1 << bit), KEYS).ok, (at, bit)


def flip(data: bytes, at: int, chance: random.Random) -> bytes:
    return put(data, at, data[at] ^ chance.randrange(1, 256))


def insert(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + chance.choice([b"\n", b"%", b"\0", data[at : at + 1], data[at : at + 97]]) + data[at:]


def delete(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + data[at + chance.choice([1, 2, 97]) :]


def swap(data: bytes, at: int, chance: random.Random) -> bytes:
    """Two bytes change places; where they are the same, the first is changed."""
    to = chance.randrange(len(data))
    if data[at] == data[to]:
        return flip(data, at, chance)
    return put(put(data, at, data[to]), to, data[at])


def truncate(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at]


def append(data: bytes, at: int, chance: random.Random) -> bytes:
    """What stood in the file before, once more behind its end: a seal, a revision, a line end."""
    return data + chance.choice([data[at:], data[at : at + 97], b"\n", b"\n%%EOF\n", b"\n%x\nstartxref\n0\n%%EOF\n"])


CHANGES: tuple[Callable[[bytes, int, random.Random], bytes], ...] = (flip, insert, delete, swap, truncate, append)


@cache
def places(name: str) -> tuple[bytes, list[int], random.Random]:
    """A PDF and where it is changed: half of the places in its seal, and all of the last bytes."""
    pdf, chance = made(name)[3], random.Random(f"{SEED} {name}")
    seal, half = pdf.rindex(b"%%Tasrih-Seal-1") - 1, POSITIONS_EACH // 2
    found = chance.sample(range(seal), half) + chance.sample(range(seal, len(pdf)), half)
    return pdf, [*found, *range(seal, seal + 20), *range(len(pdf) - 40, len(pdf))], chance


def test_two_thousand_places_of_sealed_papers_are_tried() -> None:
    assert len(PDFS) * POSITIONS_EACH >= 2_000


@pytest.mark.parametrize("name", PDFS)
def test_a_sealed_paper_changed_anywhere_in_any_way_is_refused(name: str) -> None:
    pdf, found, chance = places(name)
    assert verify(pdf, KEYS).ok
    for count, at in enumerate(found):
        change = CHANGES[count % len(CHANGES)]
        changed = change(pdf, at, chance)
        assert changed != pdf
        assert not verify(changed, KEYS).ok, f"seed {SEED}, {change.__name__} at {at} of {len(pdf)}"


@pytest.mark.parametrize("change", [insert, delete, swap, truncate, append])
def test_a_json_receipt_or_a_code_changed_in_any_way_is_refused(change: Callable[..., bytes]) -> None:
    chance = random.Random(SEED)
    for data, start in ((made("held")[1], 0), (made("held")[2].encode(), made("held")[2].index("#") + 1)):
        for at in chance.sample(range(start, len(data)), 60):
            changed = data[:start] + change(data[start:], at - start, chance)
            if start and b"".join(changed.split()) == data:
                continue  # white space in a scanned code is nobody's change
            assert not verify(changed, KEYS).ok, f"seed {SEED}, {at}"


def test_every_byte_of_a_code_behind_the_address_changed_is_refused() -> None:
    code, chance = made("normal")[2].encode(), random.Random(SEED)
    for at in range(code.index(b"#") + 1, len(code)):
        for value in (likely(code[at], chance), code[at] ^ chance.randrange(1, 256)):
            assert not verify(put(code, at, value), KEYS).ok, f"seed {SEED}, byte {at}"


def test_parts_of_two_genuine_papers_make_no_third() -> None:
    assert refused(mixed("summary")) == ("summary_differs",)
    assert refused(mixed("receipt")) == ("summary_differs",)
    assert refused(mixed("signature")) == ("signature_wrong",)
    assert refused(mixed("receipt", "summary")) == ("signature_wrong",)
    (_, _, value), (summary, _, _) = (made(name)[2].rpartition("#")[2].split(".") for name in ("held", "normal"))
    assert refused(f"{summary}.{KEY_ID}.{value}".encode()) == ("signature_wrong",)
    page, seal = made("held")[3], made("normal")[3]
    cut_at, from_at = page.rindex(b"\n%%Tasrih-Seal-1"), seal.rindex(b"\n%%Tasrih-Seal-1")
    assert refused(page[:cut_at] + seal[from_at:])[0] in ("seal_damaged", "signature_wrong")


def mixed(*names: str) -> bytes:
    """One genuine receipt with these parts of another."""
    whole, other = (json.loads(made(name)[1]) for name in ("held", "normal"))
    taken: dict[str, Any] = {name: other[name] for name in names}
    return canonical({**whole, **taken})
