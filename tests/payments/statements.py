"""Statements as a bank writes them, in both formats, from the same plain movements."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tasrih.declaration.sent import SentFile
from tasrih.payments.bank.read import Reading, read_statements
from tasrih.payments.bank.statement import Ours

RIB = "00799999001234567890"
OURS = Ours({RIB}, date(2026, 11, 25))
DAY = date(2026, 11, 3)
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
HEADINGS = (
    "Nature;Compte;Date d'opération;Date de valeur;Débit;Crédit;Solde;Devise;Référence banque;"
    "Référence paiement;Payeur;Compte payeur;Libellé"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One movement as the bank knows it."""

    centimes: int
    day: date = DAY
    reference: str = ""
    payment_reference: str = ""
    payer: str = "ATELIER DU LAC"
    text: str = "VIREMENT"
    reversal: bool = False
    later: int = 0
    """Days from booking to value date."""


def sent(content: str | bytes, name: str = "releve") -> SentFile:
    data = content if isinstance(content, bytes) else content.encode()
    return SentFile(name, len(data), lambda: io.BytesIO(data))


def read(content: str | bytes, ours: Ours = OURS) -> Reading:
    return read_statements(sent(content), ours)


def dinars(centimes: int) -> str:
    return f"{'-' * (centimes < 0)}{abs(centimes) // 100},{abs(centimes) % 100:02d}"


def table(told: Sequence[Told], opening: int = 100_000, first: date | None = None, last: date | None = None) -> str:
    """Our CSV, every optional column filled."""
    begin, end = _days(told, first, last)
    rows = [HEADINGS, f"Ouverture;{RIB};{begin:%d/%m/%Y};;;;{dinars(opening)};DZD;;;;;"]
    balance = opening
    for each in told:
        balance += each.centimes
        debit, credit = (dinars(-each.centimes), "") if each.centimes < 0 else ("", dinars(each.centimes))
        value = each.day + timedelta(days=each.later)
        nature = "Retour" if each.reversal else "Opération"
        rows.append(
            f"{nature};;{each.day:%d/%m/%Y};{value:%d/%m/%Y};{debit};{credit};{dinars(balance)};DZD;{each.reference};"
            f"{each.payment_reference};{each.payer};;{each.text}"
        )
    rows.append(f"Clôture;;{end:%d/%m/%Y};;;;{dinars(balance)};DZD;;;;;")
    return "\r\n".join([*rows, ""])


def _days(told: Sequence[Told], first: date | None, last: date | None) -> tuple[date, date]:
    days = [each.day for each in told] or [DAY]
    return first or min(days), last or max(days)


def camt(
    told: Sequence[Told],
    opening: int = 100_000,
    first: date | None = None,
    last: date | None = None,
    version: str = "02",
    entries: str = "",
) -> str:
    """camt.053 of any version; `entries` come behind those of the movements."""
    return document(stmt(told, opening, first, last, version, entries), version)


def document(stmts: str, version: str = "02") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{SPACE.format(version=version)}">\n<BkToCstmrStmt>\n'
        f"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-04T06:00:00</CreDtTm></GrpHdr>\n{stmts}</BkToCstmrStmt>\n</Document>\n"
    )


def stmt(
    told: Sequence[Told],
    opening: int = 100_000,
    first: date | None = None,
    last: date | None = None,
    version: str = "02",
    entries: str = "",
) -> str:
    begin, end = _days(told, first, last)
    closing = opening + sum(each.centimes for each in told)
    written = "".join(ntry(each, version) for each in told)
    return (
        f"<Stmt>\n<Id>2026-211</Id>\n<CreDtTm>2026-11-04T06:00:00</CreDtTm>\n"
        f"<Acct><Id><Othr><Id>{RIB}</Id></Othr></Id><Ccy>DZD</Ccy></Acct>\n"
        f"{balance('OPBD', opening, begin)}{balance('CLBD', closing, end)}{written}{entries}</Stmt>\n"
    )


def balance(kind: str, centimes: int, day: date) -> str:
    sign = "CRDT" if centimes >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="DZD">{amount(centimes)}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def amount(centimes: int) -> str:
    return f"{abs(centimes) // 100}.{abs(centimes) % 100:02d}"


def ntry(each: Told, version: str = "02", status: str = "BOOK", details: str = "") -> str:
    sign = "CRDT" if each.centimes >= 0 else "DBIT"
    told = status if version < "08" else f"<Cd>{status}</Cd>"
    party = (
        f"<Dbtr><Nm>{each.payer}</Nm></Dbtr>" if version < "08" else f"<Dbtr><Pty><Nm>{each.payer}</Nm></Pty></Dbtr>"
    )
    creditor = (
        f"<Strd><CdtrRefInf><Ref>{each.payment_reference}</Ref></CdtrRefInf></Strd>" if each.payment_reference else ""
    )
    bank = f"<AcctSvcrRef>{each.reference}</AcctSvcrRef>" if each.reference else ""
    reversal = "<RvslInd>true</RvslInd>" if each.reversal else ""
    return (
        f'<Ntry><Amt Ccy="DZD">{amount(each.centimes)}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{reversal}<Sts>{told}</Sts>'
        f"<BookgDt><Dt>{each.day}</Dt></BookgDt><ValDt><Dt>{each.day + timedelta(days=each.later)}</Dt></ValDt>{bank}"
        f"<BkTxCd><Prtry><Cd>VIR</Cd></Prtry></BkTxCd><NtryDtls>"
        f"{details or tx(party, creditor, each.text)}</NtryDtls></Ntry>\n"
    )


def tx(party: str, creditor: str, text: str) -> str:
    return f"<TxDtls><RltdPties>{party}</RltdPties><RmtInf><Ustrd>{text}</Ustrd>{creditor}</RmtInf></TxDtls>"


def part(centimes: int, reference: str, version: str = "02", bank: str = "") -> str:
    """One payment of a batch."""
    money = f'<Amt Ccy="DZD">{amount(centimes)}</Amt>'
    direct = f"<AmtDtls><TxAmt>{money}</TxAmt></AmtDtls>" if version < "03" else f"{money}<CdtDbtInd>CRDT</CdtDbtInd>"
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>" if bank else ""
    return f"<TxDtls><Refs>{own}<EndToEndId>{reference}</EndToEndId></Refs>{direct}</TxDtls>"


def codes(reading: Reading) -> Mapping[str, int]:
    """Code -> line of its first finding."""
    found: dict[str, int] = {}
    for each in reading.findings:
        found.setdefault(each.code, each.line)
    return found
