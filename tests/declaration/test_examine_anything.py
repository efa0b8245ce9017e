"""Whatever the bytes: a verdict, never an exception."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tasrih.declaration.examine import examine

from tests.declaration.pairs import DETAIL_NAME, FIRST, HEADER, HEADER_NAME, SECOND, TODAY, detail, examined, sent

PAIR = (HEADER.encode(), detail().encode())
PIECES = st.sampled_from(
    [b"\n", b"\r", b"\r\n", b"\x00", b"\t", b"\xff", b"\xe9", "\u0644\u0661".encode(), b" ", b"-", b"9" * 25, b"\x1a",
     b"\xef\xbb\xbf", b"\xff\xfe", FIRST.encode(), SECOND.encode()]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 400), st.integers(0, 30), PIECES), max_size=6)


@given(
    st.lists(st.tuples(st.sampled_from([HEADER_NAME, DETAIL_NAME, "a.csv", "a.zip", "x", ""]), st.binary()), max_size=3)
)
@settings(deadline=None)
@example([(HEADER_NAME, b""), (DETAIL_NAME, b"\n")])
@example([(DETAIL_NAME, b"\xff\xfe\x00")])
@example([(HEADER_NAME, b"1" * 5000), (DETAIL_NAME, b"1" * 5000)])
def test_any_bytes_reach_a_verdict(files: list[tuple[str, bytes]]) -> None:
    result = examine([sent(name, content) for name, content in files], today=TODAY, sink=lambda lines: None)
    assert not result.accepted
    assert len(result.files) == len(files)
    list(result.findings)


@given(EDITS)
@settings(deadline=None, max_examples=300)
def test_any_damage_to_a_pair_reaches_a_verdict(edits: list[tuple[int, int, int, bytes]]) -> None:
    both = list(PAIR)
    for which, at, width, piece in edits:
        both[which] = both[which][:at] + piece + both[which][at + width :]
    result = examined(both[0], both[1], sink=lambda lines: None)
    assert result.files[0].size == len(both[0])
    for finding in result.findings:
        assert finding.code in result.findings.counts


@given(st.integers(0, len(PAIR[1])))
@settings(deadline=None)
def test_a_file_cut_anywhere_is_never_accepted_with_fewer_lines(cut: int) -> None:
    result = examined(HEADER, PAIR[1][:cut])
    assert result.accepted == (cut >= len(PAIR[1]) - 1)
    if 391 > cut > 196:
        assert "E057" in result.findings.counts
