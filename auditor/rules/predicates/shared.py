"""A security group is on the workloads of several services, or is a default group that is on any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, GroupPeer, OpenTag, Rule, Truth, Workload
from auditor.reach.tagged import decided_by
from auditor.rules.carrying import Carrier, carriers_of, undecided_of
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.rules.selectors import addressed
from auditor.rules.words import service_text, some
from auditor.tree import Location, Presence, Reason

_MOST_NAMED = 6
_MOST_UNKNOWNS = 12
_TAGS = frozenset({"service", "microservice", "app", "application", "component"})


class Which(StrEnum):
    """The groups that are looked at: each VPC's default one, or those that let their members connect."""

    DEFAULT = "default"
    CONNECTING = "connecting"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which groups may not be on the workloads of ``services`` services or more."""

    groups: Which
    services: int


SCHEMA = {
    "type": "object",
    "properties": {
        "groups": {"enum": [each.value for each in Which]},
        "services": {"type": ["string", "integer"], "pattern": "^[1-9][0-9]*$"},
    },
    "required": ["groups"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``groups``: default or connecting; ``services``: how many make a group shared, 1 unless given."""
    which = Which(section.choice("groups", tuple(Which)))
    count = section.text("services", required=False) or "1"
    if not count.isdecimal() or count == "0":
        section.refuse("services", "expected a number from 1")
        return Parameters(which, 1)
    return Parameters(which, int(count))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """For default groups one judgement a place that puts one on something; else one a rule of a group."""
    match parameters.groups:
        case Which.DEFAULT:
            yield from _defaults(evidence)
        case Which.CONNECTING:
            yield from _connecting(parameters.services, evidence)


# -- default groups ------------------------------------------------------------------------------------


def _defaults(evidence: Evidence) -> Iterator[Judged]:
    found: dict[tuple[Location, str, bool], list[Carrier]] = {}
    for group in evidence.engine.index.groups.values():
        if group.default:
            for one in carriers_of(group.id, evidence):
                found.setdefault((one.at, group.id, one.sure), []).append(one)
    named = {one.workload.id for ones in found.values() for one in ones}
    for workload in evidence.workloads:
        fact = evidence.engine.carriers.takes_default(workload)
        if fact.truth is not Truth.NO and workload.id not in named:
            sure = fact.truth is Truth.YES and workload.presence is Presence.CERTAIN
            one = Carrier(workload, sure, workload.at, fact.reasons)
            found.setdefault((workload.at, "", sure), []).append(one)
    for (at, identity, sure), ones in found.items():
        yield _in_default(at, identity, ones, evidence) if sure else _perhaps_in_default(at, identity, ones)


def _in_default(at: Location, group: str, ones: list[Carrier], evidence: Evidence) -> Judged:
    rules = evidence.engine.index.rules.get(group, ())
    emptied = bool(group) and not rules
    names = _named(one.workload for one in ones)
    known = evidence.engine.index.groups.get(group)
    whose = evidence.default_group_name(known) if known else group or "the default group of its VPC"
    open_ = "which lets nothing in or out" if emptied else "which lets all of its members reach each other"
    return Judged(
        judgement=Judgement.VIOLATED,
        component=ones[0].workload.id,
        at=at,
        fact="carries the default group",
        message=f"{names} {'carries' if len(ones) == 1 else 'carry'} {whose}, {open_}.",
        severity=Severity.LOW if emptied else None,
        related=(Related(at=known.at, text=f"the default group {group}"),) if known else (),
    )


def _perhaps_in_default(at: Location, group: str, ones: list[Carrier]) -> Judged:
    names = _named(one.workload for one in ones)
    reasons = tuple(dict.fromkeys(reason for one in ones for reason in one.reasons))
    whose = group or "the default group of its VPC, if it names no other"
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=ones[0].workload.id,
        at=at,
        fact="carries the default group",
        message=f"{names} may carry {whose}.",
        severity=Severity.LOW,
        unknowns=reasons[:_MOST_UNKNOWNS],
    )


# -- groups that let their members connect -------------------------------------------------------------


def _connecting(least: int, evidence: Evidence) -> Iterator[Judged]:
    index = evidence.engine.index
    for group, rules in index.rules.items():
        known = index.groups.get(group)
        own = [] if known and known.default else list(_to_itself(group, rules, evidence))
        if not own:
            continue
        certain = [one for one in carriers_of(group, evidence) if one.sure]
        untold = {one.workload.id: tags for one in certain if (tags := _untold(one.workload))}
        services = _services(group, (one for one in certain if one.workload.id not in untold), evidence)
        if len(services) >= least:
            for rule, peer, sure in own:
                yield _shared(rule, peer, services, evidence, sure=sure)
            continue
        perhaps = [one for one in carriers_of(group, evidence) if not one.sure]
        perhaps += undecided_of(group, evidence)
        others = [one for one in perhaps if one.workload.id not in {each.workload.id for each in certain}]
        possible = len(_services(group, others, evidence)) + sum(_is_open(one, evidence) for one in others)
        possible += len({tags[0].identity or one for one, tags in untold.items()})
        if (others or untold) and (certain or possible >= least) and len(services) + possible >= least:
            for rule, peer, _ in own:
                yield _perhaps_shared(rule, peer, (certain, others), evidence)


def _to_itself(
    group: str, rules: Iterable[Rule], evidence: Evidence
) -> Iterator[tuple[Rule, GroupPeer, bool]]:
    """The rules that let a group's members connect to each other, each with whether it certainly does."""
    canonical = evidence.engine.index.canonical
    for rule in rules:
        if rule.direction is not Direction.INGRESS or rule.implicit or not rule.service.may:
            continue
        for peer in rule.peers:
            if isinstance(peer, GroupPeer) and canonical(peer.group.id) == group:
                there = rule.presence is Presence.CERTAIN and rule.group.certain and peer.group.certain
                yield rule, peer, there and bool(rule.service.must)


def _is_open(one: Carrier, evidence: Evidence) -> bool:
    return bool(evidence.engine.carriers.groups(one.workload).open)


def _services(group: str, ones: Iterable[Carrier], evidence: Evidence) -> list[list[Workload]]:
    """The workloads by the service that they are of, told by a tag or by the groups that are their own.

    What carries all the groups of another service, and more, is of that service.
    """
    by_tag: dict[str, list[Workload]] = {}
    by_groups: dict[frozenset[str], list[Workload]] = {}
    for one in ones:
        tag = next((value for key, value in one.workload.tags if key.lower() in _TAGS and value), "")
        own = frozenset(evidence.engine.carriers.group_ids(one.workload)) - {group}
        if tag:
            by_tag.setdefault(tag.lower(), []).append(one.workload)
        elif own:
            by_groups.setdefault(own, []).append(one.workload)
    least = {own: ones for own, ones in by_groups.items() if not any(other < own for other in by_groups)}
    return [*by_tag.values(), *least.values()]


def _untold(workload: Workload) -> tuple[OpenTag, ...]:
    """The tags that say of which service a workload is, where their value is not known."""
    if any(key.lower() in _TAGS and value for key, value in workload.tags):
        return ()
    return decided_by(workload, _is_of_service, bool)


def _is_of_service(key: str) -> bool:
    return key.lower() in _TAGS


def _shared(
    rule: Rule, peer: GroupPeer, services: list[list[Workload]], evidence: Evidence, *, sure: bool
) -> Judged:
    members = [service[0] for service in services]
    exposed = [one for service in services for one in service if addressed(one, evidence) is Truth.YES]
    group = evidence.engine.index.canonical(rule.group.id)
    name = evidence.group_name(group)
    text = service_text(rule.service)
    who = f"{name} is on {len(services)} services, {_named(members)}"
    public = f"; {_named(exposed)} can be addressed from the internet" if exposed else ""
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=group,
        at=peer.at,
        fact=f"its members reach each other on {text}",
        message=f"{who}, and lets them reach each other on {text}{public}.",
        severity=Severity.HIGH if exposed and sure else None,
        proof=(
            *(f"{one.id} carries {name} ({one.at})" for one in members[:_MOST_NAMED]),
            f"{name} lets in {text} from {name} ({peer.at})",
        ),
        related=tuple(Related(at=one.at, text=f"{one.id} carries it") for one in members[:_MOST_NAMED]),
        unknowns=() if sure else _reasons(rule, peer),
    )


def _perhaps_shared(
    rule: Rule, peer: GroupPeer, carriers: tuple[list[Carrier], list[Carrier]], evidence: Evidence
) -> Judged:
    certain, others = carriers
    group = evidence.engine.index.canonical(rule.group.id)
    text = service_text(rule.service)
    where = [f"on {_named(one.workload for one in certain)}"] if certain else []
    where += [f"perhaps on {_named(one.workload for one in others)}"] if others else []
    which = "" if others else ", which may be several services"
    reasons = [reason for one in others for reason in one.reasons]
    reasons += [why for one in certain for tag in _untold(one.workload) for why in tag.reasons]
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=group,
        at=peer.at,
        fact=f"its members reach each other on {text}",
        message=(
            f"{evidence.group_name(group)} is {' and '.join(where)}{which}, "
            f"and lets its members reach each other on {text}."
        ),
        unknowns=tuple(dict.fromkeys([*reasons, *_reasons(rule, peer)]))[:_MOST_UNKNOWNS],
    )


def _reasons(rule: Rule, peer: GroupPeer) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys((*rule.reasons, *rule.group.reasons, *peer.group.reasons)))


def _named(workloads: Iterable[Workload]) -> str:
    return some(dict.fromkeys(one.id for one in workloads), _MOST_NAMED)
