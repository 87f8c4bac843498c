"""Statements put to a network: what must not be reached, and what must stay so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from auditor.errors import UsageError
from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach import Neighbour, Verdict
from auditor.reach.names import cidr_endpoint
from auditor.reach.verdict import EndpointKind
from auditor.rules.definition import Judged
from auditor.rules.policy.causes import Cause, cause
from auditor.rules.policy.ends import Atom, Held, Meaning, said
from auditor.rules.policy.resolving import Resolver
from auditor.rules.policy.statement import Exemption, Kind, Names, Statement
from auditor.rules.policy.through import Components
from auditor.rules.policy.ways import Filter, Found, Ways
from auditor.rules.words import service_text, some, steps
from auditor.traffic import EVERYTHING, NOTHING, Traffic, parse_cidr
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12

Pair = tuple[Atom, Atom]
Question = tuple[Pair, Traffic | None, Filter]


@dataclass(frozen=True, slots=True)
class Breach:
    """Two ends between which something passes that must not, and what lets it."""

    pair: Pair
    found: Found
    cause: Cause


@dataclass(frozen=True, slots=True)
class Court:
    """One network, the names of a policy in it, and the statements that are exceptions to all others."""

    resolver: Resolver
    ways: Ways
    components: Components
    allowed: tuple[Exemption, ...]
    _kept: dict[Names, Held] = field(default_factory=dict)

    def forbidden(self, statement: Statement) -> Iterator[Judged]:
        """What a ``deny`` or an ``only`` finds, one judgement for each place that lets something pass."""
        found: dict[tuple[Verdict, str, Location], list[Breach]] = {}
        for pair, asked, ways, known in self._questions(statement):
            answer = known or self.ways.answer(*pair, asked, ways)
            if answer.verdict is Verdict.BLOCKED:
                continue
            why = cause(answer.path, pair, self.ways.routes, by_route=bool(statement.through))
            breach = Breach(pair, answer, why)
            found.setdefault((answer.verdict, why.component, why.at), []).append(breach)
        for breaches in found.values():
            yield _judged(statement, breaches)

    def _questions(self, statement: Statement) -> Iterator[tuple[Pair, Traffic | None, Filter, Found | None]]:
        """The ends between which nothing may pass, what may not, by which ways, and what is known of it."""
        through = self.components.keys(statement.through) if statement.through else None
        ways = Filter(through=through, perhaps=True)
        exemptions = (*statement.exemptions, *self.allowed)
        if statement.kind is Kind.ONLY:
            if through is not None:
                ways = Filter(avoiding=through)
            else:
                own = Exemption(sources=statement.sources)
                exemptions = (own, Exemption(sources=statement.destinations), *exemptions)
                statement = replace(statement, sources=())
        for pair, known in self._pairs(statement):
            for left, asked, counted in self.left(pair, statement.asked, ways, exemptions):
                yield left, asked, counted, known if left == pair and counted == ways else None

    def _pairs(self, statement: Statement) -> Iterator[tuple[Pair, Found | None]]:
        """The pairs of ends that a statement is about: those it names, or all that meet in the network."""
        sources, destinations = (
            self.resolver.meaning(names) if names else Meaning(anywhere=True)
            for names in (statement.sources, statement.destinations)
        )
        for source in sources.atoms:
            for destination in destinations.atoms:
                if source.workloads != destination.workloads or len(source.workloads) != 1:
                    yield (source, destination), None
        if sources.anywhere:
            for destination in destinations.atoms or self.resolver.everything():
                yield from self._met(destination, Direction.INGRESS, statement.asked)
        if destinations.anywhere:
            for source in sources.atoms or (self.resolver.everything() if sources.anywhere else ()):
                yield from self._met(source, Direction.EGRESS, statement.asked)

    def _met(
        self, atom: Atom, direction: Direction, asked: Traffic | None
    ) -> Iterator[tuple[Pair, Found | None]]:
        """Everyone who meets an end, as the engine lists them."""
        engine = self.resolver.evidence.engine
        ask = engine.who_can_reach if direction is Direction.INGRESS else engine.reach_from
        for row in ask(atom.endpoint, asked).rows:
            for other, known in self._of_row(row):
                yield (other, atom) if direction is Direction.INGRESS else (atom, other), known

    def _of_row(self, row: Neighbour) -> Iterator[tuple[Atom, Found | None]]:
        engine = self.resolver.evidence.engine
        end = row.end
        if end.address:
            for atom in self.resolver.of_endpoint(engine.names.by_id(end.address)):
                yield atom, None
            return
        try:
            (endpoint,) = engine.endpoints(end.name)
        except (UsageError, ValueError):
            endpoint = replace(cidr_endpoint(parse_cidr("0.0.0.0/0"), end.name), at=end.at)
            found = Found(verdict=row.verdict, traffic=row.traffic, unknowns=row.unknowns)
            for atom in self.resolver.of_endpoint(endpoint):
                yield atom, found
            return
        for atom in self.resolver.of_endpoint(endpoint):
            yield atom, None

    # -- exceptions --------------------------------------------------------------------------------

    def left(
        self, pair: Pair, asked: Traffic | None, ways: Filter, exemptions: Iterable[Exemption]
    ) -> Iterator[Question]:
        """What of a question is left without the exceptions."""
        left: list[Question] = [(pair, asked, ways)]
        for exemption in exemptions:
            left = [rest for one in left for rest in self._without(one, exemption)]
        yield from left

    def _without(self, question: Question, exemption: Exemption) -> Iterator[Question]:
        (source, destination), asked, ways = question
        if exemption.either:
            held = self._held(exemption.either)
            for one in self.resolver.without(source, held):
                for other in self.resolver.without(destination, held):
                    yield (one, other), asked, ways
            return
        destinations = self._apart(destination, exemption.destinations)
        for one, meant in self._apart(source, exemption.sources):
            for other, also in destinations:
                if meant and also:
                    yield from self._excepted(((one, other), asked, ways), exemption)
                else:
                    yield (one, other), asked, ways

    def _excepted(self, question: Question, exemption: Exemption) -> Iterator[Question]:
        """What is left of a question between two ends that an exception is about."""
        pair, asked, ways = question
        everything = EVERYTHING if asked is None else asked
        rest = NOTHING if exemption.traffic is None else everything - exemption.traffic
        if rest:
            yield pair, rest, ways
        if exemption.through:
            named = asked if exemption.traffic is None else everything & exemption.traffic
            yield pair, named, replace(ways, avoiding=ways.avoiding | self.components.keys(exemption.through))

    def _apart(self, atom: Atom, names: Names) -> list[tuple[Atom, bool]]:
        """An end as what some names mean of it (true), and the rest."""
        if not names:
            return [(atom, True)]
        rest = list(self.resolver.without(atom, self._held(names)))
        if rest == [atom]:
            return [(atom, False)]
        return [*((one, False) for one in rest), *([(atom, True)] if not rest else self._meant(atom, names))]

    def _meant(self, atom: Atom, names: Names) -> Iterator[tuple[Atom, bool]]:
        """The part of an end that names mean, where they do not mean all of it."""
        ids = set(atom.workloads) & self._held(names).workloads
        if ids:
            yield from ((one, True) for one in self.resolver.of_workloads(sorted(ids)))
        addresses = atom.endpoint.addresses & self._held(names).addresses
        if addresses and not atom.workloads and not atom.group:
            yield self.resolver.at(atom, addresses), True

    def _held(self, names: Names) -> Held:
        found = self._kept.get(names)
        if found is None:
            found = self._kept[names] = self.resolver.held(names)
        return found


# -- words -----------------------------------------------------------------------------------------


def _judged(statement: Statement, breaches: list[Breach]) -> Judged:
    first = breaches[0]
    verdict = first.found.verdict
    sides = tuple([breach.pair[index] for breach in breaches] for index in (0, 1))
    alone = sides[0][0].workloads if len(sides[0]) == len(sides[0][0].workloads) == 1 else ()
    sources, destinations = named(sides[0]), named(sides[1], alone)
    services = service_text(Traffic.union(breach.found.traffic.may for breach in breaches))
    unknown = verdict is Verdict.UNKNOWN
    can = "may be able to open" if unknown else "can open"
    message = f"{sources} {can} {services} to {destinations} by {first.cause.what}"
    if verdict is Verdict.ONE_WAY:
        message = (
            f"{sources} can send {services} to {destinations} by {first.cause.what}; no reply comes back"
        )
    reasons = dict.fromkeys(reason for breach in breaches for reason in breach.found.unknowns)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.cause.component,
        at=first.cause.at,
        fact=f"{first.cause.what} for {services} from {sources} to {destinations}",
        message=f"{message}. {against(statement)}",
        severity=_lowered(statement.severity) if verdict is Verdict.ONE_WAY else None,
        proof=tuple(steps(first.found.path)),
        related=tuple(dict.fromkeys(_related(statement, breaches))),
        unknowns=tuple(reasons)[:_MOST_UNKNOWNS] if unknown else (),
    )


def _lowered(severity: Severity) -> Severity:
    """One less: packets arrive, but no connection is opened."""
    return tuple(Severity)[max(severity.rank - 1, 0)]


def against(statement: Statement) -> str:
    """The statement that a finding is about, and whose it is."""
    owner = f" of {statement.owner}" if statement.owner else ""
    return f"The policy{owner} says: {statement.text}."


def named(ends: list[Atom], but: tuple[str, ...] = ()) -> str:
    """The ends as a finding names them, not too many; without those of ``but``, if there are others."""
    names = tuple(dict.fromkeys(name for end in ends for name in _names(end)))
    if len(names) > 1:
        names = tuple(name for name in names if name not in but)
    return some(names, _MOST_NAMED)


def _names(end: Atom) -> tuple[str, ...]:
    if end.group:
        return (end.text,)
    return end.workloads or (said(end),)


def _related(statement: Statement, breaches: list[Breach]) -> Iterator[Related]:
    yield Related(at=statement.at, text=f"the policy: {statement.text}")
    for breach in breaches[:_MOST_NAMED]:
        for end in breach.pair:
            at = end.endpoint.at
            if at is not None and at != breach.cause.at and end.endpoint.kind is not EndpointKind.CIDR:
                yield Related(at=at, text=end.text)


def of_unknown(reasons: Iterable[Reason], default: Location) -> Location:
    """Where what decides stands: the first reason that has a place."""
    return next((reason.at for reason in reasons if reason.at.path), default)
