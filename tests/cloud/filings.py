"""Files of invented people, each number in them chosen so that it would be recognised anywhere it must not appear."""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from dataclasses import dataclass, replace
from typing import Any

from tests.story.world import Pair, Person, pair

YEAR = 2025

ONE = Person("700012345678", "NOMCANARI", "PRENOMCANARI", (7_654_320,) * 4, "AGENT")
TWO = Person("700087654321", "NOMSEREIN", "PRENOMSEREIN", (6_745_680,) * 4, "CHAUFFEUR")
NOTHING_PAID = Person("700011112222", "NOMPINSON", "PRENOMPINSON", (0, 0, 0, 0), "GARDIEN")
"""Accepted with a warning."""

CANARIES = (
    *(person.nss for person in (ONE, TWO, NOTHING_PAID)),
    *("NOMCANARI", "NOMSEREIN", "NOMPINSON"),
    *("7654320", "76543.20", "76543,20", "76 543,20", "6745680", "67456,80", "67 456,80"),
    *("30617280", "306172.80", "306 172,80", "26982720", "269827.20", "269 827,20"),
)
"""What concerns one worker: numbers, names, wages by quarter and year. The employer's sums are none of them."""

DUES_BY_HAND = {
    # 76543.20 + 67456.80 = 144000.00 DA a quarter, 576000.00 a year; 11.5 + 1.25 + 11 + 1 + 0.25 = 25 %
    ("R22", "employer's share"): 14_400_000,
    # 1.5 + 6.75 + 0.5 + 0.25 = 9 % of 576000.00
    ("R22", "worker's share"): 5_184_000,
    # 0.5 % of it
    ("R22", "social-works share"): 288_000,
    # FNPOS, on its own line: 0.5 %
    ("R98", "employer's share"): 288_000,
}
TOTAL_BY_HAND = 20_160_000
"""35 % of 576000.00 = 201600.00 DA, in centimes."""


PIECE = 8 * 1024 * 1024


def in_pieces(body: bytes) -> list[bytes]:
    """None of a file that goes by form."""
    return [body[first : first + PIECE] for first in range(0, len(body), PIECE)] if len(body) > PIECE else []


@dataclass(frozen=True, slots=True)
class Filing:
    """Files as they are sent, and what is announced of them."""

    employer: str
    files: tuple[tuple[str, bytes], ...]
    total: int
    lines: tuple[int, ...]

    def announcement(self, **changed: Any) -> dict[str, Any]:
        files = [
            {
                "name": name,
                "size": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
                "lines": lines,
                "pieces": [hashlib.sha256(piece).hexdigest() for piece in in_pieces(body)],
            }
            for (name, body), lines in zip(self.files, self.lines, strict=True)
        ]
        certified = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}
        asked = {"employer": self.employer, "files": files, "total_centimes": self.total, "certified": certified}
        return {**asked, **changed}


def das(employer: str, *people: Person, year: int = YEAR, stated: int = 0) -> Filing:
    """A DAS pair; `stated` makes the header's total wrong."""
    people = people or (ONE, TWO)
    return _of(employer, pair(people, employer, year, stated=stated), len(people))


def _of(employer: str, made: Pair, lines: int) -> Filing:
    return Filing(employer, made.files, made.total, (1, lines))


def faulty(employer: str) -> Filing:
    """Line 1 has an impossible birth date, line 2 a wage that is no number."""
    good = das(employer)
    (header, detail) = good.files
    lines = detail[1].split(b"\r\n")
    lines[0] = lines[0][:82] + b"31021980" + lines[0][90:]
    lines[1] = lines[1][:94] + b"67456O80  " + lines[1][104:]
    return replace(good, files=(header, (detail[0], b"\r\n".join(lines))))


def zipped(employer: str, *people: Person) -> Filing:
    good = das(employer, *people)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, body in good.files:
            bundle.writestr(name, body)
    return replace(good, files=((f"DAS{YEAR}.zip", target.getvalue()),), lines=(sum(good.lines),))


def large(employer: str, *numbers: str) -> Filing:
    """Just above what goes by form, and read in no time: what a file manager adds to an archive is passed over. With
    `numbers` an archive of these employers."""
    halves = [das(number).files for number in numbers or (employer,)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, body in itertools.chain(*halves):
            bundle.writestr(name, body)
        bundle.writestr("__MACOSX/._DAS", bytes(PIECE))
    made = das(employer)
    total, lines = (0, 0) if numbers else (made.total, sum(made.lines))
    return Filing("" if numbers else employer, ((f"DAS{YEAR}.zip", target.getvalue()),), total, (lines,))


def table(employer: str) -> Filing:
    """The same two people as CSV, in dinars."""
    quarters = [f"duree_t{q};unite_t{q};base_t{q}_da" for q in range(1, 5)]
    heading = ";".join(
        (
            "numero_employeur;annee;type;centre;numero;nss;nom;prenom;date_naissance",
            *quarters,
            "base_annuelle_da;date_entree;date_sortie;fonction",
        )
    )
    rows = [
        f"{employer};{YEAR};N;16000;{place};{person.nss};{person.surname};{person.first_name};01/01/1980;"
        + "".join(f"90;J;{base // 100},{base % 100:02d};" for base in person.bases)
        + f"{sum(person.bases) // 100},{sum(person.bases) % 100:02d};01/03/2015;;{person.function}"
        for place, person in enumerate((ONE, TWO), start=1)
    ]
    body = "\r\n".join((heading, *rows, "")).encode()
    return Filing(employer, ((f"DAS-{YEAR}-{employer}.csv", body),), sum(ONE.bases) + sum(TWO.bases), (3,))


def other(employer: str, name: str, body: bytes) -> Filing:
    """Whatever it is, it is no declaration."""
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    return Filing(employer, ((name, body),), 0, (lines,))
