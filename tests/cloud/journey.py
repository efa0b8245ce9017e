"""A DAS pair from ticket to mailed, verified receipt, through HTTP only, with every promise looked at on the way."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pypdfium2
from tasrih.correspondence.verify import verify
from tasrih.local.deployed import Stack

from tests.cloud.filings import CANARIES, DUES_BY_HAND, TOTAL_BY_HAND, das
from tests.cloud.fund import Employer, Fund
from tests.cloud.web import fetch, post_form


def journey(fund: Fund) -> tuple[Employer, str]:
    """Raises AssertionError where a promise is not kept. Returns who filed, and the upload in force."""
    employer = fund.employer()
    upload = _sent(employer)
    view = fund.verdict(employer, upload, lang="en")
    _in_force(view, employer)
    papers = _papers(view, employer)
    _genuine(papers, view, fund)
    _mailed(fund, employer, papers)
    nothing_leaks(fund.stack, employer.number)
    return employer, upload


def _sent(employer: Employer) -> str:
    filing = das(employer.number)
    opened = employer.open(filing)
    assert [form["name"] for form in opened["forms"]] == [name for name, _ in filing.files]
    for place, (_, body) in enumerate(filing.files):
        waits = employer.view(opened["upload"])
        assert waits["state"] == "awaiting_upload"
        assert waits["receipt"] is None
        assert post_form(opened["forms"][place], body).status in (200, 201, 204)
    return str(opened["upload"])


def _in_force(view: dict[str, Any], employer: Employer) -> None:
    """The state, what was read, and the dues against hand arithmetic."""
    assert view["state"] == "in_force", view
    assert (view["kind"], view["type"], view["period"], view["version"]) == ("DAS", "N", "2025", 1)
    assert (view["employer"], view["lines"], view["total_centimes"]) == (employer.number, 2, 57_600_000)
    assert view["counts"] == []
    dues = view["dues"]
    assert (dues["state"], dues["total_centimes"]) == ("computed", TOTAL_BY_HAND)
    shares: Counter[tuple[str, str]] = Counter()
    for due in dues["lines"]:
        shares[due["code"], due["share"]] += due["amount_centimes"]
        assert due["article"]
        assert due["explanation"]
        assert due["valid_from"] <= "2025-12-31"
    assert shares == DUES_BY_HAND
    assert len(employer.web.must("GET", f"/uploads/{view['upload']}/lines")["lines"]) == 2


def _papers(view: dict[str, Any], employer: Employer) -> dict[str, bytes]:
    """File name -> what the link gives."""
    found = {}
    for form in ("pdf", "json"):
        link = employer.web.must("GET", f"/uploads/{view['upload']}/receipt", form=form)["url"]
        answer = fetch(link)
        assert answer.status == 200, answer
        found[f"{view['receipt']['number']}.{form}"] = answer.body
    return found


def _genuine(papers: dict[str, bytes], view: dict[str, Any], fund: Fund) -> None:
    """Offline: bytes and published keys are all that is needed."""
    keys = fund.anybody.must("GET", "/keys")
    for name, body in papers.items():
        answer = verify(body, keys)
        assert answer.ok, (name, answer.reasons)
        assert answer.number == view["receipt"]["number"]
        facts = answer.facts
        assert (facts["lines"], facts["dues"]["total_centimes"]) == (2, TOTAL_BY_HAND)
        assert [file["sha256"] for file in facts["files"]] == [file["sha256"] for file in view["files"]]
        spoiled = body.replace(b"57600000", b"57600001", 1) if name.endswith("json") else body[:-30] + body[-29:]
        assert not verify(spoiled, keys).ok


def _mailed(fund: Fund, employer: Employer, papers: dict[str, bytes]) -> None:
    (mail,) = fund.mails(employer)
    assert mail.to == (employer.email,)
    attached = {str(part.get_filename()): part.get_payload(decode=True) for part in mail.message.iter_attachments()}
    assert attached == papers


def nothing_leaks(stack: Stack, employer: str) -> None:
    """Nothing that concerns one worker where it has no business: this employer's receipts and mails, and all logs and
    keys. Other employers of these tests have one worker alone, whose wages are the sums of their papers."""
    receipts = ((place, text) for place, text in _receipts(stack) if employer in text)
    for place, text in (*receipts, *_letters(stack, employer), *_logs(stack), *_keys(stack)):
        found = [canary for canary in CANARIES if canary in text]
        assert not found, f"{place} holds {found}"


def _receipts(stack: Stack) -> Iterator[tuple[str, str]]:
    storage, bucket = stack.client("s3"), stack.outputs["ReceiptsBucket"]
    for page in storage.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", ()):
            key, number = version["Key"], version["VersionId"]
            body = storage.get_object(Bucket=bucket, Key=key, VersionId=number)["Body"].read()
            yield key, f"{key} {body.decode('latin-1')} {_pdf_text(body)}"


def _pdf_text(body: bytes) -> str:
    """Words and attachments: in the bytes both are compressed."""
    if not body.startswith(b"%PDF-"):
        return ""
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        words = [page.get_textpage().get_text_range() for page in document]
        inside = [document.get_attachment(place).get_data() for place in range(document.count_attachments())]
        return " ".join(words) + " ".join(bytes(each).decode("latin-1") for each in inside)


def _logs(stack: Stack) -> Iterator[tuple[str, str]]:
    for function in stack.functions:
        yield f"log of {function}", stack.logs(function)


def _keys(stack: Stack) -> Iterator[tuple[str, str]]:
    """Everything that is a key of a table or of an index."""
    database = stack.client("dynamodb")
    for output in ("BookTable", "LinesTable"):
        for page in database.get_paginator("scan").paginate(TableName=stack.outputs[output]):
            for item in page["Items"]:
                names = ("pk", "sk", "waiting", "waiting_since", "owner", "rank")
                yield output, " ".join(str(item[name]) for name in names if name in item)


def _letters(stack: Stack, employer: str) -> Iterator[tuple[str, str]]:
    """Those that name the employer anywhere, whole."""
    for mail in stack.mails():
        message: EmailMessage = mail.message
        told = [("subject of a letter", str(message["Subject"]))]
        for part in message.walk():
            if not part.is_multipart():
                body = part.get_payload(decode=True)
                assert isinstance(body, bytes)
                told.append((f"letter {message['Subject']}", body.decode("utf-8", "replace") + _pdf_text(body)))
        if any(employer in text for _, text in told):
            yield from told
