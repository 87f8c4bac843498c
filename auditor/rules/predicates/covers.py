"""A rule of a group names a range of addresses that holds members of groups: which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.finding import Judgement, ReferenceGroup, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.rules.beyond import Beyond
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.fitting import MOST_ASKED, needed, referenced
from auditor.rules.members import Members
from auditor.rules.ranges import Case, Range, cases, ranges_in
from auditor.rules.section import Section
from auditor.rules.words import all_services, listed, peer_word, service_text, some
from auditor.traffic import Traffic, exact
from auditor.tree import Location, Reason

_MOST_NAMED = 6
_MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Parameters:
    """The directions of the rules that are looked at."""

    directions: tuple[Direction, ...]


SCHEMA = {
    "type": "object",
    "properties": {"direction": {"enum": ["any", "ingress", "egress"]}},
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``direction``: ingress, egress, or any of both."""
    choice = section.choice("direction", ("any", *Direction), "any")
    return Parameters(tuple(each for each in Direction if choice in {"any", each.value}))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for all ranges of a group, direction and service that hold members of the same groups.

    What is said alike of the ranges that stand at one place is one judgement for all services.
    Ranges that hold no member, and those outside the VPC, are satisfied.
    """
    members, beyond = Members(evidence), Beyond(evidence)
    for group, rules in evidence.engine.index.rules.items():
        known = evidence.engine.index.groups.get(group)
        vpc = evidence.engine.index.canonical(known.vpc.id) if known else None
        for direction in parameters.directions:
            chosen = [rule for rule in rules if rule.direction is direction and not rule.implicit]
            ranges = tuple(ranges_in(chosen, evidence.engine.index.ranges(vpc)))
            found: dict[object, tuple[Case, _Told]] = {}
            for case in cases(group, vpc, ranges, (members, beyond)):
                told = _certain(case, members) if case.sure else _perhaps(case, evidence)
                key = (case.places, case.sure, told)
                found[key] = (found[key][0].also(case) if key in found else case, told)
            yield from (_judged(case, told, evidence) for case, told in found.values())
            yield from _of_nobody(group, vpc, ranges, members)


def _of_nobody(group: str, vpc: str | None, ranges: tuple[Range, ...], members: Members) -> Iterator[Judged]:
    """The ranges in the VPC in which the input has nobody who carries a group: none fits."""
    space = members.index.ranges(vpc)
    empty = [
        one
        for one in ranges
        if one.sure and one.peer.addresses.may <= space.may and not members.held(one.peer.addresses.may, vpc)
    ]
    if not empty or vpc not in members.index.vpcs or not members.anybody(vpc):
        return
    together: dict[tuple[Location, str], list[Range]] = {}
    for one in empty:
        together.setdefault((one.peer.at, one.peer.text), []).append(one)
    yield from (_nobodys(group, vpc, same, members) for same in together.values())


def _nobodys(group: str, vpc: str | None, same: Sequence[Range], members: Members) -> Judged:
    peer, direction = same[0].peer, same[0].rule.direction
    service = exact(Traffic.union(one.rule.service.may for one in same))
    bare = members.ungrouped(peer.addresses.may)[:_MOST_NAMED]
    who = f"nobody of the input but {listed(bare)}" if bare else "nobody of the input"
    name, word = members.evidence.group_name(group), peer_word(direction)
    way = "in" if direction is Direction.INGRESS else "out"
    inside = peer.addresses.may <= members.index.ranges(vpc).must
    return Judged(
        judgement=Judgement.VIOLATED if inside else Judgement.UNDETERMINED,
        component=group,
        at=peer.at,
        fact=f"{direction} {all_services(service)} {peer.text} of nobody",
        message=f"{name} lets {service_text(service)} {way} {word} {peer.text}, which holds {who}: "
        "no group fits.",
        severity=Severity.INFO,
        fix=f"Remove {peer.text} if nobody needs it, else give those who do a group to reference.",
        unknowns=() if inside else members.index.vpc_reasons(vpc),
    )


def _judged(case: Case, told: _Told, evidence: Evidence) -> Judged:
    (at, _), *others = case.places
    name, texts = evidence.group_name(case.group), listed(case.texts)
    word, services = peer_word(case.direction), service_text(case.service)
    way = "in" if case.direction is Direction.INGRESS else "out"
    return Judged(
        judgement=Judgement.VIOLATED if case.sure else Judgement.UNDETERMINED,
        component=case.group,
        at=at,
        fact=f"{case.direction} {all_services(case.service)} {' '.join(sorted(case.texts))}",
        message=f"{name} lets {services} {way} {word} {texts}, {told.message}",
        severity=None if case.sure and told.fits else Severity.LOW,
        fix=told.fix,
        related=tuple(Related(at=place, text=f"{text}, too") for place, text in others)
        + (_places(case, evidence) if case.sure else ()),
        unknowns=() if case.sure else _unknowns(case),
        remedy=_remedy(case, told.group) if told.group and not (case.ungrouped or case.beyond) else None,
    )


def _remedy(case: Case, group: str) -> ReferenceGroup:
    return ReferenceGroup(own=case.group, group=group, places=case.places)


def _places(case: Case, evidence: Evidence) -> tuple[Related, ...]:
    groups = evidence.engine.index.groups
    return tuple(
        Related(at=groups[group].at, text=f"{evidence.group_name(group)} has members in it")
        for group in case.held.certain[:_MOST_NAMED]
        if group in groups
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of a case; ``group`` is the one to reference, ``fits`` whether groups do for all of it."""

    message: str
    fix: str
    group: str = ""
    fits: bool = True


def _certain(case: Case, members: Members) -> _Told:
    """What the ranges hold, which group to reference in their place, and where no group does."""
    held = _held_text(case, members.evidence)
    found = _fitting(case, held, members)
    if not case.beyond and (found.group or not case.wider):
        return found
    ways = f": {some(case.beyond, _MOST_WAYS)}" if case.beyond else ""
    message = f"{found.message} For what of it lies outside the VPC no group fits{ways}."
    fix = f"{found.fix.rstrip('.')}, and keep ranges for the networks beyond that need it."
    return _Told(message, fix, found.group, fits=False)


def _held_text(case: Case, evidence: Evidence) -> str:
    parts = [
        f"{noun} {_names(groups, evidence)}"
        for noun, groups in (("all members of", case.held.whole), ("some members of", case.held.some))
        if groups
    ]
    one = len(case.ranges) == 1
    text = f"which {'holds' if one else 'hold'} {' and '.join(parts)}."
    if case.perhaps:
        text = f"{text} {'It' if one else 'They'} may hold {_possible(case, evidence)}, too."
    if case.ungrouped:
        bare = case.ungrouped[:_MOST_NAMED]
        text = (
            f"{text} {listed(bare)}, in it too, {'has' if len(bare) == 1 else 'have'} no group to reference."
        )
    return text


def _fitting(case: Case, text: str, members: Members) -> _Told:
    texts = listed(case.texts)
    known = (*case.held.certain, *filter(None, case.perhaps))
    if len(known) > MOST_ASKED:
        return _Told(text, f"Reference the groups that need it in place of {texts}.")
    fit = _fit(case, members)
    if not fit and "" not in case.perhaps:
        why = "no rule of theirs lets them use it, they never do, or another rule references them already"
        fix = f"Remove {texts}, or reference the group that is meant."
        return _Told(f"{text} None of them fits: {why}.", fix, fits=False)
    names = [members.evidence.group_name(one) for one in fit] or ["the groups"]
    if len(fit) != 1 or fit[0] not in case.held.certain or "" in case.perhaps:
        fix = f"Reference {listed(names)}, or those of them that need it, in place of {texts}."
        return _Told(text, fix, fits=any(one in case.held.certain for one in fit))
    if fit == [case.group]:
        return _Told(text, f"Reference the group itself in place of {texts}.", case.group)
    if len(known) > 1:
        text = f"{text} Of these only {names[0]} can use it and is not referenced already."
    return _Told(text, f"Reference {names[0]} in place of {texts}.", fit[0])


def _fit(case: Case, members: Members) -> list[str]:
    """The groups to reference, those first that lie in the ranges as a whole, and then those that have
    members there, or may have, which carry none of these.
    """
    asked = (case.group, case.direction, case.service)
    whole = needed(*asked, case.held.whole, members.evidence)
    fit = whole or needed(*asked, case.held.some, members.evidence)
    stand_in = {*fit, *referenced(*asked, members.evidence)}
    more = needed(*asked, (*case.held.some, *filter(None, case.perhaps)), members.evidence)
    return fit + [one for one in more if one not in fit and members.beside(one, case.addresses, stand_in)]


def _names(groups: Sequence[str], evidence: Evidence) -> str:
    return some((evidence.group_name(one) for one in groups), _MOST_NAMED)


def _possible(case: Case, evidence: Evidence, *, among: Sequence[str] = ()) -> str:
    """Whose members the ranges may hold, in words."""
    groups = [group for group in (*among, *case.perhaps) if group]
    return f"members of {_names(groups, evidence) if groups else 'groups that are not known'}"


def _perhaps(case: Case, evidence: Evidence) -> _Told:
    whose = _possible(case, evidence, among=case.held.certain)
    verb = "may hold" if case.ranges[0].sure or not case.ranges[0].peer.addresses.known else "holds"
    if verb == "holds":
        return _Told(f"which {verb} {whose}, in a rule that may not be there.", "")
    return _Told(f"which {verb} {whose}.", "")


def _unknowns(case: Case) -> tuple[Reason, ...]:
    found = [reason for one in case.ranges for reason in (*one.peer.reasons, *one.rule.reasons)]
    found += case.held.reasons
    return tuple(dict.fromkeys(found))[:MOST_ASKED]
