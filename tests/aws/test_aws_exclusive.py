"""Who takes his list for all that there is, and what rules say that AWS ignores; settings of DNS."""

from __future__ import annotations

import pytest

from auditor.model import Direction, Truth
from tests.aws.build import at, collected, read, ref, resource, templated, unknown

BOTH = (Direction.INGRESS, Direction.EGRESS)
SSH = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.0.0/8"]}


def lifecycle(*names: str) -> dict[str, object]:
    return {"lifecycle": {"ignore_changes": list(names)}}


@pytest.mark.parametrize(
    ("body", "directions"),
    [
        ({}, ()),
        ({"ingress": [SSH]}, (Direction.INGRESS,)),
        ({"ingress": [SSH], "egress": [SSH]}, BOTH),
        ({"ingress": [SSH], **lifecycle("ingress")}, ()),
        ({"ingress": [SSH], **lifecycle("all")}, ()),
        ({"ingress": [SSH], **lifecycle("tags")}, (Direction.INGRESS,)),
    ],
)
def test_a_group_of_terraform_owns_the_directions_that_it_lists(
    body: dict[str, object], directions: tuple[Direction, ...]
):
    (group,) = read(resource("aws_security_group.g", vpc_id="vpc-1", **body)).groups
    assert group.exclusive == directions


def test_a_default_group_that_is_adopted_owns_both_directions():
    (group,) = read(resource("aws_default_security_group.g", vpc_id="vpc-1")).groups
    assert group.exclusive == BOTH


def test_a_template_and_a_snapshot_remove_nothing_that_others_add():
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
    template = templated("AWS::EC2::SecurityGroup", "g", VpcId="vpc-1", SecurityGroupIngress=[rule])
    told = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    snapshot = collected(
        "SecurityGroups", "sg-1", VpcId="vpc-1", IpPermissions=[told], IpPermissionsEgress=[]
    )
    for one in (template, snapshot):
        (group,) = read(one).groups
        assert group.exclusive == ()


def test_a_table_owns_its_routes_where_it_lists_some():
    route = {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-0123456789abcdef0"}
    listing, bare, default = read(
        resource("aws_route_table.listing", vpc_id="vpc-1", route=[route]),
        resource("aws_route_table.bare", vpc_id="vpc-1"),
        resource("aws_default_route_table.default", default_route_table_id="rtb-1"),
    ).tables
    assert (listing.exclusive, bare.exclusive, default.exclusive) == (True, False, True)


def test_routes_and_entries_know_whether_they_stand_in_what_they_belong_to():
    entry = {"protocol": "tcp", "rule_no": 1, "action": "allow", "cidr_block": "10.0.0.0/8"}
    separate = {"protocol": "tcp", "rule_number": 2, "rule_action": "allow", "cidr_block": "10.0.0.0/8"}
    found = read(
        resource("aws_network_acl.a", vpc_id="vpc-1", ingress=[entry]),
        resource("aws_network_acl_rule.r", network_acl_id=ref("aws_network_acl.a.id"), **separate),
        resource("aws_route_table.t", vpc_id="vpc-1", route=[{"cidr_block": "::/0", "gateway_id": "igw-1"}]),
        resource(
            "aws_route.r",
            route_table_id=ref("aws_route_table.t.id"),
            destination_cidr_block="10.0.0.0/8",
            transit_gateway_id="tgw-1",
        ),
    )
    assert {one.number: one.inline for one in found.acl_entries} == {1: True, 2: False}
    assert {one.id: one.inline for one in found.routes} == {
        "aws_route_table.t.route[0]": True,
        "aws_route.r": False,
    }
    assert found.acls[0].exclusive == (Direction.INGRESS,)


@pytest.mark.parametrize(
    ("ports", "ignored", "sure"),
    [
        ({}, "", True),
        ({"from_port": 0, "to_port": 0}, "", True),
        ({"from_port": -1, "to_port": -1}, "", True),
        ({"from_port": 0, "to_port": 65535}, "", True),
        ({"from_port": 443, "to_port": 443}, "443", True),
        ({"from_port": 8000, "to_port": 8100}, "8000-8100", True),
        ({"from_port": unknown(), "to_port": 22}, "?-22", True),
        ({"from_port": unknown(), "to_port": 65535}, "?-65535", False),
        ({"from_port": 0, "to_port": unknown()}, "0-?", False),
        ({"from_port": unknown(), "to_port": unknown()}, "?", False),
    ],
)
def test_ports_beside_the_protocol_for_all_are_ignored(ports: dict[str, object], ignored: str, sure: bool):
    body = {"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "ip_protocol": "-1", **ports}
    (rule,) = read(resource("aws_vpc_security_group_ingress_rule.r", **body)).rules
    assert rule.ignored_ports == ignored
    assert (rule.ports_open == ()) is sure


@pytest.mark.parametrize(
    ("ports", "ignored"),
    [
        ({"from_port": 443, "to_port": 443}, "443"),
        ({"from_port": 0, "to_port": 0}, ""),
        ({"from_port": unknown(), "to_port": unknown()}, ""),
    ],
)
def test_ports_may_be_ignored_where_the_protocol_is_not_known(ports: dict[str, object], ignored: str):
    body = {"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "ip_protocol": unknown(), **ports}
    (rule,) = read(resource("aws_vpc_security_group_ingress_rule.r", **body)).rules
    assert rule.ignored_ports == ignored
    assert bool(rule.ports_open) is bool(ignored)


def test_ports_of_a_protocol_that_has_some_are_not_ignored():
    body = {"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "ip_protocol": "tcp"}
    (rule,) = read(resource("aws_vpc_security_group_ingress_rule.r", **body, from_port=22, to_port=22)).rules
    assert rule.ignored_ports == ""


def pairs(*statuses: str) -> list[dict[str, str]]:
    return [{"GroupId": f"sg-{number}", "PeeringStatus": status} for number, status in enumerate(statuses, 2)]


@pytest.mark.parametrize(
    ("statuses", "peers"),
    [(("active",), 1), (("deleted",), 0), (("deleted", "active"), 1), (("rejected", "expired"), 0)],
)
def test_a_group_by_a_peering_that_is_no_more_is_no_peer(statuses: tuple[str, ...], peers: int):
    told = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": pairs(*statuses)}
    found = read(
        collected("SecurityGroups", "sg-1", VpcId="vpc-1", IpPermissions=[told], IpPermissionsEgress=[])
    )
    (rule,) = (one for one in found.rules if one.direction is Direction.INGRESS)
    assert (len(rule.peers), rule.for_groups, rule.reasons) == (peers, peers == 0, ())


@pytest.mark.parametrize(
    ("body", "names", "support"),
    [
        ({}, Truth.NO, Truth.YES),
        ({"enable_dns_hostnames": True, "enable_dns_support": False}, Truth.YES, Truth.NO),
        ({"enable_dns_hostnames": unknown(), "enable_dns_support": unknown()}, Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_the_dns_settings_of_a_vpc_have_defaults(body: dict[str, object], names: Truth, support: Truth):
    (vpc,) = read(resource("aws_vpc.v", cidr_block="10.0.0.0/16", **body)).vpcs
    assert (vpc.dns_names.truth, vpc.dns_support.truth) == (names, support)


def test_a_snapshot_tells_the_dns_settings_of_a_vpc_apart_or_leaves_them_open():
    (bare,) = read(collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16")).vpcs
    assert (bare.dns_names.truth, bare.dns_support.truth) == (Truth.UNKNOWN, Truth.UNKNOWN)
    told = {"EnableDnsHostnames": {"Value": True}, "EnableDnsSupport": {"Value": False}}
    (known,) = read(collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16", **told)).vpcs
    assert (known.dns_names.truth, known.dns_support.truth) == (Truth.YES, Truth.NO)


@pytest.mark.parametrize(("given", "truth"), [({}, Truth.NO), ({"private_dns_enabled": True}, Truth.YES)])
def test_an_endpoint_of_terraform_has_private_dns_where_it_says_so(given: dict[str, object], truth: Truth):
    (one,) = read(
        resource("aws_vpc_endpoint.e", vpc_id="vpc-1", vpc_endpoint_type="Interface", **given)
    ).vpc_endpoints
    assert one.private_dns.truth is truth


def test_private_dns_may_be_a_resource_of_its_own():
    endpoint = resource("aws_vpc_endpoint.e", vpc_id="vpc-1", vpc_endpoint_type="Interface")
    setting = resource(
        "aws_vpc_endpoint_private_dns.d",
        vpc_endpoint_id=ref("aws_vpc_endpoint.e.id"),
        private_dns_enabled=True,
    )
    (one,) = read(endpoint, setting).vpc_endpoints
    assert one.private_dns.truth is Truth.YES


def test_an_endpoint_of_a_template_has_private_dns_where_it_says_so():
    body = {"VpcId": at("v"), "VpcEndpointType": "Interface"}
    (bare,) = read(templated("AWS::EC2::VPCEndpoint", "e", **body)).vpc_endpoints
    (told,) = read(templated("AWS::EC2::VPCEndpoint", "e", **body, PrivateDnsEnabled=True)).vpc_endpoints
    assert (bare.private_dns.truth, told.private_dns.truth) == (Truth.NO, Truth.YES)


def test_a_snapshot_that_omits_private_dns_leaves_it_open():
    body = {"VpcId": "vpc-1", "VpcEndpointType": "Interface"}
    (bare,) = read(collected("VpcEndpoints", "vpce-1", **body)).vpc_endpoints
    (told,) = read(collected("VpcEndpoints", "vpce-1", **body, PrivateDnsEnabled=False)).vpc_endpoints
    assert (bare.private_dns.truth, told.private_dns.truth) == (Truth.UNKNOWN, Truth.NO)
    assert bare.private_dns.reasons


NETWORK = {"network_configuration": {"subnets": ["subnet-1"], "security_groups": ["sg-1"]}}


@pytest.mark.parametrize(
    ("body", "pulls"),
    [
        ({"launch_type": "FARGATE"}, True),
        ({"launch_type": "EC2"}, False),
        ({}, False),
        ({"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT"}]}, True),
        (
            {"capacity_provider_strategy": [{"capacity_provider": unknown("", "FARGATE", "FARGATE_SPOT")}]},
            True,
        ),
        (
            {"capacity_provider_strategy": [{"capacity_provider": ref("aws_ecs_capacity_provider.c.name")}]},
            False,
        ),
        (
            {"capacity_provider_strategy": [{"capacity_provider": "mine"}, {"capacity_provider": "FARGATE"}]},
            False,
        ),
    ],
)
def test_tasks_pull_their_image_themselves_where_they_certainly_run_on_fargate(
    body: dict[str, object], pulls: bool
):
    (service,) = read(resource("aws_ecs_service.s", **NETWORK, **body)).workloads
    assert [one.services for one in service.calls] == ([("ecr.api", "ecr.dkr", "s3")] if pulls else [])
    assert [one.open for one in service.calls] == ([()] if pulls else [])


@pytest.mark.parametrize(
    "body",
    [
        {"launch_type": unknown()},
        {"capacity_provider_strategy": [{"capacity_provider": unknown()}]},
        {"capacity_provider_strategy": [{"capacity_provider": unknown("", "FARGATE", "mine")}]},
        {"capacity_provider_strategy": unknown()},
    ],
)
def test_tasks_may_pull_their_image_themselves_where_what_they_run_on_is_not_known(body: dict[str, object]):
    (service,) = read(resource("aws_ecs_service.s", **NETWORK, **body)).workloads
    assert [one.services for one in service.calls] == [("ecr.api", "ecr.dkr", "s3")]
    assert service.calls[0].open


def test_a_template_says_the_same_of_fargate():
    network = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"]}}
    one = templated("AWS::ECS::Service", "s", LaunchType="FARGATE", NetworkConfiguration=network)
    assert read(one).workloads[0].calls[0].services == ("ecr.api", "ecr.dkr", "s3")


def test_nodes_of_eks_call_ec2_and_the_registry():
    (nodes,) = read(resource("aws_eks_node_group.n", cluster_name="c", subnet_ids=["subnet-1"])).workloads
    assert nodes.calls[0].services == ("ec2", "ecr.api", "ecr.dkr", "s3")
