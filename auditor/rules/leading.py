"""How the routes of one VPC lead to another, by a peering connection or a transit gateway."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import Link, Peering, TargetKind, TransitAttachment, Truth
from auditor.reach import Answer, Engine
from auditor.reach.forwarding.transit import Transit
from auditor.reach.tables import Table, Way
from auditor.traffic import IntSet
from auditor.tree import Location, Reason

_TRANSIT = TargetKind.TRANSIT_GATEWAY
_JOINING = frozenset({TargetKind.VPC_PEERING, _TRANSIT})
_BEHIND = frozenset(
    {
        TargetKind.VPN_GATEWAY,
        TargetKind.VPC_ENDPOINT,
        TargetKind.NETWORK_INTERFACE,
        TargetKind.INSTANCE,
        TargetKind.CORE_NETWORK,
        TargetKind.UNKNOWN,
    }
)
"""Targets that may lead to another VPC in ways that are not looked for here."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A route of a VPC that leads, or may lead, to another one ``through`` what joins the two."""

    table: Table
    way: Way
    through: str
    sure: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def at(self) -> Location:
        """Where the route stands."""
        return self.way.at or self.table.at or Location("")


class Leading:
    """The routes between the VPCs of a network."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.index = engine.index
        self.transit = Transit(engine.index)
        self._tables: dict[str, tuple[Table, ...]] = {}

    def tables(self, vpc: str) -> tuple[Table, ...]:
        """The route tables of the subnets of a VPC, each once."""
        found = self._tables.get(vpc)
        if found is None:
            each = {
                table.component: table
                for subnet in self.index.subnets_of.get(vpc, ())
                for table in self.engine.borders.tables.in_effect(subnet.id, vpc)
            }
            found = self._tables[vpc] = tuple(each.values())
        return found

    @cached_property
    def peerings(self) -> dict[str, Peering]:
        """The peering connections by id."""
        return {one.id: one for one in self.index.inventory.peerings}

    def ends(self, peering: Peering) -> tuple[str, str]:
        """The VPCs that a peering joins, in the input or not."""
        return self.index.canonical(peering.requester.id), self.index.canonical(peering.accepter.id)

    def through_peering(self, vpc: str, peering: Peering, addresses: IntSet) -> Iterator[Lead]:
        """The routes of a VPC to a peering that take some of the addresses."""
        for table, way in self._ways(vpc, TargetKind.VPC_PEERING, peering.id):
            if way.region.may.overlaps(addresses):
                sure = way.region.must.overlaps(addresses) and not table.outside
                yield Lead(table, way, peering.id, sure, (*way.reasons, *table.outside))

    def through_gateway(
        self, gateway: str, one: TransitAttachment, other: TransitAttachment
    ) -> Iterator[Lead]:
        """The routes of a VPC to a transit gateway whose tables lead on to the VPC of another attachment."""
        if one.vpc is None or other.vpc is None:
            return
        vpc, addresses = self.index.canonical(one.vpc.id), self.ranges(self.index.canonical(other.vpc.id))
        onward = self._onward(gateway, one, other, addresses)
        if onward is Truth.NO:
            return
        for table, way in self._ways(vpc, _TRANSIT, gateway):
            if way.region.may.overlaps(addresses):
                sure = onward is Truth.YES and way.region.must.overlaps(addresses) and not table.outside
                yield Lead(table, way, gateway, sure, (*way.reasons, *table.outside))

    def _ways(self, vpc: str, kind: TargetKind, identity: str) -> Iterator[tuple[Table, Way]]:
        for table in self.tables(vpc):
            for way in table.ways:
                if way.target.kind is kind and self._is(way.target.link, identity):
                    yield table, way

    def _is(self, link: Link | None, identity: str) -> bool:
        return link is not None and self.index.canonical(link.id) == identity

    def _onward(
        self, gateway: str, one: TransitAttachment, other: TransitAttachment, addresses: IntSet
    ) -> Truth:
        tables, why = self.transit.looked_up(one, gateway)
        answer = Truth.UNKNOWN if why else Truth.NO
        for table in tables:
            view = self.transit.view(table)
            if view.outside:
                answer = Truth.UNKNOWN
            for way in view.ways:
                if way.region.may.overlaps(addresses) and self._is(way.target.link, other.id):
                    if way.region.must.overlaps(addresses):
                        return Truth.YES
                    answer = Truth.UNKNOWN
        return answer

    def _unused(self, vpc: str, addresses: IntSet) -> Iterator[Reason]:
        """The tables of a VPC with such a route that no subnet uses, though somebody means them to."""
        used = {table.component for table in self.tables(vpc)}
        for one in self.index.tables.values():
            if one.id in used or self.index.canonical(one.vpc.id) != vpc:
                continue
            ways = self.engine.borders.tables.table(one.id, vpc).ways
            if any(way.target.kind in _JOINING and way.region.may.overlaps(addresses) for way in ways):
                yield Reason(f"which subnets use {one.id}", one.at, "an association, or a snapshot")

    def serves(self, gateway: str, one: TransitAttachment, other: TransitAttachment) -> bool:
        """Whether a VPC may send to others by way of another one, as out through its NAT gateway.

        What this one then has by way of a route to it is the way of the replies.
        """
        if other.vpc is None:
            return False
        own = [way for _, way in self._ways(self.index.canonical(other.vpc.id), _TRANSIT, gateway)]
        sent = IntSet.union(way.region.may for way in own)
        return any(
            self._is(way.target.link, one.id) and way.region.may.overlaps(sent)
            for table in self.lookups(gateway, other)
            for way in self.transit.view(table).ways
        )

    def lookups(self, gateway: str, attachment: TransitAttachment) -> tuple[str, ...]:
        """The tables of a gateway that may be looked up for what an attachment sends."""
        return self.transit.looked_up(attachment, gateway)[0]

    def sends(self, vpc: str, gateway: str, addresses: IntSet) -> bool:
        """Whether a VPC has a route to a transit gateway that takes some of the addresses."""
        return any(way.region.may.overlaps(addresses) for _, way in self._ways(vpc, _TRANSIT, gateway))

    def between(self, table: Table, vpc: str) -> Answer | None:
        """The answer for any host in a subnet that uses a table, to any host of a VPC."""
        source = next((name for name in self.index.subnets if table in self._used(name)), None)
        target = next((one.id for one in self.index.subnets_of.get(vpc, ())), None)
        if source is None or target is None:
            return None
        names = self.engine.names
        return self.engine.can_reach(names.by_id(source), names.by_id(target))

    def _used(self, subnet: str) -> tuple[Table, ...]:
        return self.engine.borders.tables.in_effect(subnet, self.index.vpc_of_subnet(subnet))

    def ranges(self, vpc: str) -> IntSet:
        """The addresses that a VPC of the input has, or may have."""
        return self.index.ranges(vpc).may

    def otherwise(self, vpc: str, addresses: IntSet) -> tuple[Reason, ...]:
        """Why packets to some addresses may leave a VPC in another way: tables or targets not known."""
        found: list[Reason] = []
        for table in self.tables(vpc):
            found.extend(table.outside)
            for way in table.ways:
                if way.target.kind in _BEHIND and way.region.may.overlaps(addresses):
                    what = f"what lies behind {way.text} of {table.component}"
                    found.extend(way.reasons or (Reason(what, way.at or Location("")),))
        found.extend(self._unused(vpc, addresses))
        if not self.tables(vpc):
            found.append(Reason(f"the subnets of {vpc}", Location(""), "the input that defines them"))
        return tuple(dict.fromkeys(found))
