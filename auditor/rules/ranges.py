"""Ranges in the rules of groups that hold members of groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import AddressPeer, Direction, Rule
from auditor.rules.beyond import Beyond
from auditor.rules.members import Holding, Members
from auditor.traffic import PRIVATE, Bounds, IntSet, Traffic
from auditor.tree import Location, Presence


@dataclass(frozen=True, slots=True)
class Range:
    """A range in a rule. ``sure`` where both are there for certain, and the addresses are known."""

    rule: Rule
    peer: AddressPeer
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Ranges of one group, direction and service that hold members of the same groups.

    ``perhaps`` are the groups of which they may hold members beside those, one without a name where it is not
    known which. ``beyond`` are the routes that lead some of the addresses to other networks; ``wider`` where
    some lie outside the VPC, whether anything leads there or not.
    """

    group: str
    service: Bounds[Traffic]
    ranges: tuple[Range, ...]
    held: Holding
    perhaps: tuple[str, ...]
    ungrouped: tuple[str, ...]
    beyond: tuple[str, ...]
    wider: bool

    @property
    def direction(self) -> Direction:
        """The direction of the rules."""
        return self.ranges[0].rule.direction

    @property
    def sure(self) -> bool:
        """Whether the ranges certainly hold members of groups."""
        return self.ranges[0].sure and bool(self.held.certain)

    @property
    def texts(self) -> tuple[str, ...]:
        """The ranges as they are written."""
        return tuple(dict.fromkeys(one.peer.text for one in self.ranges))

    @property
    def places(self) -> tuple[tuple[Location, str], ...]:
        """Where the ranges are written, and how."""
        return tuple(dict.fromkeys((one.peer.at, one.peer.text) for one in self.ranges))

    @property
    def addresses(self) -> IntSet:
        """All that the ranges may hold."""
        return IntSet.union(one.peer.addresses.may for one in self.ranges)

    def also(self, other: Case) -> Case:
        """The same ranges for the services of another case, too."""
        return replace(self, service=self.service | other.service, ranges=self.ranges + other.ranges)


def ranges_in(rules: Iterable[Rule], space: Bounds[IntSet]) -> Iterator[Range]:
    """The ranges that lie in private address space or the VPC's own, and may hold a part of the VPC."""
    private = PRIVATE | space.must if not space.must <= PRIVATE else PRIVATE
    for rule in rules:
        sure = rule.presence is Presence.CERTAIN and rule.group.certain
        for peer in rule.peers:
            if not isinstance(peer, AddressPeer):
                continue
            known = peer.addresses.known
            if known and not peer.addresses.may <= private:
                continue
            if (peer.addresses.may & private).overlaps(space.may):
                yield Range(rule, peer, sure and known)


def cases(
    group: str, vpc: str | None, ranges: tuple[Range, ...], known: tuple[Members, Beyond]
) -> Iterator[Case]:
    """The ranges that hold members of groups, or may, those of one service and the same groups together."""
    members, beyond = known
    found: dict[tuple[Bounds[Traffic], bool, frozenset[str]], list[tuple[Range, Holding]]] = {}
    for one in ranges:
        held = _held(one, ranges, vpc, members)
        if held:
            key = (one.rule.service, one.sure, held.groups)
            found.setdefault(key, []).append((one, held))
    for (service, _, _), same in found.items():
        ranges_of = tuple(one for one, _ in same)
        together = IntSet.union(one.peer.addresses.may for one in ranges_of)
        held = same[0][1]
        perhaps = members.held(together, vpc).groups - {*held.certain}
        yield Case(
            group=group,
            service=service,
            ranges=ranges_of,
            held=held,
            perhaps=tuple(sorted(perhaps)),
            ungrouped=members.ungrouped(together),
            beyond=beyond.ways(vpc, together),
            wider=bool((together & PRIVATE) - members.index.ranges(vpc).may),
        )


def _held(one: Range, ranges: tuple[Range, ...], vpc: str | None, members: Members) -> Holding:
    """The groups of whose members a range holds some, and how, taken together with the ranges beside it."""
    own = members.held(one.peer.addresses.may, vpc)
    if not own or not one.sure:
        return own
    beside = [
        other.peer.addresses.must
        for other in ranges
        if other.sure and other is not one and one.rule.service.may <= other.rule.service.must
    ]
    together = IntSet.union((one.peer.addresses.must, *beside))
    if together == one.peer.addresses.must:
        return own
    if not own.certain:
        return own
    return members.held(together, vpc).only(frozenset(own.certain))
