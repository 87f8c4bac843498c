from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.traffic import EMPTY, IntSet

LAST = 40

ranges = st.tuples(st.integers(0, LAST), st.integers(0, 12)).map(lambda pair: (pair[0], min(LAST, sum(pair))))
numbers = st.lists(ranges, max_size=8).map(lambda found: IntSet.of(*found))


def members(numbers: IntSet) -> set[int]:
    return {n for low, high in numbers for n in range(low, high + 1)}


@given(st.lists(ranges, max_size=8))
def test_a_set_is_written_in_one_way_only(found: list[tuple[int, int]]) -> None:
    made = IntSet.of(*found)
    gaps = [later[0] - earlier[1] for earlier, later in zip(made.intervals, made.intervals[1:], strict=False)]
    assert all(gap > 1 for gap in gaps)
    assert members(made) == {n for low, high in found for n in range(low, high + 1)}
    assert made == IntSet.union(IntSet.of(one) for one in reversed(found))
    assert hash(made) == hash(IntSet.of(*reversed(found)))


@given(numbers, numbers)
def test_operators_agree_with_those_of_python_sets(a: IntSet, b: IntSet) -> None:
    mine, theirs = members(a), members(b)
    for made, meant in ((a | b, mine | theirs), (a & b, mine & theirs), (a - b, mine - theirs)):
        assert members(made) == meant
        assert made == IntSet.of(*((n, n) for n in meant))
    assert (a <= b) == (mine <= theirs)
    assert (a >= b) == (mine >= theirs)
    assert (a == b) == (mine == theirs)
    assert a.overlaps(b) == bool(mine & theirs)


@given(numbers)
def test_size_membership_and_truth_agree_with_those_of_python_sets(a: IntSet) -> None:
    mine = members(a)
    assert a.size == len(mine)
    assert bool(a) == bool(mine)
    assert [n in a for n in range(-1, LAST + 2)] == [n in mine for n in range(-1, LAST + 2)]


@given(numbers, st.integers(-50, 50))
def test_shifting_moves_every_member(a: IntSet, distance: int) -> None:
    assert members(a.shifted(distance)) == {n + distance for n in members(a)}


def test_neighbouring_ranges_become_one() -> None:
    assert IntSet.of((5, 9), (0, 4)) == IntSet.of((0, 9))
    assert IntSet.of((0, 4)) | IntSet.of((5, 9)) == IntSet.of((0, 9))


def test_what_lies_within_another_set_is_given_back_as_it_is() -> None:
    inner, outer = IntSet.of((3, 4)), IntSet.of((0, 9))
    assert inner & outer is inner
    assert outer & inner is inner
    assert inner | outer is outer


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="5-4 ends before it begins"):
        IntSet.of((5, 4))


def test_no_ranges_are_the_empty_set() -> None:
    assert IntSet.of() == EMPTY
    assert IntSet.union([]) == EMPTY
    assert not EMPTY
    assert IntSet.single(1) >= EMPTY
    assert not IntSet.single(1) <= EMPTY
