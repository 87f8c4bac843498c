"""Terraform's JSON syntax (``*.tf.json``) as the same values as the native syntax.

https://developer.hashicorp.com/terraform/language/syntax/json. Which nested object is a block and which an
attribute is known to the provider's schema alone: here each is an ``Attribute``, whose value is an object or
a tuple of objects, but for the blocks that Terraform itself defines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import assert_never

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.places import Origin
from auditor.sources.terraform.syntax.ast import (
    Attribute,
    Block,
    Body,
    Expression,
    Literal,
    ObjectExpression,
    Template,
    TupleExpression,
)
from auditor.sources.terraform.syntax.json_text import (
    JsonArray,
    JsonMember,
    JsonObject,
    JsonScalar,
    JsonValue,
    read_json,
)
from auditor.tree import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What is in a block: the blocks that may be nested, with the number of their labels; the attributes
    that are ``references`` written as strings, and those that are taken ``literally`` (``*`` for all)."""

    blocks: dict[str, tuple[int, _Shape]] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    literally: frozenset[str] = frozenset()


_PLAIN = _Shape()
_LITERAL = _Shape(literally=frozenset("*"))
_CONTENT = _Shape()
_DYNAMIC = _Shape(blocks={"content": (0, _CONTENT)}, references=frozenset(("iterator",)))
_CONTENT.blocks["dynamic"] = (1, _DYNAMIC)
_LIFECYCLE = _Shape(
    blocks={"precondition": (0, _PLAIN), "postcondition": (0, _PLAIN)},
    references=frozenset(("ignore_changes", "replace_triggered_by")),
)
_PROVISIONER = _Shape(blocks={"connection": (0, _PLAIN)}, references=frozenset(("when", "on_failure")))
_RESOURCE = _Shape(
    blocks={
        "dynamic": (1, _DYNAMIC),
        "lifecycle": (0, _LIFECYCLE),
        "provisioner": (1, _PROVISIONER),
        "connection": (0, _PLAIN),
    },
    references=frozenset(("depends_on", "provider")),
)
_MOVE = _Shape(references=frozenset(("from", "to", "provider")))
_ROOT = _Shape(
    blocks={
        "resource": (2, _RESOURCE),
        "data": (2, _RESOURCE),
        "ephemeral": (2, _RESOURCE),
        "provider": (1, _CONTENT),
        "module": (
            1,
            _Shape(
                references=frozenset(("depends_on", "providers")), literally=frozenset(("source", "version"))
            ),
        ),
        "variable": (
            1,
            _Shape(
                blocks={"validation": (0, _PLAIN)},
                references=frozenset(("type",)),
                literally=frozenset(("default", "description")),
            ),
        ),
        "output": (
            1,
            _Shape(
                blocks={"precondition": (0, _PLAIN)},
                references=frozenset(("depends_on",)),
                literally=frozenset(("description",)),
            ),
        ),
        "locals": (0, _PLAIN),
        "terraform": (
            0,
            _Shape(
                blocks={
                    "backend": (1, _LITERAL),
                    "cloud": (0, _Shape(blocks={"workspaces": (0, _LITERAL)}, literally=frozenset("*"))),
                    "provider_meta": (1, _LITERAL),
                    "required_providers": (0, _LITERAL),
                },
                literally=frozenset("*"),
            ),
        ),
        "moved": (0, _MOVE),
        "import": (0, _MOVE),
        "removed": (
            0,
            _Shape(
                blocks={"lifecycle": (0, _PLAIN), "provisioner": (1, _PROVISIONER)},
                references=frozenset(("from",)),
            ),
        ),
        "check": (1, _Shape(blocks={"data": (2, _RESOURCE), "assert": (0, _PLAIN)})),
    }
)


def parse_json(text: str | bytes, path: str) -> Body:
    """The body of a file in JSON syntax; of ``*.tfvars.json`` the values. Raises ``InputError``."""
    shape = _LITERAL if path.endswith(".tfvars.json") else _ROOT
    root = read_json(text, path)
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for part in _objects(root, "the file"):
        body = _body(part, shape)
        attributes += body.attributes
        blocks += body.blocks
    return Body(tuple(attributes), tuple(blocks), root.at)


def _objects(value: JsonValue, what: str) -> Iterator[JsonObject]:
    """The objects that ``value`` is or is an array of; none where it is ``null``."""
    match value:
        case JsonObject():
            yield value
        case JsonArray(items):
            for item in items:
                yield from _objects(item, what)
        case JsonScalar(value=None):
            return
        case JsonScalar(at=at):
            raise InputError(f"expected an object for {what}", at=str(at))
        case _:
            assert_never(value)


def _body(value: JsonObject, shape: _Shape) -> Body:
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for member in value.members:
        if member.name == "//":
            continue
        nested = shape.blocks.get(member.name)
        if nested is None:
            attributes.append(Attribute(member.name, _attribute(member, shape), member.at))
        else:
            blocks += _blocks(member, nested[0], nested[1])
    return Body(tuple(attributes), tuple(blocks), value.at)


def _blocks(member: JsonMember, labels: int, shape: _Shape) -> Iterator[Block]:
    """The blocks of one type: ``labels`` levels of objects, then one body or several."""
    pending: list[tuple[tuple[str, ...], Location, JsonValue]] = [((), member.at, member.value)]
    for _ in range(labels):
        pending = [
            ((*names, inner.name), inner.at, inner.value)
            for names, _, value in pending
            for part in _objects(value, f'the labels of "{member.name}"')
            for inner in part.members
            if inner.name != "//"
        ]
    for names, at, value in pending:
        what = " ".join((member.name, *(f'"{name}"' for name in names)))
        for body in _objects(value, f"the body of {what}"):
            place = body.at if isinstance(value, JsonArray) else at
            yield Block(member.name, names, _body(body, shape), place)


def _attribute(member: JsonMember, shape: _Shape) -> Expression:
    if member.name in shape.references:
        return _reference(member.value)
    literally = "*" in shape.literally or member.name in shape.literally
    return _expression(member.value, literally=literally)


def _expression(value: JsonValue, *, literally: bool) -> Expression:
    match value:
        case JsonScalar(value=str() as text, at=at):
            return Literal(text, at) if literally else _template(text, at)
        case JsonScalar(value=scalar, at=at):
            return Literal(scalar, at)
        case JsonArray(items, at):
            return TupleExpression(tuple(_expression(item, literally=literally) for item in items), at)
        case JsonObject(members, at):
            return ObjectExpression(
                tuple(
                    (
                        Literal(inner.name, inner.at) if literally else _template(inner.name, inner.at),
                        _expression(inner.value, literally=literally),
                    )
                    for inner in members
                    if inner.name != "//"
                ),
                at,
            )
        case _:
            assert_never(value)


def _template(text: str, at: Location) -> Expression:
    if "${" not in text and "%{" not in text:
        return Literal(text, at)
    from auditor.sources.terraform.syntax.swift import parse_template

    return parse_template(text, at.path, _inside(at))


def _reference(value: JsonValue) -> Expression:
    """A value whose strings are references or types: each is parsed as an expression."""
    match value:
        case JsonScalar(value=str() as text, at=at):
            from auditor.sources.terraform.syntax.swift import parse_expression

            if (
                "${" in text
                and isinstance(wrapped := _template(text, at), Template)
                and len(wrapped.parts) == 1
            ):
                return wrapped.parts[0]
            return parse_expression(text, at.path, _inside(at))
        case JsonArray(items, at):
            return TupleExpression(tuple(_reference(item) for item in items), at)
        case JsonObject(members, at):
            items_ = tuple((Literal(inner.name, inner.at), _reference(inner.value)) for inner in members)
            return ObjectExpression(items_, at)
        case JsonScalar():
            return _expression(value, literally=True)
        case _:
            assert_never(value)


def _inside(at: Location) -> Origin:
    return Origin(at.line - 1, at.column, one_line=True)
