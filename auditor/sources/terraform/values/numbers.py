"""Terraform's numbers: binary floating point of 512 bits, but for what functions give in 53 or 64.

Where an ``int`` is exact, it is one; a ``float`` stands for the number that its shortest digits spell, at 512
bits; all others are ``Precise``. Go's package math/big says how they round and which digits they are
written with (https://pkg.go.dev/math/big#Float), go-cty how they are reckoned with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.tree import Precise

if TYPE_CHECKING:
    from fractions import Fraction

Number = int | float | Precise

PARSED = 512
INTEGER = 64
FLOAT = 53
_POSSIBLE = (FLOAT, INTEGER, PARSED)


def is_number(value: object) -> bool:
    """Whether a scalar's value is a number."""
    return isinstance(value, int | float | Precise) and not isinstance(value, bool)


def exact(number: Number) -> Fraction:
    """The number as Terraform holds it."""
    from fractions import Fraction

    if isinstance(number, Precise):
        return Fraction(number.significand) * Fraction(2) ** number.exponent
    if isinstance(number, int):
        return Fraction(number) if number.bit_length() <= PARSED else rounded(Fraction(number), PARSED)
    return rounded(Fraction(repr(number)), PARSED)


def rounded(value: Fraction, precision: int) -> Fraction:
    """The nearest number of so many significant bits, the even one of two."""
    from fractions import Fraction

    if not value:
        return value
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length() - precision
    for step in (exponent, exponent + 1):
        scaled = round(value * Fraction(2) ** -step)
        if abs(scaled) <= 1 << precision:
            return scaled * Fraction(2) ** step
    raise AssertionError(value)


def made(value: Fraction, precision: int) -> Number:
    """A value of so many bits as a number: an ``int`` or a ``float`` where that says the same."""
    if value.denominator == 1 and abs(value.numerator) < 1 << FLOAT:
        return value.numerator
    text = _digits(value, precision)
    if "." not in text:
        whole = int(text)
        if exact(whole) == value:
            return whole
    else:
        number = float(text)
        if number and exact(number) == value:
            return number
    exponent = -(value.denominator.bit_length() - 1)
    significand = value.numerator
    if exponent == 0:
        exponent = (significand & -significand).bit_length() - 1
        significand >>= exponent
    return Precise(significand, exponent, precision)


def whole_of(value: object) -> int | None:
    """The whole number that a scalar's value is; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Precise):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    number = exact(value)
    return number.numerator if number.denominator == 1 else None


def of_text(text: str) -> Number:
    """The number that decimal digits spell, as Terraform reads them."""
    from fractions import Fraction

    value = Fraction(text)
    if not value and text.startswith("-"):
        return -0.0
    return made(rounded(value, PARSED), PARSED)


def of_float(number: float) -> Number:
    """The number that a function gives which reckons in floating point of 53 bits."""
    from fractions import Fraction

    return made(Fraction(number), FLOAT)


def digits(number: Precise) -> str:
    """The number in decimal digits, the fewest that tell it from others of its precision."""
    return _digits(exact(number), number.precision)


def precisions(number: Number, *, literal: bool = False) -> tuple[int, ...]:
    """The precisions that a number may have: those of the text of a configuration are all 512 bits."""
    if isinstance(number, Precise):
        return (number.precision,)
    if literal:
        return (PARSED,)
    needed = significant_bits(exact(number))
    return tuple(bits for bits in _POSSIBLE if bits >= needed)


def significant_bits(value: Fraction) -> int:
    """How many bits a value has from its first one to its last one."""
    number = abs(value.numerator)
    return number.bit_length() - ((number & -number).bit_length() - 1) if number else 0


def results(value: Fraction, bits: Iterable[int]) -> tuple[Number, ...]:
    """What an exact result is after rounding, for each of the precisions that it may have."""
    found = {rounded(value, precision): precision for precision in sorted(bits)}
    return tuple(dict.fromkeys(made(result, precision) for result, precision in found.items()))


def _digits(value: Fraction, precision: int) -> str:
    """The fewest digits that lie nearer to the value than half a unit of its last bit."""
    if not value:
        return "0"
    sign, value = ("-", -value) if value < 0 else ("", value)
    unit = value.numerator.bit_length() - value.denominator.bit_length()
    if value < 2**unit if unit >= 0 else value * 2**-unit < 1:
        unit -= 1
    return sign + _shortest(value, unit - precision)


def _shortest(value: Fraction, half: int) -> str:
    """The digits of a value whose neighbours are each ``2**half`` away at their middle."""
    from fractions import Fraction

    margin = Fraction(2) ** half
    even = (value / (2 * margin)).numerator % 2 == 0
    numbers, point = _aligned(value, value - margin, value + margin)
    middle, lower, upper = ((text.rstrip("0"), text) for text in numbers)
    low, high = lower[0], upper[0]
    for place, digit in enumerate(middle[0]):
        below, above = lower[1][place], upper[1][place]
        down = below != digit or (even and place + 1 == len(low))
        up = digit != above and (even or int(digit) + 1 < int(above) or place + 1 < len(high))
        if down or up:
            return _placed(_cut(middle[0], place + 1, down=down, up=up), point, place + 1)
    return _placed(int(middle[0] or "0"), point, len(middle[0]))


def _aligned(*values: Fraction) -> tuple[list[str], int]:
    """The values' decimal digits, equally long, and how many of them stand before the point."""
    places = max(value.denominator.bit_length() - 1 for value in values)
    scaled = [str(int(value * 10**places)) for value in values]
    width = max(map(len, scaled))
    return [text.rjust(width, "0") for text in scaled], width - places


def _cut(text: str, length: int, *, down: bool, up: bool) -> int:
    kept, rest = int(text[:length]), text[length:]
    if down and up:
        half = "5".ljust(len(rest), "0")
        nearer_up = rest > half or (rest == half and bool(rest) and kept % 2 == 1)
        return kept + nearer_up
    return kept + (not down)


def _placed(significant: int, point: int, length: int) -> str:
    """So many digits with the point after ``point`` of them."""
    text = str(significant).rjust(length, "0")
    point += len(text) - length
    if point >= len(text):
        return text.ljust(point, "0").lstrip("0") or "0"
    whole, part = (text[:point], text[point:]) if point > 0 else ("", "0" * -point + text)
    part = part.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{part}" if part else whole
