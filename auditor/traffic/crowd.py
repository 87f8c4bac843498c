"""Many boxes at once: which of them may hold, or meet, a given one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from auditor.traffic.intervals import IntSet

_BLOCK = 1024

# For an axis: the distinct lowest values with, at each place, the bits of the boxes before it, and the
# distinct highest values with the bits of the boxes from it on.
_Axis: TypeAlias = tuple[int, list[int], list[int], list[int], list[int]]


class Crowd:
    """An index over boxes by the ends of their axes.

    The boxes whose span on an axis starts early enough and ends late enough are a prefix and a suffix of two
    sorted lists; kept as the bits of integers, five axes are ten ``&`` for a thousand boxes. What it gives is
    a superset: the spans are looked at, not the holes in them.
    """

    __slots__ = ("_blocks",)

    def __init__(self, boxes: Sequence[tuple[IntSet, ...]]) -> None:
        # Blocks bound the memory: the bits of n boxes take n squared.
        self._blocks = [
            (start, _axes(boxes[start : start + _BLOCK])) for start in range(0, len(boxes), _BLOCK)
        ]

    def enclosing(self, box: tuple[IntSet, ...]) -> Iterator[int]:
        """The indices of all boxes that may hold the given one, in order."""
        return self._found([(axis.intervals[0][0], axis.intervals[-1][1]) for axis in box])

    def overlapping(self, box: tuple[IntSet, ...]) -> Iterator[int]:
        """The indices of all boxes that may share a point with the given one, in order."""
        return self._found([(axis.intervals[-1][1], axis.intervals[0][0]) for axis in box])

    def _found(self, bounds: list[tuple[int, int]]) -> Iterator[int]:
        """The boxes with, on every axis, the lowest value at most and the highest at least the given ones."""
        for start, axes in self._blocks:
            bits = -1
            for axis, lows, before, highs, after in axes:
                low, high = bounds[axis]
                bits &= before[bisect_right(lows, low)] & after[bisect_left(highs, high)]
                if not bits:
                    break
            while bits:
                lowest = bits & -bits
                yield start + lowest.bit_length() - 1
                bits ^= lowest


def _axes(boxes: Sequence[tuple[IntSet, ...]]) -> list[_Axis]:
    axes = []
    for axis in range(len(boxes[0])):
        lows = _bits_by([box[axis].intervals[0][0] for box in boxes])
        highs = _bits_by([box[axis].intervals[-1][1] for box in boxes])
        before = [0]
        for bits in lows.values():
            before.append(before[-1] | bits)
        after = [0]
        for bits in reversed(highs.values()):
            after.append(after[-1] | bits)
        axes.append((axis, list(lows), before, list(highs), after[::-1]))
    return axes


def _bits_by(values: list[int]) -> dict[int, int]:
    """For each distinct value, in order, the bits of the places that hold it."""
    found: dict[int, int] = {}
    for place, value in enumerate(values):
        found[value] = found.get(value, 0) | 1 << place
    return dict(sorted(found.items()))
