"""Work that waits, each kind beside the queue of what failed."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.sizes import SIZES

# A message that failed this often is set aside: with visibility six times the timeout, hours have passed.
TRIES = 5


class Queues(Construct):
    """`worked_off` by functions, each with its dead letters; `undelivered`: failed stream records, schedules, calls."""

    def __init__(self, scope: Construct, identity: str) -> None:
        super().__init__(scope, identity)
        self.uploads_failed = self._queue("UploadsFailed")
        self.letters_failed = self._queue("LettersFailed")
        self.deliveries_failed = self._queue("DeliveriesFailed")
        self.undelivered = self._queue("Undelivered")
        self.uploads = self._queue("Uploads", "receive_declaration", self.uploads_failed)
        self.letters = self._queue("Letters", "send_letter", self.letters_failed)
        self.deliveries = self._queue("Deliveries", "call_webhook", self.deliveries_failed)
        self.worked_off = (self.uploads, self.letters, self.deliveries)
        self.set_aside = {
            "UploadsFailed": self.uploads_failed,
            "LettersFailed": self.letters_failed,
            "DeliveriesFailed": self.deliveries_failed,
            "Undelivered": self.undelivered,
        }

    def _queue(self, name: str, consumer: str = "", failed: sqs.Queue | None = None) -> sqs.Queue:
        """Without a consumer it is a queue of failures."""
        return sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            visibility_timeout=Duration.seconds(6 * SIZES[consumer].timeout_seconds) if consumer else None,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=TRIES, queue=failed) if failed else None,
        )
