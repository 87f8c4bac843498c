"""Several readings as one: what is named in each is told apart by its input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from auditor.frozen import dataclass
from auditor.sources.inputs import Input, InputKind
from auditor.tree import Map, Node, Reading, Reference, Resource, Scalar, Seq, Unknown


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before the names of one input, ``own``; what begins with one of ``others`` is theirs."""

    own: str
    others: tuple[str, ...] = ()

    @staticmethod
    def of(path: str, paths: Iterable[str]) -> Prefix:
        """The prefix of the input at ``path`` among those at ``paths``."""
        return Prefix(f"{path}:", tuple([f"{other}:" for other in paths if other != path]))

    def before(self, name: str) -> str:
        """A name of this input as it is told apart from those of others."""
        return name if not name or name.startswith(self.others) else self.own + name


# Addresses of stacks, and the ids that AWS gives, are unique among all inputs.
_UNIQUE = frozenset({InputKind.CLOUDFORMATION, InputKind.CDK, InputKind.SNAPSHOT})


def joined(readings: tuple[tuple[Input, Reading], ...]) -> Reading:
    """One reading of all. Where several have names of their own, these get ``<path>:`` before them."""
    if len(readings) == 1:
        return readings[0][1]
    paths = [found.path for found, _ in readings if found.kind not in _UNIQUE]
    named = [
        _under(Prefix.of(found.path, paths), reading)
        if len(paths) > 1 and found.kind not in _UNIQUE
        else reading
        for found, reading in readings
    ]
    return Reading(
        resources=tuple(resource for reading in named for resource in reading.resources),
        gaps=tuple(gap for reading in named for gap in reading.gaps),
        outputs=tuple(output for reading in named for output in reading.outputs),
    )


def saved_in(component: str, inputs: Iterable[Input]) -> Input | None:
    """The plan or state among ``inputs`` that a component of Terraform's was read from, if it was."""
    named = [found for found in inputs if found.kind not in _UNIQUE]
    if len(named) > 1:
        named = [found for found in named if component.startswith(Prefix.of(found.path, ()).own)]
    longest = max(named, key=lambda found: len(found.path), default=None)
    return longest if longest and longest.kind in {InputKind.PLAN, InputKind.STATE} else None


def _under(prefix: Prefix, reading: Reading) -> Reading:
    return Reading(
        resources=tuple([_resource_under(prefix, resource) for resource in reading.resources]),
        gaps=reading.gaps,
        outputs=tuple([_resource_under(prefix, output) for output in reading.outputs]),
    )


def _resource_under(prefix: Prefix, resource: Resource) -> Resource:
    return replace(
        resource,
        address=prefix.own + resource.address,
        body=_map_under(prefix, resource.body),
        scope=replace(resource.scope, input=prefix.own[:-1]),
    )


def _map_under(prefix: Prefix, body: Map) -> Map:
    return replace(
        body, entries=_entries_under(prefix, body.entries), more=_optional_under(prefix, body.more)
    )


def _entries_under(prefix: Prefix, entries: Mapping[str, Node]) -> dict[str, Node]:
    return {key: node_under(prefix, value) for key, value in entries.items()}


def _optional_under(prefix: Prefix, node: Node | None) -> Node | None:
    return None if node is None else node_under(prefix, node)


def node_under(prefix: Prefix, node: Node) -> Node:
    """A value of one input as all of them see it."""
    match node:
        case Scalar():
            return node
        case Reference():
            return replace(node, target=prefix.before(node.target))
        case Unknown():
            options = tuple(node_under(prefix, option) for option in node.options)
            return replace(node, identity=prefix.before(node.identity), options=options)
        case Seq():
            items = tuple(node_under(prefix, item) for item in node.items)
            return replace(node, items=items, more=_optional_under(prefix, node.more))
        case Map():
            return _map_under(prefix, node)
        case _:
            assert_never(node)
