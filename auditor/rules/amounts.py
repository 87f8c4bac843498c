"""How many there are of what AWS allows only so many of, between the least and the most that may be."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import assert_never

from auditor.frozen import dataclass
from auditor.model import (
    AclEntry,
    AddressPeer,
    Direction,
    Family,
    GroupPeer,
    Peer,
    PrefixListPeer,
    Rule,
    UnknownPeer,
)
from auditor.reach import Index
from auditor.traffic import IPV4, IPV6, IntSet
from auditor.tree import Presence, Reason

FAMILIES = {Family.IPV4: IPV4, Family.IPV6: IPV6}

# What a list of AWS's own counts as:
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_WEIGHTS = {
    "cloudfront.origin-facing": 55,
    "dynamodb": 1,
    "ec2-instance-connect": 2,
    "groundstation": 5,
    "route53-healthchecks": 25,
    "s3": 1,
    "s3express": 6,
    "vpc-lattice": 10,
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of things: ``least`` there certainly are, ``most`` there may be, and why these differ."""

    least: float = 0
    most: float = 0
    reasons: tuple[Reason, ...] = ()

    def __add__(self, other: Amount) -> Amount:
        reasons = tuple(dict.fromkeys((*self.reasons, *other.reasons)))
        return Amount(self.least + other.least, self.most + other.most, reasons)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum."""
    found = tuple(amounts)
    return Amount(
        sum(one.least for one in found),
        sum(one.most for one in found),
        tuple(dict.fromkeys(reason for one in found for reason in one.reasons)),
    )


def times(amount: Amount, presence: Presence, reasons: tuple[Reason, ...]) -> Amount:
    """So much of something that may not be there, or be there any number of times."""
    match presence:
        case Presence.CERTAIN:
            return amount
        case Presence.POSSIBLE:
            return Amount(0, amount.most, (*amount.reasons, *reasons))
        case Presence.MANY:
            return Amount(0, inf if amount.most else 0, (*amount.reasons, *reasons))
        case _:
            assert_never(presence)


def few(rules: Iterable[Rule], number: int) -> bool:
    """Whether rules certainly count as fewer than a number, as their ends count as one each at most."""
    found = 0
    for rule in rules:
        if rule.presence is Presence.MANY:
            return False
        for peer in rule.peers:
            single = isinstance(peer, GroupPeer) or (isinstance(peer, AddressPeer) and not peer.several)
            if not single:
                return False
            found += 1
    return found < number


def rules_of(rules: Iterable[Rule], direction: Direction, index: Index) -> Amount:
    """What the rules of a group count as in one direction: the family that has more of them.

    Each address of a rule counts as one, another group as one in both families, a prefix list as its size.
    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    chosen = [rule for rule in rules if rule.direction is direction]
    return _greater(
        total(_rule(rule, addresses, index) for rule in chosen) for addresses in FAMILIES.values()
    )


def _greater(amounts: Iterable[Amount]) -> Amount:
    found = tuple(amounts)
    most = max(one.most for one in found)
    reasons = next(one.reasons for one in found if one.most == most)
    return Amount(max(one.least for one in found), most, reasons)


def _rule(rule: Rule, family: IntSet, index: Index) -> Amount:
    amount = total(_peer(peer, family, index) for peer in rule.peers)
    sure = rule.group.certain
    presence = rule.presence if sure or rule.presence is Presence.MANY else Presence.POSSIBLE
    if sure and _goes_with(rule, index):
        presence = Presence.CERTAIN
    return times(amount, presence, (*rule.reasons, *rule.group.reasons))


def _goes_with(rule: Rule, index: Index) -> bool:
    """Whether a rule is there once for each of many groups, as both are parts of one module."""
    group = index.groups.get(index.canonical(rule.group.id))
    if group is None or group.presence is Presence.CERTAIN or rule.inline or rule.component.endswith("]"):
        return False
    module = group.id.rpartition(".")[0].rpartition(".")[0]
    return bool(module) and rule.component.rpartition(".")[0].rpartition(".")[0] == module


def _peer(peer: Peer, family: IntSet, index: Index) -> Amount:
    match peer:
        case AddressPeer():
            return _range(peer, family)
        case GroupPeer(group):
            return Amount(1 if group.certain else 0, 1, group.reasons)
        case PrefixListPeer(link):
            return _list(peer, index) if link.certain else Amount(0, inf, link.reasons)
        case UnknownPeer(_, reasons):
            return Amount(0, inf, reasons)
        case _:
            assert_never(peer)


def _range(peer: AddressPeer, family: IntSet) -> Amount:
    if not peer.addresses.may.overlaps(family):
        return Amount()
    if peer.several:
        return Amount(0, inf, peer.reasons)
    # The addresses of one range are of one family, if it is not known of which.
    return Amount(0 if peer.addresses.may - family else 1, 1, peer.reasons)


def _list(peer: PrefixListPeer, index: Index) -> Amount:
    identity = index.canonical(peer.prefix_list.id)
    known = index.prefix_lists.get(identity)
    size = None
    if known is not None:
        weighed = known.service.removeprefix("ipv6.")
        size = _WEIGHTS.get(weighed) if known.service else known.capacity
    if size is not None:
        return Amount(size, size)
    least = len(known.entries) if known is not None and not known.service else 1
    reason = Reason(
        f"how many entries {identity} may have", peer.at, "the input that defines it, or a snapshot"
    )
    return Amount(least, inf, (reason,))


def entries_of(entries: Iterable[AclEntry], direction: Direction) -> Amount:
    """How many entries a network ACL has in one direction: the family that has more of them."""
    chosen = [entry for entry in entries if entry.direction is direction]
    return _greater(total(_entry(entry, family) for entry in chosen) for family in FAMILIES.values())


def _entry(entry: AclEntry, family: IntSet) -> Amount:
    amount = _range(entry.peer, family)
    sure = entry.acl.certain or entry.presence is Presence.MANY
    presence = entry.presence if sure else Presence.POSSIBLE
    return times(amount, presence, (*entry.reasons, *entry.acl.reasons))
