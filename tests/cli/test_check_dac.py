"""`tasrih check` of a DAC: a verdict for each employer and period, in the same JSON contract as a DAS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tasrih.declaration
import tasrih.local
from tasrih import messages
from tasrih.cli import main

from tests.cli.test_check import FINDING_KEYS, KEYS
from tests.declaration.dacs import FUND, REDUCED, ROW, A, B, table, workers
from tests.declaration.filled_templates import filled

Told = pytest.CaptureFixture[str]
SAMPLES = Path(tasrih.local.__file__).parent / "samples"
REGISTER = str(SAMPLES / "register" / "register.csv")


@pytest.fixture
def checked(tmp_path: Path, capsys: Told) -> Any:
    """Writes a DAC and checks it: exit code, and what was printed as JSON."""

    def check(content: str, *options: str) -> tuple[int, Any]:
        path = tmp_path / "dac.csv"
        path.write_text(content, "utf-8")
        code = main(["check", "--format", "json", *options, str(path)])
        return code, json.loads(capsys.readouterr().out)

    return check


def test_one_declaration_is_one_document_of_the_contract(checked: Any) -> None:
    code, document = checked(table({"Déjà payé (DA)": "34,50"}, FUND), "--codes", "R22")
    assert code == 0
    assert set(document) >= KEYS
    assert (document["verdict"], document["kind"], document["employer"], document["period"], document["lines"]) == (
        "accepted", "DAC", A, "2026-03", 2,
    )  # fmt: skip
    assert document["totals"]["bases"][0] == {
        "code": "R22", "base": 155000000, "line": 2, "decisions": [], "stated": None,
    }  # fmt: skip
    assert (document["totals"]["headcount"], document["totals"]["paid"]) == (22, 3450)
    assert document["dues"]["total"] == 155000000 * 35 // 100
    assert document["dues"]["still_to_pay"] == document["dues"]["total"] - 3450
    assert all(set(found) == FINDING_KEYS for found in document["findings"])


def test_several_declarations_are_an_array_and_one_that_is_refused_refuses_no_other(checked: Any) -> None:
    code, documents = checked(table({}, FUND, {"Employeur": B, "Effectif": "x"}))
    assert code == 1
    assert [(each["employer"], each["verdict"]) for each in documents] == [(A, "accepted"), (B, "refused")]
    assert documents[1]["dues"] is None
    assert {each["code"] for each in documents[1]["findings"]} == {"E611", "W607", "W625"}


def test_rows_of_nobody_are_a_verdict_of_their_own(checked: Any) -> None:
    code, documents = checked(table({}, FUND, {"Employeur": B}, {**FUND, "Employeur": B}, {"Employeur": "?"}))
    assert code == 1
    assert [(each["employer"], each["verdict"]) for each in documents] == [
        (A, "accepted"), (B, "accepted"), (None, "refused"),
    ]  # fmt: skip
    assert [(each["code"], each["line"]) for each in documents[2]["findings"]] == [("E603", 6)]


def test_a_remark_on_the_file_is_no_verdict_on_anybody(tmp_path: Path, capsys: Told) -> None:
    path = tmp_path / "dac.csv"
    own = {**ROW, "Ma colonne": ""}
    path.write_text(table({}, FUND, {"Employeur": B}, {**FUND, "Employeur": B}, of=own), "utf-8")
    assert main(["check", "--lang", "en", "--codes", "R22", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.count("ACCEPTED") == 2
    assert "Remarks on the file as a whole" in told
    assert "Ma colonne" in told


def test_what_is_held_stands_beside_what_is_computed(checked: Any) -> None:
    rows = table({}, REDUCED, {**FUND, "Assiette (DA)": "1850000,00"})
    _, document = checked(rows, "--codes", "R22 R07")
    dues = document["dues"]
    assert (dues["state"], dues["held_because"][0]["reason"]) == ("partly_held", "split_not_known")
    assert dues["held"] == [
        {
            "period": "2026-03", "code": "R07", "base": 30000000, "reason": "split_not_known", "total_rate": "14.50",
            "indicative": 4350000,
        }
    ]  # fmt: skip
    assert dues["total"] == 1550000_00 * 345 // 1000 + 1850000_00 * 5 // 1000


def test_more_paid_than_owed_is_a_warning(checked: Any) -> None:
    code, document = checked(table({"Déjà payé (DA)": "9999999", "Montant (DA)": "1"}, FUND), "--codes", "R22")
    assert code == 0
    assert {"W630", "W631"} <= set(document["counts"])


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("explain", [[], ["--explain"]])
def test_the_text_names_each_employer_and_what_is_owed(capsys: Told, lang: str, explain: list[str]) -> None:
    path = str(SAMPLES / "dac" / "DAC-2026-03.csv")
    assert main(["check", "--lang", lang, "--register", REGISTER, *explain, path]) == 0
    told = capsys.readouterr().out
    for employer in ("1699999901", "1699999902", "1699999903"):
        assert employer in told
    assert "11\u00a0310,00" in told  # 14.50 % of 78 000.00: an indication
    assert "49\u00a0300,00" in told  # 35 % of 198 000.00, less 20 000.00


def test_the_faulty_sample_is_accepted_for_one_employer_of_three(capsys: Told) -> None:
    path = str(SAMPLES / "dac_faulty" / "DAC-2026-06.csv")
    assert main(["check", "--format", "json", "--register", REGISTER, path]) == 1
    documents = json.loads(capsys.readouterr().out)
    assert [each["verdict"] for each in documents] == ["accepted", "refused", "refused"]
    assert [{found["code"] for found in each["findings"] if found["severity"] == "error"} for each in documents] == [
        set(), {"E607", "E609", "E537"}, {"E618", "E610"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["dac.csv", "dac_nominal.csv"])
@pytest.mark.parametrize("register", [[], ["--register", REGISTER]])
def test_the_templates_pass_with_ones_own_rows(tmp_path: Path, name: str, register: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(filled(name))
    assert main(["check", *register, str(path)]) == 0


def test_a_heading_that_lacks_a_column_is_one_refusal(checked: Any) -> None:
    code, document = checked(table({}).replace("Effectif", "Autre"))
    assert code == 1
    assert (document["employer"], [each["code"] for each in document["findings"]]) == (None, ["W501", "E502"])


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_a_new_hire_under_two_codes_is_one_worker_in_reserve(tmp_path: Path, capsys: Told, lang: str) -> None:
    path = tmp_path / "dac.csv"
    new = {"NSS": "", "Nom": "NOUVEAU"}
    path.write_text(workers({}, FUND, new, {**new, **FUND}), "utf-8")
    assert main(["check", "--lang", lang, str(path)]) == 0
    said = capsys.readouterr().out
    assert messages.sentence("receipt", "reserve", lang, workers=1, day="|").partition(".")[0] in said
    main(["check", "--format", "json", str(path)])
    reserve = json.loads(capsys.readouterr().out)["reserve"]
    assert (reserve["lines"], reserve["workers"]) == (2, 1)
