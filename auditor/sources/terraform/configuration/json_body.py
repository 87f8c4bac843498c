"""Terraform's JSON syntax as the same values as the native one.

What is a block and what an attribute is said by the schema alone
(https://developer.hashicorp.com/terraform/language/syntax/json); where it is not known, as in a resource,
a nested value is an attribute, save ``dynamic`` and Terraform's own blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.configuration.json_text import (
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonValue,
    parse_json,
)
from auditor.sources.terraform.syntax import ast
from auditor.tree import Location

LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "removed": 0,
    "import": 0,
}
NESTED = {"dynamic": 1, "lifecycle": 0, "provisioner": 1, "connection": 0, "content": 0}
VERBATIM = {("variable", "type"), ("module", "source"), ("module", "version"), ("provider", "alias")}
WITHOUT_VALUES = {"terraform", "moved", "removed", "import", "check"}


def parse_json_body(text: bytes, path: str) -> ast.Body:
    """The body of a ``.tf.json`` file; InputError with line and column where it is none."""
    whole = parse_json(text, path)
    blocks: list[ast.Block] = []
    for name, at, value in _members(whole, "the file"):
        if name in LABELS:
            blocks += _blocks(name, at, value, LABELS[name])
        elif name != "//":
            blocks.append(ast.Block(name, (), ast.Body((), (), at), at))
    return ast.Body((), tuple(blocks), whole.at)


def parse_json_values(text: bytes, path: str) -> ast.Body:
    """The body of a ``.tfvars.json`` file: attributes of literal values."""
    whole = parse_json(text, path)
    members = _members(whole, "the file")
    found = [ast.Attribute(name, expression(value, verbatim=True), at) for name, at, value in members]
    return ast.Body(tuple(found), (), whole.at)


def _members(value: JsonValue, what: str) -> Iterator[tuple[str, Location, JsonValue]]:
    """The members of an object, or of each object of a list."""
    match value:
        case JsonObject():
            yield from value.members
        case JsonArray():
            for item in value.items:
                yield from _members(item, what)
        case _:
            raise InputError(f"{what} must be a JSON object", at=str(value.at), hint="correct the JSON")


def _blocks(kind: str, at: Location, value: JsonValue, labels: int) -> Iterator[ast.Block]:
    """The blocks that are nested in objects keyed by their labels."""
    if kind in WITHOUT_VALUES:
        return
    if labels:
        for label, place, inner in _members(value, kind):
            if label == "//":
                continue
            for block in _blocks(kind, place, inner, labels - 1):
                yield replace(block, labels=(label, *block.labels))
        return
    if isinstance(value, JsonScalar) and value.value is None:
        return
    for item in value.items if isinstance(value, JsonArray) else (value,):
        yield ast.Block(kind, (), _body(kind, item), at)


def _body(kind: str, value: JsonValue) -> ast.Body:
    attributes: list[ast.Attribute] = []
    blocks: list[ast.Block] = []
    for name, at, inner in _members(value, kind):
        if name == "//" and kind != "locals":
            continue
        if name in NESTED and kind in {"resource", "data", "dynamic", "content"}:
            blocks += _blocks(name, at, inner, NESTED[name])
        else:
            verbatim = (kind, name) in VERBATIM or (kind == "variable" and name == "default")
            attributes.append(ast.Attribute(name, _attribute(kind, name, inner, verbatim=verbatim), at))
    return ast.Body(tuple(attributes), tuple(blocks), value.at)


def _attribute(kind: str, name: str, value: JsonValue, *, verbatim: bool) -> ast.Expression:
    """An attribute's value; what is a bare reference in the native syntax is a string here."""
    if kind == "module" and name == "providers" and isinstance(value, JsonObject):
        pairs = [(ast.Literal(key, at), _reference(item)) for key, at, item in value.members]
        return ast.ObjectExpression(tuple(pairs), value.at)
    if kind in {"resource", "data"} and name == "provider":
        return _reference(value)
    return expression(value, verbatim=verbatim)


def _reference(value: JsonValue) -> ast.Expression:
    if not isinstance(value, JsonScalar) or not isinstance(value.value, str):
        return expression(value, verbatim=True)
    first, _, alias = value.value.partition(".")
    name = ast.Name(first, value.at)
    return ast.GetAttribute(name, alias, value.at) if alias else name


def expression(value: JsonValue, *, verbatim: bool = False) -> ast.Expression:
    """A JSON value as an expression: its strings are templates, unless ``verbatim``."""
    match value:
        case JsonScalar():
            if not verbatim and isinstance(value.value, str):
                return _template(value.value, value.at)
            return ast.Literal(value.value, value.at)
        case JsonArray():
            return ast.TupleExpression(
                tuple([expression(item, verbatim=verbatim) for item in value.items]), value.at
            )
        case JsonObject():
            pairs: list[tuple[ast.Expression, ast.Expression]] = []
            for key, at, item in value.members:
                name = ast.Literal(key, at) if verbatim else _template(key, at)
                pairs.append((name, expression(item, verbatim=verbatim)))
            return ast.ObjectExpression(tuple(pairs), value.at)


def _template(text: str, at: Location) -> ast.Expression:
    if "${" not in text and "%{" not in text:
        return ast.Literal(text, at)
    from auditor.sources.terraform.syntax import parse_template  # noqa: PLC0415 -- loads the parser

    try:
        parsed = parse_template(text, at.path)
    except InputError as error:
        raise InputError(error.message, at=str(at), hint=error.hint) from None
    return _moved(parsed, at)


def _moved(node: Any, at: Location) -> Any:
    """The expression with all its parts at one place: escapes make places inside a JSON string meaningless."""
    if isinstance(node, Location):
        return at
    if isinstance(node, tuple):
        return tuple([_moved(item, at) for item in node])
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{f.name: _moved(getattr(node, f.name), at) for f in fields(node)})
    return node
