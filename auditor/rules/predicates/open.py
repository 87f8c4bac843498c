"""A group lets in the world: by one rule or several together, and what that does to its members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, Truth, Workload
from auditor.reach import Answer, Leg, Verdict
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.openings import Width, World, openings, worlds
from auditor.rules.section import Section
from auditor.rules.selectors import Selector, parse_selector, selects
from auditor.rules.words import listed, service_text
from auditor.traffic import EVERYTHING, Traffic, parse_traffic
from auditor.tree import Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class Exemption:
    """Workloads that may be open to the world, on some services."""

    selector: Selector
    service: Traffic


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much of the address space is the world, and what may be open to it."""

    width: Width
    exemptions: tuple[Exemption, ...]


PREFIX = {"type": ["string", "integer"], "pattern": "^/?[0-9]{1,3}$"}

SCHEMA = {
    "type": "object",
    "properties": {
        "world": {
            "type": "object",
            "properties": {"ipv4": PREFIX, "ipv6": PREFIX},
            "required": ["ipv4", "ipv6"],
            "additionalProperties": False,
        },
        "except": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["world"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``world``: the shortest prefixes, for ``ipv4`` and ``ipv6``; ``except``: ``SELECTOR [on TRAFFIC]``."""
    prefixes = section.section("world")
    ipv4, ipv6 = 2, 4
    if prefixes is not None:
        ipv4, ipv6 = _prefix(prefixes, "ipv4", 32), _prefix(prefixes, "ipv6", 128)
        prefixes.finish()
    exemptions = tuple(
        found
        for text in section.texts("except", required=False)
        if (found := _exemption(section, text)) is not None
    )
    return Parameters(Width(1 << 32 - ipv4, 1 << 128 - ipv6), exemptions)


def _prefix(section: Section, key: str, bits: int) -> int:
    text = section.text(key).removeprefix("/")
    if text.isdecimal() and int(text) <= bits:
        return int(text)
    if text:
        section.refuse(key, f"expected a prefix length from /0 to /{bits}")
    return 0


def _exemption(section: Section, text: str) -> Exemption | None:
    selector, on, service = text.partition(" on ")
    try:
        return Exemption(parse_selector(selector.strip()), parse_traffic(service) if on else EVERYTHING)
    except ValueError as error:
        section.refuse("except", str(error), "write it as exposure:addressed on tcp/80,tcp/443")
        return None


class Arrival(IntEnum):
    """Whether the internet arrives at a member, the worst last."""

    NO = 0
    PERHAPS = 1
    REQUESTS = 2
    YES = 3


_ARRIVALS = {
    Verdict.BLOCKED: Arrival.NO,
    Verdict.UNKNOWN: Arrival.PERHAPS,
    Verdict.ONE_WAY: Arrival.REQUESTS,
    Verdict.REACHABLE: Arrival.YES,
}
_SEVERITIES = {
    Arrival.NO: Severity.LOW,
    Arrival.PERHAPS: Severity.HIGH,
    Arrival.REQUESTS: Severity.HIGH,
    Arrival.YES: Severity.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A workload that carries the group; ``sure`` where it certainly does and is certainly not exempt."""

    workload: Workload
    sure: bool
    arrival: Arrival
    answer: Answer


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule, or rules together, by which a group is open to the world."""
    index = evidence.engine.index
    asked: dict[object, Answer] = {}
    for group, rules in index.rules.items():
        chosen = [one for one in rules if one.direction is Direction.INGRESS and not one.implicit]
        for world in worlds(tuple(openings(chosen, index)), parameters.width):
            carriers = tuple(_carriers(group, evidence))
            members = tuple(_members(carriers, world, parameters, evidence, asked))
            if members or not carriers:
                yield _judged(group, world, members, evidence)


def _carriers(group: str, evidence: Evidence) -> Iterator[tuple[Workload, bool]]:
    """The workloads that carry a group, each with whether it certainly does; else those that may."""
    carriers, index = evidence.engine.carriers, evidence.engine.index
    found = False
    for workload in carriers.members.get(group, ()):
        links = carriers.groups(workload).items
        sure = any(link.certain and index.canonical(link.id) == group for link in links)
        found = found or sure
        yield workload, sure
    if found:
        return
    known = index.groups.get(group)
    vpc = index.canonical(known.vpc.id) if known else None
    for workload in carriers.undecided:
        if index.same_vpc(vpc, carriers.vpc(workload)) is not Truth.NO:
            yield workload, False


def _members(
    carriers: Iterable[tuple[Workload, bool]],
    world: World,
    parameters: Parameters,
    evidence: Evidence,
    asked: dict[object, Answer],
) -> Iterator[Member]:
    for workload, carries in carriers:
        exempt = _exempt(workload, world.service, parameters, evidence)
        if exempt is Truth.YES:
            continue
        key = (evidence.engine.spots.of_workload(workload), workload.listens, world.service)
        if key not in asked:
            asked[key] = evidence.engine.can_reach("internet", workload.id, world.service)
        answer = asked[key]
        sure = carries and exempt is Truth.NO
        arrival = _ARRIVALS[answer.verdict]
        yield Member(workload, sure, arrival if sure else min(arrival, Arrival.PERHAPS), answer)


def _exempt(workload: Workload, service: Traffic, parameters: Parameters, evidence: Evidence) -> Truth:
    truths = {
        selects(one.selector, workload, evidence) for one in parameters.exemptions if service <= one.service
    }
    return next((truth for truth in (Truth.YES, Truth.UNKNOWN) if truth in truths), Truth.NO)


def _judged(group: str, world: World, members: tuple[Member, ...], evidence: Evidence) -> Judged:
    arrival = max((member.arrival for member in members), default=Arrival.NO)
    worst = [member for member in members if member.arrival is arrival]
    undetermined = arrival is Arrival.PERHAPS or not world.sure
    severity = _SEVERITIES[min(arrival, Arrival.REQUESTS) if undetermined else arrival]
    first, *others = world.openings
    ranges = listed(dict.fromkeys(one.text for one in world.openings))
    services = service_text(world.service)
    known = evidence.group_name(group)
    may = "" if world.sure else "may be "
    message = f"{known} {may or 'is '}open to {ranges} on {services}" + (
        f"; {_consequence(arrival, worst)}" if members else "; it has no member in the input."
    )
    return Judged(
        judgement=Judgement.UNDETERMINED if undetermined else Judgement.VIOLATED,
        component=group,
        at=first.at,
        fact=f"{services} from {ranges}",
        message=message,
        severity=severity,
        proof=tuple(_proof(worst[0].answer)) if worst else (),
        related=tuple(Related(at=one.at, text=f"{one.text}, too") for one in others if one.at != first.at)
        + tuple(Related(at=one.workload.at, text=one.workload.id) for one in worst[:_MOST_NAMED]),
        unknowns=_unknowns(world, worst) if undetermined else (),
    )


def _consequence(arrival: Arrival, members: list[Member]) -> str:
    names = [member.workload.id for member in members]
    more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    text = listed([*names[:_MOST_NAMED], *more])
    match arrival:
        case Arrival.YES:
            return f"the internet reaches {text}."
        case Arrival.REQUESTS:
            return f"packets from the internet arrive at {text}; the replies do not get back."
        case Arrival.PERHAPS:
            return f"whether the internet reaches {text} is not known."
        case Arrival.NO:
            return f"nothing brings the internet to {text} today."


def _proof(answer: Answer) -> Iterator[str]:
    if answer.verdict is Verdict.BLOCKED:
        yield from (blocker.text for blocker in answer.blockers)
        return
    for hop in answer.paths[0].hops if answer.paths else ():
        if hop.leg is Leg.REQUEST:
            place = f" ({hop.at})" if hop.at else ""
            yield f"{hop.component} {hop.decision}{f': {hop.rule}' if hop.rule else ''}{place}"


def _unknowns(world: World, members: Iterable[Member]) -> tuple[Reason, ...]:
    found = [reason for one in world.openings for reason in one.reasons] if not world.sure else []
    found += [reason for member in members for reason in member.answer.unknowns]
    found += [
        Reason(
            f"whether {member.workload.id} carries the group and is not meant for the public",
            member.workload.at,
        )
        for member in members
        if not member.sure
    ]
    return tuple(dict.fromkeys(found))[:_MOST_UNKNOWNS]
