"""Where Terraform wants a line to go on: an argument ends with its line, unless a bracket is open."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.terraform.syntax.places import Locate
from auditor.tree import Location

# What may hold line breaks is matched whole, so that only a break outside of brackets is one.
_TOKEN = re.compile(
    rb'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|(?:#|//)[^\n]*|<<-?([\w.-]+)[^\n]*\n.*?^[ \t]*\1[ \t\r]*$'
    rb"|([(\[{])|([)\]}])|(\n)|[^\"/#<(\[{)\]}\n]+|.",
    re.DOTALL | re.MULTILINE,
)


def check_lines(data: bytes, begin: int, end: int, locate: Locate) -> None:
    """Raises ``InputError`` for a line break outside of all brackets between ``begin`` and ``end``."""
    if data.find(b"\n", begin, end) < 0:
        return
    if data[begin] in b"[{<" and _is_one_bracket(data, begin, end):
        return
    depth = 0
    for match in _TOKEN.finditer(data, begin, end):
        kind = match.lastindex
        if kind == 2:
            depth += 1
        elif kind == 3:
            depth -= 1
        elif kind == 4 and depth == 0:
            hint = "put the expression in parentheses to go on in the next line"
            raise InputError("the line ends within an expression", at=str(locate(match.start())), hint=hint)


def _is_one_bracket(data: bytes, begin: int, end: int) -> bool:
    """Whether nothing is outside of the brackets, judged without reading what is inside."""
    if data[begin] == ord("<"):
        return True
    first = data.find(b"\n", begin, end)
    last = data.rfind(b"\n", begin, end)
    after = data[last:end].strip()
    return len(after) == 1 and data[begin:first].strip()[-1:] not in b"]})"


def not_separate(at: Location) -> InputError:
    """The error for two arguments or blocks on one line."""
    return InputError(
        "expected a new line before this", at=str(at), hint="each argument and each block begins its own line"
    )
