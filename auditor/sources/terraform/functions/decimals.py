"""Numbers in decimal notation as Go's math/big writes them (https://pkg.go.dev/math/big#Float.Text)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.sources.terraform.values import format_number
from auditor.sources.terraform.values.numbers import Number, exact

if TYPE_CHECKING:
    from fractions import Fraction

_LEAST_EXPONENT = -4
_PLAIN_DIGITS = 6


def plain(number: Number, places: int) -> str:
    """The magnitude with so many digits after the point, rounded to the even one of two."""
    scaled = str(round(abs(exact(number)) * 10**places)).rjust(places + 1, "0")
    return f"{scaled[: len(scaled) - places]}.{scaled[len(scaled) - places :]}" if places else scaled


def scientific(number: Number, places: int) -> str:
    """The magnitude as ``d.ddde+dd``, with so many digits after the point."""
    digits, exponent = _rounded(abs(exact(number)), places + 1)
    return _with_exponent(digits.ljust(places + 1, "0"), exponent)


def general(number: Number, precision: int | None = None) -> str:
    """The magnitude in the shorter notation, with so many digits in all, or with as many as tell it apart."""
    if precision is None:
        digits, exponent = _shortest(number)
        most = _PLAIN_DIGITS
    else:
        most = precision or 1
        digits, exponent = _rounded(abs(exact(number)), most)
        digits = digits.rstrip("0")
        most = len(digits) if most > len(digits) > exponent else most
    if not digits:
        return "0"
    if not _LEAST_EXPONENT <= exponent < most:
        return _with_exponent(digits, exponent)
    if exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{digits}"
    whole, part = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{whole}.{part}" if part else whole


def _with_exponent(digits: str, exponent: int) -> str:
    mantissa = f"{digits[0]}.{digits[1:]}" if digits[1:] else digits
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def _shortest(number: Number) -> tuple[str, int]:
    whole, _, part = format_number(number).removeprefix("-").partition(".")
    digits = (whole + part).lstrip("0")
    exponent = len(whole) - 1 if whole.strip("0") else len(digits) - len(part) - 1
    return digits.rstrip("0"), exponent


def _rounded(value: Fraction, count: int) -> tuple[str, int]:
    """So many digits of a value, and the power of ten of the first."""
    if not value:
        return "0" * count, 0
    exponent = len(str(value.numerator)) - len(str(value.denominator))
    for guess in (exponent, exponent - 1):
        if value >= _power(guess):
            exponent = guess
            break
    digits = str(round(value * _power(count - 1 - exponent)))
    return digits[:count], exponent + len(digits) - count


def _power(exponent: int) -> Fraction:
    from fractions import Fraction

    return Fraction(10) ** exponent
