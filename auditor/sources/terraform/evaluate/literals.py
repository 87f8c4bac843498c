"""Literals, tuples, objects and templates."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.alternatives import has_options, lifted
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.loops import bound, elements, loop_names
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import identity_of, reasons_of, to_bool, to_text
from auditor.sources.values import identity
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

LONGEST_TEXT = 50_000_000
_PREFIX_LENGTH = re.compile(r"/[0-9]+$")


def literal(expression: ast.Literal, frame: Frame) -> Node:  # noqa: ARG001 -- as every evaluator
    """The value written."""
    return Scalar(expression.value, expression.at)


def tuple_of(expression: ast.TupleExpression, frame: Frame) -> Node:
    """A list of the items' values."""
    items = [
        Scalar(item.value, item.at) if type(item) is ast.Literal else EVALUATORS[type(item)](item, frame)
        for item in expression.items
    ]
    return Seq(tuple(items), expression.at)


def object_of(expression: ast.ObjectExpression, frame: Frame) -> Node:
    """A map of the items' values; what has a key that is not known goes to ``more``."""
    entries: dict[str, Node] = {}
    unsure: list[Node] = []
    for key_expression, value_expression in expression.items:
        value = evaluate(value_expression, frame)
        if type(key_expression) is ast.Literal and type(key_expression.value) is str:
            entries[key_expression.value] = value
            continue
        key = key_of(evaluate(key_expression, frame), key_expression.at)
        if isinstance(key, str):
            entries[key] = value
        else:
            unsure.append(value)
    return Map(entries, expression.at, more=bound(unsure, expression.at))


def key_of(node: Node, at: Location) -> str | None:
    """The text of a map's key, or None where it is not known; InputError where it can be none."""
    text = to_text(node)
    if not isinstance(text, Scalar):
        return None
    if text.value is None:
        raise InputError("the key of a map cannot be null", at=str(at))
    return str(text.value)


def template(expression: ast.Template, frame: Frame) -> Node:
    """The parts joined as text; a template of one interpolation is that value itself."""
    parts = expression.parts
    if len(parts) == 1 and not isinstance(parts[0], ast.TemplateIf | ast.TemplateFor):
        return evaluate(parts[0], frame)
    return join_text(frame, [evaluate(part, frame) for part in parts], expression.at)


def join_text(frame: Frame, values: list[Node], at: Location) -> Node:
    """The values as one string, or what is known of it."""
    if any(has_options(value) for value in values):
        return lifted(
            frame.module.run,
            values,
            lambda: _unknown_text(values, at),
            lambda way: join_text(frame, list(way), at),
        )
    texts: list[str] = []
    for value in values:
        text = to_text(value) if isinstance(value, Scalar | Unknown | Reference) else value
        if isinstance(text, Seq | Map):
            raise InputError(
                "a list or map cannot be put into a string", at=str(at), hint="use join() or jsonencode()"
            )
        if not isinstance(text, Scalar):
            return _unknown_text(values, at)
        if text.value is None:
            raise InputError("null cannot be put into a string", at=str(at))
        texts.append(str(text.value))
    if sum(map(len, texts)) > LONGEST_TEXT:
        raise InputError(f"the string is longer than {LONGEST_TEXT} characters", at=str(at))
    return Scalar("".join(texts), at, _ways(values))


def _ways(values: list[Node]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(place for value in values if value.via for place in (value.at, *value.via)))[
        :6
    ]


def _unknown_text(values: list[Node], at: Location) -> Unknown:
    parts: list[str] = []
    for value in values:
        if isinstance(value, Scalar):
            text = to_text(value)
            parts.append(str(text.value) if isinstance(text, Scalar) else "")
            continue
        name = identity_of(value)
        if not name:
            return Unknown(reasons_of(*values), at, type="string", parts=_of_range(values))
        parts.append(f"${{{name}}}")
    name = identity(f'"{"".join(parts)}"')
    return Unknown(reasons_of(*values), at, identity=name, type="string", parts=_of_range(values))


def _of_range(values: list[Node]) -> tuple[Node, ...]:
    """The parts of a text that ends as a CIDR does, whose size is known so; none of another text."""
    last = values[-1].value if isinstance(values[-1], Scalar) else None
    return tuple(values) if isinstance(last, str) and _PREFIX_LENGTH.search(last) else ()


def template_if(expression: ast.TemplateIf, frame: Frame) -> Node:
    """``%{ if }``: as a conditional."""
    return evaluate(
        ast.Conditional(expression.condition, expression.then, expression.otherwise, expression.at), frame
    )


def template_for(expression: ast.TemplateFor, frame: Frame) -> Node:
    """``%{ for }``: the bodies joined."""
    collection = evaluate(expression.collection, frame)
    pairs, rest = elements(collection, expression.collection.at)
    if rest is not None:
        return Unknown(reasons_of(collection), expression.at, type="string")
    bodies: list[Node] = []
    for pair in pairs:
        names = loop_names(expression.key_name, expression.value_name, pair)
        bodies.append(evaluate(expression.body, frame.bind(names)))
    return join_text(frame, bodies, expression.at)


def boolean(node: Node, at: Location, what: str = "the condition") -> bool | None:
    """A condition's value, or None where it is not known; InputError where it is no boolean."""
    if isinstance(node, Scalar) and node.value is None:
        raise InputError(f"{what} is null", at=str(at))
    if isinstance(node, Seq | Map):
        raise InputError(f"{what} is not a boolean", at=str(at))
    value = to_bool(node)
    return value.value is True if isinstance(value, Scalar) else None


EVALUATORS[ast.Literal] = literal
EVALUATORS[ast.TupleExpression] = tuple_of
EVALUATORS[ast.ObjectExpression] = object_of
EVALUATORS[ast.Template] = template
EVALUATORS[ast.TemplateIf] = template_if
EVALUATORS[ast.TemplateFor] = template_for
