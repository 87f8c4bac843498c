"""The address line, cut where either network names a bound: no filter tells apart what is in one piece."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from auditor.model import AddressPeer, AddressRange, Inventory, Subnet, Vpc
from auditor.traffic import PRIVATE, PUBLIC, IntSet


class Atoms:
    """The pieces between all bounds of ranges that rules, ACLs, routes, lists and networks name."""

    def __init__(self, inventories: Iterable[Inventory]) -> None:
        sets = {PRIVATE, PUBLIC}
        for inventory in inventories:
            sets.update(_named(inventory))
        self._cuts = sorted({cut for one in sets for low, high in one for cut in (low, high + 1)})
        self._known: dict[IntSet, tuple[int, ...]] = {}

    def of(self, addresses: IntSet) -> tuple[int, ...]:
        """The numbers of the first and the last piece of each run of pieces that ``addresses`` touch."""
        found = self._known.get(addresses)
        if found is None:
            found = self._known[addresses] = tuple(
                bisect_right(self._cuts, bound) for interval in addresses for bound in interval
            )
        return found


def _named(inventory: Inventory) -> Iterator[IntSet]:
    networks: list[Vpc | AddressRange | Subnet] = [*inventory.vpcs, *inventory.ranges]
    for network in (*networks, *inventory.subnets):
        yield network.cidrs.must
        yield network.cidrs.may
    for peer in _peers(inventory):
        yield peer.addresses.must
        yield peer.addresses.may


def _peers(inventory: Inventory) -> Iterator[AddressPeer]:
    for rule in inventory.rules:
        yield from (peer for peer in rule.peers if isinstance(peer, AddressPeer))
    yield from (entry.peer for entry in inventory.acl_entries)
    yield from (route.destination for route in inventory.routes if isinstance(route.destination, AddressPeer))
    yield from (entry for listed in inventory.prefix_lists for entry in listed.entries)
    yield from (extra.entry for extra in inventory.prefix_list_entries)
