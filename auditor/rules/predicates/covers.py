"""A rule of a group names a range of addresses that holds members of groups: which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.finding import Judgement, ReferenceGroup, Related, Severity
from auditor.frozen import dataclass
from auditor.model import AddressPeer, Direction, Rule
from auditor.rules.beyond import Beyond
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.fitting import MOST_ASKED, needed
from auditor.rules.members import Holding, Members
from auditor.rules.section import Section
from auditor.rules.words import listed, peer_word, service_text, some
from auditor.traffic import PRIVATE, Bounds, IntSet, Traffic
from auditor.tree import Presence, Reason

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


@dataclass(frozen=True, slots=True)
class Range:
    """A range in a rule. ``sure`` where both are there for certain, and the addresses are known."""

    rule: Rule
    peer: AddressPeer
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Ranges of one group, direction and service that hold members of the same groups."""

    group: str
    service: Bounds[Traffic]
    ranges: tuple[Range, ...]
    held: Holding
    ungrouped: tuple[str, ...]
    beyond: tuple[str, ...]

    @property
    def direction(self) -> Direction:
        """The direction of the rules."""
        return self.ranges[0].rule.direction

    @property
    def texts(self) -> str:
        """The ranges as they are written."""
        return listed(dict.fromkeys(one.peer.text for one in self.ranges))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for all ranges of a group, direction and service that hold members of the same groups.

    Ranges that hold no member, and those outside the VPC, are satisfied.
    """
    members, beyond = Members(evidence), Beyond(evidence)
    for group, rules in evidence.engine.index.rules.items():
        known = evidence.engine.index.groups.get(group)
        vpc = evidence.engine.index.canonical(known.vpc.id) if known else None
        for direction in parameters.directions:
            chosen = [rule for rule in rules if rule.direction is direction and not rule.implicit]
            ranges = tuple(_ranges(chosen, evidence.engine.index.ranges(vpc)))
            for case in _cases(group, vpc, ranges, (members, beyond)):
                yield _judged(case, evidence)
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
    name = members.evidence.group_name(group)
    for one in empty:
        bare = members.ungrouped(one.peer.addresses.may)[:_MOST_NAMED]
        who = f"nobody of the input but {listed(bare)}" if bare else "nobody of the input"
        services, word = service_text(one.rule.service), peer_word(one.rule.direction)
        way = "in" if one.rule.direction is Direction.INGRESS else "out"
        inside = one.peer.addresses.may <= space.must
        yield Judged(
            judgement=Judgement.VIOLATED if inside else Judgement.UNDETERMINED,
            component=group,
            at=one.peer.at,
            fact=f"{one.rule.direction} {services} {one.peer.text} of nobody",
            message=f"{name} lets {services} {way} {word} {one.peer.text}, which holds {who}: no group fits.",
            severity=Severity.INFO,
            fix=f"Remove {one.peer.text} if nobody needs it, else give those who do a group to reference.",
            unknowns=() if inside else members.index.vpc_reasons(vpc),
        )


def _ranges(rules: Iterable[Rule], space: Bounds[IntSet]) -> Iterator[Range]:
    """The ranges that lie in private address space or the VPC's own, and may hold a part of the VPC."""
    private = PRIVATE | space.must if not space.must <= PRIVATE else PRIVATE
    for rule in rules:
        sure = rule.presence is Presence.CERTAIN and rule.group.certain
        for peer in rule.peers:
            if not isinstance(peer, AddressPeer):
                continue
            known = peer.addresses.known
            if known and not peer.addresses.may <= private:
                continue
            if (peer.addresses.may & private).overlaps(space.may):
                yield Range(rule, peer, sure and known)


def _cases(
    group: str, vpc: str | None, ranges: tuple[Range, ...], known: tuple[Members, Beyond]
) -> Iterator[Case]:
    members, beyond = known
    found: dict[tuple[Bounds[Traffic], bool, frozenset[str]], list[tuple[Range, Holding]]] = {}
    for one in ranges:
        held = _held(one, ranges, vpc, members)
        if held:
            key = (one.rule.service, one.sure, held.groups)
            found.setdefault(key, []).append((one, held))
    for (service, _, _), same in found.items():
        ranges_of = tuple(one for one, _ in same)
        together = IntSet.union(one.peer.addresses.may for one in ranges_of)
        yield Case(
            group=group,
            service=service,
            ranges=ranges_of,
            held=same[0][1],
            ungrouped=members.ungrouped(together),
            beyond=beyond.ways(vpc, together),
        )


def _held(one: Range, ranges: tuple[Range, ...], vpc: str | None, members: Members) -> Holding:
    """The groups of whose members a range holds some, and how, taken together with the ranges beside it."""
    own = members.held(one.peer.addresses.may, vpc)
    if not own or not one.sure:
        return own
    beside = [
        other.peer.addresses.must
        for other in ranges
        if other.sure and other is not one and one.rule.service.may <= other.rule.service.must
    ]
    together = IntSet.union((one.peer.addresses.must, *beside))
    if together == one.peer.addresses.must:
        return own
    if not own.certain:
        return own
    return members.held(together, vpc).only(frozenset(own.certain))


def _judged(case: Case, evidence: Evidence) -> Judged:
    certain = case.ranges[0].sure and bool(case.held.certain)
    first, *others = case.ranges
    name = evidence.group_name(case.group)
    word, services = peer_word(case.direction), service_text(case.service)
    fact = f"{case.direction} {services} {' '.join(sorted(one.peer.text for one in case.ranges))}"
    start = (
        f"{name} lets {services} {'in' if case.direction is Direction.INGRESS else 'out'} {word} {case.texts}"
    )
    told = _certain(case, evidence) if certain else _Told(*_perhaps(case, evidence))
    return Judged(
        judgement=Judgement.VIOLATED if certain else Judgement.UNDETERMINED,
        component=case.group,
        at=first.peer.at,
        fact=fact,
        message=f"{start}, {told.message}",
        severity=None if certain and told.fits else Severity.LOW,
        fix=told.fix,
        related=tuple(Related(at=one.peer.at, text=f"{one.peer.text}, too") for one in others)
        + (_places(case, evidence) if certain else ()),
        unknowns=() if certain else _unknowns(case),
        remedy=_remedy(case, told.group) if told.group and not (case.ungrouped or case.beyond) else None,
    )


def _remedy(case: Case, group: str) -> ReferenceGroup:
    places = tuple((one.peer.at, one.peer.text) for one in case.ranges)
    return ReferenceGroup(own=case.group, group=group, places=places)


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


def _certain(case: Case, evidence: Evidence) -> _Told:
    """What the ranges hold, which group to reference in their place, and where no group does."""
    held = _held_text(case, evidence)
    found = _fitting(case, held, evidence)
    if not case.beyond:
        return found
    ways = some(case.beyond, _MOST_WAYS)
    message = f"{found.message} For what of it lies outside the VPC no group fits: {ways}."
    fix = f"{found.fix.rstrip('.')}, and keep ranges for the networks beyond that need it."
    return _Told(message, fix, found.group, fits=False)


def _held_text(case: Case, evidence: Evidence) -> str:
    parts = [
        f"{noun} {_names(groups, evidence)}"
        for noun, groups in (("all members of", case.held.whole), ("some members of", case.held.some))
        if groups
    ]
    text = f"which {'holds' if len(case.ranges) == 1 else 'hold'} {' and '.join(parts)}."
    if case.ungrouped:
        bare = case.ungrouped[:_MOST_NAMED]
        text = (
            f"{text} {listed(bare)}, in it too, {'has' if len(bare) == 1 else 'have'} no group to reference."
        )
    return text


def _fitting(case: Case, text: str, evidence: Evidence) -> _Told:
    if len(case.held.certain) > MOST_ASKED:
        return _Told(text, f"Reference the groups that need it in place of {case.texts}.")
    whole = needed(case.group, case.direction, case.service, case.held.whole, evidence)
    fit = whole or needed(case.group, case.direction, case.service, case.held.some, evidence)
    if not fit:
        why = "no rule of theirs lets them use it, they never do, or another rule references them already"
        fix = f"Remove {case.texts}, or reference the group that is meant."
        return _Told(f"{text} None of them fits: {why}.", fix, fits=False)
    if fit == [case.group]:
        return _Told(text, f"Reference the group itself in place of {case.texts}.", case.group)
    names = [evidence.group_name(one) for one in fit]
    if len(names) > 1:
        fix = f"Reference {listed(names)}, or those of them that need it, in place of {case.texts}."
        return _Told(text, fix)
    if len(case.held.certain) > 1:
        text = f"{text} Of these only {names[0]} can use it and is not referenced already."
    return _Told(text, f"Reference {names[0]} in place of {case.texts}.", fit[0])


def _names(groups: Sequence[str], evidence: Evidence) -> str:
    return some((evidence.group_name(one) for one in groups), _MOST_NAMED)


def _perhaps(case: Case, evidence: Evidence) -> tuple[str, str]:
    groups = [group for group in (*case.held.certain, *case.held.perhaps) if group]
    names = _names(groups, evidence) if groups else ""
    whose = f"members of {names}" if names else "members of groups that are not known"
    verb = "may hold" if case.ranges[0].sure or not case.ranges[0].peer.addresses.known else "holds"
    if verb == "holds":
        return f"which {verb} {whose}, in a rule that may not be there.", ""
    return f"which {verb} {whose}.", ""


def _unknowns(case: Case) -> tuple[Reason, ...]:
    found = [reason for one in case.ranges for reason in (*one.peer.reasons, *one.rule.reasons)]
    found += case.held.reasons
    return tuple(dict.fromkeys(found))[:MOST_ASKED]
