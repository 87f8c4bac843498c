"""What the rules of a group open, and to how much of the address space, taken together per service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from auditor.frozen import dataclass
from auditor.model import AddressPeer, Direction, GroupPeer, Peer, PrefixListPeer, Rule, UnknownPeer
from auditor.reach import Index
from auditor.traffic import ANY, EMPTY, IPV4, IPV6, NOTHING, Bounds, IntSet, Traffic
from auditor.tree import Location, Presence, Reason

_TINY = 8
"""What is smaller than the world by so many powers of two makes no difference to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Addresses that one peer of one rule lets use ``service``."""

    rule: Rule
    at: Location
    text: str
    addresses: Bounds[IntSet]
    service: Bounds[Traffic]
    reasons: tuple[Reason, ...] = ()
    most: int | None = None

    def widest(self, width: Width) -> IntSet:
        """The addresses that count for what may be the world: none but the certain ones of what is tiny."""
        tiny = self.most is not None and self.most < width.ipv4 >> _TINY
        return self.addresses.must if tiny else self.addresses.may

    @property
    def known(self) -> bool:
        """Whether it is certain what is open, and to whom."""
        return self.addresses.known and self.service.known


@dataclass(frozen=True, slots=True)
class Width:
    """How many addresses of a family count as the world."""

    ipv4: int
    ipv6: int

    def reached(self, addresses: IntSet) -> bool:
        """Whether the addresses are that many, of either family."""
        return (addresses & IPV4).size >= self.ipv4 or (addresses & IPV6).size >= self.ipv6


WORLD = Width(1 << 30, 1 << 124)
"""What counts as the world where a rule does not say it: a quarter of IPv4, a sixteenth of IPv6."""


@dataclass(frozen=True, slots=True)
class World:
    """Openings that together open ``service`` to the world; ``sure`` where that is certain.

    ``beside`` says what else bears on that, in words, and ``reasons`` what of it is not known.
    """

    openings: tuple[Opening, ...]
    service: Traffic
    sure: bool
    beside: str = ""
    reasons: tuple[Reason, ...] = ()

    @property
    def addresses(self) -> IntSet:
        """The addresses that it is open to, or may be where that is not certain."""
        bounds = [one.addresses for one in self.openings]
        return IntSet.union(one.must if self.sure else one.may for one in bounds)


def openings(rules: Iterable[Rule], index: Index) -> Iterator[Opening]:
    """What rules open to addresses. What AWS lists for its own services is not the world, and left out."""
    for rule in rules:
        sure = rule.presence is Presence.CERTAIN and rule.group.certain
        service = rule.service if sure else Bounds(NOTHING, rule.service.may)
        for peer in rule.peers:
            for at, text, addresses, reasons in _addresses(peer, index):
                yield Opening(
                    most=peer.most if isinstance(peer, AddressPeer) else None,
                    rule=rule,
                    at=at,
                    text=text,
                    addresses=addresses,
                    service=service,
                    reasons=reasons + rule.reasons,
                )


def _addresses(
    peer: Peer, index: Index
) -> Iterator[tuple[Location, str, Bounds[IntSet], tuple[Reason, ...]]]:
    match peer:
        case AddressPeer(addresses, text, at, reasons, _):
            yield at, text, addresses, reasons
        case PrefixListPeer(link, at):
            identity = index.canonical(link.id)
            known = index.prefix_lists.get(identity)
            if known is not None and known.service:
                return
            entries = index.entries(link)
            must = IntSet.union(entry.addresses.must for entry in entries) if link.certain else EMPTY
            bounds = Bounds(must, IntSet.union(entry.addresses.may for entry in entries))
            yield at, identity, bounds, link.reasons + tuple(why for one in entries for why in one.reasons)
        case UnknownPeer(at, reasons, is_group):
            if is_group:
                return
            yield at, "a peer that is not known", Bounds(EMPTY, ANY), reasons
        case GroupPeer():
            return
        case _:
            assert_never(peer)


def worlds(given: Sequence[Opening], width: Width) -> tuple[World, ...]:
    """What is open to the world for certain, then what else may be."""
    if not width.reached(IntSet.union(one.widest(width) for one in given)):
        return ()
    sure = [_Part(one, one.addresses.must, one.service.must) for one in given if one.service.must]
    certain = [World(together, service, sure=True) for together, service in _wide(sure, width)]
    told = Traffic.union(world.service for world in certain)
    possible = [_Part(one, one.widest(width), one.service.may) for one in given]
    perhaps = [
        World(together, service - told, sure=False)
        for together, service in _wide(possible, width)
        if not all(one.known for one in together) and service - told
    ]
    return (*certain, *perhaps)


@dataclass(frozen=True, slots=True)
class Opened:
    """A group with all that its ingress rules open to addresses, and what of that is the world."""

    group: str
    given: tuple[Opening, ...]
    worlds: tuple[World, ...]


class Opens:
    """The groups of a network that are open to the world, or may be; worked out once for each width."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._known: dict[Width, tuple[Opened, ...]] = {}
        self._certain: dict[Width, frozenset[str]] = {}

    def certain(self, width: Width) -> frozenset[str]:
        """The groups that are certainly open to the world on something."""
        if width not in self._certain:
            opened = (one.group for one in self.of(width) if any(world.sure for world in one.worlds))
            self._certain[width] = frozenset(opened)
        return self._certain[width]

    def of(self, width: Width) -> tuple[Opened, ...]:
        """Each such group, in the order of the input. Rules that AWS makes itself do not count."""
        if width not in self._known:
            self._known[width] = tuple(self._opened(width))
        return self._known[width]

    def _opened(self, width: Width) -> Iterator[Opened]:
        for group, rules in self.index.rules.items():
            chosen = [one for one in rules if one.direction is Direction.INGRESS and not one.implicit]
            given = tuple(openings(chosen, self.index))
            found = worlds(given, width)
            if found:
                yield Opened(group, given, found)


@dataclass(frozen=True, slots=True)
class _Part:
    opening: Opening
    addresses: IntSet
    service: Traffic


def _wide(parts: Sequence[_Part], width: Width) -> Iterator[tuple[tuple[Opening, ...], Traffic]]:
    """The openings that are the world, alone or with others, each with the service that they share."""
    alone = [part for part in parts if width.reached(part.addresses)]
    rest = [part for part in parts if not width.reached(part.addresses)]
    yield from _alone(alone)
    if not width.reached(IntSet.union(part.addresses for part in rest)):
        return
    found: dict[tuple[int, ...], tuple[tuple[Opening, ...], list[Traffic]]] = {}
    for service, together in _regions(rest):
        if width.reached(IntSet.union(part.addresses for part in together)):
            chosen = tuple(part.opening for part in together)
            found.setdefault(tuple(map(id, chosen)), (chosen, []))[1].append(service)
    for chosen, services in found.values():
        yield chosen, Traffic.union(services)


def _alone(parts: Iterable[_Part]) -> Iterator[tuple[tuple[Opening, ...], Traffic]]:
    """What is the world by itself: all of a rule together, halves of the world on one service together."""
    found: dict[object, list[_Part]] = {}
    for part in parts:
        whole = any(part.addresses >= line for line in (IPV4, IPV6))
        found.setdefault(part.opening.rule.at if whole else part.service, []).append(part)
    for same in found.values():
        yield tuple(part.opening for part in same), Traffic.union(part.service for part in same)


def _regions(parts: Iterable[_Part]) -> list[tuple[Traffic, tuple[_Part, ...]]]:
    """The services cut so that in each piece the same parts apply everywhere."""
    regions: list[tuple[Traffic, tuple[_Part, ...]]] = []
    for part in parts:
        left, cut = part.service, []
        for service, together in regions:
            both, rest = service & part.service, service - part.service
            if both:
                cut.append((both, (*together, part)))
            if rest:
                cut.append((rest, together))
            left = left - service
        if left:
            cut.append((left, (part,)))
        regions = cut
    return regions
