"""Does a trouble on the way lose nothing, do nothing twice, and show?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from tasrih.local.waiting import wait_for

from tests.cloud.filings import NOTHING_PAID, ONE, TWO, das
from tests.cloud.fund import Employer, Fund, message

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize("kind", ["Uploads", "Letters"])
def test_a_message_that_nobody_can_handle_ends_among_the_dead_letters(fund: Fund, kind: str) -> None:
    with fund.impatient(f"{kind}Queue"):
        fund.put(f"{kind}Queue", "no JSON")
        fund.taken_from(f"{kind}FailedQueue", "no JSON")
    assert "will be tried again" in fund.stack.logs({"Uploads": "receive_declaration", "Letters": "send_letter"}[kind])


def owed_letter(fund: Fund, employer: Employer) -> str:
    """An upload in force whose letter could not be mailed: its message stays hidden for six minutes."""
    failed = fund.stack.logs("send_letter").count("will be tried again")
    fund.stack.mailbox.fault = "down"
    try:
        upload = employer.send(das(employer.number))
        assert fund.verdict(employer, upload)["state"] == "in_force", "the receipt does not wait for the mail"
        wait_for(lambda: fund.stack.logs("send_letter").count("will be tried again") > failed, "mail was tried", 180)
    finally:
        fund.stack.mailbox.fault = None
    return upload


def test_a_letter_stays_owed_while_mail_is_down_and_is_mailed_once_afterwards(fund: Fund) -> None:
    employer = fund.employer()
    hidden = fund.waiting_in("LettersQueue")
    upload = owed_letter(fund, employer)
    assert fund.waiting_in("LettersQueue") == hidden + 1
    assert [mail for mail in fund.stack.mails() if employer.email in mail.to] == []
    with fund.later("sweep", minutes=11):
        assert fund.stack.tick("sweep")["letters"] >= 1
    fund.mails(employer)
    wait_for(lambda: fund.waiting_in("LettersQueue") == hidden + 1, "what the sweep sent is worked off")
    assert fund.stack.invoke("send_letter", message(upload=upload, about="in_force")) == {"batchItemFailures": []}
    with fund.later("sweep", minutes=30):
        fund.stack.tick("sweep")
    wait_for(lambda: fund.waiting_in("LettersQueue") == hidden + 1, "nothing else is owed")
    assert len(fund.mails(employer)) == 1


def test_many_workers_on_one_upload_at_once_count_it_once(fund: Fund) -> None:
    employer = fund.employer()
    upload = employer.send(das(employer.number))
    event = message(upload=upload)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: fund.stack.invoke("receive_declaration", event), range(4)))
    assert [failure for answer in answers for failure in answer["batchItemFailures"]] == []
    assert (fund.verdict(employer, upload)["state"], fund.verdict(employer, upload)["version"]) == ("in_force", 1)
    assert _sorts(fund, f"UPLOAD#{upload}") == ["LETTER#in_force", "LINES", "OUTCOME", "RECEIPT", "TICKET"]
    assert len(_sorts(fund, f"LEDGER#{employer.number}")) == 1
    assert [sort for sort in _sorts(fund, f"EMPLOYER#{employer.number}") if sort.startswith("VERSION#")] == [
        "VERSION#DAS#2025#000001"
    ]


def test_many_workers_on_one_letter_at_once_send_the_same_papers(fund: Fund) -> None:
    """Mail is at least once; the receipt in it is one, signed once and sealed once."""
    employer = fund.employer()
    upload = owed_letter(fund, employer)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: fund.stack.invoke("send_letter", message(upload=upload, about="in_force")), range(4)))
    papers = [
        {part.get_filename(): part.get_payload(decode=True) for part in mail.message.iter_attachments()}
        for mail in fund.mails(employer)
    ]
    assert all(each == papers[0] for each in papers)
    assert fund.stack.invoke("send_letter", message(upload=upload, about="in_force")) == {"batchItemFailures": []}
    assert len(fund.mails(employer)) == len(papers), "a letter that was sent is not sent again"


def test_two_uploads_of_one_filing_at_once_are_two_versions_in_the_order_of_their_tickets(fund: Fund) -> None:
    employer = fund.employer()
    filings = [das(employer.number), das(employer.number, ONE, TWO, NOTHING_PAID)]
    with ThreadPoolExecutor(2) as pool:
        uploads = list(pool.map(employer.send, filings))
    views = sorted((fund.verdict(employer, upload) for upload in uploads), key=lambda view: view["rank"])
    views = [employer.view(view["upload"]) for view in views]
    assert [view["state"] for view in views] == ["superseded", "in_force"]
    ledger = _sorts(fund, f"LEDGER#{employer.number}")
    assert len(ledger) in (1, 3), "the later one alone, or the first, its reversal and the second"


def _sorts(fund: Fund, partition: str) -> list[str]:
    found = fund.stack.client("dynamodb").query(
        TableName=fund.stack.outputs["BookTable"],
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": partition}},
    )
    return sorted(item["sk"]["S"] for item in found["Items"])
