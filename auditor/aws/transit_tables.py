"""The route tables of transit gateways: which attachments use them, fill them and are led to by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.respelling import maps, with_entries
from auditor.model import (
    AddressPeer,
    Component,
    Link,
    PrefixListPeer,
    TransitAssociation,
    TransitPropagation,
    TransitRoute,
    TransitTable,
    Truth,
)
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import Dialect, GapKind, Map, Node, Presence, Reason, Resource, Scalar, Seq

TABLE = "aws_ec2_transit_gateway_route_table"
ROUTE = "aws_ec2_transit_gateway_route"
REFERENCE = "aws_ec2_transit_gateway_prefix_list_reference"
OWN, ATTACHMENT = "transit_gateway_route_table_id", "transit_gateway_attachment_id"
LISTS = {
    "associations": f"{TABLE}_association",
    "transit_gateway_route_table_propagations": f"{TABLE}_propagation",
    "transit_gateway_prefix_list_references": REFERENCE,
}


def read_table(block: Block) -> Iterator[Component]:
    """A route table. Of what a snapshot was not asked, anything may be in it.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    yield TransitTable(
        id=block.address,
        at=block.at,
        gateway=block.target("transit_gateway_id"),
        names=block.names(),
        tags=block.tags,
        presence=block.presence,
    )
    if block.resource.dialect is Dialect.SNAPSHOT:
        yield from _untold(block)


def _untold(block: Block) -> Iterator[Component]:
    table = Link(block.address, block.at)
    for name in ("associations", "transit_gateway_route_table_propagations", "routes"):
        if name in block.body.entries and not block.why(name):
            continue
        what = name.removeprefix("transit_gateway_route_table_")
        reason = Reason(f"the {what} of {block.address}", block.at, "the whole answer of AWS")
        any_ = Link(f"an attachment of {block.address}", block.at, False, (reason,), (), True)  # noqa: FBT003 -- as declared
        maybe = Presence.POSSIBLE
        if what == "associations":
            yield TransitAssociation(at=block.at, table=table, attachment=any_, presence=maybe)
        elif what == "propagations":
            yield TransitPropagation(at=block.at, table=table, attachment=any_, presence=maybe)
        else:
            yield TransitRoute(
                id=f"a route of {block.address}",
                at=block.at,
                table=table,
                destination=AddressPeer(Bounds(EMPTY, ANY), "any address", block.at, (reason,)),
                attachment=any_,
                presence=maybe,
                reasons=(reason,),
            )


def read_association(block: Block) -> Iterator[TransitAssociation]:
    """The table that is looked up for what an attachment sends."""
    table, attachment = block.target(OWN), block.target(ATTACHMENT)
    yield TransitAssociation(at=block.at, table=table, attachment=attachment, presence=block.presence)


def read_propagation(block: Block) -> Iterator[TransitPropagation]:
    """An attachment whose networks become routes of a table."""
    table, attachment = block.target(OWN), block.target(ATTACHMENT)
    yield TransitPropagation(at=block.at, table=table, attachment=attachment, presence=block.presence)


def read_route(block: Block) -> Iterator[TransitRoute]:
    """A static route to an attachment, or a black hole."""
    node = block.get("destination_cidr_block")
    if node is None:
        hint = "give destination_cidr_block"
        block.flag(GapKind.INVALID, block.address, "a route needs a destination", block.at, hint)
    else:
        yield from _route(block, block.peer(node, ANY))


def read_reference(block: Block) -> Iterator[TransitRoute]:
    """A route to each entry of a prefix list.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-prefix-lists.html
    """
    found = block.target("prefix_list_id")
    yield from _route(block, PrefixListPeer(found, found.at))


def _route(block: Block, destination: AddressPeer | PrefixListPeer) -> Iterator[TransitRoute]:
    """A route; where it is not known whether it is a black hole, both are possible."""
    hole = block.fact("blackhole")
    attachment = None if hole.truth is Truth.YES else block.target(ATTACHMENT)
    presence = block.possible if hole.truth is Truth.UNKNOWN else block.presence
    ways = (attachment, None) if hole.truth is Truth.UNKNOWN else (attachment,)
    for way in ways:
        yield TransitRoute(
            id=block.address,
            at=block.at,
            table=block.target(OWN),
            destination=destination,
            attachment=way,
            presence=presence,
            reasons=(*block.reasons, *hole.reasons),
        )


READERS = {
    TABLE: read_table,
    f"{TABLE}_association": read_association,
    f"{TABLE}_propagation": read_propagation,
    ROUTE: read_route,
    REFERENCE: read_reference,
}


def _with_parts(resource: Resource) -> Iterator[Resource]:
    """A table of the API's, and each thing that it lists as a resource of its own."""
    yield resource
    entries = resource.body.entries
    for name, kind in LISTS.items():
        for item in maps(entries.get(name)):
            end = _text(item, "prefix_list_id") or _text(item, ATTACHMENT)
            yield _part(resource, kind, end, _flat(item))
    for item in maps(entries.get("routes")):
        if _text(item, "type") == "static":
            listed = _text(item, "prefix_list_id")
            kind = REFERENCE if listed else ROUTE
            yield _part(resource, kind, listed or _text(item, "destination_cidr_block"), _flat(item))


def _part(resource: Resource, kind: str, end: str, item: Map) -> Resource:
    own = Scalar(resource.address, resource.at)
    body = replace(item, entries={**item.entries, OWN: own})
    return with_entries(
        replace(resource, kind=kind, address=f"{resource.address} {_WORD[kind]} {end}", body=body)
    )


_WORD = {
    f"{TABLE}_association": "of",
    f"{TABLE}_propagation": "from",
    REFERENCE: "to",
    ROUTE: "to",
}


def _flat(item: Map) -> Map:
    """A route with the attachment that it leads to, or with the several among which traffic is shared."""
    several = maps(item.entries.get("transit_gateway_attachments"))
    single = item.entries.get("transit_gateway_attachment")
    ends = [
        end.entries[ATTACHMENT]
        for end in (*several, *maps(Seq((single,), item.at) if single else None))
        if ATTACHMENT in end.entries
    ]
    found: dict[str, Node] = dict(item.entries)
    if ends:
        found[ATTACHMENT] = ends[0] if len(ends) == 1 else Seq(tuple(ends), item.at)
    if _text(item, "state") == "blackhole":
        found["blackhole"] = Scalar(True, item.at)  # noqa: FBT003 -- a value
    return replace(item, entries=found)


def _text(item: Map, name: str) -> str:
    node = item.entries.get(name)
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


_GONE = frozenset({"deleted", "deleting", "disabled", "disabling", "disassociated", "disassociating"})

SPELLINGS = {
    "AWS::EC2::TransitGatewayRouteTable": Spelling(
        kind=TABLE, attributes={"TransitGatewayRouteTableId": "id"}
    ),
    "AWS::EC2::TransitGatewayRouteTableAssociation": Spelling(kind=f"{TABLE}_association"),
    "AWS::EC2::TransitGatewayRouteTablePropagation": Spelling(kind=f"{TABLE}_propagation"),
    "AWS::EC2::TransitGatewayRoute": Spelling(kind=ROUTE),
    "TransitGatewayRouteTables": Spelling(
        kind=TABLE,
        gone={
            "Associations.State": _GONE,
            "TransitGatewayRouteTablePropagations.State": _GONE,
            "TransitGatewayPrefixListReferences.State": _GONE,
            "Routes.State": _GONE,
        },
        then=_with_parts,
    ),
}
