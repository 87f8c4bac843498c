"""Terraform's type constraints as values, read from an expression or from their own text."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import assert_never

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.syntax import ast


class Primitive(StrEnum):
    """The types of scalars."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class AnyType:
    """``any``: whatever is given; inside a collection, the one type that all its elements have."""


@dataclass(frozen=True, slots=True)
class ListType:
    """``list(item)``."""

    item: TypeConstraint


@dataclass(frozen=True, slots=True)
class SetType:
    """``set(item)``."""

    item: TypeConstraint


@dataclass(frozen=True, slots=True)
class MapType:
    """``map(item)``."""

    item: TypeConstraint


@dataclass(frozen=True, slots=True)
class TupleType:
    """``tuple([a, b])``."""

    items: tuple[TypeConstraint, ...]


@dataclass(frozen=True, slots=True)
class ObjectAttribute:
    """An attribute of ``object({…})``; ``default`` is the expression in ``optional(type, default)``."""

    name: str
    type: TypeConstraint
    optional: bool = False
    default: ast.Expression | None = None


@dataclass(frozen=True, slots=True)
class ObjectType:
    """``object({ name = type })``."""

    attributes: tuple[ObjectAttribute, ...]


TypeConstraint = Primitive | AnyType | ListType | SetType | MapType | TupleType | ObjectType

_OF_ONE: dict[str, type[ListType | SetType | MapType]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}
_PRIMITIVES = frozenset(Primitive)


def parse_type(expression: ast.Expression) -> TypeConstraint:
    """The type constraint that an expression stands for; InputError where it stands for none."""
    match expression:
        case ast.Name(name="any"):
            return AnyType()
        case ast.Name(name=name) | ast.Literal(value=str() as name) if name in _PRIMITIVES:
            return Primitive(name)
        case ast.Name(name=name) | ast.Literal(value=str() as name) if name in _OF_ONE:
            return _OF_ONE[name](AnyType())
        case ast.Call(name=name, arguments=(item,)) if name in _OF_ONE:
            return _OF_ONE[name](parse_type(item))
        case ast.Call(name="tuple", arguments=(ast.TupleExpression(items=items),)):
            return TupleType(tuple(parse_type(item) for item in items))
        case ast.Call(name="object", arguments=(ast.ObjectExpression(items=pairs),)):
            return ObjectType(tuple(_parse_attribute(key, value) for key, value in pairs))
        case _:
            raise InputError("this is not a type", at=str(expression.at), hint=_HINT)


_HINT = (
    "a type is string, number, bool, any, list(type), set(type), map(type), tuple([type, ...]) "
    "or object({ name = type, ... }), where optional(type, default) may stand in an object"
)


def _parse_attribute(key: ast.Expression, value: ast.Expression) -> ObjectAttribute:
    match key:
        case ast.Literal(value=str() as name) | ast.Name(name=name):
            pass
        case _:
            raise InputError("an attribute's name must be a plain word", at=str(key.at), hint=_HINT)
    match value:
        case ast.Call(name="optional", arguments=(type_,)):
            return ObjectAttribute(name, parse_type(type_), optional=True)
        case ast.Call(name="optional", arguments=(type_, default)):
            return ObjectAttribute(name, parse_type(type_), optional=True, default=default)
        case _:
            return ObjectAttribute(name, parse_type(value))


def type_text(constraint: TypeConstraint) -> str:
    """The type in Terraform's words: ``map(list(string))``."""
    match constraint:
        case Primitive():
            return constraint.value
        case AnyType():
            return "any"
        case ListType(item):
            return f"list({type_text(item)})"
        case SetType(item):
            return f"set({type_text(item)})"
        case MapType(item):
            return f"map({type_text(item)})"
        case TupleType(items):
            return f"tuple([{', '.join(type_text(item) for item in items)}])"
        case ObjectType(attributes):
            return f"object({{{', '.join(_attribute_text(attribute) for attribute in attributes)}}})"
        case _:
            assert_never(constraint)


def _attribute_text(attribute: ObjectAttribute) -> str:
    text = type_text(attribute.type)
    return f"{attribute.name} = {f'optional({text})' if attribute.optional else text}"


@lru_cache(maxsize=1024)
def parse_type_text(text: str) -> TypeConstraint:
    """The type constraint of a text such as ``list(string)``; ``any`` where the text is empty or not one."""
    tokens = _TOKEN.findall(text)
    try:
        return _read_type(tokens)
    except (IndexError, KeyError):
        return AnyType()


_TOKEN = re.compile(r"[\w-]+|[^\s\w]")


def _read_type(tokens: list[str]) -> TypeConstraint:
    word = tokens.pop(0)
    if word == "any":
        return AnyType()
    if word in _PRIMITIVES:
        return Primitive(word)
    tokens.pop(0)
    match word:
        case "tuple":
            result: TypeConstraint = TupleType(_read_items(tokens))
        case "object":
            result = ObjectType(_read_attributes(tokens))
        case _:
            result = _OF_ONE[word](_read_type(tokens))
    tokens.pop(0)
    return result


def _read_items(tokens: list[str]) -> tuple[TypeConstraint, ...]:
    items = []
    while tokens.pop(0) != "]":
        if tokens[0] != "]":
            items.append(_read_type(tokens))
    return tuple(items)


def _read_attributes(tokens: list[str]) -> tuple[ObjectAttribute, ...]:
    attributes = []
    while tokens.pop(0) != "}":
        if tokens[0] == "}":
            continue
        name = tokens.pop(0)
        tokens.pop(0)
        optional = tokens[0] == "optional"
        if optional:
            del tokens[:2]
        attributes.append(ObjectAttribute(name, _read_type(tokens), optional=optional))
        if optional:
            tokens.pop(0)
    return tuple(attributes)
