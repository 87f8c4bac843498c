"""The same answers for interfaces in different networks, factor by factor, so that many of them are cheap.

As for those of one VPC (``quick``): what lies between two places is worked out once, groups aside; what the
groups let pass is asked of the two ends alone.
"""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model import Direction, Truth
from auditor.reach.across import Across
from auditor.reach.forwarding import Followed, Place
from auditor.reach.groups import Groups
from auditor.reach.points import ALL, Point
from auditor.reach.quick import side
from auditor.reach.spot import Party, Spot
from auditor.reach.verdict import Leg
from auditor.reach.walk import NOWHERE, Outcome, domain, one_of, together, walked
from auditor.traffic import EVERYTHING, NOTHING, Bounds, IntSet, Traffic

_OPEN = Outcome(ALL, ALL)


@dataclass(frozen=True, slots=True)
class Between:
    """One way between two places: what it delivers, groups aside, and whether it tells addresses apart."""

    followed: Followed
    outcome: Outcome
    splits: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """What lies between two parties, and whether rules for what goes out and comes in know groups there."""

    outcome: Outcome
    outbound: Truth
    inbound: Truth

    def passing(self, services: Bounds[Traffic]) -> Outcome:
        """What is delivered of the services that the groups let pass."""
        if self.outcome is _OPEN or not services.may:
            return Outcome(services, services)
        return Outcome(services & self.outcome.request, services & self.outcome.both)


class Distant:
    """Outcomes between spots of different networks, with everything that can be shared kept."""

    def __init__(self, across: Across, groups: Groups) -> None:
        self.across = across
        self.groups = groups
        self._between: dict[tuple[Place, IntSet, Place, IntSet], tuple[tuple[Between, ...], ...]] = {}
        self._plain: dict[tuple[int, int], Plain | None] = {}
        self._apart: dict[tuple[int, int], bool] = {}

    def ways(self, source: Spot, destination: Spot) -> tuple[tuple[Between, ...], ...]:
        """The ways between the places of two spots that may deliver anything."""
        one, other = Place(source.vpc, source.subnet), Place(destination.vpc, destination.subnet)
        key = (one, source.addresses, other, destination.addresses)
        found = self._between.get(key)
        if found is None:
            found = self._between[key] = tuple(
                tuple(self._measured(ways, source, destination))
                for ways in self.across.network(source, destination, wide=True)
            )
        return found

    def _measured(self, ways: tuple[Followed, ...], source: Spot, destination: Spot) -> list[Between]:
        ends = (side(source), side(destination))
        open_ways = [one for one in ways if not any(map(_stops, one.walk))]
        whole = domain(EVERYTHING, *ends) if open_ways else NOTHING
        found = []
        for one in open_ways:
            if all(_lets(point, whole) for point in one.walk):
                found.append(Between(one, _OPEN, splits=False))
                continue
            outcome = walked(one.walk, EVERYTHING, *ends)
            if outcome.request.may:
                found.append(Between(one, outcome, not (outcome.both.known and outcome.request.known)))
        return found

    def outcome(self, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        """What of the asked services passes between two spots by private addresses."""
        return one_of(
            together(self._by(one, source, destination, asked) for one in ways)
            for ways in self.ways(source, destination)
        )

    def _by(self, way: Between, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        course = way.followed.course
        if course.translations:
            return self._folded(way, source, destination, asked)
        out, out_splits = self.groups.services(source, Direction.EGRESS, destination, course.outbound.truth)
        if not out.may:
            return NOWHERE
        into, in_splits = self.groups.services(destination, Direction.INGRESS, source, course.inbound.truth)
        if way.splits and (out_splits or in_splits):
            return self._folded(way, source, destination, asked)
        passing = out & into & Bounds(asked, asked)
        if not passing.may:
            return NOWHERE
        if way.outcome is _OPEN:
            return Outcome(passing, passing)
        return Outcome(passing & way.outcome.request, passing & way.outcome.both)

    def _folded(self, way: Between, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        walk = self.across.whole(way.followed, source, destination)
        return walked(walk, asked, side(source), side(destination))

    # -- parties -----------------------------------------------------------------------------------

    def plain(self, source: Party, destination: Party) -> Plain | None:
        """What lies between two parties of alike spots, where it is the same between all their places."""
        one, other = source.kin, destination.kin
        if one is None or other is None or one.family is not other.family:
            return None
        key = (source.territory, destination.territory)
        if key not in self._plain:
            self._plain[key] = self._judged(source, destination)
        return self._plain[key]

    def _judged(self, source: Party, destination: Party) -> Plain | None:
        found: Plain | None = None
        for spot in source.spots:
            for peer in destination.spots:
                ways = self.ways(spot, peer)
                if len(ways) != 1 or len(ways[0]) != 1 or ways[0][0].splits:
                    return None
                course = ways[0][0].followed.course
                here = Plain(ways[0][0].outcome, course.outbound.truth, course.inbound.truth)
                if course.translations or (found is not None and here != found):
                    return None
                found = here
        return found

    def apart(self, source: Party, destination: Party) -> bool:
        """Whether nothing leads from any place of one party to any of another."""
        key = (source.territory, destination.territory)
        if not (source.territory and destination.territory):
            return False
        found = self._apart.get(key)
        if found is None:
            found = self._apart[key] = all(
                not any(self.ways(spot, peer)) for spot in source.spots for peer in destination.spots
            )
        return found


def _lets(point: Point, whole: Traffic) -> bool:
    return point.passes is ALL or whole <= point.passes.must


def _stops(point: Point) -> bool:
    """Whether no request passes a point at all."""
    return point.leg is Leg.REQUEST and not point.passes.may
