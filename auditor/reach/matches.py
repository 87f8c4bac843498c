"""The matches of rules that bear on a neighbour."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.reach.points import services_text
from auditor.reach.sides import Match
from auditor.reach.spot import Spot
from auditor.reach.verdict import DecisiveRule
from auditor.traffic import IPV4, IPV6, PUBLIC, IntSet, Traffic

_WIDE = 1 << 24


def may_carry_any(spots: Sequence[Spot]) -> bool:
    """Whether one of the spots may carry groups that are not known."""
    return any(spot.open for spot in spots)


def is_wide(addresses: IntSet) -> bool:
    """Whether a range is the internet rather than somebody's part of it."""
    public = addresses & PUBLIC
    return (public & IPV4).size >= _WIDE or (public & IPV6).size >= 1 << 104


def matching(known: Sequence[Match], spots: Sequence[Spot]) -> tuple[Match, ...]:
    """The matches whose addresses hold some of the spots."""
    addresses = IntSet.union(spot.addresses for spot in spots)
    return tuple(match for match in known if match.addresses.must.overlaps(addresses))


def decisive(matches: Sequence[Match], traffic: Traffic) -> tuple[DecisiveRule, ...]:
    """The rules that let some of the traffic pass, sorted."""
    services = traffic.services()
    found: dict[tuple[str, str], DecisiveRule] = {}
    for match in matches:
        if match.service.may & services:
            text = f"{services_text(match.rule.service.may)} {match.text}"
            rule = DecisiveRule(component=match.rule.component, at=match.at, text=text)
            found.setdefault((rule.component, str(rule.at)), rule)
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.component)))
