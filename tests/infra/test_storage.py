"""Buckets, tables, keys: kept, private, encrypted, recoverable."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tasrih.adapters import items
from tasrih.story.open_upload import PIECES_HOURS, VERDICT_MINUTES

from tests.infra.template import Template, denies_plain_http, listed, told

pytestmark = pytest.mark.synth


def test_buckets_are_private_kept_and_refuse_plain_http(each: Template) -> None:
    buckets, policies = each.of("S3::Bucket"), each.of("S3::BucketPolicy").values()
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
    guarded = {told(policy["Bucket"]) for policy in policies if denies_plain_http(policy["PolicyDocument"])}
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


def test_access_logs_last_a_year_and_what_is_removed_before_a_month_more(each: Template) -> None:
    bucket = each.of("S3::Bucket")["AccessLogsBucket"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 365
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_abandoned_parts_of_uploads_are_removed_and_nothing_else_is(each: Template) -> None:
    (rule,) = each.of("S3::Bucket")["InboxBucket"]["LifecycleConfiguration"]["Rules"]
    assert rule == {
        "Id": "abandoned-uploads",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
        "Status": "Enabled",
    }
    assert timedelta(hours=PIECES_HOURS, minutes=VERDICT_MINUTES) < timedelta(days=2)


def test_a_page_of_ours_may_send_files_to_the_inbox_and_do_nothing_else_there(dev: Template, prod: Template) -> None:
    for template, origins in ((dev, ["*"]), (prod, ["https://tasrih.example"])):
        (rule,) = template.of("S3::Bucket")["InboxBucket"]["CorsConfiguration"]["CorsRules"]
        assert rule == {
            "AllowedHeaders": ["content-type", "x-amz-checksum-sha256"],
            "AllowedMethods": ["POST", "PUT"],
            "AllowedOrigins": origins,
            "ExposedHeaders": ["ETag"],
            "MaxAge": 3600,
        }
        assert "CorsConfiguration" not in template.of("S3::Bucket")["ReceiptsBucket"]


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


def test_prod_cannot_be_deleted_by_mistake_and_asks_for_a_second_factor(dev: Template, prod: Template) -> None:
    for template, protected, factor in ((dev, False, "OPTIONAL"), (prod, True, "ON")):
        tables = template.of("DynamoDB::Table").values()
        assert {table.get("DeletionProtectionEnabled", False) for table in tables} == {protected}
        assert template.of("Cognito::UserPool")["SignInPeople"]["MfaConfiguration"] == factor
