"""Archives: what is wrong with one is told by its directory, before anything of it is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.declaration import archive, intake
from tasrih.declaration.sent import SentFile

from tests.declaration.made_workbooks import packed, parts, sheet

HEADER = b"1699999901N201916000EXEMPLE SARL".ljust(216)
DETAIL = b"169999990120191     800000000001NOMUN".ljust(195)
E_NAME, S_NAME = "D19E1699999901.txt", "D19S1699999901.txt"


def sent(content: bytes, name: str = "das.zip") -> SentFile:
    return SentFile(name, len(content), lambda: io.BytesIO(content))


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return buffer.getvalue()


PAIR = zipped((E_NAME, HEADER), (S_NAME, DETAIL))


def patched(content: bytes, signature: bytes, offset: int, form: str, value: int, which: int = 0) -> bytes:
    """The archive with one number overwritten in its `which`th record of a kind."""
    at = -1
    for _ in range(which + 1):
        at = content.index(signature, at + 1)
    size = struct.calcsize(form)
    return content[: at + offset] + struct.pack(form, value) + content[at + offset + size :]


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def encrypted() -> bytes:
    return patched(patched(PAIR, CENTRAL, 8, "<H", 1), LOCAL, 6, "<H", 1)


def symlink() -> bytes:
    info = zipfile.ZipInfo(E_NAME)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return zipped((info, b"/etc/hostname"), (S_NAME, DETAIL))


def bomb(size: int) -> bytes:
    """Zeros, packed by a streaming compressor: a few hundred kilobytes at most ever stand in memory."""
    packer, packed, crc = zlib.compressobj(9, zlib.DEFLATED, -15), [], 0
    for _ in range(size // 65536):
        packed.append(packer.compress(b"\0" * 65536))
        crc = zlib.crc32(b"\0" * 65536, crc)
    return raw_zip(b"".join(packed) + packer.flush(), crc, size)


def raw_zip(body: bytes, crc: int, declared: int, name: bytes = S_NAME.encode(), method: int = 8) -> bytes:
    common = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, crc, len(body), declared, len(name), 0)
    local = LOCAL + common + name + body
    central = CENTRAL + b"\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + central + END + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def damaged_body() -> bytes:
    at = PAIR.index(CENTRAL) - 10
    return PAIR[:at] + bytes([PAIR[at] ^ 0xFF]) + PAIR[at + 1 :]


def huge_directory() -> bytes:
    """Few members, each with a comment of 64 kilobytes: what counts is what would be read into memory."""
    infos = [zipfile.ZipInfo(f"{n}.txt") for n in range(20)]
    for info in infos:
        info.comment = b"x" * 65_000
    return zipped(*((info, b"") for info in infos))


def directory_beyond_the_file() -> bytes:
    """In zip64: a directory that says it takes 2 GB, in a file of some hundred bytes."""
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, 2 * 2**30, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 0, 1)
    end = END + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return PAIR[: PAIR.index(END)] + record + locator + end


def split_volumes() -> bytes:
    locator = b"PK\x06\x07" + struct.pack("<IQI", 2, 0, 3)
    return PAIR[: PAIR.index(END)] + b"\0" * 56 + locator + PAIR[PAIR.index(END) :]


DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut in its directory": (lambda: PAIR[:-30], "E002"),
    "cut in the middle": (lambda: PAIR[: len(PAIR) // 2], "E002"),
    "only its first bytes": (lambda: PAIR[:4], "E002"),
    "an end record alone that points nowhere": (lambda: END + struct.pack("<HHHHIIH", 0, 0, 1, 1, 46, 9999, 0), "E002"),
    "a directory of nonsense": (lambda: PAIR.replace(CENTRAL, b"PKxx"), "E002"),
    "needs a version of zip not known": (lambda: patched(PAIR, CENTRAL, 6, "<H", 255), "E002"),
    "a name that is not the UTF-8 it says": (
        lambda: patched(PAIR, CENTRAL, 8, "<H", 0x800).replace(b"D19E", b"\xff19E"),
        "E002",
    ),
    "encrypted": (encrypted, "E003"),
    "strongly encrypted": (lambda: patched(PAIR, CENTRAL, 8, "<H", 0x40), "E003"),
    "a zip inside": (lambda: zipped(("in.zip", PAIR)), "E004"),
    "a zip inside, named as text": (lambda: zipped((E_NAME, PAIR)), "E004"),
    "a gzip inside": (lambda: zipped(("a.gz", b"\x1f\x8b\x08" + b"x" * 50)), "E004"),
    "a rar inside": (lambda: zipped(("a.rar", b"Rar!\x1a\x07\x01\x00")), "E004"),
    "a 7z inside": (lambda: zipped(("a.7z", b"7z\xbc\xaf\x27\x1c\0\4")), "E004"),
    "too many members": (lambda: zipped(*((f"{n}.txt", b"") for n in range(archive.MAX_MEMBERS + 1))), "E005"),
    "a huge directory": (huge_directory, "E005"),
    "a directory said to be larger than the file": (directory_beyond_the_file, "E002"),
    "a name that climbs": (lambda: zipped(("../" + E_NAME, HEADER)), "E006"),
    "a name that climbs, with backslashes": (lambda: zipped(("a\\..\\" + E_NAME, HEADER)), "E006"),
    "an absolute name": (lambda: zipped(("/etc/" + E_NAME, HEADER)), "E006"),
    "a name with a drive": (lambda: zipped(("C:\\" + E_NAME, HEADER)), "E006"),
    "a name with a line feed": (lambda: zipped(("a\nb.txt", HEADER)), "E006"),
    "a name of 300 letters": (lambda: zipped(("a" * 300, HEADER)), "E006"),
    "a name cut by a NUL": (lambda: zipped(("aZb.txt", HEADER)).replace(b"aZb", b"a\0b"), "E006"),
    "declared beyond the limit": (
        lambda: raw_zip(b"x" * 2**20, 0, archive.MAX_TEXT_BYTES + 1),
        "E007",
    ),
    "a ratio that no text has": (lambda: bomb(64 * 2**20), "E008"),
    "declared 4 GB, one kilobyte packed": (lambda: raw_zip(deflated(b"x" * 1000), 0, 2**32 - 2), "E008"),
    "damaged data": (damaged_body, "E009"),
    "another checksum": (lambda: raw_zip(deflated(DETAIL), 1, len(DETAIL)), "E009"),
    "more inside than declared": (lambda: raw_zip(deflated(DETAIL), zlib.crc32(DETAIL), 10), "E009"),
    "another name in front of the data": (lambda: PAIR.replace(b"D19E", b"D20E", 1), "E009"),
    "less inside than declared": (lambda: raw_zip(deflated(DETAIL), zlib.crc32(DETAIL), 10**6), "E013"),
    "packed with lzma": (lambda: zipped((S_NAME, DETAIL), method=zipfile.ZIP_LZMA), "E010"),
    "packed with bzip2": (lambda: zipped((S_NAME, DETAIL), method=zipfile.ZIP_BZIP2), "E010"),
    "packed with a method of tomorrow": (lambda: raw_zip(DETAIL, 0, len(DETAIL), method=93), "E010"),
    "a link": (symlink, "E011"),
    "the same name twice": (lambda: zipped(("a/" + E_NAME, HEADER), ("b/" + E_NAME.lower(), HEADER)), "E012"),
    "no member": (zipped, "E014"),
    "folders and junk only": (lambda: zipped(("a/", b""), ("__MACOSX/x", b"1"), ("Thumbs.db", b"1")), "E014"),
    "two employers": (
        lambda: zipped((E_NAME, HEADER), (S_NAME, DETAIL), ("D19E1600000002.txt", b"16000000021"[:10] + HEADER[10:])),
        "E015",
    ),
    "two years of one employer": (
        lambda: zipped((E_NAME, HEADER), (S_NAME, DETAIL), ("D20E1699999901.txt", HEADER.replace(b"2019", b"2020"))),
        "E016",
    ),
    "three workbooks": (lambda: zipped(*((f"{n}.xlsx", packed(parts(sheet("")))) for n in range(3))), "E016"),
    "split into volumes": (split_volumes, "E017"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_archive_is_refused_by_its_own_code(case: str) -> None:
    make, code = DAMAGED[case]
    files, findings = intake.unpack([sent(make(), "envoi.zip")])
    assert [(finding.code, finding.file) for finding in findings] == [(code, "envoi.zip")]
    assert files == []


def test_the_member_at_fault_is_named() -> None:
    _, findings = intake.unpack([sent(zipped((E_NAME, HEADER), ("../x.txt", b"1")))])
    assert [finding.value for finding in findings] == ["../x.txt"]


def test_of_a_name_without_end_only_its_beginning_is_told() -> None:
    _, findings = intake.unpack([sent(zipped(("a" * 60_000, HEADER)))])
    assert [(finding.code, finding.value) for finding in findings] == [("E006", "a" * archive.MAX_PATH_CHARACTERS)]


def test_a_pair_in_an_archive_becomes_two_files_that_open_again_and_again() -> None:
    files, findings = intake.unpack([sent(PAIR)])
    assert len(findings) == 0
    assert [(file.name, file.size) for file in files] == [(E_NAME, 216), (S_NAME, 195)]
    for file, content in zip(files, (HEADER, DETAIL), strict=True):
        for _ in range(2):
            with file.open() as stream:
                assert stream.read(7) + stream.read() == content


def test_folders_and_the_junk_of_file_managers_are_passed_over() -> None:
    junk = [("das/", b""), ("__MACOSX/das/._x", b"1"), ("das/.DS_Store", b"1"), ("das/Thumbs.db", b"1"), ("._y", b"")]
    files, findings = intake.unpack([sent(zipped(*junk, (f"das/{E_NAME}", HEADER), (f"das/{S_NAME}", DETAIL)))])
    assert [file.name for file in files] == [E_NAME, S_NAME]
    assert len(findings) == 0


@pytest.mark.parametrize(
    ("raw", "flag", "name"),
    [
        (b"d\x82claration.csv", 0, "déclaration.csv"),
        ("déclaration.csv".encode(), 0, "déclaration.csv"),
        ("تصريح.csv".encode(), 0x800, "تصريح.csv"),
    ],
)
def test_names_are_read_as_utf8_or_as_code_page_437(raw: bytes, flag: int, name: str) -> None:
    content = raw_zip(DETAIL, zlib.crc32(DETAIL), len(DETAIL), name=raw, method=0)
    files, _ = intake.unpack([sent(patched(patched(content, CENTRAL, 8, "<H", flag), LOCAL, 6, "<H", flag))])
    assert [file.name for file in files] == [name]


def test_a_bomb_below_the_ratio_is_stopped_by_the_bytes_it_really_gives() -> None:
    size = 8 * 2**20
    lying = raw_zip(bomb(size)[30 + len(S_NAME) :], 0, size * 2)
    files, findings = intake.unpack([sent(lying)])
    assert files == []
    assert findings.errors == 1


def test_the_real_size_of_all_members_together_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TEXT_BYTES", 300)
    _, findings = intake.unpack([sent(PAIR)])
    assert [finding.code for finding in findings] == ["E007"]


def test_reading_a_member_stops_at_the_bytes_that_are_left() -> None:
    file = sent(PAIR)
    header = archive.inspect(file)[0]
    assert archive.verify(file, header, allowance=len(HEADER)) == len(HEADER)
    with pytest.raises(archive.Refused) as refused:
        archive.verify(file, header, allowance=len(HEADER) - 1)
    assert refused.value.code == "E007"


def test_a_plain_file_beyond_the_limit_is_refused_unread() -> None:
    def never() -> io.BytesIO:
        raise AssertionError("opened")

    _, findings = intake.unpack([SentFile("D19S1699999901.txt", archive.MAX_TEXT_BYTES + 1, never)])
    assert [(finding.code, finding.file) for finding in findings] == [("E001", "D19S1699999901.txt")]


def test_nothing_sent_is_said_so() -> None:
    assert [finding.code for finding in intake.unpack([])[1]] == ["E019"]


def test_other_files_pass_beside_a_bad_archive() -> None:
    plain = sent(HEADER, E_NAME)
    files, findings = intake.unpack([sent(encrypted()), plain])
    assert files == [plain]
    assert [finding.code for finding in findings] == ["E003"]


def test_unpacking_a_large_member_takes_little_memory() -> None:
    line = DETAIL + b"\r\n"
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed, crc, lines = [], 0, 0
    for _ in range(200):
        text = line * 500
        packed.append(packer.compress(text))
        crc, lines = zlib.crc32(text, crc), lines + 500
    content = raw_zip(b"".join([*packed, packer.flush()]), crc, lines * len(line))
    tracemalloc.start()
    try:
        files, _ = intake.unpack([sent(content)])
        with files[0].open() as stream:
            read = sum(len(chunk) for chunk in iter(lambda: stream.read(65536), b""))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == lines * len(line)
    assert peak < 8 * 2**20


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=200))
def test_any_bytes_reach_a_kind_plain_and_in_an_archive(content: bytes, other: bytes) -> None:
    for name in ("a.txt", "a.csv", "a.zip", E_NAME):
        files, findings = intake.unpack([sent(content, name), sent(zipped(("x", content), ("y", other)))])
        for file in files:
            kind = intake.recognise(file)
            assert kind in ("das_header", "das_detail", "das_csv") or intake.refusal(kind, file).severity == "error"
        assert files or findings.errors


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_an_archive_with_any_bytes_overwritten_never_raises(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([PAIR, symlink(), encrypted(), directory_beyond_the_file()])))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for variant in (bytes(content), bytes(content[:cut])):
        files, findings = intake.unpack([sent(variant)])
        for file in files:
            with file.open() as stream:
                assert len(stream.read()) == file.size
        assert files or findings.errors
