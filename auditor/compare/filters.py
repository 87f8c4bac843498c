"""Whether a rule that changed makes a difference between two ends: far cheaper than to follow the packets."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from auditor.compare.alike import Spelling
from auditor.model import Direction, Truth
from auditor.reach import Engine
from auditor.reach.ends import Ends
from auditor.reach.groups import carried
from auditor.reach.spot import Spot
from auditor.traffic import PUBLIC

BothEnds = tuple[Ends | None, Ends | None]
_SpotPair = tuple[Spot, Spot]


class Filters:
    """The groups of ends in two networks that are the same but for rules."""

    def __init__(self, engines: tuple[Engine, Engine], spellings: Sequence[Spelling]) -> None:
        self.engines = engines
        self.spellings = spellings
        self._spots: dict[int, tuple[BothEnds, tuple[_SpotPair, ...] | None]] = {}
        self._outside: dict[tuple[frozenset[str], frozenset[str]], bool] = {}

    def alike(self, source: BothEnds, destination: BothEnds) -> bool:
        """Whether the groups of both ends let the same pass between them in both networks.

        False where that cannot be told from each group's rules for the whole of the other end's places.
        """
        here, there = self._pairs(source), self._pairs(destination)
        if here is None or there is None:
            return False
        return all(self._same(spots, peers) for spots in here for peers in there)

    def _same(self, spots: _SpotPair, peers: _SpotPair) -> bool:
        if spots[0].family is not peers[0].family:
            return True
        if not self._is_inside(spots, peers) and not (
            self._same_outside(spots) and self._same_outside(peers)
        ):
            return False
        return self._same_towards(spots, Direction.EGRESS, peers) and self._same_towards(
            peers, Direction.INGRESS, spots
        )

    def _is_inside(self, spots: _SpotPair, peers: _SpotPair) -> bool:
        """Whether the two certainly lie in one VPC, so that no way leads through public addresses."""
        index = self.engines[0].index
        turning = not all(peer.hidden for peer in peers)
        return not turning and index.same_vpc(spots[0].vpc, peers[0].vpc) is Truth.YES

    def _same_towards(self, spots: _SpotPair, direction: Direction, peers: _SpotPair) -> bool:
        before, after = (
            self._towards(side, spots[side], direction, peers[side]) for side in range(len(self.engines))
        )
        return before is not None and before == after

    def _towards(self, side: int, spot: Spot, direction: Direction, peer: Spot) -> Hashable | None:
        """What each group of a spot lets pass by the peer's addresses, and by its groups."""
        found: list[Hashable] = []
        for group, sure in carried(spot) if spot.filtered else ():
            rules = self.engines[side].groups.side(group, direction)
            bounds, splits = rules.from_addresses(peer.addresses)
            if splits or rules.outside:
                return None
            named = tuple(
                (certain, passing)
                for certain, groups in ((True, peer.groups), (False, peer.possible))
                for each in groups
                if (passing := rules.from_group(each)) is not None
            )
            reached = rules.any_group if peer.open else None
            found.append((self.spellings[side].name(group), sure, bounds, frozenset(named), reached))
        return frozenset(found)

    def _same_outside(self, spots: _SpotPair) -> bool:
        """Whether the rules for public addresses are the same on both sides."""
        key = (spots[0].groups | spots[0].possible, spots[1].groups | spots[1].possible)
        found = self._outside.get(key)
        if found is None:
            before, after = (
                frozenset(part for group in groups for part in self._public_rules(side, group))
                for side, groups in enumerate(key)
            )
            found = self._outside[key] = before == after
        return found

    def _public_rules(self, side: int, group: str) -> tuple[Hashable, ...]:
        spelling = self.spellings[side]
        return tuple(
            (spelling.name(group), direction, spelling.match(match))
            for direction in Direction
            for match in self.engines[side].groups.side(group, direction).matches
            if not match.group and match.addresses.may.overlaps(PUBLIC)
        )

    def _pairs(self, ends: BothEnds) -> tuple[_SpotPair, ...] | None:
        """The spots of an end beside their own on the other side; None where it stands otherwise there."""
        kept = self._spots.get(id(ends))
        if kept is None or kept[0] is not ends:
            kept = self._spots[id(ends)] = (ends, self._paired(ends))
        return kept[1]

    def _paired(self, ends: BothEnds) -> tuple[_SpotPair, ...] | None:
        sides: list[dict[Hashable, Spot]] = []
        for spelling, own in zip(self.spellings, ends, strict=True):
            if own is None or own.unplaced or any(party.one for party in own.parties):
                return None
            sides.append({spelling.spot(spot): spot for spot in own.spots})
        before, after = sides
        if before.keys() != after.keys():
            return None
        return tuple((spot, after[key]) for key, spot in before.items())
