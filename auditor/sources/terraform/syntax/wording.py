"""What is wrong with a text that cannot be read on, in words that a person understands."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.terraform.syntax.lines import line_ends_early, not_separate
from auditor.sources.terraform.syntax.mask import Masker
from auditor.sources.terraform.syntax.misread import Misread
from auditor.sources.terraform.syntax.places import Locate

_WORD = re.compile(r"[\w.-]+|=>|[=!<>]=|&&|\|\||\.\.\.|.", re.DOTALL)
_HEAD = re.compile(r'[^\W\d][\w-]*[ \t]*(?:=(?![=>])|:(?!:)|\{|"[^"\n]*"[^\n]*\{)')
_HEAD_OR_END = re.compile(rf"\s*(?:\Z|\}}|{_HEAD.pattern})")
_MASKED_LIMIT = 1_000_000
_HINTS = {
    "'": "strings are written in double quotes",
    "`": "strings are written in double quotes",
    ";": "no semicolons: a line break ends an argument",
}


def syntax_error(misread: Misread, text: str, at: Locate) -> InputError:
    """The error where ``text`` was misread: what is never closed, or what was expected and found."""
    offset, expected = misread.offset, misread.expected
    if offset >= len(text.rstrip()) or text[offset] in ')]}"':
        error = _never_closed(offset, text, at)
        if error is not None:
            return error
    found = _WORD.match(text, offset)
    word = found.group().rstrip("\r") if found else ""
    ends = word == "" and offset >= len(text)
    if word == "\n" and expected in ("an expression", _HEAD) and not _HEAD_OR_END.match(text, offset):
        return line_ends_early(at(offset))
    if expected in ("the end of the line", '"}" or ","') and _HEAD.match(text, offset):
        return not_separate(at(offset))
    what = "the end of the file" if ends else "the end of the line" if word in ("\n", "") else f'"{word[:40]}"'
    hint = _HINTS.get(word, "")
    return InputError(f"expected {expected}, found {what}", at=str(at(offset)), hint=hint)


def _never_closed(offset: int, text: str, at: Locate) -> InputError | None:
    """What is wrong with the brackets and quotes up to ``offset``, if anything is."""
    if len(text) > _MASKED_LIMIT:
        return None
    last = 0

    def locate(place: int):  # type: ignore
        nonlocal last
        last = place
        return at(place)

    try:
        Masker(text, locate).code(0)
    except InputError as error:
        return error if last <= offset else None
    return None
