"""Does every kind of upload get its verdict, its letter and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tasrih.local.waiting import wait_for

from tests.cloud.filings import (
    CANARIES,
    NOTHING_PAID,
    ONE,
    TOTAL_BY_HAND,
    TWO,
    Filing,
    das,
    faulty,
    other,
    table,
    zipped,
)
from tests.cloud.fund import Employer, Fund
from tests.cloud.journey import nothing_leaks
from tests.cloud.web import post_form

pytestmark = pytest.mark.cloud

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


def findings(employer: Employer, upload: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = employer.web.must("GET", f"/uploads/{upload}/findings", lang="en")["findings"]
    return found


def codes(employer: Employer, upload: str) -> list[str]:
    return [finding["code"] for finding in findings(employer, upload)]


@pytest.mark.parametrize("made", [zipped, table])
def test_a_zip_and_a_csv_are_accepted_with_the_same_dues_as_the_pair(fund: Fund, made: Callable[[str], Filing]) -> None:
    employer = fund.employer()
    view = fund.verdict(employer, employer.send(made(employer.number)))
    assert (view["state"], view["lines"], view["dues"]["total_centimes"]) == ("in_force", 2, TOTAL_BY_HAND)
    assert len(fund.mails(employer)) == 1


def test_a_faulty_pair_is_refused_with_each_fault_at_its_place_and_a_letter_without_values(fund: Fund) -> None:
    employer = fund.employer(language="en")
    filing = faulty(employer.number)
    upload = employer.send(filing)
    view = fund.verdict(employer, upload)
    assert (view["state"], view["dues"], view["receipt"]) == ("refused", None, None)
    found = [(each["file"], each["line"], each["column"], each["value"]) for each in findings(employer, upload)]
    detail = filing.files[1][0]
    assert (detail, 1, "birth", "31021980") in found
    assert (detail, 2, "base_q1", "67456O80") in found
    (mail,) = fund.mails(employer)
    text = mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # a letter always has a text
    assert detail in text
    assert all(finding["code"] in text for finding in findings(employer, upload))
    assert not [value for value in ("31021980", "67456O80", *CANARIES) if value in str(mail.message)]
    assert list(mail.message.iter_attachments()) == []
    nothing_leaks(fund.stack, employer.number)


def test_the_same_file_again_is_answered_with_its_first_receipt(fund: Fund) -> None:
    employer = fund.employer()
    first = fund.verdict(employer, employer.send(das(employer.number)))
    again = fund.verdict(employer, employer.send(zipped(employer.number)))
    assert (again["state"], again["answered_by"]) == ("duplicate", first["upload"])
    assert again["receipt"] == first["receipt"]
    mails = fund.mails(employer, 2)
    papers = [
        {part.get_filename(): part.get_payload(decode=True) for part in mail.message.iter_attachments()}
        for mail in mails
    ]
    assert papers[0] == papers[1]


def test_a_corrected_file_replaces_the_one_in_force(fund: Fund) -> None:
    employer = fund.employer()
    first = fund.verdict(employer, employer.send(das(employer.number)))
    second = fund.verdict(employer, employer.send(das(employer.number, ONE, TWO, NOTHING_PAID)))
    assert (second["state"], second["version"]) == ("in_force", 2)
    before = employer.view(first["upload"])
    assert (before["state"], before["answered_by"]) == ("superseded", second["upload"])
    assert second["receipt"]["number"] != first["receipt"]["number"]
    found = fund.officer.must("POST", "/insured", {"nss": ONE.nss})["declared"]
    assert [each["upload"] for each in found if each["employer"] == employer.number] == [second["upload"]]


def test_dues_that_cannot_be_decided_are_held_and_do_not_refuse_the_file(fund: Fund) -> None:
    employer = fund.employer(codes="R07")
    view = fund.verdict(employer, employer.send(das(employer.number)))
    assert (view["state"], view["dues"]["state"]) == ("in_force", "held")
    assert view["dues"]["held_because"]
    assert len(list(fund.mails(employer)[0].message.iter_attachments())) == 2


@pytest.mark.parametrize(
    ("name", "body", "word"),
    [("facture.pdf", PDF, "PDF"), ("scan.png", PICTURE, "picture"), ("blanc.txt", b"\r\n \r\n", "blank")],
    ids=["pdf", "picture", "blank"],
)
def test_what_is_no_declaration_gets_one_refusal_that_says_what_it_seems_to_be(
    fund: Fund, name: str, body: bytes, word: str
) -> None:
    employer = fund.employer()
    upload = employer.send(other(employer.number, name, body))
    assert fund.verdict(employer, upload)["state"] == "refused"
    (finding,) = findings(employer, upload)
    assert word.lower() in finding["message"].lower(), finding
    for accepted in ("D{yy}E{employer}.txt + D{yy}S{employer}.txt", ".csv", ".zip"):
        assert accepted in finding["expected"]
    assert len(fund.mails(employer)) == 1


def test_an_empty_file_is_refused_when_announced_and_when_sent(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    empty = replace(filing, files=(filing.files[0], (filing.files[1][0], b"")))
    asked = empty.announcement()
    answer = employer.web.call("POST", "/uploads", asked, lang="en")
    assert (answer.status, answer.body["field"]) == (422, "files.1.size")
    opened = employer.open(filing)
    assert post_form(opened["forms"][1], b"").status >= 400


def test_a_second_file_that_never_comes_gets_its_verdict_after_the_stated_time(fund: Fund) -> None:
    employer = fund.employer(language="en")
    filing = das(employer.number)
    opened = employer.open(filing)
    assert post_form(opened["forms"][0], filing.files[0][1]).status in (200, 201, 204)
    wait_for(lambda: employer.view(opened["upload"])["files"][0]["arrived_at"], "the first file was seen", 180)
    with fund.later("sweep", "receive_declaration", minutes=59):
        fund.stack.tick("sweep")
        assert employer.view(opened["upload"])["state"] == "awaiting_upload"
    with fund.later("sweep", "receive_declaration", minutes=61):
        fund.stack.tick("sweep")
        view = fund.verdict(employer, opened["upload"])
    assert view["state"] == "refused"
    (finding,) = findings(employer, opened["upload"])
    assert (finding["code"], finding["file"]) == ("E490", filing.files[1][0])
    (mail,) = fund.mails(employer)
    assert filing.files[1][0] in str(mail.message)


def test_an_event_that_was_lost_is_made_up_for_by_the_sweep(fund: Fund) -> None:
    employer = fund.employer()
    filing, storage = das(employer.number), fund.stack.client("s3")
    opened = employer.open(filing)
    bucket = fund.stack.outputs["InboxBucket"]
    notices = storage.get_bucket_notification_configuration(Bucket=bucket)
    notices.pop("ResponseMetadata")
    storage.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    try:
        for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
    finally:
        storage.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=notices)
    assert employer.view(opened["upload"])["state"] == "awaiting_upload"
    with fund.later("sweep", minutes=6):
        assert fund.stack.tick("sweep")["uploads"] >= 1
    assert fund.verdict(employer, opened["upload"])["state"] == "in_force"


def test_sending_a_form_twice_changes_nothing(fund: Fund) -> None:
    employer, hidden = fund.employer(), fund.waiting_in("UploadsQueue")
    filing = das(employer.number)
    opened = employer.open(filing)
    for _ in range(2):
        for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
    view = fund.verdict(employer, opened["upload"])
    for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
        assert post_form(form, body).status in (200, 201, 204)
    assert view["state"] == "in_force"
    fund.mails(employer)
    fund.worked_off("UploadsQueue", hidden)
    assert fund.verdict(employer, opened["upload"]) == view
    assert len(fund.mails(employer)) == 1


def test_the_same_request_again_gets_the_same_ticket_and_another_request_under_its_key_an_error(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    first, again = (employer.open(filing, request="lost-reply-1") for _ in range(2))
    assert (first["upload"], first["rank"]) == (again["upload"], again["rank"])
    asked = filing.announcement(request="lost-reply-1", total_centimes=1)
    assert employer.web.call("POST", "/uploads", asked).status == 422


def test_a_truncated_file_is_named_as_truncated(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    (header, (name, body)) = filing.files
    opened = employer.open(filing)
    assert post_form(opened["forms"][0], header[1]).status in (200, 201, 204)
    answer = post_form(opened["forms"][1], body[:-100])
    if answer.status < 300:  # the emulator does not compare the form's checksum, S3 does
        assert fund.verdict(employer, opened["upload"])["state"] == "refused"
        found = [each for each in findings(employer, opened["upload"]) if each["code"] == "E401"]
        assert [(each["file"], each["value"]) for each in found] == [(name, str(len(body) - 100))]


def test_swapped_files_are_named_as_swapped(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    opened = employer.open(filing)
    bodies = [body for _, body in filing.files][::-1]
    for form, body in zip(opened["forms"], bodies, strict=True):
        assert post_form(form, body).status in (200, 201, 204)
    assert fund.verdict(employer, opened["upload"])["state"] == "refused"
    assert codes(employer, opened["upload"]).count("E402") == 2


def test_bytes_that_were_not_announced_are_named(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    upload = employer.send(filing, files=[{**file, "sha256": "0" * 64} for file in filing.announcement()["files"]])
    assert fund.verdict(employer, upload)["state"] == "refused"
    assert codes(employer, upload).count("E403") == 2


def test_another_total_than_announced_is_named(fund: Fund) -> None:
    employer = fund.employer()
    upload = employer.send(das(employer.number), total_centimes=1)
    assert fund.verdict(employer, upload)["state"] == "refused"
    assert "E405" in codes(employer, upload)


def test_a_file_that_names_another_employer_is_refused(fund: Fund) -> None:
    employer, another = fund.employer(), fund.employer()
    theirs = das(another.number)
    upload = employer.send(replace(theirs, employer=employer.number))
    assert fund.verdict(employer, upload)["state"] == "refused"
    assert "E492" in codes(employer, upload)
