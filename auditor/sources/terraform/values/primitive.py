"""Conversions between strings, numbers and booleans, and numbers as Terraform writes them."""

from __future__ import annotations

import re
from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.terraform.values.numbers import Number, digits, is_number, of_text
from auditor.tree import Node, Precise, Reference, Scalar, Unknown

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_NUMBER = 400
_LARGEST_EXPONENT = 4000
_FLOAT_DIGITS = 15


def format_number(number: Number) -> str:
    """The number in decimal digits, without an exponent, and without a point where it is whole."""
    if isinstance(number, int):
        return str(number)
    if isinstance(number, Precise):
        return digits(number)
    if number.is_integer():
        return str(int(number)) if number else f"{number:.0f}"
    text = repr(number)
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def parse_number(text: str) -> Number | None:
    """The number that decimal digits stand for, an ``int`` where it is whole; None for other texts."""
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        return None
    if text.lstrip("+-").isdecimal():
        return int(text) if int(text) or not text.startswith("-") else -0.0
    return _parse_fraction(text)


def _parse_fraction(text: str) -> Number | None:
    if len(text) <= _FLOAT_DIGITS and "e" not in text and "E" not in text:
        return whole(float(text))
    from decimal import Decimal

    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    return of_text(text)


def whole(number: Number) -> Number:
    """The number as an ``int`` where it is whole, but for the zero that Terraform writes ``-0``."""
    return int(number) if isinstance(number, float) and number.is_integer() and number else number


def to_text(node: Node) -> Node:
    """The value as a string; null stays null, what is unknown stays so, with the type ``string``.

    InputError at the value's place where it is not a string, number or boolean. So do the others here.
    """
    match node:
        case Scalar(value=None | str()) | Reference():
            return node
        case Scalar(value=bool() as truth):
            return replace(node, value="true" if truth else "false")
        case Scalar(value=int() | float() | Precise() as number):
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
        case Scalar(value=int() | float() | Precise() as number) if is_number(number):
            return replace(node, value=whole(number)) if isinstance(number, float) else node
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
