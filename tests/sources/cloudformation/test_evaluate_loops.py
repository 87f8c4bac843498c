"""``Fn::ForEach`` over what is known, and over what is not."""

from __future__ import annotations

from auditor.tree import Presence
from tests.sources.cloudformation.evaluating import bodies, plain, read, resources, whys

TOPICS = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "Success,Failure,Time-out"}
Resources:
  Fn::ForEach::Topics:
    - TopicName
    - !Ref Names
    - SnsTopic&{TopicName}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Join [".", [!Ref TopicName, fifo]]
          Display: "the ${TopicName}"
          Sub: !Sub "${TopicName}-${AWS::StackName}"
          Ids: !Sub "&{TopicName}"
"""


def test_a_loop_makes_a_resource_for_each_item_as_the_page_of_aws_shows() -> None:
    reading = read(TOPICS, pseudo={"AWS::StackName": "s"})
    assert bodies(reading) == {
        f"net/SnsTopic{short}": {
            "TopicName": f"{name}.fifo",
            "Display": f"the {name}",
            "Sub": f"{name}-s",
            "Ids": short,
        }
        for name, short in (("Success", "Success"), ("Failure", "Failure"), ("Time-out", "Timeout"))
    }
    assert not reading.gaps
    assert {each.presence for each in reading.resources} == {Presence.CERTAIN}


def test_loops_stand_in_loops_and_in_every_section() -> None:
    reading = read(
        """
        Transform: [AWS::LanguageExtensions]
        Conditions:
          Fn::ForEach::C:
            - N
            - [One, Two]
            - Is${N}: !Equals ["${N}", One]
        Resources:
          Fn::ForEach::Outer:
            - Az
            - [a, b]
            - Fn::ForEach::Inner:
                - Tier
                - [App, Data]
                - Subnet${Tier}${Az}:
                    Type: AWS::EC2::Subnet
                    Properties:
                      Name: ${Tier}-${Az}
                      Fn::ForEach::P:
                        - Key
                        - [Left, Right]
                        - "${Key}${Az}": !Sub "${Key}"
          Two: {Type: T, Condition: IsTwo}
          One: {Type: T, Condition: IsOne, Properties: {S: !GetAtt SubnetAppa.Name}}
        Outputs:
          Fn::ForEach::O:
            - Az
            - [a, b]
            - "Out${Az}": {Value: !Ref "SubnetData${Az}"}
        """
    )
    assert bodies(reading) == {
        **{
            f"net/Subnet{tier}{az}": {"Name": f"{tier}-{az}", f"Left{az}": "Left", f"Right{az}": "Right"}
            for az in "ab"
            for tier in ("App", "Data")
        },
        "net/One": {"S": "App-a"},
    }
    assert {name: plain(node) for name, node in reading.outputs.items()} == {
        "Outa": "&net/SubnetDataa.Ref",
        "Outb": "&net/SubnetDatab.Ref",
    }
    assert not reading.gaps


UNKNOWN = """
Parameters:
  Azs: {Type: CommaDelimitedList}
  Env: {Type: String, AllowedValues: [dev, prod]}
Mappings:
  Zones:
    dev: {Azs: [a]}
    prod: {Azs: [a, b]}
Resources:
  Fn::ForEach::L:
    - Az
    - COLLECTION
    - "Subnet${Az}":
        Type: AWS::EC2::Subnet
        Properties: {Zone: !Sub "${AWS::Region}${Az}", Name: "x-${Az}", Az: !Ref Az}
  It: {Type: T, Properties: {One: !Ref Subnetq, All: [!Ref Subneta]}}
Outputs:
  Fn::ForEach::O:
    - Az
    - COLLECTION
    - "Out${Az}": {Value: !Ref "Subnet${Az}"}
"""


def test_a_loop_over_an_unknown_list_makes_any_number_of_resources() -> None:
    reading = read(UNKNOWN.replace("COLLECTION", "!Ref Azs"), pseudo={"AWS::Region": "r"})
    found = resources(reading)
    many = found["net/Subnet[*]"]
    assert many.presence is Presence.MANY
    assert [why.what for why in many.reasons] == ["net/Azs"]
    assert plain(many.body) == {"Zone": "?", "Name": "?", "Az": "?"}
    assert plain(found["net/It"].body) == {
        "One": {"one of": ["&net/Subnet[*].Ref"]},
        "All": [{"one of": ["&net/Subnet[*].Ref"]}],
    }
    assert not reading.gaps
    assert not reading.outputs


def test_a_loop_over_one_of_two_lists_makes_what_is_in_both_and_perhaps_the_rest() -> None:
    reading = read(UNKNOWN.replace("COLLECTION", "!FindInMap [Zones, !Ref Env, Azs]"))
    assert {name: each.presence for name, each in resources(reading).items()} == {
        "net/Subneta": Presence.CERTAIN,
        "net/Subnetb": Presence.POSSIBLE,
        "net/It": Presence.CERTAIN,
    }
    assert whys(reading) == ["there is no parameter or resource Subnetq"]


def test_a_loop_of_another_shape_leaves_its_map_open() -> None:
    reading = read(
        "Resources:\n  A: {Type: T}\n  Fn::ForEach::L: [a, b]\n  B: {Type: T, Properties: {X: !Ref Q}}\n"
    )
    assert set(resources(reading)) == {"net/A", "net/B", "net/Transform"}
    assert whys(reading) == ["Fn::ForEach::L takes an identifier, a collection and a map"]


def test_loops_that_explode_are_told_in_one_message() -> None:
    text = '"Leaf${X0}${X1}${X2}${X3}${X4}${X5}": {Type: T}'
    for level in range(6):
        items = ", ".join(f"i{level}x{n}" for n in range(20))
        text = f"'Fn::ForEach::L{level}': [X{level}, [{items}], {{{text}}}]"
    reading = read(f"Resources:\n  {text}\n")
    assert any("loops and macros make more than" in why for why in whys(reading))
