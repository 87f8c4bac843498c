"""Numeric functions."""

from __future__ import annotations

import math
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_values

_MOST_ITEMS = 1024
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@over_values
def abs_(num: float) -> float:
    return abs_of(num)


def abs_of(number: float) -> float:
    return -number if number < 0 else number


@over_values
def ceil(num: float) -> float:
    return math.ceil(num)


@over_values
def floor(num: float) -> float:
    return math.floor(num)


@over_values
def log(num: float, base: float) -> float:
    if num < 0 or base <= 0 or base == 1:
        raise InputError("the logarithm is not defined for this number and base")
    if num == 0:
        raise InputError("the logarithm of 0 is infinite")
    return math.log(num) / math.log(base)


@over_values
def pow_(num: float, power: float) -> float:
    try:
        result = math.pow(num, power)
    except (OverflowError, ValueError):
        raise InputError("the result is not a finite number") from None
    exact = isinstance(num, int) and isinstance(power, int) and power >= 0 and abs_of(result) < 2**53
    return num**power if exact else result


@over_values
def max_(*numbers: float) -> float:
    if not numbers:
        raise InputError("must pass at least one number")
    return max(numbers)


@over_values
def min_(*numbers: float) -> float:
    if not numbers:
        raise InputError("must pass at least one number")
    return min(numbers)


@over_values
def signum(num: int) -> int:
    return (num > 0) - (num < 0)


@over_values
def parseint(number: Any, base: int) -> int:
    if not isinstance(number, str):
        raise InputError('invalid value for "number" parameter: first argument must be a string')
    if not 2 <= base <= 62:
        raise InputError(
            'invalid value for "base" parameter: base must be a whole number between 2 and 62 inclusive'
        )
    sign, digits = (-1, number[1:]) if number.startswith("-") else (1, number.removeprefix("+"))
    values = [_DIGITS.find(digit if base > 36 else digit.lower()) for digit in digits]
    if not digits or not all(0 <= value < base for value in values):
        raise InputError(f'cannot parse "{number}" as a base {base} integer')
    result = 0
    for value in values:
        result = result * base + value
    return sign * result


@over_values
def range_(*params: float) -> tuple[float, ...]:
    if not 1 <= len(params) <= 3:
        raise InputError("must have one, two, or three arguments")
    start, end = (0, params[0]) if len(params) == 1 else params[:2]
    step = params[2] if len(params) == 3 else (1 if end >= start else -1)
    if step == 0 or ((step > 0) != (end >= start) and start != end):
        raise InputError("the step must lead from the start to the end")
    items: list[float] = []
    current = start
    while current < end if step > 0 else current > end:
        if len(items) >= _MOST_ITEMS:
            raise InputError(f"more than {_MOST_ITEMS} values were generated; either decrease the difference")
        items.append(current)
        current += step
    return tuple(items)
