"""What must stay reachable: from each place of each source to each place of each destination."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related
from auditor.frozen import dataclass
from auditor.model import Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.spot import Party, Spot
from auditor.reach.verdict import Blocker
from auditor.rules.definition import Judged
from auditor.rules.policy.ends import Atom
from auditor.rules.policy.judging import Court, Pair, against, named, of_unknown
from auditor.rules.policy.statement import Statement
from auditor.rules.policy.ways import MOST_UNKNOWNS, Filter
from auditor.rules.words import service_text
from auditor.traffic import ANY, IPV4, IPV6, IntSet, Traffic
from auditor.tree import Location, Reason

_LINES = (IPV4, IPV6)


@dataclass(frozen=True, slots=True)
class Lack:
    """Two places between which not all passes that must, for certain or perhaps."""

    pair: Pair
    places: tuple[Ends, Ends]
    sure: bool
    missing: Traffic | None


def required(court: Court, statement: Statement) -> Iterator[Judged]:
    """What a ``require`` finds, one judgement for each thing that stands in the way."""
    ways = Filter(through=court.components.keys(statement.through) if statement.through else None)
    blocked: dict[tuple[str, Location], list[tuple[Lack, tuple[Blocker, ...]]]] = {}
    open_: dict[tuple[Reason, ...], list[Lack]] = {}
    for lack in _lacks(court, statement, ways):
        if not lack.sure:
            told = tuple(why for end in lack.pair for why in end.doubts)
            reasons = (*court.ways.deciding(*lack.places, lack.missing, ways), *told) or _doubts(lack.pair)
            open_.setdefault(reasons, []).append(lack)
            continue
        found = court.ways.blocking(*lack.places, lack.missing, ways)
        at = found[0].at or lack.pair[1].endpoint.at or statement.at
        blocked.setdefault((found[0].component, at), []).append((lack, found))
    for (component, at), lacks in blocked.items():
        yield _violated(statement, component, at, lacks)
    for reasons, ones in open_.items():
        yield _undetermined(statement, reasons, ones)


def _doubts(pair: Pair) -> tuple[Reason, ...]:
    return tuple(Reason(f"whether and where {end.text} is", end.endpoint.at or Location("")) for end in pair)


def _lacks(court: Court, statement: Statement, ways: Filter) -> Iterator[Lack]:
    sources, destinations = (
        tuple(court.resolver.each(court.resolver.meaning(names)))
        for names in (statement.sources, statement.destinations)
    )
    for source in sources:
        for destination in destinations:
            if source.workloads == destination.workloads and len(source.workloads) == 1:
                continue
            if not _may_meet(court, (source, destination), statement.asked):
                continue
            for pair, asked, counted in court.left(
                (source, destination), statement.asked, ways, statement.exemptions
            ):
                yield from _of_pair(court, pair, asked, counted)


def _may_meet(court: Court, pair: Pair, asked: Traffic | None) -> bool:
    """Whether two ends take part at all: of what was not named by itself, only what can, by its type."""
    source, destination = (_first(court, end) for end in pair)
    if source is not None and not source.initiates:
        return False
    if destination is None:
        return True
    heard = destination.listens is None or asked is None or bool(asked & destination.listens.may)
    return destination.accepts and heard


def _first(court: Court, atom: Atom) -> Workload | None:
    if not atom.selected or not atom.workloads:
        return None
    return court.resolver.evidence.engine.spots.carriers.workloads[atom.workloads[0]]


def _of_pair(court: Court, pair: Pair, asked: Traffic | None, ways: Filter) -> Iterator[Lack]:
    """What lacks between two ends; where one is in one of several places, all must lack for certain."""
    found = []
    for one in _places(pair[0].ends):
        for other in _places(pair[1].ends):
            verdict, missing = _verdict(court, (one, other), asked, ways)
            found.append((verdict, Lack(pair, (one, other), verdict is Truth.NO, missing)))
    lacks = [lack for verdict, lack in found if verdict is not Truth.YES]
    moving = any(party.one for end in pair for party in end.ends.parties)
    sure = pair[0].sure and pair[1].sure and not (moving and len(lacks) < len(found))
    for lack in lacks:
        yield lack if sure else Lack(lack.pair, lack.places, False, lack.missing)  # noqa: FBT003 -- as declared


def _places(ends: Ends) -> tuple[Ends, ...]:
    """An end in each of its places: a subnet, or the world outside."""
    spots: dict[tuple[str | None, str | None, bool], list[Spot]] = {}
    for spot in ends.spots:
        spots.setdefault((spot.vpc, spot.subnet, spot.certain), []).append(spot)
    if not spots:
        return (ends,)
    return tuple(Ends(parties=(Party(tuple(ones)),)) for ones in spots.values())


def _verdict(
    court: Court, places: tuple[Ends, Ends], asked: Traffic | None, ways: Filter
) -> tuple[Truth, Traffic | None]:
    """Whether all that is asked passes between two places, and what of it does not."""
    both = court.ways.outcome(*places, asked, ways).both
    must, may = _for_all(both.must, places), _for_all(both.may, places)
    if asked is None:
        return (Truth.YES if must else Truth.UNKNOWN if may else Truth.NO), None
    if asked <= must:
        return Truth.YES, None
    return (Truth.UNKNOWN, asked - must) if asked <= may else (Truth.NO, asked - may)


def _for_all(traffic: Traffic, places: tuple[Ends, Ends]) -> Traffic:
    """The services that all addresses of the ends have, in one of the address families."""
    found = []
    for line in _LINES:
        own = traffic & Traffic.of(sources=line, destinations=line)
        sources, destinations = (_addresses(ends, line) for ends in places)
        if sources and destinations and own:
            found.append(own.covers_all(sources=sources, destinations=destinations))
    return Traffic.union(found)


def _addresses(ends: Ends, line: IntSet) -> IntSet:
    """The addresses of an end that the question is about as such; any one where AWS picks it."""
    asked = ends.literal or (ends.internet | ends.private)
    return (asked & line) if asked and not ends.symbolic else ANY & line


def _violated(
    statement: Statement, component: str, at: Location, lacks: list[tuple[Lack, tuple[Blocker, ...]]]
) -> Judged:
    first, found = lacks[0]
    sources, destinations, services = _words([lack for lack, _ in lacks])
    message = f"{sources} cannot open {services} to {destinations}: {found[0].text}"
    others = [Related(at=one.at, text=one.text) for one in found[1:4] if one.at is not None and one.at != at]
    return Judged(
        judgement=Judgement.VIOLATED,
        component=component or first.pair[1].text,
        at=at,
        fact=f"{services} from {sources} to {destinations} does not pass",
        message=f"{message}. {against(statement)}",
        fix=statement.fix
        or f"Let {services} from {sources} to {destinations} pass at {component or 'both ends'}.",
        proof=tuple(f"{one.component} blocks: {one.text}" for one in found),
        related=(_stated(statement), *dict.fromkeys(others)),
    )


def _undetermined(statement: Statement, reasons: tuple[Reason, ...], lacks: list[Lack]) -> Judged:
    sources, destinations, services = _words(lacks)
    message = f"It is not known whether {sources} can open {services} to {destinations}"
    end = lacks[0].pair[1]
    at = of_unknown(reasons, end.endpoint.at or statement.at)
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=end.text,
        at=at,
        fact=f"{services} from {sources} to {destinations} may not pass",
        message=f"{message}. {against(statement)}",
        related=(_stated(statement),),
        unknowns=reasons[:MOST_UNKNOWNS],
    )


def _stated(statement: Statement) -> Related:
    return Related(at=statement.at, text=f"the policy: {statement.text}")


def _words(lacks: list[Lack]) -> tuple[str, str, str]:
    sources, destinations = (named([lack.pair[index] for lack in lacks]) for index in (0, 1))
    missing = [lack.missing for lack in lacks if lack.missing is not None]
    services = service_text(Traffic.union(missing)) if missing else "a connection"
    return sources, destinations, services
