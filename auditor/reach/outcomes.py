"""What is delivered between two ends: by the quickest way that gives the same as following every packet."""

from __future__ import annotations

from auditor.model import Direction, Truth
from auditor.reach.distant import Distant
from auditor.reach.ends import Ends
from auditor.reach.journeys import Journeys
from auditor.reach.points import NONE
from auditor.reach.quick import Quick
from auditor.reach.spot import Party, Spot
from auditor.reach.walk import NOWHERE, Outcome, one_of, together
from auditor.traffic import EVERYTHING, Bounds, Traffic


class Outcomes:
    """The outcomes between ends of one network."""

    def __init__(self, journeys: Journeys, quick: Quick) -> None:
        self.journeys = journeys
        self.borders = journeys.borders
        self.index = journeys.index
        self.quick = quick
        self.distant = Distant(journeys.across, self.borders.groups)
        self._heard: dict[tuple[Traffic, Traffic], Traffic] = {}

    def of(self, source: Ends, destination: Ends, asked: Traffic, *, around: bool) -> Outcome:
        """What of the asked traffic is delivered; ``around`` false leaves out public addresses of one VPC.

        Among neighbours the rows of the internet and of the ranges of rules stand for that.
        """
        destination = destination.arrived
        simple = asked is EVERYTHING or asked.services() == asked
        found = [
            self._parties(one, other, asked, simple=simple and one.is_free, around=around)
            for one in source.parties
            for other in destination.parties
        ]
        found.extend(journey.outcome(asked) for journey in self.journeys.beyond(source, destination))
        return together(found)

    def _parties(
        self, source: Party, destination: Party, asked: Traffic, *, simple: bool, around: bool
    ) -> Outcome:
        asked = self._accepted(destination.kin, asked)
        if not asked:
            return NOWHERE
        if simple and self.quick.is_plain(source, destination):
            out, into = self.quick.filters(source, destination)
            passing = of_asked(out & into, asked) if out.may and into.may else NONE
            found = Outcome(passing, passing)
            if not (around and self._turn_back(source, destination, found, asked)):
                return found

        if simple and source.kin and destination.kin:
            apart = self._apart(source, destination, asked)
            if apart is not None:
                return apart

        def met(ones: tuple[Spot, ...], others: tuple[Spot, ...]) -> Outcome:
            return together(
                self._pair(one, other, asked, simple=simple, around=around)
                for one in ones
                for other in others
            )

        if not (source.one or destination.one):
            return met(source.spots, destination.spots)
        return one_of(
            met(ones, others) for ones in _placements(source) for others in _placements(destination)
        )

    def _accepted(self, spot: Spot | None, asked: Traffic) -> Traffic:
        """The part of what was asked that is accepted where a spot stands."""
        if spot is None or spot.listens is None or asked is spot.listens:
            return asked
        if asked is EVERYTHING:
            return spot.listens
        key = (asked, spot.listens)
        if key not in self._heard:
            self._heard[key] = asked & spot.listens
        return self._heard[key]

    def _apart(self, source: Party, destination: Party, asked: Traffic) -> Outcome | None:
        """The outcome between parties of two VPCs where the network does not tell their places apart."""
        one, other = source.kin, destination.kin
        if one is None or other is None or self.index.same_vpc(one.vpc, other.vpc) is not Truth.NO:
            return None
        found = self._by_network((source, one), (destination, other), asked)
        if found is None or self._by_public(source, destination, found, asked):
            return None
        return found

    def _by_network(
        self, sending: tuple[Party, Spot], receiving: tuple[Party, Spot], asked: Traffic
    ) -> Outcome | None:
        (source, one), (destination, other) = sending, receiving
        if self.distant.apart(source, destination):
            return NOWHERE
        plain = self.distant.plain(source, destination)
        if plain is None:
            return None
        if not (one.initiates and other.accepts):
            return NOWHERE
        groups = self.borders.groups
        there, here = (destination.territory, destination.spots), (source.territory, source.spots)
        out = groups.towards(one, Direction.EGRESS, other, there, plain.outbound)
        into = groups.towards(other, Direction.INGRESS, one, here, plain.inbound) if out.may else NONE
        return plain.passing(of_asked(out & into, asked) if into.may else NONE)

    def _by_public(self, source: Party, destination: Party, found: Outcome, asked: Traffic) -> bool:
        """Whether more may pass between two VPCs by the internet."""
        return any(
            self.journeys.by_public(one, spot) and self._more(one, spot, found, asked)
            for spot in destination.spots
            for one in source.spots
        )

    def _turn_back(self, source: Party, destination: Party, found: Outcome, asked: Traffic) -> bool:
        return any(
            self.journeys.turns_back(source.spots[0], spot) and self._more(one, spot, found, asked)
            for spot in destination.spots
            for one in source.spots
        )

    def _more(self, source: Spot, destination: Spot, found: Outcome, asked: Traffic) -> bool:
        """Whether more may pass by the internet than what passes for certain without it."""
        request, both = self.journeys.met_outside(source, destination)
        return not (request & asked <= found.request.must and both & asked <= found.both.must)

    def _pair(
        self, source: Spot, destination: Spot, asked: Traffic, *, simple: bool, around: bool
    ) -> Outcome:
        asked = self._accepted(destination, asked)
        if source.family is not destination.family or not asked:
            return NOWHERE
        chosen = source.selectable or destination.selectable
        same = self.index.same_vpc(source.vpc, destination.vpc)
        if chosen or not simple or same is Truth.UNKNOWN or source.opens is not None:
            return self.journeys.between(source, destination).outcome(asked)
        if not (source.initiates and destination.accepts):
            return NOWHERE
        if same is Truth.NO or self.borders.leads_round(source, destination):
            return self._distant(source, destination, asked)
        found = self.quick.outcome(source, destination, asked)
        turns = around and self.journeys.turns_back(source, destination)
        if turns and self._more(source, destination, found, asked):
            return self.journeys.between(source, destination).outcome(asked)
        return found if source.certain and destination.certain else found.perhaps()

    def _distant(self, source: Spot, destination: Spot, asked: Traffic) -> Outcome:
        found = self.distant.outcome(source, destination, asked)
        public = self.journeys.by_public(source, destination)
        if public and self._more(source, destination, found, asked):
            return self.journeys.between(source, destination).outcome(asked)
        return found if source.certain and destination.certain else found.perhaps()


def of_asked(bounds: Bounds[Traffic], asked: Traffic) -> Bounds[Traffic]:
    """The part of some traffic that was asked about."""
    if asked is EVERYTHING:
        return bounds
    may = bounds.may & asked
    return Bounds(may if bounds.must is bounds.may else bounds.must & asked, may)


def _placements(party: Party) -> list[tuple[Spot, ...]]:
    """The spots of each subnet that the interface may be in; all of them where it is in all."""
    if not party.one:
        return [party.spots]
    found: dict[str | None, list[Spot]] = {}
    for spot in party.spots:
        found.setdefault(spot.subnet, []).append(spot)
    return [tuple(spots) for spots in found.values()]
