"""The hot values of the syntax, made in half the time.

A frozen dataclass can set its fields only through calls. A twin with the same slots assigns them and then
becomes the frozen class: frozen, and equal to what the class itself makes.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

from auditor.sources.terraform.syntax import ast
from auditor.tree import Location

Value = TypeVar("Value")


def twin(kind: type[Value]) -> type[Value]:
    """What is called like the frozen dataclass ``kind``, with every field by position, and gives one."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # a dataclass, which type[] cannot say
    setting = "".join(f"    self.{name} = {name}\n" for name in names)
    source = f"def __init__(self, {', '.join(names)}):\n{setting}    self.__class__ = kind\n"
    made: dict[str, object] = {}
    exec(source, {"kind": kind}, made)  # noqa: S102 - as dataclasses makes its own __init__
    return type(kind.__name__, (), {"__slots__": tuple(names), **made})


Place = twin(Location)
Literal = twin(ast.Literal)
Template = twin(ast.Template)
TupleExpression = twin(ast.TupleExpression)
Name = twin(ast.Name)
GetAttribute = twin(ast.GetAttribute)
Attribute = twin(ast.Attribute)
Block = twin(ast.Block)
Body = twin(ast.Body)
