"""Whose members a range of addresses holds: for certain all or some of a group's, or perhaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from enum import IntEnum
from functools import cached_property

from auditor.frozen import dataclass
from auditor.model import Family, Truth, Workload
from auditor.reach.spots import Party, Spot
from auditor.rules.evidence import Evidence
from auditor.traffic import IPV4, IPV6, IntSet, cidrs
from auditor.tree import Location, Reason


class Hold(IntEnum):
    """How a range holds interfaces: none, perhaps some, some for certain, all for certain."""

    NONE = 0
    PERHAPS = 1
    SOME = 2
    ALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Groups by how a range holds their members: all, some, perhaps any; ``reasons`` say what would decide.

    Where the groups of something in the range are not known, one of the groups in ``perhaps`` has no name.
    """

    whole: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    groups: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def certain(self) -> tuple[str, ...]:
        """The groups of which the range holds a member for certain."""
        return self.whole + self.some

    def only(self, groups: frozenset[str]) -> Holding:
        """The same for some of the groups."""
        return Holding(
            whole=tuple(one for one in self.whole if one in groups),
            some=tuple(one for one in self.some if one in groups),
            perhaps=tuple(one for one in self.perhaps if one in groups),
            reasons=self.reasons,
            groups=self.groups & groups,
        )


@dataclass(frozen=True, slots=True)
class _Held:
    group: str
    hold: Hold
    reasons: tuple[Reason, ...] = ()


def _holding(held: Iterable[_Held]) -> Holding:
    found = tuple(held)
    by_hold = {
        hold: tuple(dict.fromkeys(one.group for one in found if one.hold is hold)) for hold in Hold if hold
    }
    return Holding(
        whole=by_hold[Hold.ALL],
        some=by_hold[Hold.SOME],
        perhaps=by_hold[Hold.PERHAPS],
        reasons=tuple(dict.fromkeys(reason for one in found for reason in one.reasons)),
        groups=frozenset(one.group for one in found),
    )


class Members:
    """The members of every group of a network, by VPC."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.index = evidence.engine.index
        self._held: dict[tuple[str | None, IntSet], Holding] = {}
        self._parties: dict[tuple[Party, IntSet], Hold] = {}
        self._bare: dict[IntSet, tuple[str, ...]] = {}

    @cached_property
    def _by_vpc(self) -> dict[str | None, list[str]]:
        found: dict[str | None, list[str]] = {}
        for identity in self.evidence.engine.carriers.members:
            group = self.index.groups.get(identity)
            vpc = self.index.canonical(group.vpc.id) if group else None
            found.setdefault(vpc, []).append(identity)
        return found

    def held(self, addresses: IntSet, vpc: str | None) -> Holding:
        """The groups of a VPC of whose members the addresses hold some, for certain or perhaps."""
        found = self._held.get((vpc, addresses))
        if found is None:
            found = self._held[vpc, addresses] = _holding(self._computed(addresses, vpc))
        return found

    def ungrouped(self, addresses: IntSet) -> tuple[str, ...]:
        """What stands in the range and carries no group that could be referenced, as load balancers may."""
        found = self._bare.get(addresses)
        if found is None:
            bare = (one for one in self.evidence.workloads if not one.filtered and one.initiates)
            found = tuple(one.id for one in bare if self._of_party(one, addresses))
            self._bare[addresses] = found
        return found

    def beside(self, group: str, addresses: IntSet, others: AbstractSet[str]) -> bool:
        """Whether the addresses hold, or may hold, a member of a group that carries none of other groups."""
        for workload in self.evidence.engine.carriers.members.get(group, ()):
            spots = self.evidence.engine.spots.of_workload(workload).spots
            if self._of_party(workload, addresses) and any(not spot.groups & others for spot in spots):
                return True
        return False

    def anybody(self, vpc: str | None) -> bool:
        """Whether the input has anything in a VPC, all of whose groups are known."""
        carriers = self.evidence.engine.carriers
        if any(self.index.same_vpc(vpc, carriers.vpc(one)) is not Truth.NO for one in carriers.undecided):
            return False
        return any(self.index.same_vpc(vpc, other) is Truth.YES for other in self._by_vpc)

    def _computed(self, addresses: IntSet, vpc: str | None) -> Iterator[_Held]:
        for other, groups in self._by_vpc.items():
            same = self.index.same_vpc(vpc, other)
            if same is Truth.NO:
                continue
            for group in groups:
                held = self._of_group(group, addresses)
                if held.hold and same is Truth.UNKNOWN:
                    yield _Held(group, Hold.PERHAPS, (*held.reasons, self._which_vpc(group, vpc)))
                elif held.hold:
                    yield held
        for workload in self.evidence.engine.carriers.undecided:
            same = self.index.same_vpc(vpc, self.evidence.engine.carriers.vpc(workload))
            if same is not Truth.NO and self._of_party(workload, addresses):
                yield _Held("", Hold.PERHAPS, self.evidence.engine.carriers.groups(workload).open)

    def _which_vpc(self, group: str, vpc: str | None) -> Reason:
        known = self.index.groups.get(group)
        what = f"whether {group} lies in {vpc or 'the same VPC'}"
        return Reason(what, known.at if known else Location(""), "the input that defines it, or a snapshot")

    def _of_group(self, group: str, addresses: IntSet) -> _Held:
        holds: list[Hold] = []
        reasons: list[Reason] = []
        for workload in self.evidence.engine.carriers.members.get(group, ()):
            hold = self._of_party(workload, addresses)
            spots = self.evidence.engine.spots.of_workload(workload).spots
            if hold and any(group not in spot.groups for spot in spots):
                hold = Hold.PERHAPS
            holds.append(hold)
            if hold is Hold.PERHAPS:
                reasons.extend(_reasons(workload, spots, addresses))
        hold = _together(holds)
        return _Held(group, hold, tuple(dict.fromkeys(reasons)) if hold is Hold.PERHAPS else ())

    def _of_party(self, workload: Workload, addresses: IntSet) -> Hold:
        party = self.evidence.engine.spots.of_workload(workload)
        found = self._parties.get((party, addresses))
        if found is None:
            found = self._parties[party, addresses] = _of_party(party, addresses)
        return found


def _of_party(party: Party, addresses: IntSet) -> Hold:
    lines = tuple(line for line in (IPV4, IPV6) if addresses.overlaps(line))
    spots = [spot for spot in party.spots if (IPV4 if spot.family is Family.IPV4 else IPV6) in lines]
    holds = [_of_spot(spot, addresses) for spot in spots]
    if party.one and len(set(holds)) > 1:
        return Hold.PERHAPS
    return _together(holds)


def _of_spot(spot: Spot, addresses: IntSet) -> Hold:
    if not spot.addresses.overlaps(addresses):
        return Hold.NONE
    if not spot.certain:
        return Hold.PERHAPS
    if spot.addresses <= addresses:
        return Hold.ALL
    return Hold.SOME if spot.chosen else Hold.PERHAPS


def _together(holds: Iterable[Hold]) -> Hold:
    given = set(holds)
    if len(given) < 2:
        return next(iter(given), Hold.NONE)
    return Hold.SOME if given & {Hold.SOME, Hold.ALL} else Hold.PERHAPS


def _reasons(workload: Workload, spots: Iterable[Spot], addresses: IntSet) -> Iterator[Reason]:
    for spot in spots:
        if spot.addresses.overlaps(addresses):
            found = spot.reasons + spot.open + spot.range_reasons
            yield from found
            if not found:
                ranges = cidrs(spot.addresses)
                where = f" in {', '.join(ranges)}" if len(ranges) < 5 else ""
                hint = "a fixed address, a range that covers the subnet, or a snapshot"
                yield Reason(f"the address of {workload.id}{where}", workload.at, hint)
