"""The type of a value, as far as it is known, and the type that several values can all be converted to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

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
    parse_type_text,
    type_text,
)
from auditor.tree import Map, Node, Precise, Reference, Scalar, Seq, Unknown


def type_of(node: Node) -> TypeConstraint:
    """The type of a value: a sequence counts as a tuple and a map as an object where nothing may follow."""
    match node:
        case Scalar():
            return _scalar_type(node)
        case Seq(items=items, more=None, unordered=False):
            return TupleType(tuple(type_of(item) for item in items))
        case Seq():
            return _sequence_type(node)
        case Map(entries=entries, more=None):
            return ObjectType(tuple(ObjectAttribute(key, type_of(entries[key])) for key in sorted(entries)))
        case Map():
            return AnyType() if _is_open(node) else MapType(AnyType())
        case Unknown(options=options, type=text):
            return parse_type_text(text) if text else _type_of_one(options)
        case Reference():
            return AnyType()
        case _:
            assert_never(node)


def _is_open(node: Map) -> bool:
    """Whether it is an object of unknown type: there are further attributes that are not known."""
    match node.more:
        case Reference(attribute=path):
            return not path or path.endswith(".")
        case Unknown(identity=path):
            return path.endswith(".")
        case _:
            return False


def is_typed(node: Node) -> bool:
    """Whether the type of a value is known throughout; what is known after apply has its own."""
    match node:
        case Scalar() | Reference():
            return True
        case Seq(items=items, more=more):
            return more is None and all(is_typed(item) for item in items)
        case Map(entries=entries, more=more):
            return more is None and all(is_typed(value) for value in entries.values())
        case Unknown(options=options, type=text):
            return bool(text) or (bool(options) and all(is_typed(option) for option in options))
        case _:
            assert_never(node)


def _type_of_one(options: Sequence[Node]) -> TypeConstraint:
    """The type of one of several values: decided where all of them have it."""
    types = set(map(type_of, options))
    return types.pop() if len(types) == 1 else AnyType()


def _sequence_type(node: Seq) -> TypeConstraint:
    more = () if node.more is None else (node.more,)
    is_decided = node.more is None or type_of(node.more) != AnyType()
    item = (type_of_all((*node.items, *more)) if is_decided else None) or AnyType()
    return SetType(item) if node.unordered else ListType(item)


def _scalar_type(node: Scalar) -> TypeConstraint:
    match node.value:
        case None:
            return AnyType()
        case bool():
            return Primitive.BOOL
        case str():
            return Primitive.STRING
        case int() | float() | Precise():
            return Primitive.NUMBER
        case _:
            assert_never(node.value)


def type_of_all(nodes: Iterable[Node]) -> TypeConstraint | None:
    """The type that the values can all be converted to; None where there is none (go-cty's ``unify``)."""
    return unify_types(tuple(dict.fromkeys(map(type_of, nodes))))


def unify_types(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    """The type that values of these types can all be converted to; ``any`` decides where nothing else can."""
    decided = tuple(dict.fromkeys(type_ for type_ in types if not isinstance(type_, AnyType)))
    if len(decided) <= 1:
        return decided[0] if decided else AnyType()
    unified = _unify_decided(decided)
    return AnyType() if unified is None and AnyType() in types else unified


def _unify_decided(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    if all(isinstance(type_, Primitive) for type_ in types):
        return Primitive.STRING if Primitive.STRING in types else None
    if all(isinstance(type_, TupleType | ListType | SetType) for type_ in types):
        return _unify_sequences(types)
    if all(isinstance(type_, ObjectType | MapType) for type_ in types):
        return _unify_maps(types)
    return None


def _unify_sequences(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    tuples = [type_.items for type_ in types if isinstance(type_, TupleType)]
    if len(tuples) == len(types) and len({len(items) for items in tuples}) == 1:
        columns = [unify_types(column) for column in zip(*tuples, strict=True)]
        known = tuple(column for column in columns if column is not None)
        return TupleType(known) if len(known) == len(columns) else None
    collections = [type_ for type_ in types if isinstance(type_, ListType | SetType)]
    sets = [type_ for type_ in collections if isinstance(type_, SetType)]
    if sets and len(sets) < len(types):
        return collections[0]
    items: list[TypeConstraint] = [item for items in tuples for item in items]
    item = unify_types([*items, *(type_.item for type_ in collections)])
    if item is None:
        return None
    return SetType(item) if sets else ListType(item)


def _unify_maps(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    objects = [type_.attributes for type_ in types if isinstance(type_, ObjectType)]
    if len(objects) == len(types) and len({tuple(a.name for a in attributes) for attributes in objects}) == 1:
        return _unify_attributes(objects)
    items: list[TypeConstraint] = [a.type for attributes in objects for a in attributes]
    items += [type_.item for type_ in types if isinstance(type_, MapType)]
    item = unify_types(items)
    return None if item is None else MapType(item)


def _unify_attributes(objects: Sequence[tuple[ObjectAttribute, ...]]) -> TypeConstraint | None:
    result = []
    for column in zip(*objects, strict=True):
        type_ = unify_types([attribute.type for attribute in column])
        if type_ is None:
            return None
        result.append(ObjectAttribute(column[0].name, type_))
    return ObjectType(tuple(result))


def element_type(collection: Node) -> str:
    """The type of a collection's elements in Terraform's words, or empty where it is not known."""
    constraint = parse_type_text(collection.type) if isinstance(collection, Unknown) else AnyType()
    return _told(constraint.item) if isinstance(constraint, ListType | SetType | MapType) else ""


def part_type(node: Unknown, key: str | int | None) -> str:
    """The type of an attribute or element of a value that is not known, or empty where it is not known."""
    constraint = parse_type_text(node.type)
    match constraint:
        case ObjectType(attributes):
            return next((_told(attribute.type) for attribute in attributes if attribute.name == key), "")
        case TupleType(items) if isinstance(key, int) and 0 <= key < len(items):
            return _told(items[key])
        case _:
            return element_type(node)


def _told(constraint: TypeConstraint) -> str:
    return "" if isinstance(constraint, AnyType) else type_text(constraint)
