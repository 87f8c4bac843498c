"""The ranges of VPCs as routes see them: where no route tells parts of one apart, any stands for all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.model import Link, Route, TargetKind, TransitRoute
from auditor.reach.index import Index
from auditor.reach.spot import Spot
from auditor.traffic import Bounds, IntSet


class Blocks:
    """The ranges of the VPCs of one network."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._whole: dict[tuple[str | None, IntSet], bool] = {}

    def around(self, spot: Spot) -> IntSet:
        """The range of a spot's VPC that its addresses lie in; they themselves where they lie in none."""
        for block in self.index.blocks(spot.vpc):
            if spot.addresses <= block.must:
                return block.must
        return spot.addresses

    def seen(self, spot: Spot) -> IntSet:
        """The addresses that packets from another VPC to a spot may be followed to, as well as to its own.

        They are the range of its VPC that it lies in, where every route that leads to a part leads to all.
        """
        block = self.around(spot)
        key = (spot.vpc, block)
        if key not in self._whole:
            self._whole[key] = self._is_whole(spot.vpc, block)
        return block if self._whole[key] else spot.addresses

    def _is_whole(self, vpc: str | None, block: IntSet) -> bool:
        if any(map(block.overlaps, self._diverting.get(vpc or "", ()))):
            return False
        for low, high in block.intervals:
            first = bisect_right(self._edges, low)
            if bisect_right(self._edges, high) > first:
                return False
            subnets = self._subnets[bisect_left(self._subnets, (low + 1, "")) :]
            for edge, owner in subnets:
                if edge > high:
                    break
                if owner != vpc:
                    return False
        return True

    @cached_property
    def _edges(self) -> list[int]:
        """Where the destinations of routes, the ranges of VPCs and networks outside begin, or have ended."""
        inventory = self.index.inventory
        found: set[int] = set()
        routes: list[Route | TransitRoute] = [*inventory.routes, *inventory.transit_routes]
        for route in routes:
            for peer in self.index.destinations(route.destination):
                found.update(_edges_of(peer.addresses))
        for vpc in inventory.vpcs:
            found.update(_edges_of(self.index.ranges(vpc.id)))
        for network in inventory.private_networks:
            found.update(_edges_of(network.prefixes))
        return sorted(found)

    @cached_property
    def _subnets(self) -> list[tuple[int, str]]:
        canonical = self.index.canonical
        return sorted(
            {
                (edge, canonical(one.vpc.id))
                for one in self.index.inventory.subnets
                for edge in _edges_of(one.cidrs)
            }
        )

    @cached_property
    def _diverting(self) -> dict[str, list[IntSet]]:
        """What may be taken away from the local routes of a VPC, by routes that are as specific or more."""
        found: dict[str, list[IntSet]] = {}
        for route in self.index.inventory.routes:
            if route.target.kind is TargetKind.LOCAL:
                continue
            for part in [peer.addresses for peer in self.index.destinations(route.destination)]:
                for vpc in self._vpcs_of(route.table):
                    blocks = self.index.blocks(vpc)
                    if not part.known or any(part.may <= block.may for block in blocks):
                        found.setdefault(vpc, []).append(part.may)
        return found

    def _vpcs_of(self, table: Link) -> Iterable[str]:
        """The VPCs that a table may belong to."""
        names = [self.index.canonical(name) for name in (*table.among, table.id)]
        known = [self.index.tables.get(name) for name in names]
        if table.any or None in known:
            return self.index.vpcs
        return {self.index.canonical(one.vpc.id) for one in known if one is not None}


def _edges_of(bounds: Bounds[IntSet]) -> Iterator[int]:
    for part in (bounds.must, bounds.may):
        for low, high in part.intervals:
            yield low
            yield high + 1
