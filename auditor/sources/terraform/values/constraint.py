"""Terraform's type constraints as values, read from an expression or from their own text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


def parse_type(expression: ast.Expression) -> TypeConstraint:
    """The type constraint that an expression stands for; InputError where it stands for none."""
    raise NotImplementedError(expression)


def parse_type_text(text: str) -> TypeConstraint:
    """The type constraint of a text such as ``list(string)``; ``any`` where the text is empty or not one."""
    raise NotImplementedError(text)


def type_text(constraint: TypeConstraint) -> str:
    """The type in Terraform's words: ``map(list(string))``."""
    raise NotImplementedError(constraint)
