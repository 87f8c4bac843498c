"""Parameters and pseudo parameters: given, by default, or open."""

from __future__ import annotations

import pytest

from auditor.tree import Reference, Scope
from tests.sources.cloudformation.evaluating import GIVEN, plain, read, reading_of, resources, value_of, whys

PARAMETERS = """
Parameters:
  Text: {Type: String, Default: 10}
  Number: {Type: Number, Default: 22}
  Flag: {Type: String, Default: true, AllowedValues: ['true', 'false']}
  Commas: {Type: CommaDelimitedList, Default: "a, b ,c"}
  Numbers: {Type: List<Number>, Default: "80,443"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Vpc: {Type: "AWS::EC2::VPC::Id"}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/image}
  Stored: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /lists/one}
  Name: {Type: "AWS::SSM::Parameter::Name", Default: /some/name}
  Secret: {Type: String, Default: "{{resolve:ssm:/secret}}"}
  Broken: {Default: x}
  Worse: text
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Text", "10"),
        ("Number", 22),
        ("Flag", "true"),
        ("Commas", ["a", "b", "c"]),
        ("Numbers", ["80", "443"]),
        ("Subnets", "?net/Subnets"),
        ("Vpc", "?net/Vpc"),
        ("Image", "?{{resolve:ssm:/aws/image}}"),
        ("Stored", '?Split(",", {{resolve:ssm:/lists/one}})'),
        ("Name", "/some/name"),
        ("Secret", "?{{resolve:ssm:/secret}}"),
    ],
)
def test_a_default_is_read_by_the_type_of_its_parameter(name: str, expected: object) -> None:
    reading, value = reading_of(f"!Ref {name}", PARAMETERS)
    assert plain(value) == expected
    assert not reading.gaps


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("Text", "x", "x"),
        ("Subnets", "subnet-1,subnet-2", ["subnet-1", "subnet-2"]),
        ("Subnets", Reference("net/S", "Ref", GIVEN), ["&net/S.Ref"]),
        ("Image", "/other", "?{{resolve:ssm:/other}}"),
        ("Secret", "a-{{resolve:ssm:/s}}", '?"a-" + {{resolve:ssm:/s}}'),
    ],
)
def test_a_given_value_counts_more_than_the_default(
    name: str, given: str | Reference, expected: object
) -> None:
    assert plain(value_of(f"!Ref {name}", PARAMETERS, **{name: given})) == (
        given if name == "Secret" else expected
    )


@pytest.mark.parametrize(("name", "why"), [("Broken", "has no Type"), ("Worse", "is a map")])
def test_a_parameter_of_another_shape_is_a_gap_and_unknown(name: str, why: str) -> None:
    reading, value = reading_of(f"!Ref {name}", PARAMETERS)
    assert [why in each for each in whys(reading)] == [True]
    assert plain(value) == "?"


def test_a_value_that_is_not_allowed_is_a_gap() -> None:
    reading, value = reading_of("!Ref Flag", PARAMETERS, Flag="maybe")
    assert plain(value) == "maybe"
    assert whys(reading) == ["maybe is not among the allowed values"]


def test_of_an_open_parameter_only_the_allowed_values_can_be() -> None:
    before = PARAMETERS + "  Env: {Type: String, AllowedValues: [dev, 7]}\n"
    assert plain(value_of("!Ref Env", before)) == {"one of": ["dev", "7"]}


def test_pseudo_parameters_are_known_where_they_are_given() -> None:
    text = """
    Resources:
      It:
        Type: T
        Properties:
          A: !Sub "${AWS::Partition}/${AWS::Region}/${AWS::AccountId}"
          B: !Ref AWS::StackName
          C: !Ref AWS::URLSuffix
          D: !Sub "${AWS::StackName}"
    """
    found = resources(read(text, pseudo={"AWS::Region": "cn-north-1", "AWS::AccountId": "123456789012"}))
    it = found["net/It"]
    assert plain(it.body) == {
        "A": "aws-cn/cn-north-1/123456789012",
        "B": "?net/AWS::StackName",
        "C": "amazonaws.com.cn",
        "D": "?net/AWS::StackName",
    }
    assert it.scope == Scope("", "123456789012", "cn-north-1")


def test_in_which_partition_an_unknown_region_is_stays_open() -> None:
    assert plain(value_of("!Ref AWS::Partition")) == "?net/AWS::Partition"


def test_a_rule_that_the_values_break_is_a_gap_and_one_that_is_open_is_none() -> None:
    text = """
    Parameters:
      Env: {Type: String, Default: test}
      Free: {Type: String}
    Rules:
      Broken:
        RuleCondition: !Equals [!Ref Env, test]
        Assertions:
          - Assert: {"Fn::Contains": [[dev, prod], !Ref Env]}
            AssertDescription: only dev or prod
      Open:
        Assertions:
          - Assert: {"Fn::Contains": [[dev, prod], !Ref Free]}
          - Assert:
              Fn::EachMemberIn:
                - {"Fn::ValueOfAll": ["AWS::EC2::Subnet::Id", VpcId]}
                - {"Fn::RefAll": "AWS::EC2::VPC::Id"}
      NotAsked:
        RuleCondition: !Equals [!Ref Env, prod]
        Assertions:
          - Assert: !Equals [a, b]
    Resources:
      It: {Type: T}
    """
    assert whys(read(text)) == ["only dev or prod"]
