"""Values whose places are named otherwise: every text in them, with nothing else changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import TypeVar

from auditor.traffic import Bounds, IntSet, Traffic

T = TypeVar("T")

_WITHOUT_TEXT = (IntSet, Traffic, Bounds, Enum, int, float, type(None))


def relocated(value: T, rename: Callable[[str], str]) -> T:
    """``value`` with ``rename`` done to every text in it: frozen dataclasses, tuples and mappings.

    What holds no text that is renamed stays the very object that it is.
    """
    known: dict[int, tuple[object, object]] = {}
    texts: dict[str, str] = {}

    def name(text: str) -> str:
        if text not in texts:
            renamed = rename(text)
            texts[text] = text if renamed == text else renamed
        return texts[text]

    def moved(one: object) -> object:
        if isinstance(one, str) and type(one) is str:
            return name(one)
        if isinstance(one, _WITHOUT_TEXT):
            return one
        found = known.get(id(one))
        if found is None:
            found = known[id(one)] = one, _inside(one, moved)
        return found[1]

    return moved(value)  # type: ignore[return-value] # moved gives back what it is given, renamed


def _inside(one: object, moved: Callable[[object], object]) -> object:
    if isinstance(one, tuple):
        items = tuple([moved(item) for item in one])
        return one if all(a is b for a, b in zip(one, items, strict=True)) else items
    if isinstance(one, dict):
        return {moved(key): moved(item) for key, item in one.items()}
    if isinstance(one, frozenset):
        return frozenset(moved(item) for item in one)
    if is_dataclass(one):
        return _object(one, moved)
    return one


def _object(one: object, moved: Callable[[object], object]) -> object:
    kind: type = type(one)
    names = _names(kind)
    before = [getattr(one, name) for name in names]
    after = [moved(each) for each in before]
    if all(a is b for a, b in zip(before, after, strict=True)):
        return one
    made: object = object.__new__(kind)
    for name, each in zip(names, after, strict=True):
        object.__setattr__(made, name, each)
    return made


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
