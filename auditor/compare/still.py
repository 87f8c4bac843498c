"""Whether what lies between two places is the same in both networks, where something else of them differs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from auditor.compare.alike import Spelling
from auditor.model import Truth
from auditor.reach import Engine
from auditor.reach.ends import Ends
from auditor.reach.spot import Spot

Places = frozenset[Hashable]
"""Where an end stands, the same on both sides."""


class Still:
    """What lies between places in one VPC, on both sides, each pair of places asked once."""

    def __init__(self, engines: tuple[Engine, Engine], spellings: Sequence[Spelling]) -> None:
        self.engines = engines
        self.spellings = spellings
        self._spots: dict[Hashable, tuple[Spot, Spot]] = {}
        self._between: dict[tuple[Hashable, Hashable], bool] = {}

    def places(self, ends: tuple[Ends | None, Ends | None]) -> Places | None:
        """Where an end stands; None where that is not only in subnets, or not the same on both sides."""
        sides: list[dict[Hashable, Spot]] = []
        for spelling, own in zip(self.spellings, ends, strict=True):
            if own is None or own.internet or own.private or own.unplaced:
                return None
            sides.append({spelling.place(spot): spot for spot in own.spots})
        before, after = sides
        if not before or before.keys() != after.keys():
            return None
        for place, spot in before.items():
            self._spots.setdefault(place, (spot, after[place]))
        return frozenset(before)

    def between(self, one: Places, other: Places) -> bool:
        """Whether only the same control points, which tell no addresses apart, stand between two ends."""
        return all(self._is_still(here, there) for here in one for there in other)

    def _is_still(self, one: Hashable, other: Hashable) -> bool:
        found = self._between.get((one, other))
        if found is None:
            found = self._between[one, other] = self._same(self._spots[one], self._spots[other])
        return found

    def _same(self, spots: tuple[Spot, Spot], peers: tuple[Spot, Spot]) -> bool:
        known = []
        for engine, spot, peer in zip(self.engines, spots, peers, strict=True):
            if spot.family is not peer.family:
                return True
            if engine.index.same_vpc(spot.vpc, peer.vpc) is not Truth.YES:
                return False
            outcome, splits = engine.quick.network(spot, peer)
            if splits:
                return False
            known.append((outcome.request, outcome.both))
        return known[0] == known[1]
