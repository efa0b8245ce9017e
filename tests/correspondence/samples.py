"""Synthetic filings, their receipts, and a key pair made for these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from tasrih.assessment import assess_dac, assess_das
from tasrih.correspondence.canonical import encode
from tasrih.correspondence.facts import Filing, receipt_facts
from tasrih.correspondence.paper import receipt_pdf
from tasrih.correspondence.signed import qr_text, receipt_json, receipt_message, seal_message, seal_pdf
from tasrih.correspondence.withdrawal import Withdrawal, withdrawal_facts
from tasrih.declaration.sent import CodeBase, Dac, Decision, FileFacts, Totals
from tasrih.vocabulary.certified import Certified, NamesRead
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

KEY_ID = "tests-2026"
VERIFY_URL = "https://tasrih.example.dz/verify"
BASES = (1_234_567_800, 1_100_000_050, 1_325_010_000, 1_400_000_025)


class Key:
    """A P-256 key from a fixed secret number; signatures still differ each time."""

    def __init__(self, key_id: str, secret: int) -> None:
        self.key_id = key_id
        self.private = ec.derive_private_key(secret, ec.SECP256R1())

    def sign(self, message: bytes) -> str:
        r, s = utils.decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    @property
    def jwk(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        x, y = (encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "kid": self.key_id, "x": x, "y": y, "alg": "ES256", "use": "sig"}


KEY = Key(KEY_ID, 0x5EED_0001)
KEYS: dict[str, Any] = {"keys": [KEY.jwk]}

FILING = Filing(
    rank=1234,
    entity_name="SARL EXEMPLE TRAVAUX",
    entity_name_ar="ش.ذ.م.م المثال للأشغال",
    employer="1699999901",
    agency="16001",
    centre="16100",
    kind="DAS",
    type="N",
    period="2025",
    version=1,
    files=(
        FileFacts("D25E1699999901.txt", 218, "ab" * 32, 1),
        FileFacts("D25S1699999901.txt", 29_008, "0123456789abcdef" * 4, 148),
    ),
    arrived_at=datetime.fromisoformat("2026-01-28T10:15:30+01:00"),
    lines=148,
    totals=Totals(BASES, sum(BASES)),
    dues=assess_das(BASES, 2025, ("R22",)),
    assumed_code="R22",
    rules_version="2026.1",
)
CERTIFIED = replace(FILING, certified=Certified(name="NOMUN PRENOMUN", capacity="gérant"))
NAMES_CONFIRMED = replace(
    CERTIFIED,
    names=NamesRead(
        code_page="windows-1256",
        certified=CERTIFIED.certified,
        at=datetime.fromisoformat("2026-01-29T09:00:00+01:00"),
    ),
)
IN_RESERVE = replace(CERTIFIED, in_reserve=12, complete_by="2026-02-07")
BY_MANDATE = replace(
    FILING,
    certified=Certified(
        name="نومون برينومون",
        capacity="محاسب موكَّل",
        holder="CABINET EXEMPLE COMPTABILITE",
        mandate_since="2026-01-05",
    ),
)
HELD = replace(FILING, assumed_code="", dues=assess_das(BASES, 2025, ("R06", "R22")))
PROVISIONAL = replace(FILING, period="2020", dues=assess_das(BASES, 2020, ("R22",)), replaces="TR-00000017-06")
NOTHING_OWED = replace(FILING, totals=Totals(), dues=Dues(state="computed", rounding="half_up"))
LONG = replace(
    FILING,
    certified=Certified(name="N" * 100, capacity="directeur " * 10, holder="CABINET " * 40, mandate_since="2026-01-05"),
    entity_name="ETABLISSEMENT " + "PUBLIC À CARACTÈRE INDUSTRIEL ET COMMERCIAL " * 4,
    entity_name_ar="المؤسسة العمومية ذات الطابع الصناعي والتجاري " * 4,
    files=(
        FileFacts("declaration_" * 14 + "التصريح_2025.csv", 29_000, "cd" * 32, 149),
        FileFacts("x" * 250, 1, "ef" * 32, 1),
        FileFacts("名前 🙂.txt", 1, "ef" * 32, 1),
    ),
)
HUGE_BASES = (25_000_000_000_000,) * 4
HUGE = replace(
    FILING,
    rank=123_456_789,
    lines=999_999,
    totals=Totals(HUGE_BASES, sum(HUGE_BASES)),
    dues=assess_das(HUGE_BASES, 2025, ("R22",)),
)


def of_dac(dac: Dac, period: str = "2026-Q1", codes: tuple[str, ...] = ()) -> Filing:
    dues = assess_dac([(base.code, base.base_centimes) for base in dac.bases], Period.parse(period), codes)
    file = FileFacts("DAC-2026-T1.csv", 812, "0123456789abcdef" * 4, 8)
    told = replace(CERTIFIED, kind="DAC", period=period, files=(file,), lines=len(dac.bases), assumed_code="")
    return replace(told, dues=dues, dac=dac, totals=Totals())


DECISIONS = (Decision("DEC-2025-0117", date(2025, 7, 1), date(2028, 6, 30)), Decision("DEC-2026-0003", None, None))
BASE = CodeBase("R22", 21_450_000, 2)
FUND = CodeBase("R98", 29_250_000, 4)
DAC = Dac((BASE, CodeBase("R98", 21_450_000, 3)), headcount=4, entries=1, exits=0, paid_centimes=2_000_000)
DAC_REDUCED = Dac((BASE, CodeBase("R07", 7_800_000, 3, DECISIONS), FUND), headcount=5, entries=1, exits=0)
FILINGS = {
    "dac": of_dac(DAC),
    "dac nil": of_dac(Dac(headcount=0, entries=0, exits=2, nil=True)),
    "dac partly held": of_dac(replace(DAC_REDUCED, paid_centimes=1_000_000)),
    "dac held": of_dac(Dac((CodeBase("R07", 7_800_000, 3, DECISIONS),), headcount=1, entries=0, exits=0)),
    "normal": FILING,
    "certified": CERTIFIED,
    "in reserve": IN_RESERVE,
    "names confirmed": NAMES_CONFIRMED,
    "by mandate": BY_MANDATE,
    "held": HELD,
    "provisional": PROVISIONAL,
    "nothing owed": NOTHING_OWED,
    "long": LONG,
    "huge": HUGE,
}


WITHDRAWAL = Withdrawal(
    rank=1300,
    filing=receipt_facts(CERTIFIED),
    reversed_centimes=1_770_852_258,
    reason="Envoyée pour un autre employeur du groupe",
    certified=Certified(name="NOMUN PRENOMUN", capacity="gérant"),
    at=datetime.fromisoformat("2026-02-03T09:05:00+01:00"),
)
WITHDRAWALS = {
    "withdrawal": WITHDRAWAL,
    "withdrawal by mandate": replace(
        WITHDRAWAL,
        filing=receipt_facts(BY_MANDATE),
        reversed_centimes=None,
        reason="أُرسل لسنة أخرى غير السنة المقصودة",
        certified=BY_MANDATE.certified or WITHDRAWAL.certified,
    ),
}


def facts_of(name: str) -> dict[str, Any]:
    return withdrawal_facts(WITHDRAWALS[name]) if name in WITHDRAWALS else receipt_facts(FILINGS[name])


def signed(facts: dict[str, Any]) -> tuple[bytes, str]:
    """(JSON receipt, QR text)"""
    value = KEY.sign(receipt_message(facts))
    return receipt_json(facts, KEY_ID, value), qr_text(VERIFY_URL, facts, KEY_ID, value)


@cache
def made(name: str) -> tuple[dict[str, Any], bytes, str, bytes]:
    """(facts, JSON receipt, QR text, sealed PDF) of a filing above."""
    facts = facts_of(name)
    receipt, code = signed(facts)
    page = receipt_pdf(facts, code)
    return facts, receipt, code, seal_pdf(page, receipt, KEY_ID, KEY.sign(seal_message(page, receipt)))
