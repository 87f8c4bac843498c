"""What a range of addresses lets in from, or out to, beyond its own VPC, where no group can stand for it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import TargetKind
from auditor.reach.tables import Way
from auditor.rules.evidence import Evidence
from auditor.traffic import PRIVATE, IntSet

_INTO_NETWORKS = frozenset(
    {
        TargetKind.VPC_PEERING,
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.CORE_NETWORK,
        TargetKind.VPN_GATEWAY,
        TargetKind.LOCAL_GATEWAY,
    }
)
_PERHAPS = frozenset({TargetKind.NETWORK_INTERFACE, TargetKind.INSTANCE, TargetKind.UNKNOWN})


class Beyond:
    """The networks that VPCs are joined with, as their route tables have it.

    A group can be named across a peering, by its owner's account and id, but members of none are known there.
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._ways: dict[str | None, tuple[tuple[str, Way], ...]] = {}

    def ways(self, vpc: str | None, addresses: IntSet) -> tuple[str, ...]:
        """The routes of a VPC that lead some of the addresses to another network: table, range and target."""
        outside = (addresses & PRIVATE) - self.evidence.engine.index.ranges(vpc).may
        found = self._ways.get(vpc)
        if found is None:
            found = self._ways[vpc] = tuple(self._leading(vpc))
        return tuple(
            f"{table} sends {way.text} to {way.target.link.id}"
            for table, way in found
            if way.region.may.overlaps(outside) and way.target.link
        )

    def _leading(self, vpc: str | None) -> Iterator[tuple[str, Way]]:
        engine = self.evidence.engine
        told = set()
        for subnet in engine.index.subnets_of.get(vpc or "", ()):
            for table in engine.borders.tables.in_effect(subnet.id, vpc):
                if table.component in told:
                    continue
                told.add(table.component)
                yield from ((table.component, way) for way in table.ways if leads_on(way))


def leads_on(way: Way) -> bool:
    """Whether a route leads to a network. What passes a firewall goes on by the table of the firewall's own
    subnet, and a host, or a target not known, that takes all addresses is there for the internet.
    """
    if way.target.kind in _PERHAPS:
        return way.destination.may <= PRIVATE
    return way.target.kind in _INTO_NETWORKS
