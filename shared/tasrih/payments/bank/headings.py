"""The columns of our CSV of a bank statement, and what each may be called: `templates/README.md` tells them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tasrih.declaration.csv.headings import Heading, Wanted, found_in, scaled, squeeze

AMOUNTS = ("debit", "credit", "balance")
REQUIRED = ("nature", "account", "booked_on", "value_date", "debit", "credit", "balance")
OPTIONAL = ("currency", "bank_reference", "payment_reference", "payer", "payer_account", "label")

NAMES: dict[str, tuple[str, ...]] = {
    "nature": ("nature", "type", "type_ligne", "nature_ligne", "kind", "kind_of_row", "النوع", "نوع_السطر"),
    "account": ("compte", "n_compte", "numero_compte", "rib", "iban", "account", "account_number", "الحساب",
                "رقم_الحساب"),
    "booked_on": ("date", "date_operation", "date_d_operation", "date_comptable", "booking_date", "booked_on",
                  "تاريخ_العملية", "التاريخ"),
    "value_date": ("valeur", "date_valeur", "date_de_valeur", "value_date", "تاريخ_القيمة", "تاريخ_الاستحقاق"),
    "currency": ("devise", "monnaie", "currency", "العملة"),
    "bank_reference": ("reference_banque", "ref_banque", "reference_bancaire", "n_operation", "numero_operation",
                       "bank_reference", "transaction_number", "مرجع_البنك", "رقم_العملية"),
    "payment_reference": ("reference_paiement", "reference_de_paiement", "ref_paiement", "payment_reference",
                          "مرجع_الدفع"),
    "payer": ("payeur", "donneur_d_ordre", "ordonnateur", "nom_payeur", "payer", "payer_name", "الدافع", "اسم_الدافع"),
    "payer_account": ("compte_payeur", "rib_payeur", "compte_donneur_d_ordre", "payer_account", "حساب_الدافع"),
    "label": ("libelle", "motif", "communication", "label", "description", "text", "البيان", "التفاصيل"),
}  # fmt: skip
_AMOUNT_NAMES = {
    "debit": ("debit", "montant_debit", "مدين", "المدين"),
    "credit": ("credit", "montant_credit", "دائن", "الدائن"),
    "balance": ("solde", "solde_apres", "solde_apres_operation", "balance", "balance_after", "الرصيد", "الرصيد_بعد"),
}
OPENING, MOVEMENT, RETURN, CLOSING = "opening", "movement", "return", "closing"
NATURES = {
    OPENING: ("ouverture", "solde_initial", "solde_ouverture", "opening", "opening_balance", "افتتاح", "رصيد_افتتاحي"),
    MOVEMENT: ("operation", "mouvement", "movement", "transaction", "عملية", "حركة"),
    RETURN: ("retour", "rejet", "impaye", "annulation", "return", "reversal", "إرجاع", "إلغاء"),
    CLOSING: ("cloture", "solde_final", "solde_cloture", "closing", "closing_balance", "إقفال", "رصيد_ختامي"),
}


@cache
def _known() -> Mapping[str, tuple[str, int]]:
    names = {squeeze(name): (column, 0) for column, forms in NAMES.items() for name in forms}
    for column, forms in _AMOUNT_NAMES.items():
        names |= scaled(column, [squeeze(name) for name in forms])
    return names


def heading(text: str) -> Heading:
    return found_in(_known(), text)


STATEMENT = Wanted(heading, REQUIRED, OPTIONAL, ())
"""No heading must name its unit: a bank tells dinars. One that says "(centimes)" is believed."""


@cache
def _natures() -> Mapping[str, str]:
    return {squeeze(word): nature for nature, words in NATURES.items() for word in words}


def nature_of(text: str) -> str:
    """ "opening", "movement", "return" or "closing"; "" for any other word."""
    return _natures().get(squeeze(text[:100]), "")
