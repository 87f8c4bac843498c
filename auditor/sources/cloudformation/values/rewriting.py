"""Values with some of what is in them put in another's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auditor.tree import Map, Node, Reference, Resource, Scalar, Seq, Unknown

Change = Callable[[Node], Node | None]


def rewritten(resource: Resource, change: Change) -> Resource:
    """A resource with each value in its body as ``change`` has it, which gives None for one that stays."""
    return replace(resource, body=_map(resource.body, change))


def _map(body: Map, change: Change) -> Map:
    entries = {key: _node(value, change) for key, value in body.entries.items()}
    return replace(body, entries=entries, more=None if body.more is None else _node(body.more, change))


def _node(node: Node, change: Change) -> Node:
    changed = change(node)
    if changed is not None:
        return changed
    match node:
        case Scalar() | Reference():
            return node
        case Unknown():
            return replace(node, options=tuple(_node(option, change) for option in node.options))
        case Seq():
            more = None if node.more is None else _node(node.more, change)
            return replace(node, items=tuple(_node(item, change) for item in node.items), more=more)
        case Map():
            return _map(node, change)
