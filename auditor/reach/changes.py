"""The least that would open what is blocked: the smallest set of control points that must change together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from auditor.reach.journey import Journey
from auditor.reach.points import UNANSWERED, Point
from auditor.reach.verdict import Blocker, Leg
from auditor.reach.walk import domain
from auditor.traffic import Traffic

_MOST_TRIED = 3


def least(journeys: Iterable[Journey], asked: Traffic) -> tuple[Blocker, ...]:
    """What must change together so that some of the asked traffic is delivered and answered.

    Of all ways between the two ends the one that needs the fewest changes; the first of several. Each change
    is a control point with what it lacks. A way that ends where no route leads on is not followed beyond, so
    that more may be needed there. Nothing where the ends have no way between them at all.
    """
    best: tuple[Blocker, ...] | None = None
    for journey in journeys:
        start = domain(asked, journey.source, journey.destination)
        start = (start - UNANSWERED) or start
        for walk in (walk for walks in journey.ways for walk in walks if start):
            found = _of_walk(walk, start, len(best) if best else len(walk) + 1)
            if found:
                best = tuple(_change(point, start) for point in found)
    return best or ()


def _of_walk(walk: Sequence[Point], start: Traffic, below: int) -> list[Point]:
    """The fewest points of a walk without which something of the traffic passes all others.

    None where they are not fewer than ``below``.
    """
    closed: list[Point] = []
    rest: list[Point] = []
    for point in walk:
        (rest if point.passes.may & start else closed).append(point)
        if len(closed) >= below:
            return []
    if _passes(rest, start):
        return closed
    for count in range(1, _MOST_TRIED + 1):
        if len(closed) + count >= below:
            return []
        for chosen in combinations(range(len(rest)), count):
            if _passes([point for place, point in enumerate(rest) if place not in chosen], start):
                return _in_order(walk, [*closed, *(rest[place] for place in chosen)])
    found = _in_order(walk, [*closed, *(point for point in rest if not start <= point.passes.may)])
    return found if len(found) < below else []


def _passes(points: Iterable[Point], traffic: Traffic) -> bool:
    for point in points:
        traffic = traffic & point.passes.may
        if not traffic:
            return False
    return True


def _in_order(walk: Sequence[Point], points: Sequence[Point]) -> list[Point]:
    chosen = {id(point) for point in points}
    return [point for point in walk if id(point) in chosen]


def _change(point: Point, start: Traffic) -> Blocker:
    clause = next((one for one in point.clauses if not one.allows and start <= one.region.must), None)
    text = f"{point.component}: {clause.text}" if clause else point.text
    if not text:
        text = f"{point.component} passes none of what the others pass"
    at = clause.at if clause else point.at
    return Blocker(code=point.code, component=point.component, leg=point.leg, at=at, text=text)


def all_of(blockers: Sequence[Blocker], changes: Sequence[Blocker]) -> bool:
    """Whether the least that must change is everything that blocks."""
    return {_key(one) for one in blockers} == {_key(one) for one in changes}


def _key(one: Blocker) -> tuple[str, str, Leg]:
    return one.code.value, one.component, one.leg
