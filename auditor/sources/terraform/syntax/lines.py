"""Where Terraform wants a line to go on: an argument ends with its line, unless a bracket is open."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.terraform.syntax.ast import (
    Call,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    ObjectExpression,
    Template,
    TupleExpression,
)
from auditor.sources.terraform.syntax.mask import Masker
from auditor.sources.terraform.syntax.places import Locate
from auditor.tree import Location

_BRACKET_OR_LINE = re.compile(r"([(\[{])|([)\]}])|\n")
_CLOSED = (Literal, Template, TupleExpression, ObjectExpression, Call, ForTuple, ForObject)


def check_value(value: Expression, data: bytes, begin: int, end: int, locate: Locate) -> None:
    """Raises ``InputError`` where the text of ``value`` goes on in a new line outside of all brackets."""
    if isinstance(value, _CLOSED) or data.find(b"\n", begin, end) < 0:
        return
    text = data[begin:end].decode()

    def at(offset: int) -> Location:
        return locate(begin + len(text[:offset].encode()))

    depth = 0
    for match in _BRACKET_OR_LINE.finditer(Masker(text, at).code(0).text):
        if match.lastindex is not None:
            depth += 1 if match.lastindex == 1 else -1
        elif depth == 0:
            raise line_ends_early(at(match.start()))


def check_head(data: bytes, begin: int, end: int, locate: Locate) -> None:
    """Raises ``InputError`` where the line ends between a name and its ``=`` or ``{``, or after ``=``."""
    found = data.find(b"\n", begin, end)
    if found >= 0 and b"*/" not in data[begin:end]:
        raise line_ends_early(locate(found))


def line_ends_early(at: Location) -> InputError:
    hint = "put the expression in parentheses to go on in the next line"
    return InputError("the line ends too early", at=str(at), hint=hint)


def not_separate(at: Location) -> InputError:
    """The error for two arguments or blocks on one line."""
    hint = "each argument and each block begins its own line"
    return InputError("expected a new line before this", at=str(at), hint=hint)
