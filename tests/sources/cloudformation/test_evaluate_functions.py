"""The intrinsic functions, on the examples of their pages and on what is not known."""

from __future__ import annotations

import pytest

from auditor.tree import GapKind, Node, Reference, Seq, Unknown
from tests.sources.cloudformation.evaluating import (
    bodies,
    plain,
    read,
    reading_of,
    resources,
    scalar,
    value_of,
    whys,
)

MAPPINGS = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Free: {Type: String}
  List: {Type: CommaDelimitedList}
Mappings:
  RegionMap:
    us-east-1: {HVM64: ami-0ff8a91507f77f867, HVMG2: ami-0a584ac55a7631c0c}
    us-west-1: {HVM64: ami-0bdb828fd58c52235, HVMG2: ami-066ee5fd4a9ef77f1}
  Sizes:
    dev: {Size: small, Zones: [a]}
    prod: {Size: large, Zones: [a, b]}
"""
VPC = """
Parameters:
  Name: {Type: String}
  Bits: {Type: Number, Default: 8}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 192.168.0.0/24, EnableDnsSupport: true}
  Custom:
    Type: Custom::Lookup
    Properties: {ServiceToken: arn, VpcId: asked}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # The examples of the AWS pages of each function.
        ('!Join [":", [a, b, c]]', "a:b:c"),
        ('!Join ["", ["arn:", !Ref "AWS::Partition", ":s3"]]', "arn:aws:s3"),
        ('!Join [",", []]', ""),
        ('!Join ["-", [1, true, 2.5]]', "1-true-2.5"),
        ('!Split ["|", "a|b|c"]', ["a", "b", "c"]),
        ('!Split ["|", "a||c|"]', ["a", "", "c", ""]),
        ('!Select ["1", [apples, grapes, oranges, mangoes]]', "grapes"),
        ("!Select [0, [apples, grapes]]", "apples"),
        ('!Select [2, !Split [",", "a,b,c"]]', "c"),
        ("!FindInMap [RegionMap, us-west-1, HVM64]", "ami-0bdb828fd58c52235"),
        ('!FindInMap [RegionMap, !Ref "AWS::Region", HVMG2]', "ami-0a584ac55a7631c0c"),
        ("!FindInMap [RegionMap, eu-west-9, HVM64, {DefaultValue: ami-none}]", "ami-none"),
        (
            "!FindInMap [!Join ['', [Region, Map]], !Select [1, [a, us-west-1]], HVM64]",
            "ami-0bdb828fd58c52235",
        ),
        ("!Cidr [192.168.0.0/24, 6, 5]", [f"192.168.0.{32 * n}/27" for n in range(6)]),
        ("!Select [0, !Cidr [10.0.0.0/16, 4, 8]]", "10.0.0.0/24"),
        ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ("!Base64 AWS CloudFormation", "QVdTIENsb3VkRm9ybWF0aW9u"),
        ("!Base64 {'Fn::Sub': 'a-${AWS::Region}'}", "YS11cy1lYXN0LTE="),
        ("{'Fn::Length': [1, 2, 3]}", 3),
        ("{'Fn::Length': {'Fn::Split': ['|', 'a|b']}}", 2),
        (
            "{'Fn::ToJsonString': {key1: value1, k: !Ref 'AWS::Region', l: [1, true], n: !Ref AWS::NoValue}}",
            '{"key1":"value1","k":"us-east-1","l":[1,true]}',
        ),
        ("{'Fn::ToJsonString': [a, {b: é}]}", '["a",{"b":"é"}]'),
        ("!Sub 'arn:aws:ec2:${AWS::Region}:123456789012:vpc/x'", "arn:aws:ec2:us-east-1:123456789012:vpc/x"),
        ("!Sub ['www.${Domain}', {Domain: !Join ['.', [a, b]]}]", "www.a.b"),
        ("!Sub 'a ${!Literal} $ {x} $$'", "a ${Literal} $ {x} $$"),
        ("!Sub ['${A}${A}', {A: 7}]", "77"),
        ("!Sub plain", "plain"),
        ("[a, !Ref AWS::NoValue, b]", ["a", "b"]),
        ("{k: !Ref AWS::NoValue, l: 1}", {"l": 1}),
        ("!If [Never, a, b]", "b"),
        ("!If [Never, a, !Ref AWS::NoValue]", None),
        ("[!If [Never, a, !Ref AWS::NoValue], c]", ["c"]),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
    ],
)
def test_what_the_pages_of_aws_show_is_what_is_computed(expression: str, expected: object) -> None:
    conditions = "Conditions:\n  Never: !Equals [a, b]\n"
    text = f"{MAPPINGS}{conditions}Resources:\n  It: {{Type: T, Properties: {{Value: {expression}}}}}\n"
    reading = read(text, pseudo={"AWS::Region": "us-east-1"})
    assert plain(resources(reading)["net/It"].body.entries.get("Value")) == expected
    assert not reading.gaps


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("!Select [4, [a, b]]", "there is no item 4"),
        ("!Select [x, [a, b]]", "x is no index"),
        ("!Select [0, a]", "takes an index and a list"),
        ("!Join [',', a]", "takes a delimiter and a list"),
        ("!Join [',']", "takes a list of 2 values"),
        ("!Join [',', [[a], b]]", "a list cannot be part of a text"),
        ("!Split ['', a]", "the delimiter of Fn::Split is empty"),
        ("!Sub ['${A}', [1]]", "is a map of variables"),
        ("!Sub '${Nope}'", "there is no parameter or resource Nope"),
        ("!Sub '${No pe}'", "is no name"),
        ("!Sub {a: b}", "a text that is written out"),
        ("!Ref Nope", "there is no parameter or resource Nope"),
        ("!Ref AWS::Nope", "there is no pseudo parameter AWS::Nope"),
        ("!GetAtt Nope.Id", "there is no resource Nope"),
        ("!GetAtt Nope", "names no attribute"),
        ("!FindInMap [Sizes, test, Size]", "nothing under Sizes test Size"),
        ("!Cidr [10.0.0.0/24, 300, 4]", "a number from 1 to 256"),
        ("!Cidr [10.0.0.0/24, 32, 4]", "has no 32 blocks"),
        ("!Cidr [10.0.0/24, 2, 4]", "is no CIDR block"),
        ("!If [Nope, a, b]", "there is no condition Nope"),
        ("!If [a, b]", "takes a list of 3 values"),
        ("{'Fn::Length': a}", "takes a list"),
        ("{'Fn::Unheard': a}", "there is no function Fn::Unheard"),
        ("null", "null is no value"),
        ("{Sub: 1, 'Fn::Sub': 2}", "stands beside other keys"),
    ],
)
def test_what_cannot_be_is_one_gap_with_its_place_and_the_value_is_unknown(expression: str, why: str) -> None:
    reading, value = reading_of(expression, MAPPINGS)
    assert [why in each for each in whys(reading)] == [True], whys(reading)
    assert [gap.kind for gap in reading.gaps] == [GapKind.INVALID]
    assert reading.gaps[0].at.line > 0
    opened = plain(value)
    assert isinstance(value, Unknown) or opened == {"Sub": 1, "…": "?"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Free", "?net/Free"),
        ("!Ref Env", {"one of": ["dev", "prod"]}),
        ("!Sub 'x-${Env}'", {"one of": ["x-dev", "x-prod"]}),
        ("!Sub '${Env}-${Env}'", {"one of": ["dev-dev", "prod-prod"]}),
        ("!Join ['-', [!Ref Env, y]]", {"one of": ["dev-y", "prod-y"]}),
        ("!FindInMap [Sizes, !Ref Env, Size]", {"one of": ["small", "large"]}),
        ("!FindInMap [Sizes, !Ref Free, Size]", {"one of": ["small", "large"]}),
        ("!FindInMap [Sizes, !Ref Free, Size, {DefaultValue: none}]", {"one of": ["small", "large", "none"]}),
        ("!FindInMap [Sizes, !Ref Env, Zones]", {"one of": [["a"], ["a", "b"]]}),
        ("!Select [0, !FindInMap [Sizes, !Ref Env, Zones]]", "a"),
        ("!Select [1, !FindInMap [Sizes, !Ref Env, Zones]]", "b"),
        ("{'Fn::Length': !FindInMap [Sizes, !Ref Env, Zones]}", {"one of": [1, 2]}),
        ("!Select [0, !Ref List]", '?Select("0", net/List)'),
        ("!Select ['0', !Ref List]", '?Select("0", net/List)'),
        ("!Select [!Ref Free, [a, b]]", {"one of": ["a", "b"]}),
        ("!Join [',', !Ref List]", '?Join(",", net/List)'),
        ("!Split [',', !Ref Free]", '?Split(",", net/Free)'),
        ("!Base64 {Ref: Free}", "?Base64(net/Free)"),
        ("!Select [1, !GetAZs '']", '?Select("1", GetAZs(net/AWS::Region))'),
        ("!Select [1, !GetAZs {Ref: 'AWS::Region'}]", '?Select("1", GetAZs(net/AWS::Region))'),
        ("!Select [0, !Cidr [!Ref Free, 2, 8]]", '?Select("0", Cidr(net/Free, "2", "8"))'),
        ("{'Fn::Length': !Cidr [!Ref Free, 2, 8]}", 2),
        ("!ImportValue vpc", '?ImportValue("vpc")'),
        ("!ImportValue {'Fn::Sub': '${Free}-vpc'}", '?ImportValue(net/Free + "-vpc")'),
        (
            "{'Fn::GetStackOutput': {StackName: base, OutputName: Vpc, Region: eu-west-1}}",
            '?GetStackOutput("base", "Vpc", "eu-west-1", null)',
        ),
        ("'{{resolve:ssm:/vpc/id}}'", "?{{resolve:ssm:/vpc/id}}"),
        ("'x-{{resolve:ssm:/vpc/id}}'", '?"x-" + {{resolve:ssm:/vpc/id}}'),
        (
            "!Sub '{{resolve:ssm:/vpc/${AWS::AccountId}}}'",
            '?"{{resolve:ssm:/vpc/" + net/AWS::AccountId + "}}"',
        ),
        ("{'Fn::ToJsonString': {a: !Ref Free}}", "?"),
        ("[a, !Ref Free]", ["a", "?net/Free"]),
    ],
)
def test_what_is_not_known_keeps_its_bounds_and_its_name(expression: str, expected: object) -> None:
    reading, value = reading_of(expression, MAPPINGS)
    assert plain(value) == expected
    assert not reading.gaps


def test_a_text_of_pieces_has_one_name_however_it_is_put_together() -> None:
    names = {
        plain(value_of(each, MAPPINGS))
        for each in (
            "!Sub 'a-${Free}-b'",
            "!Join ['-', [a, !Ref Free, b]]",
            "!Join ['', [!Sub 'a-${Free}', '-b']]",
            "!Sub ['a-${X}-b', {X: !Ref Free}]",
        )
    }
    assert names == {'?"a-" + net/Free + "-b"'}


def test_an_unknown_says_why_and_what_settles_it() -> None:
    value = value_of("!Sub 'a-${Free}'", MAPPINGS)
    assert isinstance(value, Unknown)
    assert [(why.what, why.at.line, why.settled_by) for why in value.reasons] == [
        ("net/Free", 4, "--parameter Free=…")
    ]


def test_a_list_that_was_joined_is_split_into_what_it_was_joined_of() -> None:
    value = value_of("!Split ['||', !Join ['||', [!Ref Vpc, x, !GetAtt Vpc.DefaultSecurityGroup]]]", VPC)
    assert plain(value) == ["&net/Vpc.Ref", "x", "&net/Vpc.DefaultSecurityGroup"]


def test_an_arn_is_not_split_at_what_may_stand_in_it() -> None:
    assert plain(value_of("!Split ['/', !Ref Vpc]", VPC)) == '?Split("/", net/Vpc.Ref)'
    text = "!Select [0, !Split ['/', !Join ['/', [!Ref Vpc, x]]]]"
    assert isinstance(value_of(text, VPC), Unknown)


def test_a_text_that_may_hold_the_delimiter_may_be_any_number_of_items() -> None:
    value = value_of("!Split [',', !Join [',', [!Ref Vpc, !Ref Name]]]", VPC)
    assert plain(value) == ["&net/Vpc.Ref", {"more": "?"}]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Vpc", "&net/Vpc.Ref"),
        ("!GetAtt Vpc.DefaultSecurityGroup", "&net/Vpc.DefaultSecurityGroup"),
        ("!GetAtt [Vpc, DefaultSecurityGroup]", "&net/Vpc.DefaultSecurityGroup"),
        ("{'Fn::GetAtt': [Vpc, CidrBlock]}", "192.168.0.0/24"),
        ("!Sub '${Vpc}'", "&net/Vpc.Ref"),
        ("!Sub '${Vpc.CidrBlock}'", "192.168.0.0/24"),
        ("!Sub 'x/${Vpc.CidrBlock}/${Vpc}'", '?"x/192.168.0.0/24/" + net/Vpc.Ref'),
        ("!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 5]]", "192.168.0.32/27"),
        ("!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, !Ref Bits]]", None),
        ("!GetAtt Custom.VpcId", "?net/Custom.VpcId"),
    ],
)
def test_a_resource_is_a_reference_and_its_given_properties_are_their_values(
    expression: str, expected: object
) -> None:
    value = value_of(expression, VPC)
    assert (plain(value) == expected) if expected is not None else isinstance(value, Unknown)


def test_a_value_keeps_the_places_that_it_was_passed_through() -> None:
    value = value_of("!GetAtt Vpc.CidrBlock", VPC)
    assert (value.at.line, [place.line for place in value.via]) == (16, [8])
    default = value_of("!Ref Bits", VPC)
    assert (default.at.line, [place.line for place in default.via]) == (16, [4])


def test_an_export_of_this_run_is_imported() -> None:
    vpc: Node = Reference("base/Vpc", "Ref", scalar("").at)
    text = "Resources:\n  It: {Type: T, Properties: {Value: !ImportValue base-vpc}}\n"
    assert bodies(read(text, exports={"base-vpc": vpc})) == {"net/It": {"Value": "&base/Vpc.Ref"}}


def test_items_that_may_be_absent_are_among_what_may_follow() -> None:
    before = MAPPINGS + "Conditions:\n  Prod: !Equals [!Ref Env, prod]\n"
    last = value_of("[a, !If [Prod, b, !Ref AWS::NoValue]]", before)
    assert plain(last) == ["a", {"more": {"one of": ["b"]}}]
    assert isinstance(last, Seq)
    assert not last.unordered
    between = value_of("[a, !If [Prod, b, !Ref AWS::NoValue], c]", before)
    assert plain(between) == ["a", "c", {"more": {"one of": ["b"]}}]
    assert isinstance(between, Seq)
    assert between.unordered  # it is not known what stands second


def test_a_function_sees_both_lists_where_an_item_may_be_absent() -> None:
    before = MAPPINGS + "Conditions:\n  Prod: !Equals [!Ref Env, prod]\n"
    joined = value_of("!Join [',', [a, !If [Prod, b, !Ref AWS::NoValue], c]]", before)
    assert plain(joined) == {"one of": ["a,b,c", "a,c"]}
    chosen = value_of("!Select [1, [a, !If [Prod, b, !Ref AWS::NoValue], c]]", before)
    assert plain(chosen) == {"one of": ["b", "c"]}
