"""Ways through proxies: which there are to an end, and what of them opens for a source.

A way opens where each of its connections does. What an open one carries is told as the traffic that the
source sends to the first proxy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import NO, Family, Truth
from auditor.reach.ends import Ends
from auditor.reach.engine import Engine
from auditor.reach.proxies.connections import Connections, Opened
from auditor.reach.proxies.onward import How, Onward
from auditor.reach.proxies.preserved import Seen, seen
from auditor.reach.proxies.targets import Targets
from auditor.reach.spot import Party, Spot
from auditor.reach.verdict import Verdict
from auditor.reach.walk import NOWHERE, Outcome, one_of, together
from auditor.traffic import EVERYTHING, IPV4, NOTHING, PUBLIC, Bounds, Traffic

MOST_PROXIES = 5
MOST_WAYS = 256
_SURE = {Verdict.REACHABLE: 0, Verdict.UNKNOWN: 1, Verdict.ONE_WAY: 2, Verdict.BLOCKED: 3}

Chain = tuple[Onward, ...]
_ANYBODY = Seen(Family.IPV4, PUBLIC & IPV4, chosen=True)


@dataclass(frozen=True, slots=True)
class Aim:
    """An end that ways lead to: what it stands for, its name, and its workloads, certainly of it or not."""

    ends: Ends
    name: str
    workloads: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Followed:
    """A way followed from a source: its connections, as far as they were asked, and what of it opens."""

    chain: Chain
    connections: tuple[Opened, ...]
    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        """Whether the way opens."""
        return self.outcome.verdict

    @property
    def via(self) -> tuple[str, ...]:
        """The proxies in their order."""
        return tuple(one.proxy for one in self.chain)


class Chains:
    """The ways through the proxies of a network."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.targets = Targets(engine.spots)
        self.connections = Connections(engine, self.targets)
        self._parts: dict[int, tuple[Ends, list[list[Ends]]]] = {}

    # -- which there are ---------------------------------------------------------------------------

    def leading_to(self, aim: Aim) -> tuple[Chain, ...]:
        """The ways to an end, shorter ones first, none through a proxy twice, at most 256.

        Of those that differ only in which of several like hosts is at their end there is one.
        """
        to_target = self.targets.to_target
        ways: list[Chain] = [(one,) for one in self._last(aim)]
        for way in ways:
            if len(ways) >= MOST_WAYS:
                break
            if len(way) < MOST_PROXIES:
                used = {one.proxy for one in way}
                before = [*to_target.get(way[0].proxy, ()), *to_target.get("", ())]
                ways.extend(
                    (one, *way)
                    for one in before
                    if one.proxy not in used and one.proxy not in aim.workloads and joins(one, way[0])
                )
        return tuple(ways[:MOST_WAYS])

    def _last(self, aim: Aim) -> Iterator[Onward]:
        """What hands on to the end itself, once for all of its workloads that stand alike."""
        met: set[object] = set()
        for name, sure in (*aim.workloads.items(), ("", False)):
            for one in self.targets.to_target.get(name, ()):
                target = self.targets.carriers.workloads.get(name)
                spots = self.targets.spots.of_workload(target).spots if target and target.placed else name
                key = (replace(one, target=""), spots, sure)
                if key not in met and one.proxy not in aim.workloads:
                    met.add(key)
                    yield one

    # -- what of them opens ------------------------------------------------------------------------

    def followed(self, source: Ends, name: str, chain: Chain, aim: Aim, asked: Traffic) -> Followed:
        """A way followed from a source, for what arrives of the asked traffic in the end."""
        tells_apart = any(one.how is How.PRIVATE_LINK or one.preserves.truth is not Truth.NO for one in chain)
        parts = self._told_apart(source) if tells_apart else [[source]]
        found = [[self._followed(one, name, chain, aim, asked) for one in part] for part in parts]
        every = [one for part in found for one in part]
        if len(every) == 1:
            return every[0]
        if not every:
            return Followed(chain, (), NOWHERE)
        best = min(every, key=lambda one: _SURE[one.verdict])
        outcome = together(one_of(_by_place(part)) for part in _by_part(parts, found))
        return Followed(chain, best.connections, outcome)

    def handed(self, proxy: str, aim: Aim, asked: Traffic, *, far: bool) -> Iterator[Followed]:
        """What a proxy opens for its clients, whoever they are: to an end, and ``far`` by others beyond."""
        for chain in self.leading_to(aim):
            if chain[0].proxy == proxy and (far or len(chain) == 1):
                clients = self._clients((_ANYBODY,), chain[0])
                opened = self._onwards(chain, clients, aim, list(_services(chain, asked))[1:])
                yield self._whole(chain, tuple(opened), len(chain), aim)

    def _told_apart(self, source: Ends) -> list[list[Ends]]:
        kept = self._parts.get(id(source))
        if kept is None:
            kept = self._parts[id(source)] = (source, list(_apart(source)))
        return kept[1]

    def _followed(self, source: Ends, name: str, chain: Chain, aim: Aim, asked: Traffic) -> Followed:
        services = list(_services(chain, asked))
        first = self.connections.first(source, name, chain[0], services[0])
        opened: tuple[Opened, ...] = (first,)
        if first.outcome.both.may:
            clients = seen(source, first.outcome.both.may.sources)
            opened = (first, *self._onwards(chain, clients, aim, services[1:]))
        return self._whole(chain, opened, len(chain) + 1, aim)

    def _onwards(
        self, chain: Chain, clients: tuple[Seen, ...], aim: Aim, services: Sequence[Bounds[Traffic]]
    ) -> Iterator[Opened]:
        """What the proxies of a way open, one after the other, as far as it does."""
        doubted = False
        for place, (onward, service) in enumerate(zip(chain, services, strict=True)):
            last = place == len(chain) - 1
            end = self._end(onward, aim) if last else self._proxy(chain[place + 1])
            known = self._hiding(chain[place - 1], onward) if place else onward
            found = self.connections.onward(clients, known, end, service)
            yield replace(found, outcome=found.outcome.perhaps()) if doubted else found
            if not found.outcome.both.may:
                return
            clients = self._clients(clients, onward)
            doubted = doubted or onward.preserves.truth is Truth.UNKNOWN

    @staticmethod
    def _whole(chain: Chain, opened: tuple[Opened, ...], count: int, aim: Aim) -> Followed:
        """A way of which so many connections must open."""
        outcome = _all(opened) if len(opened) == count else NOWHERE
        return Followed(chain, opened, outcome if _certain(chain[-1], aim) else outcome.perhaps())

    def _end(self, onward: Onward, aim: Aim) -> tuple[Ends, str]:
        return self._workload(onward.target) if onward.target else (aim.ends, aim.name)

    def _proxy(self, onward: Onward) -> tuple[Ends, str]:
        return self._workload(onward.proxy)

    def _workload(self, identity: str) -> tuple[Ends, str]:
        workload = self.targets.carriers.workloads[identity]
        if not workload.placed:
            return Ends(unplaced=workload), identity
        return Ends(parties=(self.targets.spots.of_workload(workload),)), identity

    def _clients(self, clients: tuple[Seen, ...], onward: Onward) -> tuple[Seen, ...]:
        """What the next proxy sees as its client: the one before it, or that one's client."""
        ends = self._proxy(onward)[0]
        own = seen(ends) if not ends.unplaced else (Seen(Family.IPV4, PUBLIC & IPV4, chosen=False),)
        if onward.how is not How.PACKETS or onward.preserves.truth is Truth.NO:
            return own
        return clients if onward.preserves.truth is Truth.YES else tuple(dict.fromkeys((*clients, *own)))

    def _hiding(self, before: Onward, onward: Onward) -> Onward:
        """What comes by PrivateLink has the load balancer's own addresses, whatever the target group says.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
        """
        workloads, spots = self.targets.carriers.workloads, self.targets.spots
        linked = before.how is How.PRIVATE_LINK or (
            not workloads[before.proxy].placed
            and before.preserves.truth is Truth.NO
            and all(
                spot.public.truth is Truth.NO for spot in spots.of_workload(workloads[onward.proxy]).spots
            )
        )
        return replace(onward, preserves=NO) if linked else onward


def joins(one: Onward, other: Onward) -> bool:
    """Whether what a proxy opens may be what the next one accepts."""
    return bool(one.opens.may & other.accepts.may)


def _services(chain: Chain, asked: Traffic) -> Iterator[Bounds[Traffic]]:
    """What can be asked of each connection of a way; what is called, and not sent, is asked at the start."""
    wanted = asked if asked is EVERYTHING else asked.services()
    called = chain[-1].how is How.INVOKED
    before = Bounds(wanted, wanted) if called else Bounds(EVERYTHING, EVERYTHING)
    for place, onward in enumerate(chain):
        yield _plain(before & onward.accepts)
        last = place == len(chain) - 1
        before = onward.opens
        if last:
            yield Bounds(EVERYTHING, EVERYTHING) if called else _plain(before & Bounds(wanted, wanted))


def _plain(bounds: Bounds[Traffic]) -> Bounds[Traffic]:
    return Bounds(bounds.may, bounds.may) if bounds.known else bounds


def _certain(onward: Onward, aim: Aim) -> bool:
    return bool(onward.target) and aim.workloads.get(onward.target, False)


def _all(opened: Iterable[Opened]) -> Outcome:
    """What of the first connection is carried to the end, for certain and perhaps."""
    first, *rest = opened
    both = first.outcome.both
    may, must = both.may, both.must
    for one in rest:
        verdict = one.verdict
        if verdict in {Verdict.BLOCKED, Verdict.ONE_WAY}:
            return NOWHERE
        if verdict is Verdict.UNKNOWN:
            must = NOTHING
        elif must:
            must = _carried(must, one)
    bounds = Bounds(may, may) if must == may else Bounds(must, may)
    return Outcome(bounds, bounds)


def _carried(must: Traffic, one: Opened) -> Traffic:
    """What certainly arrives from those of the chosen clients that the connection lets pass."""
    if not one.journeys:
        return must
    return must & Traffic.of(sources=one.outcome.both.must.sources)


def _apart(source: Ends) -> Iterator[list[Ends]]:
    """The clients that a proxy tells apart: parts that all exist, each of one or several possible places."""
    for party in source.parties:
        each = [Ends(parties=(Party((spot,)),)) for spot in party.spots]
        yield from ([each] if party.one else [[one] for one in each])
    if source.internet or source.private:
        yield [Ends(internet=source.internet, private=source.private, symbolic=source.symbolic)]
    if source.outer:
        yield [source]


def _by_part(
    parts: list[list[Ends]], found: list[list[Followed]]
) -> Iterator[list[tuple[Spot | None, Followed]]]:
    for part, own in zip(parts, found, strict=True):
        yield [(next(ends.spots, None), one) for ends, one in zip(part, own, strict=True)]


def _by_place(part: list[tuple[Spot | None, Followed]]) -> Iterator[Outcome]:
    """What each place that an interface may be in comes to, of all its families."""
    places: dict[str | None, list[Outcome]] = {}
    for spot, one in part:
        places.setdefault(spot.subnet if spot else None, []).append(one.outcome)
    return (together(own) for own in places.values())
