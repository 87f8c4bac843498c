"""The ways between two ends, those through certain things apart from the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import Route, Truth
from auditor.reach import Engine, Leg, Path, Verdict
from auditor.reach.ends import Ends
from auditor.reach.journey import Journey, Walk
from auditor.reach.paths import ways as found_ways
from auditor.reach.proof import blockers, unknowns
from auditor.reach.verdict import Blocker, EndpointKind
from auditor.reach.walk import Outcome, together
from auditor.rules.policy.ends import Atom
from auditor.traffic import EVERYTHING, Bounds, Traffic
from auditor.tree import Location, Reason

MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which ways count: those through one of ``through`` where it is given, none through ``avoiding``.

    Both hold ids of components, and kinds of control points. With ``perhaps``, those count too that may go
    through, where one of several routes decides.
    """

    through: frozenset[str] | None = None
    avoiding: frozenset[str] = frozenset()
    perhaps: bool = False

    @property
    def counts_all(self) -> bool:
        """Whether every way counts."""
        return self.through is None and not self.avoiding


ALL_WAYS = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What can be opened between two ends by the ways that count, and the proof of it.

    ``traffic`` bounds what is delivered and answered, of a one-way verdict what is delivered.
    """

    verdict: Verdict
    traffic: Bounds[Traffic]
    path: Path | None = None
    unknowns: tuple[Reason, ...] = ()
    blockers: tuple[Blocker, ...] = ()


class Ways:
    """Questions about the ways of one network."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @cached_property
    def routes(self) -> Mapping[Location, Route]:
        """The routes by their places."""
        return {route.at: route for route in self.engine.inventory.routes}

    def outcome(self, source: Ends, destination: Ends, asked: Traffic | None, ways: Filter) -> Outcome:
        """What is delivered by the ways that count."""
        traffic = EVERYTHING if asked is None else asked
        if ways.counts_all:
            return self.engine.outcome(source, destination, traffic)
        if self.engine.outcome(source, destination, traffic).verdict is Verdict.BLOCKED:
            return together(())
        return together(journey.outcome(traffic) for journey in self.journeys(source, destination, ways))

    def journeys(self, source: Ends, destination: Ends, ways: Filter) -> tuple[Journey, ...]:
        """The journeys between two ends, with the ways that count alone."""
        found = tuple(self.engine.journeys.all(source, destination))
        return found if ways.counts_all else tuple(self._filtered(journey, ways) for journey in found)

    def _filtered(self, journey: Journey, ways: Filter) -> Journey:
        kept = tuple(tuple(walk for walk in walks if self._counts(walk, ways)) for walks in journey.ways)
        return replace(journey, ways=kept)

    def _counts(self, walk: Walk, ways: Filter) -> bool:
        sure = self.passed(walk, perhaps=False)
        on = self.passed(walk, perhaps=True) if ways.perhaps else sure
        if ways.through is not None and not on & ways.through:
            return False
        return not sure & ways.avoiding

    def passed(self, walk: Walk, *, perhaps: bool) -> frozenset[str]:
        """What the requests of a walk pass, or may: control points by id and kind, and where routes lead."""
        found: set[str] = set()
        canonical = self.engine.index.canonical
        for point in walk:
            if point.leg is not Leg.REQUEST:
                continue
            found.update((point.kind, canonical(point.component)))
            if point.kind == "internet-gateway":
                found.update(self._gateways(canonical(point.component)))
            targets = [self._target(clause.at) for clause in point.clauses if clause.allows]
            if targets:
                found |= frozenset[str]().union(*targets) if perhaps else targets[0].intersection(*targets)
        return frozenset(found)

    def _target(self, at: Location | None) -> frozenset[str]:
        """Where the route at a place leads, by id and kind; nothing where none stands there."""
        route = self.routes.get(at) if at is not None else None
        if route is None or route.target.link is None:
            return frozenset()
        return frozenset((route.target.kind.value, self.engine.index.canonical(route.target.link.id)))

    def _gateways(self, vpc: str) -> frozenset[str]:
        """The gateways that may be the one of a VPC: what comes in by it is told by the VPC alone."""
        index = self.engine.index
        found = {one.id: index.attached(one.id, vpc) for one in self.engine.inventory.gateways}
        sure = frozenset(name for name, truth in found.items() if truth is Truth.YES)
        return sure or frozenset(name for name, truth in found.items() if truth is Truth.UNKNOWN)

    def _hidden(self, source: Atom, destination: Atom, asked: Traffic | None, ways: Filter) -> Found | None:
        """That it is not known by which way packets come in from networks on premises, if any do."""
        if ways.through is None or not source.ends.private:
            return None
        outcome = self.outcome(source.ends, destination.ends, asked, ALL_WAYS)
        if outcome.verdict is Verdict.BLOCKED:
            return None
        at = destination.endpoint.at or Location("")
        why = Reason(f"by which way packets from {source.text} come in", at, "ask without `through`")
        return Found(verdict=Verdict.UNKNOWN, traffic=outcome.both, unknowns=(why,))

    def answer(self, source: Atom, destination: Atom, asked: Traffic | None, ways: Filter) -> Found:
        """The verdict between two ends, with its proof."""
        if destination.endpoint.kind is EndpointKind.SERVICE:
            return self._of_service(source, destination, asked, ways)
        outcome = self.outcome(source.ends, destination.ends, asked, ways)
        verdict = outcome.verdict
        if verdict is Verdict.BLOCKED:
            hidden = self._hidden(source, destination, asked, ways)
            return hidden or Found(verdict=verdict, traffic=outcome.both)
        journeys = self.journeys(source.ends, destination.ends, ways)
        traffic = EVERYTHING if asked is None else asked
        found = found_ways(journeys, traffic).told
        return Found(
            verdict=verdict if source.sure and destination.sure else Verdict.UNKNOWN,
            traffic=outcome.request if verdict is Verdict.ONE_WAY else outcome.both,
            path=next((path for path in found if path.verdict is verdict), next(iter(found), None)),
            unknowns=self._unknowns(verdict, journeys, traffic, (source, destination)),
        )

    def _unknowns(
        self, verdict: Verdict, journeys: Iterable[Journey], asked: Traffic, ends: tuple[Atom, Atom]
    ) -> tuple[Reason, ...]:
        found = unknowns(journeys, asked) if verdict is Verdict.UNKNOWN else ()
        doubts = [why for end in ends if not end.sure for why in end.doubts or (_meant(end),)]
        return (*found, *doubts)[:MOST_UNKNOWNS]

    def blocking(
        self, source: Ends, destination: Ends, asked: Traffic | None, ways: Filter
    ) -> tuple[Blocker, ...]:
        """What blocks between two ends."""
        journeys = self.journeys(source, destination, ways)
        return blockers(journeys, EVERYTHING if asked is None else asked)

    def deciding(
        self, source: Ends, destination: Ends, asked: Traffic | None, ways: Filter
    ) -> tuple[Reason, ...]:
        """Why it is not certain what passes between two ends."""
        journeys = self.journeys(source, destination, ways)
        return unknowns(journeys, EVERYTHING if asked is None else asked)[:MOST_UNKNOWNS]

    def _of_service(self, source: Atom, destination: Atom, asked: Traffic | None, ways: Filter) -> Found:
        answer = self.engine.can_reach(source.endpoint, destination.endpoint, asked)
        verdict, reasons = answer.verdict, answer.unknowns
        if not ways.counts_all and verdict is not Verdict.BLOCKED:
            verdict = Verdict.UNKNOWN
            why = Reason(f"by which way {source.text} reaches {destination.text}", Location(""))
            reasons = (*reasons, why)
        return Found(
            verdict=verdict,
            traffic=answer.traffic,
            path=next(iter(answer.paths), None),
            unknowns=reasons[:MOST_UNKNOWNS],
            blockers=answer.blockers,
        )


def _meant(end: Atom) -> Reason:
    return Reason(f"whether {end.text} is meant", end.endpoint.at or Location(""))
