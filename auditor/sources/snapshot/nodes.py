"""JSON values as nodes, all of one object at that object's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.tree import Location, Map, Node, Scalar, Seq


def body(value: Mapping[str, Any], at: Location) -> Map:
    """An object as a map; what is null is absent. Equal scalars of one object are one node."""
    return _map(value, at, {})


def node(value: Any, at: Location) -> Node:
    """Any value as a node."""
    return _node(value, at, {})


def _map(value: Mapping[str, Any], at: Location, texts: dict[str, Scalar]) -> Map:
    entries: dict[str, Node] = {}
    for key, inner in value.items():
        if type(inner) is str:
            scalar = texts.get(inner)
            if scalar is None:
                scalar = texts[inner] = Scalar(inner, at)
            entries[key] = scalar
        elif inner is not None:
            entries[key] = _node(inner, at, texts)
    return Map(entries, at)


def _node(value: Any, at: Location, texts: dict[str, Scalar]) -> Node:
    kind = type(value)
    if kind is dict:
        return _map(value, at, texts)
    if kind is list:
        return Seq(tuple([_node(inner, at, texts) for inner in value]), at)
    return Scalar(value, at)
