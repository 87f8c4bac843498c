"""What of an answer is written: nothing secret, or meant for programs and people and not for networks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from auditor.sources.snapshot.collect.calls import Condition, Piece

_Path = tuple[str, ...]


def written(item: Any, piece: Piece) -> Any:
    """One object of an answer without what the piece drops, or with nothing but what it keeps."""
    if piece.kept:
        return _only(item, _paths(piece.kept))
    return _without(item, _paths(piece.dropped)) if piece.dropped else item


def values(thing: Any, field: str) -> Iterator[Any]:
    """What stands at a dotted path, lists passed through; the thing itself where the path is empty."""
    if isinstance(thing, list):
        for each in thing:
            yield from values(each, field)
    elif not field:
        yield thing
    elif isinstance(thing, dict):
        name, _, rest = field.partition(".")
        if name in thing:
            yield from values(thing[name], rest)


def holds(condition: Condition | None, thing: Any) -> bool:
    """Whether an object meets a condition; without one, it does."""
    return condition is None or any(value in condition.values for value in values(thing, condition.field))


def _paths(fields: Sequence[str]) -> tuple[_Path, ...]:
    return tuple(tuple(field.split(".")) for field in fields)


def _below(paths: tuple[_Path, ...], name: str) -> tuple[_Path, ...]:
    return tuple(path[1:] for path in paths if fnmatchcase(name, path[0]))


def _without(thing: Any, paths: tuple[_Path, ...]) -> Any:
    if isinstance(thing, list):
        return [_without(each, paths) for each in thing]
    if not isinstance(thing, dict) or not paths:
        return thing
    below = {name: _below(paths, name) for name in thing}
    return {name: _without(value, below[name]) for name, value in thing.items() if () not in below[name]}


def _only(thing: Any, paths: tuple[_Path, ...]) -> Any:
    if isinstance(thing, list):
        return [_only(each, paths) for each in thing]
    if not isinstance(thing, dict) or () in paths:
        return thing
    below = {name: _below(paths, name) for name in thing}
    return {name: _only(value, below[name]) for name, value in thing.items() if below[name]}
