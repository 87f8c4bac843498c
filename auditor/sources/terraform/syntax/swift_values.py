"""The hot values of the syntax, made in half the time.

A frozen dataclass sets each field through ``object.__setattr__``. A twin with the same slots sets them plainly
and then becomes the frozen class: equal, frozen and of the same type as what the class itself makes.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

from auditor.sources.terraform.syntax import ast
from auditor.tree import Location

Value = TypeVar("Value")


def _twin(kind: type[Value]) -> type[Value]:
    """What is called like the frozen dataclass ``kind``, with every field by position, and gives one."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # a dataclass, which type[] cannot say
    setting = "".join(f"    self.{name} = {name}\n" for name in names)
    source = f"def __init__(self, {', '.join(names)}):\n{setting}    self.__class__ = kind\n"
    made: dict[str, object] = {}
    exec(source, {"kind": kind}, made)  # noqa: S102 - as dataclasses makes its own __init__
    return type(kind.__name__, (), {"__slots__": tuple(names), **made})


Place = _twin(Location)
Literal = _twin(ast.Literal)
Template = _twin(ast.Template)
TupleExpression = _twin(ast.TupleExpression)
Name = _twin(ast.Name)
GetAttribute = _twin(ast.GetAttribute)
Attribute = _twin(ast.Attribute)
Block = _twin(ast.Block)
Body = _twin(ast.Body)
