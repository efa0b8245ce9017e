"""What stands in the template: storage, queues, keys, functions, API, alarms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tasrih.adapters import items
from tasrih.adapters.telemetry import METRICS, NAMESPACE
from tasrih.settings import FUNCTIONS

from tests.infra.template import Template, listed, told

pytestmark = pytest.mark.synth


def _denies_plain_http(document: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        and statement["Principal"] in ("*", {"AWS": "*"})
        for statement in document["Statement"]
    )


# --- functions


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_runs_on_arm_and_the_newest_python_the_pinned_cdk_knows(each: Template, name: str) -> None:
    from aws_cdk import aws_lambda

    known = [int(found.removeprefix("PYTHON_3_")) for found in dir(aws_lambda.Runtime) if found.startswith("PYTHON_3_")]
    function = each.function(name)
    assert function["Architectures"] == ["arm64"]
    assert function["Runtime"] == f"python3.{max(known)}"


def test_memory_and_time_are_stated(each: Template) -> None:
    found = {name: each.function(name) for name in FUNCTIONS}
    assert {name: (one["MemorySize"], one["Timeout"]) for name, one in found.items()} == {
        "portal": (1024, 29),
        "receive_declaration": (2048, 300),
        "queue_letters": (512, 60),
        "send_letter": (1024, 60),
        "sweep": (1024, 240),
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_environment_has_exactly_the_names_of_the_settings(each: Template, name: str) -> None:
    model = FUNCTIONS[name]
    assert set(each.function(name)["Environment"]["Variables"]) == {
        model.variable(field) for field in model.model_fields
    }


def test_no_template_can_pretend_a_date(each: Template) -> None:
    assert "PRETEND" not in json.dumps(each.content).upper()


def test_what_no_caller_waits_for_is_kept_when_it_fails(each: Template) -> None:
    configurations = each.of("Lambda::EventInvokeConfig").values()
    assert {told(found["FunctionName"]) for found in configurations} == set(each.of("Lambda::Function"))
    for found in configurations:
        assert told(found["DestinationConfig"]["OnFailure"]["Destination"]) == "QueuesUndelivered"


def test_logs_are_encrypted_and_end_some_day(each: Template) -> None:
    groups = each.of("Logs::LogGroup")
    assert len(groups) == len(FUNCTIONS) + 1
    for group in groups.values():
        assert group["RetentionInDays"] in (30, 365)
        assert told(group["KmsKeyId"]) == "KeysOperations"
    for function in each.of("Lambda::Function").values():
        assert told(function["LoggingConfig"]["LogGroup"]) in groups


# --- queues and what wakes functions


@pytest.mark.parametrize(
    ("queue", "failed", "function"),
    [
        ("QueuesUploads", "QueuesUploadsFailed", "receive_declaration"),
        ("QueuesLetters", "QueuesLettersFailed", "send_letter"),
    ],
)
def test_a_message_is_hidden_six_times_the_timeout_and_set_aside_after_five_tries(
    each: Template, queue: str, failed: str, function: str
) -> None:
    found = each.of("SQS::Queue")[queue]
    assert found["VisibilityTimeout"] >= 6 * each.function(function)["Timeout"]
    assert found["RedrivePolicy"]["maxReceiveCount"] == 5
    assert told(found["RedrivePolicy"]["deadLetterTargetArn"]) == failed


def test_queues_are_encrypted_and_refuse_plain_http(each: Template) -> None:
    queues, policies = each.of("SQS::Queue"), each.of("SQS::QueuePolicy").values()
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())
    guarded = {
        told(one) for policy in policies if _denies_plain_http(policy["PolicyDocument"]) for one in policy["Queues"]
    }
    assert guarded == set(queues)


def test_only_the_bucket_of_this_account_announces_uploads(each: Template) -> None:
    policy = each.of("SQS::QueuePolicy")["QueuesUploadsPolicy"]["PolicyDocument"]["Statement"][1:]
    assert [(one["Principal"], one["Action"], one["Condition"]) for one in policy] == [
        (
            {"Service": "s3.amazonaws.com"},
            "sqs:SendMessage",
            {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        )
    ]


@pytest.mark.parametrize(
    ("mapping", "source", "function", "batch"),
    [
        ("TriggersUploads", "QueuesUploads", "FunctionsReceiveDeclaration", 1),
        ("TriggersLetters", "QueuesLetters", "FunctionsSendLetter", 5),
    ],
)
def test_a_queue_wakes_its_function_a_few_at_a_time_and_takes_back_only_what_failed(
    each: Template, mapping: str, source: str, function: str, batch: int
) -> None:
    found = each.of("Lambda::EventSourceMapping")[mapping]
    assert (told(found["EventSourceArn"]), told(found["FunctionName"])) == (source, function)
    assert found["BatchSize"] == batch
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert found["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_the_stream_moves_new_letters_only_and_a_bad_record_does_not_stop_it(each: Template) -> None:
    found = each.of("Lambda::EventSourceMapping")["TriggersLettersOwed"]
    (pattern,) = found["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "LETTER#"}]}}},
    }
    assert found["BisectBatchOnFunctionError"] is True
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (found["MaximumRetryAttempts"], found["MaximumRecordAgeInSeconds"]) == (10, 3600)
    assert told(found["DestinationConfig"]["OnFailure"]["Destination"]) == "QueuesUndelivered"


def test_the_sweep_comes_every_five_minutes_and_its_failures_are_kept(each: Template) -> None:
    schedule = each.only("Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "rate(5 minutes)"
    assert told(schedule["Target"]["Arn"]) == "FunctionsSweep"
    assert told(schedule["Target"]["DeadLetterConfig"]["Arn"]) == "QueuesUndelivered"
    assert each.function("sweep")["Timeout"] < 300


# --- storage


def test_buckets_are_private_kept_and_refuse_plain_http(each: Template) -> None:
    buckets, policies = each.of("S3::Bucket"), each.of("S3::BucketPolicy").values()
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
    guarded = {told(policy["Bucket"]) for policy in policies if _denies_plain_http(policy["PolicyDocument"])}
    assert guarded == set(buckets)
    for resource in each.resources.values():
        if resource["Type"] in ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Cognito::UserPool"):
            assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(("name", "key"), [("InboxBucket", "KeysData"), ("ReceiptsBucket", "KeysReceipts")])
def test_a_bucket_of_evidence_is_versioned_encrypted_with_its_own_key_and_logged(
    each: Template, name: str, key: str
) -> None:
    bucket = each.of("S3::Bucket")[name]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert told(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == key
    assert told(bucket["LoggingConfiguration"]["DestinationBucketName"]) == "AccessLogsBucket"


def test_abandoned_parts_of_uploads_are_removed_and_nothing_else_is(each: Template) -> None:
    (rule,) = each.of("S3::Bucket")["InboxBucket"]["LifecycleConfiguration"]["Rules"]
    assert rule == {
        "Id": "abandoned-uploads",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "Status": "Enabled",
    }


def test_an_upload_under_another_key_is_refused(each: Template) -> None:
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    statements = each.of("S3::BucketPolicy")["InboxBucketPolicy"]["PolicyDocument"]["Statement"]
    (refusal,) = (one for one in statements if one.get("Sid") == "NoOtherKey")
    assert (refusal["Effect"], refusal["Action"]) == ("Deny", "s3:PutObject")
    assert told(refusal["Condition"]["StringNotEquals"][header]) == "KeysData"
    assert refusal["Condition"]["Null"] == {header: "false"}


def test_receipts_cannot_be_changed_before_their_time(dev: Template, prod: Template) -> None:
    for template, days in ((dev, 1), (prod, 3653)):
        bucket = template.of("S3::Bucket")["ReceiptsBucket"]
        assert bucket["ObjectLockEnabled"] is True
        assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": days}


def test_tables_are_on_demand_recoverable_and_encrypted_with_the_key_of_data(each: Template) -> None:
    tables = each.of("DynamoDB::Table")
    assert set(tables) == {"TablesBook", "TablesLines"}
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert told(table["SSESpecification"]["KMSMasterKeyId"]) == "KeysData"
        assert _key(table) == [items.PARTITION_KEY, items.SORT_KEY]


def test_only_the_book_has_a_stream_and_it_tells_keys_only(each: Template) -> None:
    tables = each.of("DynamoDB::Table")
    assert tables["TablesBook"]["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
    assert "StreamSpecification" not in tables["TablesLines"]


def test_indexes_are_those_the_adapters_ask(each: Template) -> None:
    book = each.of("DynamoDB::Table")["TablesBook"]
    found = {
        one["IndexName"]: (_key(one), one["Projection"]["ProjectionType"]) for one in book["GlobalSecondaryIndexes"]
    }
    assert found == {
        items.WAITING_INDEX: ([items.WAITING_HASH, items.WAITING_RANGE], "KEYS_ONLY"),
        items.OWNED_INDEX: ([items.OWNED_HASH, items.OWNED_RANGE], "ALL"),
    }
    numbers = {one["AttributeName"] for one in book["AttributeDefinitions"] if one["AttributeType"] == "N"}
    assert numbers == {items.OWNED_RANGE}


def _key(table: dict[str, Any]) -> list[str]:
    assert [one["KeyType"] for one in table["KeySchema"]] == ["HASH", "RANGE"]
    return [one["AttributeName"] for one in table["KeySchema"]]


def test_keys_are_split_by_purpose_and_rotate_where_they_can(each: Template) -> None:
    found = each.of("KMS::Key")
    assert {name for name, key in found.items() if key.get("EnableKeyRotation")} == {
        "KeysData",
        "KeysReceipts",
        "KeysOperations",
    }
    signing, hashing = found["KeysSigning"], found["KeysHashing"]
    assert (signing["KeySpec"], signing["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert (hashing["KeySpec"], hashing["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")


def test_a_key_is_open_to_everybody_only_through_dynamodb_in_this_account(each: Template) -> None:
    for name, key in each.of("KMS::Key").items():
        for statement in key["KeyPolicy"]["Statement"]:
            if statement["Principal"] == {"AWS": "*"}:
                assert name == "KeysData"
                assert set(statement["Condition"]["StringEquals"]) == {"kms:ViaService", "kms:CallerAccount"}
                assert not [action for action in listed(statement["Action"]) if "*" in action]


# --- people, API, mail


def test_every_route_but_three_needs_a_token_of_our_own_people(each: Template) -> None:
    routes = each.of("ApiGatewayV2::Route").values()
    assert {one["RouteKey"]: one.get("AuthorizationType", "NONE") for one in routes} == {
        "ANY /{proxy+}": "JWT",
        "GET /keys": "NONE",
        "GET /openapi.json": "NONE",
        "GET /service": "NONE",
    }
    token = each.only("ApiGatewayV2::Authorizer")
    assert [told(one) for one in token["JwtConfiguration"]["Audience"]] == ["SignInPeopleClient"]
    assert told(token["JwtConfiguration"]["Issuer"]) == "https://cognito-idp.eu-west-3.amazonaws.com/SignInPeople"


def test_requests_are_limited_and_logged_without_address_query_or_token(each: Template) -> None:
    stage = each.only("ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
    logged = stage["AccessLogSettings"]["Format"]
    assert not [word for word in ("sourceIp", "path", "authorizer", "userAgent", "query") if word in logged]


def test_nobody_signs_up_alone_and_passwords_are_long(each: Template) -> None:
    pool = each.only("Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_the_client_has_no_secret_and_tokens_last_an_hour(each: Template) -> None:
    client = each.only("Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert set(client["ExplicitAuthFlows"]) == {
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }
    assert (client["AccessTokenValidity"], client["TokenValidityUnits"]["AccessToken"]) == (60, "minutes")
    assert client["EnableTokenRevocation"] is True
    assert client.get("AllowedOAuthFlowsUserPoolClient", False) is False


def test_each_agency_has_its_group_of_officers(each: Template) -> None:
    import re

    from tasrih.adapters.api import OFFICERS

    groups = [group["GroupName"] for group in each.of("Cognito::UserPoolGroup").values()]
    assert groups
    assert all(re.fullmatch(OFFICERS, group) for group in groups)


def test_letters_come_from_the_verified_domain(each: Template) -> None:
    domain = each.only("SES::EmailIdentity")["EmailIdentity"]
    assert each.function("send_letter")["Environment"]["Variables"]["TASRIH_MAIL_FROM"].endswith(f"@{domain}")


# --- alarms


def test_each_queue_of_failures_rings_at_its_first_message(each: Template) -> None:
    alarms = [one for one in each.of("CloudWatch::Alarm").values() if one.get("Namespace") == "AWS/SQS"]
    watched = {told(one["Dimensions"][0]["Value"]) for one in alarms}
    assert watched == {"QueuesUploadsFailed.QueueName", "QueuesLettersFailed.QueueName", "QueuesUndelivered.QueueName"}
    assert {(one["Threshold"], one["ComparisonOperator"]) for one in alarms} == {(0, "GreaterThanThreshold")}


def test_each_function_rings_when_it_fails(each: Template) -> None:
    alarms = [one for one in each.of("CloudWatch::Alarm").values() if one.get("MetricName") == "Errors"]
    assert {told(one["Dimensions"][0]["Value"]) for one in alarms} == set(each.of("Lambda::Function"))


def test_an_unanswered_upload_rings_and_so_does_a_silent_sweep(each: Template) -> None:
    alarm = each.of("CloudWatch::Alarm")["AlarmsUnansweredUpload"]
    assert (alarm["Namespace"], alarm["Threshold"], alarm["TreatMissingData"]) == (NAMESPACE, 1800, "breaching")
    assert alarm["MetricName"] in METRICS
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "sweep"}]


def test_a_file_that_runs_again_and_again_rings(each: Template) -> None:
    alarm = each.of("CloudWatch::Alarm")["AlarmsExecutionsPerUpload"]
    assert (alarm["Namespace"], alarm["Threshold"], alarm["Statistic"]) == (NAMESPACE, 3, "Maximum")
    assert alarm["MetricName"] in METRICS
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "receive_declaration"}]


def test_every_alarm_and_the_budget_speak_through_the_encrypted_topic(each: Template) -> None:
    for alarm in each.of("CloudWatch::Alarm").values():
        assert [told(action) for action in alarm["AlarmActions"]] == ["AlarmsTopic"]
    budget = each.only("Budgets::Budget")
    assert budget["Budget"]["TimeUnit"] == "MONTHLY"
    for notification in budget["NotificationsWithSubscribers"]:
        assert [told(one["Address"]) for one in notification["Subscribers"]] == ["AlarmsTopic"]
    assert told(each.only("SNS::Topic")["KmsMasterKeyId"]) == "KeysOperations"
    policy = each.only("SNS::TopicPolicy")["PolicyDocument"]
    assert _denies_plain_http(policy)
    publishers = {one["Principal"]["Service"] for one in policy["Statement"] if one["Effect"] == "Allow"}
    assert publishers == {"budgets.amazonaws.com", "cloudwatch.amazonaws.com"}


# --- environments


def test_prod_cannot_be_deleted_by_mistake_and_asks_for_a_second_factor(dev: Template, prod: Template) -> None:
    for template, protected, factor in ((dev, False, "OPTIONAL"), (prod, True, "ON")):
        tables = template.of("DynamoDB::Table").values()
        assert {table.get("DeletionProtectionEnabled", False) for table in tables} == {protected}
        assert template.only("Cognito::UserPool")["MfaConfiguration"] == factor
