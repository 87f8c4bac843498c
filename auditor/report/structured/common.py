"""The pieces that JSON documents share."""

from __future__ import annotations

from auditor.reach.verdict import Blocker, DecisiveRule, End
from auditor.report.components import Json
from auditor.traffic import Bounds, Traffic, traffic_text
from auditor.tree import Gap, Location, Reason


def bounds_of(bounds: Bounds[Traffic]) -> dict[str, Json]:
    """What passes for certain, and what may."""
    return {"must": list(traffic_text(bounds.must)), "may": list(traffic_text(bounds.may))}


def place_of(at: Location | None) -> str | None:
    """A place as text."""
    return None if at is None else str(at)


def blocker_of(blocker: Blocker) -> dict[str, Json]:
    """What blocks, or what must change."""
    return {
        "code": blocker.code.value,
        "component": blocker.component,
        "direction": blocker.leg.value,
        "at": place_of(blocker.at),
        "text": blocker.text,
    }


def unknowns_of(reasons: tuple[Reason, ...]) -> list[Json]:
    """What is not known."""
    return [{"what": each.what, "at": str(each.at), "settled_by": each.settled_by} for each in reasons]


def end_of(end: End) -> dict[str, Json]:
    """A source or a destination."""
    return {"kind": end.kind.value, "name": end.name, "address": end.address, "at": place_of(end.at)}


def rule_of(rule: DecisiveRule) -> dict[str, Json]:
    """A rule that lets something pass."""
    return {"component": rule.component, "at": str(rule.at), "text": rule.text}


def gaps_of(gaps: tuple[Gap, ...]) -> list[Json]:
    """What was not understood."""
    return [
        {
            "kind": gap.kind.value,
            "what": gap.what,
            "at": str(gap.at),
            "why": gap.why,
            "settled_by": gap.settled_by,
        }
        for gap in gaps
    ]
