"""What a key of an answer can mean, and which kind a thing is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.sources.snapshot.kinds.kind import Kind
from auditor.sources.snapshot.kinds.parts import Part

WHOLE = "*"


def by_key(kinds: Iterable[Kind]) -> dict[str, tuple[Kind, ...]]:
    """The kinds that may stand under each key, those that are told by most fields first."""
    found: dict[str, list[Kind]] = {}
    for kind in kinds:
        for key in kind.keys:
            found.setdefault(key, []).append(kind)
    return {key: tuple(sorted(those, key=lambda each: -len(each.tells))) for key, those in found.items()}


def parts_by_key(parts: Iterable[Part]) -> dict[str, tuple[Part, ...]]:
    """The parts that may stand under each key."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.key, []).append(part)
    return {key: tuple(those) for key, those in found.items()}


def kind_of(value: Mapping[str, Any], kinds: Iterable[Kind]) -> Kind | None:
    """The first kind that a thing is of."""
    return next((kind for kind in kinds if _is(value, kind)), None)


def _is(value: Mapping[str, Any], kind: Kind) -> bool:
    if kind.tells:
        return all(field in value for field in kind.tells)
    return identity(kind, value) is not None


def identity(kind: Kind, value: Mapping[str, Any]) -> str | None:
    """The fields that name a thing, joined; None where one of them is missing."""
    words = []
    for field in kind.id:
        word = next(filter(None, (text_at(value, name) for name in field.removesuffix("?").split("|"))), None)
        if word is not None:
            words.append(word.removeprefix("/hostedzone/"))
        elif not field.endswith("?"):
            return None
    return ":".join(words)


def text_at(value: Mapping[str, Any], path: str) -> str:
    """The text or number in a field, or in a field of a field (``State.Name``); empty where there is none."""
    found: Any = value.get(path)
    if found is None and "." in path:
        found = value
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, str | int) else ""
