"""Escapes that stand for one character."""

from __future__ import annotations

import re

from auditor.sources.terraform.patterns.characters import LAST
from auditor.sources.terraform.patterns.trouble import invalid

_CONTROL = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_OCTAL = re.compile(r"\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})")
_HEX = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})")


def escaped(text: str, position: int) -> tuple[int, int]:
    """The code of the character that a backslash at a position begins, and the position behind it."""
    if found := _OCTAL.match(text, position):
        return int(found[0][1:], 8), found.end()
    if found := _HEX.match(text, position):
        code = int(found[1] or found[2], 16)
        if code <= LAST:
            return code, found.end()
    letter = text[position + 1 : position + 2]
    if letter in _CONTROL:
        return _CONTROL[letter], position + 2
    if letter and letter.isascii() and not letter.isalnum():
        return ord(letter), position + 2
    raise invalid("invalid escape sequence", text[position : position + 2])
