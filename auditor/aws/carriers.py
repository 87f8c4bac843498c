"""What could carry traffic between networks and is not read: a gap each, so that nothing there is certain."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block
from auditor.model import Component
from auditor.tree import GapKind

CARRIERS = {
    "aws_vpc_peering_": "it concerns a peering, which joins two VPCs",
    "aws_ec2_transit_gateway_": "it concerns a transit gateway, which joins VPCs, VPNs and Direct Connect",
    "aws_vpn_concentrator": "a concentrator joins outside networks and a transit gateway",
    "aws_ec2_client_vpn_": "it concerns a Client VPN, which lets its clients into the VPC",
    "aws_dx_": "it concerns Direct Connect, which joins VPCs and an outside network",
    "aws_networkmanager_": "it concerns Cloud WAN, which joins VPCs and outside networks",
    "aws_networkfirewall_firewall_transit_gateway_": "a firewall is part of a transit gateway",
    "aws_vpclattice_": "VPC Lattice passes requests between VPCs",
    "aws_globalaccelerator_": "an accelerator passes traffic from the internet to its endpoints",
    "aws_verifiedaccess_": "Verified Access passes requests from the internet to its endpoints",
    "aws_ec2_local_gateway_": "a local gateway joins the VPC and an outside network",
    "aws_ec2_traffic_mirror_": "mirrored traffic reaches its target",
    "aws_vpc_route_server": "a route server writes routes into tables",
}


def read_carrier(block: Block) -> Iterator[Component]:
    """No fact, but a gap."""
    kind = block.resource.kind
    why = next(why for prefix, why in sorted(WHY.items(), reverse=True) if kind.startswith(prefix))
    block.flag(GapKind.RESOURCE, f"{kind} {block.address}", f"{why}, and is not read", block.at)
    yield from ()


# The beginnings of CloudFormation's and of the API's names for the same.
SPELLED = {
    "aws_vpc_peering_": ("AWS::EC2::VPCPeering",),
    "aws_ec2_transit_gateway_": ("AWS::EC2::TransitGateway", "TransitGateway"),
    "aws_vpn_concentrator": ("AWS::EC2::VPNConcentrator",),
    "aws_ec2_client_vpn_": ("AWS::EC2::ClientVpn", "ClientVpn"),
    "aws_dx_": ("AWS::DirectConnect::", "directConnect"),
    "aws_networkmanager_": ("AWS::NetworkManager::", "networkmanager:"),
    "aws_vpclattice_": ("AWS::VpcLattice::",),
    "aws_globalaccelerator_": ("AWS::GlobalAccelerator::",),
    "aws_verifiedaccess_": ("AWS::EC2::VerifiedAccess",),
    "aws_ec2_local_gateway_": ("AWS::EC2::LocalGateway", "LocalGateway"),
    "aws_ec2_traffic_mirror_": ("AWS::EC2::TrafficMirror",),
    "aws_vpc_route_server": ("AWS::EC2::RouteServer",),
}
WHY = {**CARRIERS, **{name: CARRIERS[kind] for kind, names in SPELLED.items() for name in names}}

PREFIXES = dict.fromkeys(WHY, read_carrier)
