"""What was announced against what came."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tasrih.declaration.examine import examine

from tests.declaration.pairs import DETAIL_NAME, HEADER, HEADER_NAME, TODAY, detail, examined, found, sent


@dataclass(frozen=True)
class Told:
    name: str
    size: int
    sha256: str
    lines: int


def told(name: str, content: str, lines: int) -> Told:
    return Told(name, len(content), hashlib.sha256(content.encode()).hexdigest(), lines)


ANNOUNCED = (told(HEADER_NAME, HEADER, 1), told(DETAIL_NAME, detail(), 2))
TOTAL = 54_000_000


def test_what_came_as_announced_is_accepted() -> None:
    assert found(examined(HEADER, announced=ANNOUNCED, total=TOTAL)) == []


def test_fewer_bytes_than_announced_is_a_file_cut_on_its_way() -> None:
    result = examined(HEADER, detail()[:300], announced=ANNOUNCED)
    assert ("E401", "S", 0, "") in found(result)
    assert ("E057", "S", 2, "") in found(result)


def test_the_content_of_another_announced_file_is_a_swap() -> None:
    result = examine([sent(HEADER_NAME, detail()), sent(DETAIL_NAME, HEADER)], today=TODAY, announced=ANNOUNCED)
    codes = [code for code, *_ in found(result)]
    assert codes.count("E402") == 2
    (first, _) = (each for each in result.findings if each.code == "E402")
    assert (first.file, first.value) == (HEADER_NAME, DETAIL_NAME)


def test_other_content_of_the_same_size_is_a_change() -> None:
    other = detail().replace("NOMUN", "NOMXX")
    assert found(examined(HEADER, other, announced=ANNOUNCED)) == [("E403", "S", 0, "")]


def test_another_number_of_lines_is_told() -> None:
    announced = (ANNOUNCED[0], told(DETAIL_NAME, detail(), 3))
    (finding,) = examined(HEADER, announced=announced).findings
    assert (finding.code, finding.file, finding.value, finding.expected) == ("E404", DETAIL_NAME, "2", "3")


def test_another_total_is_told() -> None:
    (finding,) = examined(HEADER, announced=ANNOUNCED, total=TOTAL + 1).findings
    assert (finding.code, finding.value, finding.expected) == ("E405", "54000000", "54000001")


def test_a_file_announced_and_never_received_is_told() -> None:
    result = examine([sent(HEADER_NAME, HEADER)], today=TODAY, announced=ANNOUNCED)
    assert ("E406", "S", 0, "") in found(result)


def test_a_file_received_and_never_announced_is_told() -> None:
    assert found(examined(HEADER, announced=ANNOUNCED[:1])) == [("E406", "S", 0, "")]
