"""Contribution codes and classes of employers, as the command line was told."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from tasrih.messages import sentence
from tasrih.messages.findings import finding_sentence
from tasrih.register import Employer, read_register


def codes_of(options: argparse.Namespace, employers: Mapping[str, Employer], employer: str) -> tuple[str, ...]:
    """From --codes, else from the register."""
    if options.codes:
        return tuple(options.codes.upper().replace(",", " ").split())
    return employers[employer].codes if employer in employers else ()


def registered(options: argparse.Namespace) -> dict[str, Employer]:
    """Employers of the register file, by number. Raises ValueError when that file is not right."""
    if not options.register:
        return {}
    records, findings = read_register(text_of(options.register, options.lang))
    if findings:
        raise ValueError(f"{options.register}: {finding_sentence(findings[0], options.lang)}")
    return {each.number: each for each in records if isinstance(each, Employer)}


def text_of(path: str, language: str) -> str:
    """Raises OSError, and ValueError where the file is not UTF-8: a spreadsheet's own code page loses Arabic names."""
    try:
        return Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(sentence("cli", "not_utf8", language, path=path)) from None
