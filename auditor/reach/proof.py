"""The proof of an answer beside its paths: what blocks on its own, and the unknowns that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.reach.journey import Journey, Walk
from auditor.reach.points import ALL, UNANSWERED, Point, surviving
from auditor.reach.verdict import Blocker, Code, Leg
from auditor.reach.walk import Side, assured, client_ports, domain
from auditor.traffic import IPV4, IntSet, Traffic, cidrs, exact
from auditor.tree import Location, Reason

_MOST_SPANS = 4

# -- blockers --------------------------------------------------------------------------------------


def blockers(journeys: Sequence[Journey], asked: Traffic) -> tuple[Blocker, ...]:
    """Every point that blocks on its own, in the packets' order; else that where the last of it ends."""
    found: dict[tuple[Code, str, Leg], Blocker] = {}
    for journey in journeys:
        for point, start in _asked_points(journey, asked):
            if not point.passes.may & start:
                found.setdefault((point.code, point.component, point.leg), _blocker(point, start))
    if found:
        return tuple(sorted(found.values(), key=lambda one: one.leg is Leg.REPLY))
    last = next((one for journey in journeys for one in _last(journey, asked)), None)
    return (last or _NO_WAY,)


_NO_WAY = Blocker(
    code=Code.NO_SOURCE_OR_DESTINATION,
    component="",
    leg=Leg.REQUEST,
    at=None,
    text="one of the ends has no interface in a network of the input",
)


def _asked_points(journey: Journey, asked: Traffic) -> Iterator[tuple[Point, Traffic]]:
    start = domain(asked, journey.source, journey.destination)
    if not start:
        return
    answered = start - UNANSWERED or start
    points = {id(point): point for walks in journey.ways for walk in walks for point in walk}
    for point in points.values():
        yield point, answered if point.leg is Leg.REPLY else start


def _blocker(point: Point, traffic: Traffic) -> Blocker:
    clause = next((one for one in point.clauses if not one.allows and traffic <= one.region.must), None)
    return Blocker(
        code=point.code,
        component=point.component,
        leg=point.leg,
        at=clause.at if clause else point.at,
        text=f"{point.component}: {clause.text}" if clause else point.text,
    )


def _last(journey: Journey, asked: Traffic) -> Iterator[Blocker]:
    left = domain(asked, journey.source, journey.destination)
    for walks in journey.ways:
        for walk in walks:
            rest = left
            for point in sorted(walk, key=lambda one: one.leg is Leg.REPLY):
                before, rest = rest, rest & point.passes.may
                if before and not rest:
                    text = f"what is left after the points before it ends here: {point.text}"
                    yield Blocker(
                        code=Code.NO_PATH, component=point.component, leg=point.leg, at=point.at, text=text
                    )
                    break


def reply_blockers(journeys: Sequence[Journey], asked: Traffic) -> tuple[Blocker, ...]:
    """What stops the replies of requests that arrive."""
    return tuple(one for one in blockers(journeys, asked) if one.leg is Leg.REPLY)


# -- conditions ------------------------------------------------------------------------------------


def conditions(journeys: Iterable[Journey], asked: Traffic) -> tuple[str, ...]:
    """What firewalls ask of the traffic that passes beside addresses and ports, as people read it."""
    found: dict[str, None] = {}
    for journey in journeys:
        for walks in journey.ways:
            for walk in walks:
                passing = [point for point in walk if point.conditions]
                if not passing:
                    continue
                left = surviving(walk, exact(domain(asked, journey.source, journey.destination))).may
                for point in passing:
                    for one in point.conditions:
                        if one.traffic & left:
                            found[f"{point.component}: {one.text}"] = None
    return tuple(found)


# -- unknowns --------------------------------------------------------------------------------------


def unknowns(journeys: Iterable[Journey], asked: Traffic) -> tuple[Reason, ...]:
    """Every reason for which the answer is not certain, sorted."""
    found: set[Reason] = set()
    for journey in journeys:
        kept = _Kept()
        for walks in journey.ways:
            for walk in walks:
                found.update(_deciding(journey, walk, asked, kept))
    return tuple(sorted(found))


class _Kept:
    """What was asked of the points of one journey, many of which stand on many of its walks."""

    __slots__ = ("_left", "_told")

    def __init__(self) -> None:
        self._left: dict[tuple[int, Traffic], Traffic] = {}
        self._told: set[tuple[int, Traffic]] = set()

    def left(self, point: Point, traffic: Traffic) -> Traffic:
        """What of ``traffic`` may pass a point."""
        if point.passes is ALL:
            return traffic
        key = (id(point), traffic)
        found = self._left.get(key)
        if found is None:
            found = self._left[key] = traffic & point.passes.may
        return found

    def is_new(self, point: Point, traffic: Traffic) -> bool:
        """Whether a point was not asked yet why ``traffic`` does not pass for certain."""
        key = (id(point), traffic)
        new = point.passes is not ALL and key not in self._told
        self._told.add(key)
        return new


def _deciding(journey: Journey, walk: Walk, asked: Traffic, kept: _Kept) -> Iterator[Reason]:
    left = domain(asked, journey.source, journey.destination)
    request = left
    for point in walk:
        if point.leg is Leg.REQUEST:
            request = kept.left(point, request)
        left = kept.left(point, left)
    left = left or request
    if not left:
        return
    yield from journey.reasons
    ports = client_ports(asked)
    for point in walk:
        if not kept.is_new(point, left) or not kept.left(point, left):
            # What lets none of it pass, whatever turns out, is no reason of doubt.
            continue
        sure = assured(point, left, journey.source, journey.destination, ports)
        if not left.services() <= sure:
            yield from _reasons(journey, point, left, ports)


def _reasons(journey: Journey, point: Point, left: Traffic, ports: IntSet) -> Iterator[Reason]:
    found = point.reasons(left)
    yield from found
    if found:
        left = left & point.passes.must.services()
        if left.services() <= assured(point, left, journey.source, journey.destination, ports):
            return
    one_port = IntSet.single(left.source_ports.intervals[0][0])
    with_one = assured(point, left, journey.source, journey.destination, one_port)
    if left.services() <= with_one:
        at = point.at or _place_of(journey)
        closed = ports - (point.passes.must & left).source_ports
        lacking = f", {_spans(closed)} too" if 0 < len(closed.intervals) <= _MOST_SPANS else ""
        yield Reason(
            f"the client's ephemeral port ({_spans(ports)})", at, f"let the whole range back{lacking}"
        )
        return
    yield from _picks(journey, point, left, ports)


def _spans(ports: IntSet) -> str:
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in ports)


def _picks(journey: Journey, point: Point, left: Traffic, ports: IntSet) -> Iterator[Reason]:
    """The addresses that AWS picks and that the point tells apart."""
    sides = (journey.source, journey.destination)
    firsts = tuple(
        Side(IntSet.single(axis.intervals[0][0]), chosen=False) for axis in (left.sources, left.destinations)
    )
    for index, ends in ((0, (firsts[0], sides[1])), (1, (sides[0], firsts[1]))):
        if left.services() <= assured(point, left, *ends, ports):
            yield from _pick(journey, index, sides[index])
            return
    for index, side in enumerate(sides):
        yield from _pick(journey, index, side)


def _pick(journey: Journey, index: int, side: Side) -> Iterator[Reason]:
    spot = journey.spots[index]
    if side.chosen or side.addresses.size < 2:
        return
    if spot is None:
        yield Reason(f"which addresses {journey.names[index]} has", _place_of(journey), "a snapshot")
        return
    yield from spot.range_reasons
    if not spot.range_reasons:
        spans = cidrs(side.addresses)
        text = ", ".join(spans) if len(spans) < 5 and side.addresses <= IPV4 else "its VPC"
        what = f"the address of {spot.owner} in {text}"
        yield Reason(
            what,
            spot.at or _place_of(journey),
            "a fixed address, a rule that covers the range, or a snapshot",
        )


def _place_of(journey: Journey) -> Location:
    return next((spot.at for spot in journey.spots if spot and spot.at), Location(""))
