"""The JSON syntax gives what the native syntax would."""

from __future__ import annotations

import dataclasses
import json

import pytest

from auditor.errors import InputError
from auditor.sources.terraform.syntax import ast, parse_file_text
from auditor.tree import Location

NOWHERE = Location("")


def without_places(value: object) -> object:
    """``value`` with every place the same, so that two syntaxes can be compared."""
    if isinstance(value, Location):
        return NOWHERE
    if isinstance(value, tuple):
        return tuple(without_places(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: without_places(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return (type(value).__name__, fields)
    return value


def in_json(value: object) -> ast.Body:
    return parse_file_text(json.dumps(value).encode(), "main.tf.json")


def in_native(text: str) -> ast.Body:
    return parse_file_text(text.encode(), "main.tf")


@pytest.mark.parametrize(
    ("value", "native"),
    [
        ({}, ""),
        ({"//": "a comment"}, ""),
        ([{"locals": {"a": 1}}, {"locals": {"b": 2}}], "locals {\n a = 1\n}\nlocals {\n b = 2\n}\n"),
        (
            {"resource": {"aws_vpc": {"a": {"cidr_block": "10.0.0.0/16"}, "b": {}}}},
            'resource "aws_vpc" "a" {\n cidr_block = "10.0.0.0/16"\n}\nresource "aws_vpc" "b" {}\n',
        ),
        (
            {"resource": [{"aws_vpc": [{"a": [{"x": None}]}]}]},
            'resource "aws_vpc" "a" {\n x = null\n}\n',
        ),
        (
            {"provider": {"aws": [{"alias": "b"}, {"region": "${var.r}"}]}},
            'provider "aws" {\n alias = "b"\n}\nprovider "aws" {\n region = "${var.r}"\n}\n',
        ),
        (
            {"data": {"aws_x": {"y": {"depends_on": ["aws_a.b", "module.c"], "provider": "aws.west"}}}},
            'data "aws_x" "y" {\n depends_on = [aws_a.b, module.c]\n provider = aws.west\n}\n',
        ),
        (
            {"variable": {"x": {"type": "map(object({a = string}))", "default": {"k": "${not.this}"}}}},
            'variable "x" {\n type = map(object({a = string}))\n default = { "k" = "$${not.this}" }\n}\n',
        ),
        (
            {"variable": {"x": {"validation": {"condition": "${var.x > 1}", "error_message": "no"}}}},
            'variable "x" {\n validation {\n condition = "${var.x > 1}"\n error_message = "no"\n }\n}\n',
        ),
        (
            {"module": {"m": {"source": "./${m}", "providers": {"aws": "aws.b"}, "x": ["${local.y}-z"]}}},
            'module "m" {\n source = "./$${m}"\n providers = { aws = aws.b }\n x = ["${local.y}-z"]\n}\n',
        ),
        (
            {"locals": {"a": [1, 1.5, -2, True, {"${x}": "%{ if y }z%{ endif }"}], "b": "$${c}"}},
            'locals {\n a = [1, 1.5, -2, true, { "${x}" = "%{ if y }z%{ endif }" }]\n b = "$${c}"\n}\n',
        ),
        (
            {"terraform": {"required_version": ">= 1.5", "backend": {"s3": {"bucket": "${b}"}}}},
            'terraform {\n required_version = ">= 1.5"\n backend "s3" {\n bucket = "$${b}"\n }\n}\n',
        ),
        (
            {"resource": {"a": {"b": {"lifecycle": {"ignore_changes": ["tags"]}}}}},
            'resource "a" "b" {\n lifecycle {\n ignore_changes = [tags]\n }\n}\n',
        ),
        (
            {"moved": [{"from": "aws_a.b", "to": "aws_a.c[0]"}]},
            "moved {\n from = aws_a.b\n to = aws_a.c[0]\n}\n",
        ),
        ({"output": {"o": {"value": "${f(x)[0]}"}}}, 'output "o" {\n value = "${f(x)[0]}"\n}\n'),
    ],
)
def test_json_gives_what_native_syntax_gives(value: object, native: str) -> None:
    assert without_places(in_json(value)) == _negatives(without_places(in_native(native)))


def _negatives(value: object) -> object:
    """``-2`` is a number in JSON and a sign before a number in native syntax."""
    match value:
        case ("Unary", {"operand": ("Literal", {"value": int() as number})}):
            return ("Literal", {"value": -number, "at": NOWHERE})
        case tuple():
            return tuple(_negatives(item) for item in value)
        case dict():
            return {name: _negatives(item) for name, item in value.items()}
        case _:
            return value


def test_a_dynamic_block_keeps_its_label_and_content() -> None:
    dynamic = {"ingress": [{"for_each": "${var.p}", "iterator": "it", "content": {"port": "${it.value}"}}]}
    body = in_json({"resource": {"aws_security_group": {"g": {"dynamic": dynamic}}}})
    native = """
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = "${var.p}"
    iterator = it
    content {
      port = "${it.value}"
    }
  }
}
"""
    assert without_places(body) == without_places(in_native(native))


def test_nested_objects_stay_attributes_as_only_the_schema_knows() -> None:
    body = in_json({"resource": {"aws_security_group": {"g": {"ingress": [{"from_port": 1, "//": "x"}]}}}})
    (attribute,) = body.blocks[0].body.attributes
    assert isinstance(attribute.value, ast.TupleExpression)
    (item,) = attribute.value.items
    assert isinstance(item, ast.ObjectExpression)
    assert [key.value for key, _ in item.items if isinstance(key, ast.Literal)] == ["from_port"]


def test_places_are_those_of_names_and_quotes() -> None:
    text = '{\n  "locals": {\n    "é": "${a.b} ${\\"x\\"}"\n  }\n}\n'
    (block,) = parse_file_text(text.encode(), "m.tf.json").blocks
    (attribute,) = block.body.attributes
    assert isinstance(attribute.value, ast.Template)
    assert str(block.at) == "m.tf.json:2:3"
    assert str(attribute.at) == "m.tf.json:3:5"
    assert str(attribute.value.parts[0].at) == "m.tf.json:3:13"


def test_values_of_variables_are_taken_literally() -> None:
    body = parse_file_text(b'{"a": "${x}", "resource": {"b": [1]}}', "x.auto.tfvars.json")
    assert [attribute.name for attribute in body.attributes] == ["a", "resource"]
    assert body.attributes[0].value == ast.Literal("${x}", Location("x.auto.tfvars.json", 1, 7))


def test_a_block_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(InputError, match="expected an object for the body of resource"):
        in_json({"resource": {"a": {"b": 3}}})
