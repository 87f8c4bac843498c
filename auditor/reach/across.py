"""The ways from one VPC to another, and those in one VPC that routes lead round."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import Direction, Fact, Truth
from auditor.reach.forwarding import ArrivalKind, Course, Joining, Outward, Place
from auditor.reach.forwarding.course import beyond, perhaps_point
from auditor.reach.gateways import never
from auditor.reach.journey import Walk
from auditor.reach.points import Point
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code, Leg
from auditor.tree import Location, Reason


class Across:
    """The ways between spots that are not of one VPC, or whose VPC's routes lead round."""

    def __init__(self, joining: Joining) -> None:
        self.joining = joining
        self.forwarding = joining.forwarding
        self.borders = joining.around.borders
        self.index = self.borders.index

    def between(self, source: Spot, destination: Spot) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot to another one by private addresses."""
        place, goal = Place(source.vpc, source.subnet), Place(destination.vpc, destination.subnet)
        explored = self.forwarding.out(place, destination.addresses, "request")
        found = self.joining.walks(
            explored, lambda course: self._arriving(course, (source, destination), (place, goal))
        )
        return tuple(walks or (self._apart(source, destination),) for walks in found)

    def _arriving(
        self, course: Course, spots: tuple[Spot, Spot], places: tuple[Place, Place]
    ) -> Outward | None:
        source, destination = spots
        place, goal = places
        kind = course.arrival.kind
        if kind is ArrivalKind.DEAD and not course.through and _without_route(course):
            return None
        if kind in {ArrivalKind.OPEN, ArrivalKind.DEAD}:
            return Outward(
                course=self._starting(course, source, destination), ending=self._open(*spots), stages=()
            )
        same = self.joining.in_vpc(course.arrival, destination.vpc)
        if same is Truth.NO:
            return None
        into = self._group(destination, Direction.INGRESS, source, course.inbound)
        for one in reversed(course.translations):
            into = tuple(beyond(point, one.addresses) for point in into)
        doubt: tuple[Point, ...] = ()
        if same is Truth.UNKNOWN:
            what = f"whether {course.arrival.vpc} is {destination.vpc or 'the VPC of ' + destination.owner}"
            why = Reason(what, destination.at or Location(""), "the input that defines them")
            doubt = (perhaps_point("vpc", what, Code.NO_PATH, (why,), destination.at),)
        landing = self.joining.landing(course.arrival, goal)
        for one in reversed(course.translations):
            landing = tuple(beyond(point, one.addresses) for point in landing)
        return Outward(
            course=self._starting(course, source, destination),
            ending=(*doubt, *landing, *into),
            stages=self.joining.home(course, place, source.addresses, goal),
        )

    def _starting(self, course: Course, source: Spot, destination: Spot) -> Course:
        return course.after(*self._group(source, Direction.EGRESS, destination, course.outbound))

    def _group(self, spot: Spot, direction: Direction, peer: Spot, references: Fact) -> tuple[Point, ...]:
        """The groups of a spot, as far as rules may name groups of the other end."""
        match references.truth:
            case Truth.YES:
                seen: Spot | None = peer
            case Truth.NO:
                seen = None
            case Truth.UNKNOWN:
                seen = replace(
                    peer,
                    groups=frozenset(),
                    possible=peer.groups | peer.possible,
                    reasons=(*peer.reasons, *references.reasons),
                )
        point = self.borders.group_point(spot, direction, seen)
        return () if point is None else (point,)

    def _open(self, source: Spot, destination: Spot) -> tuple[Point, ...]:
        """What stands at both ends, whatever lies between them."""
        return present(
            self.borders.acl_point(destination, Direction.INGRESS, Leg.REQUEST),
            self.borders.group_point(destination, Direction.INGRESS, source),
            self.borders.acl_point(destination, Direction.EGRESS, Leg.REPLY),
            self.borders.acl_point(source, Direction.INGRESS, Leg.REPLY),
        )

    def _apart(self, source: Spot, destination: Spot) -> Walk:
        text = f"{source.vpc} and {destination.vpc} are not connected: no route leads from one to the other"
        gate = never(source.vpc or "an unknown VPC", Code.DISCONNECTED_VPCS, text, source.at, "vpc")
        return present(
            self.borders.group_point(source, Direction.EGRESS, destination),
            gate,
            self.borders.acl_point(source, Direction.EGRESS, Leg.REQUEST),
            *self._open(source, destination),
        )


def present(*points: Point | None) -> Walk:
    """The points that there are."""
    return tuple(point for point in points if point is not None)


def _without_route(course: Course) -> bool:
    return any(point.code is Code.NO_ROUTE_TO_DESTINATION and not point.clauses for point in course.points)
