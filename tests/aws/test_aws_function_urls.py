"""Addresses of functions, in three dialects."""

from __future__ import annotations

import pytest

from auditor.model import YES, TargetType, Truth
from auditor.traffic import NOTHING, TCP, exact, service
from tests.aws.build import at, collected, read, resource, templated, unknown
from tests.aws.columns import arn
from tests.aws.proxied import proxied

FUNCTION = arn("lambda", "function:f")
TERRAFORM = (
    resource("aws_lambda_function.f", function_name="f"),
    resource(
        "aws_lambda_function_url.u",
        function_name="f",
        authorization_type="NONE",
    ),
)


def test_an_address_of_a_function_takes_https_from_the_internet_and_calls_it() -> None:
    found = read(*TERRAFORM)
    (listener,), (group,), (target,) = found.listeners, found.target_groups, found.proxy_targets
    url = next(one for one in found.workloads if one.kind == "aws_lambda_function_url")
    assert (url.placed, url.public, url.listens) == (False, YES, exact(service(TCP, 443, 443)))
    assert (listener.proxy.id, listener.service) == (url.id, url.listens)
    assert (group.type, group.service) == (TargetType.INVOKED, exact(NOTHING))
    assert target.workload is not None
    assert target.workload.id == "aws_lambda_function.f"


def test_an_address_of_a_function_is_the_same_in_three_dialects() -> None:
    template = (
        templated("AWS::Lambda::Function", "F", FunctionName="f"),
        templated("AWS::Lambda::Url", "U", TargetFunctionArn=at("F", "Arn"), AuthType="NONE"),
    )
    snapshot = (
        collected("Functions", FUNCTION, FunctionName="f", FunctionArn=FUNCTION),
        collected(
            "FunctionUrlConfigs",
            "https://x.lambda-url.eu-west-1.on.aws/",
            FunctionArn=FUNCTION,
            AuthType="NONE",
        ),
    )
    said = proxied(*TERRAFORM)
    assert proxied(*template) == said
    assert proxied(*snapshot) == said


@pytest.mark.parametrize(
    ("given", "truth"),
    [("NONE", Truth.NO), ("AWS_IAM", Truth.YES), (unknown("var.type"), Truth.UNKNOWN), (None, Truth.UNKNOWN)],
)
def test_whether_callers_must_sign_is_what_its_authorization_says(given: object, truth: Truth) -> None:
    url = "https://x.lambda-url.eu-west-1.on.aws/"
    written = (
        resource("aws_lambda_function_url.u", function_name="f", authorization_type=given),
        templated("AWS::Lambda::Url", "U", TargetFunctionArn=FUNCTION, AuthType=given),
        collected("FunctionUrlConfigs", url, FunctionArn=FUNCTION, AuthType=given),
    )
    for one in written:
        (found,) = read(one).workloads
        assert found.authenticates is not None
        assert found.authenticates.truth is truth
