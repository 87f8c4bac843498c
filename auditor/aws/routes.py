"""Route tables, their routes, and what uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, given_by, joined
from auditor.aws.reader.exclusive import exclusive
from auditor.aws.reader.inspection import endpoint_named
from auditor.aws.reader.links import many_of
from auditor.aws.reader.respelling import adopting, maps, says_so, with_entries
from auditor.frozen import dataclass
from auditor.model import (
    AddressPeer,
    Component,
    Link,
    Links,
    MainTable,
    PrefixListPeer,
    Route,
    RouteTable,
    TableAssociation,
    Target,
    TargetKind,
)
from auditor.traffic import IPV4, IPV6, IntSet
from auditor.tree import Dialect, GapKind, Map, Node, Reason, Resource, Scalar, Seq, Unknown

TARGETS = {
    "nat_gateway_id": TargetKind.NAT_GATEWAY,
    "egress_only_gateway_id": TargetKind.EGRESS_ONLY_GATEWAY,
    "vpc_peering_connection_id": TargetKind.VPC_PEERING,
    "transit_gateway_id": TargetKind.TRANSIT_GATEWAY,
    "core_network_arn": TargetKind.CORE_NETWORK,
    "vpc_endpoint_id": TargetKind.VPC_ENDPOINT,
    "network_interface_id": TargetKind.NETWORK_INTERFACE,
    "instance_id": TargetKind.INSTANCE,
    "carrier_gateway_id": TargetKind.CARRIER_GATEWAY,
    "local_gateway_id": TargetKind.LOCAL_GATEWAY,
}

# What ``gateway_id`` may name, by the type of the resource and by the beginning of an id that AWS gave. EC2
# takes a NAT gateway there, and an internet gateway as ``nat_gateway_id``, and sees for itself what they are:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table
GATEWAYS = {
    "aws_internet_gateway": TargetKind.INTERNET_GATEWAY,
    "aws_nat_gateway": TargetKind.NAT_GATEWAY,
    "aws_vpn_gateway": TargetKind.VPN_GATEWAY,
    "aws_egress_only_internet_gateway": TargetKind.EGRESS_ONLY_GATEWAY,
    "aws_vpc_endpoint": TargetKind.VPC_ENDPOINT,
    "igw": TargetKind.INTERNET_GATEWAY,
    "nat": TargetKind.NAT_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "vpce": TargetKind.VPC_ENDPOINT,
}
_FORGIVING = ("gateway_id", "nat_gateway_id")


@dataclass(frozen=True, slots=True)
class Destinations:
    """The attributes in which one spelling of a route says where it leads to."""

    ipv4: str
    ipv6: str
    prefix_list: str = "destination_prefix_list_id"


INLINE = Destinations("cidr_block", "ipv6_cidr_block")
SEPARATE = Destinations("destination_cidr_block", "destination_ipv6_cidr_block")


def read_table(block: Block) -> Iterator[Component]:
    """A route table with the routes that stand in it."""
    yield RouteTable(
        id=block.address,
        at=block.at,
        vpc=block.target("vpc_id"),
        names=block.names(),
        tags=block.tags,
        propagating=_propagating(block),
        exclusive=exclusive(block, "route"),
        presence=block.presence,
    )
    yield from _routes(block)


def read_default_table(block: Block) -> Iterator[Component]:
    """The main table that a VPC came with, adopted; its routes are those that stand here.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_route_table
    """
    adopted = block.target("default_route_table_id")
    owner, dot, attribute = adopted.id.rpartition(".")
    named = dot and attribute in {"default_route_table_id", "main_route_table_id"}
    vpc = Link(owner, adopted.at, adopted.certain) if named else Link(f"{block.address}.vpc_id", adopted.at)
    yield RouteTable(
        id=block.address,
        at=block.at,
        vpc=vpc,
        names=block.names(),
        tags=block.tags,
        main=True,
        propagating=_propagating(block),
        exclusive=exclusive(block, "route", always=True),
    )
    yield from _routes(block)


def _propagating(block: Block) -> Links:
    """The gateways that propagate routes to the table, named by itself or by resources of their own."""
    others = given_by(block, "aws_vpn_gateway_route_propagation", "route_table_id", "vpn_gateway_id")
    return joined(block.links("propagating_vgws"), others)


def _routes(block: Block) -> Iterator[Route]:
    for index, route in enumerate(block.blocks("route")):
        if not _of_an_endpoint(route):
            yield from _route(route, INLINE, f"{block.address}.route[{index}]", Link(block.address, route.at))


def _of_an_endpoint(route: Block) -> bool:
    """A route that a gateway endpoint of the snapshot has put here: the endpoint's reader gives it."""
    if route.resource.dialect is not Dialect.SNAPSHOT or not route.has("destination_prefix_list_id"):
        return False
    return route.estate.kind_at(route.text("gateway_id")) == "aws_vpc_endpoint"


def read_route(block: Block) -> Iterator[Route]:
    """A route that is a resource of its own."""
    yield from _route(block, SEPARATE, block.address, block.target("route_table_id"))


def _route(block: Block, spelling: Destinations, name: str, table: Link) -> Iterator[Route]:
    """One route; where more than one destination may be the given one, each is only possible."""
    destinations = list(_destinations(block, spelling))
    if not destinations:
        hint = f"give {spelling.ipv4}, {spelling.ipv6} or {spelling.prefix_list}"
        block.flag(GapKind.INVALID, name, "a route needs a destination", block.at, hint)
    target, reasons = _target(block, name)
    for destination in destinations:
        yield Route(
            id=name,
            at=block.at,
            table=table,
            destination=destination,
            target=target,
            inline=spelling is INLINE,
            presence=block.presence if len(destinations) == 1 else block.possible,
            reasons=(*block.reasons, *reasons),
        )


def _destinations(block: Block, spelling: Destinations) -> Iterator[AddressPeer | PrefixListPeer]:
    families: tuple[tuple[str, IntSet], ...] = ((spelling.ipv4, IPV4), (spelling.ipv6, IPV6))
    for path, family in families:
        node = block.get(path)
        if node is not None:
            yield block.peer(node, family)
    found = block.link(spelling.prefix_list)
    if found is not None:
        yield PrefixListPeer(found, found.at)


def _target(block: Block, name: str) -> tuple[Target, tuple[Reason, ...]]:
    """Where a route leads. Of several attributes that may be given, only one can be."""
    if block.text("state") == "blackhole":
        return Target(TargetKind.BLACKHOLE), ()
    given = [(kind, path) for path, kind in TARGETS.items() if block.has(path)]
    if block.has("gateway_id"):
        given.append((TargetKind.UNKNOWN, "gateway_id"))
    decided = [(kind, path) for kind, path in given if block.decided(path)] or given
    if len(decided) == 1:
        kind, path = decided[0]
        endpoint = endpoint_named(block, path) if kind is TargetKind.VPC_ENDPOINT else None
        link = endpoint or block.target(path)
        return _gateway(block, kind, link) if path in _FORGIVING else (Target(kind, link), ())
    if not given:
        hint = "give gateway_id or another target"
        block.flag(GapKind.INVALID, name, "a route needs a target", block.at, hint)
    why = block.why(*[path for _, path in decided])
    return Target(TargetKind.UNKNOWN), why or (Reason(f"the target of {name}", block.at),)


def _gateway(block: Block, meant: TargetKind, link: Link) -> tuple[Target, tuple[Reason, ...]]:
    if link.id == "local":
        return Target(TargetKind.LOCAL), ()
    named = GATEWAYS.get(block.estate.kind_at(link.id)) or GATEWAYS.get(link.id.partition("-")[0])
    kind = named or meant
    if kind is TargetKind.UNKNOWN:
        reasons = link.reasons or (Reason(f"what kind of gateway {link.id} is", link.at, "a snapshot"),)
        return Target(TargetKind.UNKNOWN), reasons
    return Target(kind, link), ()


def read_association(block: Block) -> Iterator[TableAssociation]:
    """A subnet or a gateway that uses a route table."""
    yield TableAssociation(
        at=block.at,
        table=block.target("route_table_id"),
        subnet=block.link("subnet_id"),
        gateway=block.link("gateway_id"),
        presence=block.presence,
        reasons=block.reasons,
    )


def read_main_association(block: Block) -> Iterator[MainTable]:
    """A table that takes the place of a VPC's main one."""
    table = block.target("route_table_id")
    yield MainTable(at=block.at, vpc=block.target("vpc_id"), table=table, presence=block.presence)


def read_propagation(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """A gateway that propagates its routes to a table; the table's reader sees it."""
    yield from ()


READERS = {
    "aws_route_table": read_table,
    "aws_default_route_table": read_default_table,
    "aws_route": read_route,
    "aws_route_table_association": read_association,
    "aws_main_route_table_association": read_main_association,
    "aws_vpn_gateway_route_propagation": read_propagation,
}


def _with_associations(resource: Resource) -> Iterator[Resource]:
    """A table of the API's, what uses it, and whether it is its VPC's main one."""
    uses = maps(resource.body.entries.get("associations"))
    table = with_entries(resource, route=_listed(resource), associations=None)
    main = any(says_so(item, "main") for item in uses)
    yield adopting(table, "aws_default_route_table", "default_route_table_id") if main else table
    for item in uses:
        user = item.entries.get("subnet_id") or item.entries.get("gateway_id")
        if user is not None:
            own = Scalar(resource.address, resource.at)
            body = replace(item, entries={**item.entries, "route_table_id": own})
            address = f"{resource.address} of {user.value if isinstance(user, Scalar) else ''}"
            yield replace(resource, kind="aws_route_table_association", address=address, body=body)


def _listed(resource: Resource) -> Node:
    """The routes that somebody made; unknown where the answer does not have even the local one."""
    entries = resource.body.entries
    if "route" not in entries:
        why = Reason(f"the routes of {resource.address}", resource.at, "the whole answer of AWS")
        return Unknown((why,), resource.at)
    propagating = [link.id for link in many_of(entries.get("propagating_vgws")).items]
    routes = [item for item in maps(entries["route"]) if not _comes_by_itself(item, propagating)]
    return Seq(tuple([_by_interface(item) for item in routes]), resource.at)


def _is(item: Map, name: str, value: str) -> bool:
    node = item.entries.get(name)
    return isinstance(node, Scalar) and node.value == value


def _comes_by_itself(route: Map, propagating: list[str]) -> bool:
    """A local route, which every table has, or one that a gateway of which the table tells propagates."""
    if _is(route, "origin", "EnableVgwRoutePropagation"):
        return any(_is(route, "gateway_id", gateway) for gateway in propagating)
    return _is(route, "gateway_id", "local")


def _by_interface(route: Map) -> Map:
    """A route to an instance names its interface as well, which decides."""
    if "network_interface_id" not in route.entries:
        return route
    return replace(
        route, entries={name: node for name, node in route.entries.items() if name != "instance_id"}
    )


SPELLINGS = {
    "AWS::EC2::RouteTable": Spelling(kind="aws_route_table"),
    "RouteTables": Spelling(
        kind="aws_route_table",
        renamed={
            "Routes": "route",
            "Routes.DestinationCidrBlock": "cidr_block",
            "Routes.DestinationIpv6CidrBlock": "ipv6_cidr_block",
            "Routes.EgressOnlyInternetGatewayId": "egress_only_gateway_id",
        },
        each={"PropagatingVgws": "GatewayId"},
        gone={
            "Associations.AssociationState.State": frozenset({"disassociated", "disassociating", "failed"})
        },
        then=_with_associations,
    ),
    "AWS::EC2::Route": Spelling(
        kind="aws_route", renamed={"EgressOnlyInternetGatewayId": "egress_only_gateway_id"}
    ),
    "AWS::EC2::SubnetRouteTableAssociation": Spelling(kind="aws_route_table_association"),
    "AWS::EC2::GatewayRouteTableAssociation": Spelling(kind="aws_route_table_association"),
    "AWS::EC2::VPNGatewayRoutePropagation": Spelling(
        kind="aws_vpn_gateway_route_propagation", renamed={"RouteTableIds": "route_table_id"}
    ),
}
