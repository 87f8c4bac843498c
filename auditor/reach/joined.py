"""Which VPCs anything may join: all between which packets are worth following."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.model import Route, TargetKind
from auditor.reach.gateways import UNMODELLED
from auditor.reach.index import Index

_INTO_ANYTHING = "anything"


class Joined:
    """The VPCs of an inventory by what joins them, however many networks lie between."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def together(self, one: str | None, other: str | None) -> bool:
        """Whether packets by private addresses may get from one VPC to another."""
        if one == other or one not in self.index.vpcs or other not in self.index.vpcs:
            return True
        part = self._parts.get(one or "")
        return part is not None and part == self._parts.get(other or "")

    @cached_property
    def _parts(self) -> dict[str, str]:
        """What each joined thing belongs to, named by one of its members."""
        parents: dict[str, str] = {}

        def root(name: str) -> str:
            while parents.setdefault(name, name) != name:
                name = parents[name]
            return name

        for one, other in self._links():
            parents[root(one)] = root(other)
        return {name: root(name) for name in tuple(parents)}

    def _links(self) -> Iterator[tuple[str, str]]:
        inventory, canonical = self.index.inventory, self.index.canonical
        for peering in inventory.peerings:
            yield canonical(peering.requester.id), canonical(peering.accepter.id)
        for attachment in inventory.transit_attachments:
            for link in (attachment.vpc, attachment.peer):
                if link is not None:
                    yield canonical(attachment.gateway.id), canonical(link.id)
        yield from self._open()

    def _open(self) -> Iterator[tuple[str, str]]:
        """The VPCs of which a route, or a table that is not known, may lead anywhere."""
        index, inventory = self.index, self.index.inventory
        canonical = index.canonical
        for table_id, routes in index.routes.items():
            table = index.tables.get(table_id)
            for route in routes:
                if table is not None and self._leads_anywhere(route):
                    yield canonical(table.vpc.id), _INTO_ANYTHING

        for one in inventory.table_associations:
            vpc = index.vpc_of_subnet(canonical(one.subnet.id)) if one.subnet else None
            name = canonical(one.table.id)
            if vpc is not None and name not in index.tables and name not in index.implicit_tables:
                yield vpc, _INTO_ANYTHING

    def _leads_anywhere(self, route: Route) -> bool:
        """Whether a route leads to something that may pass packets on to any network."""
        if route.target.kind not in UNMODELLED or route.target.kind is TargetKind.VPC_ENDPOINT:
            return False
        name = self.index.canonical(route.target.link.id) if route.target.link else ""
        return name not in self._followed

    @cached_property
    def _followed(self) -> frozenset[str]:
        inventory = self.index.inventory
        return frozenset(
            [one.id for one in inventory.peerings]
            + [one.id for one in inventory.transit_gateways]
            + [one.id for one in inventory.gateways]
        )
