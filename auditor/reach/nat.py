"""NAT gateways: outbound TCP, UDP and ICMP over IPv4, from the gateway's own address and ports.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from auditor.model import Direction, Fact, Link, NatGateway, TargetKind, Truth
from auditor.reach.edges import Edges
from auditor.reach.gateways import fact_point, gateway_point, unmodelled, way_clause
from auditor.reach.inside import Borders, either
from auditor.reach.points import EPHEMERAL, Clause, Point
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import ICMP, IPV4, TCP, UDP, Bounds, IntSet, Traffic, exact
from auditor.tree import Location, Presence, Reason

_CARRIED = Traffic.of(
    protocols=IntSet.of((ICMP, ICMP), (TCP, TCP), (UDP, UDP)), sources=IPV4, destinations=IPV4
)


class Nat:
    """The way through a NAT gateway, there and back."""

    def __init__(self, borders: Borders, edges: Edges) -> None:
        self.borders = borders
        self.index = borders.index
        self.edges = edges

    def walk(self, spot: Spot, way: Way) -> tuple[Point, ...]:
        """The points from a spot through the NAT gateway of a route to the internet, and back."""
        link = way.target.link
        gateway = self.index.nat_gateways.get(self.index.canonical(link.id)) if link else None
        if gateway is None or link is None:
            return (unmodelled(way), *self._own_border(spot))
        subnet = self.index.canonical(gateway.subnet.id)
        vpc = self.index.vpc_of_subnet(subnet) or spot.vpc
        known = self.index.subnets.get(subnet)
        edge = self.edges.points(vpc, known.cidrs.may if known else IPV4, Leg.REPLY)
        leads_on = self._leads_on(gateway)
        requests, replies = self._borders(spot, subnet, vpc)
        return (
            *requests,
            self._public(gateway, link, leads_on=leads_on),
            self._same_vpc(gateway, spot, vpc),
            self._carried(gateway),
            self._own_route(gateway, subnet, vpc),
            self._of_nat(subnet, vpc, Direction.EGRESS, Leg.REQUEST),
            *edge,
            _remapped(self._of_nat(subnet, vpc, Direction.INGRESS, Leg.REPLY)),
            *replies,
        )

    def _own_border(self, spot: Spot) -> tuple[Point, ...]:
        return (
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REQUEST),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY),
        )

    def _borders(
        self, spot: Spot, subnet: str, vpc: str | None
    ) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
        """The border between the spot's subnet and the gateway's, for the request and for the reply."""
        if self.index.same_subnet(spot.subnet, subnet) is Truth.YES:
            return (), ()
        out, back = self._own_border(spot)
        into = self._of_nat(subnet, vpc, Direction.INGRESS, Leg.REQUEST)
        onward = self._of_nat(subnet, vpc, Direction.EGRESS, Leg.REPLY)
        return (out, into), (onward, back)

    def _of_nat(self, subnet: str, vpc: str | None, direction: Direction, leg: Leg) -> Point:
        screens = self.borders.acls.screens(subnet, vpc, direction)
        return self.borders.screen_point(screens, direction, leg)

    def _public(self, gateway: NatGateway, link: Link, *, leads_on: bool) -> Point:
        fact = gateway.public
        if fact.truth is Truth.NO and leads_on:
            why = Reason(f"what lies behind {gateway.id}, a private NAT gateway", gateway.at)
            fact = Fact(Truth.UNKNOWN, gateway.at, (why,))
        if fact.truth is Truth.YES and not (gateway.presence is Presence.CERTAIN and link.certain):
            fact = Fact(Truth.UNKNOWN, gateway.at, link.reasons)
        at = fact.at or gateway.at
        texts = ("public", f"{gateway.id} is a private NAT gateway")
        return fact_point(
            "nat-gateway",
            gateway.id,
            Code.NO_ROUTE_TO_DESTINATION,
            Fact(fact.truth, at, fact.reasons),
            texts,
        )

    def _same_vpc(self, gateway: NatGateway, spot: Spot, vpc: str | None) -> Point:
        same = self.index.same_vpc(vpc, spot.vpc)
        truth = Truth.YES if same is Truth.UNKNOWN else same
        texts = ("in the same VPC", f"{gateway.id} lies in another VPC")
        code = Code.NGW_REQUIRES_SOURCE_IN_VPC
        return fact_point("nat-gateway", gateway.id, code, Fact(truth, gateway.at), texts)

    def _carried(self, gateway: NatGateway) -> Point:
        clause = Clause(component=gateway.id, at=gateway.at, text="TCP, UDP and ICMP", region=exact(_CARRIED))
        return Point(
            kind="nat-gateway",
            component=gateway.id,
            code=Code.PROTOCOL_RESTRICTION,
            passes=exact(_CARRIED),
            clauses=(clause,),
            at=gateway.at,
            text=f"{gateway.id} carries TCP, UDP and ICMP over IPv4 only",
        )

    def _own_route(self, gateway: NatGateway, subnet: str, vpc: str | None) -> Point:
        tables = self.borders.tables.in_effect(subnet, vpc)
        clauses: list[Clause] = []
        bounds: list[Bounds[Traffic]] = []
        for table in tables:
            onward = [way for way in table.ways if not self._loops(way, gateway)]
            bounds.append(self._onward(table, onward, gateway, vpc))
            clauses.extend(way_clause(way, table) for way in onward)
            if table.outside:
                region = Bounds(Traffic.of(destinations=_NOWHERE), Traffic.of())
                clauses.append(
                    Clause(
                        component=table.component,
                        at=table.at,
                        text="not known",
                        region=region,
                        reasons=table.outside,
                    )
                )
        first = tables[0]
        return Point(
            kind="route-table",
            component=first.component,
            code=Code.NO_ROUTE_TO_DESTINATION,
            passes=either(bounds),
            clauses=tuple(clauses),
            at=first.at or gateway.at,
            text=f"{first.component}, which {gateway.id} uses, has no route to an internet gateway",
        )

    def _leads_on(self, gateway: NatGateway) -> bool:
        """Whether a NAT gateway's own subnet may lead to the internet by something else than its gateway."""
        subnet = self.index.canonical(gateway.subnet.id)
        tables = self.borders.tables.in_effect(subnet, self.index.vpc_of_subnet(subnet))
        return any(
            table.outside
            or any(way.target.kind not in _ENDS and not self._loops(way, gateway) for way in table.ways)
            for table in tables
        )

    def _loops(self, way: Way, gateway: NatGateway, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a route leads to a NAT gateway that leads back, or only to further ones that do."""
        if way.target.kind is not TargetKind.NAT_GATEWAY or way.target.link is None:
            return False
        identity = self.index.canonical(way.target.link.id)
        behind = self.index.nat_gateways.get(identity)
        before = seen | {gateway.id}
        if behind is None:
            return False
        subnet = self.index.canonical(behind.subnet.id)
        tables = self.borders.tables.in_effect(subnet, self.index.vpc_of_subnet(subnet))
        return identity in before or not any(
            table.outside or not self._loops(on, behind, before) for table in tables for on in table.ways
        )

    def _onward(self, table: Table, ways: list[Way], gateway: NatGateway, vpc: str | None) -> Bounds[Traffic]:
        must: list[IntSet] = []
        may: list[IntSet] = []
        for way in ways:
            kind = way.target.kind
            if kind is TargetKind.INTERNET_GATEWAY and gateway.public.truth is Truth.NO:
                # The gateway drops what comes from an address that is not public.
                continue
            if kind is TargetKind.INTERNET_GATEWAY and way.target.link:
                passes = gateway_point(self.borders, way.target.link, kind, vpc).passes
                if passes.may:
                    may.append(way.region.may)
                if passes.must:
                    must.append(way.region.must)
            elif kind not in _ENDS:
                may.append(way.region.may)
        sure = Traffic.of(destinations=IntSet.union(must))
        return Bounds(sure, Traffic.of() if table.outside else Traffic.of(destinations=IntSet.union(may)))


_NOWHERE = IntSet(())
_ENDS = frozenset(
    {
        TargetKind.BLACKHOLE,
        TargetKind.LOCAL,
        TargetKind.EGRESS_ONLY_GATEWAY,
        TargetKind.INTERNET_GATEWAY,
    }
)


def _remapped(point: Point) -> Point:
    """A reply to the gateway's port, not the client's: certain where every port of the gateway gets it."""
    must = Traffic(tuple(box for box in point.passes.must.boxes if box[3] >= EPHEMERAL)).free("source_ports")
    may = (point.passes.may & Traffic.of(source_ports=EPHEMERAL)).free("source_ports")
    passes = exact(may) if must == may else Bounds(must, may)
    return Point(
        kind=point.kind,
        component=point.component,
        code=point.code,
        passes=passes,
        clauses=point.clauses,
        leg=point.leg,
        at=point.at or Location(""),
        text=point.text,
    )
