"""AWS calls that one small file costs, counted at the client (simulated by moto in this process, no network).

python -m tests.benchmarks.calls
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Any

import boto3
from moto import mock_aws
from tasrih.adapters.chance import SystemChance
from tasrih.adapters.clock import ALGIERS, SystemClock
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.kms import KmsSigner
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.adapters.s3 import S3Inbox, S3Receipts
from tasrih.adapters.ses import SesPost
from tasrih.cli.demo import SAMPLES
from tasrih.register.parties import Account, Affiliation, Employer, Entity
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk
from tasrih.story.files import Announced
from tasrih.story.objects import object_key
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.ports import Create
from tasrih.story.receive import receive
from tasrih.vocabulary.certified import Certified

from tests.adapters.samples import make_book_table, make_lines_table

NUMBER, ENTITY, MAIL = "1699999901", "exemple-sarl", "declarations@tasrih.example"


class Stage:
    """Calls of every client, by stage of the journey."""

    def __init__(self) -> None:
        self.name = ""
        self.calls: dict[str, Counter[str]] = {}

    def client(self, service: str) -> Any:
        client = boto3.client(service, region_name="eu-south-1")
        client.meta.events.register("before-call.*.*", self._count)
        return client

    def _count(self, model: Any, **_: Any) -> None:
        self.calls.setdefault(self.name, Counter())[f"{model.service_model.service_name}:{model.name}"] += 1


def main() -> None:
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="eu-south-1")
    with mock_aws():
        stage = _journey()
    for name, calls in stage.calls.items():
        if name:
            told = ", ".join(f"{call} {count}" for call, count in sorted(calls.items()))
            print(f"{name:<22}{calls.total():>3}  {told}")


def _journey() -> Stage:
    stage = Stage()
    book, inbox, lines, desk = _world(stage)
    now = datetime(2026, 1, 20, 10, tzinfo=ALGIERS)
    account = Account(account="exemple-paie", role="employer", entity=ENTITY)
    stage.name = "ticket"
    files = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "clean").iterdir())]
    vouched = Certified(name="NOMUN PRENOMUN", capacity="gérant")
    asked = Asked(NUMBER, tuple(_announced(*file) for file in files), 787_500_000, certified=vouched)
    upload = open_upload(asked, account, now, book=book, inbox=inbox, chance=SystemChance()).ticket.upload
    stage.name = ""
    for place, (_, body) in enumerate(files):
        boto3.client("s3").put_object(Bucket="inbox", Key=object_key(upload, place), Body=body)
    stage.name = "receive, in force"
    assert receive(upload, now, book=book, inbox=inbox, lines=lines) == "in_force"
    stage.name = "receive, second event"
    receive(upload, now, book=book, inbox=inbox, lines=lines)
    stage.name = "acknowledge"
    assert acknowledge(upload, "in_force", now, desk) == "sent"
    return stage


def _announced(name: str, body: bytes) -> Announced:
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    return Announced(name=name, size=len(body), sha256=sha256(body).hexdigest(), lines=lines)


def _world(stage: Stage) -> tuple[DynamoBook, S3Inbox, PackedLines, Desk]:
    dynamodb, s3, kms, ses = (stage.client(name) for name in ("dynamodb", "s3", "kms", "sesv2"))
    make_book_table(dynamodb)
    make_lines_table(dynamodb)
    place = {"LocationConstraint": "eu-south-1"}
    for bucket in ("inbox", "receipts"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    ses.create_email_identity(EmailIdentity=MAIL)
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    book, inbox = DynamoBook("book", dynamodb), S3Inbox("inbox", s3, SystemClock().shifted)
    since = Affiliation(agency="16000", since="2015-03-01")
    book.commit(
        Create(Entity(entity=ENTITY, name="EXEMPLE SARL", contact_email="paie@exemple-sarl.example")),
        Create(Employer(number=NUMBER, entity=ENTITY, agencies=(since,), since="2015-03-01", codes=("R22",))),
    )
    signer, post = KmsSigner(key, kms), SesPost(ses)
    desk = Desk(book, inbox, S3Receipts("receipts", s3), signer, post, MAIL, "https://tasrih.example/verify")
    return book, inbox, PackedLines(DynamoLines("lines", dynamodb), lambda: bytes(32)), desk


if __name__ == "__main__":
    main()
