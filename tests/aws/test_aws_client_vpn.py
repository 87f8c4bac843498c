"""Client VPN endpoints: where they stand and where their clients may go."""

from __future__ import annotations

import pytest

from auditor.model import Truth, Workload
from auditor.traffic import EVERYTHING, NOTHING, Bounds, IntSet, Traffic, exact, parse_cidr
from auditor.tree import Resource
from tests.aws.alike import alike
from tests.aws.build import at, collected, possible, read, ref, resource, templated, unknown

VPC = resource("aws_vpc.v", cidr_block="10.0.0.0/16")
SUBNET = resource("aws_subnet.s", vpc_id=ref("aws_vpc.v.id"), cidr_block="10.0.1.0/24")
OWN = {"client_vpn_endpoint_id": ref("aws_ec2_client_vpn_endpoint.e.id")}
IN = resource("aws_ec2_client_vpn_network_association.a", subnet_id=ref("aws_subnet.s.id"), **OWN)


def to(*cidrs: str) -> Traffic:
    return Traffic.of(destinations=IntSet.union(map(parse_cidr, cidrs)))


def endpoint(**body: object) -> Resource:
    return resource("aws_ec2_client_vpn_endpoint.e", client_cidr_block="10.99.0.0/16", **body)


def rule(cidr: object) -> Resource:
    return resource("aws_ec2_client_vpn_authorization_rule.r", target_network_cidr=cidr, **OWN)


def route(cidr: object) -> Resource:
    return resource("aws_ec2_client_vpn_route.r", destination_cidr_block=cidr, **OWN)


def only(*resources: Resource) -> Workload:
    (found,) = read(VPC, SUBNET, IN, *resources).workloads
    return found


def test_an_endpoint_stands_in_its_subnets_with_the_groups_that_it_is_given():
    found = only(endpoint(security_group_ids=["sg-1"]))
    assert [link.id for link in found.subnets.items] == ["aws_subnet.s"]
    assert [link.id for link in found.groups.items] == ["sg-1"]
    assert (found.initiates, found.accepts, found.placed) == (True, False, True)


def test_an_endpoint_without_groups_has_the_default_one_of_its_vpc():
    found = only(endpoint())
    assert (found.groups.items, found.groups.open, found.default_group) == ((), (), True)


def test_an_endpoint_leaves_no_gap_but_one_on_a_transit_gateway_does():
    assert not read(VPC, SUBNET, IN, endpoint(), rule("10.0.0.0/16"), route("10.1.0.0/16")).gaps
    assert read(endpoint(transit_gateway_configuration=[{"transit_gateway_id": "tgw-1"}])).gaps


def test_an_endpoint_of_which_no_subnet_is_known_may_stand_anywhere():
    (found,) = read(endpoint()).workloads
    assert found.subnets.open


def test_clients_go_nowhere_without_a_rule():
    assert only(endpoint()).opens == exact(NOTHING)


def test_clients_go_into_the_vpc_that_a_rule_authorizes():
    assert only(endpoint(), rule("0.0.0.0/0")).opens == exact(to("10.0.0.0/16"))
    assert only(endpoint(), rule("10.0.2.0/24")).opens == exact(to("10.0.2.0/24"))


def test_clients_go_where_a_route_leads_and_a_rule_authorizes():
    found = only(endpoint(), rule("10.1.0.0/16"), route("10.1.4.0/24"))
    assert found.opens == exact(to("10.1.4.0/24"))


@pytest.mark.parametrize("one", [rule(unknown("var.x")), possible(rule("0.0.0.0/0"))])
def test_a_rule_that_is_not_known_lets_clients_go_perhaps(one: Resource):
    assert only(endpoint(), one).opens == Bounds(NOTHING, to("10.0.0.0/16"))


def test_what_a_vpc_outside_the_input_holds_may_be_anything():
    away = resource("aws_ec2_client_vpn_network_association.a", subnet_id="subnet-1", **OWN)
    (found,) = read(endpoint(), away, rule("10.0.0.0/8")).workloads
    assert found.opens == Bounds(NOTHING, to("10.0.0.0/8"))


def test_a_second_range_of_the_vpc_is_perhaps_routed():
    more = resource(
        "aws_vpc_ipv4_cidr_block_association.m", vpc_id=ref("aws_vpc.v.id"), cidr_block="10.5.0.0/16"
    )
    found = only(endpoint(), rule("10.0.0.0/8"), more).opens
    assert found == Bounds(to("10.0.0.0/16"), to("10.0.0.0/16", "10.5.0.0/16"))


def test_rules_that_a_snapshot_was_not_asked_for_may_be_any():
    subnet = collected(
        "ClientVpnTargetNetworks", "cvpn-assoc-1", ClientVpnEndpointId="cvpn-1", TargetNetworkId="s"
    )
    (found,) = read(collected("ClientVpnEndpoints", "cvpn-1", SecurityGroupIds=["sg-1"]), subnet).workloads
    assert found.opens == Bounds(NOTHING, EVERYTHING)


WORDS = {
    **dict.fromkeys(("aws_ec2_client_vpn_endpoint.e", "net/e", "cvpn-1"), "endpoint"),
    **dict.fromkeys(("aws_subnet.s", "net/s", "subnet-1"), "subnet"),
    **dict.fromkeys(("aws_vpc.v", "net/v", "vpc-1"), "vpc"),
}


def test_one_endpoint_in_three_dialects_is_one():
    code = read(
        VPC,
        SUBNET,
        IN,
        endpoint(security_group_ids=["sg-1"], vpc_id=ref("aws_vpc.v.id")),
        rule("10.1.0.0/16"),
        route("10.1.0.0/16"),
    )
    own = {"ClientVpnEndpointId": at("e")}
    template = read(
        templated("AWS::EC2::VPC", "v", CidrBlock="10.0.0.0/16"),
        templated("AWS::EC2::Subnet", "s", VpcId=at("v"), CidrBlock="10.0.1.0/24"),
        templated("AWS::EC2::ClientVpnEndpoint", "e", SecurityGroupIds=["sg-1"], VpcId=at("v")),
        templated("AWS::EC2::ClientVpnTargetNetworkAssociation", "a", SubnetId=at("s"), **own),
        templated("AWS::EC2::ClientVpnAuthorizationRule", "r", TargetNetworkCidr="10.1.0.0/16", **own),
        templated("AWS::EC2::ClientVpnRoute", "o", DestinationCidrBlock="10.1.0.0/16", **own),
    )
    told = {"ClientVpnEndpointId": "cvpn-1"}
    snapshot = read(
        collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16"),
        collected("Subnets", "subnet-1", VpcId="vpc-1", CidrBlock="10.0.1.0/24"),
        collected("ClientVpnEndpoints", "cvpn-1", SecurityGroupIds=["sg-1"], VpcId="vpc-1"),
        collected("ClientVpnTargetNetworks", "assoc-1", TargetNetworkId="subnet-1", **told),
        collected("AuthorizationRules", "cvpn-1:10.1.0.0/16", DestinationCidr="10.1.0.0/16", **told),
        collected(
            "ClientVpnRoutes", "ClientVpnRoutes/cvpn-1:10.1.0.0/16", DestinationCidr="10.1.0.0/16", **told
        ),
    )
    wanted = alike(code, ["workloads"], WORDS)
    assert len(wanted) == 1
    assert "accepts=False" in wanted[0]
    assert alike(template, ["workloads"], WORDS) == alike(snapshot, ["workloads"], WORDS) == wanted


def test_whether_an_endpoint_has_public_addresses_is_open():
    found = only(endpoint()).public
    assert found is not None
    assert found.truth is Truth.UNKNOWN
