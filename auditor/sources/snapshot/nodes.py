"""JSON values as nodes, all of one object at that object's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.twin import twin
from auditor.tree import Location, Map, Node, Reason, Scalar, Seq, Unknown

MakeScalar, MakeMap, MakeSeq = twin(Scalar), twin(Map), twin(Seq)
DEEPEST = 64
"""What is nested more deeply than this is no answer of AWS, and not known."""


def body(value: Mapping[str, Any], at: Location) -> Map:
    """An object as a map; what is null is absent. Equal texts of one object are one node."""
    return _map(value, at, {}, 0)


def node(value: Any, at: Location) -> Node:
    """Any value as a node."""
    return _node(value, at, {}, 0)


def _map(value: Mapping[str, Any], at: Location, texts: dict[str, Scalar], depth: int) -> Map:
    entries: dict[str, Node] = {}
    for key, inner in value.items():
        kind = type(inner)
        if kind is str:
            scalar = texts.get(inner)
            if scalar is None:
                scalar = texts[inner] = MakeScalar(inner, at)
            entries[key] = scalar
        elif kind is dict or kind is list:
            entries[key] = _node(inner, at, texts, depth + 1)
        elif inner is not None:
            entries[key] = MakeScalar(inner, at)
    return MakeMap(entries, at)


def _node(value: Any, at: Location, texts: dict[str, Scalar], depth: int) -> Node:
    kind = type(value)
    if kind is not dict and kind is not list:
        return MakeScalar(value, at)
    if depth > DEEPEST:
        return Unknown((Reason("what is nested too deeply to be read", at),), at)
    if kind is dict:
        return _map(value, at, texts, depth)
    return MakeSeq(tuple([_node(inner, at, texts, depth + 1) for inner in value]), at)
