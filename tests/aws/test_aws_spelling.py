"""The words of CloudFormation and of the API in those of the readers."""

from __future__ import annotations

import pytest

from auditor.aws import inventory
from auditor.aws.reader import Spelling, respelled, snake
from auditor.model import AddressPeer, Direction, GroupPeer, Rule
from auditor.traffic import EVERYTHING, IPV4, IPV6, exact
from auditor.tree import Map, Presence, Reading, Scalar, Unknown
from tests.aws.build import at, node, possible, read, templated, unknown

ANYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
WEB = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("VpcId", "vpc_id"),
        ("DBSubnetGroupName", "db_subnet_group_name"),
        ("VPCSecurityGroups", "vpc_security_groups"),
        ("SubnetIDs", "subnet_ids"),
        ("networkConfiguration", "network_configuration"),
        ("Ipv6CidrBlock", "ipv6_cidr_block"),
        ("LoadBalancerARNs", "load_balancer_arns"),
        ("MapPublicIpOnLaunch", "map_public_ip_on_launch"),
    ],
)
def test_words_become_snake_case(word: str, expected: str) -> None:
    assert snake(word) == expected


def body(spelling: Spelling, **properties: object) -> Map:
    (found,) = respelled([templated("AWS::X::Y", "It", **properties)], {"AWS::X::Y": spelling})
    return found.body


def test_a_hoisted_map_stands_where_it_stood_known_or_not() -> None:
    spelling = Spelling(kind="aws_y", hoisted=frozenset({"Network.Awsvpc"}))
    known = body(spelling, Network={"Awsvpc": {"SubnetIds": ["a"]}})
    network = known.entries["network"]
    assert isinstance(network, Map)
    assert set(network.entries) == {"subnet_ids"}
    assert body(spelling, Network={"Awsvpc": unknown("x")}).entries["network"] == unknown("x")


def test_a_hoisted_map_that_is_not_known_leaves_its_place_open() -> None:
    spelling = Spelling(kind="aws_y", hoisted=frozenset({"Network.Awsvpc"}))
    network = body(spelling, Network={"Awsvpc": unknown("x"), "Other": 1}).entries["network"]
    assert isinstance(network, Map)
    assert network.more == unknown("x")


def test_both_branches_of_a_condition_are_respelled() -> None:
    spelling = Spelling(kind="aws_y", renamed={"Config.A": "b"}, values={"Scheme": {"internal": True}})
    found = body(spelling, Config=unknown("c", {"A": 1}, None), Scheme=unknown("s", "Internal", "other"))
    config, scheme = found.entries["config"], found.entries["scheme"]
    assert isinstance(config, Unknown)
    assert isinstance(scheme, Unknown)
    assert [set(each.entries) for each in config.options if isinstance(each, Map)] == [{"b"}]
    assert [each.value for each in scheme.options if isinstance(each, Scalar)] == [True, "other"]


def test_what_the_dialect_takes_for_given_is_given_only_where_nothing_is_said() -> None:
    spelling = Spelling(kind="aws_y", given={"internal": False})
    for properties, expected in (({}, False), ({"Internal": True}, True)):
        value = body(spelling, **properties).entries["internal"]
        assert isinstance(value, Scalar)
        assert value.value is expected


def test_tags_are_one_map_and_of_aws_itself_only_those_that_tell_what_made_it() -> None:
    made = {"Name": "web", "aws:cloudformation:stack-name": "net"}
    given = {**made, "aws:cloudformation:stack-id": "arn:aws:cloudformation:…", "aws:ec2spot:fleet-id": "f"}
    tags = [{"Key": key, "Value": value} for key, value in given.items()]
    found = body(Spelling(kind="aws_y"), Tags=tags).entries["tags"]
    assert isinstance(found, Map)
    assert found.entries == {key: node(value, found.at) for key, value in made.items()}


def group(**properties: object) -> tuple[Rule, ...]:
    one = templated("AWS::EC2::SecurityGroup", "Web", VpcId="vpc-1", **properties)
    return read(one).rules


def egress(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules if rule.direction is Direction.EGRESS]


def test_a_group_keeps_the_egress_of_aws_while_no_other_is_written() -> None:
    (rule,) = egress(group(SecurityGroupIngress=[WEB]))
    assert rule.implicit
    assert rule.service == exact(EVERYTHING)
    assert {peer.addresses for peer in rule.peers if isinstance(peer, AddressPeer)} == {
        exact(IPV4),
        exact(IPV6),
    }


def test_a_group_loses_it_with_one_rule_inline() -> None:
    (rule,) = egress(group(SecurityGroupEgress=[WEB]))
    assert not rule.implicit


def test_a_group_loses_it_with_a_rule_of_its_own() -> None:
    rules = read(
        templated("AWS::EC2::SecurityGroup", "Web", VpcId="vpc-1"),
        templated("AWS::EC2::SecurityGroupEgress", "Out", GroupId=at("Web", "GroupId"), **WEB),
    ).rules
    (rule,) = egress(rules)
    assert rule.component == "net/Out"
    assert rule.group.id == "net/Web"


def test_a_rule_that_may_be_there_leaves_it_possible() -> None:
    out = templated("AWS::EC2::SecurityGroupEgress", "Out", GroupId=at("Web", "GroupId"), **WEB)
    found = egress(read(templated("AWS::EC2::SecurityGroup", "Web"), possible(out)).rules)
    assert {rule.implicit: rule.presence for rule in found} == {
        True: Presence.POSSIBLE,
        False: Presence.POSSIBLE,
    }
    (maybe,) = [
        rule for rule in egress(group(SecurityGroupEgress=unknown("c", [WEB], None))) if rule.implicit
    ]
    assert maybe.presence is Presence.POSSIBLE


def test_an_inline_rule_like_it_may_go_with_it() -> None:
    out = templated("AWS::EC2::SecurityGroupEgress", "Out", GroupId=at("Web", "GroupId"), **WEB)
    one = templated("AWS::EC2::SecurityGroup", "Web", SecurityGroupEgress=[ANYWHERE])
    found = {rule.component: rule.presence for rule in egress(read(one, out).rules)}
    assert found == {"net/Web": Presence.POSSIBLE, "net/Out": Presence.CERTAIN}


def test_a_rule_refers_to_a_group_by_any_of_its_attributes() -> None:
    for name in ("Ref", "GroupId"):
        other = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "SourceSecurityGroupId": at("App", name)}
        app = templated("AWS::EC2::SecurityGroup", "App")
        web = templated("AWS::EC2::SecurityGroup", "Web", SecurityGroupIngress=[other])
        rules = inventory(Reading((app, web))).rules
        peers = [peer for rule in rules if rule.direction is Direction.INGRESS for peer in rule.peers]
        assert [peer.group.id for peer in peers if isinstance(peer, GroupPeer)][-1:] == ["net/App"]
