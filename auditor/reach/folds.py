"""Walks folded point by point, kept: walks that let the same pass between the same addresses are one."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.reach.journey import Walk
from auditor.reach.points import ALL, LISTENER, Clause, Point, surviving
from auditor.reach.verdict import Leg
from auditor.reach.walk import Outcome, Side, client_ports, delivered, domain, walked
from auditor.traffic import Bounds, Traffic, exact

_MOST_KEPT = 1 << 14

_Met = tuple[int, Bounds[Traffic], Bounds[Traffic]]


@dataclass(frozen=True, slots=True)
class Fold:
    """What becomes of the asked traffic on a walk.

    ``start`` is what leaves, ``final`` what survives all points, ``met`` the points that are met, by their
    places in the walk, the request's first, each with what is left after it, and how that is shown.
    """

    outcome: Outcome
    start: Bounds[Traffic]
    final: Bounds[Traffic]
    met: tuple[_Met, ...]


class Folds:
    """The folds of the walks of one network.

    What a point lets pass is told apart by identity, as most points share it: it costs less than to compare.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[Fold, Walk, Traffic]] = {}
        self._decisive: dict[
            tuple[int, ...], tuple[Clause | None, Point, Bounds[Traffic], Bounds[Traffic]]
        ] = {}

    def of(self, walk: Walk, asked: Traffic, source: Side, destination: Side) -> Fold:
        """The fold of a walk, for the asked traffic between two ends."""
        passes = tuple([(id(point.passes), point.leg, point.kind == LISTENER) for point in walk])
        key = (passes, id(asked), source, destination)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = (_folded(walk, asked, source, destination), walk, asked)
        return found[0]

    def decisive(self, point: Point, final: Bounds[Traffic], left: Bounds[Traffic]) -> Clause | None:
        """The clause of a point that lets pass what arrives in the end, else what is left after it."""
        if not point.clauses:
            return None
        key = (id(point.clauses), id(final), id(left))
        found = self._decisive.get(key)
        if found is None:
            if len(self._decisive) >= _MOST_KEPT:
                self._decisive.clear()
            asked = (final.must, final.may, left.must, left.may)
            clause = next((one for one in map(point.decisive, asked) if one), None)
            found = self._decisive[key] = (clause, point, final, left)
        return found[0]


def _folded(walk: Walk, asked: Traffic, source: Side, destination: Side) -> Fold:
    ports = client_ports(asked)
    left = exact(domain(asked, source, destination))
    start = shown = delivered(left, source, destination, ports)
    leaving, request = left, shown
    met: list[_Met] = []
    for leg in Leg:
        for place, point in enumerate(walk):
            if point.leg is not leg or not left.may:
                continue  # what has been dropped meets nothing more
            # What is accepted is told only where something else arrives.
            if not (point.kind == LISTENER and left.may <= point.passes.may):
                if point.passes is not ALL:
                    left = left & point.passes
                    shown = delivered(left, source, destination, ports)
                met.append((place, left, shown))
        request = shown if leg is Leg.REQUEST else request
    if any(point.kind == LISTENER for point in walk):
        final = surviving(walk, leaving)
        return Fold(walked(walk, asked, source, destination), start, final, tuple(met))
    return Fold(Outcome(request, Bounds(shown.must, shown.may)), start, left, tuple(met))
