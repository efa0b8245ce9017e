"""Synthetic DAC files for the tests."""

from __future__ import annotations

import io
from datetime import date

from tasrih.declaration.dac.examine import DacDeposit, examine_dac
from tasrih.declaration.sent import SentFile

TODAY = date(2026, 11, 23)
A, B, C = "1699999901", "1699999902", "1699999903"
ROW: dict[str, str] = {
    "Employeur": A, "Période": "2026-03", "Centre payeur": "16000", "Code": "R22", "Assiette (DA)": "1550000,00",
    "Effectif": "22", "Entrées": "1", "Sorties": "0", "Néant": "non", "N° décision": "", "Début décision": "",
    "Fin décision": "", "Déjà payé (DA)": "", "Montant (DA)": "", "Lieu": "Alger", "Fait le": "05/04/2026",
}  # fmt: skip
FUND = {"Code": "R98"}
REDUCED = {
    "Code": "R07", "Assiette (DA)": "300000,00", "N° décision": "DEC-1", "Début décision": "01/07/2025",
    "Fin décision": "30/06/2028",
}  # fmt: skip
WORKER: dict[str, str] = {
    "Employeur": A, "Période": "2026-03", "Centre payeur": "16000", "NSS": "800000000001", "Nom": "NOMUN",
    "Prénom": "PRENOMUN", "Date de naissance": "01/01/1990", "Code": "R22", "Assiette (DA)": "50000,00",
    "Date d'entrée": "01/03/2015", "Date de sortie": "", "N° décision": "", "Début décision": "", "Fin décision": "",
}  # fmt: skip
SECOND = {"NSS": "800000000002", "Nom": "NOMDEUX", "Prénom": "PRENOMDEUX"}


def table(*rows: dict[str, str], of: dict[str, str] = ROW, sign: str = ";", end: str = "\r\n") -> str:
    return end.join([sign.join(of), *(sign.join({**of, **row}.values()) for row in rows)]) + end


def workers(*rows: dict[str, str]) -> str:
    return table(*rows, of=WORKER)


def sent(content: bytes | str, name: str = "dac.csv") -> SentFile:
    raw = content.encode() if isinstance(content, str) else content
    return SentFile(name, len(raw), lambda: io.BytesIO(raw))


def examined(*contents: bytes | str, size_class: str | None = "monthly") -> DacDeposit:
    """Files named dac.csv, dac2.csv, ...; every employer of the same class."""
    files = [sent(content, f"dac{place or ''}.csv") for place, content in enumerate(contents)]
    return examine_dac(files, today=TODAY, class_of=lambda employer: size_class)


def places(deposit: DacDeposit) -> list[tuple[str, int, str]]:
    """Code, line and column of everything found."""
    every = [*deposit.findings.kept, *(found for each in deposit.declarations for found in each.findings.kept)]
    return [(found.code, found.line, found.column) for found in every]
