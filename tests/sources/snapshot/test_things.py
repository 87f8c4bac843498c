"""What answers say of things: who they are, whether they are there, and what belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.tree import Dialect, Presence, Scope
from tests.sources.snapshot.answers import ALICE, BOB, HERE, plain, reading, there, whole

ARN = f"arn:aws:elasticloadbalancing:eu-central-1:{ALICE}"
BALANCER = f"{ARN}:loadbalancer/app/web/0a1b"
LISTENER = f"{ARN}:listener/app/web/0a1b/0c"
TARGETS = f"{ARN}:targetgroup/web/0d"
ZONE = "Z0123456789ABC"


def bodies(folder: Path, answers: dict[str, Any]) -> dict[str, Any]:
    """What is there, in plain values."""
    found = reading(folder, whole(answers))
    assert [(gap.what, gap.why) for gap in found.gaps] == []
    return {address: plain(each.body) for address, each in there(found).items()}


def test_a_thing_is_what_aws_says_of_it_in_its_words(tmp_path: Path):
    group = {
        "GroupId": "sg-0a",
        "GroupName": "web",
        "VpcId": "vpc-0a",
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ],
        "Tags": [],
        "Description": None,
    }
    found = reading(tmp_path, whole({"sg": {"SecurityGroups": [group]}}))
    (resource,) = there(found).values()
    del group["Description"]
    assert plain(resource.body) == group
    assert (resource.kind, resource.dialect) == ("SecurityGroups", Dialect.SNAPSHOT)


def test_instances_are_taken_out_of_their_reservations(tmp_path: Path):
    instances = [
        {"InstanceId": f"i-{state}", "State": {"Code": 16, "Name": state}, "VpcId": "vpc-0a"}
        for state in ("pending", "running", "stopping", "stopped", "shutting-down", "terminated")
    ]
    answer = {"Reservations": [{"ReservationId": "r-0a", "OwnerId": ALICE, "Instances": instances}]}
    found = bodies(tmp_path, {"Reservations": answer})
    assert list(found) == ["i-pending", "i-running", "i-stopping", "i-stopped"]
    assert found["i-running"]["OwnerId"] == ALICE


@pytest.mark.parametrize(
    ("key", "thing", "field", "states"),
    [
        ("NatGateways", {"NatGatewayId": "nat-0a"}, "State", {"deleted", "deleting", "failed"}),
        (
            "VpcEndpoints",
            {"VpcEndpointId": "vpce-0a", "VpcId": "vpc-0a"},
            "State",
            {"Deleted", "Rejected", "Expired"},
        ),
        (
            "TransitGatewayVpcAttachments",
            {"TransitGatewayAttachmentId": "tgw-attach-0a"},
            "State",
            {"rejected"},
        ),
        (
            "DBInstances",
            {"DBInstanceArn": f"arn:aws:rds:eu-central-1:{ALICE}:db:a"},
            "DBInstanceStatus",
            {"deleting"},
        ),
        ("services", {"serviceArn": f"arn:aws:ecs:eu-central-1:{ALICE}:service/a/b"}, "status", {"INACTIVE"}),
    ],
)
def test_what_is_gone_is_ignored(
    tmp_path: Path, key: str, thing: dict[str, str], field: str, states: set[str]
):
    for state in states:
        assert bodies(tmp_path, {"x": {key: [{**thing, field: state}]}}) == {}
    assert len(bodies(tmp_path, {"x": {key: [{**thing, field: "available"}]}})) == 1


@pytest.mark.parametrize("state", ["deleted", "rejected", "expired", "failed"])
def test_a_peering_that_is_over_is_ignored(tmp_path: Path, state: str):
    peering = {"VpcPeeringConnectionId": "pcx-0a", "Status": {"Code": state, "Message": ""}}
    assert bodies(tmp_path, {"x": {"VpcPeeringConnections": [peering]}}) == {}


def test_a_peering_that_waits_for_consent_may_come_up(tmp_path: Path):
    peering = {"VpcPeeringConnectionId": "pcx-0a", "Status": {"Code": "pending-acceptance"}}
    found = there(reading(tmp_path, whole({"x": {"VpcPeeringConnections": [peering]}})))["pcx-0a"]
    assert found.presence is Presence.POSSIBLE
    assert [reason.what for reason in found.reasons] == ["whether pcx-0a, now pending-acceptance, comes up"]


def test_what_is_asked_for_by_id_becomes_the_owner_s(tmp_path: Path):
    found = bodies(
        tmp_path,
        {
            "a": {"LoadBalancers": [{"LoadBalancerArn": BALANCER, "LoadBalancerName": "web"}]},
            "b": {
                "LoadBalancerListeners": [
                    {
                        "LoadBalancerArn": BALANCER,
                        "Listeners": [{"ListenerArn": LISTENER, "LoadBalancerArn": BALANCER, "Port": 443}],
                    }
                ]
            },
            "c": {
                "LoadBalancerAttributes": [
                    {"LoadBalancerArn": BALANCER, "Attributes": [{"Key": "k", "Value": "v"}]}
                ]
            },
            "d": {"TargetGroups": [{"TargetGroupArn": TARGETS, "Port": 8080}]},
            "e": {
                "LoadBalancerTargetHealth": [
                    {
                        "TargetGroupArn": TARGETS,
                        "TargetHealthDescriptions": [{"Target": {"Id": "i-0a", "Port": 8080}}],
                    }
                ]
            },
            "f": {"TagDescriptions": [{"ResourceArn": BALANCER, "Tags": [{"Key": "Name", "Value": "w"}]}]},
            "g": {
                "ListenerRules": [
                    {
                        "ListenerArn": LISTENER,
                        "Rules": [{"RuleArn": f"{ARN}:listener-rule/x", "Priority": "1"}],
                    }
                ]
            },
        },
    )
    assert found[BALANCER]["Attributes"] == [{"Key": "k", "Value": "v"}]
    assert found[BALANCER]["Tags"] == [{"Key": "Name", "Value": "w"}]
    assert found[LISTENER] == {"ListenerArn": LISTENER, "LoadBalancerArn": BALANCER, "Port": 443}
    assert found[TARGETS]["TargetHealthDescriptions"] == [{"Target": {"Id": "i-0a", "Port": 8080}}]
    assert found[f"{ARN}:listener-rule/x"]["ListenerArn"] == LISTENER


def test_the_routes_of_a_transit_gateway_s_table_come_from_several_answers(tmp_path: Path):
    table = "tgw-rtb-0a"
    static, learnt = (
        {"DestinationCidrBlock": cidr, "Type": kind}
        for cidr, kind in (("10.0.0.0/8", "static"), ("10.1.0.0/16", "propagated"))
    )
    propagation = {"TransitGatewayAttachmentId": "tgw-attach-0a", "State": "enabled"}
    found = bodies(
        tmp_path,
        {
            "t": {"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": table, "State": "available"}]},
            "s": {"TransitGatewayStaticRoutes": [{"TransitGatewayRouteTableId": table, "Routes": [static]}]},
            "p": {
                "TransitGatewayPropagatedRoutes": [
                    {"TransitGatewayRouteTableId": table, "Routes": [learnt, static]}
                ]
            },
            "q": {
                "TransitGatewayPropagations": [
                    {
                        "TransitGatewayRouteTableId": table,
                        "TransitGatewayRouteTablePropagations": [propagation],
                    }
                ]
            },
        },
    )
    assert found[table]["Routes"] == [learnt, static]
    assert found[table]["TransitGatewayRouteTablePropagations"] == [propagation]


def test_both_sides_of_a_peering_of_transit_gateways_are_associated_with_their_tables(tmp_path: Path):
    def side(number: int, region: str) -> dict[str, Any]:
        peer = {
            "TransitGatewayAttachmentId": "tgw-attach-0a",
            "ResourceType": "peering",
            "State": "available",
        }
        table = {"TransitGatewayRouteTableId": f"tgw-rtb-0{number}", "State": "associated"}
        one = {**peer, "TransitGatewayId": f"tgw-0{number}", "Association": table}
        tables = [{"TransitGatewayRouteTableId": f"tgw-rtb-0{number}", "State": "available"}]
        return whole(
            {"a": {"TransitGatewayAttachments": [one]}, "t": {"TransitGatewayRouteTables": tables}}, region
        )

    found = there(reading(tmp_path, side(1, HERE) | side(2, f"{BOB}/eu-west-1")))
    for number in (1, 2):
        (association,) = plain(found[f"tgw-rtb-0{number}"].body)["Associations"]
        assert association["TransitGatewayAttachmentId"] == "tgw-attach-0a"


def test_an_attachment_is_of_the_kind_that_tells_most_of_it(tmp_path: Path):
    same = {"TransitGatewayAttachmentId": "tgw-attach-0a", "State": "available"}
    found = reading(
        tmp_path,
        whole(
            {
                "a": {"TransitGatewayAttachments": [{**same, "ResourceType": "vpc"}]},
                "b": {
                    "TransitGatewayVpcAttachments": [{**same, "VpcId": "vpc-0a", "SubnetIds": ["subnet-0a"]}]
                },
            }
        ),
    )
    (attachment,) = there(found).values()
    assert attachment.kind == "TransitGatewayVpcAttachments"
    assert {"ResourceType", "SubnetIds"} <= set(attachment.body.entries)


def test_a_prefix_list_has_the_entries_of_its_own_answer_and_those_that_are_left_out_are_open(tmp_path: Path):
    found = bodies(
        tmp_path,
        {
            "a": {"PrefixLists": [{"PrefixListId": "pl-0a", "PrefixListName": "x", "Cidrs": ["10.0.0.0/8"]}]},
            "b": {
                "PrefixLists": [{"PrefixListId": "pl-0a", "PrefixListName": "x", "State": "create-complete"}]
            },
            "c": {
                "ManagedPrefixListEntries": [
                    {"PrefixListId": "pl-0a", "Entries": [{"Cidr": "10.0.0.0/8"}], "NextToken": "more"}
                ]
            },
        },
    )
    assert found["pl-0a"]["Entries"] == [{"Cidr": "10.0.0.0/8"}, ...]
    assert (found["pl-0a"]["State"], found["pl-0a"]["Cidrs"]) == ("create-complete", ["10.0.0.0/8"])


def test_the_answer_about_one_thing_is_read_where_its_id_stands_beside(tmp_path: Path):
    found = bodies(
        tmp_path,
        {
            "v": {"Vpcs": [{"VpcId": "vpc-0a"}]},
            "d": {"VpcId": "vpc-0a", "EnableDnsHostnames": {"Value": True}},
            "z": {"HostedZone": {"Id": f"/hostedzone/{ZONE}", "Name": "in."}, "VPCs": [{"VPCId": "vpc-0a"}]},
            "r": {
                "Records": [{"HostedZoneId": ZONE, "ResourceRecordSets": [{"Name": "db.in.", "Type": "A"}]}]
            },
        },
    )
    assert found["vpc-0a"]["EnableDnsHostnames"] == {"Value": True}
    assert found[ZONE]["VPCs"] == [{"VPCId": "vpc-0a"}]
    assert found[ZONE]["ResourceRecordSets"] == [{"Name": "db.in.", "Type": "A"}]


def test_what_belongs_to_nothing_that_is_described_is_a_gap(tmp_path: Path):
    answer = {"LoadBalancerAttributes": [{"LoadBalancerArn": BALANCER, "Attributes": []}]}
    found = reading(tmp_path, whole({"x": answer}))
    assert [gap.what for gap in found.gaps] == [f"Attributes of {BALANCER}"]


def test_a_firewall_and_its_policy_are_described_by_whole_answers(tmp_path: Path):
    base = f"arn:aws:network-firewall:eu-central-1:{ALICE}"
    policy = {"FirewallPolicyArn": f"{base}:firewall-policy/p"}
    found = bodies(
        tmp_path,
        {
            "l": {"Firewalls": [{"FirewallArn": f"{base}:firewall/f", "FirewallName": "f"}]},
            "f": {
                "NetworkFirewalls": [
                    {
                        "FirewallArn": f"{base}:firewall/f",
                        "Firewall": {"FirewallArn": f"{base}:firewall/f", "SubnetMappings": []},
                        "FirewallStatus": {"Status": "READY"},
                    }
                ]
            },
            "p": {
                "FirewallPolicyResponse": policy,
                "FirewallPolicy": {"StatelessDefaultActions": ["aws:drop"]},
            },
        },
    )
    assert found[f"{base}:firewall/f"]["FirewallStatus"] == {"Status": "READY"}
    assert found[policy["FirewallPolicyArn"]]["FirewallPolicy"] == {"StatelessDefaultActions": ["aws:drop"]}


def test_what_is_merely_listed_is_a_gap(tmp_path: Path):
    arn = f"arn:aws:network-firewall:eu-central-1:{ALICE}:stateful-rulegroup/r"
    found = reading(
        tmp_path,
        whole(
            {
                "a": {"RuleGroups": [{"Name": "r", "Arn": arn}]},
                "b": {"clusters": ["blue", "red"]},
                "c": {"cluster": {"name": "blue", "arn": f"arn:aws:eks:eu-central-1:{ALICE}:cluster/blue"}},
            }
        ),
    )
    assert sorted(gap.what for gap in found.gaps) == [arn, "red"]


@pytest.mark.parametrize(
    ("key", "thing", "kind", "address"),
    [
        (
            "clusters",
            {"clusterArn": "arn:aws:ecs:eu-central-1:1:cluster/a"},
            "clusters",
            "arn:aws:ecs:eu-central-1:1:cluster/a",
        ),
        (
            "clusters",
            {"name": "a", "arn": "arn:aws:eks:eu-central-1:1:cluster/a"},
            "eks:clusters",
            "arn:aws:eks:eu-central-1:1:cluster/a",
        ),
        (
            "cluster",
            {"name": "a", "arn": "arn:aws:eks:eu-central-1:1:cluster/a"},
            "eks:clusters",
            "arn:aws:eks:eu-central-1:1:cluster/a",
        ),
        (
            "Clusters",
            {"ClusterIdentifier": "a"},
            "Clusters",
            f"arn:aws:redshift:eu-central-1:{ALICE}:cluster:a",
        ),
        (
            "Clusters",
            {"Name": "a", "ARN": "arn:aws:memorydb:x", "NumberOfShards": 1},
            "memorydb:Clusters",
            "arn:aws:memorydb:x",
        ),
        (
            "Clusters",
            {"ClusterName": "a", "ClusterArn": "arn:aws:dax:x", "TotalNodes": 1},
            "dax:Clusters",
            "arn:aws:dax:x",
        ),
        ("FileSystems", {"FileSystemId": "fs-0a", "NumberOfMountTargets": 1}, "FileSystems", "fs-0a"),
        (
            "FileSystems",
            {"FileSystemId": "fs-0a", "ResourceARN": "arn:aws:fsx:x", "FileSystemType": "LUSTRE"},
            "fsx:FileSystems",
            "arn:aws:fsx:x",
        ),
        (
            "LoadBalancerDescriptions",
            {"LoadBalancerName": "a"},
            "LoadBalancerDescriptions",
            f"{ARN}:loadbalancer/a",
        ),
        ("Addresses", {"PublicIp": "3.0.0.1"}, "Addresses", "3.0.0.1"),
        ("Addresses", {"PublicIp": "3.0.0.1", "AllocationId": "eipalloc-0a"}, "Addresses", "eipalloc-0a"),
        (
            "LaunchTemplateVersions",
            {"LaunchTemplateId": "lt-0a", "VersionNumber": 3},
            "LaunchTemplateVersions",
            "lt-0a:3",
        ),
        (
            "VpcBlockPublicAccessOptions",
            {"AwsAccountId": ALICE, "AwsRegion": "eu-central-1", "InternetGatewayBlockMode": "off"},
            "VpcBlockPublicAccessOptions",
            f"{ALICE}:eu-central-1",
        ),
        ("HostedZones", {"Id": f"/hostedzone/{ZONE}"}, "HostedZones", ZONE),
    ],
)
def test_keys_that_services_share_are_told_apart(
    tmp_path: Path, key: str, thing: dict[str, Any], kind: str, address: str
):
    (found,) = there(reading(tmp_path, whole({"x": {key: [thing]}}))).values()
    assert (found.kind, found.address) == (kind, address)


def test_an_answer_that_is_the_thing_itself_is_read(tmp_path: Path):
    broker = {
        "BrokerArn": "arn:aws:mq:eu-central-1:1:broker:b",
        "BrokerId": "b-1",
        "SecurityGroups": ["sg-0a"],
        "SubnetIds": [],
    }
    assert bodies(tmp_path, {"a": broker}) == {broker["BrokerArn"]: broker}
    assert bodies(tmp_path, {"a": {"Brokers": [broker]}}) == {broker["BrokerArn"]: broker}


def test_what_no_kind_knows_is_kept_where_it_names_a_group(tmp_path: Path):
    arn = f"arn:aws:appstream:eu-central-1:{ALICE}:fleet/f"
    fleet = {
        "Name": "f",
        "IamRoleArn": "arn:aws:iam::1:role/r",
        "Arn": arn,
        "VpcConfig": {"SecurityGroupIds": ["sg-0123456789abcdef0"]},
    }
    found = there(
        reading(tmp_path, whole({"x": {"Things": [fleet, {"Name": "g", "SecurityGroups": ["default"]}]}}))
    )
    assert {address: each.kind for address, each in found.items()} == {arn: "Things"}


def subnet(**more: Any) -> dict[str, Any]:
    return {"Subnets": [{"SubnetId": "subnet-0a", "VpcId": "vpc-0a", "OwnerId": ALICE, **more}]}


def test_a_shared_subnet_is_one_thing_as_its_owner_sees_it(tmp_path: Path):
    guest = whole({"s": subnet(MapPublicIpOnLaunch=True, Seen="by guest")}, f"{BOB}/eu-central-1")
    owner = whole({"s": subnet(MapPublicIpOnLaunch=False)}, f"{ALICE}/eu-central-1")
    for answers in (owner | guest, guest | owner):
        found = reading(tmp_path, answers)
        (one,) = there(found).values()
        assert plain(one.body)["MapPublicIpOnLaunch"] is False
        assert plain(one.body)["Seen"] == "by guest"
        assert one.scope == Scope(account=ALICE, region="eu-central-1")
        assert found.gaps == ()


def test_both_sides_of_a_peering_are_one_thing(tmp_path: Path):
    def side(**more: Any) -> dict[str, Any]:
        return {
            "VpcPeeringConnections": [
                {"VpcPeeringConnectionId": "pcx-0a", "Status": {"Code": "active"}, **more}
            ]
        }

    mine = whole(
        {
            "p": side(
                RequesterVpcInfo={"VpcId": "vpc-0a", "CidrBlock": "10.0.0.0/16"},
                AccepterVpcInfo={"VpcId": "vpc-0b"},
            )
        }
    )
    yours = whole(
        {"p": side(AccepterVpcInfo={"VpcId": "vpc-0b", "CidrBlock": "10.1.0.0/16"})}, f"{BOB}/eu-west-1"
    )
    found = reading(tmp_path, mine | yours)
    (one,) = there(found).values()
    assert plain(one.body)["AccepterVpcInfo"] == {"VpcId": "vpc-0b", "CidrBlock": "10.1.0.0/16"}
    assert plain(one.body)["RequesterVpcInfo"]["CidrBlock"] == "10.0.0.0/16"
    assert found.gaps == ()


def test_two_things_that_one_account_says_of_one_thing_are_a_gap(tmp_path: Path):
    answers = {
        "s1": subnet(MapPublicIpOnLaunch=True, Tags=[{"Key": "a"}, {"Key": "b"}]),
        "s2": subnet(MapPublicIpOnLaunch=False, Tags=[{"Key": "b"}, {"Key": "a"}]),
    }
    found = reading(tmp_path, whole(answers))
    assert plain(there(found)["subnet-0a"].body)["MapPublicIpOnLaunch"] is True
    assert [gap.why for gap in found.gaps] == [
        f"{tmp_path / HERE / 's1.json'}:3:9 says something else of its MapPublicIpOnLaunch"
    ]
