"""Which groups could stand in a rule for a range of addresses that holds their members."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Direction
from auditor.reach.spots import Spot
from auditor.rules.evidence import Evidence
from auditor.traffic import Bounds, Traffic

MOST_ASKED = 12


def needed(
    own: str, direction: Direction, service: Bounds[Traffic], groups: Sequence[str], evidence: Evidence
) -> list[str]:
    """Those of the groups whose members could use a rule of a group, and that no rule there references."""
    if len(groups) > MOST_ASKED:
        return []
    found = []
    already = referenced(own, direction, service, evidence)
    for group in groups:
        if group in already:
            continue
        if _takes_part(group, direction, evidence) and _lets(own, direction, service, group, evidence):
            found.append(group)
    return found


def referenced(
    own: str, direction: Direction, service: Bounds[Traffic], evidence: Evidence
) -> frozenset[str]:
    """The groups that other rules of a group reference already for all of a service."""
    by_group = evidence.engine.borders.groups.side(own, direction).by_group
    return frozenset(group for group, passes in by_group.items() if service.may <= passes.must)


def _takes_part(group: str, direction: Direction, evidence: Evidence) -> bool:
    """Whether any member opens connections, of a rule for what comes in, or accepts some."""
    members = evidence.engine.carriers.members.get(group, ())
    return any(one.initiates if direction is Direction.INGRESS else one.accepts for one in members)


def _lets(own: str, direction: Direction, service: Bounds[Traffic], group: str, evidence: Evidence) -> bool:
    """Whether the rules of a group's members let them take part in what the rule allows."""
    opposite = Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS
    here = _spots(own, evidence)
    for spot in _spots(group, evidence):
        for other in here:
            services, _ = evidence.engine.borders.groups.services(spot, opposite, other)
            if services.may & service.may:
                return True
    return False


def _spots(group: str, evidence: Evidence) -> list[Spot]:
    """Those of a group's members that rules tell apart."""
    parties = evidence.engine.spots.of_group(group)
    spots = [spot for party in parties for spot in party.spots]
    keys = [(one.groups, one.possible, bool(one.open), one.filtered, one.addresses) for one in spots]
    return list(dict(zip(keys, spots, strict=True)).values())
