"""One kind of workload, or the world outside, can open a connection to another, and what lets it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.reach import Answer, Hop, Path, Verdict
from auditor.reach.verdict import DecisiveRule
from auditor.reach.walk import Outcome
from auditor.rules.admissions import Admissions
from auditor.rules.blaming import Blame, Known, blamed, hop_of
from auditor.rules.closures import within
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.leaving import into_networks
from auditor.rules.open_endpoints import through_endpoints
from auditor.rules.parties import End, Meeting, named, of_one_sort, opens_by_itself, selected
from auditor.rules.section import Section
from auditor.rules.selectors import SELECTOR_PATTERN, Outside, Selector, read_selector
from auditor.rules.words import listed, service_text, steps
from auditor.traffic import Bounds, Traffic
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A path between two ends, the place that is blamed for it, and the answer that it is part of.

    ``rule`` is the group's rule that lets it pass, ``cause`` what one text makes several places of. The
    ``path`` of a straight way is not followed yet.
    """

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
    rule: DecisiveRule | None
    straight: bool = False
    unknowns: tuple[Reason, ...] = ()
    cause: str = ""


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each blamed place, with all the workloads whose paths lead over it.

    The routes that a loop makes are one place.
    """
    if parameters.hops:
        yield from within(parameters.destination, parameters.hops, evidence)
        return
    engine = evidence.engine
    index = engine.index
    known = Known({route.at: route for route in engine.inventory.routes}, index.groups, index.rules)
    found: dict[tuple[Verdict, str, Location], list[Breach]] = {}
    for source, destination, outcome in _pairs(parameters, evidence):
        straight = _straight((source, destination), outcome, known, evidence) if outcome else None
        if straight is not None:
            found.setdefault((straight.verdict, straight.component, straight.at), []).append(straight)
            continue
        answer = evidence.engine.can_reach(source.text, destination.text, every=True)
        for breach in _breaches(answer, (source, destination), parameters.blame, known):
            key = (breach.verdict, breach.cause or breach.component, breach.at)
            found.setdefault(key, []).append(breach)
    for breaches in found.values():
        yield _judged(sorted(breaches, key=lambda each: each.component), evidence)
    sources = [one for one in selected(parameters.source, evidence) if _opens(one)] if parameters.also else []
    if Further.NETWORKS in parameters.also:
        yield from into_networks(sources, evidence)
    if Further.ENDPOINTS in parameters.also:
        yield from through_endpoints(sources, evidence)


def _opens(end: End) -> bool:
    return bool(end.workloads) and opens_by_itself(end.workloads[0])


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
        near = [
            one
            for one in meeting.near(sources, destination)
            if not of_one_sort((one, destination), (parameters.source, parameters.destination), evidence)
        ]
        if parameters.blame is Blame.ADMISSION:
            for source, outcome in admissions.pairs(near, destination):
                yield source, destination, outcome
        else:
            yield from ((source, destination, None) for source in near)


def _straight(ends: tuple[End, End], outcome: Outcome, known: Known, evidence: Evidence) -> Breach | None:
    """The breach by a straight way, told without following packets; None where it takes more."""
    engine = evidence.engine
    source, destination = ends
    spots, peers = (engine.spots.of_workload(end.workloads[0]).spots for end in ends)
    if outcome.verdict is not Verdict.REACHABLE or len(spots) != 1 or len(peers) != 1:
        return None
    way = engine.straight.between(spots[0], peers[0])
    if way is None:
        return None
    return Breach(
        verdict=Verdict.REACHABLE if source.sure and destination.sure else Verdict.UNKNOWN,
        written=True,
        opens=known.opened(way.into.component, way.into.at),
        component=way.into.component,
        at=way.into.at,
        what=f"the rule {way.into.text}",
        source=source,
        destination=destination,
        traffic=outcome.both,
        path=None,
        rule=way.out,
        straight=True,
        unknowns=(*source.reasons, *destination.reasons),
    )


def _breaches(answer: Answer, ends: tuple[End, End], blame: Blame, known: Known) -> Iterator[Breach]:
    verdict = answer.verdict
    if verdict is Verdict.BLOCKED:
        return
    if not (ends[0].sure and ends[1].sure):
        verdict = Verdict.UNKNOWN
    best: list[Path | None] = [path for path in answer.paths if path.verdict is answer.verdict]
    for path in best or answer.paths or (None,):
        place = blamed(path, blame, ends, known)
        yield Breach(
            verdict=verdict,
            written=place.written,
            opens=place.opens,
            component=place.component,
            at=place.at,
            what=place.what,
            source=ends[0],
            destination=ends[1],
            traffic=answer.traffic,
            path=path,
            rule=_rule(hop_of(path, "security-group", last=not ends[0].workloads)),
            cause=place.cause,
            unknowns=(*ends[0].reasons, *ends[1].reasons, *answer.unknowns),
        )


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
    traffic = Traffic.union(breach.traffic.may for breach in breaches)
    services = service_text(traffic)
    what = _whats(breaches)
    by = what if traffic.services() <= first.opens else f"{what} and other rules of its group"
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
        fact=f"{what} {destinations if not first.destination.workloads else ''}".rstrip(),
        message=message,
        severity=_severity(first),
        proof=tuple(steps(_path(first, evidence))),
        related=tuple(dict.fromkeys(_related(breaches))),
        unknowns=tuple(reasons)[:_MOST_UNKNOWNS] if unknown else (),
    )


def _whats(breaches: list[Breach]) -> str:
    """What lets it pass, in words; where one text makes several routes, all targets of each range."""
    targets: dict[str, list[str]] = {}
    for what in sorted({breach.what for breach in breaches}):
        range_, to, target = what.rpartition(" to ")
        targets.setdefault(range_ + to, []).append(target)
    return listed(f"{start}{listed(ends)}" for start, ends in targets.items())


def _severity(breach: Breach) -> Severity | None:
    """The rule's own, but for what gets no reply, and for what nothing in the input says."""
    if breach.verdict is Verdict.ONE_WAY:
        return Severity.MEDIUM
    return None if breach.written or breach.verdict is not Verdict.UNKNOWN else Severity.LOW


def _related(breaches: list[Breach]) -> Iterator[Related]:
    for breach in breaches:
        rule = breach.rule
        if rule is not None and rule.at != breach.at:
            yield Related(at=rule.at, text=f"{rule.component} lets it pass: {rule.text}")
    for breach in breaches:
        for workload in (*breach.source.workloads, *breach.destination.workloads)[:_MOST_NAMED]:
            if workload.at != breach.at:
                yield Related(at=workload.at, text=workload.id)
