"""What names in DNS stand for: components of the input, and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import DnsName
from auditor.reach.filing import grouped
from auditor.reach.index import Index
from auditor.traffic import EMPTY, IntSet
from auditor.tree import Reason

_MOST_ALIASES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a name stands for. ``unknown`` says what else it may stand for that the input does not say."""

    components: tuple[str, ...] = ()
    addresses: IntSet = EMPTY
    unknown: tuple[Reason, ...] = ()


class Dns:
    """The names of one inventory; ``known`` says whether a component can be asked about."""

    def __init__(self, index: Index, known: Callable[[str], bool]) -> None:
        self.index = index
        self.known = known

    def meaning(self, text: str) -> Meaning | None:
        """What a name stands for, whatever its case and with or without a dot at its end; None for no name.

        A name that has no record of its own has that of the nearest wildcard above it (RFC 4592).
        """
        records = self._records(_plain(text))
        if not records:
            return None
        found = [self._of(record, _MOST_ALIASES) for record in records]
        return Meaning(
            components=tuple(dict.fromkeys(one for each in found for one in each.components)),
            addresses=IntSet.union(each.addresses for each in found),
            unknown=tuple(dict.fromkeys(why for each in found for why in each.unknown)),
        )

    @cached_property
    def _by_name(self) -> dict[str, list[DnsName]]:
        return grouped(self.index.inventory.dns_names, lambda one: one.name)

    @cached_property
    def _held(self) -> dict[str, str]:
        """What has each Elastic IP, by the ids of both."""
        canonical, inventory = self.index.canonical, self.index.inventory
        found = {one.id: canonical(one.holder.id) for one in inventory.elastic_ips if one.holder}
        for one in inventory.elastic_ip_associations:
            found[canonical(one.address.id)] = canonical(one.holder.id)
        return found

    def _records(self, name: str) -> list[DnsName]:
        found = self._by_name.get(name)
        while found is None and "." in name:
            name = name.partition(".")[2]
            found = self._by_name.get(f"*.{name}")
        return found or []

    def _of(self, record: DnsName, left: int) -> Meaning:
        addresses = IntSet.union(peer.addresses.may for peer in record.addresses)
        unknown = record.reasons + tuple(why for peer in record.addresses for why in peer.reasons)
        if record.of is None:
            return Meaning(addresses=addresses, unknown=unknown)
        component = self.index.canonical(record.of.id)
        component = self._held.get(component, component)
        if self.known(component):
            return Meaning(components=(component,), unknown=unknown + record.of.reasons)
        further = list(self._further(component, left)) if left else []
        if not further:
            why = Reason(f"what {component} is", record.of.at, "the input that declares it, or its addresses")
            return Meaning(unknown=(*unknown, *record.of.reasons, why))
        return Meaning(
            components=tuple(one for each in further for one in each.components),
            addresses=IntSet.union(each.addresses for each in further),
            unknown=unknown + tuple(why for each in further for why in each.unknown),
        )

    def _further(self, name: str, left: int) -> Iterator[Meaning]:
        """What a name stands for that another one is an alias of."""
        for record in self._records(_plain(name)):
            yield self._of(record, left - 1)


def _plain(text: str) -> str:
    return text.strip().rstrip(".").lower()
