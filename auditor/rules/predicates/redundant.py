"""A rule of a group grants what another rule of it grants already: the same, or more."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.finding import ByHand, Judgement, Related, Remedy, RemoveRule, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, Rule, Truth
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.grants import Grant, covers, grants
from auditor.rules.section import Section
from auditor.rules.words import listed, peer_word, service_text, some
from auditor.tree import Location

_MOST_NAMED = 6
_MOST_UNKNOWNS = 12


class Beside(StrEnum):
    """What the other rule grants: the same, or more."""

    SAME = "same"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the other rule must grant."""

    beside: Beside


SCHEMA = {
    "type": "object",
    "properties": {"beside": {"enum": ["same", "more"]}},
    "required": ["beside"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``beside``: same, where another rule grants the same; more, where it grants that and more."""
    return Parameters(Beside(section.choice("beside", tuple(Beside))))


@dataclass(frozen=True, slots=True)
class Pair:
    """A grant, and another of the same group and direction that makes it needless, or may do so."""

    narrow: Grant
    wide: Grant
    truth: Truth


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule that another one makes needless; one a direction for those that may be."""
    index = evidence.engine.index
    for group, rules in index.rules.items():
        for direction in Direction:
            chosen = tuple(grants((rule for rule in rules if rule.direction is direction), index))
            pairs = tuple(_pairs(chosen, parameters.beside)) if len(chosen) > 1 else ()
            if pairs:
                yield from _judged(group, direction, pairs, evidence)


def _pairs(chosen: tuple[Grant, ...], beside: Beside) -> Iterator[Pair]:
    """For each grant the first other one that makes it needless for certain, or all that may."""
    named: dict[str, list[tuple[int, Grant]]] = {}
    addressed = [(place, one) for place, one in enumerate(chosen) if one.addresses.may]
    for place, one in enumerate(chosen):
        named.setdefault(one.name, []).append((place, one))
    for place, narrow in enumerate(chosen):
        perhaps: list[Pair] = []
        for other, wide in addressed if narrow.addresses.may else named[narrow.name]:
            truth = _needless(narrow, wide, beside, later=place > other) if other != place else Truth.NO
            if truth is Truth.YES:
                yield Pair(narrow, wide, truth)
                perhaps = []
                break
            if truth is Truth.UNKNOWN:
                perhaps.append(Pair(narrow, wide, truth))
        yield from perhaps[:1]


def _needless(narrow: Grant, wide: Grant, beside: Beside, *, later: bool) -> Truth:
    """Whether one grant is needless beside another; of two that say the same, the later one is."""
    there = covers(wide, narrow)
    if there is Truth.NO:
        return there
    back = covers(narrow, wide)
    if beside is Beside.SAME:
        same = Truth.UNKNOWN if Truth.UNKNOWN in {there, back} else back
        return same if later else Truth.NO
    if there is Truth.YES or back is Truth.YES:
        return Truth.NO if back is Truth.YES else there
    chosen = back is Truth.NO or (not narrow.known and (wide.known or later))
    return there if chosen else Truth.NO


def _judged(
    group: str, direction: Direction, pairs: tuple[Pair, ...], evidence: Evidence
) -> Iterator[Judged]:
    sure: dict[tuple[Location, Location], list[Pair]] = {}
    for pair in pairs:
        if pair.truth is Truth.YES:
            sure.setdefault((pair.narrow.rule.at, pair.wide.rule.at), []).append(pair)
    for same in sure.values():
        yield _violated(group, direction, same, evidence)
    unknown = [pair for pair in pairs if pair.truth is Truth.UNKNOWN]
    if unknown:
        yield _undetermined(group, direction, unknown, evidence)


def _violated(group: str, direction: Direction, pairs: list[Pair], evidence: Evidence) -> Judged:
    first = pairs[0]
    word = peer_word(direction)
    ends = listed(dict.fromkeys(pair.narrow.text for pair in pairs))
    services, wider = service_text(first.narrow.service), service_text(first.wide.service)
    name = evidence.group_name(group)
    grant = f"{services} {word} {ends}"
    place = "another rule" if first.wide.rule.at != first.narrow.rule.at else "the same rule"
    more = f"{place} lets {wider} {word} {first.wide.text} pass ({first.wide.at})"
    return Judged(
        judgement=Judgement.VIOLATED,
        component=group,
        at=first.narrow.at,
        fact=f"{direction} {grant}",
        message=f"{name} lets {grant} pass, and {more}.",
        fix=f"Remove {grant} from {name}, or the other rule if that is more than is meant.",
        proof=(f"{first.wide.rule.component}: {wider} {word} {first.wide.text} ({first.wide.at})",),
        related=(Related(at=first.wide.at, text=f"{wider} {word} {first.wide.text}"),),
        remedy=_remedy(pairs),
    )


def _remedy(pairs: list[Pair]) -> Remedy | None:
    """The rule or the end that can go: of two that grant the same the one that says less, else the later.

    Of two rules of which one grants more it is not said which is meant: of two ends of one rule it is.
    """
    narrow, wide = pairs[0].narrow.rule, pairs[0].wide.rule
    if narrow is wide:
        return _without(narrow, wide, pairs)
    if any(covers(pair.narrow, pair.wide) is not Truth.YES for pair in pairs):
        return None
    if narrow.inline is not wide.inline:
        return ByHand(why="one of the two is written in the group, and one beside it: which one is meant?")
    if Truth.UNKNOWN in {narrow.described.truth, wide.described.truth}:
        return ByHand(why="how the two are described is not known")
    if narrow.description in {"", wide.description}:
        return _without(narrow, wide, pairs)
    if not wide.description:
        return _without(wide, narrow, [Pair(pair.wide, pair.narrow, pair.truth) for pair in pairs])
    return ByHand(why="the two are described differently: which description is right?")


def _without(rule: Rule, other: Rule, pairs: list[Pair]) -> RemoveRule:
    ends = tuple(dict.fromkeys((pair.narrow.at, pair.wide.at) for pair in pairs))
    return RemoveRule(
        rule=rule.component,
        at=rule.at,
        other=other.component,
        beside=other.at,
        ends=ends,
        whole=len({id(pair.narrow) for pair in pairs}) == len(rule.peers),
    )


def _undetermined(group: str, direction: Direction, pairs: list[Pair], evidence: Evidence) -> Judged:
    first = pairs[0]
    word = peer_word(direction)
    texts = dict.fromkeys(f"{service_text(one.narrow.service)} {word} {one.narrow.text}" for one in pairs)
    grant = some(texts, _MOST_NAMED)
    reasons = [why for pair in pairs for one in (pair.narrow, pair.wide) for why in one.reasons]
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=group,
        at=first.narrow.at,
        fact=f"{direction} {' '.join(sorted(texts))}",
        message=f"{evidence.group_name(group)} lets {grant} pass, which other rules of it may let pass too.",
        severity=Severity.INFO,
        related=(
            Related(at=first.wide.at, text=f"{service_text(first.wide.service)} {word} {first.wide.text}"),
        ),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
