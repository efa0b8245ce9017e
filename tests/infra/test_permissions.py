"""What each function may do, as sentences. Adding a permission means adding its sentence here."""

from __future__ import annotations

import pytest
from tasrih.settings import FUNCTIONS

from tests.infra.template import Json, Template, listed, told

pytestmark = pytest.mark.synth

MAY = {
    "portal": """
        cognito-idp AdminCreateUser AdminDeleteUser AdminSetUserPassword: SignInPrograms
        dynamodb BatchGetItem BatchWriteItem Query: TablesLines
        dynamodb BatchGetItem GetItem PutItem Query UpdateItem: TablesBook
        dynamodb Query: TablesBook/index/owned
        kms Decrypt: KeysReceipts
        kms Decrypt GenerateDataKey: KeysData
        kms GenerateMac: KeysHashing
        kms GetPublicKey: KeysSigning
        logs CreateLogStream PutLogEvents: FunctionsPortalLogs
        s3 GetObject: InboxBucket/reports/*, ReceiptsBucket/*
        s3 ListBucketVersions: InboxBucket if s3:prefix is like uploads/*
        s3 ListMultipartUploadParts PutObject: InboxBucket/uploads/*
        sqs SendMessage: QueuesUndelivered
        sqs SendMessage: QueuesUploads
    """,
    "receive_declaration": """
        dynamodb BatchGetItem BatchWriteItem: TablesLines
        dynamodb BatchGetItem GetItem PutItem Query UpdateItem: TablesBook
        kms Decrypt GenerateDataKey: KeysData
        kms GenerateMac: KeysHashing
        logs CreateLogStream PutLogEvents: FunctionsReceiveDeclarationLogs
        s3 GetObjectVersion: InboxBucket/parts/*, InboxBucket/uploads/*
        s3 ListBucketVersions: InboxBucket if s3:prefix is like uploads/* or parts/*
        s3 PutObject: InboxBucket/parts/*, InboxBucket/reports/*
        sqs DeleteMessage GetQueueAttributes ReceiveMessage: QueuesUploads
        sqs SendMessage: QueuesUndelivered
    """,
    "queue_letters": """
        dynamodb DescribeStream GetRecords GetShardIterator: TablesBook.StreamArn
        dynamodb ListStreams: TablesBook/stream/*
        logs CreateLogStream PutLogEvents: FunctionsQueueLettersLogs
        sqs SendMessage: QueuesDeliveries, QueuesLetters
        sqs SendMessage: QueuesUndelivered
    """,
    "call_webhook": """
        dynamodb GetItem PutItem: TablesBook
        logs CreateLogStream PutLogEvents: FunctionsCallWebhookLogs
        sqs DeleteMessage GetQueueAttributes ReceiveMessage: QueuesDeliveries
        sqs SendMessage: QueuesUndelivered
    """,
    "send_letter": """
        dynamodb BatchGetItem GetItem PutItem: TablesBook
        kms Decrypt: KeysData
        kms Decrypt GenerateDataKey: KeysReceipts
        kms GetPublicKey Sign: KeysSigning
        logs CreateLogStream PutLogEvents: FunctionsSendLetterLogs
        s3 GetObject: InboxBucket/reports/*, ReceiptsBucket/*
        s3 PutObject: ReceiptsBucket/*
        ses SendEmail SendRawEmail: the mail domain
        sqs DeleteMessage GetQueueAttributes ReceiveMessage: QueuesLetters
        sqs SendMessage: QueuesUndelivered
    """,
    "sweep": """
        dynamodb BatchGetItem GetItem PutItem: TablesBook
        dynamodb BatchWriteItem: TablesLines
        dynamodb Query: TablesBook/index/waiting
        kms Decrypt GenerateDataKey: KeysData
        logs CreateLogStream PutLogEvents: FunctionsSweepLogs
        s3 AbortMultipartUpload ListMultipartUploadParts PutObject: InboxBucket/uploads/*
        s3 ListBucketVersions: InboxBucket if s3:prefix is like uploads/* or parts/*
        sqs SendMessage: QueuesDeliveries, QueuesLetters, QueuesUploads
        sqs SendMessage: QueuesUndelivered
    """,
    "remove_due": """
        dynamodb BatchGetItem BatchWriteItem PutItem: TablesLines
        dynamodb BatchGetItem GetItem PutItem Query Scan: TablesBook
        kms Decrypt GenerateDataKey: KeysData
        logs CreateLogStream PutLogEvents: FunctionsRemoveDueLogs
        s3 DeleteObjectVersion: InboxBucket/parts/*, InboxBucket/reports/*, InboxBucket/uploads/*
        s3 ListBucketVersions: InboxBucket if s3:prefix is like uploads/* or parts/* or reports/*
        sqs SendMessage: QueuesUndelivered
    """,
}


def sentence(statement: Json) -> str:
    assert statement["Effect"] == "Allow"
    actions = [action.split(":") for action in listed(statement["Action"])]
    (service,) = {service for service, _ in actions}
    where = ", ".join(sorted(_where(each) for each in listed(statement["Resource"])))
    conditions = [
        f" if {key} is like {' or '.join(listed(value))}"
        for key, value in statement.get("Condition", {}).get("StringLike", {}).items()
    ]
    assert len(conditions) == len(statement.get("Condition", {}))
    return f"{service} {' '.join(sorted(name for _, name in actions))}: {where}{''.join(conditions)}"


def _where(resource: object) -> str:
    where = told(resource)
    return "the mail domain" if where.endswith(":identity/tasrih.example") else where


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_may_do_exactly_this(each: Template, name: str) -> None:
    assert sorted(map(sentence, each.role(name))) == sorted(line.strip() for line in MAY[name].strip().splitlines())


def test_no_role_has_a_wildcard_action_or_a_managed_policy_or_more_policies_than_its_own(each: Template) -> None:
    for role in each.of("IAM::Role").values():
        assert "ManagedPolicyArns" not in role
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert not [action for action in listed(statement["Action"]) if "*" in action]
                assert "*" not in listed(statement["Resource"])
    assert not each.of("IAM::Policy")
    assert not each.of("IAM::ManagedPolicy")


def test_every_function_has_a_role_of_its_own_that_only_lambda_takes(each: Template) -> None:
    roles = [told(function["Role"]) for function in each.of("Lambda::Function").values()]
    assert len(set(roles)) == len(roles) == len(FUNCTIONS)
    for name in roles:
        (trust,) = each.of("IAM::Role")[name]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_schedules_may_only_call_the_sweep_and_retention_and_keep_what_failed(each: Template) -> None:
    (policy,) = each.of("IAM::Role")["TriggersScheduleRole"]["Policies"]
    assert sorted(map(sentence, policy["PolicyDocument"]["Statement"])) == [
        "lambda InvokeFunction: FunctionsRemoveDue, FunctionsSweep",
        "sqs SendMessage: QueuesUndelivered",
    ]


def test_who_examines_uploads_cannot_write_where_uploads_arrive(each: Template) -> None:
    rules = each.of("S3::Bucket")["InboxBucket"]["NotificationConfiguration"]["QueueConfigurations"]
    prefixes = [rule["Filter"]["S3Key"]["Rules"] for rule in rules]
    assert prefixes == [[{"Name": "prefix", "Value": "uploads/"}], [{"Name": "prefix", "Value": "parts/"}]]
    # the sweep joins pieces that lie there already: it reads nothing that anybody sent
    assert not any({"s3:GetObject", "s3:GetObjectVersion"} & set(listed(one["Action"])) for one in each.role("sweep"))
    for name in set(FUNCTIONS) - {"portal", "sweep"}:
        for statement in each.role(name):
            if "s3:PutObject" in listed(statement["Action"]):
                assert not [where for where in map(told, listed(statement["Resource"])) if "uploads" in where]


def removing(statements: list[Json]) -> list[Json]:
    return [
        statement
        for statement in statements
        if any(
            action.startswith("s3:Delete") or action.endswith(":DeleteItem") for action in listed(statement["Action"])
        )
    ]


def test_nobody_but_retention_may_remove_an_original_or_a_report_and_nobody_a_receipt_or_a_record(
    each: Template,
) -> None:
    assert [name for name in FUNCTIONS if removing(each.role(name))] == ["remove_due"]
    (statement,) = removing(each.role("remove_due"))
    assert listed(statement["Action"]) == ["s3:DeleteObjectVersion"]
    assert all(told(where).startswith("InboxBucket/") for where in listed(statement["Resource"]))


def test_retention_reads_nothing_that_anybody_sent_and_nothing_that_was_answered(each: Template) -> None:
    actions = [action for statement in each.role("remove_due") for action in listed(statement["Action"])]
    assert not [action for action in actions if action.startswith("s3:Get")]
