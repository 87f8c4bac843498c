"""What is attached to transit gateways: VPCs, other gateways, and what Connect brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.accepting import accepted, declares, enabled
from auditor.aws.reader.announced import announced_by
from auditor.model import (
    NO,
    YES,
    Alias,
    AttachmentKind,
    Component,
    Fact,
    Link,
    Links,
    PrivateNetwork,
    TransitAttachment,
    Truth,
)
from auditor.tree import Dialect, GapKind, Presence, Reason

GATEWAY = "aws_ec2_transit_gateway"
TABLE = f"{GATEWAY}_route_table"
VPC = f"{GATEWAY}_vpc_attachment"
PEERING = f"{GATEWAY}_peering_attachment"
ATTACHMENT = f"{GATEWAY}_attachment"
VPN = "aws_vpn_connection"
FIREWALL = "aws_networkfirewall_firewall"
STATES = "transit_gateway_attachment_sync_states"
OWN = "transit_gateway_attachment_id"

KINDS = {
    "vpc": AttachmentKind.VPC,
    "vpn": AttachmentKind.VPN,
    "direct-connect-gateway": AttachmentKind.DIRECT_CONNECT,
    "connect": AttachmentKind.CONNECT,
    "peering": AttachmentKind.PEERING,
    "tgw-peering": AttachmentKind.PEERING,
    "network-function": AttachmentKind.FIREWALL,
}


def _plain(block: Block, kind: AttachmentKind) -> TransitAttachment:
    association, propagation = _defaults(block, block)
    return TransitAttachment(
        id=block.address,
        at=block.at,
        kind=kind,
        gateway=block.target("transit_gateway_id"),
        names=block.names(),
        tags=block.tags,
        default_association=association,
        default_propagation=propagation,
        presence=block.presence,
    )


def _defaults(block: Block, told: Block) -> tuple[Fact, Fact]:
    """Whether the default tables hold. A snapshot names the tables, as far as they were asked for."""
    if block.resource.dialect is Dialect.SNAPSHOT:
        known = block.has("association")
        return (
            NO if known else _listed(block, "associations"),
            _listed(block, "transit_gateway_route_table_propagations"),
        )
    return (
        told.fact("transit_gateway_default_route_table_association", YES),
        told.fact("transit_gateway_default_route_table_propagation", YES),
    )


def _listed(block: Block, name: str) -> Fact:
    """No, where every table of the gateway that the snapshot has lists what it is told of attachments."""
    gateway = block.target("transit_gateway_id").id
    tables = [table for table, _ in block.users(TABLE, "transit_gateway_id", gateway)]
    if tables and all(name in table.body.entries for table in tables):
        return NO
    why = Reason(f"the {name.replace('_', ' ')} of {gateway}'s tables", block.at, "the whole answer of AWS")
    return Fact(Truth.UNKNOWN, block.at, (why,))


def read_vpc_attachment(block: Block) -> Iterator[TransitAttachment]:
    """A VPC on a transit gateway, by an interface in one subnet of each zone.

    Of a gateway of another account, that account says whether the default tables hold, when it accepts.
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    accepters = block.users(f"{VPC}_accepter", OWN, *block.ids)
    sure = [user for user, link in accepters if link.certain and user.presence is Presence.CERTAIN]
    association, propagation = _defaults(block, sure[0] if sure else block)
    subnets = block.links("subnet_ids")
    if not (subnets.items or subnets.open):
        subnets = Links(open=(Reason(f"the subnets of {block.address}", block.at, "a snapshot"),))
    yield replace(
        _plain(block, AttachmentKind.VPC),
        vpc=block.target("vpc_id"),
        subnets=subnets,
        appliance_mode=enabled(block, "appliance_mode_support", NO),
        group_references=enabled(block, "security_group_referencing_support", YES),
        default_association=association,
        default_propagation=propagation,
        active=YES if sure else _active(block),
    )


def _active(block: Block) -> Fact:
    """Whether the attachment carries traffic: the owner of a gateway that is shared has to accept it.

    https://docs.aws.amazon.com/vpc/latest/tgw/acccept-tgw-attach.html
    """
    gateway = block.estate.at_address(block.target("transit_gateway_id").id)
    if block.resource.dialect is Dialect.SNAPSHOT or gateway is None:
        return YES
    if gateway.scope.account == block.resource.scope.account:
        return YES
    own = Block.of(gateway, block.estate)
    if enabled(own, "auto_accept_shared_attachments", NO).truth is Truth.YES:
        return YES
    return accepted(block, f"{VPC}_accepter", OWN)


def read_peering_attachment(block: Block) -> Iterator[TransitAttachment]:
    """Two transit gateways joined, where the other one's owner accepts. Its routes are static.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
    """
    snapshot = block.resource.dialect is Dialect.SNAPSHOT
    yield replace(
        _plain(block, AttachmentKind.PEERING),
        peer=block.link("peer_transit_gateway_id"),
        default_propagation=NO,
        active=YES if snapshot else accepted(block, f"{PEERING}_accepter", OWN),
    )


def read_accepter(block: Block) -> Iterator[Component]:
    """The gateway owner's side: another id of the attachment, which may be declared by somebody else."""
    link = block.target(OWN)
    if not link.certain or link.any:
        return
    yield Alias(id=block.address, of=link.id)
    declared = block.resource.kind.removesuffix("_accepter")
    if declares(block, declared, link.id):
        return
    what = Reason(f"what {link.id} joins", block.at, "load the input that declares it too")
    peering = declared == PEERING
    association, propagation = _defaults(block, block)
    far = Link(f"{link.id}.far", block.at, reasons=(what,), any=True)
    yield TransitAttachment(
        id=link.id,
        at=block.at,
        kind=AttachmentKind.PEERING if peering else AttachmentKind.VPC,
        gateway=Link(f"{link.id}.transit_gateway_id", block.at, reasons=(what,), any=True),
        vpc=None if peering else far,
        subnets=Links() if peering else Links(open=(what,)),
        peer=far if peering else None,
        appliance_mode=Fact(Truth.UNKNOWN, block.at, (what,)),
        group_references=Fact(Truth.UNKNOWN, block.at, (what,)),
        default_association=association,
        default_propagation=NO if peering else propagation,
        presence=block.presence,
    )


def read_connect(block: Block) -> Iterator[Component]:
    """A Connect attachment: what is behind the appliance at its other end, which BGP alone tells.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html
    """
    yield _plain(block, AttachmentKind.CONNECT)
    yield _behind(block)


def _behind(block: Block) -> PrivateNetwork:
    what = Reason(f"the networks that are announced by {block.address}", block.at, "the announced routes")
    return announced_by(block, what)


def read_attachment(block: Block) -> Iterator[Component]:
    """An attachment as the API lists those of all kinds, if nothing tells more of it."""
    kind = KINDS.get(block.text("resource_type"), AttachmentKind.UNKNOWN)
    what = Reason(f"what is attached by {block.address}", block.at, "a snapshot that describes it")
    found = _plain(block, kind)
    if kind is AttachmentKind.VPC:
        unknown = Fact(Truth.UNKNOWN, block.at, (what,))
        yield replace(
            found,
            vpc=block.target("resource_id"),
            subnets=Links(open=(what,)),
            appliance_mode=unknown,
            group_references=unknown,
        )
    elif kind is AttachmentKind.PEERING:
        other = block.target("resource_id")
        if other.id == found.gateway.id:
            other = Link(f"{block.address}.far", block.at, reasons=(what,), any=True)
        yield replace(found, peer=other, default_propagation=NO)
    elif kind is AttachmentKind.FIREWALL:
        yield replace(found, firewall=_firewall(block), default_propagation=NO)
    else:
        yield found
    yield from _beyond(block, kind)


def _firewall(block: Block) -> Link | None:
    """The firewall whose status names an attachment, or which the attachment itself names."""
    users = block.users(FIREWALL, f"firewall_status.{STATES}.attachment_id", *block.ids)
    found = [Link(user.address, link.at) for user, link in users if link.certain]
    named = block.link("resource_id")
    if not found and named is not None and block.estate.kind_at(named.id) == FIREWALL:
        return named
    if len(found) != 1:
        why = "a firewall is attached, and no answer describes which"
        block.flag(GapKind.RESOURCE, block.address, why, block.at)
        return None
    return found[0]


def _beyond(block: Block, kind: AttachmentKind) -> Iterator[Component]:
    """What is behind an attachment that the API only lists, unless the VPN itself tells of it."""
    resource = block.target("resource_id").id
    if kind is AttachmentKind.VPN:
        yield Alias(id=f"{resource}.{OWN}", of=block.address)
    if kind is AttachmentKind.UNKNOWN:
        why = f"a {block.text('resource_type') or 'thing of an unknown type'} is attached, and is not read"
        block.flag(GapKind.RESOURCE, block.address, why, block.at)
    apart = {AttachmentKind.VPC, AttachmentKind.PEERING, AttachmentKind.FIREWALL}
    if kind not in apart and block.estate.kind_at(resource) != VPN:
        yield _behind(block)


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What tells nothing of who reaches whom beyond what it belongs to does."""
    yield from ()


# Multicast is no way from one address to another, and metering only tells who pays.
_PLAIN = (
    "metering_policy",
    "metering_policy_entry",
    "multicast_domain",
    "multicast_domain_association",
    "multicast_group_member",
    "multicast_group_source",
)

READERS = {
    VPC: read_vpc_attachment,
    f"{VPC}_accepter": read_accepter,
    PEERING: read_peering_attachment,
    f"{PEERING}_accepter": read_accepter,
    f"{GATEWAY}_connect": read_connect,
    f"{GATEWAY}_connect_peer": read_nothing,
    ATTACHMENT: read_attachment,
    **dict.fromkeys([f"{GATEWAY}_{name}" for name in _PLAIN], read_nothing),
}

_OPTIONS = frozenset({"Options"})
_IDS = {"TransitGatewayAttachmentId": "id"}

SPELLINGS = {
    "AWS::EC2::TransitGatewayAttachment": Spelling(kind=VPC, hoisted=_OPTIONS),
    "AWS::EC2::TransitGatewayVpcAttachment": Spelling(kind=VPC, hoisted=_OPTIONS),
    "AWS::EC2::TransitGatewayPeeringAttachment": Spelling(kind=PEERING, attributes=_IDS),
    "AWS::EC2::TransitGatewayConnect": Spelling(kind=f"{GATEWAY}_connect", attributes=_IDS),
    "AWS::EC2::TransitGatewayConnectPeer": Spelling(kind=f"{GATEWAY}_connect_peer"),
    **{
        f"AWS::EC2::TransitGateway{words}": Spelling(kind=f"{GATEWAY}_{name}")
        for words, name in (
            ("MeteringPolicy", "metering_policy"),
            ("MeteringPolicyEntry", "metering_policy_entry"),
            ("MulticastDomain", "multicast_domain"),
            ("MulticastDomainAssociation", "multicast_domain_association"),
            ("MulticastGroupMember", "multicast_group_member"),
            ("MulticastGroupSource", "multicast_group_source"),
        )
    },
    "TransitGatewayVpcAttachments": Spelling(kind=VPC, hoisted=_OPTIONS),
    "TransitGatewayPeeringAttachments": Spelling(
        kind=PEERING,
        renamed={
            "RequesterTgwInfo.TransitGatewayId": "/transit_gateway_id",
            "AccepterTgwInfo.TransitGatewayId": "/peer_transit_gateway_id",
        },
    ),
    "TransitGatewayConnects": Spelling(kind=f"{GATEWAY}_connect"),
    "TransitGatewayAttachments": Spelling(kind=ATTACHMENT),
}
