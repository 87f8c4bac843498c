"""What lies around a VPC: what joins it to others, and whether anything brings packets of other networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import NO, Fact, Link, Peering, TargetKind, TransitAttachment, TransitGateway, Truth
from auditor.reach import Engine
from auditor.reach.forwarding.facts import referencing, weakest
from auditor.reach.gateways import UNMODELLED
from auditor.tree import Location, Reason

_NOBODY = UNMODELLED - {TargetKind.VPC_ENDPOINT}


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that joins two VPCs (or, by ``joins``, may join them).

    ``inbound`` and ``outbound`` are whether rules for what comes in, or goes out, may name groups across it.
    A transit gateway has references in the rules for what comes in alone.
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
    """

    id: str
    at: Location
    joins: Truth
    active: Fact
    inbound: Fact
    outbound: Fact


class Around:
    """The VPCs of a network as seen by their neighbours."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.index = engine.index
        self._outside: dict[str | None, Fact] = {}

    # -- from VPC to VPC ---------------------------------------------------------------------------

    def ties(self, one: str | None, other: str | None) -> Iterator[Tie]:
        """What joins, or may join, two VPCs directly: peerings, and gateways that both are attached to."""
        for peering in self.index.inventory.peerings:
            joins = self._joins(peering, one, other)
            if joins.truth is not Truth.NO:
                active = weakest(joins, peering.active)
                references = weakest(active, peering.group_references)
                yield Tie(peering.id, peering.at, joins.truth, active, references, references)
        for gateway, ends in self._attached(one).items():
            others = self._attached(other).get(gateway, ())
            for end in ends:
                for far in others:
                    known = self._transit_gateways.get(gateway)
                    fact = referencing(known, gateway, (end, far))
                    active = weakest(end.active, far.active)
                    yield Tie(gateway, far.at, Truth.YES, active, weakest(active, fact), NO)

    def _joins(self, peering: Peering, one: str | None, other: str | None) -> Fact:
        ends = (peering.requester, peering.accepter)
        best = Truth.NO
        for first, second in ((one, other), (other, one)):
            truths = {self._names(ends[0], first), self._names(ends[1], second)}
            if truths == {Truth.YES}:
                return Fact(Truth.YES)
            if Truth.NO not in truths:
                best = Truth.UNKNOWN
        why = (Reason(f"which VPCs {peering.id} joins", peering.at, "the input that declares it"),)
        return Fact(best, peering.at, why if best is Truth.UNKNOWN else ())

    def _names(self, link: Link, vpc: str | None) -> Truth:
        if link.any or not link.certain:
            return Truth.UNKNOWN
        return self.index.same_vpc(self.index.canonical(link.id), vpc)

    def _attached(self, vpc: str | None) -> dict[str, list[TransitAttachment]]:
        return self._by_vpc.get(vpc, {})

    @cached_property
    def _by_vpc(self) -> dict[str | None, dict[str, list[TransitAttachment]]]:
        found: dict[str | None, dict[str, list[TransitAttachment]]] = {}
        for one in self.index.inventory.transit_attachments:
            if one.vpc is not None:
                vpc, gateway = self.index.canonical(one.vpc.id), self.index.canonical(one.gateway.id)
                found.setdefault(vpc, {}).setdefault(gateway, []).append(one)
        return found

    @cached_property
    def _transit_gateways(self) -> dict[str, TransitGateway]:
        return {one.id: one for one in self.index.inventory.transit_gateways}

    # -- from elsewhere ------------------------------------------------------------------------------

    def outside(self, vpc: str | None) -> Fact:
        """Whether packets between a VPC and private addresses of other networks are brought by anything."""
        found = self._outside.get(vpc)
        if found is None:
            found = self._outside[vpc] = self._brought(vpc)
        return found

    def _brought(self, vpc: str | None) -> Fact:
        facts = list(self._bringing(vpc))
        sure = next((fact for fact in facts if fact.truth is Truth.YES), None)
        if sure is not None:
            return sure
        reasons = tuple(reason for fact in facts for reason in fact.reasons)
        return Fact(Truth.UNKNOWN, None, reasons) if facts else Fact(Truth.NO)

    def _bringing(self, vpc: str | None) -> Iterator[Fact]:
        index = self.index
        if vpc not in index.vpcs:
            yield Fact(Truth.UNKNOWN, None, (Reason(f"what {vpc} is joined to", Location("")),))
            return
        if self._attached(vpc):
            yield Fact(Truth.YES)
        for peering in index.inventory.peerings:
            for link in (peering.requester, peering.accepter):
                if self._names(link, vpc) is not Truth.NO:
                    yield Fact(Truth.YES, peering.at)
        if index.gateways(vpc, TargetKind.VPN_GATEWAY) is not Truth.NO:
            yield Fact(Truth.YES)
        yield from self._routed(vpc)
        yield from self._forwarding.get(vpc, ())

    def _routed(self, vpc: str | None) -> Iterator[Fact]:
        tables = {
            table.component: table
            for subnet in self.index.subnets_of.get(vpc or "", ())
            for table in self.engine.borders.tables.in_effect(subnet.id, vpc)
        }
        for table in tables.values():
            if table.outside:
                yield Fact(Truth.UNKNOWN, table.at, table.outside)
            for way in table.ways:
                if way.target.kind is TargetKind.UNKNOWN:
                    why = Reason(f"what {way.text} of {table.component} leads to", way.at or Location(""))
                    yield Fact(Truth.UNKNOWN, way.at, way.reasons or (why,))
                elif way.target.kind in _NOBODY:
                    yield Fact(Truth.YES, way.at)

    @cached_property
    def _forwarding(self) -> dict[str | None, list[Fact]]:
        found: dict[str | None, list[Fact]] = {}
        for one in self.index.inventory.workloads:
            if one.forwards.truth is not Truth.NO:
                found.setdefault(self.engine.carriers.vpc(one), []).append(one.forwards)
        return found
