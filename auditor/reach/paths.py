"""The ways by which an answer is proved: each distinct one, hop by hop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from auditor.frozen import dataclass
from auditor.reach.folds import Folds
from auditor.reach.journey import Journey, Walk
from auditor.reach.points import LISTENER, Clause, Point
from auditor.reach.verdict import Hop, Leg, Path, Verdict
from auditor.reach.walk import Outcome
from auditor.traffic import Bounds, Traffic

MOST_PATHS = 8
_MOST_WALKS = 64
_NOT_OF_THE_WAY = frozenset({"security-group", "network-acl", "choice", LISTENER})
_RANK = {Verdict.REACHABLE: 0, Verdict.ONE_WAY: 1, Verdict.UNKNOWN: 2, Verdict.BLOCKED: 3}

_Way = tuple[tuple[Leg, str], ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """A walk that delivers something."""

    journey: Journey
    walk: Walk
    outcome: Outcome

    @property
    def rank(self) -> int:
        """How good it is: the lower the better."""
        return _RANK[self.outcome.verdict]


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that an answer tells, how many it does not, and the walks of all of them."""

    told: tuple[Path, ...] = ()
    untold: int = 0
    walks: tuple[Passing, ...] = ()


def ways(
    journeys: Iterable[Journey], asked: Traffic, folds: Folds | None = None, *, every: bool = False
) -> Ways:
    """The distinct ways between each two places: at most eight are told.

    Of two places only the ways as good as their best one count. The best come first, and one way between each
    two places before the second of any. ``folds`` are those that earlier questions left.
    ``every`` tells all of them.
    """
    folds = Folds() if folds is None else folds
    found: dict[tuple[str, str], dict[_Way, Passing]] = {}
    for journey in journeys:
        known = found.setdefault(journey.places, {})
        for one in _passing(journey, asked, folds, None if every else _MOST_WALKS):
            way = _way(one.walk)
            if way not in known or one.rank < known[way].rank:
                known[way] = one
    ranked = [
        (one.rank, place, one)
        for known in found.values()
        for place, one in enumerate(_best(tuple(known.values())))
    ]
    ranked.sort(key=lambda each: each[:2])
    told = tuple(_path(one, asked, folds) for _, _, one in (ranked if every else ranked[:MOST_PATHS]))
    return Ways(told, len(ranked) - len(told), tuple(one for _, _, one in ranked))


def _passing(journey: Journey, asked: Traffic, folds: Folds, most: int | None) -> Iterator[Passing]:
    """The walks of a journey that deliver something, of the first ``most``.

    Where it is not known which of several possibilities is true, and each of them delivers, none is a doubt.
    """
    sure = journey.certain and (len(journey.ways) == 1 or journey.outcome(asked).verdict is Verdict.REACHABLE)
    walks = (walk for walks in journey.ways for walk in walks)
    for walk in islice(walks, most):
        outcome = folds.of(walk, asked, journey.source, journey.destination).outcome
        one = Passing(journey, walk, outcome if sure else outcome.perhaps())
        if one.outcome.verdict is not Verdict.BLOCKED:
            yield one


def _way(walk: Walk) -> _Way:
    """What tells two ways apart: the tables, gateways, firewalls and subnets that they lead over."""
    return tuple((point.leg, point.component) for point in walk if point.kind not in _NOT_OF_THE_WAY)


def _best(ways: tuple[Passing, ...]) -> Iterator[Passing]:
    best = min((one.rank for one in ways), default=0)
    return (one for one in ways if one.rank == best)


def _path(one: Passing, asked: Traffic, folds: Folds) -> Path:
    journey, outcome = one.journey, one.outcome
    return Path(
        source=journey.names[0],
        destination=journey.names[1],
        verdict=outcome.verdict,
        traffic=outcome.both if outcome.both.may else outcome.request,
        hops=tuple(_hops(journey, one.walk, asked, folds)),
    )


def _hops(journey: Journey, walk: Walk, asked: Traffic, folds: Folds) -> Iterator[Hop]:
    fold = folds.of(walk, asked, journey.source, journey.destination)
    yield _end(journey, 0, fold.start)
    shown = fold.start
    replied = False
    for place, left, shown_then in fold.met:
        point = walk[place]
        if point.leg is Leg.REPLY and not replied:
            replied = True
            yield _end(journey, 1, shown)
        shown = shown_then
        yield _hop(point, left, shown, folds.decisive(point, fold.final, left))
    if not replied:
        yield _end(journey, 1, shown)


def _end(journey: Journey, which: int, traffic: Bounds[Traffic]) -> Hop:
    spot = journey.spots[which]
    return Hop(
        component=journey.names[which],
        kind="interface" if spot else "internet",
        leg=Leg.REQUEST,
        decision="leaves" if which == 0 else "arrives",
        rule=f"in {journey.places[which]}" if spot else "",
        at=spot.at if spot else None,
        traffic=traffic,
    )


def _hop(point: Point, left: Bounds[Traffic], shown: Bounds[Traffic], clause: Clause | None) -> Hop:
    """A point as a hop, with its decisive rule."""
    decision = "allows" if left.must else "may allow" if left.may else "drops"
    return Hop(
        component=point.component,
        kind=point.kind,
        leg=point.leg,
        decision=decision,
        rule=clause.text if clause else point.text,
        at=(clause.at if clause else None) or point.at,
        traffic=shown,
        holder=clause.component if clause else "",
    )
