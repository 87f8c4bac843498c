"""Something comes near a number that AWS allows no more of: rules, entries, groups, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import ceil, inf

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, Workload
from auditor.rules.amounts import Amount, entries_of, few, rules_of
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.room import Need, Room, rooms
from auditor.rules.section import Section
from auditor.rules.words import some
from auditor.tree import Location, Reason

_MOST_NAMED = 6
_MOST_UNKNOWNS = 12


class Subject(StrEnum):
    """What is counted, and where."""

    ACL_ENTRIES = "acl-entries"
    GROUP_RULES = "group-rules"
    SUBNET_ADDRESSES = "subnet-addresses"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is counted, how many there can be, and at how many percent of that it is near."""

    of: Subject
    most: int
    groups: int
    near: int
    needs: tuple[Need, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "of": {"enum": ["acl-entries", "group-rules", "subnet-addresses"]},
        "most": {"type": "integer", "minimum": 1},
        "groups": {"type": "integer", "minimum": 1},
        "near": {"type": "integer", "minimum": 1, "maximum": 100},
        "reserved": {"type": "integer", "minimum": 0},
        "needs": {"type": "array", "items": {"type": "string", "pattern": "^[^ ]+ [0-9]+$"}},
    },
    "required": ["of"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``of`` is acl-entries, group-rules or subnet-addresses.

    ``most``: how many there can be in a direction, ``groups`` on an interface; ``near``: percent of it. Of
    addresses AWS keeps ``reserved`` in each subnet, and each of ``needs`` is a type and how many it takes.
    """
    of = Subject(section.choice("of", tuple(Subject)))
    needs = tuple(_needs(section))
    if of is Subject.SUBNET_ADDRESSES:
        return Parameters(of, _number(section, "reserved", 5), 0, 100, needs)
    most, groups = _number(section, "most", 1), _number(section, "groups", 0)
    return Parameters(of, most, groups, _number(section, "near", 90), needs)


def _number(section: Section, key: str, default: int) -> int:
    text = section.text(key, required=False)
    if text and not text.isdecimal():
        section.refuse(key, f"{text!r} is no number")
    return int(text) if text.isdecimal() else default


def _needs(section: Section) -> Iterator[Need]:
    for text in section.texts("needs", required=False):
        kind, _, number = text.partition(" ")
        if number.isdecimal():
            yield Need(kind, int(number))
        else:
            section.refuse("needs", f"{text!r} is no type and number", "write it as `aws_lb 8`")


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each group, ACL, interface or subnet that is near its limit, over it, or perhaps."""
    match parameters.of:
        case Subject.ACL_ENTRIES:
            yield from _acls(parameters, evidence)
        case Subject.GROUP_RULES:
            yield from _groups(parameters, evidence)
            yield from _interfaces(parameters, evidence)
        case Subject.SUBNET_ADDRESSES:
            yield from _subnets(parameters, evidence)


@dataclass(frozen=True, slots=True)
class Case:
    """Something with so many of what can be ``most`` in number, told in words."""

    id: str
    at: Location
    amount: Amount
    most: int
    noun: str


def _acls(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    index = evidence.engine.index
    for acl in index.acls.values():
        entries = index.acl_entries.get(acl.id, ())
        for direction in Direction:
            amount = entries_of(entries, direction)
            noun = f"{direction.value} entries"
            yield from _counted(Case(acl.id, acl.at, amount, parameters.most, noun), parameters.near)


def _groups(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    index = evidence.engine.index
    for group in index.groups.values():
        rules = index.rules.get(group.id, ())
        if few(rules, ceil(parameters.most * parameters.near / 100)):
            continue
        for direction in Direction:
            amount = rules_of(rules, direction, index)
            noun = f"{direction.value} rules"
            yield from _counted(Case(group.id, group.at, amount, parameters.most, noun), parameters.near)


def _counted(case: Case, near: int) -> Iterator[Judged]:
    threshold = ceil(case.most * near / 100)
    if case.amount.most < threshold:
        return
    least = int(case.amount.least)
    sure = case.amount.least >= threshold
    over = case.amount.least > case.most
    count = f"{least}" if case.amount.most == least else f"{least} or more"
    if over:
        message = f"{case.id} has {count} {case.noun}; AWS allows {case.most} unless its quota is raised."
    elif sure:
        message = f"{case.id} has {count} of the {case.most} {case.noun} that AWS allows."
    else:
        known = f"{least} {case.noun} and others" if least else case.noun
        message = f"{case.id} has {known}, it is not known how many; AWS allows {case.most}."
    yield Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=case.id,
        at=case.at,
        fact=f"{count} {case.noun}" if sure else case.noun,
        message=message,
        severity=_severity(sure=sure, over=over),
        unknowns=() if sure else case.amount.reasons[:_MOST_UNKNOWNS],
    )


def _severity(*, sure: bool, over: bool) -> Severity:
    if over:
        return Severity.MEDIUM
    return Severity.LOW if sure else Severity.INFO


# -- groups of an interface -----------------------------------------------------------------------


def _interfaces(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    carriers = evidence.engine.carriers
    unknown: dict[tuple[Reason, ...], list[Workload]] = {}
    for workload in evidence.workloads if parameters.groups else ():
        if not workload.filtered or _default_only(workload):
            continue
        links = carriers.groups(workload)
        sure = len({evidence.engine.index.canonical(link.id) for link in links.items if link.certain})
        reasons = (*links.open, *(why for link in links.items for why in link.reasons))
        if sure >= parameters.groups:
            yield _carrying(workload, sure, parameters.groups)
        elif links.open or len(carriers.group_ids(workload)) >= parameters.groups:
            unknown.setdefault(tuple(sorted(set(reasons))), []).append(workload)
    for reasons, workloads in unknown.items():
        yield _perhaps_carrying(workloads, reasons, parameters.groups)


def _default_only(workload: Workload) -> bool:
    """Whether a workload names no group, so that it carries one: the default one of its VPC."""
    named = workload.groups.items or workload.groups.open or workload.profiles
    return workload.default_group and not named


def _carrying(workload: Workload, sure: int, most: int) -> Judged:
    over = sure > most
    so_many = "more than" if over else "as many as"
    return Judged(
        judgement=Judgement.VIOLATED,
        component=workload.id,
        at=workload.at,
        fact=f"{sure} groups",
        message=f"{workload.id} carries {sure} groups, {so_many} the {most} that an interface may carry.",
        severity=Severity.MEDIUM if over else Severity.LOW,
        fix=f"Join groups of {workload.id} that always go together into one.",
    )


def _perhaps_carrying(workloads: Sequence[Workload], reasons: tuple[Reason, ...], most: int) -> Judged:
    text = some((one.id for one in workloads), _MOST_NAMED)
    first, *others = workloads
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=first.id,
        at=first.at,
        fact="groups of its interface",
        message=f"how many groups {text} may carry is not known; an interface has {most} at most.",
        severity=Severity.INFO,
        related=tuple(Related(at=one.at, text=f"{one.id}, too") for one in others if one.at != first.at),
        unknowns=reasons[:_MOST_UNKNOWNS],
    )


# -- addresses of a subnet ------------------------------------------------------------------------


def _subnets(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    for room in rooms(parameters.needs, evidence):
        if room.taken.most > room.size - parameters.most:
            yield _crowded(room, parameters.most)


def _crowded(room: Room, reserved: int) -> Judged:
    subnet, taken, free = room.subnet, room.taken, room.size - reserved
    sure = room.known and taken.least > free
    tenants = some((f"{one.id} ({_text(one.takes)})" for one in room.tenants), _MOST_NAMED)
    has = f"has {free} addresses to give" if room.known else f"may have as few as {free} addresses to give"
    start = "needs" if sure else "may need"
    message = f"{subnet.id} {has}, and what stands in it {start} {_text(taken)}: {tenants}."
    fix = ""
    if sure:
        length = 32 - (int(taken.least) + reserved - 1).bit_length()
        fix = f"Give {subnet.id} a /{length} or more, or move some of it to another subnet."
    reasons = (*(subnet.reasons if not room.known else ()), *taken.reasons)
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=subnet.id,
        at=subnet.at,
        fact=f"{free} addresses" if room.known else "addresses",
        message=message,
        severity=None if sure else Severity.INFO,
        fix=fix,
        related=tuple(dict.fromkeys(Related(at=one.at, text=one.id) for one in room.tenants[:_MOST_NAMED])),
        unknowns=() if sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )


def _text(amount: Amount) -> str:
    least = int(amount.least)
    if amount.most == inf:
        return f"{least} or more"
    return f"{least}" if amount.most == least else f"up to {int(amount.most)}"
