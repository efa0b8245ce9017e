"""Headings of a DAC as CSV, aggregate or nominal: the names of each column in French, Arabic and English.

Our own design: the DAC is typed on the fund's portal, no file format is known. `templates/README.md` shows the names.
"""

from __future__ import annotations

from functools import cache

from tasrih.declaration.csv.headings import (
    BASES,
    NAMES,
    Heading,
    Wanted,
    delimiter_of,
    found_in,
    scaled,
    squeeze,
    told_names,
)
from tasrih.declaration.csv.headings import heading as das_heading

_OWN: dict[str, tuple[str, ...]] = {
    "period": ("periode", "mois", "trimestre", "mois_ou_trimestre", "periode_declaree", "period", "month", "quarter",
               "month_or_quarter", "الفترة", "فترة_التصريح", "الشهر", "الثلاثي", "الشهر_أو_الثلاثي"),
    "headcount": ("effectif", "effectif_total", "effectifs", "nombre_de_salaries", "nombre_salaries", "headcount",
                  "number_of_workers", "workers", "employees", "عدد_العمال", "عدد_الأجراء", "التعداد"),
    "entries": ("entrees", "nombre_entrees", "nombre_d_entrees", "entries", "hires", "number_of_entries",
                "عدد_الداخلين", "عدد_التوظيفات", "الداخلون"),
    "exits": ("sorties", "nombre_sorties", "nombre_de_sorties", "exits", "leavers", "number_of_exits",
              "عدد_المغادرين", "عدد_الخارجين", "المغادرون"),
    "nil": ("neant", "declaration_neant", "neant_oui_non", "nil", "nil_declaration", "nil_yes_no", "لا_شيء",
            "تصريح_سلبي", "تصريح_لا_شيء"),
    "decision": ("numero_decision", "n_decision", "no_decision", "decision", "decision_de_reduction",
                 "numero_decision_reduction", "decision_number", "reduction_decision", "رقم_القرار", "قرار_التخفيض",
                 "رقم_قرار_التخفيض"),
    "decision_start": ("debut_decision", "date_debut_decision", "debut_reduction", "debut_de_la_reduction",
                       "decision_start", "reduction_start", "بداية_القرار", "بداية_التخفيض", "تاريخ_بداية_التخفيض"),
    "decision_end": ("fin_decision", "date_fin_decision", "fin_reduction", "fin_de_la_reduction", "decision_end",
                     "reduction_end", "نهاية_القرار", "نهاية_التخفيض", "تاريخ_نهاية_التخفيض"),
    "place": ("lieu", "fait_a", "lieu_de_certification", "place", "certified_at", "المكان", "حرر_في"),
    "certified_on": ("date_certification", "date_de_certification", "fait_le", "certified_on", "certification_date",
                     "حرر_يوم", "تاريخ_المصادقة"),
    "denomination": ("denomination", "raison_sociale", "company", "company_name", "employer_name", "التسمية",
                     "اسم_المؤسسة"),
    "address": ("adresse", "address", "العنوان"),
    "phone": ("telephone", "tel", "phone", "الهاتف"),
    "class": ("classe", "classe_cotisant", "regime_de_declaration", "class", "contributor_class", "صنف_المشترك"),
    "postal_account": ("ccp_agence", "compte_postal", "compte_postal_agence", "postal_account", "الحساب_البريدي"),
    "treasury_account": ("compte_tresor", "compte_tresor_agence", "treasury_account", "حساب_الخزينة"),
    "payment_means": ("mode_de_paiement", "mode_paiement", "payment_means", "payment_method", "طريقة_الدفع"),
    "payment_reference": ("reference_paiement", "numero_cheque", "n_cheque", "payment_reference", "cheque_number",
                          "مرجع_الدفع", "رقم_الصك"),
    "paid_in_words": ("montant_en_lettres", "amount_in_words", "المبلغ_بالحروف"),
    "justification": ("justification", "motif", "motif_reduction", "reason", "المبرر"),
}  # fmt: skip
_SHARED = ("employer", "code", "nss", "surname", "first_name", "birth", "entry", "exit")
_CENTRES = ("agence", "code_agence", "agency", "agency_code", "الوكالة", "رمز_الوكالة")
_PAID = ("deja_paye", "montant_deja_paye", "deja_verse", "montant_deja_verse", "already_paid", "amount_already_paid",
         "المدفوع_سابقا", "المبلغ_المدفوع_سابقا")  # fmt: skip
_AMOUNT = ("montant", "montant_cotisation", "cotisation", "amount", "contribution_amount", "مبلغ_الاشتراك", "المبلغ")

STATED = ("denomination", "address", "phone", "class", "postal_account", "treasury_account", "payment_means",
          "payment_reference", "paid_in_words", "justification")  # fmt: skip
"""Kept as written; nothing rests on them."""
_OF_A_DAC = frozenset({"period", "code", "base", "headcount", "entries", "exits", "nil", "decision"})
_REDUCTION = ("decision", "decision_start", "decision_end")
_LEAST_KNOWN = 4


@cache
def known() -> dict[str, tuple[str, int]]:
    """Squeezed heading -> (column, centimes in one unit; 0 where none is named)."""
    shared = {name: NAMES[name] for name in _SHARED} | {"centre": NAMES["centre"] + _CENTRES}
    names = {squeeze(name): (column, 0) for column, forms in (shared | _OWN).items() for name in forms}
    for column, stems in (("base", BASES), ("paid", _PAID), ("amount", _AMOUNT)):
        names |= scaled(column, [squeeze(stem) for stem in stems])
    columns = (*AGGREGATE.required, *AGGREGATE.optional, *NOMINAL.required)
    return told_names(columns, AGGREGATE.amounts) | names


def heading(text: str) -> Heading:
    return found_in(known(), text)


AGGREGATE = Wanted(
    required=("employer", "period", "centre", "code", "base", "headcount", "entries", "exits"),
    optional=("nil", *_REDUCTION, "paid", "amount", "place", "certified_on"),
    amounts=("base", "paid", "amount"),
    named=heading,
)
NOMINAL = Wanted(
    required=("employer", "period", "centre", "nss", "surname", "first_name", "code", "base", "entry", "exit"),
    optional=_REDUCTION,
    amounts=("base",),
    named=heading,
)


def dac_kind(lines: list[str]) -> str:
    """ "dac_csv" or "dac_nominal_csv" when one of the first lines is such a heading, else "".

    A heading of the DAS never is: a DAC has one base, the DAS one for each quarter and one for the year.
    """
    for line in lines:
        sign = delimiter_of(line[:8192], heading)
        cells = line[:8192].split(sign) if sign else []
        columns = {heading(cell.strip(' "')).column for cell in cells} - {""}
        if len(columns) < _LEAST_KNOWN or len(columns & _OF_A_DAC) < 2:
            continue
        if not any(das_heading(cell.strip(' "')).column.startswith("base_") for cell in cells):
            return "dac_nominal_csv" if {"nss", "surname"} & columns else "dac_csv"
    return ""
