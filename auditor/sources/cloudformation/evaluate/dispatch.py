"""The one way into evaluation: what syntax is decides which function gives its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Items, Syntax
from auditor.sources.cloudformation.values.texts import literal
from auditor.tree import Node, Scalar

FUNCTIONS: dict[str, Callable[[Call, Frame], Node]] = {}
"""The intrinsic functions by name. Each raises InputError where it has no value whatever the unknowns are."""

COLLECTIONS: dict[type, Callable[[Syntax, Frame], Node]] = {}
"""What evaluates lists and maps."""

_HINT = "see the reference of intrinsic functions"


def evaluate(syntax: Syntax, frame: Frame) -> Node:
    """The value of syntax. What cannot be evaluated is unknown, with a gap at the innermost function."""
    match syntax:
        case Scalar():
            return _scalar(syntax, frame)
        case Items() | Entries():
            return COLLECTIONS[type(syntax)](syntax, frame)
        case Call():
            return _called(syntax, frame)
        case _:
            assert_never(syntax)


def _scalar(node: Scalar, frame: Frame) -> Node:
    if node.value is None:
        error = InputError("null is no value to CloudFormation", hint="give a value, or leave the key out")
        return frame.run.invalid(error, frame.label, node.at)
    return literal(node)


def _called(call: Call, frame: Frame) -> Node:
    function = FUNCTIONS.get(call.name)
    if function is None:
        error = InputError(f"there is no function {call.name}", hint=_HINT)
        return frame.run.invalid(error, frame.label, call.at)
    try:
        return function(call, frame)
    except InputError as error:
        return frame.run.invalid(error, frame.label, call.at)
