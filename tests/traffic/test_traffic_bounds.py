from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.traffic import Bounds, IntSet, exact

cells = st.integers(0, 255).map(lambda bits: IntSet.of(*((n, n) for n in range(8) if bits >> n & 1)))
unknowns = st.tuples(cells, cells, cells).map(lambda t: (Bounds(t[0], t[0] | t[1]), t[0] | (t[1] & t[2])))
"""Bounds with one of the values that lie between them."""


@given(unknowns, unknowns)
def test_a_result_lies_between_its_bounds_whatever_the_operands_turn_out_to_be(
    one: tuple[Bounds[IntSet], IntSet], two: tuple[Bounds[IntSet], IntSet]
) -> None:
    (a, x), (b, y) = one, two
    for bounds, value in ((a | b, x | y), (a & b, x & y), (a - b, x - y)):
        assert bounds.must <= value <= bounds.may


@given(unknowns, unknowns)
def test_bounds_are_as_tight_as_they_can_be(
    one: tuple[Bounds[IntSet], IntSet], two: tuple[Bounds[IntSet], IntSet]
) -> None:
    a, b = one[0], two[0]
    assert (a | b) == Bounds(a.must | b.must, a.may | b.may)
    assert (a & b) == Bounds(a.must & b.must, a.may & b.may)
    assert (a - b) == Bounds(a.must - b.may, a.may - b.must)


@given(cells, cells)
def test_what_is_known_of_both_is_known_of_the_result(x: IntSet, y: IntSet) -> None:
    for bounds, value in (
        (exact(x) | exact(y), x | y),
        (exact(x) & exact(y), x & y),
        (exact(x) - exact(y), x - y),
    ):
        assert bounds.known
        assert bounds == exact(value)
        assert hash(bounds) == hash(exact(value))


def test_bounds_that_differ_are_not_known() -> None:
    assert not Bounds(IntSet.of(), IntSet.single(1)).known
    assert Bounds(IntSet.of(), IntSet.single(1)) != exact(IntSet.single(1))
