"""What each function does with its rights, by hand and in one go: one drill per function needs every action it has.

The mappings from queues and stream to functions are switched off, so that nobody does the work before the drill does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tasrih.adapters.dynamodb import DynamoBook
from tasrih.register.webhooks import TRIAL
from tasrih.story.filings import StoredLines
from tasrih.story.ports import Create
from tasrih.story.records import Outcome
from tasrih.story.webhooks import calls_owed

from tests.cloud.filings import NOTHING_PAID, ONE, TWO, Filing, das, faulty, in_pieces, large, zipped
from tests.cloud.fund import Fund, message
from tests.cloud.removals import removal
from tests.cloud.web import fetch, post_form, put_piece

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Drills:
    """`run["portal"]()` and so on; each raises AssertionError or local.deployed.Failed where something is refused."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self._wages = itertools.count(1)
        self._book = DynamoBook(fund.stack.outputs["BookTable"], fund.stack.client("dynamodb"))
        self.run: dict[str, Callable[[], None]] = {
            "portal": self.portal,
            "receive_declaration": self.receive_declaration,
            "queue_letters": self.queue_letters,
            "send_letter": self.send_letter,
            "call_webhook": self.call_webhook,
            "sweep": self.sweep,
            "remove_due": lambda: removal(self.fund, self._book),
        }
        fund.wake(False)
        self.viewed = self.employer = fund.employer(language="en")
        self.filed = self._received(self._filing())
        self._send(self.filed, "in_force")
        self.employer = fund.employer(language="en")

    def portal(self) -> None:
        """Register in and out, ticket, form, pieces, list, view, findings, lines, receipt, look-up, keys; a machine
        made, signed in and revoked; names confirmed, a number given."""
        employer = self.fund.employer()
        seen = self.fund.officer.must("GET", f"/register/employers/{employer.number}")
        self.fund.officer.must("PATCH", f"/register/employers/{employer.number}", {"revision": seen["revision"]})
        filing = das(employer.number)
        opened = employer.open(filing, request=f"drill-{employer.number}")
        for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
        assert employer.web.must("GET", f"/uploads/{opened['upload']}/pieces")["forms"] == []
        assert len(employer.open(large(employer.number))["in_pieces"][0]["missing"]) == 2
        web, upload = self.viewed.web, f"/uploads/{self.filed}"
        web.must("GET", "/uploads")
        assert web.must("GET", f"{upload}/findings")["findings"]
        assert web.must("GET", f"{upload}/lines")["lines"]
        assert fetch(web.must("GET", f"{upload}/receipt")["url"]).status == 200
        assert self.fund.officer.must("POST", "/insured", {"nss": ONE.nss})["declared"]
        assert self.fund.anybody.must("GET", "/keys")["keys"]
        made = web.must("POST", "/machines", {"name": "serveur", "scopes": ["read"]})
        self.fund.anybody.signed_in(made["machine"], made["secret"], client="machine_client")
        web.must("DELETE", f"/machines/{made['machine']}")

        self._confirmed_and_completed()

    def _confirmed_and_completed(self) -> None:
        """Names that rest on a guess are confirmed; a worker without a number gets one."""
        guessed = das(self.employer.number, replace(ONE, surname="كناري"), TWO, NOTHING_PAID)
        header, (name, body) = guessed.files
        asked = self._received(
            replace(guessed, files=(header, (name, body.decode().encode("cp1256")))), "awaiting_confirmation"
        )
        said = {"code_page": "windows-1256", "certified": {"name": "NOMUN PRENOMUN", "capacity": "gérant"}}
        self.employer.web.must("POST", f"/uploads/{asked}/names", said)
        without = replace(TWO, nss=" " * 12, bases=(TWO.bases[0] + next(self._wages) * 4,) * 4)
        filed = self._received(das(self.employer.number, ONE, without))
        self.employer.web.must(
            "POST", f"/uploads/{filed}/affiliations/2", {"nss": f"{700_000_000_000 + next(self._wages)}"}
        )

    def receive_declaration(self) -> None:
        """A corrected filing with a warning: reads the one before, writes lines, relations and a report. An archive for
        nobody in particular: its part is put aside and read again."""
        self._received(self._filing())
        archive = self._sent(replace(zipped(self.employer.number, ONE, TWO), employer="", total=0))
        self._done("receive_declaration", message(upload=archive))
        (part,) = self._outcome(archive).children
        self._done("receive_declaration", message(upload=part.upload))
        assert self._outcome(part.upload).state == "in_force"

    def queue_letters(self) -> None:
        record = {
            "eventName": "INSERT",
            "dynamodb": {
                "SequenceNumber": "1",
                "Keys": {"pk": {"S": f"UPLOAD#{self.filed}"}, "sk": {"S": "LETTER#in_force"}},
            },
        }
        keys = {"pk": {"S": f"UPLOAD#{self.filed}"}, "sk": {"S": f"DELIVERY#{TRIAL}#test#{'0' * 32}"}}
        other = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "2", "Keys": keys}}
        queues = ("LettersQueue", "DeliveriesQueue")
        before = [self.fund.waiting_in(queue) for queue in queues]
        self._done("queue_letters", {"Records": [record, other]})
        assert [self.fund.waiting_in(queue) for queue in queues] == [each + 1 for each in before]

    def send_letter(self) -> None:
        """A receipt, which is made, signed, kept and read; and a refusal, which shows findings."""
        accepted, refused = self._received(self._filing()), self._received(faulty(self.employer.number), "refused")
        self._send(accepted, "in_force")
        self._send(refused, "refused")

    def call_webhook(self) -> None:
        """An event that finds nobody listening: claimed, tried, noted."""
        web = self.viewed.web
        for hook in web.must("GET", "/webhooks")["webhooks"]:
            web.must("DELETE", f"/webhooks/{hook['webhook']}")
        asked = {"url": "http://127.0.0.1:9/", "events": ["verdict.reached"]}
        webhook = web.must("POST", "/webhooks", asked)["webhook"]
        upload = f"{next(self._wages):032x}"
        self._book.commit(*calls_owed(upload, TRIAL, "test", [f"e{self.viewed.number}/{webhook}"], datetime.now(UTC)))
        self._done("call_webhook", message(upload=upload, delivery=f"DELIVERY#{TRIAL}#test#{webhook}"))
        (hook,) = web.must("GET", "/webhooks")["webhooks"]
        assert hook["not_delivered"][0]["failed"] == "not_answered"

    def sweep(self) -> None:
        """A lost event, a lost letter, a call that is due, a second file that has not come, orphaned lines; a large
        file with all its pieces, and one whose time is up."""
        lost, half = self._sent(self._filing()), self._sent(self._filing(), files=1)
        orphan = self._received(faulty(self.employer.number), "refused")
        self._orphaned(orphan)
        self._book.commit(*calls_owed(orphan, TRIAL, "test", [f"e{self.viewed.number}/{'0' * 32}"], LONG_AGO))
        whole, none = self._large(), self.employer.open(large(self.employer.number))
        with self.fund.later("sweep", hours=26):
            swept = self.fund.stack.tick("sweep")
        assert swept["uploads"] >= 2, (swept, lost, half)
        assert swept["letters"] >= 1, swept
        assert swept["deliveries"] >= 1, swept
        # the schedule of the stack itself may have removed them a moment before
        assert self._lines(orphan).state == "removed"
        (joined,) = self.employer.web.must("GET", f"/uploads/{whole}/pieces")["in_pieces"]
        assert joined["missing"] == []
        assert self.employer.web.call("GET", f"/uploads/{none['upload']}/pieces").status == 422

    def _filing(self) -> Filing:
        """Never the same twice, and always with a warning."""
        extra = next(self._wages) * 4
        return das(self.employer.number, replace(ONE, bases=(ONE.bases[0] + extra,) * 4), TWO, NOTHING_PAID)

    def _sent(self, filing: Filing, files: int = 2) -> str:
        opened = self.employer.open(filing)
        for form, (_, body) in list(zip(opened["forms"], filing.files, strict=True))[:files]:
            assert post_form(form, body).status in (200, 201, 204)
        return str(opened["upload"])

    def _large(self) -> str:
        """All its pieces are there, and nobody completed it."""
        filing = large(self.employer.number)
        opened = self.employer.open(filing)
        for piece, body in zip(opened["in_pieces"][0]["missing"], in_pieces(filing.files[0][1]), strict=True):
            assert put_piece(piece, body).status == 200
        return str(opened["upload"])

    def _received(self, filing: Filing, state: str = "in_force") -> str:
        upload = self._sent(filing)
        self._done("receive_declaration", message(upload=upload))
        assert self.employer.view(upload)["state"] == state
        return upload

    def _send(self, upload: str, about: str) -> None:
        before = len(self.fund.stack.mails())
        self._done("send_letter", message(upload=upload, about=about))
        assert len(self.fund.stack.mails()) == before + 1

    def _done(self, function: str, event: dict[str, Any]) -> None:
        answer = self.fund.stack.invoke(function, event)
        assert answer == {"batchItemFailures": []}, answer

    def _orphaned(self, upload: str) -> None:
        """Lines of a refused upload, as a worker leaves them that died between chunks and flip."""
        plan = StoredLines(
            upload=upload, employer=self.employer.number, period="2025", lines=2, chunk_lines=100, stored_at=LONG_AGO
        )
        self._book.commit(Create(plan))

    def _lines(self, upload: str) -> StoredLines:
        found = self._book.get(StoredLines, f"UPLOAD#{upload}", "LINES")
        assert found
        return found

    def _outcome(self, upload: str) -> Outcome:
        found = self._book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
        assert found
        return found
