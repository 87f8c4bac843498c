"""Boxes: products of five integer sets, and what can be done with a few or a thousand of them.

A box is a tuple of non-empty sets in the order protocols, sources, destinations, source ports, destination
ports. Where the ports mean nothing for one of its protocols, a box has all of them; every function here keeps
that so, which is why the protocols are always cut first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from auditor.traffic.crowd import Crowd
from auditor.traffic.intervals import IntSet

Box: TypeAlias = tuple[IntSet, ...]
Boxes: TypeAlias = tuple[Box, ...]

AXES = 5
_FEW = 24


def intersection(a: Box, b: Box) -> Box | None:
    """What two boxes share, or None."""
    # Most boxes have most axes in full, and those are one and the same set: asking costs less than cutting.
    protocols = a[0] if a[0] is b[0] else a[0] & b[0]
    if not protocols.intervals:
        return None
    ports = a[4] if a[4] is b[4] else a[4] & b[4]
    if not ports.intervals:
        return None
    sources = a[1] if a[1] is b[1] else a[1] & b[1]
    if not sources.intervals:
        return None
    destinations = a[2] if a[2] is b[2] else a[2] & b[2]
    if not destinations.intervals:
        return None
    source_ports = a[3] if a[3] is b[3] else a[3] & b[3]
    if not source_ports.intervals:
        return None
    return (protocols, sources, destinations, source_ports, ports)


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share a point."""
    # Written out because a loop over the axes costs three times as much.
    return (
        (a[0] is b[0] or a[0].overlaps(b[0]))
        and (a[4] is b[4] or a[4].overlaps(b[4]))
        and (a[1] is b[1] or a[1].overlaps(b[1]))
        and (a[2] is b[2] or a[2].overlaps(b[2]))
        and (a[3] is b[3] or a[3].overlaps(b[3]))
    )


def contains(a: Box, b: Box) -> bool:
    """Whether the first box holds the whole second one."""
    return (
        (a[0] is b[0] or b[0] <= a[0])
        and (a[4] is b[4] or b[4] <= a[4])
        and (a[1] is b[1] or b[1] <= a[1])
        and (a[2] is b[2] or b[2] <= a[2])
        and (a[3] is b[3] or b[3] <= a[3])
    )


def carved(box: Box, other: Box) -> list[Box]:
    """At most five disjoint boxes that make up the first one without the second, which overlaps it."""
    pieces: list[Box] = []
    rest = list(box)
    for axis, theirs in enumerate(other):
        mine = rest[axis]
        if mine is theirs or mine <= theirs:
            continue
        rest[axis] = mine - theirs
        pieces.append(tuple(rest))
        rest[axis] = mine & theirs
    return pieces


def remainder(box: Box, others: Sequence[Box]) -> Iterator[Box]:
    """The disjoint pieces of a box that none of the others holds, one at a time."""
    pending: list[tuple[Box, Sequence[Box]]] = [(box, others)]
    while pending:
        piece, rest = pending.pop()
        touching = [other for other in rest if overlap(piece, other)]
        if not touching:
            yield piece
            continue
        if len(touching) == 1:
            yield from carved(piece, touching[0])
            continue
        # Whatever cuts along one axis only shrinks the piece without splitting it: first those.
        cuts = [_cuts(piece, other) for other in touching]
        fewest = min(cuts)
        if fewest:
            chosen = touching.pop(cuts.index(fewest))
            pending.extend((part, touching) for part in carved(piece, chosen))


def _cuts(piece: Box, other: Box) -> int:
    return sum(
        1 for mine, theirs in zip(piece, other, strict=True) if mine is not theirs and not mine <= theirs
    )


def differences(some: Boxes, others: Boxes) -> Iterator[Box]:
    """Boxes that make up the first union without the second, one at a time."""
    if len(some) * len(others) <= _FEW * _FEW:
        for box in some:
            yield from remainder(box, others)
        return
    crowd = Crowd(others)
    for box in some:
        if not any(contains(others[i], box) for i in crowd.enclosing(box)):
            yield from remainder(box, [others[i] for i in crowd.overlapping(box)])


def intersections(some: Boxes, others: Boxes) -> list[Box]:
    """The non-empty intersections of every box of the first union with every box of the second."""
    if len(some) > len(others):
        some, others = others, some
    if len(some) * len(others) <= _FEW * _FEW:
        pairs = ((one, two) for one in some for two in others)
    else:
        crowd = Crowd(others)
        pairs = ((one, others[i]) for one in some for i in crowd.overlapping(one))
    found = (intersection(one, two) for one, two in pairs)
    return [box for box in found if box is not None]


def joined(boxes: Boxes, box: Box) -> Boxes:
    """``simplified`` for one more box beside simplified ones, in a time linear in their number."""
    if any(contains(other, box) for other in boxes):
        return boxes
    kept = list(boxes)
    grown = True
    while grown:
        grown = False
        rest = []
        for other in kept:
            axis = _single_difference(box, other)
            if axis is not None:
                box = (*box[:axis], box[axis] | other[axis], *box[axis + 1 :])
                grown = True
            elif not contains(box, other):
                rest.append(other)
        kept = rest
    insort(kept, box, key=in_order)
    return tuple(kept)


def _single_difference(one: Box, two: Box) -> int | None:
    """The only axis on which two boxes differ; None where they differ on more."""
    found = None
    for axis in range(AXES):
        if one[axis] is not two[axis] and one[axis].intervals != two[axis].intervals:
            if found is not None:
                return None
            found = axis
    return found


def simplified(boxes: Iterable[Box]) -> Boxes:
    """The same union in fewer boxes and a fixed order.

    Boxes that differ on one axis only become one, and those that lie in another go. What is left may
    overlap: a partition of a thousand random boxes in five dimensions would have millions of parts.
    """
    distinct = list(dict.fromkeys(boxes))
    if len(distinct) < 2:
        return tuple(distinct)
    kept = _maximal(_merged(distinct))
    if len(kept) > 1:
        kept.sort(key=in_order)
    return tuple(kept)


def in_order(box: Box) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The key that sorts boxes."""
    return tuple(axis.intervals for axis in box)


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that agree on four axes made one, until no two do."""
    unchanged = 0
    axis = AXES
    while unchanged < AXES and len(boxes) > 1:
        axis = axis - 1 if axis else AXES - 1
        before = len(boxes)
        boxes = _merged_along(boxes, axis)
        unchanged = unchanged + 1 if len(boxes) == before else 1
    return boxes


def _merged_along(boxes: list[Box], axis: int) -> list[Box]:
    groups: dict[Box, list[IntSet]] = {}
    for box in boxes:
        groups.setdefault((*box[:axis], *box[axis + 1 :]), []).append(box[axis])
    if len(groups) == len(boxes):
        return boxes
    return [
        (*rest[:axis], sets[0] if len(sets) == 1 else IntSet.union(sets), *rest[axis:])
        for rest, sets in groups.items()
    ]


def _maximal(boxes: list[Box]) -> list[Box]:
    """The distinct boxes that lie in no other."""
    if len(boxes) <= _FEW:
        return [box for box in boxes if not any(other is not box and contains(other, box) for other in boxes)]
    crowd = Crowd(boxes)
    return [
        box
        for index, box in enumerate(boxes)
        if not any(i != index and contains(boxes[i], box) for i in crowd.enclosing(box))
    ]
