"""One kind of workload, or the world outside, can open a connection to another, and what lets it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Route
from auditor.reach import Answer, Hop, Leg, Path, Verdict
from auditor.reach.verdict import DecisiveRule
from auditor.reach.walk import Outcome
from auditor.rules.admissions import Admissions
from auditor.rules.closures import within
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End, Meeting, named, opens_by_itself, selected
from auditor.rules.section import Section
from auditor.rules.selectors import SELECTOR_PATTERN, Outside, Selector, read_selector
from auditor.rules.words import service_text, steps
from auditor.traffic import Bounds, Traffic
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


class Blame(StrEnum):
    """What of a path the finding stands at; ``admission`` is the rule that lets it in at its end."""

    ROUTE = "route"
    RULE = "rule"
    SOURCE = "source"
    ADMISSION = "admission"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Who must not reach whom, where the finding stands when it does, and in how many connections."""

    source: Selector
    destination: Selector
    blame: Blame
    hops: int


SCHEMA = {
    "type": "object",
    "properties": {
        "from": {"type": "string", "pattern": SELECTOR_PATTERN},
        "to": {"type": "string", "pattern": SELECTOR_PATTERN},
        "blame": {"enum": [each.value for each in Blame]},
        "hops": {"type": ["string", "integer"], "pattern": "^[1-9]$"},
    },
    "required": ["from", "to"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``from`` and ``to`` are selectors; ``blame`` is route, rule, source or admission.

    With ``hops`` it is from the internet in at most so many connections, from host to host and by proxies.
    """
    source, destination = read_selector(section, "from"), read_selector(section, "to")
    if isinstance(source, Outside) and isinstance(destination, Outside):
        section.refuse("to", "one of the two ends must be workloads of the network")
    blame = Blame(section.choice("blame", tuple(Blame), Blame.ROUTE))
    return Parameters(source, destination, blame, _hops(section, source))


def _hops(section: Section, source: Selector) -> int:
    text = section.text("hops", required=False)
    if not text:
        return 0
    if not text.isdecimal() or not 0 < int(text) < 10:
        section.refuse("hops", "expected a number from 1 to 9")
    elif source != Outside("internet"):
        section.refuse("hops", "connections are counted from the internet", "write from: internet")
    else:
        return int(text)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A path between two ends, the place that is blamed for it, and the answer that it is part of.

    ``rule`` is the group's rule that lets it pass. The ``path`` of a straight way is not followed yet.
    """

    verdict: Verdict
    component: str
    at: Location
    what: str
    source: End
    destination: End
    traffic: Bounds[Traffic]
    path: Path | None
    rule: DecisiveRule | None
    straight: bool = False
    unknowns: tuple[Reason, ...] = ()


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each blamed place, with all the workloads whose paths lead over it."""
    if parameters.hops:
        yield from within(parameters.destination, parameters.hops, evidence)
        return
    routes = {route.at: route for route in evidence.engine.inventory.routes}
    found: dict[tuple[Verdict, str, Location], list[Breach]] = {}
    for source, destination, outcome in _pairs(parameters, evidence):
        straight = _straight(source, destination, outcome, evidence) if outcome else None
        if straight is not None:
            found.setdefault((straight.verdict, straight.component, straight.at), []).append(straight)
            continue
        answer = evidence.engine.can_reach(source.text, destination.text, every=True)
        for breach in _breaches(answer, (source, destination), parameters.blame, routes):
            key = (breach.verdict, breach.component, breach.at)
            found.setdefault(key, []).append(breach)
    for breaches in found.values():
        yield _judged(breaches, evidence)


def _pairs(parameters: Parameters, evidence: Evidence) -> Iterator[tuple[End, End, Outcome | None]]:
    """The ends between which something may pass; of workloads those that open connections by themselves."""
    sources = [
        one
        for one in selected(parameters.source, evidence)
        if not one.workloads or opens_by_itself(one.workloads[0])
    ]
    admissions, meeting = Admissions(evidence), Meeting(evidence)
    for destination in selected(parameters.destination, evidence):
        if not (sources and sources[0].workloads and destination.workloads):
            yield from ((source, destination, None) for source in sources)
            continue
        near = meeting.near(sources, destination)
        if parameters.blame is Blame.ADMISSION:
            for source, outcome in admissions.pairs(near, destination):
                yield source, destination, outcome
        else:
            yield from ((source, destination, None) for source in near)


def _straight(source: End, destination: End, outcome: Outcome, evidence: Evidence) -> Breach | None:
    """The breach by a straight way, told without following packets; None where it takes more."""
    engine = evidence.engine
    spots, peers = (engine.spots.of_workload(end.workloads[0]).spots for end in (source, destination))
    if outcome.verdict is not Verdict.REACHABLE or len(spots) != 1 or len(peers) != 1:
        return None
    way = engine.straight.between(spots[0], peers[0])
    if way is None:
        return None
    return Breach(
        verdict=Verdict.REACHABLE if source.sure and destination.sure else Verdict.UNKNOWN,
        component=way.into.component,
        at=way.into.at,
        what=f"the rule {way.into.text}",
        source=source,
        destination=destination,
        traffic=outcome.both,
        path=None,
        rule=way.out,
        straight=True,
    )


def _breaches(
    answer: Answer, ends: tuple[End, End], blame: Blame, routes: dict[Location, Route]
) -> Iterator[Breach]:
    verdict = answer.verdict
    if verdict is Verdict.BLOCKED:
        return
    if not (ends[0].sure and ends[1].sure):
        verdict = Verdict.UNKNOWN
    best: list[Path | None] = [path for path in answer.paths if path.verdict is answer.verdict]
    for path in best or answer.paths or (None,):
        component, at, what = _blamed(path, blame, ends, routes)
        yield Breach(
            verdict=verdict,
            component=component,
            at=at,
            what=what,
            source=ends[0],
            destination=ends[1],
            traffic=answer.traffic,
            path=path,
            rule=_rule(_hop(path, "security-group", last=not ends[0].workloads)),
            unknowns=answer.unknowns,
        )


def _blamed(
    path: Path | None, blame: Blame, ends: tuple[End, End], routes: dict[Location, Route]
) -> tuple[str, Location, str]:
    """The component, place and words of what is blamed: the route, else a group's rule, else the workload."""
    hop = _hop(path, "route-table") if blame is Blame.ROUTE else None
    if hop is not None and hop.at is not None:
        route = routes.get(hop.at)
        link = route.target.link if route else None
        return hop.component, link.at if link else hop.at, f"the route {hop.rule}"
    inward = blame is Blame.ADMISSION or not ends[0].workloads
    hop = None if blame is Blame.SOURCE else _hop(path, "security-group", last=inward)
    if hop is not None and hop.at is not None:
        return hop.component, hop.at, f"the rule {hop.rule}"
    workload = (*ends[0].workloads, *ends[1].workloads)[0]
    return workload.id, workload.at, "the way that it has"


def _hop(path: Path | None, kind: str, *, last: bool = False) -> Hop | None:
    hops = [hop for hop in (path.hops if path else ()) if hop.kind == kind and hop.leg is Leg.REQUEST]
    if not hops:
        return None
    return hops[-1] if last else hops[0]


def _rule(hop: Hop | None) -> DecisiveRule | None:
    return DecisiveRule(component=hop.component, at=hop.at, text=hop.rule) if hop and hop.at else None


def _path(breach: Breach, evidence: Evidence) -> Path | None:
    """The path of a breach, followed where that was put off."""
    if not breach.straight:
        return breach.path
    answer = evidence.engine.can_reach(breach.source.text, breach.destination.text)
    return next((path for path in answer.paths if path.verdict is answer.verdict), None)


def _judged(breaches: list[Breach], evidence: Evidence) -> Judged:
    first = breaches[0]
    sources = named([breach.source for breach in breaches])
    destinations = named([breach.destination for breach in breaches])
    services = service_text(Traffic.union(breach.traffic.may for breach in breaches))
    unknown = first.verdict is Verdict.UNKNOWN
    can = "may be able to open" if unknown else "can open"
    message = f"{sources} {can} {services} to {destinations} by {first.what}."
    if first.verdict is Verdict.ONE_WAY:
        message = f"{sources} can send {services} to {destinations} by {first.what}; no reply comes back."
    reasons = dict.fromkeys(reason for breach in breaches for reason in breach.unknowns)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.component,
        at=first.at,
        fact=f"{first.what} {destinations if not first.destination.workloads else ''}".rstrip(),
        message=message,
        severity=Severity.MEDIUM if first.verdict is Verdict.ONE_WAY else None,
        proof=tuple(steps(_path(first, evidence))),
        related=tuple(dict.fromkeys(_related(breaches))),
        unknowns=tuple(reasons)[:_MOST_UNKNOWNS] if unknown else (),
    )


def _related(breaches: list[Breach]) -> Iterator[Related]:
    for breach in breaches:
        rule = breach.rule
        if rule is not None and rule.at != breach.at:
            yield Related(at=rule.at, text=f"{rule.component} lets it pass: {rule.text}")
    for breach in breaches:
        for workload in (*breach.source.workloads, *breach.destination.workloads)[:_MOST_NAMED]:
            if workload.at != breach.at:
                yield Related(at=workload.at, text=workload.id)
