"""All templates of one run, read together from the disk as users give them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import InputError, UsageError
from auditor.sources import InputKind, ReadOptions, read
from auditor.tree import GapKind, Map, Node, Presence, Reading, Reference, Resource, Scalar, Seq, Unknown

NET = """Parameters:
  Cidr:
    Type: String
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr
Outputs:
  Vpc:
    Value: !Ref Vpc
    Export:
      Name: net-vpc
"""
APP = """Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !ImportValue net-vpc
      CidrBlock: 10.0.1.0/24
"""
CHILD = """Parameters:
  Vpc:
    Type: String
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
Outputs:
  Subnet:
    Value: !Ref Subnet
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def reading(*paths: str, **given: object) -> Reading:
    return read(paths, ReadOptions(**given))[1]  # type: ignore[arg-type] # names are the tests' own


def of(found: Reading) -> dict[str, Resource]:
    return {each.address: each for each in found.resources}


def value(found: Reading, address: str, name: str) -> Node:
    return of(found)[address].body.entries[name]


def text(node: Node) -> object:
    assert isinstance(node, Scalar)
    return node.value


# -- values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Cidr", "net.Cidr", "net/Cidr"])
def test_a_parameter_has_the_value_that_is_given(here: Path, name: str):
    put(here / "net.yaml", NET)
    found = reading("net.yaml", parameters=((name, "10.0.0.0/16"),))
    assert text(value(found, "net/Vpc", "CidrBlock")) == "10.0.0.0/16"


def test_a_value_of_the_command_line_counts_more_than_one_of_a_file(here: Path):
    put(here / "net.yaml", NET)
    put(here / "prod.json", '{"Cidr": "10.1.0.0/16"}')
    files = {"parameter_files": ("prod.json",)}
    assert text(value(reading("net.yaml", **files), "net/Vpc", "CidrBlock")) == "10.1.0.0/16"
    found = reading("net.yaml", parameters=(("Cidr", "10.2.0.0/16"),), **files)
    assert text(value(found, "net/Vpc", "CidrBlock")) == "10.2.0.0/16"


def test_a_file_may_be_for_one_stack_alone(here: Path):
    for name in ("net", "other"):
        put(here / f"{name}.yaml", NET.replace("net-vpc", f"{name}-vpc"))
    put(here / "prod.json", '{"Cidr": "10.1.0.0/16"}')
    found = reading(parameter_files=("other=prod.json",))
    assert text(value(found, "other/Vpc", "CidrBlock")) == "10.1.0.0/16"
    assert isinstance(value(found, "net/Vpc", "CidrBlock"), Unknown)


def test_the_region_and_the_account_may_be_given(here: Path):
    put(here / "net.yaml", NET.replace("!Ref Cidr", '!Sub "${AWS::Region}-${AWS::AccountId}"'))
    given = (("AWS::Region", "eu-west-1"), ("AWS::AccountId", "123456789012"))
    found = reading("net.yaml", parameters=given)
    assert text(value(found, "net/Vpc", "CidrBlock")) == "eu-west-1-123456789012"
    assert of(found)["net/Vpc"].scope.region == "eu-west-1"
    assert of(found)["net/Vpc"].scope.account == "123456789012"


def test_a_previous_value_is_open_even_where_there_is_a_default(here: Path):
    put(here / "net.yaml", NET.replace("Type: String", "Type: String\n    Default: 10.0.0.0/8"))
    put(here / "prod.json", '[{"ParameterKey": "Cidr", "UsePreviousValue": true}]')
    found = value(reading("net.yaml", parameter_files=("prod.json",)), "net/Vpc", "CidrBlock")
    assert isinstance(found, Unknown)
    assert found.identity == "net/Cidr"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parameters": (("Cdir", "x"),)}, "did you mean Cidr"),
        ({"parameters": (("nett.Cidr", "x"),)}, "did you mean net"),
        ({"parameters": (("net/Cidrs", "x"),)}, "stack net has no parameter Cidrs"),
        ({"parameter_files": ("prod.json",)}, "prod.json:1:3"),
        ({"variables": (("x", "y"),)}, "no Terraform in the input"),
        ({"assumed": (("net/Vcp", "y"),)}, "nothing of this name open"),
    ],
)
def test_a_value_for_nothing_is_a_mistake(here: Path, given: dict[str, object], said: str):
    put(here / "net.yaml", NET)
    put(here / "prod.json", '{"Cdir": "x"}')
    with pytest.raises(UsageError) as raised:
        reading("net.yaml", **given)
    assert said in str(raised.value)


def test_parameters_where_there_is_no_template_are_a_mistake(here: Path):
    put(here / "main.tf", "")
    with pytest.raises(UsageError, match="no template in the input"):
        reading(parameters=(("Cidr", "x"),))


@pytest.mark.parametrize("name", ["net/Cidr", "ImportValue(far)", "net/Vpc.DefaultSecurityGroup"])
def test_what_is_open_may_be_assumed(here: Path, name: str):
    more = """  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      CidrBlock: !Ref Cidr
      VpcId: !ImportValue far
      Group: !GetAtt Vpc.DefaultSecurityGroup
Outputs:
"""
    put(here / "net.yaml", NET.replace("Outputs:\n", more))
    body = of(reading("net.yaml", assumed=((name, "assumed"),)))["net/Subnet"].body.entries
    assert [key for key, node in body.items() if isinstance(node, Scalar) and node.value == "assumed"] == [
        {"net/Cidr": "CidrBlock", "ImportValue(far)": "VpcId"}.get(name, "Group")
    ]


# -- exports -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")])
def test_a_value_that_one_stack_exports_is_that_of_the_other(here: Path, names: tuple[str, str]):
    put(here / names[0], NET)
    put(here / names[1], APP)
    found = value(reading(), f"{names[1][0]}/Subnet", "VpcId")
    assert isinstance(found, Reference)
    assert (found.target, found.attribute) == (f"{names[0][0]}/Vpc", "Ref")


def test_an_export_whose_name_holds_a_parameter_is_found_by_its_value(here: Path):
    put(here / "net.yaml", NET.replace("Name: net-vpc", 'Name: !Sub "${AWS::StackName}-vpc"'))
    put(here / "app.yaml", APP)
    assert isinstance(value(reading(), "app/Subnet", "VpcId"), Unknown)
    found = value(reading(parameters=(("net.AWS::StackName", "net"),)), "app/Subnet", "VpcId")
    assert isinstance(found, Reference)


def test_an_import_that_nobody_exports_is_open_and_the_same_for_all(here: Path):
    put(here / "a.yaml", APP)
    put(here / "b.yaml", APP)
    found = reading()
    identities = {value(found, f"{name}/Subnet", "VpcId") for name in "ab"}
    assert {node.identity for node in identities if isinstance(node, Unknown)} == {'ImportValue("net-vpc")'}


def test_an_import_that_two_stacks_export_is_one_of_both(here: Path):
    put(here / "a.yaml", NET)
    put(here / "b.yaml", NET)
    put(here / "app.yaml", APP)
    found = value(reading(), "app/Subnet", "VpcId")
    assert isinstance(found, Unknown)
    assert {each.target for each in found.options if isinstance(each, Reference)} == {"a/Vpc", "b/Vpc"}


def test_stacks_that_export_to_one_another_are_read_as_far_as_they_do_not_wait_for_each_other(here: Path):
    mutual = APP.replace("net-vpc", "other") + NET[NET.index("Outputs") :].replace("!Ref Vpc", "!Ref Subnet")
    put(here / "a.yaml", mutual)
    put(
        here / "b.yaml",
        mutual.replace("net-vpc", "mine").replace("other", "net-vpc").replace("mine", "other"),
    )
    found = reading()
    assert set(of(found)) == {"a/Subnet", "b/Subnet"}
    assert any("imports from" in gap.why for gap in found.gaps)
    assert isinstance(value(found, "a/Subnet", "VpcId"), Reference | Unknown)


# -- nested stacks -------------------------------------------------------------------------------------


def parent(url: str, more: str = "") -> str:
    return (
        "Parameters:\n  Bucket:\n    Type: String\nResources:\n  Vpc:\n    Type: AWS::EC2::VPC\n"
        "    Properties: {CidrBlock: 10.0.0.0/16}\n  Part:\n    Type: AWS::CloudFormation::Stack\n"
        f"    Properties:\n      TemplateURL: {url}\n      Parameters: {{Vpc: !Ref Vpc}}\n{more}"
    )


@pytest.mark.parametrize(
    "url",
    [
        "./parts/child.yaml",
        "parts/child.yaml",
        "file://parts/child.yaml",
        "https://s3.amazonaws.com/bucket/stable/parts/child.yaml",
        "!Sub https://${Bucket}.s3.${AWS::Region}.amazonaws.com/parts/child.yaml",
        '!Join ["", ["https://", !Ref Bucket, "/parts/child.yaml"]]',
    ],
)
def test_a_nested_template_on_disk_is_read_and_is_no_stack_of_its_own(here: Path, url: str):
    put(here / "net.yaml", parent(url))
    put(here / "parts" / "child.yaml", CHILD)
    inputs, found = read((), ReadOptions())
    assert [each.path for each in inputs] == ["net.yaml"]
    assert {each.address for each in found.resources} >= {"net/Vpc", "net/Part/Subnet"}
    node = value(found, "net/Part/Subnet", "VpcId")
    assert isinstance(node, Reference)
    assert node.target == "net/Vpc"
    assert of(found)["net/Part/Subnet"].at.path == "parts/child.yaml"
    assert of(found)["net/Part/Subnet"].at.line == CHILD.splitlines().index("  Subnet:") + 1


def test_a_template_that_is_taken_for_what_lies_in_a_bucket_is_said_to_be(here: Path):
    put(here / "net.yaml", parent("https://s3.amazonaws.com/bucket/child.yaml"))
    put(here / "child.yaml", CHILD)
    (gap,) = reading().gaps
    assert (gap.kind, gap.what) == (GapKind.MODULE, "net/Part")
    assert "child.yaml" in gap.why


@pytest.mark.parametrize("url", ["https://s3.amazonaws.com/bucket/child.yaml", "./missing.yaml"])
def test_a_nested_template_that_is_not_certain_to_be_on_disk_is_a_gap(here: Path, url: str):
    put(here / "net.yaml", parent(url))
    put(here / "a" / "child.yaml", CHILD)
    put(here / "b" / "child.yaml", CHILD)
    found = reading("net.yaml")
    assert "net/Part/Subnet" not in of(found)
    assert [gap.what for gap in found.gaps] == ["net/Part"]


def test_templates_that_nest_one_another_end(here: Path):
    put(here / "a.yaml", parent("./b.yaml"))
    put(here / "b.yaml", parent("./a.yaml"))
    assert any("nests itself" in gap.why for gap in reading().gaps)


def test_a_nested_template_is_found_from_where_its_parent_lies(here: Path):
    put(here / "net.yaml", parent("parts/middle.yaml"))
    put(here / "parts" / "middle.yaml", parent("child.yaml"))
    put(here / "parts" / "child.yaml", CHILD)
    assert "net/Part/Part/Subnet" in of(reading())


def test_what_is_included_stands_in_its_own_file(here: Path):
    transform = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./parts/vpc.yaml}}"
    put(
        here / "net.yaml",
        f"Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties:\n      {transform}\n",
    )
    put(here / "parts" / "vpc.yaml", "# its range\nCidrBlock: 10.0.0.0/16\n")
    found = value(reading("net.yaml"), "net/Vpc", "CidrBlock")
    assert text(found) == "10.0.0.0/16"
    assert (found.at.path, found.at.line) == ("parts/vpc.yaml", 2)


# -- stack sets ----------------------------------------------------------------------------------------

SET = """Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: base
      PermissionModel: SELF_MANAGED
      StackInstancesGroup:
        - DeploymentTargets: {Accounts: ["123456789012"]}
          Regions: [eu-west-1]
      TemplateBody: |
        Resources:
          Vpc:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
"""


def test_a_stack_set_with_one_instance_is_a_stack_there(here: Path):
    put(here / "base.yaml", SET)
    vpc = of(reading())["base/Set/Vpc"]
    assert vpc.presence is Presence.CERTAIN
    assert (vpc.scope.account, vpc.scope.region) == ("123456789012", "eu-west-1")


@pytest.mark.parametrize("regions", ["[eu-west-1, us-east-1]", "!Ref Regions"])
def test_a_stack_set_with_further_instances_is_many(here: Path, regions: str):
    parameters = "Parameters: {Regions: {Type: CommaDelimitedList}}\n"
    put(here / "base.yaml", parameters + SET.replace("[eu-west-1]", regions))
    vpc = of(reading())["base/Set/Vpc"]
    assert vpc.presence is Presence.MANY
    assert vpc.reasons


def test_an_inline_template_has_the_lines_of_its_file(here: Path):
    put(here / "base.yaml", SET)
    vpc = of(reading())["base/Set/Vpc"]
    assert vpc.at.path == "base.yaml"
    assert (vpc.at.line, vpc.at.column) == (SET.splitlines().index("          Vpc:") + 1, 11)


def test_a_stack_set_whose_template_is_elsewhere_is_a_gap(here: Path):
    put(here / "base.yaml", SET[: SET.index("      TemplateBody")] + "      TemplateURL: https://x/y.yaml\n")
    assert [gap.what for gap in reading().gaps if gap.kind is GapKind.MODULE] == ["base/Set"]


# -- macros, other files -------------------------------------------------------------------------------


def test_a_macro_is_a_gap(here: Path):
    put(here / "net.yaml", "Transform: [AWS::LanguageExtensions, Ours]\n" + NET)
    assert any("Ours" in gap.what for gap in reading().gaps)


def test_a_file_that_is_no_template_is_an_error(here: Path):
    put(here / "compose.yaml", "services:\n  web:\n    image: x\n")
    with pytest.raises(InputError, match="not a kind of file"):
        reading("compose.yaml")


def test_a_template_that_does_not_parse_is_a_gap_beside_one_that_does(here: Path):
    put(here / "net.yaml", NET)
    put(here / "broken.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources: [\n")
    found = reading()
    assert set(of(found)) == {"net/Vpc"}
    assert [(gap.kind, gap.at.path) for gap in found.gaps] == [(GapKind.SYNTAX, "broken.yaml")]


def test_terraform_and_templates_in_one_run_keep_their_names(here: Path):
    put(here / "live" / "main.tf", 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n')
    put(here / "net.yaml", NET)
    assert {each.address for each in reading().resources} == {"aws_vpc.main", "net/Vpc"}


# -- the CDK -------------------------------------------------------------------------------------------


def assembly(here: Path) -> None:
    metadata = {"aws:cdk:path": "Net/Vpc/PublicSubnet1/Subnet"}
    net = {
        "Resources": {
            "VpcA1": {"Type": "AWS::EC2::VPC", "Metadata": {"aws:cdk:path": "Net/Vpc/Resource"}},
            "VpcPublicSubnet1SubnetB2": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Ref": "VpcA1"}, "CidrBlock": "10.0.0.0/24"},
                "Metadata": metadata,
            },
            "Deep": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::URLSuffix}/assets/ab12.json"}},
                "Metadata": {"aws:asset:path": "NetDeep.nested.template.json"},
            },
        },
        "Outputs": {"Out": {"Value": {"Ref": "VpcA1"}, "Export": {"Name": "Net:ExportsOutputRefVpcA1"}}},
    }
    app = {
        "Resources": {
            "Subnet": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Fn::ImportValue": "Net:ExportsOutputRefVpcA1"}},
            }
        }
    }
    deep = {"Resources": {"Sg": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": "vpc-1"}}}}
    stack = {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/eu-west-1"}
    artifacts = {
        name: {**stack, "properties": {"templateFile": f"{name}.template.json"}} for name in ("Net", "App")
    }
    put(here / "cdk.out" / "manifest.json", json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    for name, content in (("Net.template", net), ("App.template", app), ("NetDeep.nested.template", deep)):
        put(here / "cdk.out" / f"{name}.json", json.dumps(content, indent=1))


def test_the_stacks_of_an_assembly_are_one_input(here: Path):
    assembly(here)
    inputs, found = read((), ReadOptions())
    assert [(each.path, each.kind) for each in inputs] == [("cdk.out", InputKind.CDK)]
    assert {each.address for each in found.resources} >= {"Net/VpcA1", "App/Subnet", "Net/Deep/Sg"}
    node = value(found, "App/Subnet", "VpcId")
    assert isinstance(node, Reference)
    assert node.target == "Net/VpcA1"
    assert {(each.scope.account, each.scope.region) for each in found.resources} == {
        ("123456789012", "eu-west-1")
    }


def test_a_template_that_is_called_as_a_stack_of_an_assembly_is_another_stack(here: Path):
    assembly(here)
    put(here / "Net.yaml", NET)
    found = of(reading())
    assert {"Net/VpcA1", "Net.yaml/Vpc"} <= found.keys()


def test_a_thing_goes_by_its_path_in_the_app_too(here: Path):
    import auditor

    assembly(here)
    network = auditor.load("cdk.out")
    (found,) = network.engine.endpoints("Net/Vpc/PublicSubnet1")
    assert found.id == "Net/VpcPublicSubnet1SubnetB2"
    (whole,) = network.engine.endpoints("Net/Vpc")
    assert whole.id == "Net/VpcA1"


def test_what_the_cdk_made_up_for_a_look_up_is_not_known(here: Path):
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "VpcId": "vpc-12345",
            "SecurityGroupIngress": [{"CidrIp": "1.2.3.4/5", "IpProtocol": "-1"}],
        },
    }
    put(here / "cdk.out" / "Net.template.json", json.dumps({"Resources": {"Sg": group}}))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Net.template.json"}}
    manifest = {"version": "48.0.0", "artifacts": {"Net": stack}}
    for missing in ([], [{"key": "vpc-provider:1", "provider": "vpc-provider", "props": {}}]):
        put(here / "cdk.out" / "manifest.json", json.dumps({**manifest, "missing": missing}))
        found = value(reading("cdk.out"), "Net/Sg", "SecurityGroupIngress")
        assert isinstance(found, Seq)
        (rule,) = found.items
        assert isinstance(rule, Map)
        assert isinstance(rule.entries["CidrIp"], Unknown if missing else Scalar)


# -- with others ---------------------------------------------------------------------------------------


def test_a_serverless_function_stands_where_its_template_puts_it(here: Path):
    function = """  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: ./src
      VpcConfig:
        SubnetIds: [subnet-1]
        SecurityGroupIds: [!Ref Cidr]
Outputs:
"""
    put(here / "net.yaml", "Transform: AWS::Serverless-2016-10-31\n" + NET.replace("Outputs:\n", function))
    found = reading("net.yaml", parameters=(("Cidr", "sg-1"),))
    assert of(found)["net/Function"].kind == "AWS::Lambda::Function"
    node = value(found, "net/Function", "VpcConfig")
    assert isinstance(node, Map)
    groups = node.entries["SecurityGroupIds"]
    assert isinstance(groups, Seq)
    assert [text(each) for each in groups.items] == ["sg-1"]
    assert of(found)["net/Function"].at.line == 10


def test_a_snapshot_and_templates_are_one_network_and_one_id_of_two_snapshots_one_thing(here: Path):
    answer = '{"Vpcs": [{"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/16"}]}'
    for name in ("old", "new"):
        put(here / name / "123456789012" / "eu-west-1" / "Vpcs.json", answer)
    put(here / "net.yaml", NET)
    inputs, found = read(("net.yaml", "old", "new"), ReadOptions())
    assert [each.kind for each in inputs] == [
        InputKind.CLOUDFORMATION,
        InputKind.SNAPSHOT,
        InputKind.SNAPSHOT,
    ]
    assert [each.kind for each in found.resources if each.kind in {"Vpcs", "AWS::EC2::VPC"}] == [
        "AWS::EC2::VPC",
        "Vpcs",
    ]


def test_an_assumption_need_not_mean_anything_to_every_input(here: Path):
    put(
        here / "live" / "main.tf",
        'data "aws_vpc" "main" {}\noutput "x" {\n  value = data.aws_vpc.main.id\n}\n',
    )
    put(here / "net.yaml", NET)
    found = reading(assumed=(("net/Cidr", "10.0.0.0/16"),))
    assert text(value(found, "net/Vpc", "CidrBlock")) == "10.0.0.0/16"
    with pytest.raises(UsageError):
        reading(assumed=(("net/Cdir", "10.0.0.0/16"),))
