"""What the rules of a group grant, end by end: to whom, on which services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from auditor.frozen import dataclass
from auditor.model import AddressPeer, GroupPeer, Peer, PrefixListPeer, Rule, Truth, UnknownPeer
from auditor.reach import Index
from auditor.traffic import ANY, EMPTY, Bounds, IntSet, Traffic
from auditor.tree import Location, Presence, Reason

_NO_ADDRESSES: Bounds[IntSet] = Bounds(EMPTY, EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One end of one rule. ``name`` is that of a group or a prefix list, else empty.

    ``sure`` where the rule is certainly there and has this end, ``of_aws`` where that is a list of AWS's.
    """

    rule: Rule
    at: Location
    text: str
    name: str
    addresses: Bounds[IntSet]
    sure: bool
    reasons: tuple[Reason, ...]
    of_aws: bool = False

    @property
    def service(self) -> Bounds[Traffic]:
        """The services that it grants."""
        return self.rule.service

    @property
    def known(self) -> bool:
        """Whether it is certain that it is there, and what it grants to whom."""
        return self.sure and self.service.known and (bool(self.name) or self.addresses.known)


def grants(rules: Iterable[Rule], index: Index) -> Iterator[Grant]:
    """What rules that somebody wrote grant."""
    for rule in rules:
        if rule.implicit:
            continue
        sure = rule.presence is Presence.CERTAIN and rule.group.certain
        for peer in rule.peers:
            yield _grant(rule, peer, index, sure=sure)


def _grant(rule: Rule, peer: Peer, index: Index, *, sure: bool) -> Grant:
    text, name, addresses, reasons = _end(peer, index)
    certain = not isinstance(peer, GroupPeer) or peer.group.certain
    if isinstance(peer, PrefixListPeer):
        certain = peer.prefix_list.certain
    known = index.prefix_lists.get(name)
    return Grant(
        rule=rule,
        at=peer.at,
        text=text,
        name=name,
        addresses=addresses,
        sure=sure and certain,
        reasons=(*rule.reasons, *rule.group.reasons, *reasons),
        of_aws=known is not None and bool(known.service),
    )


def _end(peer: Peer, index: Index) -> tuple[str, str, Bounds[IntSet], tuple[Reason, ...]]:
    match peer:
        case AddressPeer(addresses, text, _, reasons):
            return text, "", addresses, reasons
        case GroupPeer(link):
            identity = index.canonical(link.id)
            return identity, identity, _NO_ADDRESSES, link.reasons
        case PrefixListPeer(link):
            identity = index.canonical(link.id)
            entries = index.entries(link)
            addresses = Bounds(
                IntSet.union(entry.addresses.must for entry in entries if link.certain),
                IntSet.union(entry.addresses.may for entry in entries),
            )
            return identity, identity, addresses, (*link.reasons, *_reasons(entries))
        case UnknownPeer(_, reasons):
            return reasons[0].what if reasons else "a peer that is not known", "", Bounds(EMPTY, ANY), reasons
        case _:
            assert_never(peer)


def _reasons(entries: Iterable[AddressPeer]) -> Iterator[Reason]:
    for entry in entries:
        yield from entry.reasons


def covers(wide: Grant, narrow: Grant) -> Truth:
    """Whether one grant lets all pass that another does. Of ends that one value may be only one is there."""
    if narrow.rule is wide.rule and not (narrow.sure and wide.sure):
        return Truth.NO
    ends = _covers_end(wide, narrow)
    if ends is Truth.NO or not _may_cover(wide.service, narrow.service):
        return Truth.NO
    if ends is Truth.YES and narrow.service.may <= wide.service.must and wide.sure and narrow.sure:
        return Truth.YES
    return Truth.UNKNOWN


def _may_cover(wide: Bounds[Traffic], narrow: Bounds[Traffic]) -> bool:
    """Whether what a rule opens may be all that another opens: for certain, or as one is not known."""
    if narrow.known:
        return narrow.may <= wide.may
    return narrow.must <= wide.may and bool(narrow.may & wide.may)


def _covers_end(wide: Grant, narrow: Grant) -> Truth:
    if wide.name and wide.name == narrow.name:
        return Truth.YES
    if not narrow.addresses.may or not wide.addresses.may or wide.of_aws:
        return Truth.NO  # what AWS lists for its services it changes as it likes: nobody's rule rests on that
    if narrow.addresses.may <= wide.addresses.must:
        return Truth.YES
    if not narrow.addresses.must <= wide.addresses.may:
        return Truth.NO
    if narrow.addresses.known and wide.addresses.known:
        return Truth.NO
    return Truth.UNKNOWN if narrow.addresses.may.overlaps(wide.addresses.may) else Truth.NO
