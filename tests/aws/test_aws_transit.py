"""Transit gateways, what is attached to them, and their tables, in three dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import (
    AddressPeer,
    AttachmentKind,
    Inventory,
    PrefixListPeer,
    TransitAttachment,
    Truth,
)
from auditor.tree import Presence, Resource, Scope
from tests.aws.alike import alike
from tests.aws.build import at, collected, possible, read, ref, resource, templated, unknown

HUB = resource("aws_ec2_transit_gateway.hub")
ON = {"transit_gateway_id": ref("aws_ec2_transit_gateway.hub.id")}
SPOKE = resource(
    "aws_ec2_transit_gateway_vpc_attachment.a",
    vpc_id=ref("aws_vpc.a.id"),
    subnet_ids=[ref("aws_subnet.a.id")],
    **ON,
)
ATTACHED = ref("aws_ec2_transit_gateway_vpc_attachment.a.id")


def only(*resources: Resource) -> TransitAttachment:
    (found,) = read(*resources).transit_attachments
    return found


def names(found: Inventory) -> dict[str, str]:
    return {alias.id: alias.of for alias in found.aliases}


def test_a_transit_gateway_leaves_no_gap():
    assert not read(HUB, SPOKE).gaps


def test_a_gateway_comes_with_one_default_table_by_two_names():
    found = read(HUB)
    (gateway,), (table,) = found.transit_gateways, found.transit_tables
    own = "aws_ec2_transit_gateway.hub.association_default_route_table_id"
    assert (table.id, table.gateway.id) == (own, "aws_ec2_transit_gateway.hub")
    assert names(found)["aws_ec2_transit_gateway.hub.propagation_default_route_table_id"] == own
    assert gateway.association_table is not None
    assert gateway.propagation_table is not None
    assert {gateway.association_table.id, gateway.propagation_table.id} == {own}
    assert gateway.group_references.truth is Truth.NO


OFF = {"default_route_table_association": "disable", "default_route_table_propagation": "disable"}


def test_a_gateway_without_defaults_has_no_default_table():
    found = read(resource("aws_ec2_transit_gateway.hub", **OFF))
    (gateway,) = found.transit_gateways
    assert (gateway.association_table, gateway.propagation_table, found.transit_tables) == (None, None, ())


def test_a_gateway_that_only_associates_by_default_has_the_table_all_the_same():
    found = read(resource("aws_ec2_transit_gateway.hub", default_route_table_propagation="disable"))
    assert found.transit_gateways[0].propagation_table is None
    assert len(found.transit_tables) == 1


def test_whether_there_is_a_default_table_can_be_open():
    found = read(resource("aws_ec2_transit_gateway.hub", **dict.fromkeys(OFF, unknown("var.x"))))
    link = found.transit_gateways[0].association_table
    assert link is not None
    assert (link.certain, bool(link.reasons)) == (False, True)
    assert found.transit_tables[0].presence is Presence.POSSIBLE


def test_the_default_table_that_a_state_names_is_the_gateways():
    known = "tgw-rtb-0123456789abcdef0"
    found = read(resource("aws_ec2_transit_gateway.hub", association_default_route_table_id=known))
    assert names(found)[known] == found.transit_tables[0].id


def test_a_default_table_that_is_set_later_may_be_either():
    setter = resource(
        "aws_ec2_transit_gateway_default_route_table_association.d",
        transit_gateway_route_table_id=ref("aws_ec2_transit_gateway_route_table.t.id"),
        **ON,
    )
    link = read(HUB, setter).transit_gateways[0].association_table
    assert link is not None
    own = "aws_ec2_transit_gateway.hub.association_default_route_table_id"
    assert (link.certain, link.among) == (False, (own, "aws_ec2_transit_gateway_route_table.t"))


def test_an_attachment_has_its_vpc_and_subnets_and_the_defaults():
    found = only(HUB, SPOKE)
    assert (found.kind, found.gateway.id) == (AttachmentKind.VPC, "aws_ec2_transit_gateway.hub")
    assert found.vpc is not None
    assert (found.vpc.id, [link.id for link in found.subnets.items]) == ("aws_vpc.a", ["aws_subnet.a"])
    facts = (found.default_association, found.default_propagation, found.active, found.group_references)
    assert {fact.truth for fact in facts} == {Truth.YES}
    assert found.appliance_mode.truth is Truth.NO


def test_an_attachment_may_leave_the_default_tables_alone():
    found = only(
        resource(
            "aws_ec2_transit_gateway_vpc_attachment.a",
            vpc_id="vpc-1",
            subnet_ids=unknown("var.subnets"),
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=unknown("var.p"),
            appliance_mode_support="enable",
            security_group_referencing_support="disable",
            **ON,
        )
    )
    assert (found.default_association.truth, found.default_propagation.truth) == (Truth.NO, Truth.UNKNOWN)
    assert (found.appliance_mode.truth, found.group_references.truth) == (Truth.YES, Truth.NO)
    assert found.subnets.open


def of(one: Resource, account: str) -> Resource:
    return replace(one, scope=Scope("main.tf", account, ""))


ACCEPTER = resource(
    "aws_ec2_transit_gateway_vpc_attachment_accepter.a", transit_gateway_attachment_id=ATTACHED
)


@pytest.mark.parametrize(
    ("resources", "active"),
    [
        ((HUB, of(SPOKE, "222222222222")), Truth.UNKNOWN),
        ((HUB, of(SPOKE, "222222222222"), ACCEPTER), Truth.YES),
        ((HUB, of(SPOKE, "222222222222"), possible(ACCEPTER)), Truth.UNKNOWN),
        (
            (
                resource("aws_ec2_transit_gateway.hub", auto_accept_shared_attachments="enable"),
                of(SPOKE, "2"),
            ),
            Truth.YES,
        ),
        ((SPOKE,), Truth.YES),
    ],
)
def test_who_shares_a_gateway_accepts_what_others_attach(resources: tuple[Resource, ...], active: Truth):
    assert only(*resources).active.truth is active


def test_who_accepts_says_whether_the_default_tables_hold():
    accepter = resource(
        "aws_ec2_transit_gateway_vpc_attachment_accepter.a",
        transit_gateway_attachment_id=ATTACHED,
        transit_gateway_default_route_table_association=False,
    )
    assert only(HUB, SPOKE, accepter).default_association.truth is Truth.NO


def test_what_is_accepted_and_declared_elsewhere_is_an_attachment_of_something():
    found = read(
        resource(
            "aws_ec2_transit_gateway_vpc_attachment_accepter.a",
            transit_gateway_attachment_id=unknown("var.attachment"),
        )
    )
    (one,) = found.transit_attachments
    assert one.vpc is not None
    assert (one.id, one.gateway.any, one.vpc.any, bool(one.subnets.open)) == (
        "var.attachment",
        True,
        True,
        True,
    )
    assert names(found)["aws_ec2_transit_gateway_vpc_attachment_accepter.a"] == "var.attachment"


def test_a_gateway_of_another_account_keeps_its_identity():
    found = only(
        resource(
            "aws_ec2_transit_gateway_vpc_attachment.a",
            transit_gateway_id=unknown("data.aws_ec2_transit_gateway.hub.id"),
            vpc_id="vpc-1",
            subnet_ids=["subnet-1"],
        )
    )
    assert found.gateway.id == "data.aws_ec2_transit_gateway.hub.id"


def test_a_peering_of_gateways_has_two_ends_and_waits_for_consent():
    peering = resource(
        "aws_ec2_transit_gateway_peering_attachment.p",
        peer_transit_gateway_id=ref("aws_ec2_transit_gateway.far.id"),
        **ON,
    )
    accepter = resource(
        "aws_ec2_transit_gateway_peering_attachment_accepter.p",
        transit_gateway_attachment_id=ref("aws_ec2_transit_gateway_peering_attachment.p.id"),
    )
    open_, accepted = only(HUB, peering), only(HUB, peering, accepter)
    assert accepted.peer is not None
    assert (accepted.kind, accepted.peer.id) == (AttachmentKind.PEERING, "aws_ec2_transit_gateway.far")
    assert (open_.active.truth, accepted.active.truth) == (Truth.UNKNOWN, Truth.YES)
    assert accepted.default_propagation.truth is Truth.NO


def test_behind_connect_may_be_any_network():
    found = read(resource("aws_ec2_transit_gateway_connect.c", transport_attachment_id=ATTACHED, **ON))
    (network,) = found.private_networks
    assert network.attachment is not None
    assert (network.attachment.id, bool(network.prefixes.must)) == (
        "aws_ec2_transit_gateway_connect.c",
        False,
    )
    assert network.reasons


TABLE = resource("aws_ec2_transit_gateway_route_table.t", **ON)
IN_TABLE = {
    "transit_gateway_route_table_id": ref("aws_ec2_transit_gateway_route_table.t.id"),
    "transit_gateway_attachment_id": ATTACHED,
}


def test_a_route_may_be_a_black_hole():
    body = {**IN_TABLE, "destination_cidr_block": "10.0.0.0/8"}
    (hole,) = read(TABLE, resource("aws_ec2_transit_gateway_route.r", **body, blackhole=True)).transit_routes
    assert hole.attachment is None
    either = read(
        TABLE, resource("aws_ec2_transit_gateway_route.r", **body, blackhole=unknown())
    ).transit_routes
    assert [(one.attachment is None, one.presence) for one in either] == [
        (False, Presence.POSSIBLE),
        (True, Presence.POSSIBLE),
    ]


def test_a_route_to_an_unknown_destination_is_bounded_and_says_why():
    body = {**IN_TABLE, "destination_cidr_block": unknown("var.cidr")}
    (route,) = read(TABLE, resource("aws_ec2_transit_gateway_route.r", **body)).transit_routes
    assert isinstance(route.destination, AddressPeer)
    assert (bool(route.destination.addresses.must), bool(route.destination.reasons)) == (False, True)


TERRAFORM = (
    resource("aws_vpc.a", cidr_block="10.0.0.0/16"),
    resource("aws_subnet.a", vpc_id=ref("aws_vpc.a.id"), cidr_block="10.0.1.0/24"),
    resource("aws_ec2_managed_prefix_list.l", entry=[{"cidr": "10.9.0.0/16"}]),
    resource("aws_ec2_transit_gateway.hub", security_group_referencing_support="enable", **OFF),
    resource(
        "aws_ec2_transit_gateway_vpc_attachment.a",
        vpc_id=ref("aws_vpc.a.id"),
        subnet_ids=[ref("aws_subnet.a.id")],
        appliance_mode_support="enable",
        transit_gateway_default_route_table_association=False,
        transit_gateway_default_route_table_propagation=False,
        **ON,
    ),
    TABLE,
    resource("aws_ec2_transit_gateway_route_table_association.a", **IN_TABLE),
    resource("aws_ec2_transit_gateway_route_table_propagation.a", **IN_TABLE),
    resource("aws_ec2_transit_gateway_route.r", destination_cidr_block="10.8.0.0/16", **IN_TABLE),
    resource(
        "aws_ec2_transit_gateway_route.h",
        destination_cidr_block="10.7.0.0/16",
        blackhole=True,
        transit_gateway_route_table_id=IN_TABLE["transit_gateway_route_table_id"],
    ),
)
IN_TEMPLATE = {"TransitGatewayRouteTableId": at("t"), "TransitGatewayAttachmentId": at("a", "Id")}
TEMPLATE = (
    templated("AWS::EC2::VPC", "v", CidrBlock="10.0.0.0/16"),
    templated("AWS::EC2::Subnet", "s", VpcId=at("v"), CidrBlock="10.0.1.0/24"),
    templated("AWS::EC2::PrefixList", "l", Entries=[{"Cidr": "10.9.0.0/16"}]),
    templated(
        "AWS::EC2::TransitGateway",
        "hub",
        DefaultRouteTableAssociation="disable",
        DefaultRouteTablePropagation="disable",
        SecurityGroupReferencingSupport="enable",
    ),
    templated(
        "AWS::EC2::TransitGatewayVpcAttachment",
        "a",
        VpcId=at("v"),
        SubnetIds=[at("s")],
        TransitGatewayId=at("hub"),
        Options={"ApplianceModeSupport": "enable"},
    ),
    templated("AWS::EC2::TransitGatewayRouteTable", "t", TransitGatewayId=at("hub", "Id")),
    templated("AWS::EC2::TransitGatewayRouteTableAssociation", "as", **IN_TEMPLATE),
    templated("AWS::EC2::TransitGatewayRouteTablePropagation", "pr", **IN_TEMPLATE),
    templated("AWS::EC2::TransitGatewayRoute", "r", DestinationCidrBlock="10.8.0.0/16", **IN_TEMPLATE),
    templated(
        "AWS::EC2::TransitGatewayRoute",
        "h",
        DestinationCidrBlock="10.7.0.0/16",
        Blackhole=True,
        TransitGatewayRouteTableId=at("t"),
    ),
)
ONE = {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceId": "vpc-1", "ResourceType": "vpc"}
SNAPSHOT = (
    collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16"),
    collected("Subnets", "subnet-1", VpcId="vpc-1", CidrBlock="10.0.1.0/24"),
    collected("PrefixLists", "pl-1", Entries=[{"Cidr": "10.9.0.0/16"}]),
    collected(
        "TransitGateways",
        "tgw-1",
        Options={
            "DefaultRouteTableAssociation": "disable",
            "DefaultRouteTablePropagation": "disable",
            "SecurityGroupReferencingSupport": "enable",
        },
    ),
    collected(
        "TransitGatewayVpcAttachments",
        "tgw-attach-1",
        VpcId="vpc-1",
        SubnetIds=["subnet-1"],
        TransitGatewayId="tgw-1",
        Options={"ApplianceModeSupport": "enable", "SecurityGroupReferencingSupport": "enable"},
    ),
    collected(
        "TransitGatewayRouteTables",
        "tgw-rtb-1",
        TransitGatewayId="tgw-1",
        Associations=[{**ONE, "State": "associated"}],
        TransitGatewayRouteTablePropagations=[{**ONE, "State": "enabled"}],
        TransitGatewayPrefixListReferences=[],
        Routes=[
            {
                "DestinationCidrBlock": "10.8.0.0/16",
                "Type": "static",
                "State": "active",
                "TransitGatewayAttachments": [ONE],
            },
            {"DestinationCidrBlock": "10.7.0.0/16", "Type": "static", "State": "blackhole"},
            {
                "DestinationCidrBlock": "10.0.0.0/16",
                "Type": "propagated",
                "State": "active",
                "TransitGatewayAttachments": [ONE],
            },
            {
                "DestinationCidrBlock": "10.6.0.0/16",
                "Type": "static",
                "State": "deleted",
                "TransitGatewayAttachments": [ONE],
            },
        ],
    ),
)
LISTS = tuple(
    f"transit_{name}"
    for name in ("gateways", "attachments", "tables", "associations", "propagations", "routes")
)
WORDS = {
    **dict.fromkeys(("aws_vpc.a", "net/v", "vpc-1"), "vpc"),
    **dict.fromkeys(("aws_subnet.a", "net/s", "subnet-1"), "subnet"),
    **dict.fromkeys(("aws_ec2_transit_gateway.hub", "net/hub", "tgw-1"), "hub"),
    **dict.fromkeys(("aws_ec2_transit_gateway_vpc_attachment.a", "net/a", "tgw-attach-1"), "attachment"),
    **dict.fromkeys(("aws_ec2_transit_gateway_route_table.t", "net/t", "tgw-rtb-1"), "table"),
}
# A template cannot keep an attachment from the default tables; here the gateway has none.
DEFAULTS = ("default_association", "default_propagation")


@pytest.mark.parametrize("other", [TEMPLATE, SNAPSHOT])
def test_one_transit_gateway_in_three_dialects_is_one(other: tuple[Resource, ...]):
    code, found = (alike(read(*each), LISTS, WORDS, *DEFAULTS) for each in (TERRAFORM, other))
    assert len(code) == 7
    assert found == code


def test_a_snapshot_names_the_tables_of_all_attachments():
    (one,) = read(*SNAPSHOT).transit_attachments
    assert {one.default_association.truth, one.default_propagation.truth} == {Truth.NO}


def test_what_was_not_asked_of_a_table_is_open():
    bare = collected("TransitGatewayRouteTables", "tgw-rtb-1", TransitGatewayId="tgw-1")
    found = read(*SNAPSHOT[:-1], bare)
    (one,) = found.transit_attachments
    assert {one.default_association.truth, one.default_propagation.truth} == {Truth.UNKNOWN}
    parts = (*found.transit_associations, *found.transit_propagations, *found.transit_routes)
    assert [part.presence for part in parts] == [Presence.POSSIBLE] * 3
    assert all(part.attachment is not None and part.attachment.any for part in parts)


def listed(kind: str, resource: str, **more: object) -> Resource:
    body = {"ResourceType": kind, "ResourceId": resource, "TransitGatewayId": "tgw-1", **more}
    return collected("TransitGatewayAttachments", "tgw-attach-9", **body)


def test_an_attachment_that_is_only_listed_names_its_vpc_and_leaves_its_subnets_open():
    one = only(listed("vpc", "vpc-9"))
    assert one.vpc is not None
    assert (one.kind, one.vpc.id, bool(one.subnets.open)) == (AttachmentKind.VPC, "vpc-9", True)


def test_an_attachment_of_a_kind_that_is_not_read_is_a_gap():
    found = read(listed("teleporter", "fw-1"))
    assert (found.transit_attachments[0].kind, len(found.gaps)) == (AttachmentKind.UNKNOWN, 1)


def test_the_attachment_of_a_vpn_is_known_by_its_connection():
    found = read(listed("vpn", "vpn-1"), collected("VpnConnections", "vpn-1", TransitGatewayId="tgw-1"))
    (network,) = found.private_networks
    assert network.attachment is not None
    assert names(found)[network.attachment.id] == found.transit_attachments[0].id


def test_a_prefix_list_and_the_routes_that_come_of_it_are_one_reference():
    reference = {
        "PrefixListId": "pl-1",
        "TransitGatewayAttachment": ONE,
        "State": "available",
        "Blackhole": False,
    }
    made = {
        "DestinationCidrBlock": "10.9.0.0/16",
        "PrefixListId": "pl-1",
        "Type": "static",
        "State": "active",
        "TransitGatewayAttachments": [ONE],
    }
    table = collected(
        "TransitGatewayRouteTables",
        "tgw-rtb-1",
        TransitGatewayId="tgw-1",
        Routes=[made],
        TransitGatewayPrefixListReferences=[reference],
        Associations=[],
        TransitGatewayRouteTablePropagations=[],
    )
    (route,) = read(table).transit_routes
    assert isinstance(route.destination, PrefixListPeer)
    assert route.attachment is not None
    assert (route.destination.prefix_list.id, route.attachment.id) == ("pl-1", "tgw-attach-1")


def test_traffic_that_is_shared_among_attachments_goes_to_one_of_them():
    two = {**ONE, "TransitGatewayAttachmentId": "tgw-attach-2"}
    table = collected(
        "TransitGatewayRouteTables",
        "tgw-rtb-1",
        TransitGatewayId="tgw-1",
        Associations=[],
        TransitGatewayRouteTablePropagations=[],
        Routes=[
            {
                "DestinationCidrBlock": "10.9.0.0/16",
                "Type": "static",
                "State": "active",
                "TransitGatewayAttachments": [ONE, two],
            }
        ],
    )
    (route,) = read(table).transit_routes
    assert route.attachment is not None
    assert (route.attachment.certain, route.attachment.among) == (False, ("tgw-attach-1", "tgw-attach-2"))


def test_both_ends_of_a_peering_are_told_by_a_snapshot():
    one = only(
        collected(
            "TransitGatewayPeeringAttachments",
            "tgw-attach-3",
            RequesterTgwInfo={"TransitGatewayId": "tgw-1", "Region": "eu-west-1"},
            AccepterTgwInfo={"TransitGatewayId": "tgw-2", "Region": "us-east-1"},
            State="available",
        )
    )
    assert one.peer is not None
    assert (one.gateway.id, one.peer.id, one.active.truth) == ("tgw-1", "tgw-2", Truth.YES)


VPN = resource("aws_vpn_connection.c", type_="ipsec.1", **ON)


def test_the_attachment_that_a_vpn_is_asked_for_is_its_own():
    data = resource(
        "data.aws_ec2_transit_gateway_vpn_attachment.v",
        vpn_connection_id=ref("aws_vpn_connection.c.id"),
        **ON,
    )
    found = read(HUB, VPN, data)
    own = names(found)["data.aws_ec2_transit_gateway_vpn_attachment.v.id"]
    assert own == found.transit_attachments[0].id


@pytest.mark.parametrize(("gateway", "found"), [("dx-1", True), ("dx-2", False)])
def test_the_attachment_that_direct_connect_is_asked_for_is_that_of_its_association(
    gateway: str, found: bool
):
    association = resource(
        "aws_dx_gateway_association.d",
        dx_gateway_id="dx-1",
        associated_gateway_id=ref("aws_ec2_transit_gateway.hub.id"),
    )
    data = resource("data.aws_ec2_transit_gateway_dx_gateway_attachment.d", dx_gateway_id=gateway, **ON)
    inventory = read(HUB, association, data)
    own = names(inventory).get("data.aws_ec2_transit_gateway_dx_gateway_attachment.d.id")
    assert own == (inventory.transit_attachments[0].id if found else None)


def test_the_default_table_that_filters_ask_for_is_the_gateways():
    data = resource(
        "data.aws_ec2_transit_gateway_route_table.d",
        filter=[
            {"name": "transit-gateway-id", "values": [ref("aws_ec2_transit_gateway.hub.id")]},
            {"name": "default-association-route-table", "values": ["true"]},
        ],
    )
    own = names(read(HUB, data))["data.aws_ec2_transit_gateway_route_table.d.id"]
    assert own == "aws_ec2_transit_gateway.hub.association_default_route_table_id"
