"""What an answer says of its ends beside the verdict: what is assumed of them, and what is not certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model import Direction
from auditor.reach.acls import Acls, assumptions
from auditor.reach.carriers import Carriers
from auditor.reach.spot import Spot
from auditor.tree import Gap, GapKind, Presence


def untold(count: int) -> tuple[str, ...]:
    """The note on ways that an answer does not tell."""
    if not count:
        return ()
    return (f"{count} more {'way leads' if count == 1 else 'ways lead'} there, beside those that are told",)


class Remarks:
    """The notes on the spots of a network."""

    __slots__ = ("absent", "acls", "carriers")

    def __init__(self, carriers: Carriers, acls: Acls, gaps: Iterable[Gap]) -> None:
        self.carriers = carriers
        self.acls = acls
        self.absent = tuple([gap for gap in gaps if gap.kind is GapKind.MODULE])

    def on(self, spots: Iterable[Spot]) -> Iterator[str]:
        """The notes on spots, perhaps some of them more than once."""
        for spot in spots:
            if spot.hypothetical and spot.groups:
                yield f"{spot.owner} has no member in the input: a hypothetical one stands in each subnet"
            workload = self.carriers.workloads.get(spot.owner)
            if workload is not None and workload.presence is not Presence.CERTAIN:
                yield f"{spot.owner} may not exist: the answer holds where it does"
            for direction in Direction:
                yield from assumptions(self.acls.screens(spot.subnet, spot.vpc, direction))
            if self.absent:
                yield from self._rests_on(spot)

    def _rests_on(self, spot: Spot) -> Iterator[str]:
        """The modules that are not on disk, and that something of a spot comes from."""
        names = [name for name in (spot.owner, spot.subnet, spot.vpc, *spot.groups) if name]
        for gap in self.absent:
            if any(name.startswith((f"{gap.what}.", f"{gap.what}[", f"{gap.what}/")) for name in names):
                yield f"{gap.what}: {gap.why}"
