"""A rule of a group is written in a way that it should not be: for all ports, or without saying what for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, Rule, Truth
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.grants import Grant, grants
from auditor.rules.section import Section
from auditor.rules.words import listed, peer_word, service_text, some
from auditor.traffic import EVERYTHING, IPV4, IPV6, TCP, UDP, Bounds, Traffic, parse_traffic
from auditor.tree import Reason

_MOST_NAMED = 8
_MOST_UNKNOWNS = 12
_ALL_PORTS = {TCP: parse_traffic("tcp/0-65535"), UDP: parse_traffic("udp/0-65535")}


class Fault(StrEnum):
    """How a rule is written."""

    ALL_PORTS = "all-ports"
    NO_DESCRIPTION = "no-description"


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the rules are written that are told, and the directions that are looked at."""

    fault: Fault
    directions: tuple[Direction, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "as": {"enum": ["all-ports", "no-description"]},
        "direction": {"enum": ["any", "ingress", "egress"]},
    },
    "required": ["as"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``as``: all-ports or no-description. ``direction``: ingress, egress, or any of both."""
    choice = section.choice("direction", ("any", *Direction), "any")
    directions = tuple(each for each in Direction if choice in {"any", each.value})
    return Parameters(Fault(section.choice("as", tuple(Fault))), directions)


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule that opens all ports; one for each group with rules that say nothing."""
    find = _FAULTS[parameters.fault]
    for group, rules in evidence.engine.index.rules.items():
        chosen = [one for one in rules if one.direction in parameters.directions and not one.implicit]
        if chosen:
            yield from find(group, chosen, evidence)


# -- all ports ------------------------------------------------------------------------------------


def _all_ports(group: str, rules: Sequence[Rule], evidence: Evidence) -> Iterator[Judged]:
    for rule in rules:
        opened = _opens_all(rule.service)
        if opened is Truth.NO:
            continue
        ends = [one for one in grants((rule,), evidence.engine.index) if one.name != group]
        if ends:
            sure = opened is Truth.YES and ends[0].sure
            yield _opened(group, rule, ends, evidence, sure=sure)


def _opens_all(service: Bounds[Traffic]) -> Truth:
    if any(ports <= service.must for ports in _ALL_PORTS.values()):
        return Truth.YES
    return Truth.UNKNOWN if any(ports <= service.may for ports in _ALL_PORTS.values()) else Truth.NO


def _opened(group: str, rule: Rule, ends: Sequence[Grant], evidence: Evidence, *, sure: bool) -> Judged:
    services, word = service_text(rule.service), peer_word(rule.direction)
    who = listed(dict.fromkeys(one.text for one in ends))
    name = evidence.group_name(group)
    verb = "lets" if sure else "may let"
    reasons = tuple(dict.fromkeys(why for one in ends for why in one.reasons))
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=group,
        at=rule.at,
        fact=f"{rule.direction} {services} {word} {who}",
        message=f"{name} {verb} {services} {word} {who} pass.",
        severity=None if sure else Severity.INFO,
        fix=f"Name the ports that {who} must use of {name}." if sure else "",
        unknowns=() if sure else reasons[:_MOST_UNKNOWNS],
    )


# -- no description -------------------------------------------------------------------------------


def _no_description(group: str, given: Sequence[Rule], evidence: Evidence) -> Iterator[Judged]:
    rules = [one for one in given if not _made_by_aws(group, one, evidence)]
    without = [one for one in rules if one.described.truth is Truth.NO]
    unknown = [one for one in rules if one.described.truth is Truth.UNKNOWN]
    if without:
        yield _undescribed(group, without, evidence, unknown=())
    elif unknown:
        reasons = tuple(dict.fromkeys(why for one in unknown for why in one.described.reasons))
        yield _undescribed(group, unknown, evidence, unknown=reasons)


def _made_by_aws(group: str, rule: Rule, evidence: Evidence) -> bool:
    """Whether a rule says what AWS's own ones say: all traffic out, and in a default group among members.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    if rule.service.must != EVERYTHING:
        return False
    ends = tuple(grants((rule,), evidence.engine.index))
    if rule.direction is Direction.EGRESS:
        return all(one.addresses.must in {IPV4, IPV6} for one in ends)
    known = evidence.engine.index.groups.get(group)
    return known is not None and known.default and all(one.name == group for one in ends)


def _undescribed(
    group: str, rules: Sequence[Rule], evidence: Evidence, *, unknown: tuple[Reason, ...]
) -> Judged:
    texts = dict.fromkeys(_said(one, evidence) for one in rules)
    number = "a rule" if len(rules) == 1 else f"{len(rules)} rules"
    named = some(texts, _MOST_NAMED)
    doubt = "may have no description" if unknown else "without a description"
    first, *others = sorted(rules, key=lambda one: one.at)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=group,
        at=first.at,
        fact="; ".join(sorted(texts)),
        message=f"{evidence.group_name(group)} has {number} {'that ' if unknown else ''}{doubt}: {named}.",
        related=tuple(dict.fromkeys(Related(at=one.at, text=_said(one, evidence)) for one in others)),
        unknowns=unknown[:_MOST_UNKNOWNS],
    )


def _said(rule: Rule, evidence: Evidence) -> str:
    ends = listed(dict.fromkeys(one.text for one in grants((rule,), evidence.engine.index)) or ("nobody",))
    return f"{service_text(rule.service)} {peer_word(rule.direction)} {ends}"


_FAULTS: Mapping[Fault, Callable[[str, Sequence[Rule], Evidence], Iterator[Judged]]] = {
    Fault.ALL_PORTS: _all_ports,
    Fault.NO_DESCRIPTION: _no_description,
}
