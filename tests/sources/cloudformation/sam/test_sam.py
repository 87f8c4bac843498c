from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.sources.cloudformation.sam import expanded, is_serverless, library
from auditor.sources.cloudformation.sam.plain import plain
from auditor.sources.cloudformation.syntax import Call, Entries, Items, Syntax, parse
from auditor.tree import Location

needs_library = pytest.mark.skipif(not library.is_installed(), reason="aws-sam-translator is not installed")

SHOP = """Transform: AWS::Serverless-2016-10-31
Parameters:
  Subnets:
    Type: List<AWS::EC2::Subnet::Id>
  Zone:
    Type: String
    Default: a
Globals:
  Function:
    Runtime: python3.12
    Handler: app.handler
    CodeUri: ./src
    VpcConfig:
      SecurityGroupIds:
        - !Ref Shared
Resources:
  Shared:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub "shared of ${Zone}"
  Api:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: api
      FunctionUrlConfig:
        AuthType: NONE
      VpcConfig:
        SecurityGroupIds:
          - sg-1
        SubnetIds: !Ref Subnets
      Events:
        Get:
          Type: Api
          Properties:
            Path: /
            Method: get
  Outside:
    Type: AWS::Serverless::Function
    Properties:
      VpcConfig: !If
        - Inside
        - {SubnetIds: !Ref Subnets, SecurityGroupIds: [!GetAtt Shared.GroupId]}
        - !Ref AWS::NoValue
  Table:
    Type: AWS::Serverless::SimpleTable
  Part:
    Type: AWS::Serverless::Application
    Properties:
      Location: ./part.yaml
      Parameters:
        Vpc: vpc-1
Conditions:
  Inside: !Equals [!Ref Zone, a]
"""


def root(text: str) -> Entries:
    found = parse(text.encode(), "template.yaml").root
    assert found is not None
    return found


@pytest.fixture
def natively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "is_installed", lambda: False)


def resources(found: Entries) -> dict[str, Any]:
    content: dict[str, Any] = plain(found)["Resources"]
    return content


def on_the_network(found: Entries) -> dict[str, Any]:
    """What bears on the network: which functions there are, where, and which are opened by a URL."""
    facts: dict[str, Any] = {}
    for name, body in resources(found).items():
        given = body.get("Properties")
        match body["Type"]:
            case "AWS::Lambda::Function":
                facts[name] = {key: given.get(key) for key in ("FunctionName", "VpcConfig")}
            case "AWS::Lambda::Url":
                facts[name] = given["AuthType"]
            case "AWS::CloudFormation::Stack":
                facts[name] = (given["TemplateURL"], given.get("Parameters"))
            case "AWS::EC2::SecurityGroup":
                facts[name] = given
    return facts


EXPECTED = {
    "Shared": {"GroupDescription": {"Fn::Sub": "shared of ${Zone}"}},
    "Api": {
        "FunctionName": "api",
        "VpcConfig": {
            "SecurityGroupIds": [{"Ref": "Shared"}, "sg-1"],
            "SubnetIds": {"Ref": "Subnets"},
        },
    },
    "ApiUrl": "NONE",
    "Part": ("./part.yaml", {"Vpc": "vpc-1"}),
}


def test_functions_stand_where_globals_and_they_themselves_say(natively: None):
    assert EXPECTED.items() <= on_the_network(expanded(root(SHOP)).root).items()


@needs_library
def test_awss_library_says_the_same():
    found = expanded(root(SHOP))
    assert found.gaps == ()
    assert EXPECTED.items() <= on_the_network(found.root).items()


@needs_library
def test_both_ways_agree_on_all_that_bears_on_the_network(monkeypatch: pytest.MonkeyPatch):
    by_library = on_the_network(expanded(root(SHOP)).root)
    monkeypatch.setattr(library, "is_installed", lambda: False)
    assert on_the_network(expanded(root(SHOP)).root) == by_library


def test_what_is_not_expanded_is_a_gap_with_what_would_expand_it(natively: None):
    (gap,) = expanded(root(SHOP)).gaps
    assert "Api" in gap.what
    assert "netaudit[sam]" in gap.settled_by
    assert gap.at == Location("template.yaml", 1, 1)


@needs_library
def test_what_a_resource_expands_to_stands_at_that_resource():
    found = expanded(root(SHOP)).root
    section = found.get("Resources")
    assert section is not None
    assert isinstance(section.value, Entries)
    lines = {each.key: each.at.line for each in section.value.entries}
    text = SHOP.splitlines()
    api = text.index("  Api:") + 1
    assert lines["Api"] == lines["ApiUrl"] == lines["ApiRole"] == api
    assert lines["Shared"] == text.index("  Shared:") + 1
    assert all(line for line in lines.values())


@needs_library
def test_a_value_that_the_library_leaves_as_it_is_keeps_its_place():
    found = expanded(root(SHOP)).root
    lines = {str(plain(node)): node.at.line for node in walked(found)}
    assert lines["sg-1"] == SHOP.splitlines().index("          - sg-1") + 1


def walked(node: Syntax) -> Iterator[Syntax]:
    yield node
    match node:
        case Items():
            for item in node.items:
                yield from walked(item)
        case Entries():
            for entry in node.entries:
                yield from walked(entry.value)
        case Call():
            yield from walked(node.argument)


@needs_library
def test_a_template_that_sam_refuses_is_read_natively_and_said_to_be_refused():
    text = SHOP.replace("    Handler: app.handler\n", "    Handlre: app.handler\n")
    found = expanded(root(text))
    assert "SAM does not expand" in found.gaps[0].why
    assert EXPECTED.items() <= on_the_network(found.root).items()


@needs_library
def test_neither_credentials_nor_a_network_nor_a_region_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    remote = SHOP.replace(
        "Location: ./part.yaml", "Location: {ApplicationId: arn:aws:x, SemanticVersion: 1.0.0}"
    )
    began = time.perf_counter()
    assert expanded(root(remote)).gaps == ()
    assert time.perf_counter() - began < 10


@needs_library
def test_the_region_and_parameters_are_left_to_be_evaluated():
    text = SHOP.replace("FunctionName: api", 'FunctionName: !Sub "${Zone}-${AWS::Region}"')
    text = text.replace("          - sg-1\n", "          - !Ref Zone\n")
    found = on_the_network(expanded(root(text)).root)
    assert found["Api"]["FunctionName"] == {"Fn::Sub": "${Zone}-${AWS::Region}"}
    assert found["Api"]["VpcConfig"]["SecurityGroupIds"][1] == {"Ref": "Zone"}


@pytest.mark.parametrize(
    ("transform", "is_one"),
    [
        ("AWS::Serverless-2016-10-31", True),
        ("[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", True),
        ("AWS::LanguageExtensions", False),
        ("{Name: AWS::Include, Parameters: {Location: x}}", False),
    ],
)
def test_sam_is_told_by_its_transform(transform: str, is_one: bool):
    assert is_serverless(root(f"Transform: {transform}\nResources: {{}}\n")) is is_one


@needs_library
def test_a_default_that_the_library_cannot_do_without_decides_nothing_of_the_network():
    alias = "      AutoPublishAlias: !Ref Zone\n      FunctionName: api\n"
    text = SHOP.replace("      FunctionName: api\n", alias).replace("- sg-1", "- !Ref Zone")
    found = expanded(root(text))
    assert found.gaps == ()
    assert "ApiAliasa" in resources(found.root)
    groups = on_the_network(found.root)["Api"]["VpcConfig"]["SecurityGroupIds"]
    assert groups == [{"Ref": "Shared"}, {"Ref": "Zone"}]


@needs_library
@pytest.mark.parametrize(
    "given",
    [
        "AutoPublishAlias: !Ref Stage\n      CodeUri: ./src",
        "AutoPublishAlias: !Sub '${Stage}-live'\n      CodeUri: ./src",
        "AutoPublishAlias: live\n      AutoPublishCodeSha256: !Ref Stage\n      CodeUri: ./src",
        "PackageType: Image",
    ],
)
def test_what_sam_lacks_before_deployment_is_no_refusal(given: str):
    text = f"""Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {{Type: String}}
Resources:
  It:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      {given}
      VpcConfig: {{SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
"""
    if "Image" in given:
        text = text.replace("      Handler: app.handler\n      Runtime: python3.12\n", "")
    found = expanded(root(text))
    assert found.gaps == ()
    inside = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    assert on_the_network(found.root)["It"] == {"FunctionName": None, "VpcConfig": inside}
