"""Conversions between strings, numbers and booleans, and numbers as Terraform writes them."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from auditor.errors import InputError
from auditor.tree import Node, Reference, Scalar, Unknown

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_NUMBER = 400
_LARGEST_EXPONENT = 4000


def format_number(number: float) -> str:
    """The number in decimal digits, without an exponent, and without a point where it is whole."""
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return str(number)
    if number.is_integer():
        return str(int(number))
    digits = shortest(number)
    if "e" not in digits:
        return digits
    from decimal import Decimal

    return format(Decimal(digits), "f")


def shortest(number: float) -> str:
    """The digits of a number that is not whole, without what binary rounding added to a decimal result."""
    exact, rounded = repr(number), f"{number:.15g}"
    return rounded if len(rounded) + 2 < len(exact) else exact


def parse_number(text: str) -> int | float | None:
    """The number that decimal digits stand for, an ``int`` where it is whole; None for other texts."""
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        return None
    if text.lstrip("+-").isdecimal():
        return int(text)
    from decimal import Decimal

    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    return whole(int(number) if number == number.to_integral_value() else float(number))


def whole(number: float) -> int | float:
    """The number as an ``int`` where it is whole."""
    return int(number) if number % 1 == 0 else number


def to_text(node: Node) -> Node:
    """The value as a string; null stays null, what is unknown stays so, with the type ``string``.

    InputError at the value's place where it is not a string, number or boolean. So do the others here.
    """
    match node:
        case Scalar(value=None | str()) | Reference():
            return node
        case Scalar(value=bool() as truth):
            return replace(node, value="true" if truth else "false")
        case Scalar(value=int() | float() as number):
            return replace(node, value=format_number(number))
        case Unknown():
            return _retyped(node, "string")
        case _:
            raise InputError("string required", at=str(node.at))


def to_number(node: Node) -> Node:
    """The value as a number: a string of decimal digits becomes one."""
    match node:
        case Scalar(value=None) | Reference():
            return node
        case Scalar(value=int() | float() as number) if not isinstance(number, bool):
            return node if isinstance(number, int) else replace(node, value=whole(number))
        case Scalar(value=str() as text) if (parsed := parse_number(text)) is not None:
            return replace(node, value=parsed)
        case Unknown():
            return _retyped(node, "number")
        case _:
            raise InputError("a number is required", at=str(node.at))


def to_bool(node: Node) -> Node:
    """The value as a boolean: the strings ``true`` and ``false`` (and ``1`` and ``0``) become one."""
    match node:
        case Scalar(value=None | bool()) | Reference():
            return node
        case Scalar(value=str() as text) if text in _TRUTHS:
            return replace(node, value=_TRUTHS[text])
        case Unknown():
            return _retyped(node, "bool")
        case _:
            raise InputError("a bool is required", at=str(node.at))


_CONVERSIONS = {"string": to_text, "number": to_number, "bool": to_bool}


def _retyped(node: Unknown, type_name: str) -> Unknown:
    if node.type == type_name:
        return node
    try:
        options = tuple(_CONVERSIONS[type_name](option) for option in node.options)
    except InputError:
        options = ()
    return replace(node, type=type_name, options=options)
