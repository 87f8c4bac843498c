"""Values that need no tree: read from the text by regular expressions."""

from __future__ import annotations

import re

from auditor.sources.terraform.syntax.ast import Expression, GetAttribute, Literal, Name
from auditor.sources.terraform.syntax.compose import KEYWORDS
from auditor.sources.terraform.syntax.places import Locate

_NAME = rb"[A-Za-z_][A-Za-z0-9_-]*"
_VALUE = rb'(?:"([^"\\$%\n]*)"|([0-9]{1,18}(?![0-9A-Za-z_.-]))|(' + _NAME + rb"(?:\." + _NAME + rb")*))"
LABEL = re.compile(rb'"([^"\\$%\n]*)"')
VALUE = re.compile(_VALUE)
ATTRIBUTE = re.compile(rb"(" + _NAME + rb")[ \t]*=[ \t]*(?=(.))" + _VALUE, re.DOTALL)
ITEM = re.compile(
    rb"(?:(" + _NAME + rb')|"([^"\\$%\n]*)")[ \t]*[=:][ \t]*(?=(.))' + _VALUE,
    re.DOTALL,
)


class SimpleValues:
    """Reads plain strings, whole numbers, keywords and dotted references out of ``data``."""

    __slots__ = ("data", "locate", "words")

    def __init__(self, data: bytes, locate: Locate) -> None:
        self.data = data
        self.locate = locate
        self.words: dict[bytes, str] = {}

    def word(self, raw: bytes) -> str:
        """``raw`` as text, each different word kept once."""
        word = self.words.get(raw)
        if word is None:
            word = self.words[raw] = raw.decode()
        return word

    def read(self, begin: int, end: int) -> Expression | None:
        """The value from ``begin`` to ``end``, or nothing where that is not a simple one."""
        match = VALUE.match(self.data, begin)
        if match is None or match.end() != end:
            return None
        return self.value(match.group(1), match.group(2), match.group(3), begin)

    def value(
        self, string: bytes | None, number: bytes | None, dotted: bytes | None, begin: int
    ) -> Expression:
        """The value of the one group that matched."""
        at = self.locate(begin)
        if string is not None:
            return Literal(self.word(string), at)
        if number is not None:
            return Literal(int(number), at)
        first, *rest = (dotted or b"").split(b".")
        word = self.word(first)
        if word in KEYWORDS:
            return Literal(KEYWORDS[word], at)
        result: Expression = Name(word, at)
        for part in rest:
            result = GetAttribute(result, self.word(part), at)
        return result
