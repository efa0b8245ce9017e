"""`tasrih status`: where an upload stands, as the API tells it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tasrih.cli.service import Service
from tasrih.correspondence.letter_dues import reserve_sentence
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars

SHOWN = 30


def run(options: argparse.Namespace) -> int:
    service = Service(options.api, options.lang).sign_in(options)
    if not options.upload:
        for row in service.get("/uploads", entity=options.entity)["uploads"]:
            state = f"{row['state']} (test)" if row["purpose"] == "test" else row["state"]
            print(f"{row['upload']}  {row['opened_at']}  {row['employer']}  {state}  {', '.join(row['names'])}")
        return 0
    view = service.get(f"/uploads/{options.upload}")
    show(view, service, options.lang)
    if options.receipt and view["receipt"]:
        save_receipt(view, service, Path(options.receipt), options.lang)
    return 0


def show(view: dict[str, Any], service: Service, language: str) -> None:
    """The verdict, what was found and where, what is owed, and the receipt."""
    print(view["meaning"])
    if view["kind"] and not view["parts"]:
        print(
            sentence(
                "cli",
                "declaration",
                language,
                kind=view["kind"],
                employer=view["employer"],
                period=view["period"],
                lines=view["lines"],
                base=dinars(view["total_centimes"]),
            )
        )
    _show_certified(view, language)
    for part in view["parts"]:
        whose = " ".join(filter(None, (part["employer"] or "?", part["period"])))
        print(f"  {part['state']:<22}{whose:<20}{part['name']}  {part['upload']}")
    if view["counts"]:
        _show_findings(view, service, language)
    _show_dues(view, language)
    if view.get("reserve"):
        print(reserve_sentence(view["reserve"], language))
    if view["receipt"]:
        print(sentence("cli", "receipt", language, number=view["receipt"]["number"]))
    withdrawal = view["withdrawal"]
    if withdrawal:
        number, reason = withdrawal["receipt"]["number"], withdrawal["reason"]
        print(sentence("cli", "withdrawal", language, number=number, reason=reason))


def _show_dues(view: dict[str, Any], language: str) -> None:
    """What is computed, what is held, and what the filer says was paid."""
    dues, dac = view["dues"], view.get("dac")
    if not dues:
        return
    if dues["state"] != "held":
        owed = sentence("cli", "dues", language, total=dinars(dues["total_centimes"]))
        print(sentence("api", "test", language, meaning=owed) if view["purpose"] == "test" else owed)
        if dac and dac["paid_centimes"]:
            print(sentence("cli", "still_to_pay", language, total=dinars(dac["still_to_pay_centimes"])))
    for because in dues["held_because"]:
        print(f"{sentence('cli', 'held', language)} {because}")


def _show_certified(view: dict[str, Any], language: str) -> None:
    certified = view["certified"]
    if certified:
        print(sentence("cli", "certified", language, name=certified["name"], capacity=certified["capacity"]))
        if certified["mandate"]:
            print(sentence("cli", "certified_under", language, **certified["mandate"]))


def _show_findings(view: dict[str, Any], service: Service, language: str) -> None:
    severity = [each["severity"] for each in view["counts"] for _ in range(each["count"])]
    print(sentence("cli", "found", language, errors=severity.count("error"), warnings=severity.count("warning")))
    found = service.get(f"/uploads/{view['upload']}/findings")["findings"]
    for each in sorted(found, key=lambda one: one["severity"])[:SHOWN]:
        place = ":".join(str(part) for part in (each["file"], each["line"]) if part)
        print(f"  {each['code']}  {place}  {each['message']}")
    total = sum(each["count"] for each in view["counts"])
    if total > SHOWN:
        print(sentence("cli", "more", language, shown=SHOWN, all=total))


def save_receipt(view: dict[str, Any], service: Service, folder: Path, language: str, of: str = "filing") -> list[Path]:
    """The PDF, the JSON and the public keys of today, so that they can be verified without network. `of`: "filing" or
    "withdrawal"."""
    receipt = view["receipt"] if of == "filing" else view["withdrawal"]["receipt"]
    if not receipt["pdf_ready"]:
        print(sentence("cli", "receipt_later", language))
        return []
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for form in ("pdf", "json"):
        link = service.get(f"/uploads/{view['upload']}/receipt", form=form, of=of)["url"]
        path = folder / f"{receipt['number']}.{form}"
        path.write_bytes(service.download(link))
        saved.append(path)
    (folder / "keys.json").write_text(json.dumps(service.get("/keys"), indent=1), "ascii")
    print(sentence("cli", "receipt_saved", language, path=saved[0]))
    return saved
