"""A rule of a group names a range of addresses that holds members of groups: which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.finding import Judgement, ReferenceGroup, Related
from auditor.frozen import dataclass
from auditor.model import AddressPeer, Direction, Rule
from auditor.reach.spots import Spot
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.members import Holding, Members
from auditor.rules.section import Section
from auditor.rules.words import listed, peer_word, service_text, some
from auditor.traffic import PRIVATE, Bounds, IntSet, Traffic
from auditor.tree import Presence, Reason

_MOST_ASKED = 12
_MOST_NAMED = 6


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
    members = Members(evidence)
    for group, rules in evidence.engine.index.rules.items():
        known = evidence.engine.index.groups.get(group)
        vpc = evidence.engine.index.canonical(known.vpc.id) if known else None
        for direction in parameters.directions:
            chosen = [rule for rule in rules if rule.direction is direction and not rule.implicit]
            ranges = tuple(_ranges(chosen, evidence.engine.index.ranges(vpc)))
            for case in _cases(group, vpc, ranges, members):
                yield _judged(case, evidence)


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


def _cases(group: str, vpc: str | None, ranges: tuple[Range, ...], members: Members) -> Iterator[Case]:
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
    message, fix, group = _certain(case, evidence) if certain else (*_perhaps(case, evidence), "")
    return Judged(
        judgement=Judgement.VIOLATED if certain else Judgement.UNDETERMINED,
        component=case.group,
        at=first.peer.at,
        fact=fact,
        message=f"{start}, {message}",
        fix=fix,
        related=tuple(Related(at=one.peer.at, text=f"{one.peer.text}, too") for one in others)
        + (_places(case, evidence) if certain else ()),
        unknowns=() if certain else _unknowns(case),
        remedy=_remedy(case, group) if group and not case.ungrouped else None,
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


def _certain(case: Case, evidence: Evidence) -> tuple[str, str, str]:
    """What the ranges hold, which group to reference in their place, and its id where it is one alone."""
    whole, some = case.held.whole, case.held.some
    parts = [
        f"{noun} {_names(groups, evidence)}"
        for noun, groups in (("all members of", whole), ("some members of", some))
        if groups
    ]
    text = f"which {'holds' if len(case.ranges) == 1 else 'hold'} {' and '.join(parts)}."
    if case.ungrouped:
        text = f"{text} {listed(case.ungrouped[:_MOST_NAMED])}, in it too, has no group to reference."
    if len(case.held.certain) > _MOST_ASKED:
        return text, f"Reference the groups that need it in place of {case.texts}.", ""
    needed = _needed(case, whole, evidence) or _needed(case, some, evidence)
    if not needed:
        text = f"{text} No rule of theirs lets them use it, or another rule references them already."
        return text, f"Remove {case.texts}, or reference the group that is meant.", ""
    if needed == [case.group]:
        return text, f"Reference the group itself in place of {case.texts}.", case.group
    names = [evidence.group_name(one) for one in needed]
    if len(names) > 1:
        return (
            text,
            f"Reference {listed(names)}, or those of them that need it, in place of {case.texts}.",
            "",
        )
    if len(case.held.certain) > 1:
        text = f"{text} Of these only {names[0]} can use it and is not referenced already."
    return text, f"Reference {names[0]} in place of {case.texts}.", needed[0]


def _names(groups: Sequence[str], evidence: Evidence) -> str:
    return some((evidence.group_name(one) for one in groups), _MOST_NAMED)


def _needed(case: Case, groups: Sequence[str], evidence: Evidence) -> list[str]:
    """Those of the groups whose members could use the rule, and that no other rule here references."""
    if len(case.held.certain) > _MOST_ASKED:
        return []
    side = evidence.engine.borders.groups.side(case.group, case.direction)
    found = []
    for group in groups:
        referenced = side.by_group.get(group)
        if referenced is not None and case.service.may <= referenced.must:
            continue
        if _lets(case, group, evidence):
            found.append(group)
    return found


def _lets(case: Case, group: str, evidence: Evidence) -> bool:
    """Whether the rules of a group's members let them take part in what the case's rule allows."""
    opposite = Direction.EGRESS if case.direction is Direction.INGRESS else Direction.INGRESS
    here = _spots(case.group, evidence)
    for spot in _spots(group, evidence):
        for other in here:
            services, _ = evidence.engine.borders.groups.services(spot, opposite, other)
            if services.may & case.service.may:
                return True
    return False


def _spots(group: str, evidence: Evidence) -> list[Spot]:
    """Those of a group's members that rules tell apart."""
    parties = evidence.engine.spots.of_group(group)
    spots = [spot for party in parties for spot in party.spots]
    keys = [(one.groups, one.possible, bool(one.open), one.filtered, one.addresses) for one in spots]
    return list(dict(zip(keys, spots, strict=True)).values())


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
    return tuple(dict.fromkeys(found))[:_MOST_ASKED]
