"""Headings of a DAS as CSV: the names of each column in French, Arabic and English, in any order.

Our own design: no official CSV is known. `templates/README.md` shows the same names to the filer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from tasrih.messages import table

DELIMITERS = (";", ",", "\t")
_QUARTERS = (1, 2, 3, 4)

NAMES: dict[str, tuple[str, ...]] = {
    "employer": (
        "employeur", "numero_employeur", "n_employeur", "no_employeur", "num_employeur", "numero_cotisant",
        "employer", "employer_number", "رقم_صاحب_العمل", "رقم_المستخدم", "رقم_الهيئة_المستخدمة", "صاحب_العمل",
    ),
    "year": ("annee", "exercice", "annee_reference", "year", "reference_year", "السنة", "سنة_التصريح",
             "السنة_المرجعية"),
    "type": ("type", "type_declaration", "type_das", "declaration_type", "النوع", "نوع_التصريح"),
    "centre": ("centre", "centre_payeur", "code_centre", "center", "paying_centre", "paying_center", "مركز_الدفع",
               "المركز"),
    "number": ("numero", "n", "no", "num", "numero_ligne", "n_ligne", "no_ligne", "n_ordre", "numero_ordre", "line",
               "line_number", "number", "الرقم", "رقم_السطر", "الرقم_الترتيبي"),
    "nss": ("nss", "n_ss", "no_ss", "num_ss", "nss_cle", "numero_ss", "numero_securite_sociale", "n_securite_sociale",
            "immatriculation", "numero_assure", "social_security_number", "insured_number", "ssn",
            "رقم_الضمان_الاجتماعي", "رقم_المؤمن", "رقم_التأمين"),
    "surname": ("nom", "nom_famille", "nom_de_famille", "nom_assure", "surname", "last_name", "family_name",
                "اللقب", "لقب"),
    "first_name": ("prenom", "prenoms", "prenom_assure", "first_name", "given_name", "forename", "الاسم", "اسم"),
    "birth": ("date_naissance", "date_de_naissance", "naissance", "ne_le", "birth", "birth_date", "date_of_birth",
              "تاريخ_الميلاد", "تاريخ_الازدياد"),
    "entry": ("date_entree", "entree", "date_d_entree", "date_recrutement", "date_de_recrutement", "date_embauche",
              "entry", "entry_date", "hire_date", "start_date", "تاريخ_الدخول", "تاريخ_التوظيف", "تاريخ_الالتحاق"),
    "exit": ("date_sortie", "sortie", "date_de_sortie", "date_depart", "exit", "exit_date", "leaving_date", "end_date",
             "تاريخ_الخروج", "تاريخ_المغادرة"),
    "function": ("fonction", "poste", "emploi", "observation", "fonction_observation", "qualification", "function",
                 "job", "job_title", "position", "remark", "الوظيفة", "المنصب", "ملاحظة", "الملاحظات"),
    "code": ("code", "code_cotisation", "code_de_cotisation", "code_regime", "contribution_code", "رمز_الاشتراك",
             "الرمز", "رمز_الاشتراكات"),
}  # fmt: skip
"""Column of the layout -> its headings; case, accents, spaces and signs do not count."""

_QUARTER_NAMES = ("t{q}", "q{q}", "trimestre_{q}", "trim_{q}", "{q}_trimestre", "{q}er_trimestre", "{q}e_trimestre",
                  "{q}eme_trimestre", "quarter_{q}", "الثلاثي_{q}", "ثلاثي_{q}", "ث{q}", "الفصل_{q}")  # fmt: skip
_ORDINALS = {1: "الأول", 2: "الثاني", 3: "الثالث", 4: "الرابع"}
BASES = ("base", "assiette", "assiette_cotisable", "base_cotisable", "contribution_base", "الوعاء", "وعاء",
          "وعاء_الاشتراك", "وعاء_الاشتراكات")  # fmt: skip
_DURATIONS = ("duree", "duration", "nombre", "nbre", "المدة", "مدة")
_UNITS = ("unite", "unite_duree", "unit", "الوحدة", "وحدة")
_YEARLY = ("annuelle", "annuel", "annee", "an", "total", "totale", "year", "annual", "السنوي", "السنة", "المجموع")
_YEARLY_FIRST = ("total_annuel", "total_annee", "annual_base", "annual_total", "المجموع_السنوي")
_SCALES = {"da": 100, "dinar": 100, "dinars": 100, "dzd": 100, "en_da": 100, "en_dinars": 100, "دج": 100,
           "دينار": 100, "بالدينار": 100, "centime": 1, "centimes": 1, "cts": 1, "en_centimes": 1, "سنتيم": 1,
           "بالسنتيم": 1}  # fmt: skip

REQUIRED = (
    "employer", "year", "type", "centre", "nss", "surname", "first_name", "birth",
    *(f"{part}_q{q}" for q in _QUARTERS for part in ("duration", "unit", "base")),
    "base_year",
)  # fmt: skip
OPTIONAL = ("number", "entry", "exit", "function", "code")
AMOUNTS = ("base_q1", "base_q2", "base_q3", "base_q4", "base_year")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the file."""

    column: str
    """The layout's name; "" = an unknown column of the filer's own."""
    scale: int
    """For an amount: centimes in one unit of the heading (100 or 1); 0 = the heading names no unit."""
    text: str
    """As the file has it."""


LONGEST_HEADING = 100
"""In characters. A line of fixed columns is one long cell: no need to look at it letter by letter."""


def squeeze(text: str) -> str:
    """Letters and digits alone, without case and accents: "Assiette T1 (DA)" -> "assiettet1da"."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ة", "ه").replace("ى", "ي").replace("ـ", "")
    kept = (letter for letter in plain if letter.isalnum() and not unicodedata.combining(letter))
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in kept)


def _squeezed(names: Iterable[str]) -> list[str]:
    return [squeeze(name) for name in names]


def _joined(stems: Iterable[str], ends: Iterable[str]) -> list[str]:
    return [stem + end for stem, end in product(stems, ends)]


def _quarter_names(q: int) -> list[str]:
    return _squeezed(
        [form.format(q=q) for form in _QUARTER_NAMES] + [f"الثلاثي_{_ORDINALS[q]}", f"الفصل_{_ORDINALS[q]}"]
    )


@cache
def known() -> dict[str, tuple[str, int]]:
    """Squeezed heading -> (column, centimes in one unit; 0 where none is named)."""
    names = {squeeze(name): (column, 0) for column, forms in NAMES.items() for name in forms}
    bases, durations, units = _squeezed(BASES), _squeezed(_DURATIONS), _squeezed(_UNITS)
    for q in _QUARTERS:
        quarters = _quarter_names(q)
        names |= dict.fromkeys(_joined(durations, quarters), (f"duration_q{q}", 0))
        names |= dict.fromkeys(_joined(units, quarters), (f"unit_q{q}", 0))
        names |= scaled(f"base_q{q}", _joined(bases, quarters))
    names |= scaled("base_year", _joined(bases, _squeezed(_YEARLY)) + _squeezed(_YEARLY_FIRST))
    return told_names((*REQUIRED, *OPTIONAL), AMOUNTS) | names


def told_names(columns: Iterable[str], amounts: Iterable[str]) -> dict[str, tuple[str, int]]:
    """The names by which findings tell of the columns are headings too."""
    names: dict[str, tuple[str, int]] = {}
    for column in columns:
        told = _squeezed(table("columns")[column].values())
        names |= scaled(column, told) if column in amounts else dict.fromkeys(told, (column, 0))
    return names


def scaled(column: str, stems: list[str]) -> dict[str, tuple[str, int]]:
    scales = {"": 0} | {squeeze(unit): scale for unit, scale in _SCALES.items()}
    return {stem + unit: (column, scale) for stem in stems for unit, scale in scales.items()}


def heading(text: str) -> Heading:
    return found_in(known(), text)


def found_in(names: Mapping[str, tuple[str, int]], text: str) -> Heading:
    """Also "Nom / اللقب / Surname", as our workbooks head their columns: names of one column side by side."""
    if len(text) > LONGEST_HEADING:
        return Heading("", 0, text)
    parts = {names.get(squeeze(part), ("", 0)) for part in text.split(" / ")}
    column, scale = parts.pop() if len(parts) == 1 else names.get(squeeze(text), ("", 0))
    return Heading(column, scale, text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose headings these are; by default those of the DAS."""

    named: Callable[[str], Heading] = heading
    required: tuple[str, ...] = REQUIRED
    optional: tuple[str, ...] = OPTIONAL
    amounts: tuple[str, ...] = AMOUNTS


DAS = Wanted()


def delimiter_of(line: str, named: Callable[[str], Heading] = heading) -> str:
    """The delimiter that gives the most known headings; "" when none gives a known one."""
    scores = {sign: sum(bool(named(cell).column) for cell in line.split(sign)) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: scores[sign])
    return best if scores[best] else ""


def seems_das_heading(lines: list[str]) -> bool:
    """Whether one of the first lines holds at least four known headings: a sentence holds fewer by chance."""
    for line in lines:
        sign = delimiter_of(line[:8192])
        if sign and sum(bool(heading(cell).column) for cell in line[:8192].split(sign)) >= 4:
            return True
    return False
