"""Who may come in, and what an operator is told."""

from __future__ import annotations

import re

import pytest
from tasrih.adapters.telemetry import METRICS, NAMESPACE

from tests.infra.template import Template, denies_plain_http, told

pytestmark = pytest.mark.synth


def test_every_route_but_the_public_ones_needs_a_token_of_our_own_people(each: Template) -> None:
    routes = each.of("ApiGatewayV2::Route").values()
    assert {one["RouteKey"]: one.get("AuthorizationType", "NONE") for one in routes} == {
        "ANY /machine/{proxy+}": "JWT",
        "ANY /{proxy+}": "JWT",
        "GET /keys": "NONE",
        "GET /layouts": "NONE",
        "GET /openapi.json": "NONE",
        "GET /rules": "NONE",
        "GET /service": "NONE",
    }


@pytest.mark.parametrize(
    ("path", "pool"), [("ANY /{proxy+}", "SignInPeople"), ("ANY /machine/{proxy+}", "SignInPrograms")]
)
def test_people_and_machines_are_each_admitted_from_their_own_pool(each: Template, path: str, pool: str) -> None:
    (route,) = [one for one in each.of("ApiGatewayV2::Route").values() if one["RouteKey"] == path]
    token = each.of("ApiGatewayV2::Authorizer")[told(route["AuthorizerId"])]
    assert [told(one) for one in token["JwtConfiguration"]["Audience"]] == [f"{pool}Client"]
    assert told(token["JwtConfiguration"]["Issuer"]) == f"https://cognito-idp.eu-west-3.amazonaws.com/{pool}"


def test_requests_are_limited_and_logged_without_address_query_or_token(each: Template) -> None:
    stage = each.only("ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
    logged = stage["AccessLogSettings"]["Format"]
    assert not [word for word in ("sourceIp", "path", "authorizer", "userAgent", "query") if word in logged]


def test_nobody_signs_up_alone_and_passwords_are_long(each: Template) -> None:
    pools = each.of("Cognito::UserPool")
    assert all(one["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True} for one in pools.values())
    assert pools["SignInPrograms"]["Policies"]["PasswordPolicy"]["MinimumLength"] == 40
    pool = pools["SignInPeople"]
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_the_client_has_no_secret_and_tokens_last_an_hour(each: Template) -> None:
    client = each.of("Cognito::UserPoolClient")["SignInPeopleClient"]
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
    from tasrih.adapters.api.callers import OFFICERS

    groups = [group["GroupName"] for group in each.of("Cognito::UserPoolGroup").values()]
    assert groups
    assert all(re.fullmatch(OFFICERS, group) for group in groups)


def test_letters_come_from_the_verified_domain(each: Template) -> None:
    domain = each.only("SES::EmailIdentity")["EmailIdentity"]
    assert each.function("send_letter")["Environment"]["Variables"]["TASRIH_MAIL_FROM"].endswith(f"@{domain}")


def test_each_queue_of_failures_rings_at_its_first_message(each: Template) -> None:
    alarms = [one for one in each.of("CloudWatch::Alarm").values() if one.get("Namespace") == "AWS/SQS"]
    watched = {told(one["Dimensions"][0]["Value"]) for one in alarms}
    names = ("UploadsFailed", "LettersFailed", "DeliveriesFailed", "Undelivered")
    assert watched == {f"Queues{name}.QueueName" for name in names}
    assert {(one["Threshold"], one["ComparisonOperator"]) for one in alarms} == {(0, "GreaterThanThreshold")}


def test_each_function_rings_when_it_fails(each: Template) -> None:
    alarms = [one for one in each.of("CloudWatch::Alarm").values() if one.get("MetricName") == "Errors"]
    assert {told(one["Dimensions"][0]["Value"]) for one in alarms} == set(each.of("Lambda::Function"))


def test_an_unanswered_upload_rings_and_so_does_a_silent_sweep(each: Template) -> None:
    alarm = each.of("CloudWatch::Alarm")["AlarmsUnansweredUpload"]
    assert (alarm["Namespace"], alarm["Threshold"], alarm["TreatMissingData"]) == (NAMESPACE, 1800, "breaching")
    assert alarm["MetricName"] in METRICS
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "sweep"}]


def test_a_removal_that_is_overdue_rings_and_so_does_a_silent_retention(each: Template) -> None:
    alarm = each.of("CloudWatch::Alarm")["AlarmsRemovalOverdue"]
    assert (alarm["Threshold"], alarm["TreatMissingData"], alarm["Statistic"]) == (864_000, "breaching", "Maximum")
    assert alarm["MetricName"] in METRICS
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "remove_due"}]


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
    assert denies_plain_http(policy)
    publishers = {one["Principal"]["Service"] for one in policy["Statement"] if one["Effect"] == "Allow"}
    assert publishers == {"budgets.amazonaws.com", "cloudwatch.amazonaws.com"}
