"""What is wrong with a text that cannot be read on, in words that a person understands."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.places import Locate
from auditor.sources.terraform.syntax.lines import line_ends_early, not_separate
from auditor.sources.terraform.syntax.mask import Masker
from auditor.sources.terraform.syntax.misread import HEAD, Misread
from auditor.tree import Location

_WORD = re.compile(r"[\w.-]+|=>|[=!<>]=|&&|\|\||\.\.\.|.", re.DOTALL)
_ITEM = re.compile(r'[^\W\d][\w-]*[ \t]*(?:=(?![=>])|:(?!:)|\{|"[^"\n]*"[^\n]*\{)')
_NEXT = re.compile(rf"\s*(?:\Z|\}}|{_ITEM.pattern})")
_GOES_ON = ("an expression", HEAD)
_MASKED_LIMIT = 1_000_000
_HINTS = {
    "'": "strings are written in double quotes",
    "`": "strings are written in double quotes",
    ";": "no semicolons: a line break ends an argument",
}


def syntax_error(misread: Misread, text: str, at: Locate) -> InputError:
    """The error where ``text`` was misread: what is never closed, or what was expected and found."""
    offset, expected = misread.offset, misread.expected
    if offset >= len(text.rstrip()) or text[offset] in ')]}"' or text.startswith("/*", offset):
        error = _never_closed(offset, text, at)
        if error is not None:
            return error
    if text.startswith(("\n", "\r\n"), offset) and expected in _GOES_ON and not _NEXT.match(text, offset):
        return line_ends_early(at(offset))
    before = text[:offset].rstrip().removesuffix("~")
    if text.startswith("}", offset) and expected == "an expression" and before.endswith(("${", "%{")):
        return InputError("expected an expression between ${ and }", at=str(at(len(before) - 2)))
    if expected in ("the end of the line", '"}" or ","') and _ITEM.match(text, offset):
        return not_separate(at(offset))
    hint = _HINTS.get(text[offset : offset + 1], "")
    return InputError(f"expected {expected}, found {_found(text, offset)}", at=str(at(offset)), hint=hint)


def _found(text: str, offset: int) -> str:
    if offset >= len(text):
        return "the end of the file"
    if text.startswith(("\n", "\r\n"), offset):
        return "the end of the line"
    found = _WORD.match(text, offset)
    word = found.group()[:40] if found else text[offset]
    return f'"{word}"' if word.isprintable() else f"the character U+{ord(word[0]):04X}"


def _never_closed(offset: int, text: str, at: Locate) -> InputError | None:
    """What is wrong with the brackets and quotes up to ``offset``, if anything is."""
    if len(text) > _MASKED_LIMIT:
        return None
    last = 0

    def locate(place: int) -> Location:
        nonlocal last
        last = place
        return at(place)

    try:
        Masker(text, locate).code(0)
    except InputError as error:
        return error if last <= offset else None
    return None
