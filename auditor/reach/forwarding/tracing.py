"""Packets followed from a place in a VPC through tables, gateways and connections to where they come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from auditor.model import NO, Direction, EndpointType, Peering, TargetKind, Truth
from auditor.reach.forwarding.choices import Choices
from auditor.reach.forwarding.course import (
    Arrival,
    ArrivalKind,
    Course,
    Translation,
    dead,
    open_course,
    perhaps_point,
)
from auditor.reach.forwarding.crossing import crossed
from auditor.reach.forwarding.facts import active_peering, gateway_endpoint, within
from auditor.reach.forwarding.inspection import inspected
from auditor.reach.forwarding.lookup import (
    Lying,
    local_part,
    local_point,
    loop,
    own_part,
    own_point,
    routed_parts,
)
from auditor.reach.forwarding.place import Place, Seen
from auditor.reach.forwarding.private import behind
from auditor.reach.forwarding.supposing import new_gateway, routed
from auditor.reach.forwarding.surroundings import Surroundings
from auditor.reach.gateways import gateway_point, no_route, route_point, unknown_routes, unmodelled
from auditor.reach.points import NONE, Point
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import IPV4, Bounds, IntSet
from auditor.tree import Location, Presence, Reason

_MOST_TABLES = 2


class Tracer:
    """One exploration, with its choices, to addresses of which ``lying`` says where they lie."""

    def __init__(self, around: Surroundings, choices: Choices, leg: str, lying: Lying) -> None:
        self.around = around
        self.lying = lying
        self.leg = leg
        self.index = around.index
        self.choices = choices

    def courses(self, place: Place, addresses: IntSet, seen: Seen = frozenset()) -> Iterator[Course]:
        """The ways from a place to addresses."""
        tables = self._tables(place)
        whole = [local_part(table, addresses, self.lying, place.vpc) for table in tables]
        if all(addresses <= part.must for part in whole):
            yield self.here(place, local_point(tables[0], whole[0], addresses))
            return
        own = own_part(self.index, place, addresses, self.lying)
        if own.may:
            yield self.here(place, own_point(place.subnet or "", own, addresses))
            addresses = addresses - own.must
            if not addresses:
                return
        if place in seen:
            yield dead(loop(place))
            return
        name = place.subnet or place.vpc or "an unknown VPC"
        if len(tables) > _MOST_TABLES and not self.lying.foreign:
            yield from self._anywhere(place, tables, whole, addresses)
            return
        for table, doubt in self.choices.pick(
            f"table {name}", tables, f"which route table is in effect in {name}"
        ):
            for course in self._by_table(place, table, addresses, seen | {place}):
                yield course.after(*doubt) if doubt else course

    def _anywhere(
        self, place: Place, tables: tuple[Table, ...], local: list[Bounds[IntSet]], addresses: IntSet
    ) -> Iterator[Course]:
        """What a subnet does that may use any of many tables: none of them is followed."""
        kept = Bounds(
            addresses - IntSet.union(addresses - part.must for part in local),
            IntSet.union(part.may for part in local),
        )
        if kept.may:
            yield self.here(place, local_point(tables[0], kept, addresses))
        name = f"the route table of {place.subnet or 'an unknown subnet of ' + str(place.vpc)}"
        whys = [reason for table in tables for reason in table.outside]
        why = whys or [Reason(f"which of {len(tables)} is {name}", Location(""), "the subnet, or a snapshot")]
        point = perhaps_point("route-table", name, Code.NO_ROUTE_TO_DESTINATION, why, None)
        yield open_course(point, *self.around.acl(place, Direction.EGRESS))

    def _tables(self, place: Place) -> tuple[Table, ...]:
        tables = self.around.borders.tables
        return (
            (tables.table(place.edge, place.vpc),)
            if place.edge
            else tables.in_effect(place.subnet, place.vpc)
        )

    def here(self, place: Place, point: Point) -> Course:
        """The course that stays in the VPC of a place."""
        arrival = Arrival(kind=ArrivalKind.INTERFACE, vpc=place.vpc, subnet=place.subnet)
        return Course(points=(point,), arrival=arrival)

    def _by_table(self, place: Place, table: Table, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        local = local_part(table, addresses, self.lying, place.vpc)
        left = addresses - local.may
        if local.may:
            yield self.here(place, local_point(table, local, addresses))
        for way in routed_parts(table, addresses, foreign=self.lying.foreign):
            left = left - way.region.may
            point = route_point(table, way)
            for course in self.by_way(place, way, way.region.may, seen):
                yield course.after(point)
        if table.outside:
            yield open_course(*unknown_routes(table), *self.around.acl(place, Direction.EGRESS))
        elif left == addresses:
            yield dead(no_route(table, Leg.REQUEST), *self.around.acl(place, Direction.EGRESS))
        if self.around.supposing:
            yield from routed(self, place, table, addresses, seen)

    # -- by what a route leads to ------------------------------------------------------------------

    def by_way(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        """The courses of packets that a route takes."""
        steps: Mapping[TargetKind, Callable[[Place, Way, IntSet, Seen], Iterator[Course]]] = {
            TargetKind.INTERNET_GATEWAY: self._internet_gateway,
            TargetKind.EGRESS_ONLY_GATEWAY: self._egress_only,
            TargetKind.NAT_GATEWAY: self._nat,
            TargetKind.VPC_PEERING: self._peering,
            TargetKind.TRANSIT_GATEWAY: self._transit,
            TargetKind.CORE_NETWORK: self._transit,
            TargetKind.VPN_GATEWAY: self._vpn_gateway,
            TargetKind.VPC_ENDPOINT: self._endpoint,
            TargetKind.NETWORK_INTERFACE: self._appliance,
            TargetKind.INSTANCE: self._appliance,
            TargetKind.BLACKHOLE: self._black_hole,
        }
        step = steps.get(way.target.kind, self._unknown)
        yield from step(place, way, addresses, seen)

    def _black_hole(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:  # noqa: ARG002 - as all steps
        yield dead()

    def _unknown(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:  # noqa: ARG002 - as all steps
        name = way.target.link.id if way.target.link else ""
        yield open_course(unmodelled(way), *self.around.acl(place, Direction.EGRESS), name=name)

    def _internet_gateway(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:  # noqa: ARG002 - as all steps
        gate = self._gate(place, way)
        arrival = Arrival(kind=ArrivalKind.INTERNET, vpc=place.vpc, gate=gate, name=gate[0].component)
        yield Course(points=self.around.acl(place, Direction.EGRESS), arrival=arrival)

    def _egress_only(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:  # noqa: ARG002 - as all steps
        gate = self._gate(place, way)
        arrival = Arrival(
            kind=ArrivalKind.INTERNET, vpc=place.vpc, gate=gate, name=gate[0].component, outbound_only=True
        )
        yield Course(points=self.around.acl(place, Direction.EGRESS), arrival=arrival)

    def _gate(self, place: Place, way: Way) -> tuple[Point, ...]:
        link = way.target.link
        if link is None:
            return (unmodelled(way),)
        point = gateway_point(self.around.borders, link, way.target.kind, place.vpc)
        return (point, *new_gateway(self, place.vpc, link.id)) if self.around.supposing else (point,)

    def _nat(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        link = way.target.link
        gateway = self.index.nat_gateways.get(self.index.canonical(link.id)) if link else None
        if gateway is None or link is None:
            yield from self._unknown(place, way, addresses, seen)
            return
        subnet = self.index.canonical(gateway.subnet.id)
        vpc = self.index.vpc_of_subnet(subnet) or place.vpc
        known = self.index.subnets.get(subnet)
        own = gateway.address.addresses.may if gateway.address else None
        sources = own or (known.cidrs.may & IPV4 if known else IPV4)
        at_nat = Place(vpc, subnet)
        first = self.around.nat.points(gateway, link, place.vpc, vpc)
        translation = Translation(gateway=gateway, vpc=vpc, subnet=subnet, addresses=sources)
        for course in self.courses(at_nat, addresses, seen):
            beyond = self.around.views.beyond
            seen_there = tuple(beyond(point, sources) for point in course.points)
            gate = tuple(beyond(point, sources) for point in course.arrival.gate)
            if course.arrival.kind is ArrivalKind.INTERNET and not course.translations:
                gate = (self.around.nat.public_point(gateway), *gate)
            yield replace(
                course,
                points=(*self.crossing(place, at_nat), *first, *seen_there),
                arrival=replace(course.arrival, gate=gate),
                inbound=NO,
                outbound=NO,
                translations=(translation, *course.translations),
            )

    def crossing(self, one: Place, other: Place) -> tuple[Point, ...]:
        """The network ACLs between two subnets of a VPC; none where they are one."""
        if self.index.same_subnet(one.subnet, other.subnet) is Truth.YES and not one.edge:
            return ()
        around = self.around
        return (*around.acl(one, Direction.EGRESS), *around.acl(other, Direction.INGRESS))

    def _peering(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        link = way.target.link
        peering = self.around.peerings.get(self.index.canonical(link.id)) if link else None
        if peering is None or link is None:
            yield from self._unknown(place, way, addresses, seen)
            return
        ends = [self.index.canonical(end.id) for end in (peering.requester, peering.accepter)]
        here = [self.index.same_vpc(end, place.vpc) for end in ends]
        other = ends[1] if here[0] is Truth.YES else ends[0] if here[1] is Truth.YES else None
        if other is None:
            yield from self._unknown(place, way, addresses, seen)
            return
        sure = link.certain and peering.requester.certain and peering.accepter.certain
        yield self.peered(place, peering, other, certain=sure, further=len(seen) > 1)

    def peered(
        self, place: Place, peering: Peering, other: str, *, certain: bool, further: bool = False
    ) -> Course:
        """The course by a peering connection to its ``other`` end; ``further`` from a third VPC."""
        points = [
            *self.around.acl(place, Direction.EGRESS),
            active_peering(peering, certain=certain),
            within(peering.id, peering.at, self.index.ranges(other), "destination"),
        ]
        if further:
            points.append(within(peering.id, peering.at, self.index.ranges(place.vpc), "source"))
        return Course(
            points=tuple(points),
            arrival=Arrival(kind=ArrivalKind.INTERFACE, vpc=other),
            inbound=peering.group_references,
            outbound=peering.group_references,
            through=(peering.id,),
        )

    def _transit(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        found = False
        for course in crossed(self, place, way, addresses, seen):
            found = True
            yield course
        if not found:
            yield from self._unknown(place, way, addresses, seen)

    def _vpn_gateway(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:  # noqa: ARG002 - as all steps
        name = self.index.canonical(way.target.link.id) if way.target.link else ""
        gate = self._gate(place, way)
        points = (*self.around.acl(place, Direction.EGRESS), *gate, behind(self.index, name, way.at))
        arrival = Arrival(kind=ArrivalKind.PRIVATE, vpc=place.vpc, name=name)
        yield Course(points=points, arrival=arrival, inbound=NO, outbound=NO, through=(name,))

    def _endpoint(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        link = way.target.link
        name = self.index.canonical(link.id) if link else ""
        endpoint = self.around.endpoints.get(name)
        if way.is_service or (endpoint is not None and endpoint.types == (EndpointType.GATEWAY,)):
            sure = endpoint is not None and not way.is_service
            gate = (gateway_endpoint(endpoint),) if sure and endpoint else (unmodelled(way),)
            points = self.around.acl(place, Direction.EGRESS)
            arrival = Arrival(kind=ArrivalKind.SERVICE, vpc=place.vpc, name=name, gate=gate)
            yield Course(points=points, arrival=arrival, inbound=NO, outbound=NO, through=(name,))
            return
        found = False
        for course in inspected(self, place, way, addresses, seen) if link else ():
            found = True
            yield course
        if not found:
            yield from self._unknown(place, way, addresses, seen)

    def _appliance(self, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
        """An instance or interface that may pass packets on, or its own address.

        https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck
        """
        link = way.target.link
        workload = self.around.carriers.workloads.get(self.index.canonical(link.id)) if link else None
        sure = workload is not None and link is not None and link.certain
        if workload is None or not sure or workload.presence is not Presence.CERTAIN:
            yield from self._unknown(place, way, addresses, seen)
            return
        if self.around.forwards(workload) is Truth.NO:
            text = f"{workload.id} checks source and destination: it passes on nothing that is not its own"
            yield dead(
                Point(
                    kind="interface",
                    component=workload.id,
                    code=Code.ENI_SOURCE_DEST_CHECK_RESTRICTION,
                    passes=NONE,
                    at=workload.forwards.at or workload.at,
                    text=text,
                )
            )
            return
        yield from self._unknown(place, way, addresses, seen)
