"""A journey: the ways from one spot or address set to another, and what of the asked traffic they deliver."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model import Family
from auditor.reach.ends import Ends
from auditor.reach.index import place
from auditor.reach.points import PERHAPS, Clause, Point
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code
from auditor.reach.walk import NOWHERE, Outcome, Side, one_of, together, walked
from auditor.traffic import IPV4, IPV6, IntSet, Traffic
from auditor.tree import Location, Reason

Walk = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The ways from one spot or address set to another.

    ``ways`` holds one tuple for each of several possibilities, one of which is true; in it, the walks that
    all exist then. ``certain`` is false where the ends themselves may not exist, for the ``reasons`` given.
    """

    source: Side
    destination: Side
    names: tuple[str, str]
    places: tuple[str, str]
    ways: tuple[tuple[Walk, ...], ...]
    spots: tuple[Spot | None, Spot | None] = (None, None)
    certain: bool = True
    reasons: tuple[Reason, ...] = ()

    def outcome(self, asked: Traffic) -> Outcome:
        """What of the asked traffic is delivered."""
        if not (self.source.addresses and self.destination.addresses):
            return NOWHERE
        found = one_of(
            together(walked(walk, asked, self.source, self.destination) for walk in walks)
            for walks in self.ways
        )
        return found if self.certain else found.perhaps()


def line_of(spot: Spot) -> IntSet:
    """The addresses of a spot's family."""
    return IPV4 if spot.family is Family.IPV4 else IPV6


def side_of(spot: Spot) -> Side:
    """A spot as an end of a walk."""
    return Side(spot.addresses, spot.chosen)


def between_spots(
    source: Spot, destination: Spot, *, ways: tuple[tuple[Walk, ...], ...], reasons: tuple[Reason, ...]
) -> Journey:
    """The journey between two spots."""
    return Journey(
        source=side_of(source),
        destination=side_of(destination),
        names=(source.owner, destination.owner),
        places=(place(source.subnet, source.vpc), place(destination.subnet, destination.vpc)),
        ways=ways,
        spots=(source, destination),
        certain=source.certain and destination.certain,
        reasons=(*reasons, *_doubts(source), *_doubts(destination)),
    )


def _doubts(spot: Spot) -> tuple[Reason, ...]:
    return spot.reasons if not spot.certain or spot.subnet is None else ()


def leaving(spot: Spot, side: Side, name: str, ways: tuple[tuple[Walk, ...], ...], ends: Ends) -> Journey:
    """The journey from a spot to addresses outside every VPC."""
    if ends.symbolic:
        ways = tuple(tuple((*walk, _symbol(spot, name)) for walk in walks) for walks in ways)
    return Journey(
        source=side_of(spot),
        destination=side,
        names=(spot.owner, name),
        places=(place(spot.subnet, spot.vpc), name),
        ways=ways,
        spots=(spot, None),
        certain=spot.certain,
        reasons=_doubts(spot),
    )


def entering(side: Side, spot: Spot, name: str, ways: tuple[tuple[Walk, ...], ...], ends: Ends) -> Journey:
    """The journey from addresses outside every VPC to a spot."""
    if ends.symbolic:
        ways = tuple(tuple((*walk, _symbol(spot, name)) for walk in walks) for walks in ways)
    return Journey(
        source=side,
        destination=side_of(spot),
        names=(name, spot.owner),
        places=(name, place(spot.subnet, spot.vpc)),
        ways=ways,
        spots=(None, spot),
        certain=spot.certain,
        reasons=_doubts(spot),
    )


def _symbol(spot: Spot, name: str) -> Point:
    why = Reason(f"which addresses {name} has", spot.at or Location(""), "name the addresses instead")
    clause = Clause(component=name, at=None, text="not known", region=PERHAPS, reasons=(why,))
    return Point(
        kind="interface",
        component=name,
        code=Code.NO_SOURCE_OR_DESTINATION,
        passes=PERHAPS,
        clauses=(clause,),
    )
