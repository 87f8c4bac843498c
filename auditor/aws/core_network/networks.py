"""Core networks: segments as tables, and which attachments use and fill them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from auditor.aws.core_network.placing import CONNECT, DIRECT, LISTED, PEERING, TABLE, VPC, VPN, places_of
from auditor.aws.core_network.policies import Policy, policy_of
from auditor.aws.reader import Block, both
from auditor.model import (
    AddressPeer,
    Component,
    Link,
    TransitAssociation,
    TransitGateway,
    TransitPropagation,
    TransitRoute,
    TransitTable,
    Truth,
)
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import Presence, Reason

CORE = "aws_networkmanager_core_network"
KINDS = (VPC, VPN, CONNECT, DIRECT, LISTED)


def read_core(block: Block) -> Iterator[Component]:
    """A core network with the tables that its policy makes.

    Where the policy is not known, there may be any segment, with any attachment in it and any route.
    https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html
    """
    policy = policy_of(block)
    presence = block.possible if policy.doubts else block.presence
    yield TransitGateway(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        group_references=policy.group_references,
        core=True,
        scope=block.resource.scope,
        presence=block.presence,
    )
    for segment in policy.segments:
        yield _table(block, segment.name, presence)
    for attachment, link in _attachments(block):
        sure = link.certain and not policy.doubts
        yield from _placed(block, policy, attachment, sure=sure)
    for route in policy.routes:
        yield from _routes(block, route, presence)
    if policy.doubts:
        yield from _anything(block, policy)


def _attachments(block: Block) -> Iterator[tuple[Block, Link]]:
    seen: set[str] = set()
    for kind in KINDS:
        for attachment, link in block.users(kind, "core_network_id", *block.ids):
            if attachment.address not in seen:
                seen.add(attachment.address)
                yield attachment, link
    for peering, link in block.users(PEERING, "core_network_id", *block.ids):
        for table, use in block.users(TABLE, "peering_id", *peering.ids):
            yield table, link if use.certain else use


def segment_id(core: str, segment: str) -> str:
    """The id of the table that a segment is."""
    return f"{core}/{segment}"


def _table(block: Block, name: str, presence: Presence) -> TransitTable:
    own = segment_id(block.address, name)
    return TransitTable(
        id=own, at=block.at, gateway=Link(block.address, block.at), names=(name,), presence=presence
    )


def _placed(block: Block, policy: Policy, attachment: Block, *, sure: bool) -> Iterator[Component]:
    """The association of an attachment, and the propagations of what is attached by it."""
    link = Link(attachment.address, attachment.at)
    for place in places_of(policy, attachment):
        certain = place.sure and sure
        presence = attachment.presence if certain else attachment.possible
        table = Link(segment_id(block.address, place.segment), attachment.at)
        yield TransitAssociation(at=attachment.at, table=table, attachment=link, presence=presence)
        own = policy.segment(place.segment)
        for other in policy.segments:
            truth = Truth.UNKNOWN if own is None else policy.hands(own, other)
            if truth is Truth.NO:
                continue
            yield TransitPropagation(
                at=attachment.at,
                table=Link(segment_id(block.address, other.name), attachment.at),
                attachment=link,
                presence=presence if truth is Truth.YES else both(presence, Presence.POSSIBLE),
            )
            if attachment.resource.kind == TABLE:
                yield _announced(block, other.name, attachment)


def _announced(block: Block, segment: str, attachment: Block) -> TransitRoute:
    """What a table of a transit gateway announces to a segment: any of its routes."""
    what = f"the routes that {attachment.address} announces"
    reason = Reason(what, attachment.at, "the announced routes")
    return TransitRoute(
        id=f"{segment_id(block.address, segment)} by {attachment.address}",
        at=attachment.at,
        table=Link(segment_id(block.address, segment), attachment.at),
        destination=AddressPeer(Bounds(EMPTY, ANY), "any address", attachment.at, (reason,)),
        attachment=Link(attachment.address, attachment.at),
        presence=attachment.possible,
        reasons=(reason,),
    )


def _routes(block: Block, route: Block, presence: Presence) -> Iterator[TransitRoute]:
    """Static routes of a segment; of several destinations, each is of its own Region."""
    table = segment_id(block.address, route.text("segment"))
    ends = [link for link in route.links("destinations").items if link.id != "blackhole"]
    hole = not ends and not route.links("destinations").open
    among = tuple(link.id for link in ends)
    several = Link(f"{table}.destinations", route.at, certain=False, reasons=block.reasons, among=among)
    single = ends[0] if len(ends) == 1 else several
    for peer in route.peers("destination_cidr_blocks", ANY):
        yield TransitRoute(
            id=f"{table} to {peer.text}",
            at=route.at,
            table=Link(table, route.at),
            destination=peer,
            attachment=None if hole else single,
            presence=presence,
            reasons=(*block.reasons, *single.reasons),
        )


def _anything(block: Block, policy: Policy) -> Iterator[Component]:
    """What a policy that is not known may say: any attachment in any segment, and any route."""
    maybe = block.possible
    own = segment_id(block.address, "a segment")
    yield _table(block, "a segment", maybe)
    tables = [own, *(segment_id(block.address, segment.name) for segment in policy.segments)]
    attachments = [attachment for attachment, _ in _attachments(block)]
    for table, attachment in product(tables, attachments):
        here, link = Link(table, block.at), Link(attachment.address, attachment.at)
        yield TransitAssociation(at=block.at, table=here, attachment=link, presence=maybe)
        yield TransitPropagation(at=block.at, table=here, attachment=link, presence=maybe)
    name = f"an attachment of {block.address}"
    end = Link(name, block.at, certain=False, reasons=policy.doubts, any=True)
    for table, way in product(tables, (end, None)):
        yield TransitRoute(
            id=f"a route of {table}",
            at=block.at,
            table=Link(table, block.at),
            destination=AddressPeer(Bounds(EMPTY, ANY), "any address", block.at, policy.doubts),
            attachment=way,
            presence=maybe,
            reasons=policy.doubts,
        )


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What another reader reads from the other side, or what joins nothing."""
    yield from ()


# Places, devices and links of a global network describe what is on premises; registering joins nothing.
_PLAIN = (
    "connection",
    "core_network_policy_attachment",
    "customer_gateway_association",
    "connect_peer",
    "device",
    "global_network",
    "link",
    "link_association",
    "site",
    "transit_gateway_peering",
    "transit_gateway_registration",
)

READERS = {
    CORE: read_core,
    **dict.fromkeys([f"aws_networkmanager_{name}" for name in _PLAIN], read_nothing),
}
