"""Holds evaluated resources against a plan's, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.tree import Map, Node, Reference, Resource, Scalar, Seq, Unknown

ABSENT = object()
NOT_NETWORK = "aws_iam_"


def planned_resources(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The managed resources of the network that ``plan`` leaves in place, by address."""
    return {
        change["address"]: change["change"]
        for change in plan["resource_changes"]
        if change["mode"] == "managed"
        and change["change"]["after"] is not None
        and not change["type"].startswith(NOT_NETWORK)
    }


def differences(resource: Resource, change: dict[str, Any]) -> Iterator[str]:
    """Every attribute on which ``resource`` and the planned ``change`` disagree, without ``lifecycle``."""
    after, unknown = change["after"], change["after_unknown"]
    for name, node in resource.body.entries.items():
        if name == "lifecycle":
            continue
        planned = after.get(name, ABSENT)
        yield from _differ(f"{resource.address}.{name}", node, planned, unknown.get(name, False))
    for name, planned in after.items():
        if name not in resource.body.entries and _says_something(planned) and not _is_default(name, planned):
            yield f"{resource.address}.{name}: planned {planned!r}, not evaluated"


def _differ(path: str, node: Node, planned: Any, unknown: Any) -> Iterator[str]:
    if unknown is not True:
        yield from _known_differs(path, node, planned, unknown)
    elif _wholly_known(node) and not (isinstance(node, Scalar) and node.value is None):
        yield f"{path}: evaluated {text(node)!r}, planned as unknown"


def _known_differs(path: str, node: Node, planned: Any, unknown: Any) -> Iterator[str]:
    match node:
        case Unknown():
            yield f"{path}: evaluated as unknown, planned {planned!r}"
        case Reference():
            yield f"{path}: evaluated as {node.target}.{node.attribute}, planned {planned!r}"
        case Scalar():
            if not _same(node.value, planned):
                yield f"{path}: evaluated {node.value!r}, planned {planned!r}"
        case Map():
            yield from _map_differs(path, node, planned, unknown)
        case Seq():
            yield from _sequence_differs(path, node, planned, unknown)


def _map_differs(path: str, node: Map, planned: Any, unknown: Any) -> Iterator[str]:
    if isinstance(planned, list) and len(planned) == 1:
        planned, unknown = planned[0], unknown[0] if isinstance(unknown, list) and unknown else False
    if not isinstance(planned, dict):
        yield f"{path}: evaluated a map, planned {planned!r}"
        return
    for name, value in node.entries.items():
        part = unknown.get(name, False) if isinstance(unknown, dict) else unknown
        yield from _differ(f"{path}.{name}", value, planned.get(name, ABSENT), part)


def _sequence_differs(path: str, node: Seq, planned: Any, unknown: Any) -> Iterator[str]:
    if node.more is not None:
        yield f"{path}: evaluated with open length, planned {planned!r}"
        return
    if not isinstance(planned, list) or len(planned) != len(node.items):
        yield f"{path}: evaluated {len(node.items)} items, planned {planned!r}"
        return
    parts = unknown if isinstance(unknown, list) else [unknown] * len(planned)
    parts = [*parts, *[False] * (len(planned) - len(parts))]
    left = list(zip(planned, parts, strict=True))
    for place, item in enumerate(node.items):
        fitting = next((each for each in left if not list(_differ(path, item, *each))), None)
        if fitting is None:
            yield from _differ(f"{path}[{place}]", item, *left[0])
            return
        left.remove(fitting)


def _wholly_known(node: Node) -> bool:
    """A set is planned as unknown where one of its elements is, and where no block gives it one."""
    match node:
        case Seq():
            return bool(node.items) and node.more is None and all(_wholly_known(item) for item in node.items)
        case Map():
            return node.more is None and all(_wholly_known(value) for value in node.entries.values())
        case _:
            return isinstance(node, Scalar)


def _same(value: object, planned: object) -> bool:
    if value is None:
        return planned is ABSENT or not _says_something(planned) or planned in ("", 0, False)
    if isinstance(value, bool) or isinstance(planned, bool):
        return str(value).lower() == str(planned).lower()
    return value == planned or str(value) == str(planned)


def _says_something(planned: object) -> bool:
    return planned is not None and planned not in ([], {})


def _is_default(name: str, planned: object) -> bool:
    """What the provider fills in by itself is not the configuration's."""
    return name == "tags_all" or isinstance(planned, (bool, int, float, str))


def text(node: Node) -> object:
    return node.value if isinstance(node, Scalar) else type(node).__name__
