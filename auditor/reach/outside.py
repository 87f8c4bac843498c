"""The ways between an interface and the internet, whatever networks they lead through.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from auditor.model import Direction, Family, TargetKind, Truth
from auditor.reach.accelerators import accelerated
from auditor.reach.forwarding import Arrival, ArrivalKind, Course, Joining, Outward, Place, Stage
from auditor.reach.forwarding.course import perhaps_point
from auditor.reach.forwarding.supposing import attaching
from auditor.reach.gateways import never, no_route, public_point, route_point, unmodelled
from auditor.reach.journey import Walk
from auditor.reach.points import ALL, NONE, PERHAPS, Clause, Mend, Point
from auditor.reach.public_access import PublicAccess
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code, Leg
from auditor.traffic import IPV4, IPV6, PUBLIC, IntSet, parse_cidr
from auditor.tree import Location, Reason

_PART = 1 << 24

NAT64 = parse_cidr("64:ff9b::/96")
"""The IPv6 addresses that stand for those of IPv4 (RFC 6052)."""


class Outside:
    """The ways between spots and addresses on the internet."""

    def __init__(self, joining: Joining) -> None:
        self.joining = joining
        self.forwarding = joining.forwarding
        self.borders = joining.around.borders
        self.index = self.borders.index
        self.public_access = PublicAccess(self.index)

    def internet(self, spot: Spot, addresses: IntSet = PUBLIC) -> IntSet:
        """Those of the addresses that are on the internet, as seen from a spot, in its family."""
        line = IPV4 if spot.family is Family.IPV4 else IPV6
        return (addresses & PUBLIC & line) - self.index.ranges(spot.vpc).must

    # -- out ---------------------------------------------------------------------------------------

    def out(self, spot: Spot, addresses: IntSet, *, service: bool = False) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot to addresses on the internet.

        One tuple for each combination of what is not known of the way, one of which is true; in it, all ways
        that there are then.
        """
        first = self.borders.group_point(spot, Direction.EGRESS, None)
        start = () if first is None else (first,)
        place = Place(spot.vpc, spot.subnet)
        small = addresses.size < _PART

        def outward(course: Course) -> Outward | None:
            found = self._leaving(spot, place, course, service=service or small)
            if found is None:
                return None
            return Outward(course=course.after(*start), ending=found.ending, stages=found.stages)

        found = self.joining.walks(self.forwarding.out(place, addresses, "request", foreign=True), outward)
        table = self.borders.tables.in_effect(spot.subnet, spot.vpc)[0]
        crossing = (
            self.borders.acl_point(spot, Direction.EGRESS, Leg.REQUEST),
            self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY),
        )
        return tuple(walks or ((*start, no_route(table, Leg.REQUEST), *crossing),) for walks in found)

    def _leaving(self, spot: Spot, place: Place, course: Course, *, service: bool) -> Outward | None:
        back = self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY)
        match course.arrival.kind:
            case ArrivalKind.INTERNET:
                return self._by_gateway(spot, place, course)
            case ArrivalKind.SERVICE:
                # A gateway endpoint leads to its service, which is not the internet.
                return (
                    Outward(course=course, ending=(*course.arrival.gate, back), stages=())
                    if service
                    else None
                )
            case ArrivalKind.PRIVATE:
                beyond = _beyond(course.arrival.name, spot)
                return Outward(course=course, ending=(beyond, *self.joining.met(course, back)), stages=())
            case ArrivalKind.OPEN | ArrivalKind.DEAD:
                return Outward(course=course, ending=self.joining.met(course, back), stages=())
            case ArrivalKind.INTERFACE:
                if not course.through:
                    return None
                return Outward(course=course, ending=(_no_host(course), back), stages=())

    def _by_gateway(self, spot: Spot, place: Place, course: Course) -> Outward:
        arrival = course.arrival
        kind = TargetKind.EGRESS_ONLY_GATEWAY if arrival.outbound_only else TargetKind.INTERNET_GATEWAY
        blocked = self.public_access.points(
            arrival.vpc,
            (spot.subnet, *(one.subnet for one in course.translations)),
            outbound_only=arrival.outbound_only or bool(course.translations),
        )
        if course.translations:
            last = course.translations[-1]
            first = Stage(
                explored=self.forwarding.entering(arrival.vpc, last.addresses, kind, "reply"),
                accepts=lambda one: self.joining.in_vpc(one, last.vpc),
                end=Place(last.vpc, last.subnet),
                translations=course.translations,
            )
            stages = (first, *self.joining.home(course, Place(spot.vpc, spot.subnet), spot.addresses)[1:])
            return Outward(course=course, ending=(*arrival.gate, *blocked), stages=stages)
        same = self.index.same_vpc(arrival.vpc, spot.vpc)
        if same is Truth.NO:
            text = f"{arrival.name} takes no packets of another VPC than {arrival.vpc}"
            stop = never(arrival.name, Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC, text, course.arrival.gate[0].at)
            return Outward(course=course, ending=(stop,), stages=())
        code = Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
        public = () if arrival.outbound_only else (public_point(spot, code),)
        stage = Stage(
            explored=self.forwarding.entering(arrival.vpc, spot.addresses, kind, "reply"),
            accepts=lambda one: self.joining.in_vpc(one, spot.vpc),
            end=place,
        )
        return Outward(course=course, ending=(*public, *arrival.gate, *blocked), stages=(stage,))

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

    # -- in ----------------------------------------------------------------------------------------

    def into(self, spot: Spot, addresses: IntSet) -> tuple[tuple[Walk, ...], ...]:
        """The ways from addresses on the internet to a spot, by its VPC's internet gateway or the edge."""
        place = Place(spot.vpc, spot.subnet)
        group = self.borders.group_point(spot, Direction.INGRESS, None)
        gateway = self._any_gateway(spot)
        blocked = self.public_access.points(spot.vpc, (spot.subnet,), outbound_only=False)
        first = (gateway, public_point(spot, Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS), *blocked)

        def outward(course: Course) -> Outward | None:
            if course.arrival.kind in {ArrivalKind.OPEN, ArrivalKind.DEAD}:
                acl = self.joining.met(course, *self.joining.around.acl(place, Direction.INGRESS))
                ending = tuple(point for point in (*acl, group) if point is not None)
                return Outward(course=course.after(*first), ending=ending, stages=())
            if self.joining.in_vpc(course.arrival, spot.vpc) is Truth.NO or course.translations:
                return None
            ending = self.joining.landing(course.arrival, place)
            stage = Stage(
                explored=self.forwarding.out(place, addresses, "reply", foreign=True),
                accepts=lambda one: self._leaves(one, spot),
                end=place,
                lands=False,
            )
            after = (group,) if group is not None else ()
            return Outward(course=course.after(*first), ending=(*ending, *after), stages=(stage,))

        entering = self.forwarding.entering(spot.vpc, spot.addresses, TargetKind.INTERNET_GATEWAY, "request")
        found = self.joining.walks(entering, outward)
        brought = accelerated(self.borders, spot, (gateway, *blocked)) if spot.accelerated else ()
        return tuple((*walks, *brought) for walks in found or ((),)) if brought else found

    def _leaves(self, arrival: Arrival, spot: Spot) -> Truth:
        if arrival.kind is not ArrivalKind.INTERNET or arrival.outbound_only:
            return Truth.NO
        return Truth.YES if arrival.vpc == spot.vpc else self.index.same_vpc(arrival.vpc, spot.vpc)

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
            mend=Mend(attaching(vpc)),
        )


def _beyond(name: str, spot: Spot) -> Point:
    """What a private network does with packets for the internet."""
    why = Reason(f"what lies beyond {name}", spot.at or Location(""))
    return perhaps_point("private-network", name, Code.NO_ROUTE_TO_DESTINATION, (why,), spot.at)


def _no_host(course: Course) -> Point:
    """Packets for the internet that end in another VPC, which hands none of them on."""
    name = course.through[-1]
    text = f"{name} leads into {course.arrival.vpc}, which passes nothing on to the internet"
    return never(name, Code.PCX_REQUIRES_ADDRESS_IN_VPC_CIDR, text, None)
