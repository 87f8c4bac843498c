"""Between which workloads a firewall may see one half of a connection, by the places where these stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from auditor.reach import Verdict
from auditor.reach.forwarding.inspection import ASYMMETRIC, KIND
from auditor.reach.spot import Spot
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End
from auditor.traffic import EVERYTHING

_FEW = 64
_MOST_ALIKE = 4


class Halves:
    """The ends between which a firewall may see a half of a connection.

    Which way packets take depends on the places of both ends alone. Of many ends, a few between each two
    places are told: what is to be mended is the same for all.
    """

    def __init__(self, evidence: Evidence, ends: tuple[End, ...]) -> None:
        self.evidence = evidence
        self.engine = evidence.engine
        self.ends = ends
        self._places: dict[Hashable, int] = {}
        self._of_end = {end.text: self._place(end) for end in ends}
        self._known: dict[tuple[int, int], bool] = {}
        self._told: Counter[tuple[int, int]] = Counter()

    def others(self, end: End) -> Iterator[End]:
        """The ends to which something passes from one, where a firewall may see half of it."""
        for other in self.ends:
            places = (self._of_end[end.text], self._of_end[other.text])
            if other is end or not self._meets(places, end, other):
                continue
            if len(self.ends) > _FEW and self._told[places] >= _MOST_ALIKE:
                continue
            if self._passes(end, other):
                self._told[places] += 1
                yield other

    def _place(self, end: End) -> int:
        key = tuple((spot.vpc, spot.subnet, spot.family, spot.addresses) for spot in self._spots(end))
        return self._places.setdefault(key, len(self._places))

    def _spots(self, end: End) -> tuple[Spot, ...]:
        return self.engine.spots.of_workload(end.workloads[0]).spots

    def _meets(self, places: tuple[int, int], end: End, other: End) -> bool:
        found = self._known.get(places)
        if found is None:
            found = self._known[places] = any(
                self._halves(spot, peer)
                for spot in self._spots(end)
                for peer in self._spots(other)
                if spot.family is peer.family
            )
        return found

    def _halves(self, spot: Spot, peer: Spot) -> bool:
        if self.engine.borders.stays(spot, peer):
            return False
        return any(
            clause.text == ASYMMETRIC
            for ways in self.engine.outcomes.distant.ways(spot, peer)
            for way in ways
            for point in way.followed.walk
            if point.kind == KIND
            for clause in point.clauses
        )

    def _passes(self, end: End, other: End) -> bool:
        outcome = self.engine.outcome(end.ends(self.evidence), other.ends(self.evidence), EVERYTHING)
        return outcome.verdict is not Verdict.BLOCKED
