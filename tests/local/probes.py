"""Where the emulator is known to differ from AWS, each with a probe that looks again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.local import probes_functions as functions
from tests.local import probes_storage as storage
from tests.local.bench import AS_AWS, Bench

__all__ = ["AS_AWS", "DIFFERENCES", "Bench", "Difference"]


@dataclass(frozen=True)
class Difference:
    name: str
    """As in the table of the README."""
    emulator: str
    """What the probe sees today. AS_AWS would be what AWS does."""
    probe: Callable[[Bench], str]
    auth: bool = False
    """Seen with IAM enforced."""


DIFFERENCES = (
    Difference("stream_partial_failures", "counted as done", functions.stream_partial_failures),
    Difference("stream_retry_limit", "tried again without end", functions.stream_retry_limit),
    Difference("exception_names", "Runtime.HandlerError", functions.exception_names),
    Difference("schedule_time_zone", "read as UTC", functions.schedule_time_zone),
    Difference("schedule_validation", "accepted", functions.schedule_validation),
    Difference("mail_attachments", "dropped", functions.mail_attachments),
    Difference("embedded_metrics", "never become metrics", functions.embedded_metrics),
    Difference("queue_metrics", "none", functions.queue_metrics),
    Difference("response_size", "no limit", functions.response_size),
    Difference("memory_limit", "no limit", functions.memory_limit),
    Difference("code_folder", "writable", functions.code_folder),
    Difference("runtime_and_processor", "this machine's", functions.runtime_and_processor),
    Difference("object_lock_by_cloudformation", "dropped", storage.object_lock_by_cloudformation),
    Difference("encryption_by_cloudformation", "dropped", storage.encryption_by_cloudformation),
    Difference("budgets", "refused", storage.budgets),
    Difference("redrive", "InvalidAction", storage.redrive),
    Difference("checksum_headers", "absent", storage.checksum_headers),
    Difference("form_checksum", "accepted", storage.form_checksum),
    Difference("small_pieces", "joined", storage.small_pieces),
    Difference("date_of_joined_pieces", "of the completion", storage.date_of_joined_pieces),
    Difference("overlapping_paths", "accepted", storage.overlapping_paths),
    Difference("filter_on_key", "accepted", storage.filter_on_key),
    Difference("batch_send_action", "sqs:SendMessageBatch asked for", storage.batch_send_action, auth=True),
    Difference("mail_resource", "asked for on *", storage.mail_resource, auth=True),
    Difference("keys_of_stored_objects", "not asked for", storage.keys_of_stored_objects, auth=True),
)
