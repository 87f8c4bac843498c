"""Two networks compared: for each pair of ends that may have changed, what passes in one of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.compare.alike import Spelling
from auditor.compare.atoms import Atoms
from auditor.compare.classes import Classes, PartyClass
from auditor.compare.deliveries import NOTHING_DELIVERED, Delivery, Doubtful, Shift, delivery, doubts, shifts
from auditor.compare.far import Far, FarEnds
from auditor.compare.matching import Matching
from auditor.compare.parties import Parties, Party
from auditor.difference import Doubt
from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach import EndpointKind, Engine
from auditor.reach.ends import Ends
from auditor.traffic import EVERYTHING, NOTHING, IntSet, Traffic
from auditor.tree import Reason

Sides = tuple[Delivery, Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What differs between two ends, a far end as it is, a party by its place in ``Comparison.parties``."""

    source: int | Far
    destination: int | Far
    shifts: tuple[Shift, ...]
    doubts: tuple[Doubtful, ...]
    unknowns: tuple[Reason, ...] = ()
    deliveries: Sides


class Comparison:
    """The comparison of two networks whose things have been matched."""

    def __init__(self, engines: tuple[Engine, Engine], matching: Matching) -> None:
        self.engines = engines
        self.named = Parties(engines, matching)
        self.parties: tuple[Party, ...] = tuple(self.named.all())
        atoms = Atoms(engine.inventory for engine in engines)
        self._spellings = tuple(
            Spelling(side, engine, matching, atoms) for side, engine in enumerate(engines)
        )
        self._far = FarEnds(engines)
        self._classes = Classes(engines, self._spellings, self.parties)

    def found(self) -> Iterator[Found]:
        """Every pair of ends between which something differs."""
        for one, other in self._classes.pairs():
            yield from self._between(one, other)
        classes = self._classes
        for one in classes.changed if classes.same_network else classes.all:
            for direction in Direction:
                yield from self._outside(one, direction)

    def _between(self, one: PartyClass, other: PartyClass) -> Iterator[Found]:
        pairs = [
            (source, destination)
            for source in one.members
            for destination in other.members
            if source != destination or not self.parties[source].single
        ]
        if not pairs:
            return
        ends = ((one.ends[0], other.ends[0]), (one.ends[1], other.ends[1]))
        both = (self._delivered(0, ends[0], None), self._delivered(1, ends[1], None))
        template = self._found(pairs[0], both, ends)
        if template is not None:
            for source, destination in pairs:
                yield replace(template, source=source, destination=destination)

    def _delivered(self, side: int, ends: tuple[Ends | None, Ends | None], far: Direction | None) -> Delivery:
        source, destination = ends
        if source is None or destination is None:
            return NOTHING_DELIVERED
        outcome = self.engines[side].met(destination, source, Direction.INGRESS, EVERYTHING)
        return delivery(outcome, far)

    def _found(
        self,
        pair: tuple[int | Far, int | Far],
        both: Sides,
        ends: tuple[tuple[Ends | None, Ends | None], ...],
    ) -> Found | None:
        moved = tuple(shifts(*both))
        open_ones = tuple(_fresh(moved, doubts(*both)))
        if not (moved or open_ones):
            return None
        reasons: tuple[tuple[Reason, ...], ...] = ((), ())
        if open_ones:
            reasons = tuple(self._why(side, ends[side]) if not both[side].known else () for side in (0, 1))
            if self._spellings[0].whats(reasons[0]) == self._spellings[1].whats(reasons[1]):
                # What decides both is taken to decide them alike: else every unknown would be told each time.
                open_ones = tuple(each for each in open_ones if each.doubt is not Doubt.UNKNOWN)
        if not (moved or open_ones):
            return None
        return Found(
            source=pair[0],
            destination=pair[1],
            shifts=moved,
            doubts=open_ones,
            unknowns=tuple(dict.fromkeys((*reasons[0], *reasons[1]))),
            deliveries=both,
        )

    def _why(self, side: int, ends: tuple[Ends | None, Ends | None]) -> tuple[Reason, ...]:
        source, destination = ends
        if source is None or destination is None:
            return ()
        return self.engines[side].why(destination, source, Direction.INGRESS, EVERYTHING)

    # -- the world outside -------------------------------------------------------------------------

    def _outside(self, one: PartyClass, direction: Direction) -> Iterator[Found]:
        told = NOTHING
        fars = tuple(self._far.of(self.parties[one.members[0]], direction))
        for far in fars:
            outside = (self._far.ends(0, far), self._far.ends(1, far))
            if self._classes.is_settled(one, outside):
                continue
            ends = tuple(
                (other, own) if direction is Direction.INGRESS else (own, other)
                for own, other in zip(one.ends, outside, strict=True)
            )
            both = (self._delivered(0, ends[0], direction), self._delivered(1, ends[1], direction))
            if far.endpoint.kind is EndpointKind.INTERNET:
                told = Traffic.union(each.connected.may.services() for each in both)
                both = _without(both, _ranges(fars, direction))
            elif far.beside:
                both = _without(both, told)
            found = self._found((far, far), both, ends)
            narrower = _ranges((each for each in fars if _is_within(each, far)), direction)
            if found is None or _is_told(found, narrower):
                continue
            for member in one.members:
                pair = (far, member) if direction is Direction.INGRESS else (member, far)
                yield replace(found, source=pair[0], destination=pair[1])


def _fresh(moved: tuple[Shift, ...], open_ones: Iterable[Doubtful]) -> Iterator[Doubtful]:
    """What a change does not tell already: of some addresses what is certain of others."""
    told = {True: NOTHING, False: NOTHING}
    for shift in moved:
        told[shift.kind.opens] = told[shift.kind.opens] | shift.traffic.services()
    for each in open_ones:
        left = each.traffic - told[each.opens]
        if left:
            yield replace(each, traffic=left)


def _is_within(one: Far, other: Far) -> bool:
    """Whether a range is a part of another that has an end of its own."""
    here, there = one.endpoint.addresses, other.endpoint.addresses
    return here <= there and here != there and other.endpoint.kind is EndpointKind.CIDR


def _is_told(found: Found, narrower: Traffic) -> bool:
    """Whether all that is found of a range is told of the parts of it."""
    parts = [shift.traffic for shift in found.shifts] + [doubt.traffic for doubt in found.doubts]
    return all(traffic <= narrower for traffic in parts)


def _ranges(fars: Iterable[Far], direction: Direction) -> Traffic:
    """The traffic of the ranges that have ends of their own, which the internet's need not tell again."""
    ranges = [far.endpoint.addresses for far in fars if far.endpoint.kind is EndpointKind.CIDR]
    addresses = IntSet.union(ranges)
    if direction is Direction.INGRESS:
        return Traffic.of(sources=addresses)
    return Traffic.of(destinations=addresses)


def _without(both: Sides, told: Traffic) -> Sides:
    return both[0].without(told), both[1].without(told)
