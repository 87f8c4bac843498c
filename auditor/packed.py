"""Frozen values as bytes and back, at a fraction of the time that making them took.

Values are written by columns: all objects of one class together, field by field, and an object that occurs
twice among them once. So they are read back by loops that run in the interpreter's own code. Only classes of
the modules that the reader names are made, and their slots filled; nothing else that the bytes name is looked
at.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import chain, count, islice, repeat
from operator import attrgetter

from auditor.traffic import Bounds, IntSet, Traffic

MOST_AT_ONCE = 2000  # objects in one chunk: more are no longer at hand in the cache of the processor
PLAIN = frozenset({str, int, bool, float, type(None)})
# Classes that are made by calling them with these attributes: they have slots for what they work out.
CALLED: dict[type, tuple[str, ...]] = {
    IntSet: ("intervals",),
    Traffic: ("boxes",),
    Bounds: ("must", "may"),
}

# A column is a tuple that begins with one of these words:
VALUES = "values"  # the plain values
TUPLES = "tuples"  # the lengths, and one column of all items
MAPPINGS = "mappings"  # the same, and the column of the keys
MEMBERS = "members"  # the enumeration, and the places in it
OBJECTS = "objects"  # the class, and the places among its objects
MIXED = "mixed"  # for each value which of several columns has the next one, and these columns
Column = tuple[object, ...]


class NotPackedError(Exception):
    """The value holds what is not written, or the bytes are not what is written."""


def pack(value: object) -> bytes:
    """A value as bytes: frozen dataclasses, traffic, tuples, mappings, enumerations and plain values.

    Raises NotPackedError where something else is in it.
    """
    packing = _Packing()
    column = packing.column([value], packing.scope())
    packing.places.clear()
    return _marshalled((packing.chunks, column))


def _marshalled(plain: object) -> bytes:
    return marshal.dumps(plain)  # type: ignore[arg-type]  # plain by construction


class _Packing:
    """``chunks`` are objects of one class that were met at once: class, scope, number, inner scope, columns.

    A scope is the columns of one chunk. Within it an object is written once, which keeps the memory small
    that telling objects apart takes; ``places`` are, by scope and class, those of the objects by their ids.
    """

    __slots__ = ("chunks", "places", "scopes")

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.places: dict[int, dict[type, defaultdict[int, int]]] = {}
        self.scopes = count()

    def scope(self) -> int:
        scope = next(self.scopes)
        self.places[scope] = {}
        return scope

    def column(self, values: list[object], scope: int) -> Column:
        kinds = {kind: place for place, kind in enumerate(dict.fromkeys(map(type, values)))}
        if kinds.keys() <= PLAIN:
            return VALUES, values
        if len(kinds) == 1:
            return self._alike(next(iter(kinds)), values, scope)
        which = _numbers(map(kinds.__getitem__, map(type, values)))
        parts = [self.column([value for value in values if type(value) is kind], scope) for kind in kinds]
        return MIXED, which, tuple(parts)

    def _alike(self, kind: type, values: list[object], scope: int) -> Column:
        if kind is tuple:
            rows = [value for value in values if isinstance(value, tuple)]
            return TUPLES, _numbers(map(len, rows)), self.column(list(chain.from_iterable(rows)), scope)
        if kind is dict:
            maps = [value for value in values if isinstance(value, dict)]
            keys = self.column(list(chain.from_iterable(maps)), scope)
            items = self.column([item for each in maps for item in each.values()], scope)
            return MAPPINGS, _numbers(map(len, maps)), keys, items
        if issubclass(kind, Enum):
            members = {member: place for place, member in enumerate(kind)}
            return MEMBERS, _name(kind), _numbers(members[each] for each in values if isinstance(each, kind))
        return OBJECTS, _name(kind), self._objects(kind, values, scope)

    def _objects(self, kind: type, values: list[object], scope: int) -> bytes:
        places = self.places[scope].setdefault(kind, defaultdict(count().__next__))
        before = len(places)
        found = array("I", map(places.__getitem__, map(id, values)))
        number = len(places) - before
        if number:
            fresh = values
            if number < len(values):
                firsts = dict(zip(found, values, strict=True))
                fresh = [firsts[place] for place in range(before, before + number)]
            for start in range(0, number, MOST_AT_ONCE):
                self._chunk(kind, fresh[start : start + MOST_AT_ONCE], scope)
        return found.tobytes()

    def _chunk(self, kind: type, fresh: list[object], scope: int) -> None:
        inner = self.scope()
        columns = [self.column(list(map(attrgetter(name), fresh)), inner) for name in _attributes(kind)]
        del self.places[inner]
        self.chunks.append(_marshalled((_name(kind), scope, len(fresh), inner, tuple(columns))))


def _numbers(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


@cache
def _attributes(kind: type) -> tuple[str, ...]:
    if kind in CALLED:
        return CALLED[kind]
    fields = vars(kind).get("__dataclass_fields__")
    if fields is None or "__slots__" not in vars(kind):
        raise NotPackedError(f"{kind.__qualname__} is no frozen dataclass")
    return tuple(fields)


def unpack(content: bytes, modules: tuple[str, ...]) -> object:
    """The value that ``pack`` wrote on this machine, of classes in ``modules`` or below them.

    Raises NotPackedError where the bytes are nothing of the kind.
    """
    try:
        chunks, column = marshal.loads(content)  # noqa: S302 - they come from netaudit itself
        unpacking = _Unpacking(modules)
        for chunk in chunks:
            name, scope, number, inner, columns = marshal.loads(chunk)  # noqa: S302 - as above
            made = unpacking.objects(name, number, inner, columns)
            unpacking.made.setdefault(scope, {}).setdefault(name, []).extend(made)
            unpacking.made.pop(inner, None)
        (value,) = unpacking.column(column, 0)
    except (EOFError, LookupError, StopIteration, TypeError, ValueError, AttributeError) as error:
        raise NotPackedError(f"not a packed value: {error}") from error
    return value


class _Unpacking:
    """``made`` are the objects by their scope and their class's name, each at its place."""

    __slots__ = ("made", "modules")

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.made: dict[int, dict[str, list[object]]] = {}
        self.modules = modules

    def objects(self, name: str, number: int, scope: int, columns: tuple[Column, ...]) -> list[object]:
        kind = self._class(name)
        attributes = _attributes(kind)
        values = [self.column(column, scope) for column in columns]
        if len(values) != len(attributes) or any(len(column) != number for column in values):
            raise NotPackedError(f"{name} is written otherwise")
        if kind in CALLED:
            return list(map(kind, *values))
        objects: list[object] = list(map(object.__new__, repeat(kind, number)))
        for attribute, column in zip(attributes, values, strict=True):
            deque(map(vars(kind)[attribute].__set__, objects, column), maxlen=0)
        return objects

    def column(self, column: Column, scope: int) -> list[object]:
        match column:
            case ("values", list(values)):
                return values
            case ("objects", str(name), bytes(places)):
                return list(map(self.made[scope][name].__getitem__, array("I", places)))
            case ("members", str(name), bytes(places)):
                return list(map(_members(self._class(name)).__getitem__, array("I", places)))
            case ("tuples", bytes(lengths), tuple(items)):
                return list(_cut(array("I", lengths), iter(self.column(items, scope))))
            case ("mappings", bytes(lengths), tuple(keys), tuple(items)):
                parts = (_cut(array("I", lengths), iter(self.column(part, scope))) for part in (keys, items))
                return [dict(zip(*pair, strict=True)) for pair in zip(*parts, strict=True)]
            case ("mixed", bytes(which), tuple(parts)):
                next_of = [iter(self.column(part, scope)).__next__ for part in parts]
                return [next_of[place]() for place in array("I", which)]
            case _:
                raise NotPackedError("no such column")

    def _class(self, name: str) -> type:
        module, _, path = name.partition(":")
        if not any(module == each or module.startswith(f"{each}.") for each in self.modules):
            raise NotPackedError(f"{module} is none of the modules")
        kind = getattr(sys.modules.get(module) or import_module(module), path)
        if not isinstance(kind, type):
            raise NotPackedError(f"{name} is no class")
        return kind


def _members(kind: type) -> tuple[object, ...]:
    if not issubclass(kind, Enum):
        raise NotPackedError(f"{kind.__qualname__} is no enumeration")
    return tuple(kind)


def _cut(lengths: array[int], items: Iterator[object]) -> Iterator[tuple[object, ...]]:
    """The items as tuples of these lengths; nearly always all are of one, which costs a third."""
    if len(set(lengths)) == 1 and lengths[0]:
        return zip(*[items] * lengths[0], strict=True)
    return (tuple(islice(items, length)) for length in lengths)
