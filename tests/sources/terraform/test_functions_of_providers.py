"""Functions of providers, with the values that ``terraform console`` gives with the AWS provider 5.100."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.tree import Unknown
from tests.sources.terraform.evaluating import failure, plain, reading, resources, value

AWS = "provider::aws::"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            'arn_parse("arn:aws:s3:::bucket/a:b:c")',
            {"partition": "aws", "service": "s3", "region": "", "account_id": "", "resource": "bucket/a:b:c"},
        ),
        (
            'arn_parse("arn::::: ")',
            {"partition": "", "service": "", "region": "", "account_id": "", "resource": " "},
        ),
        ('arn_parse("arn:aws:iam::444455556666:role/example").account_id', "444455556666"),
        (
            'arn_build("aws", "iam", "", "444455556666", "role/example")',
            "arn:aws:iam::444455556666:role/example",
        ),
        ('arn_build("", "", "", "", "")', "arn:::::"),
        ('arn_build("aws:x", "iam", "é", 4, "r:s")', "arn:aws:x:iam:é:4:r:s"),
        ('trim_iam_role_path("arn:aws:iam::4:role/with/path/example")', "arn:aws:iam::4:role/example"),
        ('trim_iam_role_path("arn:aws:iam::4:role/example")', "arn:aws:iam::4:role/example"),
        ('trim_iam_role_path("arn:aws:iam:::role/a/b")', "arn:aws:iam:::role/b"),
        ('trim_iam_role_path("arn:aws:iam::4:role/a/")', "arn:aws:iam::4:role/"),
    ],
)
def test_a_function_of_the_aws_provider_gives_what_it_gives(
    tmp_path: Path, call: str, expected: object
) -> None:
    assert plain(value(tmp_path, AWS + call)) == expected


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ('arn_parse("arn:aws:s3")', "arn: not enough sections"),
        ('arn_parse("x:aws:iam::4:role")', "arn: invalid prefix"),
        ('arn_parse("")', "arn: invalid prefix"),
        ("arn_parse(null)", "argument must not be null"),
        ("arn_parse([])", "string required"),
        ("arn_parse()", 'missing value for "arn"'),
        ('arn_build("aws", "iam", "", "4")', 'missing value for "resource"'),
        ('trim_iam_role_path("arn:aws:iam::4:user/a/b")', 'resource must begin with "role/"'),
        ('trim_iam_role_path("arn:aws:s3:::role/a/b")', 'service must be "iam"'),
        ('trim_iam_role_path("arn:aws:iam:x:4:role/a/b")', "region must be empty"),
        ('trim_iam_role_path("arn:aws:iam::4:role")', 'resource must begin with "role/"'),
    ],
)
def test_a_call_that_the_aws_provider_refuses_is_a_gap(tmp_path: Path, call: str, why: str) -> None:
    assert why in failure(tmp_path, AWS + call)


@pytest.mark.parametrize("call", ['provider::time::rfc3339_parse("x")', "provider::aws::later_version(1)"])
def test_another_function_of_a_provider_is_unknown_with_a_reason(tmp_path: Path, call: str) -> None:
    found = reading(tmp_path, f'resource "x_probe" "it" {{ value = {call} }}')
    node = resources(found)["x_probe.it"].body.entries["value"]
    assert isinstance(node, Unknown)
    assert [reason.settled_by for reason in node.reasons] == ["a plan: what the provider's function gives"]
    assert node.identity == call
