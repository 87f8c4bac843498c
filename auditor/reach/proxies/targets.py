"""The listeners, target groups and targets of an inventory, joined to what proxies hand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import Link, Listener, ProxyTarget, TargetGroup, TargetType, Truth
from auditor.reach.filing import Cabinet, by_id, grouped
from auditor.reach.proxies.links import private_links
from auditor.reach.proxies.onward import How, Onward
from auditor.reach.spots import Spots
from auditor.traffic import EVERYTHING, NOTHING, Bounds, IntSet, Traffic
from auditor.tree import Presence, Reason

_ANYTHING: Bounds[Traffic] = Bounds(NOTHING, EVERYTHING)


@dataclass(frozen=True, slots=True)
class _Registered:
    """A workload that a target group may hold, empty for any, and whether it certainly does."""

    workload: str
    opens: Bounds[Traffic]
    certain: bool
    reasons: tuple[Reason, ...]


class Targets:
    """Everything that the proxies of an inventory hand on."""

    def __init__(self, spots: Spots) -> None:
        self.spots = spots
        self.carriers = spots.carriers
        self.index = spots.index
        self._cabinet = Cabinet(self.index.canonical)
        self.groups: Mapping[str, TargetGroup] = by_id(self.index.inventory.target_groups)

    @cached_property
    def listeners(self) -> Mapping[str, list[Listener]]:
        """The listeners that a proxy has, or may have, by the proxy's id."""
        inventory = self.index.inventory
        known = [one.id for one in inventory.workloads] if inventory.listeners else []
        return self._cabinet.filed(inventory.listeners, "proxy", known)

    @cached_property
    def _registered(self) -> Mapping[str, list[ProxyTarget]]:
        return self._cabinet.filed(self.index.inventory.proxy_targets, "group", self.groups)

    @cached_property
    def every(self) -> tuple[Onward, ...]:
        """All that proxies hand on, in the order of the listeners, endpoints last."""
        found = [
            one
            for proxy, listeners in self.listeners.items()
            if proxy in self.carriers.workloads
            for listener in listeners
            for one in self._of_listener(proxy, listener)
        ]
        found.extend(private_links(self.index, self.carriers, self.listeners))
        return tuple(found)

    @cached_property
    def of_proxy(self) -> Mapping[str, list[Onward]]:
        """What each proxy hands on, by its id."""
        return grouped(self.every, lambda one: one.proxy)

    @cached_property
    def to_target(self) -> Mapping[str, list[Onward]]:
        """What hands on to each workload, by its id; under the empty id what may hand on to any."""
        return grouped(self.every, lambda one: one.target)

    def unused(self, workload: str) -> Iterator[TargetGroup]:
        """The target groups that hold a workload and that no listener names."""
        links = [link for one in self.index.inventory.listeners for link in one.targets.items]
        named = {self.index.canonical(each) for link in links for each in (link.id, *link.among)}
        if any(link.any for link in links) or any(one.targets.open for one in self.index.inventory.listeners):
            return
        for identity, group in self.groups.items():
            if identity not in named and any(one.workload == workload for one in self._held(group)):
                yield group

    # -- listeners ---------------------------------------------------------------------------------

    def _of_listener(self, proxy: str, listener: Listener) -> Iterator[Onward]:
        sure = listener.presence is Presence.CERTAIN and listener.proxy.certain
        reasons = listener.proxy.reasons
        for link in listener.targets.items:
            for identity in dict.fromkeys(map(self.index.canonical, (link.id, *link.among))):
                certain = sure and link.certain and not (link.among or link.any)
                group = self.groups.get(identity)
                if group is not None:
                    yield from self._of_group(proxy, listener, group, (certain, (*reasons, *link.reasons)))
                elif not link.among:
                    yield _open(proxy, listener, link.reasons or (_outside(identity, link),))
            if link.any:
                yield _open(proxy, listener, link.reasons)
        if listener.targets.open:
            yield _open(proxy, listener, listener.targets.open)

    def _of_group(
        self, proxy: str, listener: Listener, group: TargetGroup, known: tuple[bool, tuple[Reason, ...]]
    ) -> Iterator[Onward]:
        certain, reasons = known
        sure = certain and group.presence is Presence.CERTAIN
        for one in self._held(group):
            yield Onward(
                proxy=proxy,
                listener=listener.id,
                at=listener.at,
                accepts=listener.service,
                target=one.workload,
                opens=one.opens,
                how=How.INVOKED if group.type is TargetType.INVOKED else How.PACKETS,
                preserves=group.preserves_client,
                cross_zone=group.cross_zone,
                certain=sure and one.certain,
                reasons=(*reasons, *one.reasons),
            )

    # -- targets -----------------------------------------------------------------------------------

    def _held(self, group: TargetGroup) -> Iterator[_Registered]:
        for target in self._registered.get(group.id, ()):
            sure = target.presence is Presence.CERTAIN and target.group.certain
            opens = target.service or group.service
            why = (*target.reasons, *target.group.reasons)
            known = False
            if target.workload is not None:
                known = True
                for identity, certain in self._named(target.workload):
                    yield _Registered(identity, opens, sure and certain, (*why, *target.workload.reasons))
            if target.address is not None:
                known = True
                reasons = (*why, *target.address.reasons)
                for identity, certain in self._at(target.address.addresses, group):
                    yield _Registered(identity, opens, sure and certain, reasons)
            if not known:
                yield _Registered("", _ANYTHING, certain=False, reasons=why)
        if group.open:
            yield _Registered("", Bounds(NOTHING, group.service.may), certain=False, reasons=group.open)

    def _named(self, link: Link) -> Iterator[tuple[str, bool]]:
        """The workloads that a link names, itself or by their group; the empty id where it may be any.

        A target is a thing or an address: a value that is not known may be that of any workload of the input.
        """
        for identity in dict.fromkeys(map(self.index.canonical, (link.id, *link.among))):
            certain = link.certain and not (link.among or link.any)
            if identity in self.carriers.workloads:
                yield identity, certain
            elif identity in self.index.groups:
                for member in self.carriers.members.get(identity, ()):
                    yield member.id, certain
            elif link.reasons and not link.any:
                yield "", False
        if link.any:
            yield "", False

    def _at(self, addresses: Bounds[IntSet], group: TargetGroup) -> Iterator[tuple[str, bool]]:
        """The workloads that have, or may have, one of the addresses.

        The group's own VPC comes first; an address outside of it is one behind a peering or a gateway.
        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
        """
        exactly = dict(self._exactly(addresses.must))
        own = [identity for identity, vpc in exactly.items() if self._may_be_in(vpc, group)]
        if own and addresses.known:
            yield from ((identity, True) for identity in own)
            return
        yield from ((identity, True) for identity in exactly)
        yield from (
            (identity, False) for identity in self._perhaps_at(addresses.may) if identity not in exactly
        )

    def _exactly(self, addresses: IntSet) -> Iterator[tuple[str, str | None]]:
        for low, high in addresses:
            yield from self._by_address.get(low, ()) if low == high else ()

    def _may_be_in(self, vpc: str | None, group: TargetGroup) -> bool:
        if group.vpc is None:
            return True
        return self.index.same_vpc(vpc, self.index.canonical(group.vpc.id)) is not Truth.NO

    @cached_property
    def _by_address(self) -> Mapping[int, list[tuple[str, str | None]]]:
        found: dict[int, list[tuple[str, str | None]]] = {}
        for workload in self.carriers.workloads.values():
            for spot in self.spots.of_workload(workload).spots:
                for low, high in spot.addresses:
                    if low == high and (spot.chosen or spot.addresses.size == 1):
                        found.setdefault(low, []).append((workload.id, spot.vpc))
        return found

    def _perhaps_at(self, addresses: IntSet) -> Iterator[str]:
        for workload in self.carriers.workloads.values():
            if any(spot.addresses.overlaps(addresses) for spot in self.spots.of_workload(workload).spots):
                yield workload.id


def _open(proxy: str, listener: Listener, reasons: tuple[Reason, ...]) -> Onward:
    """A listener that may hand on to anything."""
    return Onward(
        proxy=proxy,
        listener=listener.id,
        at=listener.at,
        accepts=listener.service,
        target="",
        opens=_ANYTHING,
        certain=False,
        reasons=reasons,
    )


def _outside(identity: str, link: Link) -> Reason:
    return Reason(f"the targets of {identity}", link.at, "the input that defines it, or a snapshot")
