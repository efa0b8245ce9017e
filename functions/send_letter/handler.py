"""Letters owed -> rendered, signed, kept, mailed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.messages_in import Answer, each, letter_named, message_id
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import SendLetterSettings
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk


def handler(event: dict[str, Any], context: object) -> Answer:
    settings, clock, operator = SendLetterSettings.read(), system_clock(), telemetry("send_letter")
    desk = Desk(
        book=wire.book(settings.book_table),
        inbox=wire.inbox(settings.inbox_bucket, clock),
        receipts=wire.receipts(settings.receipts_bucket),
        signer=wire.signer(settings.signing_key),
        post=wire.post(),
        mail_from=settings.mail_from,
        verify_url=settings.verify_url,
    )

    def act(record: Mapping[str, Any]) -> None:
        upload, about = letter_named(record["body"])
        state = acknowledge(upload, about, clock.now(), desk)
        operator.tell("letter", upload=upload, about=about, state=state)
        operator.measure("LettersSent" if state == "sent" else "LettersUndeliverable", int(state != "nothing_owed"))

    answer = each(event["Records"], message_id, act, operator)
    operator.flush()
    return answer
