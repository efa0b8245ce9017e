from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tasrih.adapters.telemetry import FIELDS, METRICS, Telemetry, allowed

UPLOAD = "0123456789abcdef0123456789abcdef"
CANARIES = ["991234567890", "NOMUN", "12345678901234567", "Bearer eyJ"]


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_log_line_is_json_with_the_fields_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    Telemetry("receive").tell("verdict given", upload=UPLOAD, state="in_force", lines=30)
    (line,) = told(capsys)
    assert (line["message"], line["upload"], line["state"], line["lines"]) == ("verdict given", UPLOAD, "in_force", 30)
    assert line["service"] == "receive"


@pytest.mark.parametrize("canary", CANARIES)
def test_no_field_lets_a_person_through(canary: str) -> None:
    words = {name for name, form in FIELDS.items() if allowed({name: canary})}
    assert words <= {"law_version", "rules_version", "about", "dues", "error", "kind", "reason", "state"}
    if canary.isdigit():
        assert words <= {"law_version", "rules_version"}
    assert allowed({"nss": canary, "surname": canary, "employer": canary, "message": canary, "token": canary}) == {}


def test_an_insured_number_is_no_count() -> None:
    assert allowed({name: 991234567890 for name in FIELDS} | {"lines": -991234567890}) == {}
    assert allowed({"bytes": 268_435_456}) == {"bytes": 268_435_456}


ANYTHING = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.binary(), st.none(), st.lists(st.text(), max_size=2)
)


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(), ANYTHING, max_size=6),
    word=st.text(max_size=8),
    value=st.integers(0, 10**30),
)
@example(fields={"upload": UPLOAD + "\n", "state": "a\u2028b", "lines": 10**5000}, word='a\n{"level":"x"}', value=0)
def test_no_input_breaks_a_line(
    capsys: pytest.CaptureFixture[str], fields: dict[str, Any], word: str, value: int
) -> None:
    telemetry = Telemetry("lines")
    tellable = {name: each for name, each in fields.items() if name not in ("what", "error", "self")}
    telemetry.tell("told", **tellable)
    telemetry.trouble("in trouble", type(word.replace("\0", "") or "x", (Exception,), {})(word), **tellable)
    telemetry.measure("Verdicts", value)
    telemetry.flush()
    written = capsys.readouterr()
    assert written.err == ""
    lines = written.out.removesuffix("\n").split("\n")
    assert len(lines) == 3
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", "".join(lines))


def test_values_of_another_form_are_dropped() -> None:
    assert allowed({"lines": "30", "state": "in force\r\nfake", "upload": UPLOAD.upper(), "bytes": 1.5}) == {}
    assert allowed({"lines": 30, "place": "receive.py:12"}) == {"lines": 30, "place": "receive.py:12"}


def test_an_exception_is_told_by_type_and_place_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            int("991234567890 NOMUN")
        except ValueError as cause:
            raise RuntimeError("NOMUN") from cause
    except RuntimeError as error:
        Telemetry("receive_with_trouble").trouble("upload left for a retry", error, upload=UPLOAD, nss="991234567890")
    written = capsys.readouterr().out
    line = json.loads(written)
    assert line["error"] == "RuntimeError"
    assert line["place"].startswith("test_telemetry.py:")
    assert "991234567890" not in written
    assert "NOMUN" not in written


def test_metrics_are_written_once_in_the_embedded_format_without_persons(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry("sweep")
    telemetry.measure("OldestOpenUploadSeconds", 7)
    telemetry.measure("Verdicts")
    telemetry.flush()
    telemetry.flush()
    (blob,) = told(capsys)
    meta = blob["_aws"]
    assert isinstance(meta, dict)
    (directive,) = meta["CloudWatchMetrics"]
    assert directive["Namespace"] == "Tasrih"
    assert directive["Dimensions"] == [["service"]]
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
        "OldestOpenUploadSeconds": "Seconds",
        "Verdicts": "Count",
    }
    assert (blob["OldestOpenUploadSeconds"], blob["Verdicts"], blob["service"]) == ([7], [1], "sweep")


def test_a_metric_nobody_watches_is_refused() -> None:
    with pytest.raises(KeyError):
        Telemetry("sweep").measure("Whatever")
    assert "OldestOpenUploadSeconds" in METRICS
