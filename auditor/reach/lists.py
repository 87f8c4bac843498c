"""Prefix lists: the entries that routes and rules mean by naming one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from auditor.model import AddressPeer, Inventory, Link
from auditor.traffic import ANY, EMPTY, PUBLIC, Bounds
from auditor.tree import Presence, Reason

# VPC Lattice listens on link-local and unique local addresses:
# https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
_NOT_PUBLIC = "vpc-lattice"


class Lists:
    """The prefix lists of an inventory."""

    def __init__(self, inventory: Inventory, canonical: Callable[[str], str]) -> None:
        self.inventory = inventory
        self.canonical = canonical
        self._known = {one.id: one for one in inventory.prefix_lists}

    @cached_property
    def _list_entries(self) -> Mapping[str, list[AddressPeer]]:
        found = {one.id: list(one.entries) for one in self.inventory.prefix_lists}
        for extra in self.inventory.prefix_list_entries:
            entry = extra.entry
            if extra.presence is not Presence.CERTAIN or not extra.prefix_list.certain:
                entry = AddressPeer(Bounds(EMPTY, entry.addresses.may), entry.text, entry.at, entry.reasons)
            found.setdefault(self.canonical(extra.prefix_list.id), []).append(entry)
        return found

    def entries(self, link: Link) -> tuple[AddressPeer, ...]:
        """The entries of a prefix list; one unknown entry more where there may be others."""
        identity = self.canonical(link.id)
        entries = tuple(self._list_entries.get(identity, ()))
        known = self._known.get(identity)
        if known and known.service:
            # What AWS lists for a service changes with time and place: it stays a symbol.
            reason = Reason(
                f"the addresses that AWS lists for {known.service}", link.at, "a snapshot of the prefix list"
            )
            within = ANY if known.service.endswith(_NOT_PUBLIC) else PUBLIC
            return (*entries, AddressPeer(Bounds(EMPTY, within), known.service, link.at, (reason,)))
        if known and not known.open:
            return entries
        reasons = known.open if known else link.reasons or (_outside("prefix list", identity, link),)
        return (*entries, AddressPeer(Bounds(EMPTY, ANY), identity, link.at, reasons))


def _outside(noun: str, identity: str, link: Link) -> Reason:
    return Reason(f"the {noun} {identity}", link.at, "the input that defines it, or a snapshot")
