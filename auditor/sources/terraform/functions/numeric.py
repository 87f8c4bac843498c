"""Numeric functions."""

from __future__ import annotations

import math
from functools import cmp_to_key
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_values
from auditor.sources.terraform.syntax.compose import negated
from auditor.sources.terraform.values.arithmetic import compared, computed
from auditor.sources.terraform.values.numbers import Number, exact

_MOST_ITEMS = 1024
_MOST_DIGITS = 1000
_LARGEST = 1 << 63
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@over_values
def abs_(num: Number) -> Number:
    return negated(num) if compared(num, 0) < 0 else num or 0


@over_values
def ceil(num: Number) -> int:
    return math.ceil(exact(num))


@over_values
def floor(num: Number) -> int:
    return math.floor(exact(num))


@over_values
def max_(*numbers: Number) -> Number:
    if not numbers:
        raise InputError("must pass at least one number")
    return max(numbers, key=_BY_SIZE)


@over_values
def min_(*numbers: Number) -> Number:
    if not numbers:
        raise InputError("must pass at least one number")
    return min(numbers, key=_BY_SIZE)


_BY_SIZE = cmp_to_key(compared)


@over_values
def signum(num: int) -> int:
    if not -_LARGEST <= num < _LARGEST:
        raise InputError('invalid value for "num" parameter: value must be a whole number of 64 bits')
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
    if len(digits) > _MOST_DIGITS:
        raise InputError(f"a number of more than {_MOST_DIGITS} digits is not read here")
    if not digits or not all(0 <= value < base for value in values):
        raise InputError(f'cannot parse "{number}" as a base {base} integer')
    result = 0
    for value in values:
        result = result * base + value
    return sign * result


@over_values
def range_(*params: Number) -> tuple[Number, ...]:
    if not 1 <= len(params) <= 3:
        raise InputError("must have one, two, or three arguments")
    start, end = (0, params[0]) if len(params) == 1 else params[:2]
    up = compared(end, start)
    step = params[2] if len(params) == 3 else (1 if up >= 0 else -1)
    if up == 0:
        return ()
    if compared(step, 0) != up:
        raise InputError("the step must lead from the start to the end")
    items: list[Number] = []
    current = start
    while compared(current, end) * up < 0:
        if len(items) >= _MOST_ITEMS:
            raise InputError(f"more than {_MOST_ITEMS} values were generated; either decrease the difference")
        items.append(current)
        following = computed("+", current, step)
        if following is None or len(following) > 1:
            raise InputError("the numbers are too large, or too small, to count by")
        current = following[0]
    return tuple(items)
