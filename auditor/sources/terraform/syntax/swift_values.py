"""The hot values of the syntax, made in half the time."""

from __future__ import annotations

from auditor.sources.terraform.syntax import ast
from auditor.sources.twin import twin

Literal = twin(ast.Literal)
Template = twin(ast.Template)
TupleExpression = twin(ast.TupleExpression)
Name = twin(ast.Name)
GetAttribute = twin(ast.GetAttribute)
Attribute = twin(ast.Attribute)
Block = twin(ast.Block)
Body = twin(ast.Body)
