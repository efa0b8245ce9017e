"""What a letter says of dues: from the facts of a receipt, or of a test."""

from __future__ import annotations

from collections.abc import Iterator

from tasrih.correspondence.dues_view import held_reasons
from tasrih.correspondence.facts import Facts, day, workers_in_reserve
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars


def due_sentences(receipt: Facts, language: str) -> list[str]:
    """What is due, or why it is held and what to do about it."""
    dues = receipt["dues"]
    return [
        *_nil(receipt, language),
        *_state(dues, language),
        *_held(dues, language),
        *_codes(receipt, language),
        *_paid(receipt, language),
    ]


def tested_sentences(dues: Facts, language: str) -> list[str]:
    """What a real filing would owe; nothing is owed by a test."""
    told = []
    if dues["state"] != "held":
        told.append(sentence("letters", "dues_tested", language, amount=dinars(dues["total_centimes"])))
    if dues["state"] != "computed":
        told.append(sentence("letters", "dues_tested_held", language))
    return [*told, *_held(dues, language)]


def reserve_sentence(reserve: Facts, language: str) -> str:
    values = {"workers": workers_in_reserve(reserve), "day": day(reserve["complete_by"])}
    return sentence("receipt", "reserve", language, **values)


def reserve_sentences(receipt: Facts, language: str) -> list[str]:
    """What is to be completed, and where the requests stand."""
    reserve = receipt.get("reserve")
    if not reserve:
        return []
    return [reserve_sentence(reserve, language), sentence("letters", "reserve_next", language)]


def _state(dues: Facts, language: str) -> Iterator[str]:
    if dues["state"] == "held":
        yield sentence("receipt", "dues_held_effect", language)
        return
    yield sentence("letters", f"dues_{dues['state']}", language, amount=dinars(dues["total_centimes"]))
    if any(line["confidence"] != "firm" for line in dues["lines"]):
        yield sentence("letters", "dues_provisional", language)


def _held(dues: Facts, language: str) -> Iterator[str]:
    """Why, and what to do about it; nothing where all is computed."""
    return (text for reason in held_reasons(dues, language) for text in reason if text)


def _codes(receipt: Facts, language: str) -> list[str]:
    """Which codes the lines tell, and which one the register tells for the others; nothing where the file has none."""
    told = ", ".join(each["code"] for each in receipt.get("codes", ()))
    assumed = receipt["assumed_code"]
    rest = [sentence("dues", "code_assumed_for_rest", language, code=assumed)] if told and assumed else []
    return [sentence("dues", "codes_told", language, codes=told), *rest] if told else []


def _nil(receipt: Facts, language: str) -> list[str]:
    return [sentence("receipt", "nil", language)] if receipt.get("dac", {}).get("nil") else []


def _paid(receipt: Facts, language: str) -> list[str]:
    """What the filer says was paid: shown, never taken for a payment."""
    dac = receipt.get("dac")
    if not dac or not dac["paid_centimes"] or dac["still_to_pay_centimes"] is None:
        return []
    paid, left = dinars(dac["paid_centimes"]), dinars(dac["still_to_pay_centimes"])
    return [sentence("letters", "dac_paid", language, paid=paid, left=left)]
