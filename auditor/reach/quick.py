"""The same answers for two interfaces in one VPC, factor by factor, so that many of them are cheap.

What a group lets out depends on the destination's address alone, what a group lets in on the source's
alone, and what lies between on the two places. "For all addresses" distributes over "and", so the certain
part of the answer is the product of the certain parts. The possible part is too, unless the network itself
tells addresses apart: then the walk is folded.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Direction, Truth
from auditor.reach.inside import Borders
from auditor.reach.points import ALL
from auditor.reach.spot import Party, Spot
from auditor.reach.walk import NOWHERE, Outcome, Side, walked
from auditor.traffic import EVERYTHING, Bounds, IntSet, Traffic

_Place = tuple[str | None, str | None, IntSet]
_OPEN = (Outcome(ALL, ALL), False)
_MOST_KEPT = 1 << 18


class Quick:
    """Outcomes between spots of one VPC, with everything that can be shared kept."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self._last: tuple[Party | None, Party | None, tuple[Bounds[Traffic], Bounds[Traffic]]] = (
            None,
            None,
            (ALL, ALL),
        )
        self._plain: dict[tuple[int, int], bool] = {}
        self._network: dict[tuple[_Place, _Place], tuple[Outcome, bool]] = {}
        self._passing: dict[
            tuple[int, int, int], tuple[Outcome, Bounds[Traffic], Bounds[Traffic], Traffic]
        ] = {}

    def network(self, source: Spot, destination: Spot) -> tuple[Outcome, bool]:
        """What lies between two places, groups aside, and whether it tells addresses or ports apart."""
        if self._is_open(source, destination):
            return _OPEN
        key = (
            (source.subnet, source.vpc, source.addresses),
            (destination.subnet, destination.vpc, destination.addresses),
        )
        found = self._network.get(key)
        if found is None:
            found = self._network[key] = self._between(source, destination)
        return found

    def _is_open(self, source: Spot, destination: Spot) -> bool:
        borders = self.borders
        return borders.same_subnet(source, destination) is Truth.YES or borders.is_open(source, destination)

    def _between(self, source: Spot, destination: Spot) -> tuple[Outcome, bool]:
        points = tuple(
            point for point in self.borders.between(source, destination) if point.kind != "security-group"
        )
        outcome = walked(points, EVERYTHING, side(source), side(destination))
        return outcome, not (outcome.both.known and outcome.request.known)

    def outcome(self, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        """What of the asked services passes between two spots that certainly lie in one VPC."""
        groups = self.borders.groups
        out, out_splits = groups.services(source, Direction.EGRESS, destination)
        if not out.may:
            return NOWHERE
        into, in_splits = groups.services(destination, Direction.INGRESS, source)
        if not into.may:
            return NOWHERE
        between, splits = self.network(source, destination)
        passing = self._let_pass(out, into, asked)
        asking = passing.both
        if not asking.may:
            return NOWHERE
        if splits and (out_splits or in_splits):
            return self.exactly(source, destination, asked)
        if between.both is ALL:
            return passing
        request = asking & between.request
        return Outcome(request, asking & between.both)

    def _let_pass(self, out: Bounds[Traffic], into: Bounds[Traffic], asked: Traffic) -> Outcome:
        """What the groups at both ends let pass, told apart by identity, as the groups keep what they say."""
        key = (id(out), id(into), id(asked))
        found = self._passing.get(key)
        if found is None:
            filters = out & into
            may = filters.may & asked
            asking = Bounds(may if filters.must is filters.may else filters.must & asked, may)
            if len(self._passing) >= _MOST_KEPT:
                self._passing.clear()
            found = self._passing[key] = (Outcome(asking, asking), out, into, asked)
        return found[0]

    def exactly(self, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        """The same by folding the whole walk."""
        return walked(self.borders.between(source, destination), asked, side(source), side(destination))

    def is_plain(self, source: Party, destination: Party) -> bool:
        """Whether only security groups stand between two parties of alike spots in one VPC."""
        one, other = source.kin, destination.kin
        if one is None or other is None or one.family is not other.family or one.vpc != other.vpc:
            return False
        if one.vpc is None or not (one.initiates and other.accepts):
            return False
        key = (source.territory, destination.territory)
        found = self._plain.get(key)
        if found is None:
            found = self._plain[key] = all(
                self.network(spot, peer)[0].both is ALL for spot in source.spots for peer in destination.spots
            )
        return found

    def cover(
        self, source: Party, destination: Party, outcome: Outcome, asked: Traffic
    ) -> Iterator[tuple[Spot, Spot]]:
        """A few pairs of spots that together show everything that passes between plain parties."""
        left = outcome.both.may
        for spot in source.spots:
            for peer in destination.spots:
                passing = self.outcome(spot, peer, asked).both
                if passing.must and passing.may & left:
                    yield spot, peer
                    left = left - passing.must
                    if not left:
                        return

    def filters(self, source: Party, destination: Party) -> tuple[Bounds[Traffic], Bounds[Traffic]]:
        """What the groups of plain parties let out and in."""
        if self._last[0] is source and self._last[1] is destination:
            return self._last[2]
        one, other = source.kin, destination.kin
        if one is None or other is None:
            return ALL, ALL
        groups = self.borders.groups
        out = groups.towards(one, Direction.EGRESS, other, (destination.territory, destination.spots))
        into = groups.towards(other, Direction.INGRESS, one, (source.territory, source.spots))
        self._last = (source, destination, (out, into))
        return out, into


def side(spot: Spot) -> Side:
    """A spot as an end of a walk."""
    return Side(spot.addresses, spot.chosen)
