"""Several readings as one: what is named in each is told apart by its input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from auditor.sources.detect import Input
from auditor.tree import Map, Node, Reading, Reference, Scalar, Seq, Unknown


def joined(readings: tuple[tuple[Input, Reading], ...]) -> Reading:
    """One reading of all. Where there are several, addresses get ``<input's path>:`` before them."""
    if len(readings) == 1:
        return readings[0][1]
    named = [_under(f"{found.path}:", reading) for found, reading in readings]
    return Reading(
        resources=tuple(resource for reading in named for resource in reading.resources),
        gaps=tuple(gap for reading in named for gap in reading.gaps),
    )


def _under(prefix: str, reading: Reading) -> Reading:
    return Reading(
        resources=tuple(
            replace(
                resource,
                address=prefix + resource.address,
                body=_map_under(prefix, resource.body),
                scope=replace(resource.scope, input=prefix[:-1]),
            )
            for resource in reading.resources
        ),
        gaps=reading.gaps,
    )


def _map_under(prefix: str, body: Map) -> Map:
    return replace(
        body, entries=_entries_under(prefix, body.entries), more=_optional_under(prefix, body.more)
    )


def _entries_under(prefix: str, entries: Mapping[str, Node]) -> dict[str, Node]:
    return {key: _node_under(prefix, value) for key, value in entries.items()}


def _optional_under(prefix: str, node: Node | None) -> Node | None:
    return None if node is None else _node_under(prefix, node)


def _node_under(prefix: str, node: Node) -> Node:
    match node:
        case Scalar():
            return node
        case Reference():
            return replace(node, target=prefix + node.target)
        case Unknown():
            identity = prefix + node.identity if node.identity else ""
            options = tuple(_node_under(prefix, option) for option in node.options)
            return replace(node, identity=identity, options=options)
        case Seq():
            items = tuple(_node_under(prefix, item) for item in node.items)
            return replace(node, items=items, more=_optional_under(prefix, node.more))
        case Map():
            return _map_under(prefix, node)
        case _:
            assert_never(node)
