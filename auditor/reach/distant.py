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
from auditor.reach.walk import NOWHERE, Outcome, domain, one_of, together, walked
from auditor.traffic import EVERYTHING, Bounds, IntSet, Traffic

_OPEN = Outcome(ALL, ALL)


@dataclass(frozen=True, slots=True)
class Between:
    """One way between two places: what it delivers, groups aside, and whether it tells addresses apart."""

    followed: Followed
    outcome: Outcome
    splits: bool


class Distant:
    """Outcomes between spots of different networks, with everything that can be shared kept."""

    def __init__(self, across: Across, groups: Groups) -> None:
        self.across = across
        self.groups = groups
        self._between: dict[tuple[Place, IntSet, Place, IntSet], tuple[tuple[Between, ...], ...]] = {}
        self._plain: dict[tuple[int, int], tuple[Truth, Truth] | None] = {}
        self._apart: dict[tuple[int, int], bool] = {}

    def ways(self, source: Spot, destination: Spot) -> tuple[tuple[Between, ...], ...]:
        """The ways between the places of two spots that may deliver anything."""
        one, other = Place(source.vpc, source.subnet), Place(destination.vpc, destination.subnet)
        key = (one, source.addresses, other, destination.addresses)
        found = self._between.get(key)
        if found is None:
            found = self._between[key] = tuple(
                tuple(self._measured(ways, source, destination))
                for ways in self.across.network(source, destination)
            )
        return found

    def _measured(self, ways: tuple[Followed, ...], source: Spot, destination: Spot) -> list[Between]:
        ends = (side(source), side(destination))
        whole = domain(EVERYTHING, *ends)
        found = []
        for one in ways:
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

    def plain(self, source: Party, destination: Party) -> tuple[Truth, Truth] | None:
        """Whether only groups stand between two parties of alike spots, and whether these are known there.

        The references are those of what goes out and of what comes in.
        """
        one, other = source.kin, destination.kin
        if one is None or other is None or one.family is not other.family:
            return None
        key = (source.territory, destination.territory)
        if key not in self._plain:
            self._plain[key] = self._judged(source, destination)
        return self._plain[key]

    def _judged(self, source: Party, destination: Party) -> tuple[Truth, Truth] | None:
        found: set[tuple[Truth, Truth]] = set()
        for spot in source.spots:
            for peer in destination.spots:
                ways = self.ways(spot, peer)
                if len(ways) != 1 or len(ways[0]) != 1 or ways[0][0].outcome is not _OPEN:
                    return None
                course = ways[0][0].followed.course
                if course.translations:
                    return None
                found.add((course.outbound.truth, course.inbound.truth))
        return found.pop() if len(found) == 1 else None

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
