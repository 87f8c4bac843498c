"""Requests joined with the replies that come back: the walks between two ends in different networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Direction, Firewall, Truth
from auditor.reach.forwarding.choices import MOST, Alternative
from auditor.reach.forwarding.course import (
    Arrival,
    ArrivalKind,
    Course,
    Translation,
    as_reply,
    perhaps_point,
)
from auditor.reach.forwarding.forwarding import Explored, Forwarding
from auditor.reach.forwarding.inspection import KIND, asymmetric_point, replies_point
from auditor.reach.forwarding.place import Place
from auditor.reach.points import UNANSWERED, Point
from auditor.reach.verdict import Code, Leg
from auditor.traffic import EVERYTHING, Bounds, IntSet, exact
from auditor.tree import Location, Reason

_MOST_PAIRS = 2048
_REPLY = "which way the reply takes"

Walk = tuple[Point, ...]
Passed = tuple[tuple[Firewall, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A part of the way back: the courses to the next end, and what they must arrive at.

    ``translations`` are those whose addresses the packet bears there, in terms of the request; ``lands`` is
    false where the end is no subnet.
    """

    explored: Explored
    accepts: Callable[[Arrival], Truth]
    lands: bool = True
    end: Place
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """A course that arrives, with the points at its end and the stages of the way back."""

    course: Course
    ending: tuple[Point, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A walk there and back, with the course of its request."""

    course: Course
    walk: Walk


class Joining:
    """Puts the ways there and the ways back together."""

    def __init__(self, forwarding: Forwarding) -> None:
        self.forwarding = forwarding
        self.around = forwarding.around

    def home(
        self, course: Course, source: Place, addresses: IntSet, end: Place | None = None
    ) -> tuple[Stage, ...]:
        """The stages of the way back of a course: to each NAT gateway that it passed, then to the source.

        ``end`` is where the course arrived; without it the first stage has no start, and is the caller's.
        """
        stages: list[Stage] = []
        at = end
        for number in reversed(range(len(course.translations))):
            one = course.translations[number]
            place = Place(one.vpc, one.subnet)
            stages.append(self._stage(at or place, place, one.addresses, course.translations[: number + 1]))
            at = place
        stages.append(self._stage(at or source, source, addresses, ()))
        return tuple(stages)

    def _stage(
        self, start: Place, end: Place, addresses: IntSet, translations: tuple[Translation, ...]
    ) -> Stage:
        native = end.vpc if start.vpc == end.vpc else None
        return Stage(
            explored=self.forwarding.out(start, addresses, "reply", native=native),
            accepts=lambda arrival: self.in_vpc(arrival, end.vpc),
            end=end,
            translations=translations,
        )

    def in_vpc(self, arrival: Arrival, vpc: str | None) -> Truth:
        """Whether packets arrive at the interfaces of a VPC."""
        if arrival.kind is not ArrivalKind.INTERFACE:
            return Truth.NO
        return Truth.YES if arrival.vpc == vpc else self.around.index.same_vpc(arrival.vpc, vpc)

    def landing(self, arrival: Arrival, end: Place) -> tuple[Point, ...]:
        """The network ACLs between where packets come into a VPC and a subnet of it."""
        around = self.around
        into = around.acl(end, Direction.INGRESS)
        if arrival.subnet is None:
            return into
        same = around.index.same_subnet(arrival.subnet, end.subnet)
        if same is Truth.YES:
            return ()
        points = (*around.acl(Place(arrival.vpc, arrival.subnet), Direction.EGRESS), *into)
        return points if same is Truth.NO else tuple(perhaps_not_met(point) for point in points)

    def met(self, course: Course, *acls: Point) -> tuple[Point, ...]:
        """The network ACLs at the end of a course that is not followed to there.

        What hands packets on from a subnet to interfaces of the same one is not known: no ACL stands between.
        https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
        """
        by_gateway = course.arrival.kind is ArrivalKind.PRIVATE and course.arrival.vpc is not None
        if course.arrival.kind is ArrivalKind.DEAD or by_gateway:
            return acls
        return tuple(perhaps_not_met(point) for point in acls)

    def walks(
        self, explored: Explored, outward: Callable[[Course], Outward | None]
    ) -> tuple[tuple[Walk, ...], ...]:
        """The walks for each combination of what is not known; ``outward`` None leaves a course out."""
        return tuple(tuple(one.walk for one in ways) for ways in self.followed(explored, outward))

    def followed(
        self, explored: Explored, outward: Callable[[Course], Outward | None]
    ) -> tuple[tuple[Followed, ...], ...]:
        """The same walks, each with the course of its request."""
        found: list[tuple[Followed, ...]] = []
        for alternative in explored:
            walks: list[tuple[Followed, ...]] = [()]
            for course in alternative.courses:
                way = outward(course)
                if way is None:
                    continue
                options = list(self._back(alternative, way))
                if len(walks) * len(options) > MOST:
                    options = [tuple(walk for option in options for walk in _doubtful(option))]
                walks = [
                    (*each, *(Followed(way.course, walk) for walk in option))
                    for each in walks
                    for option in options
                ]
            found.extend(walks)
        return tuple(found)

    def _back(self, there: Alternative, way: Outward) -> Iterator[tuple[Walk, ...]]:
        """For each combination of what is not known of the way back, the walks with it."""
        request = (*way.course.points, *way.ending)
        replies = sum(len(each.courses) for stage in way.stages for each in stage.explored)
        if len(there.courses) * replies > _MOST_PAIRS:
            yield ((*request, as_reply(_doubt(_REPLY))),)
            return
        yield from self._stages(there, way, way.stages, request, ())

    def _stages(
        self,
        there: Alternative,
        way: Outward,
        stages: Sequence[Stage],
        points: Walk,
        passed: Passed,
    ) -> Iterator[tuple[Walk, ...]]:
        if not stages:
            yield ((*points, *self._firewalls(way.course.firewalls, passed)),)
            return
        stage, rest = stages[0], stages[1:]
        for alternative in stage.explored:
            if not there.agrees(alternative):
                continue
            both = Alternative(tuple({**dict(there.chosen), **dict(alternative.chosen)}.items()), ())
            options: list[tuple[Walk, ...]] = [()]
            for course in alternative.courses:
                added = list(self._course(both, way, (stage, rest), course, (points, passed)))
                options = [(*each, *more) for each in options for more in added or [()]]
                if len(options) > MOST:
                    options = [tuple(walk for option in options for walk in _doubtful(option))]
            yield from (each or ((*points, _lost(stage.end)),) for each in options)

    def _course(
        self,
        both: Alternative,
        way: Outward,
        stages: tuple[Stage, Sequence[Stage]],
        course: Course,
        so_far: tuple[Walk, Passed],
    ) -> Iterator[tuple[Walk, ...]]:
        stage, rest = stages
        points, passed = so_far
        arrived = Truth.NO if course.translations else stage.accepts(course.arrival)
        landed = stage.lands and arrived is not Truth.NO
        ending = self.landing(course.arrival, stage.end) if landed else ()
        views = self.around.views
        back = [views.reply(point) for point in (*course.points, *ending) if point.kind != KIND]
        for one in reversed(stage.translations):
            back = [views.beyond(point, one.addresses) for point in back]
        if arrived is Truth.NO:
            if course.arrival.kind in {ArrivalKind.DEAD, ArrivalKind.OPEN}:
                yield ((*points, *back),)
            return
        if arrived is Truth.UNKNOWN:
            vpc, subnet = course.arrival.vpc or "an unknown VPC", stage.end.subnet or "an unknown subnet"
            back.append(as_reply(_doubt(f"whether {vpc} is the VPC of {subnet}")))
        yield from self._stages(both, way, rest, (*points, *back), (*passed, *course.firewalls))

    def _firewalls(self, there: Passed, back: Passed) -> Iterator[Point]:
        """What the firewalls on a way do with replies: one that sees one direction only drops them."""
        seen = [endpoint for _, endpoint in there]
        replied = [endpoint for _, endpoint in back]
        firewalls = self.around.firewalls
        for firewall, endpoint in there:
            if endpoint in replied:
                yield replies_point(firewalls, firewall)
            else:
                yield asymmetric_point(firewalls, firewall, endpoint, replies=False)
        for firewall, endpoint in back:
            if endpoint not in seen:
                yield asymmetric_point(firewalls, firewall, endpoint, replies=True)


def perhaps_not_met(point: Point) -> Point:
    """A point that packets may go round."""
    return replace(point, passes=Bounds(point.passes.must, EVERYTHING))


def _doubtful(walks: tuple[Walk, ...]) -> Iterator[Walk]:
    """Walks of which it is not known which exist."""
    for walk in walks:
        yield (*walk, as_reply(_doubt(_REPLY)))


def _doubt(what: str) -> Point:
    why = Reason(what, Location(""), "the input that decides it, or a snapshot")
    return perhaps_point("choice", what, Code.NO_PATH, (why,), None)


def _lost(end: Place) -> Point:
    """A reply that goes elsewhere."""
    name = end.subnet or end.vpc or "the other end"
    return Point(
        kind="route-table",
        component=name,
        code=Code.NO_ROUTE_TO_DESTINATION,
        passes=exact(UNANSWERED),
        leg=Leg.REPLY,
        text=f"the reply does not come back to {name}: its route leads elsewhere",
    )
