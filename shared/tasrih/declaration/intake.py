"""What was sent, made into files that can be examined: archives opened under limits, other formats refused by name."""

from __future__ import annotations

from collections.abc import Sequence

from tasrih.declaration import archive
from tasrih.declaration.archive import MAX_TEXT_BYTES, Member, Refused
from tasrih.declaration.recognise import recognise
from tasrih.declaration.sent import SentFile
from tasrih.declaration.utf16 import HEAD_BYTES
from tasrih.vocabulary.finding import Finding, Findings

__all__ = ["REFUSALS", "recognise", "refusal", "unpack"]

ACCEPTED = "D{yy}E{employer}.txt + D{yy}S{employer}.txt, .csv, .xlsx, .zip"
"""What is accepted, language-free; the sentences say it in words."""

REFUSALS = {
    "empty": "E020",
    "blank": "E021",
    "pdf": "E022",
    "image": "E023",
    "xlsx": "E024",
    "xls": "E025",
    "encrypted": "E701",
    "ods": "E702",
    "docx": "E026",
    "rar": "E027",
    "7z": "E028",
    "gzip": "E029",
    "html": "E030",
    "xml": "E031",
    "json": "E032",
    "executable": "E033",
    "cnss_ma": "E034",
    "cnss_tn": "E035",
    "dsn": "E036",
    "cacobatph": "E037",
    "efw2": "E038",
    "other_text": "E039",
    "binary": "E040",
    "zip": "E004",
}
"""What a file seems to be -> the code whose sentences say so and say what is accepted."""

DACS = ("dac_csv", "dac_nominal_csv")
_DECLARATIONS = ("das_header", "das_detail", "das_csv", *DACS)
_NESTED = ("zip", "rar", "7z", "gzip")
MAX_WORKBOOKS = 2
"""Of one deposit: the two tables of a DAC. What a workbook holds is only known once a process took it apart."""


def refusal(kind: str, file: SentFile) -> Finding:
    """One clear refusal of the whole file: for what it is, or for a DAC because a DAS came beside it. Raises KeyError
    for a kind that is accepted with a DAS."""
    if kind in DACS:
        return Finding("E052", file=file.name)
    return Finding(REFUSALS[kind], file=file.name, expected=ACCEPTED)


def unpack(files: Sequence[SentFile]) -> tuple[list[SentFile], Findings]:
    """Members in place of their archives; other files as they are. A file with a finding is left out.

    Every member returned was read through once: its size is true and reading it again cannot fail.
    """
    taken: list[SentFile] = []
    findings = Findings()
    if not files:
        findings.add(Finding("E019", expected=ACCEPTED))
    for file in files:
        try:
            taken += _opened(file)
        except Refused as why:
            findings.add(Finding(why.code, file=file.name, value=why.value, expected=why.expected))
    return taken, findings


def is_archive(file: SentFile) -> bool:
    """A zip that is no workbook or other document."""
    with file.open() as stream:
        head = stream.read(HEAD_BYTES)
    return archive.seems_zip(head) and recognise(file) == "zip"


def members(file: SentFile) -> list[SentFile]:
    """The files inside an archive, junk of file managers left out. Raises Refused for an archive not to be opened."""
    if file.size > MAX_TEXT_BYTES:
        raise Refused("E001", str(file.size), f"<= {MAX_TEXT_BYTES}")
    return _verified(file, archive.inspect(file))


def _opened(file: SentFile) -> list[SentFile]:
    if file.size > MAX_TEXT_BYTES:
        raise Refused("E001", str(file.size), f"<= {MAX_TEXT_BYTES}")
    if not is_archive(file):
        return [file]
    found = members(file)
    _check_one_deposit(found)
    return found


def _verified(file: SentFile, found: list[Member]) -> list[SentFile]:
    left, files = MAX_TEXT_BYTES, []
    for member in found:
        size = archive.verify(file, member, left)
        left -= size
        files.append(archive.member_file(file, member, size))
    return files


def _check_one_deposit(files: list[SentFile]) -> None:
    """One archive is one deposit here: a header and its detail, or one CSV. `portfolio` takes others apart before."""
    kinds = {file.name: recognise(file) for file in files}
    for name, kind in kinds.items():
        if kind in _NESTED:
            raise Refused("E004", name)
    found = [kinds[file.name] for file in files if kinds[file.name] in _DECLARATIONS]
    workbooks = [name for name, kind in kinds.items() if kind == "xlsx"]
    if len(workbooks) > MAX_WORKBOOKS:
        raise Refused("E016", str(len(workbooks)), ACCEPTED)
    if len(found) == len(set(found)) and not {"das_csv", "das_header"} <= set(found):
        return
    employers = {_employer(file) for file in files if kinds[file.name] in ("das_header", "das_detail")}
    raise Refused("E015" if len(employers) > 1 else "E016", str(len(found)), ACCEPTED)


def _employer(file: SentFile) -> bytes:
    with file.open() as stream:
        return stream.read(13).removeprefix(b"\xef\xbb\xbf")[:10]
