"""Site-to-Site VPN: the networks outside AWS that it brings to a gateway."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from auditor.aws.reader import Block, Spelling, both
from auditor.model import AttachmentKind, Component, Link, PrivateNetwork, TransitAttachment, Truth
from auditor.traffic import ANY, EMPTY, IPV4, UNICAST_IPV4, Bounds, IntSet, exact
from auditor.tree import Dialect, GapKind, Reason

CONNECTION = "aws_vpn_connection"
ROUTE = "aws_vpn_connection_route"
TRANSIT_ROUTE = "aws_ec2_transit_gateway_route"
LISTED = "aws_ec2_transit_gateway_attachment"
OWN = "transit_gateway_attachment_id"
_Known = tuple[Bounds[IntSet], tuple[Reason, ...]]


def read_connection(block: Block) -> Iterator[Component]:
    """The network behind a VPN, at a virtual private gateway or as an attachment of a transit gateway.

    Where it has static routes only, they say what its addresses are; else its own router announces them.
    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
    """
    gateway, transit = block.link("vpn_gateway_id"), block.link("transit_gateway_id")
    if gateway is not None:
        prefixes, reasons = _prefixes(block, _own_routes(block), UNICAST_IPV4)
        yield PrivateNetwork(
            id=block.address,
            at=block.at,
            names=block.names(),
            gateway=gateway,
            prefixes=prefixes,
            reasons=reasons,
            presence=block.presence if _only(gateway, transit) else block.possible,
        )
    if block.has("vpn_concentrator_id"):
        why = "what a concentrator attaches to a transit gateway is not read"
        block.flag(GapKind.RESOURCE, block.address, why, block.place("vpn_concentrator_id"))
    if transit is not None:
        yield from _attached(block, transit, sure=_only(transit, gateway))


def _only(link: Link, other: Link | None) -> bool:
    return link.certain and other is None


def _attached(block: Block, transit: Link, *, sure: bool) -> Iterator[Component]:
    own = f"{block.address}.{OWN}"
    presence = block.presence if sure else block.possible
    if not _is_listed(block):
        yield TransitAttachment(
            id=own,
            at=block.at,
            kind=AttachmentKind.VPN,
            gateway=transit,
            names=block.names(),
            tags=block.tags,
            presence=presence,
        )
    routes = _static(block, block.users(TRANSIT_ROUTE, OWN, own), "destination_cidr_block", ANY)
    prefixes, reasons = _prefixes(block, Bounds(routes.must, ANY), ANY)
    yield PrivateNetwork(
        id=f"{block.address}.network",
        at=block.at,
        names=block.names(),
        attachment=Link(own, block.at),
        prefixes=prefixes,
        reasons=reasons or _why(block),
        presence=presence,
    )


def _is_listed(block: Block) -> bool:
    """Whether a snapshot has the attachment by itself."""
    return bool(block.users(LISTED, "resource_id", block.address))


def _own_routes(block: Block) -> Bounds[IntSet]:
    """The static routes of the connection, which a state and a snapshot list in it."""
    inline = [route for route in block.blocks("routes") if route.text("state") != "deleted"]
    found = [
        Bounds(each.must if block.holds(route) else EMPTY, each.may)
        for route in inline
        if (each := route.addresses("destination_cidr_block", IPV4)) is not None
    ]
    separate = _static(
        block, block.users(ROUTE, "vpn_connection_id", *block.ids), "destination_cidr_block", IPV4
    )
    known = reduce(lambda one, other: one | other, found, separate)
    untold = block.resource.dialect is Dialect.SNAPSHOT and not block.mentions("routes")
    return Bounds(known.must, UNICAST_IPV4) if untold else known


def _static(block: Block, users: list[tuple[Block, Link]], path: str, within: IntSet) -> Bounds[IntSet]:
    """The destinations of routes that lead to the connection, or may do; a default route names no network."""
    found: Bounds[IntSet] = exact(EMPTY)
    for user, link in users:
        given = user.addresses(path, within) or Bounds(EMPTY, within)
        sure = link.certain and both(user.presence, block.presence) is block.presence
        sure = sure and not any(given.must == everything for everything in (IPV4, ANY - IPV4))
        found |= given if sure else Bounds(EMPTY, given.may)
    return found


def _prefixes(block: Block, routes: Bounds[IntSet], widest: IntSet) -> _Known:
    match block.fact("static_routes_only").truth:
        case Truth.YES:
            return routes, () if routes.known else (*_settled_by_routes(block),)
        case Truth.NO:
            return Bounds(EMPTY, widest), _why(block)
        case Truth.UNKNOWN:
            return Bounds(EMPTY, widest), block.why("static_routes_only") or _why(block)


def _settled_by_routes(block: Block) -> tuple[Reason, ...]:
    return (Reason(f"the static routes of {block.address}", block.at, "their destinations"),)


def _why(block: Block) -> tuple[Reason, ...]:
    what = f"the networks that are announced over {block.address}"
    return (Reason(what, block.at, "the announced routes; static_routes_only with routes says them here"),)


def read_route(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """A static route of a VPN; the connection's reader sees it."""
    yield from ()


READERS = {CONNECTION: read_connection, ROUTE: read_route}

SPELLINGS = {
    "AWS::EC2::VPNConnection": Spelling(kind=CONNECTION, attributes={"VpnConnectionId": "id"}),
    "AWS::EC2::VPNConnectionRoute": Spelling(kind=ROUTE),
    "VpnConnections": Spelling(kind=CONNECTION, renamed={"Options.StaticRoutesOnly": "/static_routes_only"}),
}
