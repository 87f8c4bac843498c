"""Arithmetic and comparison as go-cty has them, with its rounding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.sources.terraform.values.numbers import (
    PARSED,
    Number,
    exact,
    made,
    precisions,
    results,
    rounded,
    significant_bits,
)
from auditor.tree import Precise

if TYPE_CHECKING:
    from fractions import Fraction

_MOST_BITS = 4096
_FAST = 1 << 256
_EXACT = 1 << 53
_MOST_RESULTS = 16
_LARGEST_SHORT = 10_000_000
_SHORT_UNITS = 256


def compared(a: Number, b: Number) -> int:
    """Below zero, zero or above it, as ``a`` is less than, equal to or greater than ``b``."""
    if isinstance(a, Precise) or isinstance(b, Precise):
        one, other = exact(a), exact(b)
        return (one > other) - (one < other)
    return (a > b) - (a < b)


def computed(sign: str, a: Number, b: Number, *, literal: bool = False) -> tuple[Number, ...] | None:
    """``a sign b``, in each of the precisions that it may have; None where it is too large.

    ``literal`` says that one of both is written in the configuration, so that its precision is known.
    Raises ``ZeroDivisionError``.
    """
    quick = _quickly(sign, a, b)
    if quick is not None:
        return (quick,)
    one, other = exact(a), exact(b)
    if _is_zero_below(sign, one, other) and _is_below(a) != _is_below(b):
        return (-0.0,)
    if sign == "%" and not other:
        return (a,)
    if max(map(_bits, (one, other))) > _MOST_BITS:
        return None
    bits = {max(p, q) for p in precisions(a, literal=literal) for q in precisions(b, literal=literal)}
    match sign:
        case "*":
            return _products(one * other, bits)
        case "%":
            return _remainders(one, other, precisions(a), bits)
        case _:
            return results(_exactly(sign, one, other), bits)


def added(numbers: Iterable[Number]) -> tuple[Number, ...] | None:
    """The sum of all, in their order; None where it is too large or of too many precisions."""
    totals: tuple[Number, ...] = (0,)
    for number in numbers:
        found = [computed("+", total, number) for total in totals]
        if None in found:
            return None
        totals = tuple(dict.fromkeys(each for some in found for each in some or ()))
        if len(totals) > _MOST_RESULTS:
            return None
    return totals


def _quickly(sign: str, a: Number, b: Number) -> Number | None:
    """The result where it needs no rounding and is no zero that may have a sign."""
    if isinstance(a, int) and isinstance(b, int) and -_FAST < a < _FAST and -_FAST < b < _FAST:
        whole = _whole(sign, a, b)
        if whole is not None and (whole or sign in {"+", "-"} or (a >= 0 and b >= 0)):
            return whole
    return _shortly(sign, a, b)


def _whole(sign: str, a: int, b: int) -> int | None:
    """The result of whole numbers where it is whole and has few digits."""
    match sign:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "/" if b and a % b == 0:
            result = a // b
        case "%" if b and -_EXACT < 2 * a < _EXACT:
            rest = abs(a) % abs(b)
            result = -rest if a < 0 else rest
        case _:
            return None
    return result if -_EXACT < result < _EXACT else None


def _shortly(sign: str, a: Number, b: Number) -> Number | None:
    """The result where both numbers and it have few digits, so that a ``float`` is exact; never zero."""
    if not _is_short(a) or not _is_short(b) or isinstance(a, Precise) or isinstance(b, Precise):
        return None
    match sign:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "/" if b:
            result = a / b
            if result * b != a:
                return None
        case _:
            return None
    if not result or not _is_short(result):
        return None
    return int(result) if result == int(result) else result


def _is_short(number: Number) -> bool:
    """Whether a number has at most eight bits behind the point, and so at most 15 digits."""
    if isinstance(number, Precise) or not -_LARGEST_SHORT < number < _LARGEST_SHORT:
        return False
    return isinstance(number, int) or (number * _SHORT_UNITS).is_integer()


def _is_zero_below(sign: str, a: Fraction, b: Fraction) -> bool:
    """Whether a result is a zero that keeps its sign."""
    return (sign == "*" and not a * b) or (sign == "/" and not a and bool(b))


def _is_below(number: Number) -> bool:
    return compared(number, 0) < 0 or repr(number) == "-0.0"


def _bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _exactly(sign: str, a: Fraction, b: Fraction) -> Fraction:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case _:
            return a / b


def _products(product: Fraction, bits: Iterable[int]) -> tuple[Number, ...]:
    """A product is rounded at 512 bits, and has as many as it needs or as its larger factor."""
    value = rounded(product, PARSED)
    needed = significant_bits(value)
    return tuple(dict.fromkeys(made(value, max(precision, needed)) for precision in sorted(bits)))


def _remainders(a: Fraction, b: Fraction, own: Iterable[int], bits: Iterable[int]) -> tuple[Number, ...]:
    """What is left of ``a``, in its own precision, after the whole part of the rounded quotient."""
    found: dict[Number, None] = {}
    for precision in bits:
        times = int(rounded(a / b, precision))
        for kept in own:
            if kept <= precision:
                found[made(rounded(a - rounded(b * times, kept), kept), kept)] = None
    return tuple(found)
