"""Whether a route table leads to the internet, and through what."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from auditor.model import Fact, TargetKind, Truth
from auditor.reach.tables import Table
from auditor.traffic import IPV4, PUBLIC
from auditor.tree import Location, Reason

LEADING_ON = frozenset(
    {
        TargetKind.VPC_ENDPOINT,
        TargetKind.NETWORK_INTERFACE,
        TargetKind.INSTANCE,
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.CORE_NETWORK,
        TargetKind.UNKNOWN,
    }
)
"""Targets by which an internet gateway may be reached all the same, as through a firewall."""

_WORLD = PUBLIC & IPV4


def leads_out(table: Table, through: AbstractSet[TargetKind]) -> Fact:
    """Whether a table sends some of the public IPv4 addresses to a target of one of the kinds."""
    reasons = list(table.outside)
    for way in table.ways:
        if way.is_service or way.target.kind not in through or not way.region.may.overlaps(_WORLD):
            continue
        if way.region.must.overlaps(_WORLD) and way.target.kind is not TargetKind.UNKNOWN:
            return Fact(Truth.YES, way.at)
        what = f"whether {way.text} of {table.component} leads to the internet"
        reasons.extend(way.reasons or (Reason(what, way.at or Location("")),))
    return Fact(Truth.UNKNOWN if reasons else Truth.NO, table.at, tuple(reasons))
