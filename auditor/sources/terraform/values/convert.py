"""Conversion of values to type constraints, and of several values to the one type that fits them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from auditor.errors import InputError
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values.compare import make_set
from auditor.sources.terraform.values.constraint import (
    AnyType,
    ListType,
    MapType,
    ObjectAttribute,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    TypeConstraint,
    type_text,
)
from auditor.sources.terraform.values.infer import type_of, type_of_all
from auditor.sources.terraform.values.known import reasons_of
from auditor.sources.terraform.values.primitive import to_bool, to_number, to_text
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

_PRIMITIVES = {Primitive.STRING: to_text, Primitive.NUMBER: to_number, Primitive.BOOL: to_bool}


def convert(node: Node, type_constraint: TypeConstraint, at: Location) -> Node:
    """The value as the type asks; InputError at ``at`` where that cannot be. What is unknown stays so.

    A default in ``optional(type, default)`` must be a literal, a tuple or an object of such.
    """
    try:
        return _convert(node, type_constraint)
    except InputError as problem:
        raise InputError(problem.message, at=str(at), hint=problem.hint) from None


def _convert(node: Node, wanted: TypeConstraint) -> Node:
    if isinstance(node, Reference) or (isinstance(node, Scalar) and node.value is None):
        return node
    if isinstance(wanted, AnyType):
        return node
    if isinstance(wanted, Primitive):
        return _to_primitive(node, wanted)
    return _retyped(node, wanted) if isinstance(node, Unknown) else _to_structure(node, wanted)


def _to_structure(
    node: Scalar | Seq | Map, wanted: ListType | SetType | MapType | TupleType | ObjectType
) -> Node:
    match wanted:
        case ListType(item) | SetType(item):
            return _to_sequence(node, item, wanted)
        case MapType(item):
            return _to_map(node, item, wanted)
        case TupleType(items):
            return _to_tuple(node, items)
        case ObjectType(attributes):
            return _to_object(node, attributes)
        case _:
            assert_never(wanted)


def _to_primitive(node: Node, wanted: Primitive) -> Node:
    if isinstance(node, Seq | Map):
        raise InputError(f"{wanted.value} required")
    return _PRIMITIVES[wanted](node)


def _retyped(node: Unknown, wanted: TypeConstraint) -> Unknown:
    try:
        options = tuple(_convert(option, wanted) for option in node.options)
    except InputError:
        options = ()
    return replace(node, type=type_text(wanted), options=options)


def _within(part: str, node: Node, wanted: TypeConstraint) -> Node:
    try:
        return _convert(node, wanted)
    except InputError as problem:
        raise InputError(f"{part}: {problem.message}") from None


def _each(
    nodes: Sequence[Node], item: TypeConstraint, wanted: TypeConstraint, more: Node | None
) -> tuple[Node, ...]:
    if not isinstance(item, AnyType):
        nodes = tuple(_within(f"element {number}", node, item) for number, node in enumerate(nodes))
    return _unified(nodes, wanted, more) if _has_any(item) else tuple(nodes)


def _has_any(wanted: TypeConstraint) -> bool:
    """Whether a type leaves a part to the value, in which all elements of a collection must agree."""
    match wanted:
        case AnyType():
            return True
        case ListType(item) | SetType(item) | MapType(item):
            return _has_any(item)
        case TupleType(items):
            return any(map(_has_any, items))
        case ObjectType(attributes):
            return any(_has_any(attribute.type) for attribute in attributes)
        case Primitive():
            return False


def _unified(nodes: Sequence[Node], wanted: TypeConstraint, more: Node | None) -> tuple[Node, ...]:
    """The values in one type, which any that may follow can change."""
    rest = () if more is None else (Unknown((), more.at),)
    unified = unify((*nodes, *rest))
    if unified is None:
        kind = type_text(wanted).partition("(")[0]
        raise InputError(f"all {kind} elements must have the same type")
    return unified[: len(nodes)]


def _to_sequence(node: Node, item: TypeConstraint, wanted: ListType | SetType) -> Node:
    if not isinstance(node, Seq):
        raise InputError(f"{_spoken(wanted)} required")
    items = _each(node.items, item, wanted, node.more)
    more = None if node.more is None else _within("a further element", node.more, item)
    if isinstance(wanted, SetType):
        return replace(make_set(items, node.at, more), via=node.via)
    result = replace(node, items=items, more=more)
    return replace(result, unordered=node.unordered and not is_wholly_known(result))


def _to_map(node: Node, item: TypeConstraint, wanted: MapType) -> Node:
    if not isinstance(node, Map):
        raise InputError(f"{_spoken(wanted)} required")
    values = [_within(f'element "{key}"', value, item) for key, value in node.entries.items()]
    items = _unified(values, wanted, node.more) if _has_any(item) else values
    entries = dict(zip(node.entries, items, strict=True))
    more = None if node.more is None else _within("a further element", node.more, item)
    return replace(node, entries=entries, more=more)


def _to_tuple(node: Node, wanted: tuple[TypeConstraint, ...]) -> Node:
    if not isinstance(node, Seq):
        raise InputError("tuple required")
    items = node.items
    if node.more is not None:
        items += (node.more,) * (len(wanted) - len(items))
    if len(items) != len(wanted):
        raise InputError(f"tuple required, with {len(wanted)} elements rather than {len(items)}")
    pairs = zip(items, wanted, strict=True)
    converted = tuple(_within(f"element {number}", *pair) for number, pair in enumerate(pairs))
    return replace(node, items=converted, more=None)


def _to_object(node: Node, wanted: tuple[ObjectAttribute, ...]) -> Node:
    if not isinstance(node, Map):
        raise InputError("object required")
    missing = [a.name for a in wanted if not a.optional and a.name not in node.entries]
    if missing and node.more is None:
        names = ", ".join(f'"{name}"' for name in missing)
        plural = "attributes {} are" if len(missing) > 1 else "attribute {} is"
        raise InputError(f"{plural.format(names)} required")
    return replace(node, entries={a.name: _attribute(node, a) for a in wanted}, more=None)


def _attribute(node: Map, attribute: ObjectAttribute) -> Node:
    value = node.entries.get(attribute.name)
    if value is None and node.more is not None:
        return Unknown(reasons_of(node.more), node.at, node.via, type=type_text(attribute.type))
    if value is None or (isinstance(value, Scalar) and value.value is None):
        if attribute.default is None:
            return value or Scalar(None, node.at)
        value = _literal(attribute.default)
    return _within(f'attribute "{attribute.name}"', value, attribute.type)


def _literal(expression: ast.Expression) -> Node:
    match expression:
        case ast.Literal(value, at):
            return Scalar(value, at)
        case ast.Template(parts=(part,)):
            return _literal(part)
        case ast.Unary(ast.Operator.SUBTRACT, ast.Literal(value=int() | float() as number), at):
            return Scalar(-number, at)
        case ast.TupleExpression(items, at):
            return Seq(tuple(_literal(item) for item in items), at)
        case ast.ObjectExpression(pairs, at):
            return Map({_literal_key(key): _literal(value) for key, value in pairs}, at)
        case _:
            raise InputError("the default of an optional attribute must be a literal value")


def _literal_key(expression: ast.Expression) -> str:
    key = to_text(_literal(expression))
    if isinstance(key, Scalar) and isinstance(key.value, str):
        return key.value
    raise InputError("the key of an object must be a string")


def _spoken(wanted: TypeConstraint) -> str:
    """The type as Terraform's messages say it: ``list of string``."""
    match wanted:
        case ListType(item) | SetType(item) | MapType(item):
            inner = "any single type" if isinstance(item, AnyType) else _spoken(item)
            return f"{type_text(wanted).partition('(')[0]} of {inner}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
        case _:
            return type_text(wanted)


def _is_untyped(node: Node) -> bool:
    return isinstance(node, Unknown) and not node.type and type_of(node) == AnyType()


def unify(nodes: Sequence[Node]) -> tuple[Node, ...] | None:
    """The values converted to the one type that fits them all, or None where there is no such type.

    A value whose type is not known is left as it is, and does not decide the type.
    """
    wanted = type_of_all(nodes)
    if wanted is None:
        return None
    if isinstance(wanted, AnyType):
        return tuple(nodes)
    try:
        return tuple(node if _is_untyped(node) else _convert(node, wanted) for node in nodes)
    except InputError:
        return None if all(map(is_wholly_known, nodes)) else tuple(nodes)
