"""Equality of values, as far as it is decided, and the order that sets and sorting go by."""

from __future__ import annotations

from auditor.tree import Node


def equal(a: Node, b: Node) -> bool | None:
    """Whether two values are equal as ``==`` says (no conversion: ``"1"`` is not ``1``); None where undecided."""
    raise NotImplementedError(a, b)


def sort_key(node: Node) -> tuple[int, str | float, bytes]:
    """The place of a known value among the elements of a set: nulls last, numbers by size, text by code point."""
    raise NotImplementedError(node)
