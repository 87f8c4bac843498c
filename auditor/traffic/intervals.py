"""Sets of integers as sorted tuples of ranges: the axes on which traffic is measured."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Interval: TypeAlias = tuple[int, int]
Intervals: TypeAlias = tuple[Interval, ...]


class IntSet:
    """An immutable set of integers.

    ``intervals`` holds inclusive ``(low, high)`` ranges, sorted, disjoint and not adjacent, so that two sets
    are equal exactly when their intervals are. The constructor trusts that form; ``of`` makes it.
    """

    __slots__ = ("_hash", "intervals")

    def __init__(self, intervals: Intervals) -> None:
        self.intervals: Final = intervals
        self._hash = -1

    @staticmethod
    def of(*ranges: Interval) -> IntSet:
        """The integers of all inclusive ranges, in any order, overlapping or not.

        Raises:
            ValueError: a range ends before it begins.
        """
        for low, high in ranges:
            if low > high:
                raise ValueError(f"the range {low}-{high} ends before it begins")
        return IntSet(coalesced(sorted(ranges))) if ranges else EMPTY

    @staticmethod
    def single(number: int) -> IntSet:
        """The set of one integer."""
        return IntSet(((number, number),))

    @staticmethod
    def union(sets: Iterable[IntSet]) -> IntSet:
        """The union of any number of sets, at the price of one sort."""
        ranges = [interval for one in sets for interval in one.intervals]
        if not ranges:
            return EMPTY
        ranges.sort()
        return IntSet(coalesced(ranges))

    @property
    def size(self) -> int:
        """How many integers the set holds."""
        return sum(high - low + 1 for low, high in self.intervals)

    def shifted(self, distance: int) -> IntSet:
        """Every member moved by ``distance``."""
        return IntSet(tuple((low + distance, high + distance) for low, high in self.intervals))

    def overlaps(self, other: IntSet) -> bool:
        """Whether the two sets share a member."""
        mine, theirs = self.intervals, other.intervals
        if mine is theirs:
            return bool(mine)
        if len(mine) == 1 and len(theirs) == 1:
            return mine[0][0] <= theirs[0][1] and theirs[0][0] <= mine[0][1]
        if len(mine) > len(theirs):
            mine, theirs = theirs, mine
        for low, high in mine:
            index = bisect_left(theirs, (high + 1,))
            if index and theirs[index - 1][1] >= low:
                return True
        return False

    def __or__(self, other: IntSet) -> IntSet:
        mine, theirs = self.intervals, other.intervals
        if mine is theirs or not theirs:
            return self
        if not mine:
            return other
        if len(theirs) == 1 and self <= other:
            return other
        if len(mine) == 1 and other <= self:
            return self
        return IntSet(coalesced(sorted(mine + theirs)))

    def __and__(self, other: IntSet) -> IntSet:
        mine, theirs = self.intervals, other.intervals
        if mine is theirs:
            return self
        if len(theirs) == 1:
            low, high = theirs[0]
            if len(mine) != 1:
                return within(self, low, high)
            first, last = mine[0]
            if first >= low:
                if last <= high:
                    return self
                return IntSet(((first, high),)) if first <= high else EMPTY
            if last >= high:
                return other
            return IntSet(((low, last),)) if low <= last else EMPTY
        if len(mine) == 1:
            return within(other, *mine[0])
        return common(self, other)

    def __sub__(self, other: IntSet) -> IntSet:
        mine = self.intervals
        if not mine or not other.intervals:
            return self
        low, high = mine[0][0], mine[-1][1]
        if len(mine) == 1 and len(other.intervals) == 1:
            first, last = other.intervals[0]
            if first > high or last < low:
                return self
            if first <= low:
                return IntSet(((last + 1, high),)) if last < high else EMPTY
            return IntSet(((low, first - 1), (last + 1, high)) if last < high else ((low, first - 1),))
        taken = within(other, low, high)
        if not taken.intervals:
            return self
        left = gaps(taken.intervals, low, high)
        return IntSet(left) if len(mine) == 1 and left else self & IntSet(left)

    def __le__(self, other: IntSet) -> bool:
        mine, theirs = self.intervals, other.intervals
        if mine is theirs:
            return True
        if len(theirs) == 1:
            return not mine or (theirs[0][0] <= mine[0][0] and mine[-1][1] <= theirs[0][1])
        for low, high in mine:
            index = bisect_left(theirs, (low + 1,))
            if not index or theirs[index - 1][1] < high:
                return False
        return True

    def __ge__(self, other: IntSet) -> bool:
        return other <= self

    def __contains__(self, number: int) -> bool:
        index = bisect_left(self.intervals, (number + 1,))
        return index > 0 and self.intervals[index - 1][1] >= number

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, IntSet):
            return NotImplemented
        return self.intervals == other.intervals

    def __hash__(self) -> int:
        if self._hash == -1:
            self._hash = hash(self.intervals)
        return self._hash

    def __repr__(self) -> str:
        return f"IntSet.of({', '.join(map(str, self.intervals))})"


EMPTY = IntSet(())


def coalesced(ranges: Iterable[Interval]) -> Intervals:
    """Sorted ranges with those that overlap or touch made one. At least one range must be given."""
    steps = iter(ranges)
    low, high = next(steps)
    done: list[Interval] = []
    for first, last in steps:
        if first > high + 1:
            done.append((low, high))
            low, high = first, last
        elif last > high:
            high = last
    done.append((low, high))
    return tuple(done)


def within(numbers: IntSet, low: int, high: int) -> IntSet:
    """The members from ``low`` to ``high``, both included; ``numbers`` itself where that is all of them."""
    intervals = numbers.intervals
    if not intervals or (low <= intervals[0][0] and intervals[-1][1] <= high):
        return numbers
    start = bisect_left(intervals, (low + 1,))
    if start and intervals[start - 1][1] >= low:
        start -= 1
    stop = bisect_left(intervals, (high + 1,))
    if start >= stop:
        return EMPTY
    kept = list(intervals[start:stop])
    if kept[0][0] < low:
        kept[0] = (low, kept[0][1])
    if kept[-1][1] > high:
        kept[-1] = (kept[-1][0], high)
    return IntSet(tuple(kept))


def common(one: IntSet, two: IntSet) -> IntSet:
    """The members of both sets, found by walking the two lists of ranges side by side."""
    mine, theirs = one.intervals, two.intervals
    found: list[Interval] = []
    i = j = 0
    while i < len(mine) and j < len(theirs):
        first, last = mine[i]
        low, high = theirs[j]
        start = max(first, low)
        if last <= high:
            i += 1
            stop = last
        else:
            j += 1
            stop = high
        if start <= stop:
            found.append((start, stop))
    kept = tuple(found)
    if kept == mine:
        return one
    return two if kept == theirs else IntSet(kept) if kept else EMPTY


def gaps(intervals: Intervals, low: int, high: int) -> Intervals:
    """What the ranges leave free between ``low`` and ``high``, within which they must lie."""
    free: list[Interval] = []
    for first, last in intervals:
        if low < first:
            free.append((low, first - 1))
        low = last + 1
    if low <= high:
        free.append((low, high))
    return tuple(free)
