"""Conversion of values to type constraints, and of several values to the one type that fits them all."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.sources.terraform.values.constraint import TypeConstraint
from auditor.tree import Location, Node


def convert(node: Node, type_constraint: TypeConstraint, at: Location) -> Node:
    """The value as the type asks; InputError at ``at`` where that cannot be. What is unknown stays so.

    A default in ``optional(type, default)`` must be a literal, a tuple or an object of such.
    """
    raise NotImplementedError(node, type_constraint, at)


def unify(nodes: Sequence[Node]) -> tuple[Node, ...] | None:
    """The values converted to the one type that fits them all, or None where there is no such type."""
    raise NotImplementedError(nodes)
