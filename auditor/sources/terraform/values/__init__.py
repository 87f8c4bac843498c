"""Terraform's rules for values, over the nodes of the tree: what is known, equality, order, conversion.

The rules are go-cty's, Terraform's own library of values (https://github.com/zclconf/go-cty), kept where
content is not known: every answer holds whatever the unknowns turn out to be.
"""

from auditor.sources.terraform.values.compare import equal, same, sort_key
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
    parse_type,
    parse_type_text,
    type_text,
)
from auditor.sources.terraform.values.convert import convert, unify
from auditor.sources.terraform.values.known import (
    CallSite,
    identity_of,
    reasons_of,
    unknown_call,
)
from auditor.sources.terraform.values.primitive import format_number, to_bool, to_number, to_text

__all__ = [
    "AnyType",
    "CallSite",
    "ListType",
    "MapType",
    "ObjectAttribute",
    "ObjectType",
    "Primitive",
    "SetType",
    "TupleType",
    "TypeConstraint",
    "convert",
    "equal",
    "format_number",
    "identity_of",
    "parse_type",
    "parse_type_text",
    "reasons_of",
    "same",
    "sort_key",
    "to_bool",
    "to_number",
    "to_text",
    "type_text",
    "unify",
    "unknown_call",
]
