"""What must hold: at every commit (S), and at quiet time (Q). Numbers are those of the list of invariants.

Reckoned from the stored items themselves and from what people sent; nothing of the stories is asked.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeVar

from tasrih.adapters.codec import Attributes
from tasrih.adapters.items import read_item
from tasrih.adapters.lines import chunk_keys
from tasrih.correspondence.verify import verify
from tasrih.ledger.journal import Entry
from tasrih.register.parties import Entity
from tasrih.register.webhooks import Delivery, Webhooks
from tasrih.story.filings import COUNTS, EXPIRED, Series, StoredLines, Version
from tasrih.story.objects import folder
from tasrih.story.ports import ObjectHead
from tasrih.story.receive import MAX_ATTEMPTS
from tasrih.story.records import DECIDED, Letter, Outcome, Receipt, Ticket
from tasrih.story.removal import Keep, Removal, RemovalPlace
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.record import Record

from tests.simulation.fund import CABINET, CANARIES, EMAIL, Content, Sent
from tests.simulation.retention import Retained, too_early

R = TypeVar("R", bound=Record)

_MESSAGE_ID = re.compile(r"^Message-ID: <([^.]+)\.", re.MULTILINE)
"""What a mail is about: the number of a receipt, or an upload."""
MAY_FOLLOW = {
    "in_force": {"superseded", "withdrawn"},
    "awaiting_confirmation": {"in_force", "superseded", "duplicate", "refused", "tested"},
}
NEVER_CHANGED = {Entry.KIND, Version.KIND}


class AtEachCommit:
    """Sees every item that is written, and the one it replaces."""

    def __init__(self, problems: list[str]) -> None:
        self._problems = problems
        self._numbers: dict[str, tuple[str, str]] = {}

    def __call__(self, before: Attributes | None, after: Attributes) -> None:
        kind = after["kind"]["S"]
        body, was = after["body"]["M"], before["body"]["M"] if before else None
        if kind in NEVER_CHANGED and was is not None:
            self._problems.append(f"I02: a {kind} was changed")
        check = getattr(self, f"_{kind}", None)
        if check:
            check(body, was)

    def _entry(self, body: Attributes, was: Attributes | None) -> None:
        legs = [int(leg["M"]["amount_centimes"]["N"]) for leg in body["legs"]["L"]]
        if len(legs) < 2 or sum(legs):
            self._problems.append("I01: an entry does not balance")

    def _outcome(self, body: Attributes, was: Attributes | None) -> None:
        state, old = body["state"]["S"], was["state"]["S"] if was else ""
        if old and state != old and state not in MAY_FOLLOW.get(old, set()):
            self._problems.append(f"I05: a verdict went from {old} to {state}")
        errors = [code for code in body["counts"]["M"] if code.startswith("E")]
        if state == "refused" and not errors:
            self._problems.append("I11: refused without an error")
        if state in ("in_force", "tested") and errors:
            self._problems.append(f"I10: {state} with errors {errors}")

    def _receipt(self, body: Attributes, was: Attributes | None) -> None:
        number, payload = body["number"]["S"], body["payload"]["S"]
        if was and (was["payload"] != body["payload"] or was["number"] != body["number"]):
            self._problems.append("I14: a receipt says something else than before")
        if was and "signature" in was and was["signature"] != body.get("signature"):
            self._problems.append("I14: a receipt was signed twice")
        known = self._numbers.setdefault(number, (body["upload"]["S"], payload))
        if known != (body["upload"]["S"], payload):
            self._problems.append("I14: a receipt number stands for two receipts")

    def _removal(self, body: Attributes, was: Attributes | None) -> None:
        self._problems += too_early(body)

    def _letter(self, body: Attributes, was: Attributes | None) -> None:
        if was and "sent_at" in was and was["sent_at"] != body.get("sent_at"):
            self._problems.append("I15: a letter that was sent was sent anew")


@dataclass(frozen=True)
class Remains:
    """All that is left when nothing is under way any more, of a simulated world or of a real stack."""

    items: Sequence[Attributes]
    """Of the book."""
    arrivals: Callable[[str], Mapping[str, ObjectHead]]
    """By prefix, of the inbox."""
    papers: Mapping[str, bytes]
    """Of the receipts' bucket, by key."""
    stored: Collection[str]
    """Partition keys of the table of lines."""
    keys: Mapping[str, Any]
    """That receipts verify with."""
    mails: Sequence[tuple[str, bytes]]
    """(address, message)."""
    calls: Collection[str]
    """webhook-id of every call that was answered well."""
    waiting: Mapping[str, Sequence[str]]
    """Queue, dead letters among them -> bodies of what is left in it."""
    logs: str
    happened: Counter[str]
    """Accidents that excuse what only the sweep mends."""
    keep: Keep = field(default_factory=dict)
    """Days of retention by kind, as the functions were told."""


def _same(one: Content, other: Content) -> bool:
    """Sent again: a DAC of one employer says the same alone as among others, in other bytes."""
    both = one.kind == other.kind == "DAC"
    return one.total == other.total if both else one.files == other.files


class AtQuietTime:
    """Everything together, when nothing is under way."""

    def __init__(self, remains: Remains, sent: dict[str, Sent], swept: bool) -> None:
        self._remains, self._sent, self._swept = remains, sent, swept
        self._tickets = {ticket.upload: ticket for ticket in self._all(Ticket)}
        self._outcomes = {outcome.upload: outcome for outcome in self._all(Outcome)}
        self._receipts = {receipt.upload: receipt for receipt in self._all(Receipt)}
        self._numbers: dict[str, list[str]] = {}
        for paper in (*self._receipts.values(), *self._all(WithdrawalReceipt)):
            self._numbers.setdefault(paper.upload, []).append(paper.number)
        self._series = {(each.employer, each.kind, each.period): each for each in self._all(Series)}
        self._entries = list(self._all(Entry))
        told = self._all(Removal), self._all(RemovalPlace)
        self._retained = Retained(remains.keep, self._tickets, self._outcomes, *told)

    def _all(self, kind: type[R]) -> Iterator[R]:
        for item in self._remains.items:
            if item["kind"]["S"] == kind.KIND:
                yield read_item(kind, item)

    def __call__(self) -> list[str]:
        checks: list[Callable[[], Iterator[str]]] = [
            self._verdicts,
            self._versions,
            self._in_force,
            self._ledger,
            self._receipts_kept,
            self._letters,
            self._pauses,
            self._deliveries,
            self._lines,
            self._orphans,
            self._queues,
            self._logs,
            self._retention,
        ]
        return [problem for check in checks for problem in check()]

    def _verdicts(self) -> Iterator[str]:
        for upload, ticket in self._tickets.items():
            arrived = self._complete(ticket)
            decided = upload in self._outcomes
            reopened = not self._swept and decided and self._outcomes[upload].awaits == "names" and ticket.names
            if decided != (ticket.state == DECIDED) and not reopened:
                yield f"I05: {upload} is {ticket.state} but its outcome says otherwise"
            if not decided and (arrived or self._swept) and not self._left_to_the_sweep(ticket):
                yield f"I05: {upload} has no verdict ({ticket.state}, complete: {arrived}, attempts {ticket.attempts})"
            unread = decided and "E491" in self._outcomes[upload].counts
            if unread and ticket.attempts <= MAX_ATTEMPTS:
                yield f"I10: {upload} was refused as unreadable after {ticket.attempts} attempts"
            archive = decided and self._outcomes[upload].state == "split"  # is split to the end, however often it takes
            if ticket.attempts > MAX_ATTEMPTS + 12 and not archive:  # refusing it as unreadable can die too
                yield f"I24: {upload} was begun {ticket.attempts} times"

    def _left_to_the_sweep(self, ticket: Ticket) -> bool:
        """A delivery leaves alone what another seems to be reading; where that one died and its own message was
        taken for done by a second delivery of it, only the sweep is left."""
        twice = self._remains.happened["duplicate delivery"] or self._remains.happened["duplicate event"]
        return not self._swept and bool(twice) and ticket.read_until is not None

    def _complete(self, ticket: Ticket) -> bool:
        heads = self._remains.arrivals(folder(ticket.upload, part=bool(ticket.parent)))
        sent = self._sent.get(ticket.upload)
        to_join = self._swept and sent is not None and sent.complete
        return len(heads) == len(ticket.files) or to_join or self._retained.came(ticket.upload)

    def _versions(self) -> Iterator[str]:
        versions: dict[tuple[str, str, str], list[Version]] = {}
        for version in self._all(Version):
            versions.setdefault((version.employer, version.kind, version.period), []).append(version)
        for key, found in versions.items():
            if sorted(each.version for each in found) != list(range(1, len(found) + 1)):
                yield f"I08: versions of {key[1:]} have a gap"
            if key not in self._series or self._series[key].version != len(found):
                yield f"I08: the series of {key[1:]} does not stand at its last version"
        counted = Counter(version.upload for found in versions.values() for version in found)
        yield from (f"I07: {upload} counted {times} times" for upload, times in counted.items() if times > 1)
        for upload in counted:
            state = self._outcomes[upload].state if upload in self._outcomes else "none"
            if state not in ("in_force", "superseded", "withdrawn"):
                yield f"I10: a version rests on {upload}, which is {state}"

    def _content(self, ticket: Ticket) -> Content | None:
        """What an upload should hold: its own, or its part of an archive."""
        if not ticket.parent:
            return self._sent[ticket.upload].content if ticket.upload in self._sent else None
        whole = self._sent.get(ticket.parent)
        if ticket.cut:
            return (whole.content.parts or (whole.content,))[ticket.part] if whole else None
        named = {file.name for file in ticket.files}
        parts = whole.content.parts if whole else ()
        return next((part for part in parts if {name for name, _ in part.files} == named), None)

    def _candidates(self) -> dict[tuple[str, str, str], list[tuple[tuple[int, int], Content, Ticket]]]:
        """Real uploads that came whole and should be accepted, by employer, kind and period."""
        found: dict[tuple[str, str, str], list[tuple[tuple[int, int], Content, Ticket]]] = {}
        for ticket in self._tickets.values():
            content = self._content(ticket)
            if content is None or not content.accepted or content.parts or ticket.purpose != "real":
                continue
            if ticket.upload not in self._outcomes or content.employer != ticket.employer or not self._complete(ticket):
                continue
            if set(self._outcomes[ticket.upload].counts) & {"E490", "E491"}:
                continue  # it came too late, or nobody could read it: said so
            if self._outcomes[ticket.upload].state == "awaiting_confirmation":
                continue  # nobody has said how its names are read
            key = (content.employer, content.kind, content.period)
            found.setdefault(key, []).append(((ticket.rank, ticket.part), content, ticket))
        return found

    def _in_force(self) -> Iterator[str]:
        withdrawn = {
            (outcome.employer, outcome.kind, outcome.period)
            for outcome in self._outcomes.values()
            if outcome.state == "withdrawn"
        }
        candidates = self._candidates()
        for key, found in candidates.items():
            series = self._series.get(key)
            if series is None:
                yield f"I09: nothing is in force for {key[1:]}, though {len(found)} should be"
            elif key not in withdrawn:
                highest = max(found, key=lambda each: each[0])[1]
                standing = self._content(self._tickets[series.upload]) if series.upload else None
                if standing is None or not _same(standing, highest):
                    yield f"I09: of {len(found)} filings of {key[1:]}, not the highest ranked is in force"
        yield from (f"I10: {key[1:]} has a series that nobody filed" for key in self._series if key not in candidates)
        for key, series in self._series.items():
            filed = [each for each in self._outcomes.values() if (each.employer, each.kind, each.period) == key]
            standing = [each.upload for each in filed if each.state == "in_force"]
            if standing != ([series.upload] if series.upload else []):
                yield f"I09: {len(standing)} uploads say that they are in force for {key[1:]}"

    def _ledger(self) -> Iterator[str]:
        corrected = [entry.corrects for entry in self._entries if entry.corrects]
        if len(corrected) != len(set(corrected)):
            yield "I02: an entry was reversed twice"
        owed: Counter[tuple[str, str]] = Counter()
        for entry in self._entries:
            for leg in entry.legs:
                if leg.account == f"receivable:{entry.period}":
                    owed[(entry.employer, entry.period)] += leg.amount_centimes
        should: Counter[tuple[str, str]] = Counter()
        for (employer, _, period), series in self._series.items():
            content = self._content(self._tickets[series.upload]) if series.upload else None
            should[(employer, period)] += (content.dues or 0) if content else 0
        for key in set(owed) | set(should):
            if owed[key] != should[key]:
                yield f"I03: {owed[key] - should[key]:+d} centimes too much are owed for {key[1]}"

    def _receipts_kept(self) -> Iterator[str]:
        counted = {version.upload for version in self._all(Version)}
        if counted != set(self._receipts):
            yield f"I06: {len(counted ^ set(self._receipts))} receipts without a version, or versions without a receipt"
        for receipt in self._receipts.values():
            document = self._remains.papers.get(f"receipts/{receipt.number}.json")
            if document is None:
                if receipt.pdf:
                    yield "I13: a receipt has a page but no document"
                continue
            if not verify(document, self._remains.keys).ok:
                yield "I13: a receipt does not verify"
            content = self._content(self._tickets[receipt.upload])
            total = json.loads(receipt.payload)["dues"]["total_centimes"]
            if content and total != content.dues:
                yield "I13: a receipt tells other dues than were reckoned"

    def _letters(self) -> Iterator[str]:
        letters = list(self._all(Letter))
        owed = {letter.upload for letter in letters}
        yield from (f"I15: {upload} was decided and owes no letter" for upload in self._outcomes if upload not in owed)
        for letter in letters:
            lost = self._remains.happened["lost stream record"] or letter.about == "split"
            if not letter.sent_at and not letter.undeliverable and (self._swept or not lost):
                yield f"I15: the letter {letter.about} of {letter.upload} was never sent"
        yield from self._never_mailed([letter for letter in letters if not letter.paused])
        emails = {entity.contact_email for entity in self._all(Entity)}
        for to, message in self._remains.mails:
            if to not in emails:
                yield "I17: mail went to an address that the register does not know"
            text = message.decode("utf-8", "replace")
            for entity, canary in CANARIES.items():
                if EMAIL[entity] != to and to != EMAIL[CABINET] and canary in text:
                    yield f"I17: a letter shows {to} what is {entity}'s"

    def _never_mailed(self, letters: list[Letter]) -> Iterator[str]:
        """A digest may be left to the sweep, and with it what it tells of parts.

        A letter counts as sent when a mail names its upload or its receipt; a part's may be told in the digest."""
        mailed = self._named_in_mails()
        for letter in letters:
            parent = self._tickets[letter.upload].parent
            if parent and not self._swept:
                continue
            names = {letter.upload, parent or letter.upload, *self._numbers.get(letter.upload, ())}
            if letter.sent_at and not names & mailed:
                yield f"I15: the letter {letter.about} of {letter.upload} is marked as sent, but no mail names it"

    def _named_in_mails(self) -> set[str]:
        return set(_MESSAGE_ID.findall("\n".join(m.decode("utf-8", "replace") for _, m in self._remains.mails)))

    def _pauses(self) -> Iterator[str]:
        """Each pause that lasts was told of, by one letter and some mail."""
        hooks = {f"{of.entity}/{hook.webhook}": hook for of in self._all(Webhooks) for hook in of.hooks}
        letters = [letter for letter in self._all(Letter) if letter.paused]
        mailed = self._named_in_mails()
        for name, hook in hooks.items():
            told = [letter for letter in letters if (letter.paused, letter.owed_since) == (name, hook.paused_at)]
            if len(told) != bool(hook.paused_at):
                yield f"I15: an address owes {len(told)} letters for one pause"
            if any(letter.sent_at and letter.upload not in mailed for letter in told):
                yield "I15: the letter about a pause is marked as sent, but no mail names it"

    def _deliveries(self) -> Iterator[str]:
        """Every event owed to an address was taken or is given up, and says so."""
        for delivery in self._all(Delivery):
            if self._swept and not delivery.sent_at and not delivery.failed:
                yield f"I18: a webhook of {delivery.upload} is owed for ever"
        told = [delivery for delivery in self._all(Delivery) if delivery.sent_at]
        if len(set(self._remains.calls)) < len(told):
            yield "I15: a webhook is marked as sent, but nobody took it"

    def _lines(self) -> Iterator[str]:
        counting = {stored.upload for stored in self._all(StoredLines) if stored.state in (COUNTS, EXPIRED)}
        counted = {version.upload: version.kind for version in self._all(Version)}
        if counting - set(counted):
            yield f"I04: lines of {len(counting - set(counted))} uploads count that should not"
        missing = {upload for upload, kind in counted.items() if kind == "DAS"} - counting
        if missing:
            yield f"I04: lines of {len(missing)} annual declarations do not count"

    def _orphans(self) -> Iterator[str]:
        """Nothing is kept that belongs to nothing: papers, reports, parts, chunks of lines."""
        numbers = {number for found in self._numbers.values() for number in found}
        papers = {PurePath(key).stem for key in self._remains.papers} - numbers
        reports = set(self._remains.arrivals("reports/")) - {each.report for each in self._outcomes.values()}
        parts = {key.split("/")[1] for key in self._remains.arrivals("parts/")} - set(self._tickets)
        kept = [each for each in self._all(StoredLines) if each.state == "counts" or not self._swept]
        chunks = {key for key in self._remains.stored if key.startswith("C#")}
        chunks -= {key for each in kept for key in chunk_keys(each)}
        for what, orphans in {"papers": papers, "reports": reports, "parts": parts, "chunks of lines": chunks}.items():
            if orphans:
                yield f"I04: {len(orphans)} {what} belong to nothing: {min(orphans)}"

    def _retention(self) -> Iterator[str]:
        held = self._remains
        objects = [key for prefix in ("uploads/", "parts/", "reports/") for key in held.arrivals(prefix)]
        chunks = [key for key in held.stored if key.startswith("C#")]
        yield from self._retained.problems(self._all(StoredLines), self._all(Letter), objects, chunks)

    def _queues(self) -> Iterator[str]:
        for name, waiting in self._remains.waiting.items():
            left = [body for body in waiting if self._swept or '"about": "split"' not in body]
            if left:
                yield f"I18: {len(left)} messages are left in {name}"

    def _logs(self) -> Iterator[str]:
        text = self._remains.logs
        secrets = [*CANARIES.values(), "900000000002", "NOMDEUX", *EMAIL.values(), "NOM PRENOM"]
        yield from (f"I23: a log holds {secret}" for secret in secrets if secret in text)
