"""Direct Connect: the networks outside AWS that its gateways and interfaces bring."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import (
    YES,
    AttachmentKind,
    Component,
    Fact,
    Link,
    PrivateNetwork,
    TransitAttachment,
    Truth,
)
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import Presence, Reason

ASSOCIATION = "aws_dx_gateway_association"
PROPOSAL = f"{ASSOCIATION}_proposal"
OWN = "transit_gateway_attachment_id"
LISTED = "aws_ec2_transit_gateway_attachment"

# What may be associated with a gateway of Direct Connect, by type and by the beginning of an id.
TRANSIT = frozenset({"aws_ec2_transit_gateway", "tgw"})
PRIVATE = frozenset({"aws_vpn_gateway", "vgw"})


def read_association(block: Block) -> Iterator[Component]:
    """The networks that a Direct Connect gateway brings to what it is associated with.

    The allowed prefixes are those that AWS announces, and say nothing of what is announced to it.
    https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html
    """
    yield from _networks(block, YES)


def read_proposal(block: Block) -> Iterator[Component]:
    """An association that the owner of the gateway of Direct Connect has yet to accept.

    https://docs.aws.amazon.com/directconnect/latest/UserGuide/multi-account-associate-vgw.html
    """
    accepted = block.users(ASSOCIATION, "proposal_id", *block.ids)
    if any(link.certain and user.presence is Presence.CERTAIN for user, link in accepted):
        return
    what = Reason(f"whether {block.address} is accepted", block.at, f"an {ASSOCIATION}, or a snapshot")
    yield from _networks(block, Fact(Truth.UNKNOWN, block.at, (what,)))


def _networks(block: Block, active: Fact) -> Iterator[Component]:
    named = block.link("associated_gateway_id")
    if named is None:
        named = _proposed(block)
    kinds = {block.estate.kind_at(named.id), named.id.partition("-")[0]}
    transit, private = bool(kinds & TRANSIT), bool(kinds & PRIVATE)
    if not transit:
        yield _network(block, active, gateway=named, sure=private)
    if not private:
        yield from _attached(block, active, named, sure=transit)


def _proposed(block: Block) -> Link:
    """The gateway of another account's proposal, if the input has that."""
    proposal = block.link("proposal_id")
    found = None if proposal is None else block.estate.at_address(proposal.id)
    if found is not None:
        return Block.of(found, block.estate).target("associated_gateway_id")
    return block.target("associated_gateway_id")


def _attached(block: Block, active: Fact, gateway: Link, *, sure: bool) -> Iterator[Component]:
    own = f"{block.address}.{OWN}"
    dx = block.target("dx_gateway_id").id
    listed = [
        each
        for each, _ in block.users(LISTED, "resource_id", dx)
        if each.target("transit_gateway_id").id == gateway.id
    ]
    if listed:
        return
    yield TransitAttachment(
        id=own,
        at=block.at,
        kind=AttachmentKind.DIRECT_CONNECT,
        gateway=gateway,
        names=block.names(),
        active=active,
        presence=block.presence if sure else block.possible,
    )
    yield _network(block, active, attachment=Link(own, block.at), sure=sure)


def _network(
    block: Block, active: Fact, *, sure: bool, gateway: Link | None = None, attachment: Link | None = None
) -> PrivateNetwork:
    what = f"the networks that are announced over {block.address}"
    return PrivateNetwork(
        id=block.address if attachment is None else f"{block.address}.network",
        at=block.at,
        names=block.names(),
        gateway=gateway,
        attachment=attachment,
        prefixes=Bounds(EMPTY, ANY),
        active=active,
        reasons=(Reason(what, block.at, "the announced routes"),),
        presence=block.presence if sure else block.possible,
    )


def read_interface(block: Block) -> Iterator[PrivateNetwork]:
    """A private virtual interface at a virtual private gateway; one at a gateway of Direct Connect is its.

    https://docs.aws.amazon.com/directconnect/latest/UserGuide/WorkingWithVirtualInterfaces.html
    """
    gateway = block.link("vpn_gateway_id")
    if gateway is not None:
        yield _network(block, YES, gateway=gateway, sure=gateway.certain and block.decided("vpn_gateway_id"))


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What brings a network only to what is associated with it, or reaches public addresses alone."""
    yield from ()


# https://docs.aws.amazon.com/directconnect/latest/UserGuide/WorkingWithVirtualInterfaces.html
_PLAIN = (
    "bgp_peer",
    "connection",
    "connection_association",
    "connection_confirmation",
    "gateway",
    "hosted_connection",
    "hosted_private_virtual_interface",
    "hosted_public_virtual_interface",
    "hosted_public_virtual_interface_accepter",
    "hosted_transit_virtual_interface",
    "hosted_transit_virtual_interface_accepter",
    "lag",
    "macsec_key_association",
    "public_virtual_interface",
    "transit_virtual_interface",
)

READERS = {
    ASSOCIATION: read_association,
    PROPOSAL: read_proposal,
    "aws_dx_private_virtual_interface": read_interface,
    "aws_dx_hosted_private_virtual_interface_accepter": read_interface,
    **dict.fromkeys([f"aws_dx_{name}" for name in _PLAIN], read_nothing),
}

_INTERFACE = "aws_dx_private_virtual_interface"

SPELLINGS = {
    "AWS::DirectConnect::DirectConnectGateway": Spelling(
        kind="aws_dx_gateway", attributes={"DirectConnectGatewayArn": "arn", "DirectConnectGatewayId": "id"}
    ),
    "AWS::DirectConnect::DirectConnectGatewayAssociation": Spelling(
        kind=ASSOCIATION, renamed={"DirectConnectGatewayId": "dx_gateway_id"}
    ),
    "AWS::DirectConnect::PrivateVirtualInterface": Spelling(
        kind=_INTERFACE,
        renamed={"DirectConnectGatewayId": "dx_gateway_id", "VirtualGatewayId": "vpn_gateway_id"},
    ),
    "AWS::DirectConnect::TransitVirtualInterface": Spelling(kind="aws_dx_transit_virtual_interface"),
    "AWS::DirectConnect::PublicVirtualInterface": Spelling(kind="aws_dx_public_virtual_interface"),
    "AWS::DirectConnect::Connection": Spelling(kind="aws_dx_connection"),
    "AWS::DirectConnect::Lag": Spelling(kind="aws_dx_lag"),
    "directConnectGateways": Spelling(kind="aws_dx_gateway"),
    "directConnectGatewayAssociations": Spelling(
        kind=ASSOCIATION,
        renamed={"directConnectGatewayId": "dx_gateway_id", "associatedGateway.id": "/associated_gateway_id"},
    ),
    "directConnectGatewayAttachments": Spelling(kind="aws_dx_bgp_peer"),
    "virtualInterfaces": Spelling(
        kind=_INTERFACE,
        renamed={"directConnectGatewayId": "dx_gateway_id", "virtualGatewayId": "vpn_gateway_id"},
    ),
}
