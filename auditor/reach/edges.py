"""The edge of a VPC: what stands at its internet gateway beside the gateway itself.

A gateway may have a route table of its own, which takes what enters to a middlebox, and public access may
be blocked for the whole account. Neither is followed: both leave open what they take.

https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import TargetKind, Truth
from auditor.reach.gateways import target_name
from auditor.reach.index import Index
from auditor.reach.points import PERHAPS, Clause, Point
from auditor.reach.tables import Tables
from auditor.reach.verdict import Code, Leg
from auditor.traffic import EVERYTHING, NOTHING, Bounds, IntSet, Traffic
from auditor.tree import Location, Reason

_LOCAL = frozenset({TargetKind.LOCAL, TargetKind.BLACKHOLE})


class Edges:
    """What stands between the internet gateways of an inventory's VPCs and their subnets."""

    def __init__(self, index: Index, tables: Tables) -> None:
        self.index = index
        self.tables = tables
        canonical = index.canonical
        self._of_gateways = tuple(
            (canonical(one.gateway.id), canonical(one.table.id))
            for one in index.inventory.table_associations
            if one.gateway
        )

    def points(self, vpc: str | None, addresses: IntSet, leg: Leg) -> tuple[Point, ...]:
        """The points between a VPC's internet gateway and ``addresses`` in it, none for most networks.

        ``leg`` is the packet that enters: the request, or the reply to one that left.
        """
        found = list(self._public_access(vpc))
        clauses = tuple(self._clauses(vpc, addresses, leg))
        if clauses:
            away = Traffic.union([clause.region.may for clause in clauses])
            passes = Bounds(EVERYTHING - away, EVERYTHING)
            first = clauses[0]
            found.append(
                Point(
                    kind="route-table",
                    component=first.component,
                    code=Code.CANNOT_ROUTE,
                    passes=passes,
                    clauses=clauses,
                    leg=leg,
                    at=first.at,
                )
            )
        return tuple(found)

    def _clauses(self, vpc: str | None, addresses: IntSet, leg: Leg) -> Iterator[Clause]:
        for table in self._edge_tables(vpc):
            for way in self.tables.table(table, vpc).ways:
                taken = way.region.may & addresses
                if not taken or way.target.kind in _LOCAL:
                    continue
                name, at = target_name(way), way.at or Location("")
                what = f"what passes {name} ({way.target.kind.value}), which takes what enters to {way.text}"
                # A reply may come to the address of a NAT gateway, which the request does not show.
                region = PERHAPS if leg is Leg.REPLY else Bounds(NOTHING, Traffic.of(destinations=taken))
                yield Clause(
                    component=table,
                    at=way.at,
                    text=f"{way.text} to {name}",
                    region=region,
                    reasons=(Reason(what, at), *way.reasons),
                )

    def _edge_tables(self, vpc: str | None) -> Iterator[str]:
        """The route tables of the gateways that are, or may be, attached to a VPC."""
        for gateway, table in self._of_gateways:
            if self.index.attached(gateway, vpc) is not Truth.NO:
                yield table

    def _public_access(self, vpc: str | None) -> Iterator[Point]:
        for one in self.index.inventory.public_access_blocks:
            if one.blocks.truth is Truth.NO:
                continue
            what = f"what {one.id} lets pass between {vpc or 'the VPC'} and the internet"
            why = Reason(what, one.at, "turn it off, or ask AWS's Reachability Analyzer")
            clause = Clause(
                component=one.id,
                at=one.at,
                text="public access is blocked",
                region=PERHAPS,
                reasons=(why, *one.blocks.reasons),
            )
            yield Point(
                kind="public-access-block",
                component=one.id,
                code=Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED,
                passes=PERHAPS,
                clauses=(clause,),
                at=one.at,
            )
