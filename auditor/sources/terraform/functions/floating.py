"""Functions that reckon in floating point of 64 bits, as Go's package math does.

Go and Python do not always agree on the last bits of a logarithm or of a power with a fraction
(https://pkg.go.dev/math), so that such a result is one of those around it, unless it is known to be exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_nodes
from auditor.sources.terraform.functions.unknowns import MOST_OPTIONS
from auditor.sources.terraform.values import CallSite, unknown_call
from auditor.sources.terraform.values.numbers import (
    FLOAT,
    Number,
    exact,
    is_number,
    of_float,
    significant_bits,
)
from auditor.tree import Node, Reason, Scalar, Unknown

_SETTLED_BY = "a plan: the last digits depend on the machine that Terraform runs on"
_EXACT = 1 << 53
_MOST_BASE = 64
_MOST_BITS = 4096
# Measured for all powers below 2**53 of the bases up to 64: Go is off by a bit for powers of these.
_INEXACT_BASES = frozenset({3, 7, 14, 48, 49})


@over_nodes({"num": "number", "base": "number"})
def log(site: CallSite, num: Node, base: Node) -> Node:
    """The logarithm: exact for whole powers of small whole bases, else one of several neighbours."""
    found = _floats(num, base)
    if found is None:
        return unknown_call(site, (num, base), "number")
    number, foot = found
    if number < 0 or foot < 0 or (foot == 1 and number == 1) or (foot == 0 and number == 0):
        raise InputError("the logarithm is not defined for this number and base")
    if number == 0 or foot in {0, 1}:
        return _infinite(site)
    if number == 1:
        return Scalar(0, site.at)
    if _is_whole_power(number, foot):
        return Scalar(of_float(_nearest_log(number) / _nearest_log(foot)), site.at)
    above, below = math.log(number), math.log(foot)
    return _one_of(site, (a / b for a in _around(above, 1) for b in _around(below, 1) if b))


def _is_whole_power(number: float, base: float) -> bool:
    """Whether a number is a power of a base for which Go's logarithms are the nearest there are."""
    if not base.is_integer() or not 2 <= base <= _MOST_BASE or base in _INEXACT_BASES:
        return False
    product = 1
    while product < number:
        product *= int(base)
    return product == number < _EXACT


def _nearest_log(number: float) -> float:
    """The natural logarithm, rounded to the nearest, whatever the machine's library gives."""
    from decimal import Context, Decimal

    return float(Decimal(number).ln(Context(prec=40)))


def _infinite(site: CallSite) -> Unknown:
    reason = Reason(f"{site.name}()", site.at, "another argument: the result is infinite")
    return Unknown((reason,), site.at, type="number")


@over_nodes({"num": "number", "power": "number"})
def pow_(site: CallSite, num: Node, power: Node) -> Node:
    """The power: exact where it has 53 bits or is a square root, else one of several neighbours."""
    found = _floats(num, power)
    if found is None:
        return unknown_call(site, (num, power), "number")
    number, exponent = found
    try:
        result = _exact_power(number, exponent)
        if result is not None:
            return Scalar(of_float(result), site.at)
        return _one_of(site, _around(math.pow(number, exponent), 2))
    except (OverflowError, ZeroDivisionError):
        return _infinite(site)
    except ValueError:
        if number == 0:
            return _infinite(site)
        raise InputError("the power is not defined for this number and exponent") from None


def _exact_power(number: float, exponent: float) -> float | None:
    """A power that Go reckons without an error but for the last rounding; None where it does not."""
    from fractions import Fraction

    if abs(exponent) == 0.5 and number >= 0:
        return math.sqrt(number) if exponent > 0 else 1 / math.sqrt(number)
    if not exponent.is_integer():
        return None
    value, times = Fraction(number), abs(int(exponent))
    if significant_bits(value) * times > _MOST_BITS and significant_bits(value) > 1:
        return None
    if significant_bits(value) <= 1:
        return math.pow(number, exponent)
    power = value**times
    if significant_bits(power) > FLOAT:
        return None
    return float(power) if exponent >= 0 else float(1 / power)


def _floats(*nodes: Node) -> tuple[float, float] | None:
    """Two numbers in floating point; None where one is not known."""
    values: list[float] = []
    for node in nodes:
        if not isinstance(node, Scalar) or not is_number(node.value):
            return None
        values.append(_float(node.value))  # type: ignore[arg-type] # a number, as was asked
    return values[0], values[1]


def _float(number: Number) -> float:
    try:
        return float(exact(number))
    except OverflowError:
        raise InputError("the number is too large") from None


def _around(number: float, steps: int) -> tuple[float, ...]:
    """A number with so many of its neighbours on both sides."""
    found = [number]
    up = down = number
    for _ in range(steps):
        up, down = math.nextafter(up, math.inf), math.nextafter(down, -math.inf)
        found += (up, down)
    return tuple(found)


def _one_of(site: CallSite, numbers: Iterable[float]) -> Node:
    found = sorted({number for number in numbers if math.isfinite(number)})
    reason = Reason(f"{site.name}()", site.at, _SETTLED_BY)
    if not found or len(found) > MOST_OPTIONS:
        return Unknown((reason,), site.at, type="number")
    options = tuple(Scalar(of_float(number), site.at) for number in found)
    return Unknown((reason,), site.at, options=options, type="number")
