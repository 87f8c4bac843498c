"""Thousands of rules a few at a time: the line of addresses cut where a rule begins or ends.

Between two cuts all addresses are alike for every rule, and most rules fit none of them; what is left there
is quickly settled, and places that are left with the same rules are settled once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from auditor.frozen import dataclass
from auditor.reach.firewalls.rulings import Ruling
from auditor.reach.points import Condition
from auditor.traffic import ANY, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.traffic.boxes import Box, in_order

Parts: TypeAlias = tuple[tuple[Ruling, ...], ...]
"""The stateless rules, and the stateful ones in each order that they may be asked in."""

_FEW = 24
_AXES = {1, 2}


@dataclass(frozen=True, slots=True)
class Settled:
    """What all rules together let pass: requests, their replies, and on which conditions."""

    passes: Bounds[Traffic]
    replies: Bounds[Traffic]
    conditions: tuple[Condition, ...] = ()


Settle: TypeAlias = Callable[[Parts], Settled]


def settled(parts: Parts, settle: Settle, axes: frozenset[int] = frozenset(_AXES)) -> Settled:
    """What ``settle`` makes of the rules, cut into slices where they are many."""
    count = sum(map(len, parts))
    if count <= _FEW or not axes:
        return settle(parts)
    cuts = [_Cut(parts, axis) for axis in sorted(axes)]
    cut = min(cuts, key=lambda one: one.cost)
    if cut.cost * 2 > count * cut.places:
        return settle(parts)
    whole = _Whole(cut.axis)
    for slices, own in cut.slices():
        whole.add(IntSet(slices), settled(own, settle, axes - {cut.axis}))
    return whole.settled()


_Id: TypeAlias = tuple[int, int, int, int]
"""Of a box: the part, the ruling in it, which of its four sets, and the place in that."""


class _Cut:
    """The rules along one axis of addresses."""

    def __init__(self, parts: Parts, axis: int) -> None:
        self.parts = parts
        self.axis = axis
        self._always: set[tuple[int, int]] = set()
        starts: dict[int, list[_Id]] = {}
        ends: dict[int, list[_Id]] = {}
        for identity, box in _boxes(parts):
            if box[axis] == ANY:
                self._always.add(identity[:2])
                continue
            for low, high in box[axis]:
                starts.setdefault(low, []).append(identity)
                ends.setdefault(high + 1, []).append(identity)
        self._starts, self._ends = starts, ends
        first, last = ANY.intervals[0][0], ANY.intervals[-1][1]
        self._bounds = sorted({first, last + 1, *starts, *ends})
        self.places = len(self._bounds) - 1
        self.cost = self.places * len(self._always) + self._active()

    def _active(self) -> int:
        total = active = 0
        for bound in self._bounds[:-1]:
            active += len(self._starts.get(bound, ())) - len(self._ends.get(bound, ()))
            total += active
        return total

    def slices(self) -> Iterator[tuple[tuple[tuple[int, int], ...], Parts]]:
        """The places with the same rules, and those rules as if they were about nothing but these places."""
        found: dict[frozenset[_Id], list[tuple[int, int]]] = {}
        active: set[_Id] = set()
        for low, after in zip(self._bounds, self._bounds[1:], strict=False):
            active.difference_update(self._ends.get(low, ()))
            active.update(self._starts.get(low, ()))
            places = found.setdefault(frozenset(active), [])
            if places and places[-1][1] + 1 == low:
                places[-1] = (places[-1][0], after - 1)
            else:
                places.append((low, after - 1))
        for ids, places in found.items():
            yield tuple(places), self._left(ids)

    def _left(self, ids: frozenset[_Id]) -> Parts:
        by_ruling: dict[tuple[int, int], list[_Id]] = {place: [] for place in self._always}
        for identity in ids:
            by_ruling.setdefault(identity[:2], []).append(identity)
        parts: list[list[Ruling]] = [[] for _ in self.parts]
        for part, place in sorted(by_ruling):
            own = by_ruling[part, place]
            ruling = self.parts[part][place]
            parts[part].append(self._freed(ruling, {(which, index) for _, _, which, index in own}))
        return tuple(map(tuple, parts))

    def _freed(self, ruling: Ruling, own: set[tuple[int, int]]) -> Ruling:
        sets = [
            Traffic.union(
                Traffic(((*box[: self.axis], ANY, *box[self.axis + 1 :]),))
                for index, box in enumerate(traffic.boxes)
                if (which, index) in own or box[self.axis] == ANY
            )
            for which, traffic in enumerate(_sets(ruling))
        ]
        region, back = (_bounds(sets[0], sets[1], ruling.region), _bounds(sets[2], sets[3], ruling.back))
        return replace(ruling, region=region, back=back)


def _sets(ruling: Ruling) -> tuple[Traffic, Traffic, Traffic, Traffic]:
    """The four sets of a ruling: what is known is told once, as that which may be."""
    region, back = ruling.region, ruling.back
    return (
        NOTHING if region.must is region.may else region.must,
        region.may,
        NOTHING if back.must is back.may else back.must,
        back.may,
    )


def _bounds(must: Traffic, may: Traffic, before: Bounds[Traffic]) -> Bounds[Traffic]:
    return exact(may) if before.must is before.may else Bounds(must, may)


def _boxes(parts: Parts) -> Iterator[tuple[_Id, Box]]:
    for part, rulings in enumerate(parts):
        for place, ruling in enumerate(rulings):
            for which, traffic in enumerate(_sets(ruling)):
                for index, box in enumerate(traffic.boxes):
                    yield (part, place, which, index), box


class _Pieces:
    """Traffic put together of slices, each of them the same all over its places."""

    def __init__(self, axis: int) -> None:
        self.axis = axis
        self._places: dict[Box, list[IntSet]] = {}

    def add(self, places: IntSet, traffic: Traffic) -> None:
        for box in traffic.boxes:
            self._places.setdefault((*box[: self.axis], *box[self.axis + 1 :]), []).append(places)

    def traffic(self) -> Traffic:
        boxes = [
            (*rest[: self.axis], IntSet.union(places), *rest[self.axis :])
            for rest, places in self._places.items()
        ]
        return Traffic(tuple(sorted(boxes, key=in_order)))


class _Whole:
    """What has been settled slice by slice."""

    def __init__(self, axis: int) -> None:
        self.axis = axis
        self._sets = [_Pieces(axis) for _ in range(4)]
        self._conditions: dict[Condition, _Pieces] = {}

    def add(self, places: IntSet, one: Settled) -> None:
        sets = (one.passes.must, one.passes.may, one.replies.must, one.replies.may)
        for pieces, traffic in zip(self._sets, sets, strict=True):
            pieces.add(places, traffic)
        for condition in one.conditions:
            told = replace(condition, traffic=NOTHING)
            self._conditions.setdefault(told, _Pieces(self.axis)).add(places, condition.traffic)

    def settled(self) -> Settled:
        must, may, replies_must, replies_may = (pieces.traffic() for pieces in self._sets)
        told = (replace(one, traffic=pieces.traffic()) for one, pieces in self._conditions.items())
        return Settled(_met(must, may), _met(replies_must, replies_may), tuple(told))


def _met(must: Traffic, may: Traffic) -> Bounds[Traffic]:
    return exact(may) if must.boxes == may.boxes else Bounds(must, may)


def condensed(rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Neighbouring lists of names of which the same becomes, as one list."""
    found: list[Ruling] = []
    names: list[list[str]] = []
    for one in rulings:
        alike = found and one.domains and not one.negated and _bare(one) == _bare(found[-1])
        if alike and found[-1].domains:
            names[-1].extend(one.domains)
        else:
            found.append(one)
            names.append(list(one.domains))
    return tuple(replace(one, domains=tuple(own)) for one, own in zip(found, names, strict=True))


def _bare(one: Ruling) -> tuple[object, ...]:
    return one.application, one.negated, one.action, one.established, one.to_server, one.region
