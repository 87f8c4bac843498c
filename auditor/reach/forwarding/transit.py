"""Transit gateways: which table is looked up for an attachment, and where the table sends packets.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import (
    AttachmentKind,
    Link,
    PrefixListPeer,
    Target,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    Truth,
)
from auditor.reach.filing import by_id
from auditor.reach.index import Index
from auditor.reach.tables import Way, equal, placed
from auditor.traffic import ANY, EMPTY, Bounds, IntSet, cidrs
from auditor.tree import Location, Presence, Reason

# The order of evaluation for equal prefixes:
# https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
_STATIC, _LISTED = 0, 1
_PROPAGATED = {
    AttachmentKind.VPC: 12,
    AttachmentKind.DIRECT_CONNECT: 13,
    AttachmentKind.CONNECT: 14,
    AttachmentKind.VPN: 15,
    AttachmentKind.PEERING: 16,
    AttachmentKind.FIREWALL: 17,
    AttachmentKind.UNKNOWN: 17,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitView:
    """One table as it decides: its ways (whose targets are attachments), and why there may be others."""

    component: str
    at: Location | None
    ways: tuple[Way, ...]
    outside: tuple[Reason, ...] = ()


class Transit:
    """The transit gateways of an inventory, and the core networks of Cloud WAN."""

    def __init__(self, index: Index) -> None:
        self.index = index
        inventory = index.inventory
        self.gateways: dict[str, TransitGateway] = by_id(inventory.transit_gateways)
        self.attachments: dict[str, TransitAttachment] = by_id(inventory.transit_attachments)
        self.tables = by_id(inventory.transit_tables)
        self._views: dict[str, TransitView] = {}
        self._of_vpc: dict[tuple[str, str | None], tuple[tuple[TransitAttachment, Truth], ...]] = {}

    def ending_at(self, gateway: str) -> list[TransitAttachment]:
        """The attachments of a gateway, of either end."""
        return self._ends.get(gateway, [])

    @cached_property
    def _ends(self) -> dict[str, list[TransitAttachment]]:
        found: dict[str, list[TransitAttachment]] = {}
        for one in self.attachments.values():
            for name in {self.index.canonical(link.id) for link in (one.gateway, one.peer) if link}:
                found.setdefault(name, []).append(one)
        return found

    def of_vpc(self, gateway: str, vpc: str | None) -> tuple[tuple[TransitAttachment, Truth], ...]:
        """The attachments by which a VPC is, or may be, attached to a gateway."""
        key = (gateway, vpc)
        found = self._of_vpc.get(key)
        if found is None:
            found = self._of_vpc[key] = tuple(self._attaching(gateway, vpc))
        return found

    def _attaching(self, gateway: str, vpc: str | None) -> Iterator[tuple[TransitAttachment, Truth]]:
        canonical = self.index.canonical
        for one in self.ending_at(gateway):
            if one.kind is not AttachmentKind.VPC or one.vpc is None:
                continue
            same = self.index.same_vpc(canonical(one.vpc.id), vpc)
            if same is not Truth.NO:
                sure = one.presence is Presence.CERTAIN and one.vpc.certain and one.gateway.certain
                yield one, same if sure else Truth.UNKNOWN

    def looked_up(
        self, attachment: TransitAttachment, gateway: str
    ) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
        """The tables one of which is looked up for what an attachment sends, and why there may be others.

        None at all where it is associated with no table.
        """
        found: list[str] = []
        open_: list[Reason] = []
        for one in self._associations.get(attachment.id, ()):
            own = self._of(one, gateway)
            found.extend(own)
            if not one.certain:
                open_.extend(one.reasons or (_association(attachment),))
            elif own and not one.any:
                return tuple(own[-1:]), ()
        more, why = self._default(attachment, gateway)
        return tuple(dict.fromkeys((*found, *more))), (*open_, *why)

    def _of(self, link: Link, gateway: str) -> list[str]:
        """The tables of a gateway, or of one that is not known, that a link may mean."""
        names = [self.index.canonical(name) for name in link.among or (link.id,)]
        tables = {name: self.tables.get(name) for name in names}
        return [
            name
            for name, table in tables.items()
            if table is None or self.index.canonical(table.gateway.id) == gateway
        ]

    def _default(
        self, attachment: TransitAttachment, gateway: str
    ) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
        """The table that a gateway gives attachments by itself, and why it may be another."""
        known = self.gateways.get(gateway)
        default = known.association_table if known else None
        fact = attachment.default_association
        if default is None or fact.truth is Truth.NO or attachment.kind is AttachmentKind.PEERING:
            return (), () if known else (_association(attachment),)
        if fact.truth is Truth.YES and default.certain and not default.any:
            return (self.index.canonical(default.id),), ()
        why = (*fact.reasons, *default.reasons) or (_association(attachment),)
        return (self.index.canonical(default.id),), why

    @cached_property
    def _associations(self) -> dict[str, list[Link]]:
        return self._filed("transit_associations")

    @cached_property
    def _propagations(self) -> dict[str, list[Link]]:
        return self._filed("transit_propagations")

    def _filed(self, noun: str) -> dict[str, list[Link]]:
        """The tables that attachments are joined with, by the attachment's id."""
        inventory = self.index.inventory
        facts = (
            inventory.transit_associations
            if noun == "transit_associations"
            else inventory.transit_propagations
        )
        found: dict[str, list[Link]] = {}
        for one in facts:
            sure = one.presence is Presence.CERTAIN and one.attachment.certain and one.table.certain
            names = [self.index.canonical(name) for name in (*one.attachment.among, one.attachment.id)]
            if one.attachment.any:
                names.extend(self.attachments)
            for name in dict.fromkeys(names):
                link = one.table
                reasons = (*link.reasons, *one.attachment.reasons)
                found.setdefault(name, []).append(
                    Link(link.id, one.at, sure and link.certain, reasons, link.among, link.any)
                )
        return found

    # -- tables ------------------------------------------------------------------------------------

    def view(self, table: str) -> TransitView:
        """A table as it decides."""
        found = self._views.get(table)
        if found is None:
            found = self._views[table] = self._compiled(table)
        return found

    def _compiled(self, table: str) -> TransitView:
        known = self.tables.get(table)
        ways = [*self._static(table), *self._propagated(table, known=known is not None)]
        outside: tuple[Reason, ...] = ()
        if known is None:
            what = f"the other routes of {table}" if ways else f"the routes of {table}"
            outside = (Reason(what, Location(""), "the input that defines the table, or a snapshot"),)
        return TransitView(
            component=table,
            at=known.at if known else None,
            ways=tuple(placed(way, [one for one in ways if not equal(one, way)], outside) for way in ways),
            outside=outside,
        )

    @cached_property
    def _routes(self) -> dict[str, list[tuple[Way, Link]]]:
        found: dict[str, list[tuple[Way, Link]]] = {}
        canonical = self.index.canonical
        for route in self.index.inventory.transit_routes:
            sure = route.presence is Presence.CERTAIN and route.table.certain
            listed = isinstance(route.destination, PrefixListPeer)
            names = [canonical(name) for name in (*route.table.among, route.table.id)]
            if route.table.any:
                names.extend(self.tables)
            link = route.attachment
            target = Target(TargetKind.TRANSIT_GATEWAY, link) if link else Target(TargetKind.BLACKHOLE)
            for peer in self.index.destinations(route.destination):
                bounds = peer.addresses if sure else Bounds(EMPTY, peer.addresses.may)
                why = route.reasons + peer.reasons + (link.reasons if link and not link.certain else ())
                way = Way(
                    target=target,
                    destination=bounds,
                    region=bounds,
                    text=peer.text,
                    at=route.at,
                    size=peer.addresses.may.size if peer.addresses.known else None,
                    rank=_LISTED if listed else _STATIC,
                    reasons=why,
                )
                for name in dict.fromkeys(names):
                    found.setdefault(name, []).append((way, route.table))
        return found

    def _static(self, table: str) -> Iterator[Way]:
        yield from (way for way, _ in self._routes.get(table, ()))

    def _propagated(self, table: str, *, known: bool) -> Iterator[Way]:
        for attachment in self.attachments.values():
            for link in self._tables_of(attachment):
                names = {self.index.canonical(name) for name in (*link.among, link.id)}
                if table in names or (link.any and known):
                    yield from self._announced(attachment, link)

    def _tables_of(self, attachment: TransitAttachment) -> Iterator[Link]:
        """The tables to which an attachment propagates its networks."""
        yield from self._propagations.get(attachment.id, ())
        gateway = self.gateways.get(self.index.canonical(attachment.gateway.id))
        default = gateway.propagation_table if gateway else None
        fact = attachment.default_propagation
        if default is None or fact.truth is Truth.NO or attachment.kind is AttachmentKind.PEERING:
            return
        sure = default.certain and fact.truth is Truth.YES and attachment.gateway.certain
        yield Link(
            default.id, attachment.at, sure, (*default.reasons, *fact.reasons), default.among, default.any
        )

    def _announced(self, attachment: TransitAttachment, link: Link) -> Iterator[Way]:
        sure = (
            link.certain and attachment.presence is Presence.CERTAIN and attachment.active.truth is Truth.YES
        )
        target = Target(TargetKind.TRANSIT_GATEWAY, Link(attachment.id, attachment.at))
        rank = _PROPAGATED[attachment.kind]
        for bounds, text, why in self._networks_of(attachment):
            known = bounds.known
            yield Way(
                target=target,
                destination=bounds if sure else Bounds(EMPTY, bounds.may),
                region=bounds if sure else Bounds(EMPTY, bounds.may),
                text=f"{text}, propagated",
                at=link.at,
                size=bounds.may.size if known else None,
                rank=rank,
                reasons=(*why, *link.reasons, *attachment.active.reasons),
            )

    def _networks_of(
        self, attachment: TransitAttachment
    ) -> Iterator[tuple[Bounds[IntSet], str, tuple[Reason, ...]]]:
        if attachment.kind is AttachmentKind.VPC:
            vpc = self.index.canonical(attachment.vpc.id) if attachment.vpc else None
            for block in self.index.blocks(vpc):
                yield block, ", ".join(cidrs(block.may)) if block.known else f"the ranges of {vpc}", ()
            if not self.index.blocks(vpc):
                why = Reason(
                    f"the ranges of {vpc}", attachment.at, "the input that defines the VPC, or a snapshot"
                )
                yield Bounds(EMPTY, ANY), f"the ranges of {vpc}", (why,)
            return
        networks = self.index.networks.get(attachment.id, ())
        for network in networks:
            for span in _spans(network.prefixes):
                yield span, ", ".join(cidrs(span.may)) if span.known else network.id, network.reasons
        if not networks:
            why = Reason(f"the networks behind {attachment.id}", attachment.at, "a snapshot")
            yield Bounds(EMPTY, ANY), f"the networks behind {attachment.id}", (why,)


def _spans(prefixes: Bounds[IntSet]) -> Iterator[Bounds[IntSet]]:
    if prefixes.known:
        for low, high in prefixes.may:
            one = IntSet.of((low, high))
            yield Bounds(one, one)
        return
    if prefixes.must:
        yield from _spans(Bounds(prefixes.must, prefixes.must))
    yield Bounds(EMPTY, prefixes.may)


def _association(attachment: TransitAttachment) -> Reason:
    return Reason(f"the table that {attachment.id} is associated with", attachment.at, "a snapshot")
