"""The values of an instance as nodes: placed where the configuration says them, and open where only it tells.

``like`` is what the configuration's own evaluation gives in the same place, where there is a configuration:
its places are taken over, and its references for what the document leaves open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.terraform.saved.documents import References
from auditor.sources.terraform.saved.instances import Instance
from auditor.sources.terraform.saved.own_ids import ADOPTED, Owners
from auditor.tree import Location, Map, Node, Reference, Resource, Scalar, Seq, Unknown

Open = Callable[[str, References, Instance], Node]
"""What the references in an expression say of the value of an attribute."""

_FITTED = 400
_NO_SHAPES: Mapping[str, Node] = {}
_NOTHING = frozenset({None, "", False, "false"})


@dataclass(frozen=True, slots=True)
class Writer:
    """Turns the instances of one document into bodies."""

    owners: Owners
    adopted: Owners
    open: Open

    def body(self, instance: Instance, expressions: References, like: Resource | None, at: Location) -> Map:
        """The body of an instance; ``at`` is where it stands if the configuration does not say."""
        shape = None if like is None else like.body
        return self._map(instance, (instance.values, instance.unknown), expressions.get, shape, at)

    def _map(
        self,
        instance: Instance,
        given: tuple[Mapping[str, Any], object],
        expression_of: Callable[[str], Any],
        like: Map | None,
        at: Location,
    ) -> Map:
        values, unknown = given
        place = at if like is None else like.at
        shapes = _NO_SHAPES if like is None else like.entries
        parts: Mapping[str, Any] = unknown if isinstance(unknown, dict) else {}
        entries: dict[str, Node] = {}
        for name in (*values, *(name for name in parts if name not in values)):
            value, part = values.get(name), unknown is True or parts.get(name, False)
            if value is None and part is not True:
                continue
            node = self._node(instance, (name, value, part), expression_of(name), shapes.get(name), place)
            if node is not None:
                entries[name] = node
        return Map(entries, place, () if like is None else like.via)

    def _node(
        self,
        instance: Instance,
        given: tuple[str, Any, Any],
        expression: Any,
        like: Node | None,
        at: Location,
    ) -> Node | None:
        """One value; None where it is null, or AWS fills it in and nothing configures it."""
        name, value, unknown = given
        if unknown is True:
            if like is not None:
                return like
            configured = isinstance(expression, dict | list) and bool(expression)
            return self.open(name, _flat(expression), instance) if configured else None
        place = at if like is None else like.at
        match value:
            case None:
                return None
            case dict():
                shape = _body(like)
                inner = _inside(expression, told=shape is not None and shape.more is None)
                return self._map(instance, (value, unknown), inner, shape, place)
            case list():
                return self._sequence(instance, (name, value, unknown), expression, like, place)
            case str():
                return self._text(instance, (name, value), like, place)
            case _:
                return Scalar(value, place, () if like is None else like.via)

    def _text(self, instance: Instance, given: tuple[str, str], like: Node | None, at: Location) -> Node:
        name, value = given
        via = () if like is None else like.via
        owner = (self.adopted if name in ADOPTED else self.owners).get(value)
        if owner is None or owner[0] == instance.address:
            return Scalar(value, at, via)
        return Reference(*owner, at, via)

    def _sequence(
        self,
        instance: Instance,
        given: tuple[str, list[Any], Any],
        expression: Any,
        like: Node | None,
        at: Location,
    ) -> Seq:
        name, values, unknown = given
        shapes = _fitting(values, unknown, like)
        items: list[Node] = []
        for place, value in enumerate(values):
            inner = _element(expression, place)
            item = self._node(instance, (name, value, _part(unknown, place)), inner, shapes[place], at)
            if item is not None:
                items.append(item)
        unordered = isinstance(like, Seq) and like.unordered
        return Seq(tuple(items), at, () if like is None else like.via, unordered=unordered)


def plain(value: Any, at: Location) -> Node:
    """A JSON value as a node."""
    match value:
        case dict():
            return Map({name: plain(inner, at) for name, inner in value.items()}, at)
        case list():
            return Seq(tuple(plain(inner, at) for inner in value), at)
        case _:
            return Scalar(value, at)


def _inside(expression: Any, *, told: bool) -> Callable[[str], Any]:
    """The expression of each attribute in a block.

    A plan has one for all of a block that is an attribute in the provider's schema, and none for one that a
    ``dynamic`` block makes: there any attribute may be configured, unless the code has ``told`` which are.
    """
    if isinstance(expression, dict) and expression and "references" not in expression:
        return expression.get
    whole = None if told else expression or {"references": []}
    return lambda _: whole


def _part(unknown: Any, place: int) -> Any:
    if isinstance(unknown, list):
        return unknown[place] if place < len(unknown) else False
    return unknown is True


def _body(like: Node | None) -> Map | None:
    """The one body that a node holds: a block that may be there once is a list of one."""
    if isinstance(like, Seq) and len(like.items) == 1 and like.more is None:
        like = like.items[0]
    return like if isinstance(like, Map) else None


def _element(expression: Any, place: int) -> Any:
    if isinstance(expression, list):
        return expression[place] if place < len(expression) else (expression[0] if expression else None)
    return expression


def _flat(expression: Any) -> References:
    """An expression, or all that stand in the blocks of one type, as one list of references."""
    if isinstance(expression, dict) and "references" in expression:
        return expression
    return {"references": list(_references(expression))}


def _references(expression: Any) -> Iterator[str]:
    if isinstance(expression, list):
        for inner in expression:
            yield from _references(inner)
    elif isinstance(expression, dict):
        yield from expression.get("references", ())
        for name, inner in expression.items():
            if name != "references":
                yield from _references(inner)


def _fitting(values: list[Any], unknown: Any, like: Node | None) -> list[Node | None]:
    """The element of ``like`` that each value comes from: the order of a set is not that of the code."""
    found: list[Node | None] = [None] * len(values)
    if not isinstance(like, Seq):
        return found
    left = list(like.items)
    for place, value in enumerate(values):
        part = _part(unknown, place)
        near = (
            sorted(range(len(left)), key=lambda other: abs(other - place))
            if len(left) < _FITTED
            else range(1)
        )
        index = next((other for other in near if other < len(left) and _fits(value, part, left[other])), None)
        if index is not None:
            found[place] = left.pop(index)
        elif like.more is not None and _fits(value, part, like.more):
            found[place] = like.more
    return found


def _fits(value: Any, unknown: Any, like: Node) -> bool:
    """Whether a value can be what the configuration evaluates to."""
    if unknown is True or isinstance(like, Unknown | Reference):
        return True
    match like:
        case Scalar():
            return _same(value, like.value)
        case Seq():
            items = value if isinstance(value, list) else [] if value is None else [value]
            return like.more is not None or len(items) == len(like.items)
        case Map():
            parts = unknown if isinstance(unknown, dict) else {}
            return isinstance(value, dict) and all(
                _fits(value.get(name), parts.get(name, False), inner) for name, inner in like.entries.items()
            )


def _same(value: Any, other: object) -> bool:
    """Whether the provider takes two scalars for one: it fills in what is absent, and turns all into text."""
    if isinstance(value, list | dict):
        return not value and other in _NOTHING
    return (value in _NOTHING and other in _NOTHING) or str(value).lower() == str(other).lower()
