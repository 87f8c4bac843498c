"""Terraform's functions against what ``terraform console`` said (console.json, by record_console.py)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import InputError
from auditor.sources.terraform import functions
from auditor.sources.terraform.syntax import ast, parse_expression
from auditor.sources.terraform.values import CallSite, is_wholly_known, to_text
from auditor.tree import Location, Map, Node, Scalar, Seq, Unknown

HERE = Path(__file__).parent
FILES = HERE / "console"
TABLE: dict[str, dict[str, Any]] = json.loads((HERE / "console.json").read_text())
AT = Location("main.tf", 1, 1)

# What is given here as an unknown, or as one of several values, since an input does not decide it.
UNDECIDED = {"contains([[1]], [1])", "contains([{a = 1}], {a = 1})", 'issensitive("a")', "base64gzip(null)"}


def site(name: str) -> CallSite:
    folder = str(FILES)
    return CallSite(
        name=name, at=AT, root_folder=folder, module_folder=folder, read_file=lambda p: Path(p).read_bytes()
    )


def value_of(expression: ast.Expression) -> Node:
    """Literals, collections and calls: all that the table needs besides the functions themselves."""
    match expression:
        case ast.Literal(value, at):
            return Scalar(value, at)
        case ast.Template(parts, at):
            texts = [to_text(value_of(part)) for part in parts]
            return Scalar("".join(str(text.value) for text in texts if isinstance(text, Scalar)), at)
        case ast.Unary(_, operand, at):
            number = value_of(operand)
            assert isinstance(number, Scalar)
            assert isinstance(number.value, int | float)
            return Scalar(-number.value, at)
        case ast.TupleExpression(items, at):
            return Seq(tuple(map(value_of, items)), at)
        case ast.ObjectExpression(items, at):
            return Map({str(to_text(value_of(key)).value): value_of(value) for key, value in items}, at)
        case ast.Call(name, arguments, expand, _):
            values = tuple(map(value_of, arguments))
            if expand:
                last = values[-1]
                assert isinstance(last, Seq)
                values = (*values[:-1], *last.items)
            return functions.call(site(name), values)
        case _:
            raise NotImplementedError(expression)


def plain(node: Node) -> Any:
    match node:
        case Scalar(value):
            return value
        case Seq(items):
            return [plain(item) for item in items]
        case Map(entries):
            return {key: plain(item) for key, item in entries.items()}
        case _:
            pytest.fail(f"not known: {node}")


def agree(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float) and isinstance(ours, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-14)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and ours.keys() == theirs.keys()
            and all(agree(ours[k], theirs[k]) for k in theirs)
        )
    return type(ours) is type(theirs) and ours == theirs


def simple(expression: str) -> bool:
    return not any(sign in expression for sign in ("[for ", "==", "nosuch"))


@pytest.mark.parametrize("expression", [e for e, answer in TABLE.items() if "value" in answer and simple(e)])
def test_a_call_gives_what_terraform_gives(expression: str) -> None:
    node = value_of(parse_expression(expression, "console.tf"))
    if expression in UNDECIDED:
        assert isinstance(node, Unknown)
        return
    assert is_wholly_known(node)
    ours, theirs = plain(node), TABLE[expression]["value"]
    assert agree(ours, theirs), f"{ours!r} is not {theirs!r}"


@pytest.mark.parametrize("expression", [e for e, answer in TABLE.items() if "error" in answer and simple(e)])
def test_a_call_that_terraform_refuses_is_refused_with_its_place(expression: str) -> None:
    parsed = parse_expression(expression, "console.tf")
    with pytest.raises(InputError) as problem:
        value_of(parsed)
    assert problem.value.at == "main.tf:1:1"
    assert problem.value.message
