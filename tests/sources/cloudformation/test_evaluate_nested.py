"""Nested stacks, modules of the registry, macros and includes: on disk, and not."""

from __future__ import annotations

import pytest

from auditor.tree import GapKind, Presence, Reference
from tests.sources.cloudformation.evaluating import bodies, plain, read, resources, whys

PARENT = """
Parameters:
  Env: {Type: String}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Sg: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Net:
    Type: AWS::CloudFormation::Stack
    CONDITION
    Properties:
      TemplateURL: net/child.yaml
      Parameters: {Cidr: 10.1.0.0/16, Group: !Ref Sg, Env: !Ref Env}
  App:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: net/app.yaml
      Parameters:
        Subnets: !GetAtt Net.Outputs.Subnets
        Vpc: !GetAtt [Net, Outputs.Vpc]
"""
FILES = {
    "net/child.yaml": """
        Parameters:
          Cidr: {Type: String}
          Group: {Type: "AWS::EC2::SecurityGroup::Id"}
          Env: {Type: String, AllowedValues: [dev, prod]}
        Resources:
          Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
          A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, Env: !Ref Env, Group: !Ref Group}}
          B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, Region: !Ref AWS::Region}}
        Outputs:
          Vpc: {Value: !Ref Vpc, Export: {Name: !Sub "${Env}-vpc"}}
          Subnets: {Value: !Join [",", [!Ref A, !Ref B]], Export: {Name: subnets}}
    """,
    "net/app.yaml": """
        Parameters:
          Vpc: {Type: "AWS::EC2::VPC::Id"}
          Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
        Resources:
          It: {Type: T, Properties: {Vpc: !Ref Vpc, Subnets: !Ref Subnets, One: !Select [1, !Ref Subnets]}}
    """,
}
WHOLE = PARENT.replace("CONDITION", "Metadata: {}")


def test_the_resources_of_nested_stacks_stand_below_their_names_with_the_values_of_the_parent() -> None:
    reading = read(WHOLE, files=FILES)
    assert bodies(reading) == {
        "net/Sg": {"GroupDescription": "x"},
        "net/Net/Vpc": {"CidrBlock": "10.1.0.0/16"},
        "net/Net/A": {
            "VpcId": "&net/Net/Vpc.Ref",
            "Env": {"one of": ["dev", "prod"]},
            "Group": "&net/Sg.Ref",
        },
        "net/Net/B": {"VpcId": "&net/Net/Vpc.Ref", "Region": "?net/AWS::Region"},
        "net/App/It": {
            "Vpc": "&net/Net/Vpc.Ref",
            "Subnets": ["&net/Net/A.Ref", "&net/Net/B.Ref"],
            "One": "&net/Net/B.Ref",
        },
    }
    assert not reading.gaps
    assert [each.at.path for each in reading.resources][:2] == ["net.yaml", "net/child.yaml"]


def test_the_exports_of_nested_stacks_are_exported() -> None:
    reading = read(WHOLE, {"Env": "prod"}, files=FILES)
    assert {name: plain(node) for name, node in reading.exports.items()} == {
        "prod-vpc": "&net/Net/Vpc.Ref",
        "subnets": '?net/Net/A.Ref + "," + net/Net/B.Ref',
    }


def test_an_export_of_which_the_name_is_open_is_kept_apart() -> None:
    text = """
    Parameters: {N: {Type: String}}
    Resources: {V: {Type: T}}
    Outputs: {O: {Value: !Ref V, Export: {Name: !Ref N}}}
    """
    reading = read(text)
    assert not reading.exports
    assert [(plain(name), plain(value)) for name, value in reading.unnamed_exports] == [
        ("?net/N", "&net/V.Ref")
    ]


def test_a_nested_stack_under_an_open_condition_is_only_possible() -> None:
    reading = read(PARENT.replace("CONDITION", "Condition: Prod"), files=FILES)
    found = resources(reading)
    assert {name for name, each in found.items() if each.presence is Presence.POSSIBLE} == {
        "net/Net/Vpc",
        "net/Net/A",
        "net/Net/B",
    }


def test_a_stack_that_is_not_on_disk_is_a_module_that_is_given_its_parameters() -> None:
    reading = read(WHOLE, files={"net/app.yaml": FILES["net/app.yaml"]})
    module = resources(reading)["net/Net"]
    assert (module.kind, module.presence) == ("module", Presence.CERTAIN)
    assert plain(module.body) == {
        "TemplateURL": "net/child.yaml",
        "Parameters": {"Cidr": "10.1.0.0/16", "Group": "&net/Sg.Ref", "Env": "?net/Env"},
    }
    assert [(gap.kind, gap.what, gap.why) for gap in reading.gaps] == [
        (GapKind.MODULE, "net/Net", "the template net/child.yaml is not on disk")
    ]
    assert bodies(reading)["net/App/It"] == {
        "Vpc": "?net/Net.Outputs.Vpc",
        "Subnets": '?Split(",", net/Net.Outputs.Subnets)',
        "One": '?Select("1", Split(",", net/Net.Outputs.Subnets))',
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("Env: !Ref Env}", "Env: !Ref Env, More: 1}"), "the nested template has no parameter More"),
        (
            ("Cidr: 10.1.0.0/16, ", ""),
            "the parent stack gives this parameter no value, and it has no default",
        ),
        (("Outputs.Vpc]", "Outputs.Gone]"), "net/Net has no output Gone"),
        (
            ("net/app.yaml", "net.yaml"),
            "the template net.yaml nests itself, or there are more than 2000 stacks",
        ),
    ],
)
def test_what_does_not_fit_a_nested_stack_is_a_gap(change: tuple[str, str], why: str) -> None:
    text = WHOLE.replace(*change)
    reading = read(text, files={**FILES, "net.yaml": WHOLE})
    assert why in whys(reading)
    assert "net/Net/Vpc" in resources(reading)


def test_a_parameter_that_may_not_be_given_has_the_default_then() -> None:
    text = """
    Parameters: {Env: {Type: String}}
    Conditions: {Prod: !Equals [!Ref Env, prod]}
    Resources:
      Net:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: c.yaml
          Parameters: {Size: !If [Prod, big, !Ref AWS::NoValue]}
    """
    child = """
    Parameters: {Size: {Type: String, Default: small}}
    Resources: {It: {Type: T, Properties: {S: !Ref Size}}}
    """
    assert bodies(read(text, files={"c.yaml": child})) == {"net/Net/It": {"S": {"one of": ["big", "small"]}}}


def test_a_module_of_the_registry_is_unread_and_what_is_in_it_is_open() -> None:
    reading = read(
        """
        Resources:
          Sg: {Type: AWS::EC2::SecurityGroup}
          Mod: {Type: "My::Net::Thing::MODULE", Properties: {Group: !Ref Sg}}
          It: {Type: T, Properties: {A: !Ref ModVpc, B: !GetAtt ModVpc.Id, C: !GetAtt Mod.Vpc.Id}}
        """
    )
    found = resources(reading)
    assert (found["net/Mod"].kind, plain(found["net/Mod"].body)) == ("module", {"Group": "&net/Sg.Ref"})
    assert plain(found["net/It"].body) == {
        "A": "?net/ModVpc.Ref",
        "B": "?net/ModVpc.Id",
        "C": "?net/Mod.Vpc.Id",
    }
    assert [gap.kind for gap in reading.gaps] == [GapKind.MODULE]


INCLUDED = {"more.yaml": "Extra: 1\nGroup: !Ref Sg\n", "all.yaml": "Resources: {B: {Type: T}}\n"}


def test_what_is_included_from_a_local_file_stands_where_it_is_included() -> None:
    reading = read(
        """
        Transform: {Name: AWS::Include, Parameters: {Location: all.yaml}}
        Resources:
          Sg: {Type: AWS::EC2::SecurityGroup}
          A:
            Type: T
            Properties:
              Own: 2
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
              In: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}}
        """,
        files=INCLUDED,
    )
    assert bodies(reading) == {
        "net/Sg": {},
        "net/A": {"Own": 2, "Extra": 1, "Group": "&net/Sg.Ref", "In": {"Extra": 1, "Group": "&net/Sg.Ref"}},
        "net/B": {},
    }
    assert not reading.gaps


def test_what_is_included_and_not_on_disk_leaves_open_what_it_is_added_to() -> None:
    reading = read(
        """
        Resources:
          A:
            Type: T
            Properties:
              Own: 2
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/k"}}
        """
    )
    assert bodies(reading) == {"net/A": {"Own": 2, "…": "?"}}
    assert [gap.kind for gap in reading.gaps] == [GapKind.MODULE]


def test_a_macro_leaves_open_all_that_it_may_rewrite() -> None:
    reading = read(
        """
        Resources:
          A:
            Type: T
            Properties:
              Own: 2
              Inner: {x: 1, Fn::Transform: {Name: Mine}}
          B:
            Type: T
            Properties: {Own: 2, Fn::Transform: Mine}
        """
    )
    assert bodies(reading) == {"net/A": {"Own": 2, "Inner": {"…": "?"}}, "net/B": {"…": "?"}}
    assert {gap.kind for gap in reading.gaps} == {GapKind.MODULE}


def test_a_macro_over_the_template_leaves_nothing_certain_and_touches_all_of_it() -> None:
    reading = read(
        """
        Transform: [AWS::LanguageExtensions, Mine]
        Resources:
          Sg: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
        Outputs:
          O: {Value: fixed}
        """
    )
    found = resources(reading)
    assert plain(found["net/Sg"].body) == {"…": "?"}
    assert found["net/Sg"].presence is Presence.POSSIBLE
    macro = found["net/Transform"]
    assert macro.kind == "module"
    assert list(macro.body.entries.values()) == [Reference("net/Sg", "Ref", found["net/Sg"].at)]
    assert plain(reading.outputs["O"]) == "?net/Outputs.O"
    assert [(gap.kind, gap.what) for gap in reading.gaps] == [(GapKind.MODULE, "net: the macro Mine")]


def test_the_macros_of_aws_only_add() -> None:
    reading = read("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: T, Properties: {X: 1}}}\n")
    assert bodies(reading) == {"net/A": {"X": 1}}
    assert [gap.kind for gap in reading.gaps] == [GapKind.RESOURCE]
