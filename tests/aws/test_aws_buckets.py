"""Buckets of S3 and the endpoints that are there for them; endpoint services and who may use them."""

from __future__ import annotations

import json

import pytest

from auditor.model import Truth
from tests.aws.build import at, read, ref, resource, templated, unknown

BY_ENDPOINT = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "Effect": "Deny"}
BY_TLS = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Effect": "Deny"}


@pytest.mark.parametrize(
    ("policy", "truth"),
    [
        (json.dumps({"Statement": [BY_ENDPOINT]}), Truth.YES),
        ({"Statement": [BY_ENDPOINT]}, Truth.YES),
        (json.dumps({"Statement": [BY_TLS]}), Truth.NO),
        (unknown("var.policy"), Truth.UNKNOWN),
        (None, Truth.NO),
    ],
)
def test_a_bucket_is_bound_to_a_vpc_where_its_policy_asks_for_one(policy: object, truth: Truth):
    bucket = resource("aws_s3_bucket.b", bucket="exports")
    put = resource("aws_s3_bucket_policy.b", bucket=ref("aws_s3_bucket.b.id"), policy=policy)
    (found,) = read(bucket, put).buckets
    assert found.by_vpc.truth is truth
    assert "exports" in found.names


def test_a_bucket_of_a_template_has_the_policy_of_its_resource():
    bucket = templated("AWS::S3::Bucket", "B", BucketName="exports")
    put = templated("AWS::S3::BucketPolicy", "P", Bucket=at("B"), PolicyDocument={"Statement": [BY_ENDPOINT]})
    (found,) = read(bucket, put).buckets
    assert found.by_vpc.truth is Truth.YES


def test_an_endpoint_names_the_buckets_of_its_policy():
    policy = {
        "Statement": [{"Effect": "Allow", "Resource": ["arn:aws:s3:::exports/*", ref("aws_s3_bucket.b.arn")]}]
    }
    endpoint = resource(
        "aws_vpc_endpoint.e", vpc_id="vpc-1", service_name="com.amazonaws.eu-west-1.s3", policy=policy
    )
    (found,) = read(resource("aws_s3_bucket.b"), endpoint).vpc_endpoints
    assert [link.id for link in found.buckets.items] == ["exports", "aws_s3_bucket.b"]


@pytest.mark.parametrize(
    ("principals", "truth"),
    [
        (["*"], Truth.YES),
        (["arn:aws:iam::123456789012:root", "*"], Truth.YES),
        (["arn:aws:iam::123456789012:root"], Truth.NO),
        ([unknown("var.consumer")], Truth.UNKNOWN),
        (unknown("var.consumers"), Truth.UNKNOWN),
        ([], Truth.NO),
    ],
)
def test_a_service_is_open_to_any_account_where_every_principal_may_use_it(principals: object, truth: Truth):
    (found,) = read(resource("aws_vpc_endpoint_service.s", allowed_principals=principals)).endpoint_services
    assert found.any_account.truth is truth


def test_a_service_of_a_template_is_open_by_its_permissions():
    service = templated("AWS::EC2::VPCEndpointService", "Service", AcceptanceRequired=False)
    allowed = templated(
        "AWS::EC2::VPCEndpointServicePermissions", "P", ServiceId=at("Service"), AllowedPrincipals=["*"]
    )
    (found,) = read(service, allowed).endpoint_services
    assert found.any_account.truth is Truth.YES
    assert found.acceptance.truth is Truth.NO
