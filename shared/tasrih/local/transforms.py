"""Every change made to the synthesized template for the local cloud. There are no others.

Each is one function, its docstring says why; the table in README.md lists the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

NOT_EMULATED = frozenset({"AWS::Budgets::Budget"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the transforms need to know of this run."""

    mailbox: str
    """Address of the local mailbox."""
    code: dict[str, tuple[str, str]]
    """Folder under `functions/` → (bucket, key) of its zip."""
    auth: bool
    fidelity: bool
    """Functions run by the runtime interface client of AWS."""
    pretend_now: str | None
    """"pretended@real", as the clock of the functions reads it."""
    pace: int
    """How many times as fast as the machine's that clock runs."""


def code_from_this_checkout(template: Json, setting: Setting) -> None:
    """The snapshot masks asset hashes; the zips are made here, from the sources or by the packaging code."""
    for name, function in functions(template):
        function["Properties"]["Code"] = dict(zip(("S3Bucket", "S3Key"), setting.code[name], strict=True))


def mail_to_the_local_mailbox(template: Json, setting: Setting) -> None:
    """The emulator's SES drops attachments; the SDK of a function takes this address for SES v2 alone."""
    for _, function in functions(template):
        _variables(function)["AWS_ENDPOINT_URL_SESV2"] = setting.mailbox


def webhooks_may_call_this_machine(template: Json, _setting: Setting) -> None:
    """There is no TLS on loopback, and elsewhere an address of this machine is refused. Taken only while AWS is played
    by this machine; nothing in the template itself can set it."""
    for _, function in functions(template):
        _variables(function)["TASRIH_WEBHOOKS_TO_THIS_MACHINE"] = "yes"


def without_what_is_not_emulated(template: Json, _setting: Setting) -> None:
    """A resource of a type that the emulator does not know would roll the whole stack back."""
    for name in [name for name, resource in template["Resources"].items() if resource["Type"] in NOT_EMULATED]:
        del template["Resources"][name]


def no_demand_for_tls(template: Json, _setting: Setting) -> None:
    """The local cloud speaks plain HTTP on loopback and, with IAM enforced, rightly obeys a deny of plain HTTP."""
    for resource in template["Resources"].values():
        document = resource.get("Properties", {}).get("PolicyDocument")
        if document:
            document["Statement"] = [each for each in document["Statement"] if not _asks_for_tls(each)]
    for name in [name for name, each in template["Resources"].items() if _is_empty_policy(each)]:
        del template["Resources"][name]


def batch_send_has_its_own_action(template: Json, _setting: Setting) -> None:
    """With IAM enforced the emulator asks for `sqs:SendMessageBatch`, which AWS does not have."""
    for statement in _identity_statements(template):
        actions = statement.get("Action", [])
        actions = [actions] if isinstance(actions, str) else actions
        if statement["Effect"] == "Allow" and "sqs:SendMessage" in actions:
            statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def mail_rights_name_no_sender(template: Json, _setting: Setting) -> None:
    """With IAM enforced the emulator asks for `ses:SendEmail` on `*`, not on the identity that sends."""
    for statement in _identity_statements(template):
        if "ses:SendEmail" in statement.get("Action", []):
            statement["Resource"] = "*"


def run_by_the_interface_client_of_aws(template: Json, _setting: Setting) -> None:
    """The emulator's own Python worker hides the names of exceptions; a bootstrap that starts awslambdaric does not."""
    for _, function in functions(template):
        function["Properties"]["Runtime"] = "provided.al2023"


def pretend_date(template: Json, setting: Setting) -> None:
    """To show deadlines without waiting for them; nothing in the template itself can set it."""
    if setting.pretend_now is not None:
        for _, function in functions(template):
            _variables(function)["TASRIH_PRETEND_NOW"] = setting.pretend_now


def retries_come_sooner(template: Json, setting: Setting) -> None:
    """An unfinished message stays hidden for six times the timeout of the function: too long to wait for. It is
    shortened as much as the clock of the functions is hastened: leases, patience and queues keep their order."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::SQS::Queue" and "VisibilityTimeout" in resource.get("Properties", {}):
            hidden = resource["Properties"]["VisibilityTimeout"]
            resource["Properties"]["VisibilityTimeout"] = max(1, hidden // setting.pace)


@dataclass(frozen=True, slots=True)
class Transform:
    apply: Callable[[Json, Setting], None]
    when: Callable[[Setting], bool]
    applies: str
    """`when`, in words, as in the table."""

    @property
    def name(self) -> str:
        return self.apply.__name__


def _always(_setting: Setting) -> bool:
    return True


def _auth(setting: Setting) -> bool:
    return setting.auth


TRANSFORMS: tuple[Transform, ...] = (
    Transform(code_from_this_checkout, _always, "always"),
    Transform(mail_to_the_local_mailbox, _always, "always"),
    Transform(webhooks_may_call_this_machine, _always, "always"),
    Transform(without_what_is_not_emulated, _always, "always"),
    Transform(no_demand_for_tls, _auth, "with IAM enforced"),
    Transform(batch_send_has_its_own_action, _auth, "with IAM enforced"),
    Transform(mail_rights_name_no_sender, _auth, "with IAM enforced"),
    Transform(run_by_the_interface_client_of_aws, lambda setting: setting.fidelity, "with awslambdaric"),
    Transform(pretend_date, lambda setting: setting.pretend_now is not None, "when a pretend date is asked for"),
    Transform(retries_come_sooner, lambda setting: setting.pace > 1, "when a pace is asked for"),
)


def lock_objects_once_the_bucket_stands(storage: Any, template: Json, physical: dict[str, str]) -> bool:
    """The emulator's CloudFormation drops a bucket's Object Lock; its S3 knows it. True: a lock was put."""
    locked = {
        physical[name]: resource["Properties"]["ObjectLockConfiguration"]
        for name, resource in template["Resources"].items()
        if "ObjectLockConfiguration" in resource.get("Properties", {})
    }
    for bucket, configuration in locked.items():
        storage.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)
    return bool(locked)


def transform(template: Json, setting: Setting) -> tuple[str, ...]:
    """Changes the template in place; returns the names of the transforms that changed something."""
    changed = []
    for each in TRANSFORMS:
        if each.when(setting):
            before = repr(template)
            each.apply(template, setting)
            if repr(template) != before:
                changed.append(each.name)
    return tuple(changed)


def functions(template: Json) -> Iterator[tuple[str, Json]]:
    """(folder under `functions/`, resource) of each function of ours; CDK's own have their code in the template."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function" and "ZipFile" not in resource["Properties"]["Code"]:
            yield function_folder(resource), resource


def function_folder(function: Json) -> str:
    """`functions.<folder>.handler.handler` → folder."""
    return str(function["Properties"]["Handler"].split(".")[1])


def names() -> tuple[str, ...]:
    """Of all transforms, in the order in which they are applied."""
    return (*(each.name for each in TRANSFORMS), lock_objects_once_the_bucket_stands.__name__)


def _variables(function: Json) -> Json:
    found: Json = function["Properties"].setdefault("Environment", {}).setdefault("Variables", {})
    return found


def _asks_for_tls(statement: Json) -> bool:
    return statement["Effect"] == "Deny" and "aws:SecureTransport" in repr(statement.get("Condition"))


def _is_empty_policy(resource: Json) -> bool:
    document = resource.get("Properties", {}).get("PolicyDocument")
    return document is not None and not document["Statement"]


def _identity_statements(template: Json) -> Iterator[Json]:
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            yield from properties["PolicyDocument"]["Statement"]
        for inline in properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            yield from inline["PolicyDocument"]["Statement"]
