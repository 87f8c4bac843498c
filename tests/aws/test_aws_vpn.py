"""The networks outside AWS that VPNs and Direct Connect bring."""

from __future__ import annotations

import pytest

from auditor.model import AttachmentKind, PrivateNetwork, Truth
from auditor.traffic import ANY, UNICAST_IPV4, exact, parse_cidr
from auditor.tree import Presence, Resource
from tests.aws.alike import alike
from tests.aws.build import at, collected, possible, read, ref, resource, templated, unknown

EDGE = {"vpn_gateway_id": ref("aws_vpn_gateway.v.id")}
HUB = {"transit_gateway_id": ref("aws_ec2_transit_gateway.hub.id")}
VPN = ref("aws_vpn_connection.c.id")


def vpn(**body: object) -> Resource:
    return resource("aws_vpn_connection.c", customer_gateway_id="cgw-1", type_="ipsec.1", **body)


def route(cidr: object, **body: object) -> Resource:
    return resource(
        "aws_vpn_connection_route.r", **{"destination_cidr_block": cidr, "vpn_connection_id": VPN, **body}
    )


def only(*resources: Resource) -> PrivateNetwork:
    (found,) = read(*resources).private_networks
    return found


def test_a_vpn_leaves_no_gap():
    assert not read(vpn(**EDGE), route("192.168.0.0/16")).gaps


def test_static_routes_say_what_is_behind_a_vpn():
    found = only(vpn(static_routes_only=True, **EDGE), route("192.168.0.0/16"))
    assert found.gateway is not None
    assert (found.gateway.id, found.attachment) == ("aws_vpn_gateway.v", None)
    assert (found.prefixes, found.reasons) == (exact(parse_cidr("192.168.0.0/16")), ())


@pytest.mark.parametrize(
    "one",
    [
        route(unknown("var.cidr")),
        possible(route("192.168.0.0/16")),
        route("192.168.0.0/16", vpn_connection_id=unknown()),
        route("0.0.0.0/0"),
    ],
)
def test_a_static_route_that_is_not_certain_is_not_certainly_behind(one: Resource):
    found = only(vpn(static_routes_only=True, **EDGE), one)
    assert (bool(found.prefixes.must), bool(found.prefixes.may), bool(found.reasons)) == (False, True, True)


@pytest.mark.parametrize("static", [False, unknown("var.static")])
def test_what_is_announced_may_be_anything_and_says_why(static: object):
    found = only(vpn(static_routes_only=static, **EDGE), route("192.168.0.0/16"))
    assert (bool(found.prefixes.must), found.prefixes.may) == (False, UNICAST_IPV4)
    assert found.reasons


def test_a_vpn_on_a_transit_gateway_is_attached_to_it():
    table = {"transit_gateway_route_table_id": "tgw-rtb-1"}
    own = ref("aws_vpn_connection.c.transit_gateway_attachment_id")
    to = {"transit_gateway_attachment_id": own, "destination_cidr_block": "192.168.0.0/16"}
    found = read(
        vpn(static_routes_only=True, **HUB), resource("aws_ec2_transit_gateway_route.r", **to, **table)
    )
    (attachment,), (network,) = found.transit_attachments, found.private_networks
    assert (attachment.kind, attachment.gateway.id) == (AttachmentKind.VPN, "aws_ec2_transit_gateway.hub")
    assert network.attachment is not None
    (route_,) = found.transit_routes
    assert route_.attachment is not None
    assert network.attachment.id == attachment.id == route_.attachment.id
    assert (network.prefixes.must, network.prefixes.may) == (parse_cidr("192.168.0.0/16"), ANY)
    assert network.reasons


def test_a_vpn_that_goes_to_either_gateway_certainly_goes_to_none():
    found = read(vpn(transit_gateway_id=unknown("var.t"), vpn_gateway_id=unknown("var.v")))
    assert [one.presence for one in found.private_networks] == [Presence.POSSIBLE] * 2


def test_a_concentrator_is_a_gap():
    assert len(read(vpn(vpn_concentrator_id="vcn-1")).gaps) == 1


LISTS = ("private_networks", "transit_attachments")
WORDS = {
    **dict.fromkeys(("aws_vpn_connection.c", "net/c", "vpn-1"), "vpn"),
    **dict.fromkeys(("aws_vpn_gateway.v", "net/v", "vgw-1"), "vgw"),
}


def test_one_vpn_in_three_dialects_is_one():
    gateway = resource("aws_vpn_gateway.v", vpc_id="vpc-1")
    code = read(gateway, vpn(static_routes_only=True, **EDGE), route("192.168.0.0/16"))
    template = read(
        templated("AWS::EC2::VPNGateway", "v", Type="ipsec.1"),
        templated(
            "AWS::EC2::VPNConnection", "c", VpnGatewayId=at("v"), StaticRoutesOnly=True, Type="ipsec.1"
        ),
        templated(
            "AWS::EC2::VPNConnectionRoute",
            "r",
            DestinationCidrBlock="192.168.0.0/16",
            VpnConnectionId=at("c", "VpnConnectionId"),
        ),
    )
    snapshot = read(
        collected("VpnGateways", "vgw-1", VpcAttachments=[]),
        collected(
            "VpnConnections",
            "vpn-1",
            VpnGatewayId="vgw-1",
            Options={"StaticRoutesOnly": True},
            Routes=[
                {"DestinationCidrBlock": "192.168.0.0/16", "State": "available"},
                {"DestinationCidrBlock": "10.99.0.0/16", "State": "deleted"},
            ],
        ),
    )
    wanted = alike(code, LISTS, WORDS)
    assert len(wanted) == 1
    assert alike(template, LISTS, WORDS) == alike(snapshot, LISTS, WORDS) == wanted


def test_routes_that_a_snapshot_was_not_asked_for_may_be_anything():
    connection = {"VpnGatewayId": "vgw-1", "Options": {"StaticRoutesOnly": True}}
    found = only(collected("VpnConnections", "vpn-1", **connection))
    assert (bool(found.prefixes.must), found.prefixes.may) == (False, UNICAST_IPV4)


def association(gateway: object, **body: object) -> Resource:
    return resource(
        "aws_dx_gateway_association.d", dx_gateway_id="dx-1", associated_gateway_id=gateway, **body
    )


def test_allowed_prefixes_do_not_bound_what_direct_connect_brings():
    found = only(association(ref("aws_vpn_gateway.v.id"), allowed_prefixes=["10.0.0.0/16"]))
    assert found.gateway is not None
    assert (found.gateway.id, bool(found.prefixes.must), found.prefixes.may) == (
        "aws_vpn_gateway.v",
        False,
        ANY,
    )
    assert (found.presence, bool(found.reasons)) == (Presence.CERTAIN, True)


@pytest.mark.parametrize("gateway", [ref("aws_ec2_transit_gateway.hub.id"), "tgw-0123"])
def test_direct_connect_is_attached_to_a_transit_gateway(gateway: object):
    found = read(association(gateway))
    (attachment,), (network,) = found.transit_attachments, found.private_networks
    assert attachment.kind is AttachmentKind.DIRECT_CONNECT
    assert network.attachment is not None
    assert network.attachment.id == attachment.id


def test_direct_connect_to_what_is_not_known_is_possible_at_both():
    found = read(association(unknown("var.gateway")))
    assert [one.presence for one in found.private_networks] == [Presence.POSSIBLE] * 2
    assert len(found.transit_attachments) == 1


def test_a_proposal_waits_until_an_association_accepts_it():
    proposal = resource(
        "aws_dx_gateway_association_proposal.p", dx_gateway_id="dx-1", associated_gateway_id="vgw-1"
    )
    accepting = resource(
        "aws_dx_gateway_association.d",
        dx_gateway_id="dx-1",
        proposal_id=ref("aws_dx_gateway_association_proposal.p.id"),
    )
    assert only(proposal).active.truth is Truth.UNKNOWN
    found = only(proposal, accepting)
    assert found.gateway is not None
    assert (found.active.truth, found.gateway.id) == (Truth.YES, "vgw-1")


@pytest.mark.parametrize(
    ("one", "networks"),
    [
        (resource("aws_dx_private_virtual_interface.i", vpn_gateway_id="vgw-1"), 1),
        (resource("aws_dx_private_virtual_interface.i", dx_gateway_id="dx-1"), 0),
        (resource("aws_dx_hosted_private_virtual_interface_accepter.i", vpn_gateway_id="vgw-1"), 1),
        (resource("aws_dx_transit_virtual_interface.i", dx_gateway_id="dx-1"), 0),
        (
            collected(
                "virtualInterfaces", "dxvif-1", virtualGatewayId="vgw-1", virtualInterfaceType="private"
            ),
            1,
        ),
        (collected("virtualInterfaces", "dxvif-1", virtualGatewayId="", directConnectGatewayId="dx-1"), 0),
    ],
)
def test_a_private_interface_brings_its_network_to_its_virtual_private_gateway(one: Resource, networks: int):
    found = read(one)
    assert (len(found.private_networks), found.gaps) == (networks, ())


def test_an_association_in_three_dialects_is_one():
    words = dict.fromkeys(("aws_dx_gateway_association.d", "net/d", "assoc-1"), "d")
    code = read(association("vgw-1"))
    kind = "AWS::DirectConnect::DirectConnectGatewayAssociation"
    template = read(templated(kind, "d", AssociatedGatewayId="vgw-1", DirectConnectGatewayId="dx-1"))
    snapshot = read(
        collected(
            "directConnectGatewayAssociations",
            "assoc-1",
            associatedGateway={"id": "vgw-1", "type": "virtualPrivateGateway"},
            directConnectGatewayId="dx-1",
        )
    )
    wanted = alike(code, LISTS, words)
    assert len(wanted) == 1
    assert alike(template, LISTS, words) == alike(snapshot, LISTS, words) == wanted
