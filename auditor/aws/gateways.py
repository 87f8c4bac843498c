"""Gateways to and from the internet, and the public addresses that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, joined, opposite
from auditor.model import (
    AddressPeer,
    Component,
    ElasticIp,
    ElasticIpAssociation,
    Gateway,
    GatewayAttachment,
    Link,
    NatGateway,
    TargetKind,
)
from auditor.traffic import IPV4, exact, parse_cidr
from auditor.tree import Resource

KINDS = {
    "aws_internet_gateway": TargetKind.INTERNET_GATEWAY,
    "aws_egress_only_internet_gateway": TargetKind.EGRESS_ONLY_GATEWAY,
    "aws_vpn_gateway": TargetKind.VPN_GATEWAY,
    "aws_ec2_carrier_gateway": TargetKind.CARRIER_GATEWAY,
}


def read_gateway(block: Block) -> Iterator[Gateway]:
    """A gateway of a VPC, attached to it here or by a resource of its own."""
    yield Gateway(
        id=block.address,
        kind=KINDS[block.resource.kind],
        at=block.at,
        names=block.names(),
        vpc=block.link("vpc_id"),
        presence=block.presence,
    )


def read_internet_attachment(block: Block) -> Iterator[GatewayAttachment]:
    """An internet gateway attached to a VPC."""
    yield from _attachment(block, "internet_gateway_id")


def read_vpn_attachment(block: Block) -> Iterator[GatewayAttachment]:
    """A virtual private gateway attached to a VPC."""
    yield from _attachment(block, "vpn_gateway_id")


def _attachment(block: Block, path: str) -> Iterator[GatewayAttachment]:
    gateway, vpc = block.target(path), block.target("vpc_id")
    yield GatewayAttachment(at=block.at, gateway=gateway, vpc=vpc, presence=block.presence)


def read_nat(block: Block) -> Iterator[Component]:
    """A NAT gateway, public unless its connectivity type is ``private``, and its public addresses."""
    yield NatGateway(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        subnet=block.target("subnet_id"),
        public=opposite(block.says("connectivity_type", "private")),
        regional=block.says("availability_mode", "regional"),
        presence=block.presence,
    )
    addresses = (*block.one("allocation_id").items, *block.links("secondary_allocation_ids").items)
    yield from _associations(block, addresses)


def _associations(block: Block, addresses: tuple[Link, ...]) -> Iterator[ElasticIpAssociation]:
    for address in addresses:
        holder = Link(block.address, block.at)
        yield ElasticIpAssociation(at=address.at, address=address, holder=holder, presence=block.presence)


def read_elastic_ip(block: Block) -> Iterator[ElasticIp]:
    """A public address, and the instance or the interface that it is given to here."""
    yield ElasticIp(
        id=block.address,
        at=block.at,
        names=block.names(),
        holder=_holder(block, "network_interface", "instance"),
        address=_address(block),
        presence=block.presence,
    )


def _holder(block: Block, interface: str, instance: str) -> Link | None:
    """What a public address is given to: an interface or an instance, or either where that is not decided."""
    links = [block.link(path) for path in (interface, instance) if block.has(path)]
    first = next(iter(links), None)
    if first is None or len(links) == 1 or (first.certain and block.decided(interface)):
        return first
    found = joined(block.one(interface), block.one(instance))
    among = tuple(dict.fromkeys(link.id for link in found.items))
    own = f"{block.address}.{instance}"
    return Link(own, first.at, False, block.why(interface, instance), among, bool(found.open))  # noqa: FBT003 -- as declared


def _address(block: Block) -> AddressPeer | None:
    text = block.text("public_ip") or block.text("address")
    if not text:
        return None
    try:
        addresses = parse_cidr(text) & IPV4
    except ValueError:
        return None
    return AddressPeer(exact(addresses), text, block.place("address"))


def read_elastic_ip_association(block: Block) -> Iterator[ElasticIpAssociation]:
    """A public address given to an instance or an interface by a resource of its own."""
    holder = _holder(block, "network_interface_id", "instance_id") or block.target("instance_id")
    address = block.link("allocation_id") or block.target("public_ip")
    yield ElasticIpAssociation(at=block.at, address=address, holder=holder, presence=block.presence)


def read_nat_association(block: Block) -> Iterator[ElasticIpAssociation]:
    """A further public address given to a NAT gateway."""
    address, holder = block.target("allocation_id"), block.target("nat_gateway_id")
    yield ElasticIpAssociation(at=block.at, address=address, holder=holder, presence=block.presence)


READERS = {
    **dict.fromkeys(KINDS, read_gateway),
    "aws_internet_gateway_attachment": read_internet_attachment,
    "aws_vpn_gateway_attachment": read_vpn_attachment,
    "aws_nat_gateway": read_nat,
    "aws_nat_gateway_eip_association": read_nat_association,
    "aws_eip": read_elastic_ip,
    "aws_eip_association": read_elastic_ip_association,
}


def _by_gateway(resource: Resource) -> Iterator[Resource]:
    """An attachment of CloudFormation's is of an internet gateway or of a virtual private one."""
    for name in ("internet_gateway", "vpn_gateway"):
        if f"{name}_id" in resource.body.entries:
            yield replace(resource, kind=f"aws_{name}_attachment")


_GONE = frozenset({"detached", "detaching"})

SPELLINGS = {
    "AWS::EC2::InternetGateway": Spelling(kind="aws_internet_gateway"),
    "AWS::EC2::EgressOnlyInternetGateway": Spelling(kind="aws_egress_only_internet_gateway"),
    "AWS::EC2::VPNGateway": Spelling(kind="aws_vpn_gateway", attributes={"VPNGatewayId": "id"}),
    "AWS::EC2::CarrierGateway": Spelling(
        kind="aws_ec2_carrier_gateway", attributes={"CarrierGatewayId": "id"}
    ),
    "InternetGateways": Spelling(
        kind="aws_internet_gateway",
        renamed={"Attachments": "vpc_id"},
        each={"Attachments": "VpcId"},
        gone={"Attachments.State": _GONE},
    ),
    "EgressOnlyInternetGateways": Spelling(
        kind="aws_egress_only_internet_gateway",
        renamed={"Attachments": "vpc_id"},
        each={"Attachments": "VpcId"},
        gone={"Attachments.State": _GONE},
    ),
    "VpnGateways": Spelling(
        kind="aws_vpn_gateway",
        renamed={"VpcAttachments": "vpc_id"},
        each={"VpcAttachments": "VpcId"},
        gone={"VpcAttachments.State": _GONE},
    ),
    "CarrierGateways": Spelling(kind="aws_ec2_carrier_gateway"),
    "NatGateways": Spelling(
        kind="aws_nat_gateway",
        renamed={"NatGatewayAddresses": "secondary_allocation_ids"},
        each={"NatGatewayAddresses": "AllocationId"},
        gone={"NatGatewayAddresses.Status": frozenset({"disassociating", "failed", "unassigning"})},
    ),
    "Addresses": Spelling(
        kind="aws_eip", renamed={"InstanceId": "instance", "NetworkInterfaceId": "network_interface"}
    ),
    "AWS::EC2::VPCGatewayAttachment": Spelling(kind="aws_internet_gateway_attachment", then=_by_gateway),
    "AWS::EC2::NatGateway": Spelling(kind="aws_nat_gateway"),
    "AWS::EC2::EIP": Spelling(
        kind="aws_eip",
        renamed={"InstanceId": "instance"},
        attributes={"AllocationId": "id", "PublicIp": "id"},
    ),
    "AWS::EC2::EIPAssociation": Spelling(kind="aws_eip_association", renamed={"EIP": "public_ip"}),
}
