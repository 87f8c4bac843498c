"""The one way into evaluation: an expression's kind decides which function gives its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.syntax import ast
from auditor.tree import Node

EVALUATORS: dict[type, Callable[[Any, Frame], Node]] = {}


def evaluate(expression: ast.Expression, frame: Frame) -> Node:
    """The value of an expression; InputError where it has none whatever the unknowns are."""
    return EVALUATORS[type(expression)](expression, frame)
