"""One declaration cut out of a DAC of many: what examining the whole found for it, as a file that needs no second
examination.

The first line is canonical JSON (keys sorted, no spaces); the lines of workers, if there are any, follow as an array in
numpy's own format. Only this system writes such files, where nobody else can.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from tasrih.declaration.sent import CodeBase, Dac, Decision, Examined, FileFacts, Lines, SentFile
from tasrih.vocabulary.finding import Findings, finding_of
from tasrih.vocabulary.period import Period


def cut(declared: Examined, lines: Lines | None, name: str) -> SentFile:
    """The file, made anew each time it is opened: of a thousand declarations, one is held at a time.

    What is accepted is cut once its names are certain or confirmed: a guess, `to_confirm`, is not in it.
    """
    return SentFile(name, 0, lambda: io.BytesIO(_written(declared, lines)))


def read_slice(file: SentFile) -> tuple[Examined, Lines | None]:
    """What `cut` was given. Raises ValueError or KeyError for a file that it did not write."""
    with file.open() as stream:
        told = json.loads(stream.readline())
        rest = stream.read()
    lines = Lines(np.load(io.BytesIO(rest), allow_pickle=False)) if rest else None
    return _examined(told), lines


def _written(declared: Examined, lines: Lines | None) -> bytes:
    told = {
        "employer": declared.employer,
        "period": str(declared.period or ""),
        "centre": declared.centre,
        "lines": declared.lines,
        "dac": asdict(declared.dac) if declared.dac else None,
        "files": [asdict(file) for file in declared.files],
        "members": [asdict(file) for file in declared.members],
        "findings": [asdict(finding) for finding in declared.findings],
        "counts": dict(declared.findings.counts),
        "rules_version": declared.rules_version,
        "code_page": declared.code_page,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    held = io.BytesIO()
    held.write(text.encode() + b"\n")
    if lines:
        np.save(held, np.ascontiguousarray(lines.rows), allow_pickle=False)
    return held.getvalue()


def _examined(told: dict[str, Any]) -> Examined:
    return Examined(
        kind="DAC",
        type="N",
        employer=told["employer"],
        period=Period.parse(told["period"]) if told["period"] else None,
        centre=told["centre"],
        files=[FileFacts(**file) for file in told["files"]],
        members=[FileFacts(**file) for file in told["members"]],
        lines=told["lines"],
        findings=Findings([finding_of(finding) for finding in told["findings"]], Counter(told["counts"])),
        rules_version=told["rules_version"],
        code_page=told.get("code_page", ""),
        dac=_dac(told["dac"]) if told["dac"] else None,
    )


def _dac(told: dict[str, Any]) -> Dac:
    certified = told["certified_on"]
    made = {
        "bases": tuple(_base(base) for base in told["bases"]),
        "certified_on": date.fromisoformat(certified) if certified else None,
        "stated": _pairs(told["stated"]),
    }
    return Dac(**{**told, **made})


def _base(told: dict[str, Any]) -> CodeBase:
    return CodeBase(**{**told, "decisions": tuple(_decision(each) for each in told["decisions"])})


def _decision(told: dict[str, Any]) -> Decision:
    days = (date.fromisoformat(told[name]) if told[name] else None for name in ("start", "end"))
    return Decision(told["number"], *days)


def _pairs(told: Iterable[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((column, text) for column, text in told)
