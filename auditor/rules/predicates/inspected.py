"""What the firewalls of a network do not see: ways to the internet round them, or one half of connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related
from auditor.frozen import dataclass
from auditor.model import YES, Firewall
from auditor.reach import Answer, Hop, Leg, Path, Verdict
from auditor.reach.forwarding.inspection import ASYMMETRIC, KIND
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.halves import Halves
from auditor.rules.parties import End, classes, named, opens_by_itself
from auditor.rules.section import Section
from auditor.rules.words import listed, steps
from auditor.traffic import cidrs
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


class Unseen(StrEnum):
    """What a firewall does not see: the whole of a way to the internet, or one direction of a connection."""

    ALL = "all"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What must not go unseen."""

    unseen: Unseen


SCHEMA = {
    "type": "object",
    "properties": {"unseen": {"enum": [each.value for each in Unseen]}},
    "required": ["unseen"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``unseen``: all or half."""
    return Parameters(Unseen(section.choice("unseen", tuple(Unseen))))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way that a firewall does not see, or sees half of, and the route that makes it so."""

    end: End
    other: str
    answer: Answer
    path: Path
    hop: Hop | None


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each route; nothing where the network has no firewall."""
    if not evidence.engine.inventory.firewalls:
        return
    ends = tuple(_ends(evidence))
    if parameters.unseen is Unseen.ALL:
        found = [way for end in ends for way in _around(end, evidence)]
        yield from (_bypassed(ways, evidence) for ways in _by_route(found))
        return
    halves = Halves(evidence, ends)
    found = [way for end in ends for way in _halved(end, halves)]
    yield from (_asymmetric(ways, evidence) for ways in _by_route(found))


def _ends(evidence: Evidence) -> Iterator[End]:
    """The workloads of all VPCs that have a firewall, or are joined with one that has."""
    engine = evidence.engine
    guarded = {engine.index.canonical(one.vpc.id) for one in engine.inventory.firewalls}
    for end in classes(((one, YES) for one in evidence.workloads), evidence):
        vpc = engine.carriers.vpc(end.workloads[0])
        known = vpc in engine.index.vpcs or vpc in guarded
        if known and any(engine.joined.together(vpc, other) for other in guarded):
            yield end


def _around(end: End, evidence: Evidence) -> Iterator[_Way]:
    """The ways of workloads to the internet that lead through no firewall."""
    if not opens_by_itself(end.workloads[0]):
        return
    answer = evidence.engine.can_reach(end.text, "internet", every=True)
    for path in answer.paths:
        seen = any(hop.kind == KIND for hop in path.hops if hop.leg is Leg.REQUEST)
        if path.verdict is not Verdict.BLOCKED and not seen:
            yield _Way(end, "internet", answer, path, _first_route(path))


def _first_route(path: Path) -> Hop | None:
    """The first route that packets take."""
    return next((hop for hop in path.hops if hop.kind == "route-table" and hop.leg is Leg.REQUEST), None)


def _halved(end: End, halves: Halves) -> Iterator[_Way]:
    """The ways of which a firewall sees one direction only."""
    engine = halves.engine
    answers = []
    if opens_by_itself(end.workloads[0]):
        answers.append(("internet", engine.can_reach(end.text, "internet", every=True)))
        answers += [
            (one.text, engine.can_reach(end.text, one.text, every=True)) for one in halves.others(end)
        ]
    if end.workloads[0].accepts:
        answers.append(("internet", engine.can_reach("internet", end.text, every=True)))
    for other, answer in answers:
        for path in answer.paths:
            half = [hop for hop in path.hops if hop.kind == KIND and hop.rule == ASYMMETRIC]
            if half:
                yield _Way(end, other, answer, path, _unseen_route(path))


def _unseen_route(path: Path) -> Hop | None:
    """The last route of the direction that the firewall does not see."""
    met = any(hop.kind == KIND and hop.rule != ASYMMETRIC for hop in path.hops if hop.leg is Leg.REQUEST)
    leg = Leg.REPLY if met else Leg.REQUEST
    routes = [hop for hop in path.hops if hop.kind == "route-table" and hop.leg is leg]
    return routes[-1] if routes else None


def _by_route(ways: Iterable[_Way]) -> Iterator[list[_Way]]:
    found: dict[tuple[str, str, bool], list[_Way]] = {}
    for way in ways:
        where = (way.hop.component, str(way.hop.rule)) if way.hop else (way.end.text, "")
        found.setdefault((*where, way.path.verdict is Verdict.UNKNOWN), []).append(way)
    yield from found.values()


def _bypassed(ways: list[_Way], evidence: Evidence) -> Judged:
    first = ways[0]
    component, at, route = _place(first, evidence)
    unknown = first.path.verdict is Verdict.UNKNOWN
    can = "may go" if unknown else "can go"
    who = named(way.end for way in ways)
    firewalls = evidence.engine.inventory.firewalls
    reasons = [reason for way in ways for reason in way.answer.unknowns]
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=component,
        at=at,
        fact=f"{route} round the firewall".strip(),
        message=f"{who} {can} to the internet by {route or 'a way'} round {_firewalls(firewalls)}.",
        proof=tuple(steps(first.path, Leg.REQUEST)),
        related=_related(ways, firewalls),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS] if unknown else (),
    )


def _asymmetric(ways: list[_Way], evidence: Evidence) -> Judged:
    first = ways[0]
    component, at, route = _place(first, evidence)
    met = {hop.component for way in ways for hop in way.path.hops if hop.kind == KIND}
    firewalls = [one for one in evidence.engine.inventory.firewalls if one.id in met]
    request = any(hop.kind == KIND and hop.leg is Leg.REQUEST for hop in first.path.hops)
    seen, unseen = ("requests", "replies") if request else ("replies", "requests")
    sure = all(_is_sure(way.answer, met) for way in ways)
    who = named(way.end for way in ways)
    other = "the internet" if first.other == "internet" else first.other
    reasons = [reason for way in ways for reason in way.answer.unknowns]
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=component,
        at=at,
        fact=f"{unseen} past the firewall by {route}",
        message=(
            f"{_firewalls(firewalls)} sees the {seen} between {who} and {other}, and not the {unseen}: "
            f"{component} sends these by {route}."
        ),
        fix=_fix(ways, component, evidence) if request else "",
        proof=(*steps(first.path, Leg.REQUEST), *steps(first.path, Leg.REPLY)),
        related=_related(ways, firewalls),
        unknowns=() if sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )


def _is_sure(answer: Answer, firewalls: set[str]) -> bool:
    """Whether nothing but the asymmetry itself leaves an answer open."""
    return all(_is_asymmetry(reason, firewalls) for reason in answer.unknowns)


def _is_asymmetry(reason: Reason, firewalls: set[str]) -> bool:
    return reason.what.startswith(ASYMMETRIC) and any(one in reason.what for one in firewalls)


def _fix(ways: list[_Way], table: str, evidence: Evidence) -> str:
    """The routes that bring replies back through the firewall, where the subnets' ranges are known."""
    spots = [
        spot
        for way in ways
        for one in way.end.workloads
        for spot in evidence.engine.spots.of_workload(one).spots
    ]
    subnets = [evidence.engine.index.subnets.get(spot.subnet or "") for spot in spots]
    ranges = dict.fromkeys(
        text for one in subnets if one is not None and one.cidrs.known for text in cidrs(one.cidrs.may)
    )
    if not ranges or len(ranges) > _MOST_NAMED:
        return ""
    return f"Add to {table} a route to the firewall's endpoint for {listed(ranges)}."


def _place(way: _Way, evidence: Evidence) -> tuple[str, Location, str]:
    """The table and the place of the route that is blamed, else the workload."""
    if way.hop is None:
        return way.end.workloads[0].id, way.end.workloads[0].at, ""
    table = evidence.engine.index.tables.get(way.hop.component)
    at = way.hop.at or (table.at if table else way.end.workloads[0].at)
    routes = {route.at: route for route in evidence.engine.inventory.routes}
    known = routes.get(at)
    link = known.target.link if known else None
    return way.hop.component, link.at if link else at, f"the route {way.hop.rule}"


def _firewalls(firewalls: Iterable[Firewall]) -> str:
    return listed([one.id for one in firewalls][:_MOST_NAMED] or ["the firewall"])


def _related(ways: list[_Way], firewalls: Iterable[Firewall]) -> tuple[Related, ...]:
    found = [Related(at=one.at, text=one.id) for one in [*firewalls][:_MOST_NAMED]]
    members = [one for way in ways for one in way.end.workloads]
    found += [Related(at=one.at, text=one.id) for one in members[:_MOST_NAMED]]
    return tuple(dict.fromkeys(found))
