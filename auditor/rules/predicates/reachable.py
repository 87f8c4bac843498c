"""One kind of workload, or the world outside, can open a connection to another, and what lets it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Route, Rule
from auditor.reach import Answer, Hop, Leg, Path, Verdict
from auditor.rules.admissions import Admissions
from auditor.rules.closures import within
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.leaving import into_networks
from auditor.rules.open_endpoints import through_endpoints
from auditor.rules.parties import End, named, opens_by_itself, selected
from auditor.rules.section import Section
from auditor.rules.selectors import SELECTOR_PATTERN, Outside, Selector, read_selector
from auditor.rules.words import service_text, steps
from auditor.traffic import EVERYTHING, Bounds, Traffic
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


class Blame(StrEnum):
    """What of a path the finding stands at; ``admission`` is the rule that lets it in at its end."""

    ROUTE = "route"
    RULE = "rule"
    SOURCE = "source"
    ADMISSION = "admission"


class Further(StrEnum):
    """Ways out beside those to the destination: into other networks, and by endpoints open to anybody."""

    NETWORKS = "networks"
    ENDPOINTS = "endpoints"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Who must not reach whom, where the finding stands when it does, and in how many connections.

    ``also`` are further ways out that the sources must not have.
    """

    source: Selector
    destination: Selector
    blame: Blame
    hops: int
    also: tuple[Further, ...] = ()


SCHEMA = {
    "type": "object",
    "properties": {
        "from": {"type": "string", "pattern": SELECTOR_PATTERN},
        "to": {"type": "string", "pattern": SELECTOR_PATTERN},
        "blame": {"enum": [each.value for each in Blame]},
        "hops": {"type": ["string", "integer"], "pattern": "^[1-9]$"},
        "also": {"type": ["array", "string"], "items": {"enum": [each.value for each in Further]}},
    },
    "required": ["from", "to"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``from`` and ``to`` are selectors; ``blame`` is route, rule, source or admission.

    With ``hops`` it is from the internet in at most so many connections, from host to host and by proxies.
    ``also`` are further ways out: networks, endpoints.
    """
    source, destination = read_selector(section, "from"), read_selector(section, "to")
    if isinstance(source, Outside) and isinstance(destination, Outside):
        section.refuse("to", "one of the two ends must be workloads of the network")
    blame = Blame(section.choice("blame", tuple(Blame), Blame.ROUTE))
    return Parameters(source, destination, blame, _hops(section, source), _also(section, source))


def _also(section: Section, source: Selector) -> tuple[Further, ...]:
    texts = section.texts("also", required=False)
    wrong = [text for text in texts if text not in tuple(Further)]
    if wrong:
        section.refuse("also", f"{wrong[0]!r} is no way out", f"one of {', '.join(Further)}")
    elif texts and isinstance(source, Outside):
        section.refuse("also", "ways out are those of workloads")
    return tuple(one for one in Further if one in texts)


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


@dataclass(frozen=True, slots=True)
class Known:
    """What of the input can be blamed: its routes by their places, and its groups with their rules."""

    routes: Mapping[Location, Route]
    groups: Collection[str]
    rules: Mapping[str, Sequence[Rule]]

    def opened(self, group: str, at: Location) -> Traffic:
        """The services of the rule of a group that stands at a place."""
        here = [one for one in self.rules.get(group, ()) if at in {one.at, *(peer.at for peer in one.peers)}]
        return Traffic.union(one.service.may for one in here)


@dataclass(frozen=True, slots=True)
class Blamed:
    """What a finding stands at; ``written`` is a route or a rule of the input, not something outside it.

    ``opens`` are the services that it lets pass.
    """

    component: str
    at: Location
    what: str
    written: bool = True
    opens: Traffic = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A path between two ends, the place that is blamed for it, and the answer that it is part of."""

    verdict: Verdict
    written: bool
    opens: Traffic
    component: str
    at: Location
    what: str
    source: End
    destination: End
    traffic: Bounds[Traffic]
    path: Path | None
    unknowns: tuple[Reason, ...]


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each blamed place, with all the workloads whose paths lead over it."""
    if parameters.hops:
        yield from within(parameters.destination, parameters.hops, evidence)
        return
    engine = evidence.engine
    index = engine.index
    known = Known({route.at: route for route in engine.inventory.routes}, index.groups, index.rules)
    found: dict[tuple[Verdict, str, Location], list[Breach]] = {}
    for source, destination in _pairs(parameters, evidence):
        answer = engine.can_reach(source.text, destination.text)
        for breach in _breaches(answer, (source, destination), parameters.blame, known):
            key = (breach.verdict, breach.component, breach.at)
            found.setdefault(key, []).append(breach)
    for breaches in found.values():
        yield _judged(breaches)
    sources = [one for one in selected(parameters.source, evidence) if _opens(one)] if parameters.also else []
    if Further.NETWORKS in parameters.also:
        yield from into_networks(sources, evidence)
    if Further.ENDPOINTS in parameters.also:
        yield from through_endpoints(sources, evidence)


def _opens(end: End) -> bool:
    return bool(end.workloads) and opens_by_itself(end.workloads[0])


def _pairs(parameters: Parameters, evidence: Evidence) -> Iterator[tuple[End, End]]:
    """The ends between which something may pass; of workloads those that open connections by themselves."""
    sources = [
        one
        for one in selected(parameters.source, evidence)
        if not one.workloads or opens_by_itself(one.workloads[0])
    ]
    admissions = Admissions(evidence)
    for destination in selected(parameters.destination, evidence):
        if not (sources and sources[0].workloads and destination.workloads):
            yield from ((source, destination) for source in sources)
            continue
        near = [one for one in sources if _may_meet(one, destination, evidence)]
        if parameters.blame is Blame.ADMISSION:
            yield from ((source, destination) for source in admissions.pairs(near, destination))
        else:
            yield from ((source, destination) for source in near)


def _may_meet(source: End, destination: End, evidence: Evidence) -> bool:
    """Whether two ends are others, and anything joins their VPCs."""
    vpc_of = evidence.engine.carriers.vpc
    one, other = source.workloads[0], destination.workloads[0]
    return one.id != other.id and evidence.engine.joined.together(vpc_of(one), vpc_of(other))


def _breaches(answer: Answer, ends: tuple[End, End], blame: Blame, known: Known) -> Iterator[Breach]:
    verdict = answer.verdict
    if verdict is Verdict.BLOCKED:
        return
    if not (ends[0].sure and ends[1].sure):
        verdict = Verdict.UNKNOWN
    best: list[Path | None] = [path for path in answer.paths if path.verdict is answer.verdict]
    for path in best or answer.paths or (None,):
        blamed = _blamed(path, blame, ends, known)
        yield Breach(
            verdict=verdict,
            written=blamed.written,
            opens=blamed.opens,
            component=blamed.component,
            at=blamed.at,
            what=blamed.what,
            source=ends[0],
            destination=ends[1],
            traffic=answer.traffic,
            path=path,
            unknowns=answer.unknowns,
        )


def _blamed(path: Path | None, blame: Blame, ends: tuple[End, End], known: Known) -> Blamed:
    """What is blamed: the route, else a group's rule, else the workload, by what lies outside the input."""
    hop = _hop(path, "route-table") if blame is Blame.ROUTE else None
    if hop is not None and hop.at is not None:
        route = known.routes.get(hop.at)
        link = route.target.link if route else None
        return Blamed(hop.component, link.at if link else hop.at, f"the route {hop.rule}")
    inward = blame is Blame.ADMISSION or not ends[0].workloads
    hop = None if blame is Blame.SOURCE else _hop(path, "security-group", last=inward)
    if hop is not None and hop.at is not None and hop.component in known.groups:
        opened = known.opened(hop.component, hop.at)
        return Blamed(hop.component, hop.at, f"the rule {hop.rule}", opens=opened)
    workload = (*ends[0].workloads, *ends[1].workloads)[0]
    return Blamed(workload.id, workload.at, hop.rule if hop else "the way that it has", hop is None)


def _hop(path: Path | None, kind: str, *, last: bool = False) -> Hop | None:
    hops = [hop for hop in (path.hops if path else ()) if hop.kind == kind and hop.leg is Leg.REQUEST]
    if not hops:
        return None
    return hops[-1] if last else hops[0]


def _judged(breaches: list[Breach]) -> Judged:
    first = breaches[0]
    sources = named([breach.source for breach in breaches])
    destinations = named([breach.destination for breach in breaches])
    traffic = Traffic.union(breach.traffic.may for breach in breaches)
    services = service_text(traffic)
    by = first.what if traffic.services() <= first.opens else f"{first.what} and other rules of its group"
    unknown = first.verdict is Verdict.UNKNOWN
    can = "may be able to open" if unknown else "can open"
    message = f"{sources} {can} {services} to {destinations} by {by}."
    if first.verdict is Verdict.ONE_WAY:
        message = f"{sources} can send {services} to {destinations} by {by}; no reply comes back."
    reasons = dict.fromkeys(reason for breach in breaches for reason in breach.unknowns)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.component,
        at=first.at,
        fact=f"{first.what} {destinations if not first.destination.workloads else ''}".rstrip(),
        message=message,
        severity=_severity(first),
        proof=tuple(steps(first.path)),
        related=tuple(dict.fromkeys(_related(breaches))),
        unknowns=tuple(reasons)[:_MOST_UNKNOWNS] if unknown else (),
    )


def _severity(breach: Breach) -> Severity | None:
    """The rule's own, but for what gets no reply, and for what nothing in the input says."""
    if breach.verdict is Verdict.ONE_WAY:
        return Severity.MEDIUM
    return None if breach.written or breach.verdict is not Verdict.UNKNOWN else Severity.LOW


def _related(breaches: list[Breach]) -> Iterator[Related]:
    for breach in breaches:
        rule = _hop(breach.path, "security-group", last=not breach.source.workloads)
        if rule is not None and rule.at is not None and rule.at != breach.at:
            yield Related(at=rule.at, text=f"{rule.component} lets it pass: {rule.rule}")
    for breach in breaches:
        for workload in (*breach.source.workloads, *breach.destination.workloads)[:_MOST_NAMED]:
            if workload.at != breach.at:
                yield Related(at=workload.at, text=workload.id)
