"""Which interfaces have IPv6 addresses, and whether it makes a difference where that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.model import (
    NO,
    YES,
    AddressPeer,
    Direction,
    Fact,
    Family,
    GroupPeer,
    Links,
    Peer,
    PrefixListPeer,
    Rule,
    Subnet,
    Truth,
    UnknownPeer,
)
from auditor.reach.index import Index
from auditor.traffic import ANY, IPV4, IPV6, IntSet, Traffic
from auditor.tree import Location, Reason

_FOR_HOSTS = Links(open=(Reason("what a host lets in", Location("")),))


class Families:
    """The address families of interfaces in the subnets of one inventory."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._by_group: dict[str, bool] = {}

    def has(self, family: Family, subnet: Subnet | None, ipv6: Fact, groups: Links = _FOR_HOSTS) -> Fact:
        """Whether an interface with some groups, given IPv6 addresses or not, has one of a family.

        A subnet outside the input may give IPv6 addresses. That is left out where it adds nothing to what
        IPv4 shows, so that questions about IPv4 alone stay as simple as they are.
        """
        if family is Family.IPV4:
            only_ipv6 = subnet and subnet.cidrs.may and not subnet.cidrs.may & IPV4
            return NO if only_ipv6 else YES
        launch = subnet.ipv6_on_launch if subnet else self._outside(groups)
        if not subnet and ipv6.truth is Truth.UNKNOWN and launch.truth is Truth.NO:
            return NO
        if Truth.YES in {ipv6.truth, launch.truth}:
            return YES
        return next((fact for fact in (ipv6, launch) if fact.truth is Truth.UNKNOWN), NO)

    def _outside(self, groups: Links) -> Fact:
        if not (groups.open or self._apart or any(self._by_itself(link.id) for link in groups.items)):
            return NO
        at = groups.items[0].at if groups.items else Location("")
        what = "whether a subnet outside the input gives IPv6 addresses"
        settled_by = "the input that defines the subnet, or a snapshot"
        return Fact(Truth.UNKNOWN, at, (Reason(what, at, settled_by),))

    def _by_itself(self, identity: str) -> bool:
        """Whether a group may let IPv6 pass by addresses, which then can be asked about alone."""
        group = self.index.canonical(identity)
        found = self._by_group.get(group)
        if found is None:
            outside = group not in self.index.groups
            found = outside or any(self._names_ipv6(rule) for rule in self.index.rules.get(group, ()))
            self._by_group[group] = found
        return found

    @cached_property
    def _apart(self) -> bool:
        """Whether anything may let IPv6 pass between two interfaces where it keeps IPv4 out.

        References to groups are the same for both families, and so are routes and network ACLs where no
        subnet of the input has IPv6.
        """
        if any(subnet.cidrs.may & IPV6 for subnet in self.index.subnets.values()):
            return True
        return any(
            not self._covered([rule for rule in rules if rule.direction is direction])
            for group, rules in self.index.rules.items()
            if group in self.index.groups
            for direction in Direction
        )

    def _covered(self, rules: list[Rule]) -> bool:
        """Whether all that rules may let pass by IPv6 addresses they may let pass by all of IPv4, too."""
        extra = [rule for rule in rules if self._names_ipv6(rule) and not self._names(rule, IPV4)]
        if not extra:
            return True
        general = Traffic.union([rule.service.may for rule in rules if self._names(rule, IPV4)])
        return Traffic.union([rule.service.may for rule in extra]) <= general

    def _names_ipv6(self, rule: Rule) -> bool:
        return any(one & IPV6 for one in self._addresses(rule.peers))

    def _names(self, rule: Rule, line: IntSet) -> bool:
        return any(line <= one for one in self._addresses(rule.peers))

    def _addresses(self, peers: Iterable[Peer]) -> Iterator[IntSet]:
        for peer in peers:
            match peer:
                case AddressPeer():
                    yield peer.addresses.may
                case PrefixListPeer():
                    yield from (entry.addresses.may for entry in self.index.entries(peer.prefix_list))
                case UnknownPeer():
                    yield ANY
                case GroupPeer():
                    pass
