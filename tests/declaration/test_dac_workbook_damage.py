"""Damaged workbooks of a DAC: each damage has its code and its place, as the sheet shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tasrih.declaration.dac.examine import examine_dac

from tests.declaration.dacs import FUND, REDUCED, TODAY, places, sent, table, workers
from tests.declaration.made_workbooks import in_this_process
from tests.declaration.test_dac_workbook import workbook

Place = tuple[str, int, str]
AGGREGATE = table({}, FUND)
WITH_REDUCTION = table({"Assiette (DA)": "1250000,00"}, REDUCED, FUND)
NOMINAL = workers({}, FUND)
DAY = date(2026, 3, 1)

DAMAGED: dict[str, tuple[str, dict[str, Any], Place]] = {
    "an employer number that lost its zero": (AGGREGATE, {"A2": 169999990}, ("E520", 2, "employer")),
    "an employer number as a word": (AGGREGATE, {"A2": "EXEMPLE SARL"}, ("E531", 2, "employer")),
    "no employer": (AGGREGATE, {"A2": None}, ("E603", 2, "employer")),
    "an employer number as an error": (AGGREGATE, {"A2": "#N/A"}, ("E523", 2, "employer")),
    "a month as a date": (AGGREGATE, {"B2": DAY, "B3": DAY}, ("W601", 2, "period")),
    "a day for a month": (AGGREGATE, {"B2": date(2026, 3, 17)}, ("E601", 2, "period")),
    "a month as Excel's number": (AGGREGATE, {"B2": 46082}, ("E528", 2, "period")),
    "a thirteenth month": (AGGREGATE, {"B2": "2026-13"}, ("E601", 2, "period")),
    "no period": (AGGREGATE, {"B3": None}, ("E601", 3, "period")),
    "a centre that lost its zero": (AGGREGATE, {"C2": 1600}, ("E522", 2, "centre")),
    "a code without its letter": (AGGREGATE, {"D2": 22}, ("E604", 2, "code")),
    "a code as a formula without its value": (AGGREGATE, {"D2": "=D3"}, ("E722", 2, "code")),
    "a code as a truth value": (AGGREGATE, {"D2": True}, ("E723", 2, "code")),
    "no code": (AGGREGATE, {"D2": None}, ("E613", 2, "code")),
    "a code twice": (AGGREGATE, {"D3": "R22"}, ("E612", 3, "code")),
    "a base as a formula without its value": (AGGREGATE, {"E2": "=SUM(E3:E9)"}, ("E722", 2, "base")),
    "a base as a word": (AGGREGATE, {"E2": "néant"}, ("E525", 2, "base")),
    "a negative base": (AGGREGATE, {"E2": -1550000.0}, ("E535", 2, "base")),
    "a base with parts of a centime": (AGGREGATE, {"E2": 1550000.005}, ("E728", 2, "base")),
    "a base beyond what a spreadsheet keeps": (AGGREGATE, {"E2": 12345678901234567890}, ("E720", 2, "base")),
    "a base as a date": (AGGREGATE, {"E2": DAY}, ("E721", 2, "base")),
    "no base": (AGGREGATE, {"E2": None}, ("E614", 2, "base")),
    "half a worker": (AGGREGATE, {"F2": 22.5}, ("E611", 2, "headcount")),
    "a headcount as a date": (AGGREGATE, {"F2": DAY}, ("E721", 2, "headcount")),
    "a headcount as an error": (AGGREGATE, {"F2": "#VALEUR!"}, ("E523", 2, "headcount")),
    "other entries in the next row": (AGGREGATE, {"G3": 2}, ("E610", 3, "entries")),
    "perhaps nil": (AGGREGATE, {"I2": "peut-être"}, ("E629", 2, "nil")),
    "a decision without its number": (WITH_REDUCTION, {"J3": None}, ("E618", 3, "decision")),
    "a decision that ends before it begins": (WITH_REDUCTION, {"L3": date(2025, 1, 1)}, ("E620", 3, "decision_end")),
    "a decision's day as a word": (WITH_REDUCTION, {"K3": "juillet"}, ("E527", 3, "decision_start")),
    "certified in days to come": (AGGREGATE, {"P2": date(2027, 1, 1)}, ("E610", 3, "certified_on")),
    "something beside the table": (AGGREGATE, {"R2": "voir"}, ("E725", 2, "")),
    "a heading gone": (AGGREGATE, {"F1": None}, ("E502", 1, "headcount")),
    "an amount without its unit": (AGGREGATE, {"E1": "Assiette"}, ("E504", 1, "base")),
    "a worker's number as a long number": (NOMINAL, {"D2": 80000000001}, ("E521", 2, "nss")),
    "a worker's number as an error": (NOMINAL, {"D2": "#N/A"}, ("E523", 2, "nss")),
    "a worker without a name": (NOMINAL, {"E2": None}, ("E212", 2, "surname")),
    "a worker's code missing": (NOMINAL, {"H2": None}, ("E613", 2, "code")),
    "a worker's base as a formula without its value": (NOMINAL, {"I2": "=I3"}, ("E722", 2, "base")),
    "a worker's entry as a number": (NOMINAL, {"J2": 42064}, ("E528", 2, "entry")),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_each_damage_has_its_code_and_its_place(case: str) -> None:
    content, cells, place = DAMAGED[case]
    deposit = examine_dac(
        [sent(workbook(content, **cells), "dac.xlsx")],
        today=TODAY,
        class_of=lambda _employer: "monthly",
        workbooks=in_this_process,
    )
    assert place in places(deposit)
    assert deposit.accepted == place[0].startswith("W")


@pytest.mark.parametrize("content", [AGGREGATE, WITH_REDUCTION, NOMINAL])
def test_what_is_not_damaged_is_accepted(content: str) -> None:
    deposit = examine_dac([sent(workbook(content), "dac.xlsx")], today=TODAY, workbooks=in_this_process)
    assert deposit.accepted
