"""The whole of Tasrih in one account and region."""

from __future__ import annotations

import json

from aws_cdk import CfnOutput, DefaultStackSynthesizer, Stack
from aws_cdk import Environment as Place
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.alarms import Alarms
from infra.api import Api
from infra.functions import Functions
from infra.keys import Keys
from infra.mail import Mail
from infra.permissions import Resources
from infra.queues import Queues
from infra.settings import Environment
from infra.sign_in import SignIn
from infra.storage import AccessLogs, Inbox, Receipts
from infra.tables import Tables
from infra.triggers import Triggers


class TasrihStack(Stack):
    def __init__(self, scope: Construct, settings: Environment) -> None:
        super().__init__(
            scope,
            f"tasrih-{settings.name}",
            env=Place(region=settings.region),
            termination_protection=settings.deletion_protection,
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        keys = Keys(self, "Keys", settings)
        queues = Queues(self, "Queues")
        logs = AccessLogs(self, "AccessLogs")
        inbox = Inbox(self, "Inbox", settings, keys.data, queues.uploads, logs)
        receipts = Receipts(self, "Receipts", settings, keys.receipts, logs)
        tables = Tables(self, "Tables", settings, keys.data)
        mail = Mail(self, "Mail", settings)
        sign_in = SignIn(self, "SignIn", settings)
        api = Api(self, "Api", settings, keys.operations)
        resources = Resources(keys, tables, inbox, receipts, queues, mail, sign_in.machines)
        values = _values(settings, resources, sign_in, api)
        kept = {"retention": json.dumps(settings.retention, sort_keys=True)}
        functions = Functions(self, "Functions", settings, resources, values | kept)
        api.serve(functions.by_name["portal"], sign_in)
        triggers = Triggers(self, "Triggers", settings, functions.by_name, queues, tables)
        Alarms(self, "Alarms", settings, keys.operations, queues, functions.by_name)
        acknowledge(settings, resources, functions.by_name, sign_in, api, triggers)
        self.assets = functions.assets
        self._tell(values | _addresses(queues, sign_in, api, functions))

    def _tell(self, outputs: dict[str, str]) -> None:
        for name, value in ((name, value) for name, value in outputs.items() if value):
            CfnOutput(self, name.title().replace("_", ""), value=value)


def _values(settings: Environment, at: Resources, sign_in: SignIn, api: Api) -> dict[str, str]:
    """What each field of `tasrih.settings` is in this stack."""
    return {
        "book_table": at.tables.book.table_name,
        "lines_table": at.tables.lines.table_name,
        "inbox_bucket": at.inbox.bucket.bucket_name,
        "receipts_bucket": at.receipts.bucket.bucket_name,
        "signing_key": at.keys.signing.key_arn,
        "retired_keys": ",".join(key.key_arn for key in at.keys.retired),
        "hash_key": at.keys.hashing.key_arn,
        "uploads_queue": at.queues.uploads.queue_url,
        "letters_queue": at.queues.letters.queue_url,
        "deliveries_queue": at.queues.deliveries.queue_url,
        "sign_in_client": sign_in.client.user_pool_client_id,
        "machine_pool": sign_in.machines.user_pool_id,
        "machine_client": sign_in.machine_client.user_pool_client_id,
        "mail_from": settings.mail_from,
        "verify_url": settings.verify_url or f"{api.url}/verify",
    }


def _addresses(queues: Queues, sign_in: SignIn, api: Api, functions: Functions) -> dict[str, str]:
    """What an operator asks for besides."""
    return {
        "api_url": api.url,
        "user_pool": sign_in.pool.user_pool_id,
        "uploads_failed_queue": queues.uploads_failed.queue_url,
        "letters_failed_queue": queues.letters_failed.queue_url,
        "deliveries_failed_queue": queues.deliveries_failed.queue_url,
        "undelivered_queue": queues.undelivered.queue_url,
        **{f"{name}_function": function.function_name for name, function in functions.by_name.items()},
    }
