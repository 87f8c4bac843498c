"""Lark's complaints in words that a person understands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.tree import Location

if TYPE_CHECKING:
    from lark import UnexpectedInput

    from auditor.sources.terraform.syntax.mask import Masked

_WORD = re.compile(r"[\w.-]+|=>|[=!<>]=|&&|\|\||\.\.\.|.", re.DOTALL)
_EXPRESSION = frozenset(("LPAR", "DBLQUOTE", "INT_LITERAL"))

_SPELLINGS = {
    "RPAR": '")"',
    "RSQB": '"]"',
    "RBRACE": '"}"',
    "COMMA": '","',
    "EQ": '"="',
    "COLON": '":"',
    "LBRACE": '"{"',
    "FOR_OBJECT_ARROW": '"=>"',
    "IN": '"in"',
    "NAME": "a name",
    "NL_OR_COMMENT": "the end of the line",
}


def syntax_error(
    error: UnexpectedInput, text: str, masked: Masked, prefix: int, at: Callable[[int], Location]
) -> InputError:
    """The error that Lark met in ``masked`` code of ``text``, with its place and what was expected there."""
    position = getattr(error, "pos_in_stream", None)
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    offset = masked.end if position is None or ended else masked.begin + position - prefix
    offset = min(offset, masked.end)
    expected = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    expected |= set(getattr(error, "allowed", None) or ())
    while offset < masked.end and masked.text[offset - masked.begin] in " \t\r":
        offset += 1
    before = masked.text[: offset - masked.begin]
    if prefix and "RPAR" in expected and before.count("(") == before.count(")"):
        expected = (expected - {"RPAR"}) | {"RBRACE"}
    message = f"expected {_wanted(expected)}, found {_found(text, offset, masked.end)}"
    return InputError(message, at=str(at(offset)), hint=_hint(text, offset))


def _wanted(expected: set[str]) -> str:
    if expected >= {"EQ", "LBRACE"}:
        return '"=" or "{" after the name'
    if expected >= _EXPRESSION:
        ends = [_SPELLINGS[name] for name in ("RSQB", "RPAR", "RBRACE") if name in expected]
        return " or ".join(["an expression", *ends])
    names = [name for name in _SPELLINGS if name in expected]
    if "NL_OR_COMMENT" in names and len(names) > 1:
        names.remove("NL_OR_COMMENT")
        if "NAME" in names:
            return "the end of the line"
    return " or ".join(_SPELLINGS[name] for name in names) or "something else"


def _found(text: str, offset: int, end: int) -> str:
    if offset >= end:
        return "the end of the file" if end >= len(text) else f'"{text[end]}"'
    match = _WORD.match(text, offset, end)
    word = match.group() if match else text[offset]
    return "the end of the line" if word == "\n" else f'"{word[:40]}"'


def _hint(text: str, offset: int) -> str:
    if text[offset : offset + 1] in ("'", "`"):
        return "strings are written in double quotes"
    if text[offset : offset + 1] == ";":
        return "no semicolons: a line break ends an argument"
    return ""
