"""What is attached to core networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.core_network.placing import (
    ACCEPTER,
    CONNECT,
    DIRECT,
    LISTED,
    TABLE,
    VPC,
    VPN,
    active,
    places_of,
)
from auditor.aws.core_network.policies import policy_of
from auditor.aws.reader import Block
from auditor.aws.reader.announced import announced_by
from auditor.model import (
    NO,
    YES,
    AddressPeer,
    Alias,
    AttachmentKind,
    Component,
    Fact,
    Link,
    Links,
    TransitAssociation,
    TransitAttachment,
    TransitRoute,
    Truth,
)
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import GapKind, Reason

CORE = "aws_networkmanager_core_network"
KINDS = {
    VPN: AttachmentKind.VPN,
    CONNECT: AttachmentKind.CONNECT,
    DIRECT: AttachmentKind.DIRECT_CONNECT,
}
TYPES = {
    "VPC": AttachmentKind.VPC,
    "SITE_TO_SITE_VPN": AttachmentKind.VPN,
    "CONNECT": AttachmentKind.CONNECT,
    "DIRECT_CONNECT_GATEWAY": AttachmentKind.DIRECT_CONNECT,
}


def _attachment(block: Block, kind: AttachmentKind, gateway: Link | None = None) -> TransitAttachment:
    """An attachment. The segments of a core network that the input has tell of it, else it is in any."""
    gateway = gateway or block.target("core_network_id")
    core = _core(block, gateway.id)
    if core is None:
        why = Reason(f"the segment of {block.address}", block.at, "load the input of the core network too")
        default, on = Fact(Truth.UNKNOWN, block.at, (why,)), YES
    else:
        default, on = NO, active(block, places_of(policy_of(core), block))
    return TransitAttachment(
        id=block.address,
        at=block.at,
        kind=kind,
        gateway=gateway,
        names=block.names(),
        tags=block.tags,
        default_association=default,
        default_propagation=default,
        active=on,
        presence=block.presence,
    )


def _core(block: Block, identity: str) -> Block | None:
    for core in block.estate.of_kind(CORE):
        found = Block.of(core, block.estate)
        if identity in found.ids:
            return found
    return None


def read_vpc_attachment(block: Block) -> Iterator[TransitAttachment]:
    """A VPC on a core network.

    https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-vpc-attachment.html
    """
    subnets = block.links("subnet_arns")
    if not (subnets.items or subnets.open):
        subnets = Links(open=(Reason(f"the subnets of {block.address}", block.at, "a snapshot"),))
    yield replace(
        _attachment(block, AttachmentKind.VPC),
        vpc=block.target("vpc_arn"),
        subnets=subnets,
        appliance_mode=block.fact("options.appliance_mode_support", NO),
        group_references=block.fact("options.security_group_referencing_support", YES),
    )


def read_other(block: Block) -> Iterator[Component]:
    """A VPN, a Connect or a Direct Connect attachment, and what is behind it, which is announced."""
    yield from _beyond(block, KINDS[block.resource.kind])


def _beyond(block: Block, kind: AttachmentKind) -> Iterator[Component]:
    yield _attachment(block, kind)
    what = Reason(f"the networks that are announced by {block.address}", block.at, "the announced routes")
    yield announced_by(block, what)


def read_listed(block: Block) -> Iterator[Component]:
    """An attachment as the API lists those of all types, if nothing tells more of it."""
    kind = TYPES.get(block.text("attachment_type"), AttachmentKind.UNKNOWN)
    if kind is AttachmentKind.VPC:
        if any(one.address == block.address for one in block.estate.of_kind(VPC)):
            return
        what = Reason(f"the subnets of {block.address}", block.at, "a snapshot that describes it")
        unknown = Fact(Truth.UNKNOWN, block.at, (what,))
        yield replace(
            _attachment(block, kind),
            vpc=block.target("resource_arn"),
            subnets=Links(open=(what,)),
            appliance_mode=unknown,
            group_references=unknown,
        )
        return
    if kind is AttachmentKind.UNKNOWN:
        why = f"a {block.text('attachment_type') or 'thing of an unknown type'} is attached, and is not read"
        block.flag(GapKind.RESOURCE, block.address, why, block.at)
    yield from _beyond(block, kind)


def read_table(block: Block) -> Iterator[Component]:
    """A table of a transit gateway on a core network: a peering, over which both announce their routes.

    https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-tgw-attachment.html
    """
    named = block.target("peering_id")
    found = block.estate.at_address(named.id)
    peering = None if found is None else Block.of(found, block.estate)
    what = Reason(f"the peering of {block.address}", block.at, "load the input that declares it too")
    ends = [
        Link(f"{named.id}.{path}", block.at, reasons=(what,), any=True)
        if peering is None
        else peering.target(path)
        for path in ("core_network_id", "transit_gateway_arn")
    ]
    yield replace(_attachment(block, AttachmentKind.PEERING, ends[0]), peer=ends[1])
    table, own = block.target("transit_gateway_route_table_arn"), Link(block.address, block.at)
    yield TransitAssociation(at=block.at, table=table, attachment=own, presence=block.presence)
    why = Reason(f"the routes that {ends[0].id} announces", block.at, "the announced routes")
    yield TransitRoute(
        id=f"{table.id} by {block.address}",
        at=block.at,
        table=table,
        destination=AddressPeer(Bounds(EMPTY, ANY), "any address", block.at, (why,)),
        attachment=own,
        presence=block.possible,
        reasons=(why,),
    )


def read_accepter(block: Block) -> Iterator[Alias]:
    """Consent to an attachment: another id of it."""
    link = block.target("attachment_id")
    if link.certain and not link.any:
        yield Alias(id=block.address, of=link.id)


READERS = {
    VPC: read_vpc_attachment,
    **dict.fromkeys(KINDS, read_other),
    LISTED: read_listed,
    TABLE: read_table,
    ACCEPTER: read_accepter,
}
