from __future__ import annotations

import json

import pytest
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
