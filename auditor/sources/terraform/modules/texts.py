"""Values that a variable is given as text: by ``--var``, or by the environment."""

from __future__ import annotations

import json

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.functions.signature import to_python
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import Primitive, TypeConstraint, reasons_of, to_text
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Node, Reference, Scalar, Unknown


@dataclass(frozen=True, slots=True)
class Text:
    """A value given as text, by ``--var`` or the environment."""

    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class Passed:
    """A value that is given by the environment, where it can only be text."""

    node: Node


def text_expression(given: Text, constraint: TypeConstraint, *, typed: bool) -> ast.Expression:
    """A text as an expression: itself where the variable is a string, number or boolean or has no type."""
    if not typed or isinstance(constraint, Primitive):
        return ast.Literal(given.text, given.at)
    from auditor.sources.terraform.syntax import parse_expression

    try:
        return parse_expression(given.text, given.at.path)
    except InputError as error:
        hint = error.hint or "write the value as in a .tfvars file"
        raise InputError(error.message, at=str(given.at), hint=hint) from None


def passed_text(node: Node, constraint: TypeConstraint, *, typed: bool) -> Text | Node:
    """A value that comes by the environment: text that is parsed if the variable's type asks, else itself.

    A variable without a type takes the text as it is: a list is then its JSON.
    """
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Text(node.value, node.at) if typed and not isinstance(constraint, Primitive) else node
    if typed or (isinstance(node, Scalar) and node.value is None):
        return node
    if isinstance(node, Scalar):
        return to_text(node)
    if not is_wholly_known(node):
        return (
            node
            if isinstance(node, Unknown | Reference)
            else Unknown(reasons_of(node), node.at, type="string")
        )
    return Text(json.dumps(to_python(node), ensure_ascii=False), node.at)
