"""The least that would open what is blocked: the smallest set of changes that must be made together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach.journey import Journey
from auditor.reach.points import ALL, BY_PORTS, EPHEMERAL, UNANSWERED, Point, services_text
from auditor.reach.verdict import Blocker, Leg, Opened
from auditor.reach.walk import domain, walked
from auditor.traffic import EVERYTHING, IPV4, IPV6, Traffic, cidrs

_MOST_TRIED = 3
_MOST_RANGES = 8

_ALL_ASKED = (EVERYTHING - UNANSWERED).services()

Walk = tuple[Point, ...]
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Opening:
    """Changes that together open a way; ``sure`` where some of the traffic passes for certain then."""

    changes: Mapping[_Key, Blocker]
    sure: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """The better the lower: what opens for certain first, then the fewest changes."""
        return not self.sure, len(self.changes)

    @property
    def told(self) -> tuple[Blocker, ...]:
        """The changes in the order in which packets meet what they open."""
        return tuple(sorted(self.changes.values(), key=lambda one: one.leg is Leg.REPLY))

    @property
    def opened(self) -> Opened:
        """The changes as an answer tells them."""
        doubt = "whether these changes are enough depends on what is not known"
        return Opened(changes=self.told, notes=() if self.sure else (doubt,))


NO_OPENING = Opening({}, sure=True)


def least(journeys: Iterable[Journey], asked: Traffic) -> Opening:
    """What to add or change so that some of the asked traffic is delivered and answered.

    Of all ways between the two ends the one that needs the fewest changes; the first of several, and none
    that may not open where another does. Nothing where no change would open a way.
    """
    best: Opening | None = None
    for journey in journeys:
        start = domain(asked, journey.source, journey.destination)
        start = (start - UNANSWERED) or start
        if start:
            most = len(best.changes) - 1 if best and best.sure else 0
            if best and best.sure and not most:
                break
            found = _of_journey(journey, start, asked, most)
            if found is not None and (best is None or found.rank < best.rank):
                best = found
    return best or NO_OPENING


def _of_journey(journey: Journey, start: Traffic, asked: Traffic, most: int) -> Opening | None:
    """The least that opens a journey: in every of its possibilities, where it is not known which is true.

    Openings of more than ``most`` changes are left out (0 for any number).
    """
    possible = [
        sorted(_openings(journey, walks, (start, asked), most), key=lambda one: one.rank)
        for walks in journey.ways
    ]
    if not possible or not all(possible):
        return None
    chosen: dict[_Key, Blocker] = {}
    sure = journey.certain
    for openings in possible:
        certain = [one for one in openings if one.sure] or openings
        nearest = min(certain, key=lambda one: len(one.changes.keys() - chosen.keys()))
        sure = sure and nearest.sure
        chosen.update(nearest.changes)
    for key in tuple(chosen) if len(possible) > 1 else ():
        rest = chosen.keys() - {key}
        if all(any(one.changes.keys() <= rest and one.sure >= sure for one in each) for each in possible):
            del chosen[key]
    return Opening(chosen, sure)


def _openings(
    journey: Journey, walks: Sequence[Walk], traffic: tuple[Traffic, Traffic], most: int
) -> Iterator[Opening]:
    """What opens each of several walks, but for those that need more than others."""
    start, asked = traffic
    fewest = {True: most, False: most}
    for walk in walks:
        points = _closing(walk, start, fewest[True])
        if points is None:
            continue
        sure = _is_sure(journey, walk, points, asked)
        if not sure:
            more = _surely(journey, walk, points, asked)
            points, sure = (more, True) if more else (points, False)
        changes = _changes(walk, points, start)
        if not fewest[sure] or len(changes) <= fewest[sure]:
            fewest[sure] = len(changes)
            yield Opening(changes, sure)


def _changes(walk: Walk, points: Sequence[Point], start: Traffic) -> dict[_Key, Blocker]:
    """The changes at some points of a walk, each told once, for what the other points let pass."""
    wanted = start
    for point in _without(walk, points):
        wanted = wanted & point.passes.may
    found: dict[_Key, Blocker] = {}
    for change in (_change(point, start, wanted) for point in points):
        found.setdefault(_key(change), change)
    return found


def _without(walk: Walk, points: Sequence[Point]) -> Walk:
    left_out = {id(point) for point in points}
    return tuple(point for point in walk if id(point) not in left_out)


def _is_sure(journey: Journey, walk: Walk, points: Sequence[Point], asked: Traffic) -> bool:
    """Whether something passes a walk for certain, some of its points aside."""
    rest = _without(walk, points)
    return bool(walked(rest, asked, journey.source, journey.destination).both.must)


def _surely(journey: Journey, walk: Walk, points: list[Point], asked: Traffic) -> list[Point]:
    """The points, and the fewest of those that let pass a part only, so that something passes for certain."""
    partial = [point for point in _without(walk, points) if point.mend and point.passes.must != EVERYTHING]
    for count in range(1, min(len(partial), _MOST_TRIED) + 1):
        for more in combinations(partial, count):
            chosen = _in_order(walk, [*points, *more])
            if _is_sure(journey, walk, chosen, asked):
                return chosen
    return []


def _closing(walk: Walk, start: Traffic, most: int) -> list[Point] | None:
    """The fewest points of a walk without which something of the traffic passes all others.

    None where no change would open one of them, or where they are more than ``most`` (0 for any number).
    """
    closed = [one for one in walk if one.passes is not ALL and not one.passes.may.overlaps(start)]
    if any(point.mend is None for point in closed):
        return None
    if most and len({(point.component, point.mend) for point in closed}) > most:
        return None
    rest = _without(walk, closed)
    return closed if _passes(rest, start) else _with_more(walk, closed, rest, start)


def _with_more(walk: Walk, closed: list[Point], rest: Walk, start: Traffic) -> list[Point] | None:
    """The closed points with the fewest of the rest without which something passes."""
    mendable = [place for place, point in enumerate(rest) if point.mend and not start <= point.passes.may]
    for count in range(1, _MOST_TRIED + 1):
        for chosen in combinations(mendable, count):
            if _passes([point for place, point in enumerate(rest) if place not in chosen], start):
                return _in_order(walk, [*closed, *(rest[place] for place in chosen)])
    return None


def _passes(points: Iterable[Point], traffic: Traffic) -> bool:
    for point in points:
        traffic = traffic & point.passes.may
        if not traffic:
            return False
    return True


def _in_order(walk: Walk, points: Sequence[Point]) -> list[Point]:
    chosen = {id(point) for point in points}
    return [point for point in walk if id(point) in chosen]


def _change(point: Point, start: Traffic, wanted: Traffic) -> Blocker:
    clause = next((one for one in point.clauses if not one.allows and start <= one.region.must), None)
    at = clause.at if clause else point.at
    return Blocker(
        code=point.code, component=point.component, leg=point.leg, at=at, text=_text(point, start, wanted)
    )


def _text(point: Point, start: Traffic, wanted: Traffic) -> str:
    """The change in words; a rule with the packets that it is about."""
    mend = point.mend
    if mend is None or mend.direction is None:
        return mend.text if mend else point.text
    if mend.sources is not None:
        there = Traffic.of(sources=mend.sources, source_ports=EPHEMERAL)
        wanted = wanted.free("sources", "source_ports") & there
    seen = wanted.reversed() if point.leg is Leg.REPLY else wanted
    out = mend.direction is Direction.EGRESS
    ends = seen.destinations if out else seen.sources
    spans = cidrs(ends)
    where = mend.peer or (", ".join(spans) if len(spans) <= _MOST_RANGES else _line(seen))
    what = "all" if wanted.services() >= _ALL_ASKED else services_text((seen & BY_PORTS or seen).services())
    text = f"{mend.text}: {what} {'to' if out else 'from'} {where}"
    denied = next((one for one in point.clauses if not one.allows and start <= one.region.must), None)
    return f"{text}, before {denied.text}" if denied else text


def _line(traffic: Traffic) -> str:
    """The whole of the families of some traffic, where its ranges are too many to write."""
    ends = traffic.sources
    return ", ".join(text for line, text in ((IPV4, "0.0.0.0/0"), (IPV6, "::/0")) if ends & line)


def _key(one: Blocker) -> _Key:
    return one.code.value, one.component, one.text
