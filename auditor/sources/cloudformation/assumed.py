"""Values that the user has netaudit take where the templates say none (``--assume``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.sources.assumed import OPTION, unused
from auditor.sources.cloudformation.values.rewriting import rewritten
from auditor.tree import Gap, Location, Map, Node, Reference, Resource, Scalar, Seq, Unknown

# By these the resources of the input are told apart and joined.
_IDENTITIES = frozenset({"Ref", "Arn", "Id"})


class Assumptions:
    """The assumed values by the names of what they stand for, and which of them were of use."""

    __slots__ = ("_met", "_used", "_values")

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        self._values = {name: _value(text, Location(f"{OPTION} {name}")) for name, text in given}
        self._used: set[str] = set()
        self._met: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._values)

    def named(self, name: str) -> Node | None:
        """The value to take for what goes by ``name`` and is open; None where nothing is assumed of it."""
        self._met.add(name)
        value = self._values.get(name)
        if value is not None:
            self._used.add(name)
        return value

    def settled(self, resource: Resource) -> Resource:
        """A resource with the assumed values in its body."""
        return rewritten(resource, self._of)

    def _of(self, node: Node) -> Node | None:
        match node:
            case Unknown(identity=name) if name:
                return self.named(name)
            case Reference(target=target, attribute=attribute) if attribute not in _IDENTITIES:
                return self.named(f"{target}.{attribute}")
            case _:
                return None

    def unused(self) -> Iterator[Gap]:
        """A gap for each assumption that nothing in the templates asked for."""
        return unused(self._values, self._used, self._met)


def _value(text: str, at: Location) -> Node:
    """A list or map where the text is one in JSON, else the text."""
    if text.lstrip()[:1] in {"[", "{"}:
        try:
            return _node(json.loads(text), at)
        except (ValueError, RecursionError):
            return Scalar(text, at)
    return Scalar(text, at)


def _node(value: Any, at: Location) -> Node:
    match value:
        case list():
            return Seq(tuple(_node(each, at) for each in value), at)
        case dict():
            return Map({key: _node(each, at) for key, each in value.items()}, at)
        case _:
            return Scalar(value, at)
