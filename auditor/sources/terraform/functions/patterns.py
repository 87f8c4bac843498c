"""Regular expressions: Go's RE2 syntax (https://github.com/google/re2/wiki/Syntax), run by Python's engine.

Python's engine goes back where RE2 does not: a pattern made for it (``(a+)+$``) can take very long.
Unicode's scripts (``\\p{Greek}``) are not known; its general categories (``\\pL``) are.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_values

_WORD, _DIGIT, _SPACE = "0-9A-Za-z_", "0-9", r"\t\n\f\r "
_NOT_WORD = r"\x00-/:-@\[-\^`{-\U0010ffff"
_NOT_DIGIT, _NOT_SPACE = r"\x00-/:-\U0010ffff", r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff"
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7F",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": "!-\\~",
    "lower": "a-z",
    "print": " -\\~",
    "punct": r"!-/:-@\[-`{-\~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": _WORD,
}
_SETS = {"w": _WORD, "d": _DIGIT, "s": _SPACE, "W": _NOT_WORD, "D": _NOT_DIGIT, "S": _NOT_SPACE}
_EDGE = rf"(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}])"
_NO_EDGE = rf"(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}])"
_ESCAPES = {"z": r"\Z", "A": r"\A", "b": f"(?:{_EDGE})", "B": f"(?:{_NO_EDGE})", "C": ".", "v": r"\x0b"}
_PLAIN_ESCAPES = frozenset("afnrt")
_PARTS = (
    r"(?P<quoted>\\Q.*?(?:\\E|\Z))"
    r"|(?P<code>\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2}))"
    r"|(?P<octal>\\0[0-7]{0,2})|(?P<property>\\[pP](?:\{\^?\w+\}|\w))"
    r"|(?P<escape>\\.)"
    r"|(?P<posix>\[:\^?\w+:\])"
    r"|(?P<look>\(\?(?:=|!|<=|<!|>|P=|P>|\(|#))"
    r"|(?P<flags>\(\?[a-zA-Z-]+[:)])"
    r"|(?P<named>\(\?P?<(?=\w))"
    r"|(?P<plus>(?:[*+?]|\{\d+(?:,\d*)?\})[?]?(?:[*+?])?)"
    r"|(?P<other>.)"
)


def _part(pattern: str, position: int) -> re.Match[str] | None:
    return re.compile(_PARTS, re.DOTALL).match(pattern, position)


class _Translation:
    """One pattern on its way: the text so far, and per open group the flags that are on in it."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.flags: list[str] = [""]
        self.wrapped: list[str] = [""]

    def add(self, kind: str, piece: str) -> None:
        """Takes a part outside of a character class."""
        match kind:
            case "flags":
                self._set_flags(piece)
            case "plus":
                self.text.append(self._quantifier(piece))
            case "named":
                self._open("(?P<")
            case "look":
                raise InputError(f"invalid regexp pattern: invalid or unsupported Perl syntax in {piece}")
            case "other":
                self._other(piece)
            case _:
                self.text.append(_atom(kind, piece))

    def _other(self, piece: str) -> None:
        match piece:
            case "(":
                self._open("(")
            case ")":
                self._close()
            case "|":
                wrapper = self.wrapped[-1]
                self.text.append(f"){piece}{wrapper}" if wrapper else piece)
            case "$":
                self.text.append("$" if "m" in self.flags[-1] else r"\Z")
            case _:
                self.text.append(piece)

    def _open(self, text: str) -> None:
        self.text.append(text)
        self.flags.append(self.flags[-1])
        self.wrapped.append("")

    def _close(self) -> None:
        if len(self.flags) == 1:
            raise InputError("invalid regexp pattern: unexpected )")
        self.flags.pop()
        self.text.append("))" if self.wrapped.pop() else ")")

    def _set_flags(self, piece: str) -> None:
        added, _, removed = piece[2:-1].partition("-")
        if not set(added + removed) <= set("imsU"):
            raise InputError(f"invalid regexp pattern: invalid or unsupported Perl syntax in {piece}")
        on = "".join(sorted(set(self.flags[-1] + added) - set(removed)))
        off = "".join(flag for flag in "ims" if flag not in on)
        wrapper = f"(?{on.replace('U', '')}{f'-{off}' if off else ''}:"
        if piece.endswith(":"):
            self._open(wrapper)
        else:
            self.text.append(f"){wrapper}" if self.wrapped[-1] else wrapper)
            self.wrapped[-1] = wrapper
        self.flags[-1] = on

    def _quantifier(self, piece: str) -> str:
        body, lazy = (piece[:-1], True) if len(piece) > 1 and piece.endswith("?") else (piece, False)
        if len(body) > 1 and body[-1] in "*+?":
            raise InputError(f"invalid regexp pattern: invalid nested repetition operator in {piece}")
        return body + "?" * (lazy != ("U" in self.flags[-1]))

    def done(self) -> str:
        """The pattern in Python's syntax."""
        if len(self.flags) > 1:
            raise InputError("invalid regexp pattern: missing closing )")
        return "".join(self.text) + (")" if self.wrapped[0] else "")


@lru_cache(maxsize=512)
def translate(pattern: str) -> re.Pattern[str]:
    """The pattern as Python's; InputError where it is not one of RE2's."""
    translation = _Translation()
    position = 0
    while position < len(pattern):
        if pattern[position] == "[":
            text, position = _class(pattern, position)
            translation.text.append(text)
            continue
        part = _part(pattern, position)
        if part is None:
            break
        position = part.end()
        translation.add(str(part.lastgroup), part.group())
    try:
        return re.compile(translation.done())
    except (re.error, OverflowError) as problem:
        raise InputError(f"invalid regexp pattern: {problem}") from None


def _class(pattern: str, start: int) -> tuple[str, int]:
    """A character class from its bracket on, in Python's syntax, and the position after it."""
    position = start + 1 + pattern.startswith("^", start + 1)
    text = [pattern[start:position]]
    first = position
    while position < len(pattern):
        part = _part(pattern, position)
        if part is None or (part.group() == "]" and position > first):
            break
        kind, piece = str(part.lastgroup), part.group()
        if kind in {"plus", "look", "flags", "named", "other"}:
            piece = piece[0]
            text.append(rf"\{piece}" if piece in "[]&|~" else piece)
        else:
            text.append(_in_class(kind, piece))
        position += len(piece)
    if position >= len(pattern):
        raise InputError(f"invalid regexp pattern: missing closing ] in {pattern[start:]}")
    return "".join(text) + "]", position + 1


def _in_class(kind: str, piece: str) -> str:
    match kind:
        case "posix":
            return _posix(piece)
        case "property":
            return _property(piece)
        case "escape" if piece[1] in _SETS:
            return _SETS[piece[1]]
        case _:
            return _atom(kind, piece)


def _atom(kind: str, piece: str) -> str:
    match kind:
        case "quoted":
            return re.escape(piece[2:].removesuffix(r"\E"))
        case "code":
            return re.escape(chr(int(piece[2:].strip("{}"), 16)))
        case "octal":
            return re.escape(chr(int(piece[1:], 8)))
        case "property":
            return f"[{_property(piece)}]"
        case "escape":
            return _escape(piece)
        case _:
            return re.escape(piece)


def _escape(piece: str) -> str:
    letter = piece[1]
    if letter in _SETS:
        return f"[{_SETS[letter]}]"
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isascii() and letter.isalnum() and letter not in _PLAIN_ESCAPES:
        raise InputError(f"invalid regexp pattern: invalid escape sequence in {piece}")
    return piece


def _posix(piece: str) -> str:
    name = piece[2:-2]
    if name.removeprefix("^") not in _CLASSES:
        raise InputError(f"invalid regexp pattern: invalid character class range in {piece}")
    if not name.startswith("^"):
        return _CLASSES[name]
    inside = re.compile(f"[{_CLASSES[name[1:]]}]")
    return _ranges(lambda character: not inside.match(character))


@lru_cache(maxsize=64)
def _property(piece: str) -> str:
    name = piece[2:].strip("{}")
    negated = (piece[1] == "P") != name.startswith("^")
    name = name.removeprefix("^")
    text = _ranges(lambda character: unicodedata.category(character).startswith(name) != negated)
    if len(name) > 2 or not text:
        raise InputError(f"invalid regexp pattern: the character class {piece} is not known")
    return text


def _ranges(belongs: Any) -> str:
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if not belongs(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches that do not overlap, without an empty one right after another, as Go has it."""
    end = -1
    for match in pattern.finditer(text):
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def substitute(pattern: str, replacement: str, text: str) -> str:
    """The text with all matches replaced; ``$1``, ``$name`` and ``${name}`` stand for groups."""
    result, position = [], 0
    for match in matches(translate(pattern), text):
        result += [text[position : match.start()], _expand(match, replacement)]
        position = match.end()
    return "".join((*result, text[position:]))


def _expand(match: re.Match[str], template: str) -> str:
    def group(reference: re.Match[str]) -> str:
        name = reference.group(1) or reference.group(2)
        if name is None:
            return "$"
        number = int(name) if name.isdecimal() else match.re.groupindex.get(name, -1)
        return (match.group(number) or "") if 0 <= number <= match.re.groups else ""

    return re.sub(r"\$(?:\{(\w+)\}|(\w+)|\$)", group, template)


def _captured(match: re.Match[str]) -> Any:
    names = match.re.groupindex
    if names:
        if len(names) != match.re.groups:
            raise InputError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
        return match.groupdict()
    return match.groups() if match.re.groups else match.group()


@over_values
def regex(pattern: str, string: str) -> Any:
    """The first match: its text, the tuple of its groups, or the object of its named groups."""
    match = translate(pattern).search(string)
    if match is None:
        raise InputError("pattern did not match any part of the given string")
    return _captured(match)


@over_values
def regexall(pattern: str, string: str) -> Any:
    """All matches that do not overlap."""
    return tuple(_captured(match) for match in matches(translate(pattern), string))
