"""One declaration cut out of a DAC of many, with its lines, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tasrih.declaration import limits
from tasrih.declaration.dac.examine import examine_dac, fingerprint, is_dac
from tasrih.declaration.dac.lines import Collected, digest
from tasrih.declaration.dac.slices import cut, read_slice
from tasrih.declaration.sent import Examined, Lines

from tests.declaration.dacs import FUND, REDUCED, SECOND, TODAY, A, B, examined, sent, table, workers
from tests.declaration.test_dac import zipped


def collected(*rows: dict[str, str]) -> Collected:
    lines = Collected()
    examine_dac([sent(workers(*rows))], today=TODAY, sink=lines)
    return lines


def of(lines: Collected, employer: str = A, period: str = "2026-03") -> Lines:
    found = lines.of(employer, period)
    assert found
    return found


@pytest.mark.parametrize(
    "row",
    [{}, REDUCED, {"Effectif": "douze"}, {"Période": "demain"}, {"Néant": "oui", "Code": "", "Assiette (DA)": ""}],
)
def test_what_was_found_for_a_declaration_comes_back_from_its_slice(row: dict[str, str]) -> None:
    (declared,) = examined(table(row, {**row, **FUND} if row.get("Code") != "" else row)).declarations
    again, lines = read_slice(cut(declared, None, "a.json"))
    assert lines is None
    assert replace(again, findings=declared.findings) == declared
    assert list(again.findings) == list(declared.findings)
    assert again.findings.counts == declared.findings.counts


def test_the_lines_of_workers_come_back_with_it() -> None:
    lines = of(collected({}, {**SECOND, "Nom": "اسم"}))
    _, again = read_slice(cut(Examined("DAC"), lines, "a.json"))
    assert again
    assert again.rows.dtype == lines.rows.dtype
    assert again.rows.tolist() == lines.rows.tolist()
    assert again.rows["surname"][1].decode() == "اسم"


def test_lines_stand_with_their_employer_and_period_in_the_order_of_the_file() -> None:
    lines = collected({}, {"Employeur": B}, SECOND, {"Période": "2026-T2"}, {**FUND, "Employeur": B})
    assert of(lines).rows["number"].tolist() == [2, 4]
    assert of(lines, B).rows["code"].tolist() == [b"R22", b"R98"]
    assert of(lines, period="2026-Q2").rows["number"].tolist() == [5]
    assert lines.of("1699999999", "2026-03") is None
    assert Collected().of(A, "2026-03") is None


def test_lines_have_one_digest_in_whatever_order_and_another_for_another_wage_or_name() -> None:
    first = digest(of(collected({}, SECOND)))
    assert digest(of(collected(SECOND, {}))) == first
    assert digest(of(collected({}, {**SECOND, "Nom": "N" * 25}))) != first
    assert digest(of(collected({**SECOND, "Assiette (DA)": "50000,01"}, {}))) != first
    wide = of(collected({}, SECOND))
    dtype = np.dtype(
        [(name, "S90" if name == "surname" else wide.rows.dtype[name]) for name in wide.rows.dtype.names or ()]
    )
    assert digest(Lines(wide.rows.astype(dtype))) == first


def test_lines_of_workers_are_part_of_what_is_declared() -> None:
    (declared,) = examined(workers({}, FUND)).declarations
    assert declared.dac
    with_lines = replace(declared, dac=replace(declared.dac, lines_sha256="ab"))
    assert fingerprint(with_lines) != fingerprint(declared)


def test_a_deposit_takes_as_many_declarations_as_the_limits_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "dac_declarations", lambda year: 2)
    assert not examined(table({}, FUND, {"Employeur": B}), size_class="monthly").findings.counts["E636"]
    three = examined(table({}, {"Employeur": B}, {"Employeur": "1699999903"}))
    assert three.findings.counts["E636"] == 1
    assert [each.accepted for each in three.declarations] == [False] * 3


def test_a_dac_is_told_alone_or_with_its_lines_and_not_beside_another_declaration() -> None:
    summed, named, das = table({}, FUND), workers({}, FUND), "%PDF-1.4"
    assert is_dac([sent(summed)])
    assert is_dac([sent(summed), sent(das, "a.pdf")])
    assert is_dac([sent(zipped(summed, named), "a.zip")])
    assert is_dac([sent(zipped(named), "a.zip")])
    assert not is_dac([sent(zipped(summed, summed), "a.zip")])
    assert not is_dac([sent(zipped(summed, das), "a.zip")])
    assert not is_dac([sent(zipped(summed, named, das), "a.zip")])
    assert not is_dac([])
