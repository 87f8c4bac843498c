"""Patterns that Python's own engine runs alike and without going back and forth for long.

Those are the patterns in which nothing that repeats is repeated itself, and nothing empty is: for them both
engines find the same match, and how long Python's takes at most follows from the text's length.
"""

from __future__ import annotations

import re
from math import prod

from auditor.sources.terraform.patterns.program import is_nullable
from auditor.sources.terraform.patterns.tree import (
    Alternation,
    Chars,
    Edge,
    Group,
    Part,
    Repeat,
    Sequence,
    inner,
)

_MOST_WAYS = 1_000_000
_WORD = "[0-9A-Za-z_]"
_NOTHING = "(?!)"
_EDGES = {
    Edge.BEGIN_TEXT: r"\A",
    Edge.END_TEXT: r"\Z",
    Edge.BEGIN_LINE: r"(?<![^\n])",
    Edge.END_LINE: r"(?![^\n])",
    Edge.WORD: rf"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    Edge.NO_WORD: rf"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}


def expression(tree: Part) -> str | None:
    """The pattern as Python writes it; None where Python would find another match, or may take long."""
    return _written(tree) if _is_plain(tree) else None


def takes_long(tree: Part, length: int) -> bool:
    """Whether Python may have to try too many ways in a text of this length."""
    return (length + 1) * _ways(tree, length, last=True) > _MOST_WAYS


def needs_ascii(tree: Part) -> bool:
    """Whether the two engines agree on texts in ASCII only: they know other cases of other letters."""
    if isinstance(tree, Chars):
        return tree.fold
    return any(map(needs_ascii, inner(tree)))


def _is_plain(part: Part) -> bool:
    match part:
        case Chars(ranges=ranges, categories=categories, fold=fold):
            return not categories and not (fold and any(last > ord("\x7f") for _, last in ranges))
        case Repeat(body=body, most=most) if most != 1:
            return not is_nullable(body) and not _repeats(body) and _is_plain(body)
        case _:
            return all(map(_is_plain, inner(part)))


def _repeats(part: Part) -> bool:
    """Whether there is more than one way in which a part can match."""
    return isinstance(part, Repeat | Alternation) or any(map(_repeats, inner(part)))


def _ways(part: Part, length: int, *, last: bool = False) -> int:
    """In how many ways a part may have to be tried; what stands ``last`` need not be tried again."""
    match part:
        case Repeat(body=body, least=least, most=most):
            times = least if last else length if most is None else min(most - least, length)
            return (times + 1) * _ways(body, length)
        case Alternation(ways=ways):
            return sum(_ways(way, length, last=last) for way in ways)
        case _:
            parts = inner(part)
            return prod(_ways(each, length, last=last and each is parts[-1]) for each in parts)


def _written(part: Part) -> str:
    match part:
        case Chars():
            text = _class(part)
            return f"(?i:{text})" if part.fold else text
        case Edge():
            return _EDGES[part]
        case Group(body=body):
            return f"({_written(body)})"
        case Sequence(parts=parts):
            return "".join(map(_written, parts))
        case Alternation(ways=ways):
            return f"(?:{'|'.join(map(_written, ways))})"
        case Repeat(body=body, least=least, most=most, lazy=lazy):
            times = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{_written(body)}){times}{'?' if lazy else ''}"


def _class(chars: Chars) -> str:
    if len(chars.ranges) == 1 and not chars.negated and chars.ranges[0][0] == chars.ranges[0][1]:
        return re.escape(chr(chars.ranges[0][0]))
    if not chars.ranges:
        return r"[\s\S]" if chars.negated else _NOTHING
    inside = "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in chars.ranges)
    return f"[{'^' if chars.negated else ''}{inside}]"
