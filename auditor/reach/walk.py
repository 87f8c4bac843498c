"""What of the asked traffic arrives and is answered: the points of a walk folded, and the quantifiers on top.

An address that AWS will pick, and the client's ephemeral port, are anyone's guess: what is delivered for
certain is delivered for all of them. The address of a host that the question leaves free (the internet, a
CIDR) is the asker's to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from auditor.frozen import dataclass
from auditor.reach.points import EPHEMERAL, NONE, UNANSWERED, Point, surviving
from auditor.reach.verdict import Leg, Verdict
from auditor.traffic import ANY, EVERYTHING, NOTHING, PORTS, Axis, Bounds, IntSet, Traffic, exact

_MOST_ATOMS = 64
_UNANSWERED = exact(UNANSWERED)


@dataclass(frozen=True, slots=True)
class Side:
    """The addresses of one end of a walk; ``chosen`` where the asker chooses among them."""

    addresses: IntSet
    chosen: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What of the asked traffic is delivered (``request``), and delivered and answered (``both``)."""

    request: Bounds[Traffic]
    both: Bounds[Traffic]

    @property
    def verdict(self) -> Verdict:
        """The verdict on its own; messages that need no answer count where there is nothing else."""
        request, both = self.request, self.both
        if both is not request and request.may - UNANSWERED:
            request, both = request - _UNANSWERED, both - _UNANSWERED
        if both.must:
            return Verdict.REACHABLE
        if both.may:
            return Verdict.UNKNOWN
        if request.must:
            return Verdict.ONE_WAY
        return Verdict.UNKNOWN if request.may else Verdict.BLOCKED

    def perhaps(self) -> Outcome:
        """The same where it is not certain that there is such a walk at all."""
        return Outcome(Bounds(NOTHING, self.request.may), Bounds(NOTHING, self.both.may))


NOWHERE = Outcome(NONE, NONE)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """Several walks that all exist: what any of them delivers."""
    given = list({id(one): one for one in outcomes if one.request.may}.values())
    if len(given) < 2:
        return given[0] if given else NOWHERE
    return Outcome(_union(one.request for one in given), _union(one.both for one in given))


def one_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Several walks of which one exists, not known which: for certain only what all of them deliver."""
    given = list(outcomes)
    if len(given) < 2:
        return given[0] if given else NOWHERE
    request, both = given[0].request.must, given[0].both.must
    for one in given[1:]:
        request, both = request & one.request.must, both & one.both.must
    everything = together(given)
    return Outcome(Bounds(request, everything.request.may), Bounds(both, everything.both.may))


def _union(bounds: Iterable[Bounds[Traffic]]) -> Bounds[Traffic]:
    given = list(bounds)
    may = Traffic.union([each.may for each in given])
    if all(each.must is each.may for each in given):
        return exact(may)
    return Bounds(Traffic.union([each.must for each in given]), may)


def client_ports(asked: Traffic) -> IntSet:
    """The source ports of the question: those that were asked, or the client's ephemeral ones."""
    ports = asked.source_ports
    return EPHEMERAL if ports == PORTS else ports


def domain(asked: Traffic, source: Side, destination: Side) -> Traffic:
    """The asked traffic between two ends."""
    between = _between(source.addresses, destination.addresses, client_ports(asked))
    return between if asked is EVERYTHING else asked & between


@lru_cache(maxsize=1 << 12)
def _between(sources: IntSet, destinations: IntSet, ports: IntSet) -> Traffic:
    return Traffic.of(sources=sources, destinations=destinations, source_ports=ports)


def walked(points: Sequence[Point], asked: Traffic, source: Side, destination: Side) -> Outcome:
    """What of the asked traffic the points let pass."""
    start = domain(asked, source, destination)
    request = surviving((point for point in points if point.leg is Leg.REQUEST), exact(start))
    both = surviving((point for point in points if point.leg is Leg.REPLY), request)
    ports = client_ports(asked)
    return Outcome(
        delivered(request, source, destination, ports), delivered(both, source, destination, ports)
    )


def delivered(passing: Bounds[Traffic], source: Side, destination: Side, ports: IntSet) -> Bounds[Traffic]:
    """What passes for certain and perhaps, once the quantifiers are answered.

    The answer holds services, and of the addresses those of the ends that the asker chooses.
    """
    may = _shown(passing.may, source, destination)
    if not passing.must:
        return Bounds(NOTHING, may)
    found = _rest(passing.must, source, destination, ports)
    for sources in _atoms(passing.must, 1, source):
        for destinations in _atoms(passing.must, 2, destination):
            sure = passing.must.covers_all(sources=sources, destinations=destinations, source_ports=ports)
            found.append(_at(sure, source, destination, (sources, destinations)))
    must = Traffic.union(found)
    return exact(may) if must == may else Bounds(must & may, may)


def _atoms(traffic: Traffic, axis: int, side: Side) -> Iterator[IntSet]:
    """The sets of addresses that are asked as one: all that AWS may pick, or each that may be chosen."""
    if not side.chosen:
        yield side.addresses
        return
    yield from list(dict.fromkeys(box[axis] & side.addresses for box in traffic.boxes))[:_MOST_ATOMS]


def _rest(traffic: Traffic, source: Side, destination: Side, ports: IntSet) -> list[Traffic]:
    """What of very many boxes delivers for certain by itself, beside what is asked of them together."""
    if len(traffic.boxes) <= _MOST_ATOMS:
        return []
    alone = [
        box
        for box in traffic.boxes
        if ports <= box[3]
        and (source.chosen or source.addresses <= box[1])
        and (destination.chosen or destination.addresses <= box[2])
    ]
    return [_shown(Traffic(tuple(alone)), source, destination)] if alone else []


def _shown(traffic: Traffic, source: Side, destination: Side) -> Traffic:
    axes: list[Axis] = ["source_ports"]
    axes += [] if source.chosen else ["sources"]
    axes += [] if destination.chosen else ["destinations"]
    return traffic.free(*axes)


def _at(traffic: Traffic, source: Side, destination: Side, atoms: tuple[IntSet, IntSet]) -> Traffic:
    if not traffic or not (source.chosen or destination.chosen):
        return traffic
    return traffic & Traffic.of(
        sources=atoms[0] if source.chosen else ANY, destinations=atoms[1] if destination.chosen else ANY
    )


def assured(point: Point, survivors: Traffic, source: Side, destination: Side, ports: IntSet) -> Traffic:
    """The services that a point lets pass for certain, whatever is picked, of those that may survive."""
    if point.passes.must == EVERYTHING:
        return EVERYTHING
    passing = point.passes.must & Traffic.of(
        sources=source.addresses, destinations=destination.addresses, source_ports=ports
    )
    return delivered(exact(passing & survivors.services()), source, destination, ports).must.services()
