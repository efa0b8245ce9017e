"""`tasrih affiliations`: requests for workers declared without a number; the number given, once it is known."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tasrih.cli.service import Service
from tasrih.correspondence.letter_dues import reserve_sentence
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    if (options.line is None) != (options.number is None):
        raise ValueError(sentence("cli", "line_and_number", options.lang))
    service = Service(options.api, options.lang).sign_in(options)
    place = f"/uploads/{options.upload}/affiliations"
    if options.line is not None:
        _show(service.post(f"{place}/{options.line}", {"nss": options.number}), options.lang)
        return 0
    if options.csv:
        Path(options.csv).write_bytes(service.get_text(f"{place}.csv").encode("utf-8"))
        return 0
    found = service.get(place)
    if found["complete_by"]:
        print(reserve_sentence({"workers": len(found["requests"]), **found}, options.lang))
    for request in found["requests"]:
        _show(request, options.lang)
    return 0


def _show(request: dict[str, Any], language: str) -> None:
    state = sentence("affiliations", f"state_{request['state']}", language)
    lines = ", ".join(map(str, request["lines"]))
    print(f"{lines}  {request['surname']} {request['first_name']}  {state}  {request['nss']}".rstrip())
    if request["state"] == "owed":
        print(f"  {sentence('affiliations', 'column_missing', language)}: {', '.join(request['missing'])}")
