"""The adapters for AWS as the functions make them, over HTTP to the local cloud. Every world has tables of its own."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError
from tasrih.adapters.chance import SystemChance
from tasrih.adapters.clock import SystemClock
from tasrih.adapters.codec import Attributes
from tasrih.adapters.cognito import CognitoSignIns
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.kms import KmsSigner, hash_secret
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.adapters.s3 import S3Inbox, S3Receipts
from tasrih.adapters.ses import SesPost
from tasrih.adapters.sqs import SqsQueue
from tasrih.local.waiting import wait_for

from tests.adapters.samples import make_book_table, make_lines_table
from tests.cloud.web import HTTP
from tests.conformance.line import Line, stream_view
from tests.conformance.world import MAX_RECEIVES, Asked, Deliveries, Delivery, World, in_order

PAGES = {"dynamodb.Query": "Limit", "s3.ListObjectVersions": "MaxKeys", "s3.ListParts": "MaxParts"}
HIDDEN_SECONDS = "2"


class InLocalCloud(World):
    name = "local_cloud"

    def __init__(self, line: Line, asked: Asked | None = None) -> None:
        super().__init__(asked)
        self._bench, self.client, self._line = line.bench, line.client, line
        self._hooks: list[tuple[Any, str, Callable[..., object]]] = []
        self._mails_before = len(line.mailbox.mails())

    def _hook(self, event: str, act: Callable[..., object]) -> None:
        """Until this world is closed."""
        events = self.client(event.split(".")[1]).meta.events
        events.register_first(event, act)
        self._hooks.append((events, event, act))

    def close(self) -> None:
        for events, event, act in self._hooks:
            events.unregister(event, act)

    def make_book(self) -> DynamoBook:
        self._book_table = f"book-{uuid.uuid4().hex}"
        make_book_table(self.client("dynamodb"), self._book_table)
        streams = {"StreamEnabled": True, "StreamViewType": stream_view()}
        self._bench("dynamodb").update_table(TableName=self._book_table, StreamSpecification=streams)
        return DynamoBook(self._book_table, self.client("dynamodb"))

    def make_chance(self) -> SystemChance:
        return SystemChance()

    def make_clock(self) -> SystemClock:
        return SystemClock()

    def make_inbox(self) -> S3Inbox:
        self._bucket = self._bench.bucket()
        versioned = {"Status": "Enabled"}
        self._bench("s3").put_bucket_versioning(Bucket=self._bucket, VersioningConfiguration=versioned)
        return S3Inbox(self._bucket, self.client("s3"), SystemClock().shifted)

    def make_lines(self) -> PackedLines:
        made = self._bench("kms").create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
        return PackedLines(self.table, hash_secret(made["KeyMetadata"]["KeyId"], self.client("kms")))

    def make_post(self) -> SesPost:
        return SesPost(self.client("sesv2"))

    def make_queue(self) -> SqsQueue:
        self._url, _ = self._bench.queue()
        return SqsQueue(self._url, self.client("sqs"))

    def make_receipts(self) -> S3Receipts:
        return S3Receipts(self._bench.bucket(), self.client("s3"))

    def make_sign_ins(self) -> CognitoSignIns:
        asked = {"MinimumLength": 40, "RequireLowercase": True, "RequireNumbers": True, "RequireSymbols": True}
        made = self._bench("cognito-idp").create_user_pool(
            PoolName="programs", Policies={"PasswordPolicy": {**asked, "RequireUppercase": True}}
        )
        self._pool = made["UserPool"]["Id"]
        return CognitoSignIns(self._pool, lambda: self.client("cognito-idp"))

    def make_signer(self) -> KmsSigner:
        made = self._bench("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
        return KmsSigner(made["KeyMetadata"]["KeyId"], self.client("kms"))

    def make_table(self) -> DynamoLines:
        name = f"lines-{uuid.uuid4().hex}"
        make_lines_table(self.client("dynamodb"), name)
        return DynamoLines(name, self.client("dynamodb"))

    def paged(self, size: int) -> None:
        for operation, parameter in PAGES.items():

            def limit(params: dict[str, Any], parameter: str = parameter, **_: object) -> None:
                params[parameter] = size

            self._hook(f"provide-client-params.{operation}", limit)

    def lose_the_next_reply(self) -> None:
        lost: list[bool] = []

        def once(**_: object) -> int | None:
            """Seconds until the same request goes out again."""
            lost.append(True)
            return 0 if len(lost) == 1 else None

        self._hook("needs-retry.dynamodb.TransactWriteItems", once)

    def plant(self, item: Attributes) -> None:
        assert self.book
        self._bench("dynamodb").put_item(TableName=self._book_table, Item=item)

    def stream(self) -> list[dict[str, Any]]:
        described = self._bench("dynamodb").describe_table(TableName=self._book_table)["Table"]
        streams, found = self._bench("dynamodbstreams"), []
        where = {"StreamArn": described["LatestStreamArn"]}
        for shard in streams.describe_stream(**where)["StreamDescription"]["Shards"]:
            asked = {**where, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            begin = streams.get_shard_iterator(**asked)["ShardIterator"]
            found += streams.get_records(ShardIterator=begin)["Records"]
        return found

    def put(self, key: str, body: bytes) -> str:
        assert self.inbox
        return str(self._bench("s3").put_object(Bucket=self._bucket, Key=key, Body=body)["VersionId"])

    def delete(self, key: str) -> str:
        assert self.inbox
        return str(self._bench("s3").delete_object(Bucket=self._bucket, Key=key)["VersionId"])

    def send_form(self, form: dict[str, Any], body: bytes, **changed: str) -> str:
        fields = [*{**form["fields"], **changed}.items(), ("file", ("file", body, "application/octet-stream"))]
        answer = HTTP.request("POST", form["url"], fields=fields, encode_multipart=True)
        return "taken" if answer.status < 300 else "refused"

    def send_piece(self, form: dict[str, Any], body: bytes) -> str:
        answer = HTTP.request("PUT", form["url"], body=body, headers=form["headers"])
        return "taken" if answer.status < 300 else "refused"

    def follow(self, link: str) -> object:
        answer = HTTP.request("GET", link)
        if answer.status >= 300:
            return "refused"
        return answer.data, unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])

    def bodies(self) -> list[str]:
        return sorted(in_order(json.loads(body)) for body in self._all_of(self._url))

    def _all_of(self, url: str) -> list[str]:
        found: list[str] = []
        while some := self._bench.taken(url):
            found += some
        return found

    def deliver(self, bodies: Iterable[str], answer: str) -> Deliveries:
        sqs = self._bench("sqs")
        (told, _), (dead, dead_arn), (url, arn) = (self._bench.queue() for _ in range(3))
        policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": MAX_RECEIVES})
        sqs.set_queue_attributes(
            QueueUrl=url, Attributes={"VisibilityTimeout": HIDDEN_SECONDS, "RedrivePolicy": policy}
        )
        for body in bodies:
            message = {"body": body, "answer": answer, "to": told}
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))
        wanted = {"FunctionResponseTypes": ["ReportBatchItemFailures"], "BatchSize": 10, "EventSourceArn": arn}
        mapping = self._bench("lambda").create_event_source_mapping(FunctionName=self._line.taker, **wanted)
        found = Deliveries([], [])

        def ended() -> bool:
            """Done with, or dead; a slow worker may tell later what it got. What has left is among the dead by then."""
            left = self._left(url)
            found.given.extend(Delivery(*each) for batch in self._all_of(told) for each in json.loads(batch))
            found.dead.extend(json.loads(message)["body"] for message in self._all_of(dead))
            times = Counter(each.body for each in found.given)
            return not left and all(times[body] >= MAX_RECEIVES for body in found.dead)

        wait_for(ended, "every message is done with, or dead after all its tries")
        self._bench("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
        return found

    def _left(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        asked = self._bench("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(map(int, asked["Attributes"].values()))

    def announced(self, objects: dict[str, bytes]) -> list[str]:
        assert self.inbox
        url, arn = self._bench.queue()
        uploads = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "uploads/"}]}}
        told = [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": uploads}]
        wanted = {"QueueConfigurations": told}
        self._bench("s3").put_bucket_notification_configuration(Bucket=self._bucket, NotificationConfiguration=wanted)
        for key, body in objects.items():
            self.put(key, body)
        bodies: list[str] = []

        def told_of_two() -> bool:
            """Beside the test event that S3 sends when it is told to tell."""
            bodies.extend(body for body in self._all_of(url) if "Records" in json.loads(body))
            return len(bodies) >= 2

        wait_for(told_of_two, "two objects are told of")
        return bodies

    def mails(self) -> list[tuple[str, bytes]]:
        mails = self._line.mailbox.mails()[self._mails_before :]
        return [(to, mail.file.read_bytes()) for mail in mails for to in mail.to]

    def signs_in(self, name: str, secret: str) -> bool:
        pools = self._bench("cognito-idp")
        made = pools.create_user_pool_client(
            UserPoolId=self._pool, ClientName="c", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )["UserPoolClient"]
        with suppress(ClientError):
            pools.initiate_auth(
                ClientId=made["ClientId"],
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": secret},
            )
            return True
        return False

    def another_key(self) -> dict[str, str]:
        return self.make_signer().public_keys()["keys"][0]  # type: ignore[index]

    def wait(self, seconds: float) -> None:
        began = time.monotonic()
        wait_for(lambda: time.monotonic() >= began + seconds, "time to pass")

    def now(self) -> datetime:
        return datetime.now(UTC)
