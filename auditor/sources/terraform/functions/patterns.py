"""Regular expressions: Go's RE2 syntax, run by Python's engine.

Python's engine goes back where RE2 does not: a pattern made for it (``(a+)+$``) can take very long.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_values

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7F",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"0-9A-Za-z_",
}
_PARTS = re.compile(
    r"(?P<quoted>\\Q.*?(?:\\E|$))"
    r"|(?P<code>\\x\{[0-9A-Fa-f]+\})"
    r"|(?P<end>\\z)"
    r"|(?P<property>\\[pP](?:\{\^?\w+\}|\w))"
    r"|(?P<escape>\\.)"
    r"|(?P<posix>\[:\^?\w+:\])"
    r"|(?P<look>\(\?(?:=|!|<=|<!|>|P=|\())"
    r"|(?P<flags>\(\?[a-zA-Z-]+[:)])"
    r"|(?P<named>\(\?<(?=\w))"
    r"|(?P<possessive>(?<=[*+?}])\+)"
    r"|(?P<dollar>\$)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPES = {r"\C": ".", r"\v": r"\x0b"}
_UNSUPPORTED_ESCAPES = frozenset("123456789Z")


@lru_cache(maxsize=512)
def translate(pattern: str) -> re.Pattern[str]:
    """The pattern as Python's; InputError where it is not one of RE2's or needs Unicode's property classes."""
    text, depth, leading = [], 0, ""
    for part in _PARTS.finditer(pattern):
        kind, piece = str(part.lastgroup), part.group()
        if kind == "flags" and piece.endswith(")") and not "".join(text):
            leading += _flags(piece)
            continue
        text.append(_translate_part(kind, piece, inside_class=depth > 0))
        if piece in "[]":
            depth = _class_depth(piece, depth, part, pattern)
    try:
        return re.compile(leading + "".join(text), re.ASCII)
    except (re.error, OverflowError) as problem:
        raise InputError(f"invalid regexp pattern: {problem}") from None


def _class_depth(piece: str, depth: int, part: re.Match[str], pattern: str) -> int:
    if piece == "[":
        return 1
    before = pattern[: part.start()]
    return depth if before.endswith(("[", "[^")) and depth else 0


def _flags(piece: str) -> str:
    if not set(piece[2:-1]) <= set("ims"):
        raise InputError(f"invalid regexp pattern: the flags {piece} are not supported")
    return piece


def _translate_part(kind: str, piece: str, *, inside_class: bool) -> str:
    match kind:
        case "quoted":
            return re.escape(piece[2:].removesuffix(r"\E"))
        case "code":
            return re.escape(chr(int(piece[3:-1], 16)))
        case "end":
            return r"\Z"
        case "posix" if inside_class:
            return _posix(piece)
        case "named":
            return "(?P<"
        case "dollar":
            return piece if inside_class else r"(?:$(?!\n))"
        case "escape":
            return _escape(piece)
        case "flags" if piece.endswith(":"):
            return piece.replace("U", "")
        case "property" | "look" | "possessive" | "flags":
            raise InputError(f"invalid regexp pattern: {piece} is not supported")
        case _:
            return rf"\{piece}" if inside_class and piece == "[" else piece


def _posix(piece: str) -> str:
    name = piece[2:-2]
    if name not in _CLASSES:
        raise InputError(f"invalid regexp pattern: invalid character class range: `{piece}`")
    return _CLASSES[name]


def _escape(piece: str) -> str:
    if piece[1] in _UNSUPPORTED_ESCAPES:
        raise InputError(f"invalid regexp pattern: invalid escape sequence: `{piece}`")
    return _ESCAPES.get(piece, piece)


def expand(match: re.Match[str], template: str) -> str:
    """The replacement text with ``$1``, ``$name`` and ``${name}`` filled in; what names no group is empty."""

    def group(reference: re.Match[str]) -> str:
        name = reference.group(1) or reference.group(2)
        if name is None:
            return "$"
        try:
            return match.group(int(name) if name.isdecimal() else name) or ""
        except (IndexError, error):
            return ""

    error = re.error
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
    return tuple(_captured(match) for match in translate(pattern).finditer(string))
