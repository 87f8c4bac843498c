"""A rule of a group grants all of some traffic: to the group itself, or to the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, GroupPeer, Rule, Truth, UnknownPeer
from auditor.rules.carrying import carriers_of
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.openings import Width, World, openings, worlds
from auditor.rules.section import Section
from auditor.rules.selectors import Selector, parse_selector, selects
from auditor.rules.words import listed, service_text, some
from auditor.traffic import EVERYTHING, Traffic, parse_traffic
from auditor.tree import Presence

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_WORLD = Width(1 << 30, 1 << 124)


class Peered(StrEnum):
    """Who is granted it."""

    ITSELF = "itself"
    WORLD = "world"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The direction, the other end, the least traffic that is too much, and what cannot do without."""

    direction: Direction
    peer: Peered
    service: Traffic
    exempt: tuple[Selector, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "direction": {"enum": ["ingress", "egress"]},
        "peer": {"enum": [each.value for each in Peered]},
        "service": {"type": "string"},
        "except": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["direction", "peer"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``direction``; ``peer``: itself or world; ``service``: all traffic unless given.

    ``except`` are selectors: a group that is on something that they mean is left alone.
    """
    direction = Direction(section.choice("direction", tuple(Direction)))
    peer = Peered(section.choice("peer", tuple(Peered)))
    exempt = tuple(_selectors(section))
    return Parameters(direction, peer, _service(section), exempt)


def _service(section: Section) -> Traffic:
    text = section.text("service", required=False)
    try:
        return parse_traffic(text) if text else EVERYTHING
    except ValueError as error:
        section.refuse("service", str(error), "write it as tcp, or tcp/443,udp/53")
        return EVERYTHING


def _selectors(section: Section) -> Iterator[Selector]:
    for text in section.texts("except", required=False):
        try:
            yield parse_selector(text)
        except ValueError as error:
            section.refuse("except", str(error))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule, or rules together, that grant it.

    Default groups are left alone: they grant both by themselves, and their members are what is to be mended.
    """
    for group, rules in evidence.engine.index.rules.items():
        known = evidence.engine.index.groups.get(group)
        if known is not None and known.default:
            continue
        chosen = [rule for rule in rules if rule.direction is parameters.direction]
        match parameters.peer:
            case Peered.ITSELF:
                yield from _itself(group, chosen, parameters, evidence)
            case Peered.WORLD:
                yield from _to_world(group, chosen, parameters, evidence)
            case _:
                assert_never(parameters.peer)


def _itself(
    group: str, rules: Iterable[Rule], parameters: Parameters, evidence: Evidence
) -> Iterator[Judged]:
    canonical = evidence.engine.index.canonical
    for rule in rules:
        if rule.implicit or not parameters.service <= rule.service.may:
            continue
        there = rule.presence is Presence.CERTAIN and rule.group.certain
        granted = there and parameters.service <= rule.service.must
        for peer in rule.peers:
            match peer:
                case GroupPeer(link, at) if canonical(link.id) == group or group in link.among:
                    sure = granted and link.certain
                    why = (*rule.reasons, *rule.group.reasons, *link.reasons)
                case UnknownPeer(at, why):
                    sure, why = False, (*rule.reasons, *why)
                case _:
                    continue
            text = service_text(rule.service)
            message = f"{evidence.group_name(group)} lets its members reach each other on {text}"
            if not sure:
                message = f"{evidence.group_name(group)} may let its members reach each other on {text}"
            judged = Judged(
                judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
                component=group,
                at=at,
                fact=f"{rule.direction} {text} itself",
                message=message,
                unknowns=() if sure else tuple(dict.fromkeys(why))[:_MOST_UNKNOWNS],
            )
            yield from _with_members(judged, parameters, evidence)


def _to_world(
    group: str, rules: Iterable[Rule], parameters: Parameters, evidence: Evidence
) -> Iterator[Judged]:
    for world in _whole(worlds(tuple(openings(rules, evidence.engine.index)), _WORLD)):
        if not parameters.service <= world.service:
            continue
        first, *others = world.openings
        text = service_text(world.service)
        ranges = listed(dict.fromkeys(one.text for one in world.openings))
        word = "to" if parameters.direction is Direction.EGRESS else "from"
        way = "out" if parameters.direction is Direction.EGRESS else "in"
        lets = "lets" if world.sure else "may let"
        reasons = [reason for one in world.openings for reason in one.reasons]
        judged = Judged(
            judgement=Judgement.VIOLATED if world.sure else Judgement.UNDETERMINED,
            component=group,
            at=first.at,
            fact=f"{parameters.direction} {text} {word} {ranges}",
            message=f"{evidence.group_name(group)} {lets} {text} {way} {word} {ranges}",
            related=tuple(
                Related(at=one.at, text=f"{one.text}, too") for one in others if one.at != first.at
            ),
            unknowns=() if world.sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
        )
        yield from _with_members(judged, parameters, evidence)


def _whole(given: tuple[World, ...]) -> Iterator[World]:
    """The worlds, those that are not sure with what the same rules open for certain."""
    for world in given:
        rules = {id(one.rule) for one in world.openings}
        beside = [
            other.service
            for other in given
            if other.sure and not world.sure and rules & {id(one.rule) for one in other.openings}
        ]
        yield replace(world, service=Traffic.union((world.service, *beside)))


def _with_members(judged: Judged, parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """The judgement with the group's members; none where one of them is excepted."""
    members = [one.workload for one in carriers_of(judged.component, evidence)]
    exempt = any(
        selects(selector, one, evidence) is Truth.YES for selector in parameters.exempt for one in members
    )
    if exempt:
        return
    if not members:
        yield replace(
            judged, message=f"{judged.message}; it has no member in the input.", severity=Severity.INFO
        )
        return
    yield replace(
        judged,
        message=f"{judged.message}; it is on {some((one.id for one in members), _MOST_NAMED)}.",
        related=(
            *judged.related,
            *(Related(at=one.at, text=f"{one.id} carries it") for one in members[:_MOST_NAMED]),
        ),
    )
