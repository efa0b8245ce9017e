"""Functions and what wakes them."""

from __future__ import annotations

import json

import pytest
from tasrih.settings import FUNCTIONS

from tests.infra.template import Template, denies_plain_http, told

pytestmark = pytest.mark.synth


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
        "call_webhook": (512, 20),
        "sweep": (1024, 240),
        "remove_due": (1024, 600),
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


def test_logs_are_encrypted_end_some_day_and_have_a_trace_in_one_json_line(each: Template) -> None:
    groups = each.of("Logs::LogGroup")
    assert len(groups) == len(FUNCTIONS) + 1
    for group in groups.values():
        assert group["RetentionInDays"] in (30, 365)
        assert told(group["KmsKeyId"]) == "KeysOperations"
    for function in each.of("Lambda::Function").values():
        assert told(function["LoggingConfig"]["LogGroup"]) in groups
        assert function["LoggingConfig"]["LogFormat"] == "JSON"


@pytest.mark.parametrize(
    ("queue", "failed", "function"),
    [
        ("QueuesUploads", "QueuesUploadsFailed", "receive_declaration"),
        ("QueuesLetters", "QueuesLettersFailed", "send_letter"),
        ("QueuesDeliveries", "QueuesDeliveriesFailed", "call_webhook"),
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
        told(one) for policy in policies if denies_plain_http(policy["PolicyDocument"]) for one in policy["Queues"]
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
        ("TriggersDeliveries", "QueuesDeliveries", "FunctionsCallWebhook", 1),
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


def test_the_stream_moves_new_letters_and_deliveries_only_and_a_bad_record_does_not_stop_it(each: Template) -> None:
    found = each.of("Lambda::EventSourceMapping")["TriggersLettersOwed"]
    (pattern,) = found["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "LETTER#"}, {"prefix": "DELIVERY#"}]}}},
    }
    assert found["BisectBatchOnFunctionError"] is True
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (found["MaximumRetryAttempts"], found["MaximumRecordAgeInSeconds"]) == (10, 3600)
    assert told(found["DestinationConfig"]["OnFailure"]["Destination"]) == "QueuesUndelivered"


def test_the_sweep_comes_every_five_minutes_and_retention_every_hour_and_their_failures_are_kept(
    each: Template,
) -> None:
    schedules = each.of("Scheduler::Schedule").values()
    assert {told(one["Target"]["Arn"]): one["ScheduleExpression"] for one in schedules} == {
        "FunctionsSweep": "rate(5 minutes)",
        "FunctionsRemoveDue": "rate(1 hour)",
    }
    assert {told(one["Target"]["DeadLetterConfig"]["Arn"]) for one in schedules} == {"QueuesUndelivered"}
    assert each.function("sweep")["Timeout"] < 300
    assert each.function("remove_due")["Timeout"] < 3600
