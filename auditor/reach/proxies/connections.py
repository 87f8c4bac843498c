"""One connection of a way through proxies: from the client to a proxy, or from a proxy onward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Direction, Truth
from auditor.reach.ends import Ends
from auditor.reach.engine import Engine
from auditor.reach.journey import Journey
from auditor.reach.points import PERHAPS, Clause, Point
from auditor.reach.proxies.beside import Beside, made
from auditor.reach.proxies.onward import How, Onward
from auditor.reach.proxies.preserved import Seen, preserving
from auditor.reach.proxies.targets import Targets
from auditor.reach.proxies.zones import nodes_for
from auditor.reach.spot import Party, Spot
from auditor.reach.verdict import Blocker, Code, Leg, Verdict
from auditor.reach.walk import NOWHERE, Outcome, Side, one_of, together
from auditor.traffic import EVERYTHING, Bounds, Traffic
from auditor.tree import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection that was asked for, and what its proof is made of.

    ``service`` bounds what of it there is to ask; ``ends`` are those that the engine was asked about, and
    ``journeys`` what was walked where that was not the engine's question. ``reasons`` are unknowns beside
    those on the way, ``stops`` what blocks beside it.
    """

    source: str
    destination: str
    service: Bounds[Traffic]
    outcome: Outcome
    ends: tuple[Ends, Ends] | None = None
    journeys: tuple[Journey, ...] = ()
    reasons: tuple[Reason, ...] = ()
    stops: tuple[Blocker, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict on this connection alone."""
        return self.outcome.verdict


class Connections:
    """The connections to and from the proxies of a network."""

    def __init__(self, engine: Engine, targets: Targets) -> None:
        self.engine = engine
        self.targets = targets
        self.beside = Beside(engine, targets)
        self._kept: dict[tuple[Onward, str, Traffic, Traffic], Opened] = {}
        self._firsts: dict[tuple[int, str, str, Traffic, Traffic], tuple[Ends, Opened]] = {}

    def first(self, source: Ends, name: str, onward: Onward, service: Bounds[Traffic]) -> Opened:
        """The connection from a client to a proxy, for what this hands on."""
        place = "" if onward.cross_zone.truth is Truth.YES else onward.target
        key = (id(source), onward.proxy, place, service.must, service.may)
        kept = self._firsts.get(key)
        if kept is None:
            # The source is kept with it, so that no other can have its identity.
            kept = self._firsts[key] = (source, self._first(source, name, onward, service))
        return kept[1]

    def _first(self, source: Ends, name: str, onward: Onward, service: Bounds[Traffic]) -> Opened:
        workload = self.targets.carriers.workloads[onward.proxy]
        if not workload.placed:
            journeys = self.beside.to(source, name, workload, service.may)
            return _walked(name, onward.proxy, service, journeys)
        nodes, truth, reasons = self._standing(onward)
        if truth is Truth.NO:
            return self._out_of_zone(name, onward.proxy, onward, service)
        outcome = _narrowed(self.engine.outcome(source, nodes, service.may), service)
        if truth is Truth.UNKNOWN:
            outcome = outcome.perhaps()
        ends = (source, nodes)
        return Opened(
            source=name,
            destination=onward.proxy,
            service=service,
            outcome=outcome,
            ends=ends,
            reasons=reasons,
        )

    def onward(
        self, clients: tuple[Seen, ...], onward: Onward, end: tuple[Ends, str], service: Bounds[Traffic]
    ) -> Opened:
        """The connection that a proxy opens for its clients to an end, given with its name."""
        destination, name = end
        plain = onward.how is How.PACKETS and onward.preserves.truth is Truth.NO
        key = (onward, name, service.must, service.may)
        if plain and key in self._kept:
            return self._kept[key]
        found = self._onward(clients, onward, destination, name, service)
        if not onward.certain:
            outcome = found.outcome.perhaps()
            found = replace(found, outcome=outcome, reasons=(*found.reasons, *onward.reasons))
        if plain:
            self._kept[key] = found
        return found

    def _onward(
        self, clients: tuple[Seen, ...], onward: Onward, end: Ends, name: str, service: Bounds[Traffic]
    ) -> Opened:
        workload = self.targets.carriers.workloads[onward.proxy]
        if onward.how is How.INVOKED:
            return _walked(onward.proxy, name, service, (made(onward.proxy, name, "AWS calls it"),))
        if onward.how is How.PRIVATE_LINK:
            return _walked(onward.proxy, name, service, self._linked(clients, onward.proxy, end))
        if not workload.placed:
            journeys = self.beside.leaving(workload, end, name, service.may)
            return _walked(onward.proxy, name, service, journeys)
        nodes, truth, reasons = self._standing(onward)
        if truth is Truth.NO:
            return self._out_of_zone(onward.proxy, name, onward, service)
        found = self._by_packets(clients, onward, (nodes, end), name, service)
        outcome = found.outcome.perhaps() if truth is Truth.UNKNOWN else found.outcome
        return replace(found, outcome=outcome, reasons=(*found.reasons, *reasons))

    def _by_packets(
        self,
        clients: tuple[Seen, ...],
        onward: Onward,
        ends: tuple[Ends, Ends],
        name: str,
        service: Bounds[Traffic],
    ) -> Opened:
        nodes, end = ends
        plain = Opened(
            source=onward.proxy,
            destination=name,
            service=service,
            outcome=NOWHERE,
            ends=ends,
        )
        preserves = onward.preserves
        if preserves.truth is not Truth.YES:
            outcome = _narrowed(self.engine.outcome(nodes, end, service.may), service)
            plain = replace(plain, outcome=outcome)
        if preserves.truth is Truth.NO:
            return plain
        journeys, outcome = self._preserved(clients, nodes, end, service.may)
        kept = replace(plain, outcome=_narrowed(outcome, service), ends=None, journeys=journeys)
        if preserves.truth is Truth.YES:
            return kept
        either = one_of((plain.outcome, kept.outcome))
        return replace(kept, ends=ends, outcome=either, reasons=preserves.reasons)

    def _preserved(
        self, clients: tuple[Seen, ...], nodes: Ends, end: Ends, asked: Traffic
    ) -> tuple[tuple[Journey, ...], Outcome]:
        walked: list[Journey] = []
        outcomes: list[Outcome] = []
        for party in end.parties:
            by_place: dict[str | None, list[Journey]] = {}
            for spot in party.spots:
                for node in nodes.spots:
                    if node.family is spot.family:
                        found = preserving(self.engine.journeys, clients, node, spot)
                        by_place.setdefault(spot.subnet if party.one else "", []).extend(found)
            walked.extend(journey for own in by_place.values() for journey in own)
            outcomes.append(one_of(together(one.outcome(asked) for one in own) for own in by_place.values()))
        return tuple(walked), together(outcomes)

    def _linked(self, clients: tuple[Seen, ...], endpoint: str, end: Ends) -> tuple[Journey, ...]:
        """PrivateLink into a load balancer, whose groups see the address of the consumer's client.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
        """
        found: list[Journey] = []
        for spot in end.spots:
            point = self._filtering(spot)
            if point is None:
                return (made(endpoint, spot.owner, "PrivateLink"),)
            for client in clients:
                side = Side(client.addresses, client.chosen)
                journey = made(endpoint, spot.owner, "PrivateLink")
                if client.family is spot.family:
                    (way,) = journey.ways[0]
                    found.append(replace(journey, source=side, ways=(((*way, point),),)))
        return tuple(found)

    def _filtering(self, spot: Spot) -> Point | None:
        """The groups of a load balancer as what comes by PrivateLink meets them; None where it does not."""
        fact = self.targets.carriers.workloads[spot.owner].filters_private_link
        point = self.engine.borders.group_point(spot, Direction.INGRESS, None)
        if point is None or fact.truth is Truth.NO:
            return None
        if fact.truth is Truth.YES:
            return point
        open_ = Clause(component=spot.owner, at=fact.at, text="off", region=PERHAPS, reasons=fact.reasons)
        passes = Bounds(point.passes.must, EVERYTHING)
        return replace(point, passes=passes, clauses=(*point.clauses, open_))

    # -- zones -------------------------------------------------------------------------------------

    def _standing(self, onward: Onward) -> tuple[Ends, Truth, tuple[Reason, ...]]:
        """The nodes of a proxy that hand on to a target, and whether there certainly are any."""
        party = self._party(onward.proxy)
        everywhere = Ends(parties=(party,))
        crosses = onward.cross_zone
        if crosses.truth is Truth.YES or not onward.target or onward.how is not How.PACKETS:
            return everywhere, Truth.YES, ()
        target = self._party(onward.target)
        nodes, truth = nodes_for(self._zoned(party.spots), self._zoned(target.spots), one=target.one)
        if truth is Truth.YES and crosses.truth is Truth.NO:
            return Ends(parties=(Party(nodes),)), truth, ()
        if crosses.truth is Truth.UNKNOWN:
            sure = truth is Truth.YES and len(nodes) == len(party.spots)
            return everywhere, Truth.YES if sure else Truth.UNKNOWN, crosses.reasons
        what = f"whether {onward.proxy} has a node in the zone of {onward.target}"
        why = Reason(what, onward.at, "the zones of their subnets")
        return Ends(parties=(Party(nodes),)), truth, (why,) if truth is Truth.UNKNOWN else ()

    def _party(self, identity: str) -> Party:
        party = self.targets.spots.of_workload(self.targets.carriers.workloads[identity])
        if identity in self.targets.of_proxy and not all(spot.initiates for spot in party.spots):
            return replace(party, spots=tuple(replace(spot, initiates=True) for spot in party.spots))
        return party

    def _zoned(self, spots: Iterable[Spot]) -> list[tuple[Spot, str]]:
        subnets = self.engine.index.subnets
        known = [(spot, subnets.get(spot.subnet or "")) for spot in spots]
        return [(spot, subnet.zone if subnet else "") for spot, subnet in known]

    def _out_of_zone(self, source: str, name: str, onward: Onward, service: Bounds[Traffic]) -> Opened:
        text = f"{onward.proxy} has no node in the zone of {onward.target}, and cross-zone balancing is off"
        stop = Blocker(
            code=Code.ELB_NOT_CROSSZONE, component=onward.proxy, leg=Leg.REQUEST, at=onward.at, text=text
        )
        return Opened(source=source, destination=name, service=service, outcome=NOWHERE, stops=(stop,))


def _walked(source: str, name: str, service: Bounds[Traffic], journeys: tuple[Journey, ...]) -> Opened:
    outcome = together(one.outcome(service.may) for one in journeys)
    return Opened(
        source=source,
        destination=name,
        service=service,
        outcome=_narrowed(outcome, service),
        journeys=journeys,
    )


def _narrowed(outcome: Outcome, service: Bounds[Traffic]) -> Outcome:
    if service.known:
        return outcome
    return Outcome(outcome.request & service, outcome.both & service)
