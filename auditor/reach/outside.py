"""The ways between an interface and the internet: by internet gateway, NAT gateway, egress-only gateway.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Direction, Family, Link, TargetKind, Truth
from auditor.reach.edges import Edges
from auditor.reach.gateways import (
    UNMODELLED,
    gateway_point,
    no_route,
    not_modelled,
    public_point,
    route_point,
    unknown_routes,
    unmodelled,
    way_clause,
)
from auditor.reach.inside import Borders, either
from auditor.reach.nat import Nat
from auditor.reach.points import ALL, NONE, PERHAPS, Clause, Point, requests_of
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import EMPTY, IPV4, IPV6, PUBLIC, Bounds, IntSet, Traffic, parse_cidr
from auditor.tree import Location, Reason

Walk = tuple[Point, ...]

_PART = 1 << 24

NAT64 = parse_cidr("64:ff9b::/96")
"""The IPv6 addresses that stand for those of IPv4 (RFC 6052)."""


class Outside:
    """The ways between spots and addresses that lie in no VPC."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.index = borders.index
        self.edges = Edges(borders.index, borders.tables)

    def internet(self, spot: Spot, addresses: IntSet = PUBLIC) -> IntSet:
        """Those of the addresses that are on the internet, as seen from a spot, in its family."""
        line = IPV4 if spot.family is Family.IPV4 else IPV6
        return (addresses & PUBLIC & line) - self.index.ranges(spot.vpc).must

    # -- out ---------------------------------------------------------------------------------------

    def out(self, spot: Spot, addresses: IntSet, *, service: bool = False) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot to addresses on the internet.

        One tuple for each route table that may be in effect, one of which is; in it, all ways that this
        table gives.
        """
        first = self.borders.group_point(spot, Direction.EGRESS, None)
        start = () if first is None else (first,)
        tables = self.borders.tables.in_effect(spot.subnet, spot.vpc)
        return tuple(
            tuple((*start, *rest) for rest in self._by_table(spot, table, addresses, service=service))
            for table in tables
        )

    def nat64(self, spot: Spot) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot with IPv6 to the IPv4 internet; what the NAT gateway passes is left open.

        https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
        """
        first = self.borders.group_point(spot, Direction.EGRESS, None)
        start = () if first is None else (first,)
        walks = tuple(
            (*start, route_point(table, way), unmodelled(way))
            for table in self.borders.tables.in_effect(spot.subnet, spot.vpc)
            for way in table.ways
            if way.target.kind is TargetKind.NAT_GATEWAY and way.region.may & NAT64
        )
        return (walks,) if walks else ()

    def _by_table(self, spot: Spot, table: Table, addresses: IntSet, *, service: bool) -> Iterator[Walk]:
        found = False
        for way in table.ways:
            # A gateway endpoint leads to its service, which is not the internet.
            if way.region.may & addresses and (service or not way.is_service or addresses.size < _PART):
                found = True
                yield (route_point(table, way), *self._by_way(spot, way))
        if table.outside:
            yield (*unknown_routes(table), *self._crossing(spot))
        elif not found:
            yield (no_route(table, Leg.REQUEST), *self._crossing(spot))

    def _by_way(self, spot: Spot, way: Way) -> Walk:
        kind = way.target.kind
        match kind:
            case TargetKind.INTERNET_GATEWAY:
                gateway = self._attached(way, spot.vpc)
                out, back = self._crossing(spot)
                public = public_point(spot, Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS)
                edge = self.edges.points(spot.vpc, spot.addresses, Leg.REPLY)
                return (out, public, gateway, *edge, back)
            case TargetKind.EGRESS_ONLY_GATEWAY:
                edge = self.edges.points(spot.vpc, EMPTY, Leg.REPLY)
                return (*self._crossing(spot), self._attached(way, spot.vpc), *edge)
            case TargetKind.NAT_GATEWAY:
                return Nat(self.borders, self.edges).walk(spot, way)
            case TargetKind.BLACKHOLE | TargetKind.LOCAL:
                return ()
            case _:
                return (unmodelled(way), *self._crossing(spot))

    def _crossing(self, spot: Spot) -> Walk:
        return (
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REQUEST),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY),
        )

    def _attached(self, way: Way, vpc: str | None) -> Point:
        link = way.target.link or Link("", way.at or Location(""))
        return gateway_point(self.borders, link, way.target.kind, vpc)

    # -- in ----------------------------------------------------------------------------------------

    def into(self, spot: Spot, addresses: IntSet) -> Walk:
        """The way from addresses on the internet to a spot, by its VPC's internet gateway."""
        group = self.borders.group_point(spot, Direction.INGRESS, None)
        points = [
            self._any_gateway(spot),
            public_point(spot, Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS),
            *self.edges.points(spot.vpc, spot.addresses, Leg.REQUEST),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REQUEST),
            group,
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REPLY),
            self._reply_route(spot, addresses),
        ]
        return tuple(point for point in points if point is not None)

    def _any_gateway(self, spot: Spot) -> Point:
        vpc = spot.vpc or "an unknown VPC"
        truth = self.index.gateways(spot.vpc, TargetKind.INTERNET_GATEWAY)
        at = self.index.vpcs[vpc].at if vpc in self.index.vpcs else spot.at
        what = f"whether an internet gateway is attached to {vpc}"
        why = Reason(what, at or Location(""), "the input that defines the VPC, or a snapshot")
        passes = {Truth.YES: ALL, Truth.NO: NONE, Truth.UNKNOWN: PERHAPS}[truth]
        clause = Clause(
            component=vpc,
            at=at,
            text="attached",
            region=passes,
            reasons=(why,) if truth is Truth.UNKNOWN else (),
        )
        return Point(
            kind="internet-gateway",
            component=vpc,
            code=Code.UNASSOCIATED_COMPONENT,
            passes=passes,
            clauses=(clause,),
            at=at,
            text=f"no internet gateway is attached to {vpc}",
        )

    def _reply_route(self, spot: Spot, addresses: IntSet) -> Point:
        tables = self.borders.tables.in_effect(spot.subnet, spot.vpc)
        clauses = [one for table in tables for one in self._gateway_routes(table, spot, addresses)]
        passes = either([_routed(table) for table in tables])
        first = tables[0]
        return Point(
            kind="route-table",
            component=first.component,
            code=Code.NO_ROUTE_TO_DESTINATION,
            passes=requests_of(passes),
            clauses=tuple(clauses),
            leg=Leg.REPLY,
            at=first.at,
            text=f"{first.component} has no route to an internet gateway for the reply",
        )

    def _gateway_routes(self, table: Table, spot: Spot, addresses: IntSet) -> Iterator[Clause]:
        for way in table.ways:
            if way.region.may & addresses and _may_be_gateway(way):
                clause = way_clause(way, table)
                bounds = clause.region
                if way.target.kind is not TargetKind.INTERNET_GATEWAY:
                    bounds = Bounds(PERHAPS.must, bounds.may)
                yield Clause(
                    component=clause.component,
                    at=clause.at,
                    text=clause.text,
                    region=requests_of(bounds),
                    reasons=clause.reasons or _unmodelled_reasons(way, spot),
                )
        if table.outside:
            yield Clause(
                component=table.component,
                at=table.at,
                text="not known",
                region=PERHAPS,
                reasons=table.outside,
            )


def _may_be_gateway(way: Way) -> bool:
    """Whether a route leads to an internet gateway, or to what is not modelled and may lead there."""
    return way.target.kind in UNMODELLED or way.target.kind is TargetKind.INTERNET_GATEWAY


def _unmodelled_reasons(way: Way, spot: Spot) -> tuple[Reason, ...]:
    if way.target.kind is TargetKind.INTERNET_GATEWAY:
        return ()
    return (not_modelled(way, way.at or spot.at or Location("")),)


def _routed(table: Table) -> Bounds[Traffic]:
    must = IntSet.union(
        way.region.must for way in table.ways if way.target.kind is TargetKind.INTERNET_GATEWAY
    )
    may = IntSet.union(way.region.may for way in table.ways if _may_be_gateway(way))
    if table.outside:
        return PERHAPS
    return Bounds(Traffic.of(destinations=must), Traffic.of(destinations=may))
