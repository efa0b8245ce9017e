"""Does each procedure of the runbook do what it says, with the commands that stand there?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.local.deployed import Failed
from tasrih.local.waiting import wait_for
from tasrih.story.records import REFUSED

from tests.cloud.filings import das
from tests.cloud.fund import OPEN, Employer, Fund, message
from tests.cloud.removals import DAYS, Old
from tests.runbook.operator import Play

pytestmark = pytest.mark.cloud


@contextmanager
def broken(fund: Fund, function: str, **variables: str) -> Iterator[None]:
    """A release that does not work: the function is told of a table, a bucket or a key that does not exist."""
    before = fund._variables(function)
    fund._set(function, {**before, **variables})
    try:
        yield
    finally:
        fund._set(function, before)


def records(fund: Fund, upload: str) -> list[str]:
    found = fund.stack.client("dynamodb").query(
        TableName=fund.stack.outputs["BookTable"],
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": f"UPLOAD#{upload}"}},
    )
    return sorted(item["sk"]["S"] for item in found["Items"])


def set_aside(fund: Fund, employer: Employer) -> str:
    """An upload whose message failed five times."""
    with fund.impatient("UploadsQueue"), broken(fund, "receive_declaration", TASRIH_BOOK_TABLE="gone"):
        upload = employer.send(das(employer.number))
        wait_for(lambda: fund.waiting_in("UploadsFailedQueue") == 2, "it is set aside", 180, hint=fund.logs)
    return upload


def test_a_days_uploads_are_read_again_and_nothing_is_doubled(fund: Fund, play: Play) -> None:
    """The first of all drills: the day has one upload so far, and each costs a start of the AWS CLI."""
    employer = fund.employer()
    first = employer.send(das(employer.number))
    fund.verdict(employer, first)
    fund.mails(employer)
    before = records(fund, first)
    day = datetime.now(UTC).date().isoformat()
    assert int(play.see(DAY=day)) >= 1
    play.do(DAY=day)
    fund.worked_off("UploadsQueue")
    assert play.know().split() == ["0", "0"]
    assert records(fund, first) == before
    assert employer.view(first)["state"] == "in_force"
    assert len(fund.mails(employer)) == 1


def test_what_was_set_aside_is_given_back_days_later(fund: Fund, play: Play) -> None:
    employer, queue = fund.employer(), fund.stack.outputs["UploadsFailedQueue"]
    upload = set_aside(fund, employer)
    assert employer.view(upload)["state"] in OPEN
    seen = play.see(QUEUE=queue)
    assert seen.startswith("2\n"), "one message for each of its files"
    assert upload in seen
    with fund.later("receive_declaration", "send_letter", days=3):
        play.do(QUEUE=queue)
        view = fund.verdict(employer, upload)
    assert (view["state"], view["version"]) == ("in_force", 1)
    assert play.know(QUEUE=queue) == "0\n"
    assert len(fund.mails(employer)) == 1


def test_what_was_not_delivered_is_found_by_the_sweep(fund: Fund, play: Play) -> None:
    """A letter whose stream record was lost."""
    employer = fund.employer()
    with stopped(fund, "queue_letters"):
        upload = employer.send(das(employer.number))
        wait_for(lambda: employer.view(upload)["state"] == "in_force", "a verdict", 180, hint=fund.logs)
        fund.put("UndeliveredQueue", '{"DDBStreamBatchInfo": "of the stream"}')
        assert "DDBStreamBatchInfo" in play.see()
        with fund.later("sweep", minutes=11):
            assert play.do() == "None\n"
        fund.mails(employer)
    assert json.loads(play.know())["letters"] >= 1
    assert fund.waiting_in("UndeliveredQueue") == 0


@contextmanager
def stopped(fund: Fund, function: str) -> Iterator[None]:
    """What wakes the function is switched off."""
    functions = fund.stack.client("lambda")
    found = functions.list_event_source_mappings(FunctionName=fund.stack.functions[function])["EventSourceMappings"]
    try:
        for mapping in found:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        yield
    finally:
        for mapping in found:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_a_function_that_cannot_start_tells_why(fund: Fund, play: Play) -> None:
    name = fund.stack.functions["call_webhook"]
    with broken(fund, "call_webhook", TASRIH_BOOK_TABEL="misspelt"):
        variables = fund._variables("call_webhook")
        del variables["TASRIH_BOOK_TABLE"]
        fund._set("call_webhook", variables)
        with pytest.raises(Failed):
            fund.stack.invoke("call_webhook", {"Records": []})
        assert "Error" in play.see(FUNCTION=name)
    assert play.do(FUNCTION=name) == "None\n"
    assert json.loads(play.know()) == {"batchItemFailures": []}


def test_an_upload_without_a_verdict_is_read_again(fund: Fund, play: Play) -> None:
    employer = fund.employer()
    with stopped(fund, "receive_declaration"):
        upload = employer.send(das(employer.number))
        wait_for(lambda: fund.waiting_in("UploadsQueue"), "its event came", 180)
        fund.stack.client("sqs").purge_queue(QueueUrl=fund.stack.outputs["UploadsQueue"])
    assert upload in play.see()
    assert play.know(UPLOAD=upload) == "None\n"
    play.do(UPLOAD=upload)
    assert fund.verdict(employer, upload)["state"] == "in_force"
    assert play.know(UPLOAD=upload) == "in_force\n"


def test_a_file_that_is_read_again_and_again_is_named(fund: Fund, play: Play) -> None:
    employer = fund.employer()
    upload = set_aside(fund, employer)
    assert upload in play.see()
    play.do(UPLOAD=upload)
    assert play.know(UPLOAD=upload).split() == ["0", "1"]
    assert fund.stack.invoke("receive_declaration", message(upload=upload)) == {"batchItemFailures": []}
    assert fund.verdict(employer, upload)["state"] == "in_force"
    fund.stack.client("sqs").purge_queue(QueueUrl=fund.stack.outputs["UploadsFailedQueue"])


def test_data_that_outlive_their_time_are_counted_and_removed(fund: Fund, play: Play) -> None:
    book = DynamoBook(fund.stack.outputs["BookTable"], fund.stack.client("dynamodb"))
    old = Old(fund, book).upload(REFUSED, ("uploads/{}/0",))
    with fund.keeping(never_counted=DAYS):
        assert '"never_counted": 1' in play.see()
        assert '"never_counted": 1' in play.do()
        assert play.know().strip() == ""
    bucket = fund.stack.outputs["InboxBucket"]
    left = fund.stack.client("s3").list_object_versions(Bucket=bucket, Prefix=f"uploads/{old}/")
    assert "Versions" not in left


def test_intake_that_is_stopped_loses_nothing(fund: Fund, play: Play) -> None:
    employer = fund.employer()
    play.do()
    upload = employer.send(das(employer.number))
    wait_for(lambda: fund.waiting_in("UploadsQueue") == 2, "both files came", 180)
    assert play.know() == "2\n"
    assert employer.view(upload)["state"] in OPEN
    play.do(GO="")
    assert fund.verdict(employer, upload)["state"] == "in_force"


def test_mail_is_down_for_two_days(fund: Fund, play: Play) -> None:
    employer, hidden = fund.employer(), fund.waiting_in("LettersQueue")
    with fund.impatient("LettersQueue"):
        upload = refused_by_mail(fund, employer, play)
        with fund.later("sweep", "send_letter", days=2):
            play.do()
            fund.mails(employer)
        fund.worked_off("LettersQueue", hidden)  # by workers that an earlier drill ended
        assert play.know() == "0\n", "nothing is owed"
    assert employer.view(upload)["receipt"]["pdf_ready"]
    assert len({mail.message["Message-ID"] for mail in fund.mails(employer)}) == 1, "mailed again, it is the same mail"


def refused_by_mail(fund: Fund, employer: Employer, play: Play) -> str:
    """An upload in force whose letter was set aside, and found to be owed a day later, in vain."""
    fund.stack.mailbox.fault = "down"
    try:
        upload = employer.send(das(employer.number))
        assert fund.verdict(employer, upload)["state"] == "in_force", "the receipt does not wait for the mail"
        wait_for(lambda: fund.waiting_in("LettersFailedQueue"), "the letter is set aside", 180, hint=fund.logs)
        with fund.later("sweep", days=1):
            assert fund.stack.tick("sweep")["letters"] >= 1, "it is tried again as long as it is owed"
        assert int(play.see().split()[0]) >= 1
    finally:
        fund.stack.mailbox.fault = None
    return upload


def test_receipts_wait_for_a_disabled_key(fund: Fund, play: Play) -> None:
    employer = fund.employer()
    fund.stack.client("kms").disable_key(KeyId=fund.stack.outputs["SigningKey"])
    upload = employer.send(das(employer.number))
    wait_for(lambda: employer.view(upload)["state"] == "in_force", "a verdict", 180, hint=fund.logs)
    wait_for(lambda: "DisabledException" in fund.stack.logs("send_letter"), "signing failed", 180, hint=fund.logs)
    assert employer.view(upload)["receipt"]["pdf_ready"] is False
    assert play.see() == "Disabled\n"
    with fund.later("sweep", minutes=11):
        play.do()
    assert fund.verdict(employer, upload)["receipt"]["pdf_ready"]
    assert play.know() == "Enabled\n"
    assert len(fund.mails(employer)) == 1


def test_records_that_were_lost_are_put_back(fund: Fund, play: Play) -> None:
    """The emulator restores a table as it is, not as it was: here the damage is done after that."""
    employer = fund.employer()
    upload = employer.send(das(employer.number))
    fund.verdict(employer, upload)
    fund.mails(employer)
    before, table = records(fund, upload), fund.stack.client("dynamodb")
    asked = {"PARTITION": f"UPLOAD#{upload}", "WHEN": datetime.now(UTC).isoformat()}
    seen = play.see(**asked)
    assert all(sort in seen for sort in before)
    for sort in before:
        key = {"pk": {"S": f"UPLOAD#{upload}"}, "sk": {"S": sort}}
        table.delete_item(TableName=fund.stack.outputs["BookTable"], Key=key)
    assert employer.web.call("GET", f"/uploads/{upload}").status == 404
    assert play.do(**asked) == "", "nothing was left undone"
    assert sorted(play.know(**asked).split()) == before
    assert employer.view(upload)["state"] == "in_force"
    table.delete_table(TableName=f"{fund.stack.outputs['BookTable']}-then")
