"""Syntax nodes as plain data for AWS's library, and what it makes of them as nodes with their places."""

from __future__ import annotations

from typing import Any

from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.tree import Location, Scalar

_DOTTED = "Fn::GetAtt"


def plain(node: Syntax) -> Any:
    """A node as dictionaries, lists and scalars, intrinsic functions in their long form."""
    match node:
        case Scalar():
            return node.value
        case Items():
            return [plain(item) for item in node.items]
        case Entries():
            return {entry.key: plain(entry.value) for entry in node.entries}
        case Call(name, Scalar(value=str(dotted))) if name == _DOTTED:
            return {name: dotted.split(".", 1)}
        case Call():
            return {node.name: plain(node.argument)}


def placed(value: Any, like: Syntax | None, at: Location) -> Syntax:
    """Plain data as nodes: what stands in ``like`` too has its place there, all else stands ``at``."""
    if like is not None and plain(like) == value:
        return like
    match value:
        case {**pairs} if len(pairs) == 1 and _is_call(next(iter(pairs)), like):
            ((name, argument),) = pairs.items()
            within = like.argument if isinstance(like, Call) and like.name == name else None
            return Call(str(name), placed(argument, within, at), like.at if within and like else at)
        case {**pairs}:
            return _entries(pairs, like, at)
        case [*items]:
            likes = like.items if isinstance(like, Items) else ()
            padded = [*likes, *[None] * (len(items) - len(likes))][: len(items)]
            nodes = tuple(placed(item, other, at) for item, other in zip(items, padded, strict=True))
            return Items(nodes, like.at if isinstance(like, Items) else at)
        case str():
            return Scalar(str(value), _at(like, at))
        case _:
            return Scalar(value, _at(like, at))


def _entries(pairs: dict[Any, Any], like: Syntax | None, at: Location) -> Entries:
    entries: list[Entry] = []
    for key, value in pairs.items():
        known = like.get(key) if isinstance(like, Entries) else None
        place = known.at if known else at
        entries.append(Entry(str(key), place, placed(value, known.value if known else None, place)))
    return Entries(tuple(entries), like.at if isinstance(like, Entries) else at)


def _is_call(name: Any, like: Syntax | None) -> bool:
    if name == "Condition":
        return isinstance(like, Call) and like.name == name
    return name == "Ref" or str(name).startswith("Fn::")


def _at(like: Syntax | None, at: Location) -> Location:
    return like.at if isinstance(like, Scalar) else at
