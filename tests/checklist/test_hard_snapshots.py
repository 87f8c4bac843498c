"""Snapshots as AWS gives them, in which what is easily overlooked, or was not asked for, decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor import load
from auditor.reach import Verdict

REACHABLE, UNKNOWN, BLOCKED = Verdict.REACHABLE, Verdict.UNKNOWN, Verdict.BLOCKED
Body = dict[str, Any]
VPC, CLIENT, SERVER = "vpc-0aaaaaaa1", "i-0aaaaaaa1", "i-0aaaaaaa2"
ALL: list[Body] = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
PUBLIC: Body = {"Association": {"PublicIp": "52.1.1.1", "IpOwnerId": "111122223333"}}
LOCAL: Body = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"}
OUT: Body = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0aaaaaaa1", "State": "active"}


def https(*cidrs: str, **more: Any) -> list[Body]:
    ranges = [{"CidrIp": cidr} for cidr in cidrs]
    return [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges, **more}]


def interface(number: int, **more: Any) -> Body:
    """The only interface of an instance."""
    found: Body = {
        "NetworkInterfaceId": f"eni-0aaaaaaa{number}",
        "Attachment": {"InstanceId": f"i-0aaaaaaa{number}", "DeviceIndex": 0, "Status": "attached"},
        "Groups": [{"GroupId": f"sg-0aaaaaaa{number}"}],
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": f"10.0.{number}.10"}],
        "SubnetId": f"subnet-0aaaaaaa{number}",
        "VpcId": VPC,
        **more,
    }
    return {name: value for name, value in found.items() if value is not None}


def group(number: int, ingress: list[Body] | None, egress: list[Body] | None) -> Body:
    rules = {"IpPermissions": ingress, "IpPermissionsEgress": egress}
    told = {name: value for name, value in rules.items() if value is not None}
    return {"GroupId": f"sg-0aaaaaaa{number}", "GroupName": f"g{number}", "VpcId": VPC, **told}


def table(*routes: Body, **more: Any) -> Body:
    return {
        "RouteTableId": "rtb-0aaaaaaa1",
        "VpcId": VPC,
        "Associations": [{"Main": True}],
        "Routes": routes,
        **more,
    }


def acl(**more: Any) -> Body:
    entry = {"CidrBlock": "0.0.0.0/0", "Protocol": "-1", "RuleAction": "allow", "RuleNumber": 100}
    six = {"Ipv6CidrBlock": "::/0", "Protocol": "-1", "RuleAction": "allow", "RuleNumber": 101}
    entries = [{**one, "Egress": egress} for one in (entry, six) for egress in (True, False)]
    subnets = [{"SubnetId": f"subnet-0aaaaaaa{number}", "NetworkAclId": "acl-0aaaaaaa1"} for number in (1, 2)]
    return {
        "NetworkAclId": "acl-0aaaaaaa1",
        "VpcId": VPC,
        "IsDefault": True,
        "Associations": subnets,
        "Entries": entries,
        **more,
    }


def ask(folder: Path, source: str, destination: str = SERVER, /, **answers: Any) -> Verdict:
    """HTTPS from a client to a server that lets in all of it; ``answers`` are instead of, or beside, these.

    None leaves an answer out.
    """
    network: Body = {
        "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16"}],
        "Subnets": [
            {"SubnetId": f"subnet-0aaaaaaa{number}", "VpcId": VPC, "CidrBlock": f"10.0.{number}.0/24"}
            for number in (1, 2)
        ],
        "RouteTables": [table(LOCAL, OUT)],
        "NetworkAcls": [acl()],
        "SecurityGroups": [group(1, [], ALL), group(2, https("0.0.0.0/0"), [])],
        "InternetGateways": [
            {"InternetGatewayId": "igw-0aaaaaaa1", "Attachments": [{"State": "available", "VpcId": VPC}]}
        ],
        "NetworkInterfaces": [interface(1), interface(2)],
        "Reservations": [{"Instances": [{"InstanceId": each} for each in (CLIENT, SERVER)]}],
        **answers,
    }
    for name, answer in network.items():
        if answer is not None:
            (folder / f"{name}.json").write_text(json.dumps({name: answer}), encoding="utf-8")
    return load(str(folder)).can_reach(source, destination, "tcp/443").verdict


def test_the_client_reaches_the_server_and_the_internet_does_not(tmp_path: Path):
    assert ask(tmp_path, CLIENT) is REACHABLE
    assert ask(tmp_path, "internet") is BLOCKED


def test_a_public_address_may_be_on_a_secondary_private_one(tmp_path: Path):
    addresses = [
        {"Primary": True, "PrivateIpAddress": "10.0.2.10"},
        {"Primary": False, "PrivateIpAddress": "10.0.2.11", **PUBLIC},
    ]
    answer = [interface(1), interface(2, PrivateIpAddresses=addresses)]
    assert ask(tmp_path, "internet", NetworkInterfaces=answer) is REACHABLE


def test_an_instance_tells_of_its_public_address_where_no_interface_does(tmp_path: Path):
    server = {
        "InstanceId": SERVER,
        "SubnetId": "subnet-0aaaaaaa2",
        "SecurityGroups": [{"GroupId": "sg-0aaaaaaa2"}],
        "PublicIpAddress": "52.1.1.1",
    }
    instances = [{"Instances": [{"InstanceId": CLIENT}, server]}]
    assert ask(tmp_path, "internet", NetworkInterfaces=None, Reservations=instances) is REACHABLE


def test_a_range_that_is_delegated_to_an_interface_is_its_own(tmp_path: Path):
    client = interface(1, Ipv4Prefixes=[{"Ipv4Prefix": "10.0.1.48/28"}])
    groups = [group(1, [], ALL), group(2, https("10.0.1.48/28"), [])]
    assert ask(tmp_path, CLIENT, SecurityGroups=groups) is BLOCKED
    answer = [client, interface(2)]
    assert ask(tmp_path, CLIENT, SecurityGroups=groups, NetworkInterfaces=answer) is REACHABLE


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, BLOCKED),
        ({"Ipv6Addresses": [{"Ipv6Address": "2600:1f16:1::5"}]}, REACHABLE),
        ({"Ipv6Prefixes": [{"Ipv6Prefix": "2600:1f16:1:0:1::/80"}]}, REACHABLE),
    ],
)
def test_an_interface_has_ipv6_by_its_addresses_or_its_ranges(tmp_path: Path, given: Body, expected: Verdict):
    def ranges(cidr: str) -> list[Body]:
        return [{"Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": "associated"}}]

    name, subnet = "Ipv6CidrBlockAssociationSet", {"SubnetId": "subnet-0aaaaaaa2", "VpcId": VPC}
    found = ask(
        tmp_path,
        "internet",
        Vpcs=[{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", name: ranges("2600:1f16:1::/56")}],
        Subnets=[{**subnet, "CidrBlock": "10.0.2.0/24", name: ranges("2600:1f16:1::/64")}],
        RouteTables=[table(LOCAL, {**OUT, "DestinationCidrBlock": None, "DestinationIpv6CidrBlock": "::/0"})],
        SecurityGroups=[group(1, [], ALL), group(2, https(Ipv6Ranges=[{"CidrIpv6": "::/0"}]), [])],
        NetworkInterfaces=[interface(2, **given)],
    )
    assert found is expected


SEEN: Body = {"NetworkInterfaces": [interface(1), interface(2, **PUBLIC)]}


@pytest.mark.parametrize(
    "answers",
    [
        {"SecurityGroups": [group(1, [], ALL), group(2, None, [])]},
        {"RouteTables": [{name: value for name, value in table().items() if name != "Routes"}]},
        {"NetworkAcls": [{name: value for name, value in acl().items() if name != "Entries"}]},
        {"NetworkInterfaces": [interface(1), interface(2, Groups=None, **PUBLIC)]},
    ],
    ids=["no rules", "no routes", "no entries", "no groups"],
)
def test_what_an_answer_leaves_out_is_not_taken_for_nothing(tmp_path: Path, answers: Body):
    assert ask(tmp_path, "internet", **SEEN) is REACHABLE
    assert ask(tmp_path, "internet", **{**SEEN, **answers}) is UNKNOWN


def test_a_route_to_an_internet_gateway_that_was_not_collected_says_that_it_is_attached(tmp_path: Path):
    assert ask(tmp_path, "internet", **SEEN, InternetGateways=None) is REACHABLE


def test_a_propagated_route_counts_where_no_propagating_gateway_is_told_of(tmp_path: Path):
    route = {
        "DestinationCidrBlock": "192.168.0.0/16",
        "GatewayId": "vgw-0aaaaaaa1",
        "Origin": "EnableVgwRoutePropagation",
        "State": "active",
    }
    assert ask(tmp_path, CLIENT, "192.168.1.1", RouteTables=[table(LOCAL, route)]) is UNKNOWN
