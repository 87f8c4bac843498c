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

_HEAD = frozenset(("identifier", "keyword", "literal_value", "string", "_attribute_name"))
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
    expected = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    expected |= set(getattr(error, "allowed", None) or ())
    head = _head(error)
    offset = _offset(error, masked, prefix)
    before = masked.text[: offset - masked.begin]
    if prefix and "RPAR" in expected and before.count("(") == before.count(")"):
        expected = (expected - {"RPAR"}) | {"RBRACE"}
    if not prefix and head and masked.text[: head[0]].rpartition("\n")[2].strip(" \t{"):
        offset, expected = masked.begin + head[0], {"NL_OR_COMMENT"}
    elif "LBRACE" in expected and len(head) == 1:
        expected |= {"EQ"}
    begins_line = not before.rpartition("\n")[2].strip()
    wanted = _wanted(expected, begins_line=begins_line)
    message = f"expected {wanted}, found {_found(text, offset, masked.end)}"
    return InputError(message, at=str(at(offset)), hint=_hint(text, offset))


def _offset(error: UnexpectedInput, masked: Masked, prefix: int) -> int:
    """Where in the text the error is: at the end, right after the last thing that is there."""
    position = getattr(error, "pos_in_stream", None)
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    begin = len(masked.text) if position is None or ended else position - prefix
    rest = masked.text[begin:]
    begin += len(rest) - len(rest.lstrip(" \t\r"))
    if not masked.text[begin:].strip():
        begin = len(masked.text.rstrip()) if ended else min(begin, len(masked.text))
    return masked.begin + begin


def _head(error: UnexpectedInput) -> list[int]:
    """Where the words begin that Lark has read of an argument's or a block's head, if it is in one."""
    interactive = getattr(error, "interactive_parser", None)
    offsets: list[int] = []
    for part in reversed(interactive.parser_state.value_stack if interactive else ()):
        kind = getattr(part, "data", "")
        if kind.startswith("__block_star"):
            offsets += (int(label.meta.start_pos) for label in reversed(part.children))
        elif kind in _HEAD:
            offsets.append(int(part.meta.start_pos))
        elif kind != "new_line_or_comment":
            break
    return offsets[::-1] if "LBRACE" in (getattr(error, "accepts", None) or ()) else []


def _wanted(expected: set[str], *, begins_line: bool) -> str:
    if expected >= {"EQ", "LBRACE"}:
        return '"=" or "{" after the name'
    if expected >= _EXPRESSION:
        ends = [_SPELLINGS[name] for name in ("RSQB", "RPAR", "RBRACE") if name in expected]
        return " or ".join(["an expression", *ends])
    names = [name for name in _SPELLINGS if name in expected]
    if "NL_OR_COMMENT" in names and "NAME" in names:
        return "an argument or a block" if begins_line else "the end of the line"
    if len(names) > 1 and "NL_OR_COMMENT" in names:
        names.remove("NL_OR_COMMENT")
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
