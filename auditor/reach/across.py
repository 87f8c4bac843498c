"""The ways from one VPC to another, and those in one VPC that routes lead round."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import Direction, Fact, Truth
from auditor.reach.blocks import Blocks
from auditor.reach.forwarding import ArrivalKind, Course, Followed, Joining, Outward, Place
from auditor.reach.forwarding.course import beyond, perhaps_point
from auditor.reach.gateways import never
from auditor.reach.joined import Joined
from auditor.reach.journey import Walk
from auditor.reach.points import Point
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code, Leg
from auditor.traffic import IntSet
from auditor.tree import Location, Reason


class Across:
    """The ways between spots that are not of one VPC, or whose VPC's routes lead round."""

    def __init__(self, joining: Joining) -> None:
        self.joining = joining
        self.forwarding = joining.forwarding
        self.borders = joining.around.borders
        self.index = self.borders.index
        self.joined = Joined(self.index)
        self.blocks = Blocks(self.index)

    def between(self, source: Spot, destination: Spot) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot to another one by private addresses."""
        return tuple(
            tuple(self.whole(one, source, destination) for one in ways) or (self._apart(source, destination),)
            for ways in self.network(source, destination)
        )

    def whole(self, one: Followed, source: Spot, destination: Spot) -> Walk:
        """A way between two places with the groups at both ends."""
        out, into = self.references(one.course)
        first = self._group(source, Direction.EGRESS, self.seen(destination, out))
        last = self._group(destination, Direction.INGRESS, self.seen(source, into))
        for translation in reversed(one.course.translations):
            last = tuple(beyond(point, translation.addresses) for point in last)
        return (*first, *one.walk, *last)

    def network(
        self, source: Spot, destination: Spot, *, wide: bool = False
    ) -> tuple[tuple[Followed, ...], ...]:
        """The same, groups aside: what lies between the places of two spots.

        ``wide`` follows packets to all of each VPC's range, once for all places in it: the ways are the same,
        and others that deliver nothing may be among them. Without it they are followed to a part of the range
        where a route tells parts apart.
        """
        seen = self.blocks.around if wide else self.blocks.seen
        explored = self.forwarding.out(_place_of(source), seen(destination), "request")
        back = seen(source)
        return self.joining.followed(
            explored, lambda course: self._arriving(course, source, destination, back)
        )

    def _arriving(self, course: Course, source: Spot, destination: Spot, back: IntSet) -> Outward | None:
        kind = course.arrival.kind
        apart = not self.joined.together(source.vpc, destination.vpc)
        if kind is ArrivalKind.DEAD and apart and not course.through and _without_route(course):
            return None
        if kind in {ArrivalKind.OPEN, ArrivalKind.DEAD}:
            return Outward(course=course, ending=self._open(course, source, destination), stages=())
        if kind is ArrivalKind.PRIVATE:
            beyond_it = (_handed_on(course), *self._open(course, source, destination))
            return Outward(course=course, ending=beyond_it, stages=())
        same = self.joining.in_vpc(course.arrival, destination.vpc)
        if same is Truth.NO:
            return _elsewhere(course)
        goal = _place_of(destination)
        landing = self.joining.landing(course.arrival, goal)
        for one in reversed(course.translations):
            landing = tuple(beyond(point, one.addresses) for point in landing)
        if same is Truth.UNKNOWN:
            vpc = course.arrival.vpc or "an unknown VPC"
            what = f"whether {vpc} is {destination.vpc or 'the VPC of ' + destination.owner}"
            why = Reason(what, destination.at or Location(""), "the input that defines them")
            landing = (perhaps_point("vpc", what, Code.NO_PATH, (why,), destination.at), *landing)
        stages = self.joining.home(course, _place_of(source), back, goal)
        return Outward(course=course, ending=landing, stages=stages)

    @staticmethod
    def references(course: Course) -> tuple[Fact, Fact]:
        """Whether rules may name groups of the other end: for what goes out, and for what comes in."""
        return course.outbound, course.inbound

    @staticmethod
    def seen(peer: Spot, references: Fact) -> Spot | None:
        """A spot as the rules at the other end see it: with its groups, without, or perhaps with them."""
        match references.truth:
            case Truth.YES:
                return peer
            case Truth.NO:
                return None
            case Truth.UNKNOWN:
                return replace(
                    peer,
                    groups=frozenset(),
                    possible=peer.groups | peer.possible,
                    reasons=(*peer.reasons, *references.reasons),
                )

    def _group(self, spot: Spot, direction: Direction, peer: Spot | None) -> tuple[Point, ...]:
        point = self.borders.group_point(spot, direction, peer)
        return () if point is None else (point,)

    def _ends(self, source: Spot, destination: Spot) -> tuple[Point, Point, Point]:
        """What stands at both ends, whatever lies between them."""
        return (
            self.borders.acl_point(destination, Direction.INGRESS, Leg.REQUEST),
            self.borders.acl_point(destination, Direction.EGRESS, Leg.REPLY),
            self.borders.acl_point(source, Direction.INGRESS, Leg.REPLY),
        )

    def _open(self, course: Course, source: Spot, destination: Spot) -> tuple[Point, ...]:
        """What stands at both ends of a course that is not followed to there."""
        into, out, back = self._ends(source, destination)
        return (*self.joining.met(course, into), out, *self.joining.met(course, back))

    def _apart(self, source: Spot, destination: Spot) -> Walk:
        text = f"{source.vpc} and {destination.vpc} are not connected: no route leads from one to the other"
        gate = never(source.vpc or "an unknown VPC", Code.DISCONNECTED_VPCS, text, source.at, "vpc")
        return present(
            self.borders.group_point(source, Direction.EGRESS, destination),
            gate,
            self.borders.acl_point(source, Direction.EGRESS, Leg.REQUEST),
            *self._ends(source, destination),
            self.borders.group_point(destination, Direction.INGRESS, source),
        )


def present(*points: Point | None) -> Walk:
    """The points that there are."""
    return tuple(point for point in points if point is not None)


def _without_route(course: Course) -> bool:
    return any(point.code is Code.NO_ROUTE_TO_DESTINATION and not point.clauses for point in course.points)


def _place_of(spot: Spot) -> Place:
    return Place(spot.vpc, spot.subnet)


def _elsewhere(course: Course) -> Outward | None:
    """A course that ends in another VPC than the one meant, or on the internet."""
    if not course.through or course.arrival.kind is not ArrivalKind.INTERFACE:
        return None
    vpc = course.arrival.vpc or "another VPC"
    text = f"{course.through[-1]} leads into {vpc}, which passes nothing on"
    return Outward(course=course, ending=(never(vpc, Code.NO_PATH, text, None, "vpc"),), stages=())


def _handed_on(course: Course) -> Point:
    """Packets for a VPC that leave for a private network, which may lead back into AWS."""
    name = course.arrival.name
    why = Reason(f"whether the networks behind {name} lead back into AWS", Location(""))
    return perhaps_point("private-network", name, Code.NO_ROUTE_TO_DESTINATION, (why,), None)
