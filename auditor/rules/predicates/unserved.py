"""A workload that cannot get what it needs: services of AWS, the internet, a passing health check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Calls, Direction, Fact, Family, TargetKind, Truth, Workload
from auditor.reach import Answer, Verdict
from auditor.reach.index import place
from auditor.reach.tables import Table
from auditor.rules.checked import Check, checks, passes
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.rules.ways_out import leads_out
from auditor.rules.words import listed, service_text, some
from auditor.traffic import IPV4, PUBLIC, TCP, Traffic, service
from auditor.tree import Location, Presence, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_HTTPS = service(TCP, 443, 443)
_GATE = frozenset({TargetKind.INTERNET_GATEWAY})
_BAD = frozenset({Verdict.BLOCKED, Verdict.ONE_WAY})


class Need(StrEnum):
    """What a workload needs."""

    SERVICES = "services"
    INTERNET = "internet"
    HEALTH_CHECK = "health-check"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is needed, and by what kinds of workloads where not by all."""

    need: Need
    kinds: tuple[str, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "need": {"enum": ["services", "internet", "health-check"]},
        "kinds": {"type": ["array", "string"], "items": {"type": "string"}},
    },
    "required": ["need"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``need``: services, internet or health-check; ``kinds`` are the kinds of workloads that are asked."""
    need = Need(section.choice("need", tuple(Need)))
    return Parameters(need, section.texts("kinds", required=False))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each workload, or for each target group of a balancer."""
    if parameters.need is Need.HEALTH_CHECK:
        yield from _unchecked(evidence)
        return
    asked: dict[object, Answer] = {}
    for workload in evidence.workloads:
        if parameters.kinds and workload.kind not in parameters.kinds:
            continue
        if parameters.need is Need.SERVICES:
            yield from _without_services(workload, evidence, asked)
        else:
            yield from _behind_a_gate(workload, evidence)


# -- services that it must call ---------------------------------------------------------------------------


def _without_services(
    workload: Workload, evidence: Evidence, asked: dict[object, Answer]
) -> Iterator[Judged]:
    calls = evidence.engine.carriers.calls(workload)
    if not calls:
        return
    world = _ask(workload, "internet", evidence, asked)
    if world.verdict is Verdict.REACHABLE:
        return
    wanted = dict.fromkeys(name for each in calls for name in each.services)
    answers = {name: _ask(workload, f"service:{name}", evidence, asked) for name in wanted}
    needed = {name for each in calls if not each.open for name in each.services}
    failing = {name: answer for name, answer in answers.items() if answer.verdict is not Verdict.REACHABLE}
    shown = (
        {name: answer for name, answer in failing.items() if name in needed and answer.verdict in _BAD}
        or {name: answer for name, answer in failing.items() if name in needed}
        or failing
    )
    if shown:
        lacking = [each for each in calls if any(name in each.services for name in shown)]
        yield _lacks(workload, [each for each in lacking if not each.open] or lacking, world, shown)


def _lacks(
    workload: Workload, calls: Sequence[Calls], world: Answer, answers: Mapping[str, Answer]
) -> Judged:
    """What a workload lacks, or may lack: no way to services, and none to the internet."""
    cut_off = {world.verdict, *(answer.verdict for answer in answers.values())} <= _BAD
    needed = not any(each.open for each in calls)
    there = workload.presence is Presence.CERTAIN
    sure = cut_off and needed and there
    reasons = [] if there else [Reason(f"whether there is {workload.id}", workload.at)]
    reasons += [reason for each in calls for reason in each.open]
    reasons += [reason for answer in (world, *answers.values()) for reason in answer.unknowns]
    names = listed(answers)
    ends = f"no way to the internet, and no endpoint{'s' * (len(answers) > 1)}"
    if not needed:
        ends = f"whether it calls {'them' if len(answers) > 1 else 'it'} is not known"
    elif not cut_off:
        ends = "whether it gets to the internet or to endpoints is not known"
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=workload.id,
        at=workload.at,
        fact=f"no way to {names}",
        message=f"{workload.id} {'has' if cut_off and there else 'may have'} no way to {names}, "
        f"without which {listed(each.without for each in calls)}: {ends}.",
        severity=None if sure and any(each.vital for each in calls) else Severity.LOW,
        fix=f"Add VPC endpoints for {names} that the workload may reach on 443, or a route to a NAT gateway.",
        proof=_stops(world, next(iter(answers.values()))),
        unknowns=() if sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )


def _ask(workload: Workload, end: str, evidence: Evidence, asked: dict[object, Answer]) -> Answer:
    key = (evidence.engine.spots.of_workload(workload), end)
    if key not in asked:
        asked[key] = evidence.engine.can_reach(workload.id, end, _HTTPS)
    return asked[key]


def _stops(*answers: Answer) -> tuple[str, ...]:
    """What blocks, answer by answer."""
    return tuple(
        dict.fromkeys(
            f"to {answer.destination}: {stop.text}{f' ({stop.at})' if stop.at else ''}"
            for answer in answers
            for stop in answer.blockers
        )
    )


# -- a route to an internet gateway, and never a public address --------------------------------------------


def _behind_a_gate(workload: Workload, evidence: Evidence) -> Iterator[Judged]:
    """A workload that opens connections from an interface which can have no public address.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
    """
    public = evidence.engine.carriers.public(workload)
    if public is None or public.truth is not Truth.NO or not workload.initiates:
        return
    gates = _gates(workload, evidence)
    wanted = _opens_to_the_world(workload, evidence)
    if wanted is not Truth.NO and gates:
        yield _dropped(workload, gates, wanted)


def _dropped(workload: Workload, gates: tuple[Gate, ...], wanted: Truth) -> Judged:
    sure = [gate for gate in gates if gate.sure]
    unknown = not sure or wanted is Truth.UNKNOWN
    reasons = [reason for gate in gates if not gate.sure for reason in gate.reasons]
    reasons.append(Reason(f"whether the groups of {workload.id} let it out", workload.at))
    shown = tuple(dict.fromkeys((gate.table.component, gate.fact.at) for gate in sure or gates))
    names = listed(dict.fromkeys(name for name, _ in shown))
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=workload.id,
        at=workload.at,
        fact=f"no public address behind {names}",
        message=f"{workload.id} has no public address, and {names} {'may lead' if unknown else 'leads'} it "
        "to an internet gateway, which drops what comes from such: it does not reach the internet.",
        severity=Severity.LOW if unknown else None,
        fix=f"Put {workload.id} into private subnets, which route 0.0.0.0/0 to a NAT gateway, or reach "
        "services of AWS by VPC endpoints.",
        proof=tuple(f"{name}: a route to an internet gateway ({at})" for name, at in shown if sure),
        related=tuple(Related(at=at, text="leads to an internet gateway") for _, at in shown if sure and at),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS] if unknown else (),
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """A table that leads, or may lead, one interface of a workload to an internet gateway."""

    table: Table
    fact: Fact
    sure: bool
    reasons: tuple[Reason, ...]


def _gates(workload: Workload, evidence: Evidence) -> tuple[Gate, ...]:
    found: list[Gate] = []
    for spot in evidence.engine.spots.of_workload(workload).spots:
        if spot.family is not Family.IPV4:
            continue
        tables = evidence.engine.borders.tables.in_effect(spot.subnet, spot.vpc)
        facts = [leads_out(table, _GATE) for table in tables]
        sure = spot.certain and all(fact.truth is Truth.YES for fact in facts)
        why = Reason(f"the routes of {place(spot.subnet, spot.vpc)}", workload.at)
        for table, fact in zip(tables, facts, strict=True):
            if fact.truth is not Truth.NO:
                found.append(Gate(table, fact, sure, (*fact.reasons, *spot.reasons) or (why,)))
    return tuple(found)


def _opens_to_the_world(workload: Workload, evidence: Evidence) -> Truth:
    """Whether the groups of a workload let anything out to public addresses."""
    world = Traffic.of(destinations=PUBLIC & IPV4)
    answers = set()
    for spot in evidence.engine.spots.of_workload(workload).spots:
        point = evidence.engine.borders.group_point(spot, Direction.EGRESS, None)
        if point is None or point.passes.must & world:
            answers.add(Truth.YES)
        elif point.passes.may & world:
            answers.add(Truth.UNKNOWN)
    return next((truth for truth in (Truth.YES, Truth.UNKNOWN) if truth in answers), Truth.NO)


# -- health checks ------------------------------------------------------------------------------------------


def _unchecked(evidence: Evidence) -> Iterator[Judged]:
    asked: dict[object, Answer] = {}
    found: dict[tuple[str, str, Verdict, Location], list[tuple[Check, Answer]]] = {}
    for check in checks(evidence.engine):
        spots = evidence.engine.spots
        workloads = evidence.engine.carriers.workloads
        ends = (spots.of_workload(workloads[check.balancer]), spots.of_workload(workloads[check.target]))
        key = (*ends, check.health)
        if key not in asked:
            asked[key] = evidence.engine.can_reach(check.balancer, check.target, check.health)
        answer = asked[key]
        if not passes(check, answer, evidence.engine):
            at = _mended_at(answer, check)
            found.setdefault((check.balancer, check.group.id, answer.verdict, at), []).append((check, answer))
    for (*_, at), same in found.items():
        yield _check_fails([check for check, _ in same], same[0][1], at)


def _mended_at(answer: Answer, check: Check) -> Location:
    return next((stop.at for stop in (*answer.changes, *answer.blockers) if stop.at), check.group.at)


def _check_fails(same: list[Check], answer: Answer, at: Location) -> Judged:
    check = same[0]
    unknown = answer.verdict not in _BAD or not check.sure
    names = tuple(dict.fromkeys(each.target for each in same))
    targets = some(names, _MOST_NAMED)
    service_ = service_text(check.health)
    what = "the port of the check" if check.port_open else service_
    can = "may not pass" if unknown else "cannot pass"
    back = " (no reply comes back)" if answer.verdict is Verdict.ONE_WAY else ""
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=check.group.id,
        at=at,
        fact=f"{service_} from {check.balancer} to {listed(sorted(names))}",
        message=f"The health check of {check.group.id} {can}: {check.balancer} does not reach {targets} "
        f"on {service_}{back}."
        if not unknown
        else f"The health check of {check.group.id} {can}: whether {check.balancer} reaches {targets} on "
        f"{what} is not known.",
        severity=Severity.LOW if unknown else None,
        fix=f"Let {what} from {check.balancer} to {targets} pass, and its replies back.",
        proof=_stops(answer),
        related=tuple(
            Related(at=place, text=text)
            for place, text in ((check.group.at, check.group.id), (check.at, f"listener of {check.balancer}"))
            if place != at
        ),
        unknowns=(*check.port_open, *(answer.unknowns or check.reasons))[:_MOST_UNKNOWNS] if unknown else (),
    )
