"""A group lets in the world: by one rule or several together, and what that does to its members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Truth, Workload
from auditor.reach import Answer
from auditor.rules.arrivals import MOST_NAMED, SEVERITIES, Arrival, Arrivals, consequence, few, named, proof
from auditor.rules.concerns import (
    EXEMPTIONS,
    SERVICES,
    Concern,
    Exemption,
    exempt,
    read_concern,
    read_exemptions,
)
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.one_family import only_ipv6
from auditor.rules.openings import Width, World
from auditor.rules.section import Section
from auditor.rules.selectors import ByExposure, Exposure
from auditor.rules.words import listed, service_text
from auditor.traffic import ICMP, ICMPV6, IPV6, IntSet, Traffic, traffic_text
from auditor.tree import Reason

_MESSAGES = Traffic.of(protocols=IntSet.of((ICMP, ICMP), (ICMPV6, ICMPV6)))


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much of the address space is the world, what the rule is about, and what may be open to it."""

    width: Width
    concern: Concern
    exemptions: tuple[Exemption, ...]
    only_ipv6: bool


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
        "services": SERVICES,
        "to": EXEMPTIONS,
        "by": {"enum": ["any", "ipv6-only"]},
        "except": EXEMPTIONS,
    },
    "required": ["world"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``world``: the shortest prefixes, for ``ipv4`` and ``ipv6``; ``except``: ``SELECTOR [on TRAFFIC]``.

    ``services`` and ``to`` narrow the rule to some services or some workloads. ``by: ipv6-only`` narrows it
    to what rules open to the world by IPv6 and to fewer by IPv4.
    """
    prefixes = section.section("world")
    ipv4, ipv6 = 2, 4
    if prefixes is not None:
        ipv4, ipv6 = _prefix(prefixes, "ipv4", 32), _prefix(prefixes, "ipv6", 128)
        prefixes.finish()
    return Parameters(
        Width(1 << 32 - ipv4, 1 << 128 - ipv6),
        read_concern(section),
        read_exemptions(section),
        section.choice("by", ("any", "ipv6-only"), "any") == "ipv6-only",
    )


def _prefix(section: Section, key: str, bits: int) -> int:
    text = section.text(key).removeprefix("/")
    if text.isdecimal() and int(text) <= bits:
        return int(text)
    if text:
        section.refuse(key, f"expected a prefix length from /0 to /{bits}")
    return 0


@dataclass(frozen=True, slots=True)
class Member:
    """A workload that carries the group; ``sure`` where it certainly does and is certainly not exempt.

    ``spared`` where it may be exempt; ``doubts`` say why it may be, or may not be what the rule is about.
    """

    workload: Workload
    sure: bool
    spared: bool
    arrival: Arrival
    answer: Answer
    doubts: tuple[Reason, ...] = ()


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule, or rules together, by which a group is open to the world."""
    arrivals, width = Arrivals(evidence, parameters.width), parameters.width
    for one in evidence.opens.of(width):
        found = only_ipv6(one.worlds, one.given, width) if parameters.only_ipv6 else one.worlds
        for world in found:
            carriers = tuple(_carriers(one.group, evidence))
            members = tuple(_members(carriers, world, parameters, arrivals))
            if members or (not carriers and parameters.concern.part(world.service)):
                yield _judged(one.group, world, members, parameters.concern, evidence)


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
    carriers: Iterable[tuple[Workload, bool]], world: World, parameters: Parameters, arrivals: Arrivals
) -> Iterator[Member]:
    evidence = arrivals.evidence
    for workload, carries in carriers:
        part, concerns = parameters.concern.of(workload, world.service, evidence)
        spared = exempt(parameters.exemptions, workload, world.service, evidence)
        if not part or spared.truth is Truth.YES:
            continue
        arrival, answer = arrivals.of(workload, part & Traffic.of(sources=world.addresses))
        sure = carries and spared.truth is Truth.NO and concerns.truth is Truth.YES
        if spared.truth is Truth.UNKNOWN and _only_if_addressed(parameters, world):
            arrival = Arrival.NO
        elif not sure and arrival is not Arrival.NO:
            arrival = Arrival.PERHAPS
        doubts = (*spared.reasons, *concerns.reasons)
        yield Member(workload, sure, spared.truth is Truth.UNKNOWN, arrival, answer, doubts)


def _only_if_addressed(parameters: Parameters, world: World) -> bool:
    """Whether what is not exempt has no public address, so that the internet does not arrive there."""
    chosen = [one.selector for one in parameters.exemptions if world.service <= one.service]
    return ByExposure(Exposure.ADDRESSED) in chosen and not world.addresses & IPV6


def _judged(
    group: str, world: World, members: tuple[Member, ...], concern: Concern, evidence: Evidence
) -> Judged:
    arrival = max((member.arrival for member in members), default=Arrival.NO)
    worst = [member for member in members if member.arrival is arrival]
    concerned = concern.part(world.service) or any(member.sure for member in members)
    spared = bool(members) and all(member.spared for member in members)
    undetermined = arrival is Arrival.PERHAPS or not world.sure or not concerned or spared
    first, *others = world.openings
    ranges, services = tuple(dict.fromkeys(one.text for one in world.openings)), service_text(world.service)
    known = concern.names(world.service)
    what = f"{services} ({named(known)})" if known else services
    ids = [member.workload.id for member in worst]
    told = consequence(arrival, ids) if members else "it has no member in the input"
    if spared and arrival is Arrival.NO:
        told = f"whether {named(ids)} {'is' if len(ids) == 1 else 'are'} meant for the public is not known"
    open_to = f"{'is' if world.sure else 'may be'} open to {named(ranges)} on {what}{world.beside}"
    return Judged(
        judgement=Judgement.UNDETERMINED if undetermined else Judgement.VIOLATED,
        component=group,
        at=first.at,
        fact=f"{', '.join(traffic_text(world.service))} from {listed(ranges)}",
        message=f"{evidence.group_name(group)} {open_to}; {told}.",
        severity=_severity(world, arrival, undetermined=undetermined),
        proof=tuple(proof(worst[0].answer)) if worst else (),
        related=tuple(Related(at=one.at, text=f"{one.text}, too") for one in others if one.at != first.at)
        + tuple(Related(at=one.workload.at, text=one.workload.id) for one in worst[:MOST_NAMED]),
        unknowns=_unknowns(world, worst) if undetermined else (),
    )


def _severity(world: World, arrival: Arrival, *, undetermined: bool) -> Severity:
    """What arrives decides; that something can be pinged matters little."""
    if world.service <= _MESSAGES:
        return Severity.LOW
    if not world.sure and arrival is Arrival.PERHAPS:
        return Severity.MEDIUM  # neither what the rule lets in is known nor what arrives
    return SEVERITIES[min(arrival, Arrival.REQUESTS) if undetermined else arrival]


def _unknowns(world: World, members: Iterable[Member]) -> tuple[Reason, ...]:
    found = [reason for one in world.openings for reason in one.reasons] if not world.sure else []
    found += world.reasons
    found += [reason for member in members for reason in (*member.doubts, *member.answer.unknowns)]
    found += [
        Reason(
            f"whether {member.workload.id} carries the group and is not meant for the public",
            member.workload.at,
        )
        for member in members
        if not member.sure
    ]
    return few(found)
