"""The ways that leave a VPC for a private network: other VPCs, and what lies behind a VPN.

What peering, transit gateways and VPNs deliver is not followed. Where a route leads to one, it may arrive;
where none does, it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Direction, Family, TargetKind, Truth
from auditor.reach.gateways import UNMODELLED, not_modelled
from auditor.reach.inside import Borders
from auditor.reach.points import NONE, PERHAPS, Clause, Point
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import IPV4, IPV6, IntSet
from auditor.tree import Location, Reason

Walk = tuple[Point, ...]


class Elsewhere:
    """The ways between a spot and private addresses outside its VPC."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.index = borders.index

    def between(self, source: Spot, destination: Spot) -> Walk:
        """The way from a spot to one in another VPC, or in what may be another."""
        why = tuple(self.leading(source, destination.addresses))
        text = f"{source.vpc} and {destination.vpc} are not connected: no route leads from one to the other"
        gate = _gate(source, Code.DISCONNECTED_VPCS, why, text)
        return _present(
            self.borders.group_point(source, Direction.EGRESS, destination),
            gate,
            self.borders.acl_point(source, Direction.EGRESS, Leg.REQUEST),
            self.borders.acl_point(destination, Direction.INGRESS, Leg.REQUEST),
            self.borders.group_point(destination, Direction.INGRESS, source),
            self.borders.acl_point(destination, Direction.EGRESS, Leg.REPLY),
            self.borders.acl_point(source, Direction.INGRESS, Leg.REPLY),
        )

    def out(self, spot: Spot, addresses: IntSet) -> Walk:
        """The way from a spot to private addresses outside every VPC."""
        why = tuple(self.leading(spot, addresses))
        text = f"no route of {spot.subnet or spot.owner} leads to these addresses"
        return _present(
            self.borders.group_point(spot, Direction.EGRESS, None),
            _gate(spot, Code.NO_ROUTE_TO_DESTINATION, why, text),
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REQUEST),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY),
        )

    def into(self, spot: Spot, addresses: IntSet) -> Walk:
        """The way from private addresses outside every VPC to a spot."""
        why = tuple(self.leading(spot, addresses)) or tuple(self._any_gate(spot))
        text = f"nothing connects {spot.vpc or 'its VPC'} with these addresses"
        return _present(
            _gate(spot, Code.NO_ROUTE_TO_DESTINATION, why, text),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REQUEST),
            self.borders.group_point(spot, Direction.INGRESS, None),
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REPLY),
        )

    def leading(self, spot: Spot, addresses: IntSet) -> Iterator[Reason]:
        """Why packets from a spot may get to private addresses outside its VPC, if they may."""
        line = IPV4 if spot.family is Family.IPV4 else IPV6
        for table in self.borders.tables.in_effect(spot.subnet, spot.vpc):
            yield from self._by_table(table, addresses & line, spot)

    def _by_table(self, table: Table, addresses: IntSet, spot: Spot) -> Iterator[Reason]:
        yield from table.outside
        for way in table.ways:
            if way.region.may & addresses and self._goes_on(way, addresses):
                yield not_modelled(way, way.at or spot.at or Location(""))
                yield from way.reasons

    def _goes_on(self, way: Way, addresses: IntSet) -> bool:
        """Whether what a route leads to may pass packets on to another private network."""
        if way.target.kind in UNMODELLED:
            return True
        if way.target.kind is not TargetKind.NAT_GATEWAY or not way.target.link:
            return False
        gateway = self.index.nat_gateways.get(self.index.canonical(way.target.link.id))
        if gateway is None:
            return True
        subnet = self.index.canonical(gateway.subnet.id)
        tables = self.borders.tables.in_effect(subnet, self.index.vpc_of_subnet(subnet))
        return any(
            table.outside
            or any(on.target.kind in UNMODELLED and on.region.may & addresses for on in table.ways)
            for table in tables
        )

    def _any_gate(self, spot: Spot) -> Iterator[Reason]:
        """What connects the VPC with private networks: their packets arrive, whatever the replies do."""
        index = self.index
        if index.gateways(spot.vpc, TargetKind.VPN_GATEWAY) is not Truth.NO:
            at = spot.at or Location("")
            yield Reason(f"what a virtual private gateway of {spot.vpc} connects", at, "a snapshot")
        for route in index.inventory.routes:
            if route.target.kind in UNMODELLED and route.target.link:
                table = index.tables.get(index.canonical(route.table.id))
                if table and index.same_vpc(index.canonical(table.vpc.id), spot.vpc) is not Truth.NO:
                    yield Reason(f"what {route.target.link.id} connects", route.at)


def _gate(spot: Spot, code: Code, why: tuple[Reason, ...], text: str) -> Point:
    passes = PERHAPS if why else NONE
    name = spot.vpc or "an unknown VPC"
    clause = Clause(
        component=name, at=spot.at, text="not known", region=passes, reasons=tuple(dict.fromkeys(why))
    )
    return Point(
        kind="vpc",
        component=name,
        code=code,
        passes=passes,
        clauses=(clause,) if why else (),
        at=spot.at,
        text=text,
    )


def _present(*points: Point | None) -> Walk:
    return tuple(point for point in points if point is not None)
