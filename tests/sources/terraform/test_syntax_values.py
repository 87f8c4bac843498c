"""Strings, heredocs and templates mean what they mean to Terraform."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import syntax_reference as reference
from syntax_values import TEMPLATES, VALUES

from auditor.sources.terraform.syntax import ast, parse_template, swift
from auditor.sources.terraform.syntax.ast import Expression

Value = str | int | float | bool | list["Value"] | None


def value_of(expression: Expression, names: Mapping[str, Value]) -> Value:
    """The value of an expression of constants."""
    match expression:
        case ast.Literal(value):
            return value
        case ast.Name(name):
            return names[name]
        case ast.TupleExpression(items):
            return [value_of(item, names) for item in items]
        case ast.Unary(ast.Operator.SUBTRACT, operand):
            number = value_of(operand, names)
            assert isinstance(number, int | float)
            return -number
        case ast.Template(parts):
            return "".join(str(value_of(part, names)) for part in parts)
        case ast.TemplateIf(condition, then, otherwise):
            return value_of(then if value_of(condition, names) else otherwise, names)
        case ast.TemplateFor(key, name, collection, body):
            items = value_of(collection, names)
            assert isinstance(items, list)
            each = (value_of(body, {**names, key: i, name: x}) for i, x in enumerate(items))
            return "".join(str(part) for part in each)
        case _:
            raise AssertionError(expression)


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_value_is_what_terraform_says(text: str, expected: Value) -> None:
    for parse in (swift.parse, reference.parse):
        found = value_of(parse(f"x = {text}\n", "m.tf").attributes[0].value, {})
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(("text", "expected"), TEMPLATES)
def test_a_template_file_is_what_terraform_says(text: str, expected: str) -> None:
    assert value_of(parse_template(text, "t.tpl"), {}) == expected
    assert parse_template(text, "t.tpl") == reference.parse_template(text, "t.tpl")


@pytest.mark.terraform
def test_the_tables_are_what_terraform_says_now(tmp_path: Path) -> None:
    arguments = "".join(f"v{number} = {text}\n" for number, (text, _) in enumerate(VALUES))
    (tmp_path / "main.tf").write_bytes(f"locals {{\n{arguments}}}\n".encode())
    names = [f"local.v{number}" for number in range(len(VALUES))]
    for number, (text, _) in enumerate(TEMPLATES):
        (tmp_path / f"t{number}.tpl").write_bytes(text.encode())
        names.append(f'templatefile("t{number}.tpl", {{}})')
    said = subprocess.run(
        ["terraform", "console"],
        cwd=tmp_path,
        input=f"base64encode(jsonencode([{', '.join(names)}]))\n",
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    values = json.loads(base64.b64decode(said.stdout.strip().strip('"')))
    assert values == [expected for _, expected in (*VALUES, *TEMPLATES)]
