"""Numbers: exact to the last digit, in the precision that they have in Terraform."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.sources.terraform.values.arithmetic import added, compared, computed
from auditor.sources.terraform.values.numbers import (
    FLOAT,
    PARSED,
    Number,
    exact,
    of_float,
    of_text,
    precisions,
    rounded,
)
from auditor.sources.terraform.values.primitive import format_number, parse_number
from auditor.tree import Precise

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25, places=9)
THIRD = f"0.{'3' * 154}5"


def texts(sign: str, a: Number, b: Number, *, literal: bool = True) -> list[str]:
    return [format_number(number) for number in computed(sign, a, b, literal=literal) or ()]


@given(DECIMALS)
def test_a_number_is_written_as_it_was_read(number: object) -> None:
    text = f"{number:f}"
    whole = text.rstrip("0").rstrip(".")
    assert format_number(parse_number(text)) == ("-0" if whole == "-0" else whole or "0")


@given(
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, min_value=-1e15, max_value=1e15)
)
def test_a_number_of_53_bits_is_written_with_no_more_digits_than_it_needs(number: float) -> None:
    text = format_number(of_float(number))
    assert math.isclose(float(text), number, rel_tol=1e-15)  # Go is a digit off for some powers of two
    assert len(text.strip("-0.").replace(".", "")) <= 17


@given(DECIMALS, DECIMALS, st.sampled_from("+-*/"))
@settings(max_examples=300)
def test_a_result_is_the_nearest_of_512_bits(a: object, b: object, sign: str) -> None:
    one, other = of_text(f"{a:f}"), of_text(f"{b:f}")
    x, y = exact(one), exact(other)
    if sign == "/" and not y:
        return
    expected = {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}[sign]()
    assert [exact(each) for each in computed(sign, one, other, literal=True) or ()] == [
        rounded(expected, PARSED)
    ]


@pytest.mark.parametrize(
    ("sign", "a", "b", "found"),
    [
        ("/", 1, 3, [THIRD]),
        ("+", 0.1, 0.2, ["0.3"]),
        ("%", 7, -3, ["1"]),
        ("%", -7, 3, ["-1"]),
        ("%", 5, 0, ["5"]),
        ("*", 0, -1, ["-0"]),
        ("-", 9007199254740993, 1, ["9007199254740992"]),
    ],
)
def test_arithmetic_has_the_digits_of_terraform(sign: str, a: Number, b: Number, found: list[str]) -> None:
    assert texts(sign, a, b) == found


def test_a_quotient_of_counts_is_one_of_the_precisions_that_it_may_have() -> None:
    assert "0.33333333333333333334" in texts("/", 1, 3, literal=False)
    assert len(texts("/", 1, 3, literal=False)) == 3
    assert texts("/", 1, 4, literal=False) == ["0.25"]


def test_fractions_that_floats_do_not_tell_apart_are_told_apart() -> None:
    double = of_text("0.1000000000000000055511151231257827021181583404541015625")
    assert isinstance(double, Precise)
    assert compared(0.1, double) < 0
    assert compared(double, 0.1) > 0


def test_a_fraction_that_only_512_bits_hold_has_that_precision() -> None:
    assert precisions(0.1) == (PARSED,)
    assert FLOAT in precisions(0.5)


def test_a_sum_is_exact() -> None:
    assert added([0.1, 0.2]) == (0.3,)
    assert added([of_text("1e30"), of_text("1e-30")]) == (
        of_text("1000000000000000000000000000000." + "0" * 29 + "1"),
    )
