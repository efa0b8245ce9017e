"""The simulated fund: who there is, what they can send, and what an independent reckoning says of each file.

The dues are worked out here from a table typed by hand; nothing of `tasrih.assessment` or `tasrih.ledger` is used.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from tasrih.adapters.clock import ALGIERS
from tasrih.register.mandates import Granted, HeldMandate, Mandate
from tasrih.register.parties import Account, Affiliation, Employer, Entity
from tasrih.story.ports import Create

START = datetime(2020, 1, 20, 10, tzinfo=ALGIERS)
"""A Monday, ten days before annual declarations are due: every schedule begins here."""
FIRM, CAFE, OTHER, CABINET = "firm", "cafe", "other", "cabinet"
"""Legal entities. Each has one account of the same name; the last has no employer number."""
NUMBERS = {"1699999901": FIRM, "1699999902": FIRM, "1699999903": CAFE, "3199999904": OTHER}
AGENCIES = {"1699999901": "16000", "1699999902": "16000", "1699999903": "16000", "3199999904": "31000"}
CODES_NOT_KNOWN = "1699999902"
"""Its register entry has no contribution codes: its dues are held."""
DAC_FILERS = ("1699999901", "1699999903", "3199999904")
"""They stay in the quarterly class."""
CANARIES = {FIRM: "KANARIFIRM", CAFE: "KANARICAFE", OTHER: "KANARIOTHER", CABINET: "KANARICABINET"}
"""A surname that only this entity's files, papers and people may hold."""
EMAIL = {entity: f"{entity}@{entity}.example" for entity in CANARIES}
RATES = (1150, 150, 125, 1100, 675, 50, 100, 50, 25, 25, 50)
"""Per cent, times 100: the branches of R22, then the housing fund; each is rounded by itself, half away from zero."""


@dataclass(frozen=True)
class Content:
    """What somebody can send, and what should become of it."""

    name: str
    files: tuple[tuple[str, bytes], ...]
    employer: str
    """Whose it is; "" for an archive."""
    period: str
    total: int
    accepted: bool
    dues: int | None
    """Centimes; None: held."""
    kind: str = "DAS"
    parts: tuple[Content, ...] = ()
    to_confirm: bool = False
    """It counts once a person has said how its names are read."""

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(_lines(body) for _, body in self.files)


class Sent:
    """An upload as whoever sent it knows it."""

    def __init__(self, upload: str, content: Content) -> None:
        self.upload, self.content = upload, content
        self.forms: dict[str, dict[str, object]] = {}
        self.in_pieces: dict[str, list[Any]] = {}
        """File -> its pieces, as they were to be sent at first."""
        self.came: set[str] = set()

    @property
    def complete(self) -> bool:
        return self.came == {name for name, _ in self.content.files}


def _lines(body: bytes) -> int:
    return body.count(b"\n") + (not body.endswith(b"\n"))


def dues_of(quarters: tuple[int, ...]) -> int:
    return sum((base * rate * 2 + 10_000) // 20_000 for base in quarters for rate in RATES)


def pair(employer: str, year: int, base: int, fault: str = "") -> Content:
    """Two workers of whom the first carries the entity's canary. `fault`: "" for a file that should be accepted."""
    people = (
        (f"80000000{base % 10000:04d}", CANARIES[NUMBERS[employer]], base),
        ("900000000002", "NOMDEUX", 5_400_000),
    )
    quarters = [sum(each[2] for each in people)] * 4
    stated = sum(quarters) + (1 if fault == "total" else 0)
    sums = "".join(f"{amount:<16}" for amount in (*quarters, stated))
    header = f"{employer}N{year}{employer[:2]}000{'':30}{'EXEMPLE':30}{'ALGER':50}{sums}{len(people):<6}\r\n"
    unit = "X" if fault == "unit" else "J"
    lines = [
        f"{employer}{year}{place:<6}{nss}{surname:<25}{'PRENOM':<25}01011980"
        + "".join(f"{90:<3}{unit}{amount:<10}" for _ in range(4))
        + f"{amount * 4:<12}01032015{'':8}{'AGENT':<20}0"
        for place, (nss, surname, amount) in enumerate(people, start=1)
    ]
    short = f"D{year % 100:02d}"
    files = ((f"{short}E{employer}.txt", header.encode()), (f"{short}S{employer}.txt", "\r\n".join(lines).encode()))
    dues = None if employer == CODES_NOT_KNOWN else dues_of(tuple(quarters))
    return Content(f"{employer}-{year}-{base}-{fault}", files, employer, str(year), sum(quarters), not fault, dues)


def table(employer: str, base: int) -> Content:
    """An annual declaration as CSV whose one worker has an accent in Windows-1252 and no insured number yet: a person
    confirms the names before it counts."""
    quarters = [(f"duree_t{q};unite_t{q};base_t{q}_centimes", f"90;J;{base}") for q in range(1, 5)]
    heads = ["numero_employeur;annee;type;centre;nss;nom;prenom;date_naissance", *(head for head, _ in quarters)]
    name = f"{CANARIES[NUMBERS[employer]]}É"
    cells = [f"{employer};2017;N;{employer[:2]}000;;{name};PRENOM;01/01/1980", *(cell for _, cell in quarters)]
    rows = [";".join([*heads, "base_annuelle_centimes"]), ";".join([*cells, str(4 * base)]), ""]
    files = (("das.csv", "\n".join(rows).encode("cp1252")),)
    dues = None if employer == CODES_NOT_KNOWN else dues_of((base,) * 4)
    return Content(f"table-{employer}-{base}", files, employer, "2017", 4 * base, True, dues, to_confirm=True)


_DAC_HEADS = "Employeur;Période;Centre payeur;Code;Assiette (centimes);Effectif;Entrées;Sorties"


def dac(employers: tuple[str, ...], base: int, faulty: str = "") -> Content:
    """A quarter of several employers in one table; `faulty`: the one of them that is refused."""
    rows, parts = [], []
    for number in employers:
        told = "12O" if number == faulty else str(base)
        rows += [f"{number};2019-T4;{number[:2]}000;{code};{told};2;0;0" for code in ("R22", "R98")]
        name = f"dac-{number}-{base}-{number == faulty}"
        parts.append(Content(name, (), number, "2019-Q4", base, number != faulty, dues_of((base,)), "DAC"))
    body = "\n".join([_DAC_HEADS, *rows, ""]).encode("utf-8-sig")
    files = (("DAC-2019-T4.csv", body),)
    if len(parts) == 1:
        return replace(parts[0], files=files)
    return Content(
        "+".join(part.name for part in parts), files, "", "", base * len(parts), True, None, "", tuple(parts)
    )


def archive(parts: tuple[Content, ...]) -> Content:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in (file for part in parts for file in part.files):
            made.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), body)
    name = "+".join(part.name for part in parts)
    total = sum(part.total for part in parts)
    return Content(name, (("envoi.zip", packed.getvalue()),), "", "", total, True, None, "", parts)


_KINDS = ((9_000_000, ""), (9_100_000, ""), (9_200_000, ""), (9_000_000, "unit"), (9_000_000, "total"))


@cache
def contents() -> dict[str, tuple[Content, ...]]:
    """Employer number -> what can be sent for it; "" -> archives. A few of each, so that the same bytes come again."""
    found = {
        number: (
            *(pair(number, year, base, fault) for year in (2018, 2019) for base, fault in _KINDS),
            table(number, 9_000_000),
            table(number, 9_300_000),
        )
        for number in NUMBERS
    }
    numbers = sorted(NUMBERS)
    archives = tuple(
        archive(tuple(found[number][at] for number in numbers[:count]))
        for count, at in ((2, 0), (3, 1), (4, 3), (3, 5))
    )
    tables = (dac(DAC_FILERS, 20_000_000), dac(DAC_FILERS, 21_000_000, DAC_FILERS[1]), dac(DAC_FILERS[:2], 22_000_000))
    alone = {number: (*found[number], dac((number,), 20_000_000), dac((number,), 23_000_000)) for number in DAC_FILERS}
    return {**found, **alone, "": (*archives, *tables)}


PIECE_BYTES = 380
"""In place of 8 MiB: a detail file of two workers comes in two pieces, its header by form."""


def announced(name: str, body: bytes, lines: int) -> dict[str, object]:
    pieces = [sha256(body[at : at + PIECE_BYTES]).hexdigest() for at in range(0, len(body), PIECE_BYTES)]
    told = {"name": name, "size": len(body), "sha256": sha256(body).hexdigest(), "lines": lines}
    return {**told, "pieces": pieces if len(pieces) > 1 else []}


def first_records() -> list[Create]:
    """What the register holds when a schedule begins."""
    entities = [
        Entity(
            entity=name, name=f"{CANARIES[name]} SARL", contact_email=EMAIL[name], language=("fr", "ar", "en", "fr")[at]
        )
        for at, name in enumerate(CANARIES)
    ]
    employers = [
        Employer(
            number=number,
            entity=entity,
            agencies=(Affiliation(agency=AGENCIES[number], since="2010-01-01"),),
            since="2010-01-01",
            codes=() if number == CODES_NOT_KNOWN else ("R22",),
        )
        for number, entity in NUMBERS.items()
    ]
    accounts = [Account(account=name, role="employer", entity=name) for name in CANARIES]
    may = (Granted(scopes=("declare",), since=START, by=CAFE),)
    mandates = [kind(entity=CAFE, account=CABINET, grants=may) for kind in (Mandate, HeldMandate)]
    return [Create(record) for record in (*entities, *employers, *accounts, *mandates)]
