"""Every way from one end to another: pairs of spots, and spots with the world outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import EndpointType, Family, Truth
from auditor.reach.across import Across
from auditor.reach.amazon import answering
from auditor.reach.carriers import Carriers
from auditor.reach.ends import Ends
from auditor.reach.forwarding import Forwarding, Joining, Surroundings
from auditor.reach.gateways import accepting, initiating, listening
from auditor.reach.inside import Borders
from auditor.reach.journey import Journey, Walk, between_spots, entering, leaving, line_of
from auditor.reach.outside import NAT64, Outside
from auditor.reach.points import Clause, Point
from auditor.reach.private import Private
from auditor.reach.spot import Spot
from auditor.reach.unplaced import WORLD, accepted, apart, by_endpoint, opened
from auditor.reach.verdict import Code, Leg
from auditor.reach.walk import Side, together
from auditor.traffic import EVERYTHING, IPV4, NOTHING, PRIVATE, PUBLIC, Bounds, IntSet, Traffic, parse_cidr
from auditor.tree import Location, Reason

_FOR_DOCUMENTS = IntSet.union(map(parse_cidr, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
_ANYBODYS = (PUBLIC & IPV4) - _FOR_DOCUMENTS


class Journeys:
    """All journeys between ends.

    ``supposing`` adds those by routes that tables lack, behind points that let nothing pass.
    """

    def __init__(self, borders: Borders, carriers: Carriers, *, supposing: bool = False) -> None:
        self.borders = borders
        self.index = borders.index
        joining = Joining(Forwarding(Surroundings(borders, carriers, supposing=supposing)))
        self.outside = Outside(joining)
        self.across = Across(joining)
        self.private = Private(joining)
        self._let: dict[tuple[Spot, IntSet, bool], tuple[Traffic, Traffic]] = {}

    def all(self, source: Ends, destination: Ends) -> Iterator[Journey]:
        """Every journey from one end to another."""
        for spot in source.spots:
            for other in destination.arrived.spots:
                if spot.family is other.family:
                    yield self.between(spot, other)
        yield from self.beyond(source, destination)

    def beyond(self, source: Ends, destination: Ends) -> Iterator[Journey]:
        """The journeys of which one end at least lies in no VPC."""
        destination = destination.arrived
        if destination.internet or destination.private:
            for spot in source.spots:
                yield from self._leaving(spot, destination)
        if destination.literal:
            for spot in source.spots:
                yield from self._to_amazon(spot, destination)
        if source.internet or source.private:
            for spot in destination.spots:
                yield from self._entering(source, spot)
        if source.unplaced or destination.unplaced:
            yield from self._unplaced(source, destination)

    # -- spots -------------------------------------------------------------------------------------

    def between(self, source: Spot, destination: Spot) -> Journey:
        """The journey between two spots of one family."""
        same = self.index.same_vpc(source.vpc, destination.vpc)
        start = (*initiating(source), *accepting(destination))
        ways: list[tuple[Walk, ...]] = []
        reasons: tuple[Reason, ...] = ()
        if same is not Truth.NO:
            ways.extend(self._inside(source, destination, start))
        if same is not Truth.YES:
            meets = self.by_public(source, destination)
            public = self._through_internet(source, destination) if meets else ()
            around = ((*start, *public),) if public else ()
            apart = self.across.between(source, destination)
            ways.extend((*(_after(start, walks)), *around) for walks in apart)
        if same is Truth.UNKNOWN:
            one, other = source.vpc or "an unknown VPC", destination.vpc or "an unknown VPC"
            at = source.at or destination.at or Location("")
            reasons = (Reason(f"whether {one} and {other} are one VPC", at, "the input that defines them"),)
        found = tuple(_before(listening(destination), walks) for walks in ways)
        return between_spots(source, destination, ways=found, reasons=reasons)

    def _inside(
        self, source: Spot, destination: Spot, start: tuple[Point, ...]
    ) -> Iterator[tuple[Walk, ...]]:
        """The ways between two spots of one VPC: straight, round by its routes, or by a public address."""
        turns = self.turns_back(source, destination)
        public = self._through_internet(source, destination) if turns else ()
        around = ((*start, *public),) if public else ()
        if not self.borders.leads_round(source, destination):
            yield ((*start, *self.borders.between(source, destination)), *around)
            return
        for walks in self.across.between(source, destination):
            yield (*_after(start, walks), *around)

    def turns_back(self, source: Spot, destination: Spot) -> bool:
        """Whether packets between two hosts of one VPC may leave it and come back to a public address."""
        return (
            not destination.hidden
            and source.family is Family.IPV4
            and not (source.hypothetical or destination.hypothetical)
        )

    def by_public(self, source: Spot, destination: Spot) -> bool:
        """Whether packets between two VPCs may go by the internet, to a public address."""
        return source.family is Family.IPV6 or not destination.hidden

    def _through_internet(self, source: Spot, destination: Spot) -> Walk:
        """The way by the destination's public address, where both ends have the internet.

        An IPv6 address is public itself. Which public addresses of IPv4 the two have is not known, so that
        what both let pass may arrive; nobody has those that are kept for documents (RFC 5737).
        """
        request, both = self.met_outside(source, destination)
        if not request:
            return ()
        what = f"which public addresses {source.owner} and {destination.owner} have, and whether they meet"
        why = Reason(what, destination.at or source.at or Location(""), "a snapshot")
        return (_met(request, why, Leg.REQUEST), _met(both, why, Leg.REPLY))

    def met_outside(self, source: Spot, destination: Spot) -> tuple[Traffic, Traffic]:
        """The services that may pass between two spots by the internet, and those that may be answered.

        What goes there by IPv6 may be answered by another way; by IPv4 the reply is to a public address too.
        """
        six = source.family is Family.IPV6
        there, here = (destination.addresses, source.addresses) if six else (_ANYBODYS, _ANYBODYS)
        out = self._let_pass(source, there, out=True)
        if not out[0]:
            return NOTHING, NOTHING
        into = self._let_pass(destination, here, out=False)
        request = out[0] & into[0]
        return request, request if six else out[1] & into[1]

    def _let_pass(self, spot: Spot, addresses: IntSet, *, out: bool) -> tuple[Traffic, Traffic]:
        key = (spot, addresses, out)
        found = self._let.get(key)
        if found is None:
            ends = Ends(internet=addresses)
            ways = self._leaving(spot, ends) if out else self._entering(ends, spot)
            passing = together(one.outcome(EVERYTHING) for one in ways)
            found = self._let[key] = (passing.request.may.services(), passing.both.may.services())
        return found

    # -- a spot and the world outside --------------------------------------------------------------

    def _leaving(self, spot: Spot, destination: Ends) -> Iterator[Journey]:
        start = initiating(spot)
        internet = self.outside.internet(spot, destination.internet)
        if internet:
            service = destination.symbolic or bool(destination.service)
            out = self.outside.out(spot, internet, service=service)
            ways = tuple(_after(start, walks) for walks in out)
            name = "an AWS service" if service else "internet"
            yield leaving(spot, Side(internet, chosen=not destination.service), name, ways, destination)
        if destination.service:
            yield from self._shared(spot, destination, start)
        private = destination.private & line_of(spot)
        if private:
            ways = tuple(_after(start, walks) for walks in self.private.out(spot, private))
            yield leaving(spot, Side(private, chosen=True), "a private network outside", ways, destination)

        if spot.family is Family.IPV6 and destination.internet & IPV4:
            ways = self.outside.nat64(spot)
            if ways:
                yield leaving(spot, Side(NAT64, chosen=True), "internet", ways, destination)

    def _shared(self, spot: Spot, destination: Ends, start: tuple[Point, ...]) -> Iterator[Journey]:
        """The ways to endpoints of a service that a VPC outside the input may share."""
        what = f"whether a network outside the input has endpoints of {destination.service}"
        inside = IntSet.union(self.index.ranges(vpc).must for vpc in self.index.vpcs)
        private = (PRIVATE & line_of(spot)) - inside
        ways = tuple(_after(start, walks) for walks in self.private.shared(spot, private, what))
        journey = leaving(spot, Side(private, chosen=True), "a network outside", ways, destination)
        if any(ways) and journey.outcome(EVERYTHING).request.may:
            yield journey

    def _to_amazon(self, spot: Spot, destination: Ends) -> Iterator[Journey]:
        """The way to what AWS itself answers, which no group and no ACL filters."""
        addresses = destination.literal & line_of(spot)
        point = answering(spot, addresses, self.index.ranges(spot.vpc).must)
        if point:
            yield leaving(spot, Side(addresses, chosen=True), "AWS", (((point,),),), destination)

    def _entering(self, source: Ends, spot: Spot) -> Iterator[Journey]:
        end, last = accepting(spot), listening(spot)
        internet = self.outside.internet(spot, source.internet)
        if internet:
            into = self.outside.into(spot, internet)
            ways = tuple(_before(last, _after(end, walks)) for walks in into)
            yield entering(Side(internet, chosen=True), spot, "internet", ways, source)
        private = source.private & line_of(spot)
        if private:
            into = self.private.into(spot, private)
            ways = tuple(_before(last, _after(end, walks)) for walks in into)
            yield entering(Side(private, chosen=True), spot, "a private network outside", ways, source)

    def _unplaced(self, source: Ends, destination: Ends) -> Iterator[Journey]:
        """The ways of a workload in no VPC: it reaches what the internet reaches, and no private address."""
        outer = source.outer
        if outer:
            for spot in destination.spots:
                yield from _either(source, opened(outer, self._entering(WORLD, spot)))
        if destination.unplaced:
            for spot in source.spots:
                yield from accepted(destination.unplaced, self._leaving(spot, WORLD))
            if source.parties:
                endpoints = any(
                    EndpointType.INTERFACE in one.types for one in self.index.inventory.vpc_endpoints
                )
                yield from by_endpoint(destination.unplaced, endpoints=endpoints)
        others = destination if outer else source
        if others.internet or not others.parties:
            yield from _either(source, apart(source, destination))


def _met(may: Traffic, why: Reason, leg: Leg) -> Point:
    region = Bounds(NOTHING, may)
    clause = Clause(component="internet", at=None, text="not known", region=region, reasons=(why,))
    return Point(
        kind="internet", component="internet", code=Code.NO_PATH, passes=region, clauses=(clause,), leg=leg
    )


def _either(source: Ends, journeys: Iterator[Journey]) -> Iterator[Journey]:
    """Journeys from AWS's side, perhaps only where a workload may open its own in a VPC instead."""
    for one in journeys:
        reasons = tuple(reason for spot in source.spots for reason in spot.reasons)
        yield replace(one, certain=False, reasons=reasons) if source.outer and source.parties else one


def _before(points: tuple[Point, ...], walks: tuple[Walk, ...]) -> tuple[Walk, ...]:
    """Walks with points after them."""
    return tuple((*walk, *points) for walk in walks) if points else walks


def _after(points: tuple[Point, ...], walks: tuple[Walk, ...]) -> tuple[Walk, ...]:
    """Walks with points before them."""
    return tuple((*points, *walk) for walk in walks) if points else walks
