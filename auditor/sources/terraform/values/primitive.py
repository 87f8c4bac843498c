"""Conversions between strings, numbers and booleans, and numbers as Terraform writes them."""

from __future__ import annotations

from auditor.tree import Node


def format_number(number: int | float) -> str:
    """The number in decimal digits, without an exponent, and without a point where it is whole."""
    raise NotImplementedError(number)


def to_text(node: Node) -> Node:
    """The value as a string; null stays null, what is unknown stays so, with the type ``string``.

    InputError at the value's place where it is not a string, number or boolean. So do the others here.
    """
    raise NotImplementedError(node)


def to_number(node: Node) -> Node:
    """The value as a number: a string of decimal digits becomes one."""
    raise NotImplementedError(node)


def to_bool(node: Node) -> Node:
    """The value as a boolean: the strings ``true`` and ``false`` become one."""
    raise NotImplementedError(node)
