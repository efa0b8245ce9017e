"""Is a register file read strictly, each fault located, and nothing imported by halves?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.messages import LANGUAGES, table
from tasrih.messages.findings import finding_sentence
from tasrih.register import COLUMNS, Account, Affiliation, Employer, Entity, changes, read_register
from tasrih.register import cells as cells_module
from tasrih.register.parties import agency_on

TEMPLATE = resources.files("tasrih.register").joinpath("templates/register.csv").read_text("utf-8")
GOOD = {
    "entity": "exemple",
    "name": "EXEMPLE SARL",
    "name_ar": "شركة المثال",
    "employer": "1699999901",
    "agency": "16000",
    "since": "2015-03-01",
    "until": "",
    "size_class": "quarterly",
    "codes": "R22 R98",
    "contact_name": "NOMUN PRENOMUN",
    "contact_email": "paie@exemple.example",
    "language": "fr",
    "accounts": "un deux",
}


def sheet(*rows: dict[str, str], between: str = ";") -> str:
    lines = [between.join(GOOD), *[between.join({**GOOD, **row}.values()) for row in rows]]
    return "\n".join(lines) + "\n"


def codes_of(text: str) -> list[tuple[str, int, str]]:
    records, findings = read_register(text)
    assert not (records and findings)
    return [(finding.code, finding.line, finding.column) for finding in findings]


def test_the_template_is_accepted_as_it_is() -> None:
    records, findings = read_register(TEMPLATE)
    assert findings == []
    assert [type(record) for record in records] == [Entity] * 4 + [Employer] * 5 + [Account] * 5
    assert TEMPLATE.splitlines()[0].split(";") == list(COLUMNS)


def test_the_page_beside_the_template_tells_each_column_and_whether_it_is_needed() -> None:
    page = resources.files("tasrih.register").joinpath("templates/README.md").read_text("utf-8")
    for name, column in COLUMNS.items():
        assert f"| `{name}` | {'yes ' if column.needed else ''}|" in page


def test_the_template_names_only_reserved_numbers_and_addresses() -> None:
    records, _ = read_register(TEMPLATE)
    assert all(record.number[2:8] == "999999" for record in records if isinstance(record, Employer))
    mails = [record.contact_email for record in records if isinstance(record, Entity)]
    assert all(mail == "" or mail.endswith(".example") for mail in mails)


def test_rows_become_an_entity_an_employer_and_accounts() -> None:
    records, findings = read_register(sheet({}), "register.csv")
    assert findings == []
    assert records == [
        Entity(
            entity="exemple",
            name="EXEMPLE SARL",
            name_ar="شركة المثال",
            contact_name="NOMUN PRENOMUN",
            contact_email="paie@exemple.example",
            language="fr",
        ),
        Employer(
            number="1699999901",
            entity="exemple",
            agencies=(Affiliation(agency="16000", since="2015-03-01"),),
            since="2015-03-01",
            codes=("R22", "R98"),
        ),
        Account(account="deux", role="employer", entity="exemple"),
        Account(account="un", role="employer", entity="exemple"),
    ]


def test_several_agencies_of_one_number_follow_each_other_whatever_their_order() -> None:
    moved = {"agency": "16999", "since": "2022-07-01", "until": "2025-12-31"}
    for until in ("", "2022-06-30"):
        records, findings = read_register(sheet(moved, {"until": until}))
        assert findings == []
        (employer,) = [record for record in records if isinstance(record, Employer)]
        assert employer.agencies == (
            Affiliation(agency="16000", since="2015-03-01"),
            Affiliation(agency="16999", since="2022-07-01"),
        )
        assert (employer.since, employer.until) == ("2015-03-01", "2025-12-31")


@pytest.mark.parametrize("between", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_line_ends_and_a_byte_order_mark_make_no_difference(between: str, end: str, mark: str) -> None:
    text = mark + sheet({}, {"employer": "1699999902"}, between=between).replace("\n", end)
    assert read_register(text) == read_register(sheet({}, {"employer": "1699999902"}))


SPREADSHEETS: dict[str, Callable[[str], str]] = {
    "tabs": lambda text: text.replace(";", "\t"),
    "Excel's own first line": lambda text: f"sep=;\n{text}",
    "headings in capitals": lambda text: text.partition("\n")[0].upper() + "\n" + text.partition("\n")[2],
    "empty columns behind": lambda text: text.replace("\n", ";;;\n"),
    "empty rows behind": lambda text: text + ";" * 12 + "\n" + ";" * 12 + "\n",
    "days as a French spreadsheet shows them": lambda text: text.replace("2015-03-01", "01/03/2015"),
}


@pytest.mark.parametrize("saved", SPREADSHEETS.values(), ids=SPREADSHEETS.keys())
def test_what_a_spreadsheet_makes_of_the_file_makes_no_difference(saved: Callable[[str], str]) -> None:
    text = sheet({"since": "2015-03-01"}, {"employer": "1699999902"})
    assert saved(text) != text
    assert read_register(saved(text)) == read_register(text)


def test_columns_may_come_in_any_order_and_empty_lines_are_passed_over() -> None:
    lines = [";".join(reversed(line.split(";"))) for line in sheet({}).splitlines()]
    assert read_register("\n\n".join(lines)) == read_register(sheet({}))


def test_a_quoted_cell_may_hold_the_separator() -> None:
    records, findings = read_register(sheet({"name": '"EXEMPLE; FILS"'}))
    assert findings == []
    assert isinstance(records[0], Entity)
    assert records[0].name == "EXEMPLE; FILS"


def test_the_agency_of_a_day_is_the_one_that_began_last_before_it() -> None:
    employer = next(record for record in read_register(TEMPLATE)[0] if isinstance(record, Employer))
    held = {day: agency_on(employer, day) for day in ("2014-01-01", "2015-03-01", "2022-06-30", "2022-07-01")}
    assert list(held.values()) == ["16000", "16000", "16000", "16999"]


CELLS = [
    ({"employer": "169999990"}, "E807", "employer"),
    ({"employer": "16999999011"}, "E807", "employer"),
    ({"employer": "1.7E+09"}, "E807", "employer"),
    ({"employer": "7099999901"}, "E807", "employer"),
    ({"employer": "١٦٩٩٩٩٩٩٠١"}, "E807", "employer"),
    ({"agency": "1600"}, "E808", "agency"),
    ({"agency": "16A00"}, "E808", "agency"),
    ({"since": "03/15/2015"}, "E809", "since"),
    ({"since": "2015-02-29"}, "E809", "since"),
    ({"since": "20150301"}, "E809", "since"),
    ({"until": "open"}, "E809", "until"),
    ({"until": "2015-02-28"}, "E810", "until"),
    ({"contact_email": "paie@exemple"}, "E811", "contact_email"),
    ({"contact_email": "paie exemple.example"}, "E811", "contact_email"),
    ({"contact_email": "a..b@exemple.example"}, "E811", "contact_email"),
    ({"contact_email": "a@exemple.example>"}, "E811", "contact_email"),
    ({"contact_email": f"{'a' * 250}@exemple.example"}, "E811", "contact_email"),
    ({"language": "de"}, "E812", "language"),
    ({"size_class": "yearly"}, "E813", "size_class"),
    ({"codes": "R22 22"}, "E814", "codes"),
    ({"codes": "R22,R98"}, "E814", "codes"),
    ({"entity": "exemple#1"}, "E815", "entity"),
    ({"accounts": "un deux@exemple.example"}, "E815", "accounts"),
    ({"name": "EXEMPLE\tSARL"}, "E821", "name"),
    ({"name": "EXEMPLE \u202elrae"}, "E821", "name"),
    ({"name": "E" * 101}, "E821", "name"),
    ({"name_ar": "EXEMPLE"}, "E821", "name_ar"),
    ({"contact_name": "NOMUN\x00"}, "E821", "contact_name"),
    *[({name: ""}, "E806", name) for name, column in COLUMNS.items() if column.needed],
]


@pytest.mark.parametrize(("change", "code", "column"), CELLS)
def test_a_faulty_cell_is_named_by_code_line_and_column(change: dict[str, str], code: str, column: str) -> None:
    assert codes_of(sheet({"entity": "autre", "accounts": "", "employer": "1699999909"}, change)) == [(code, 3, column)]


def test_what_may_be_empty_may_be_empty() -> None:
    empty = {name: "" for name, column in COLUMNS.items() if not column.needed}
    records, findings = read_register(sheet(empty))
    assert findings == []
    assert [record.codes for record in records if isinstance(record, Employer)] == [()]


def test_all_faults_of_a_row_and_of_all_rows_are_told_at_once() -> None:
    text = sheet({"agency": "x", "language": "x"}, {"since": "x"})
    assert codes_of(text) == [("E808", 2, "agency"), ("E812", 2, "language"), ("E809", 3, "since")]


def test_an_unknown_a_missing_and_a_doubled_column_are_refused() -> None:
    assert codes_of(sheet({}).replace("name_ar", "nom_ar")) == [("E803", 1, ""), ("E802", 1, "name_ar")]
    assert ("E804", 1, "name") in codes_of(sheet({}).replace("name_ar", "name"))
    told = [finding_sentence(finding, "en") for finding in read_register(sheet({}).replace(";codes", ";code"))[1]]
    assert told[1] == "The column codes is missing."


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", sheet()])
def test_what_is_no_table_is_refused_as_such(text: str) -> None:
    assert codes_of(text) == [("E801", 0, "")]


def test_a_row_with_a_cell_too_many_or_too_few_is_refused() -> None:
    assert codes_of(sheet({"name": "EXEMPLE;SARL"})) == [("E805", 2, "")]
    assert codes_of(sheet({}).rstrip("\n").rpartition(";")[0]) == [("E805", 2, "")]


def test_the_line_is_that_of_the_file_even_after_a_cell_of_two_lines() -> None:
    text = sheet({"contact_name": '"NOMUN\nPRENOMUN"'}, {"agency": "x"})
    assert codes_of(text) == [("E821", 2, "contact_name"), ("E808", 4, "agency")]


@pytest.mark.parametrize("column", ["name", "name_ar", "contact_name", "contact_email", "language", "accounts"])
def test_rows_of_one_entity_must_agree(column: str) -> None:
    other = {"name": "AUTRE", "name_ar": "أخرى", "contact_email": "b@exemple.example", "language": "ar"}
    change = {column: other.get(column, "trois")}
    assert codes_of(sheet({}, {"employer": "1699999902", **change})) == [("E816", 3, column)]


def test_rows_of_one_number_must_agree() -> None:
    moved = {"since": "2020-01-01"}
    assert codes_of(sheet({}, {**moved, "size_class": "monthly"})) == [("E817", 3, "size_class")]
    assert codes_of(sheet({}, {**moved, "codes": "R22"})) == [("E817", 3, "codes")]
    other = {**moved, "entity": "autre", "accounts": ""}
    assert codes_of(sheet({}, other)) == [("E817", 3, "entity")]


def test_the_order_of_codes_and_accounts_is_no_disagreement() -> None:
    assert codes_of(sheet({}, {"since": "2020-01-01", "codes": "R98  R22", "accounts": "deux un un"})) == []


@pytest.mark.parametrize(
    ("until", "since", "code"),
    [
        ("2020-01-01", "2020-01-01", "E818"),
        ("2020-06-30", "2020-01-01", "E818"),
        ("2019-12-31", "2020-01-01", None),
        ("", "2020-01-01", None),
        ("2019-12-30", "2020-01-01", "E819"),
        ("", "2015-03-01", "E818"),
    ],
)
def test_agencies_of_a_number_neither_overlap_nor_leave_a_gap(until: str, since: str, code: str | None) -> None:
    found = codes_of(sheet({"until": until}, {"agency": "16999", "since": since}))
    assert [one[0] for one in found] == ([code] if code else [])


def test_an_account_acts_for_one_entity() -> None:
    other = {"entity": "autre", "employer": "1699999902", "accounts": "deux trois"}
    assert codes_of(sheet({}, other, {**other, "employer": "1699999903"})) == [("E820", 3, "accounts")]


def test_more_rows_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "MAX_ROWS", 2)
    row = {"accounts": ""}
    rows = [{**row, "employer": f"169999990{n}"} for n in range(3)]
    assert codes_of(sheet(*rows[:2])) == []
    assert codes_of(sheet(*rows)) == [("E822", 4, "")]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(), st.sampled_from(sorted(GOOD)))
def test_no_text_makes_the_reader_fail(text: str, column: str) -> None:
    read_register(text)
    records, findings = read_register(sheet({column: text}))
    assert not (records and findings)


def test_an_import_shows_what_it_would_change() -> None:
    held, _ = read_register(sheet({}, {"entity": "autre", "employer": "1699999902", "accounts": ""}))
    held = [replace(record, revision=3) for record in held]
    new, _ = read_register(sheet({"language": "ar", "accounts": "un trois"}))
    shown = changes(held, new)
    assert [record.key.partition for record in shown.created] == ["ACCOUNT#trois"]
    (changed,) = shown.changed
    assert (changed.before.key.partition, changed.fields) == ("ENTITY#exemple", ("language",))
    assert isinstance(changed.after, Entity)
    assert (changed.after.language, changed.after.revision) == ("ar", 3)
    assert [record.key.partition for record in shown.unchanged] == ["EMPLOYER#1699999901", "ACCOUNT#un"]
    absent = {record.key.partition for record in shown.absent}
    assert absent == {"ENTITY#autre", "EMPLOYER#1699999902", "ACCOUNT#deux"}


def test_the_same_file_again_changes_nothing() -> None:
    records, _ = read_register(TEMPLATE)
    shown = changes([replace(record, revision=1) for record in records], records)
    assert (shown.created, shown.changed, shown.absent) == ((), (), ())
    assert len(shown.unchanged) == len(records)


@pytest.mark.parametrize("name", ['"EXEMPLE', '"E"X'])
def test_a_quote_that_is_not_closed_is_told_at_its_line(name: str) -> None:
    assert codes_of(sheet({}, {"name": name}, {})) == [("E801", 3, "")]


def test_of_a_file_without_one_good_row_a_thousand_faults_are_told_each_of_them_short() -> None:
    records, findings = read_register(sheet(*[{"agency": "x" * 5000}] * 1_500))
    assert (records, len(findings)) == ([], cells_module.MAX_FINDINGS)
    assert max(len(finding.value) for finding in findings) == cells_module.SHOWN_CHARACTERS


def test_each_message_has_three_languages_with_the_same_values() -> None:
    for key, forms in table("register").items():
        assert set(forms) == set(LANGUAGES), key
        fields = [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms.values()]
        assert fields[0] == fields[1] == fields[2], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_column_and_each_fault_has_its_sentence(language: str) -> None:
    assert all(table("register")[f"column_{name}"][language] for name in COLUMNS)
    for change, code, _ in CELLS:
        (finding,) = read_register(sheet(change))[1]
        assert finding.code == code
        assert "{" not in finding_sentence(finding, language)
