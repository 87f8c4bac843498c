"""What each of the networks says of a change: the rules that let it, or what stops it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.compare.comparing import Comparison, Found
from auditor.compare.far import Far
from auditor.difference import Evidence
from auditor.reach import Answer, Code, Endpoint, Leg
from auditor.reach.verdict import Blocker, DecisiveRule
from auditor.traffic import Traffic

_GROUPS = frozenset({"security-group"})
# The control points that a blocker speaks of: where it is gone, it is their rules that let the traffic.
_POINTS = {
    Code.ENI_SG_RULES_MISMATCH: _GROUPS,
    Code.SG_HAS_NO_RULES: _GROUPS,
    Code.SUBNET_ACL_RESTRICTION: frozenset({"network-acl"}),
    Code.NO_ROUTE_TO_DESTINATION: frozenset({"route-table"}),
    Code.BAD_STATE_ROUTE: frozenset({"route-table"}),
    Code.MORE_SPECIFIC_ROUTE: frozenset({"route-table"}),
}


def evidence(
    comparison: Comparison, example: Found, traffic: Traffic
) -> tuple[Evidence | None, Evidence | None]:
    """The evidence of the base and of the head for the traffic of a change."""
    answers = [_answer(comparison, side, example, traffic) for side in (0, 1)]
    stops = [answer.blockers if answer else () for answer in answers]
    before, after = (None if own is None else _told(own, stops[1 - side]) for side, own in enumerate(answers))
    return before, after


def _answer(comparison: Comparison, side: int, example: Found, traffic: Traffic) -> Answer | None:
    source, destination = (_end(comparison, side, one) for one in (example.source, example.destination))
    if source is None or destination is None:
        return None
    return comparison.engines[side].can_reach(source, destination, traffic.services())


def _end(comparison: Comparison, side: int, place: int | Far) -> Endpoint | None:
    return place.endpoint if isinstance(place, Far) else comparison.parties[place].ends[side]


def _told(answer: Answer, others: tuple[Blocker, ...]) -> Evidence:
    """What an answer says, its rules those of the control points that stop it on the other side."""
    kinds = frozenset().union(*(_POINTS.get(stop.code, frozenset()) for stop in others))
    rules = dict.fromkeys(_rules(answer, kinds)) or dict.fromkeys(_rules(answer, _GROUPS))
    return Evidence(
        verdict=answer.verdict, rules=tuple(rules), blockers=answer.blockers, unknowns=answer.unknowns
    )


def _rules(answer: Answer, kinds: frozenset[str]) -> Iterator[DecisiveRule]:
    for path in answer.paths[:1]:
        for hop in path.hops:
            if hop.leg is Leg.REQUEST and hop.kind in kinds and hop.holder and hop.at:
                yield DecisiveRule(component=hop.holder, at=hop.at, text=hop.rule)
