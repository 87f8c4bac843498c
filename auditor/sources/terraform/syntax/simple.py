"""What needs no tree: plain strings, whole numbers, keywords, references, lists and assignments of them."""

from __future__ import annotations

import re

from auditor.sources.terraform.syntax.ast import (
    Expression,
    GetAttribute,
    Literal,
    Name,
    Template,
    TupleExpression,
)
from auditor.sources.terraform.syntax.compose import KEYWORDS
from auditor.sources.terraform.syntax.places import Locate, Origin, locator
from auditor.tree import Location

_NAME = rb"[A-Za-z_][A-Za-z0-9_-]*+"
_STRING = rb'"([^"\\$%\n]*+)"'
_DOTTED = _NAME + rb"(?:\." + _NAME + rb"){0,16}+"
_VALUE = rb"(?:" + _STRING + rb"|([0-9]{1,18}+(?![0-9A-Za-z_.-]))|(" + _DOTTED + rb"))"
_ANY = rb'(?:"[^"\\$%\n]*+"|[0-9]{1,18}+|' + _DOTTED + rb")"
_LIST = rb"\[[ \t]*+(?:" + _ANY + rb"(?:[ \t]*+,[ \t]*+" + _ANY + rb")*+[ \t]*+,?+[ \t]*+)?+\]"
_VALUES = re.compile(_VALUE)
_ASSIGNMENT = re.compile(
    rb"[ \t]*+(?:("
    + _NAME
    + rb")|"
    + _STRING
    + rb")[ \t]*+[=:][ \t]*+(?:("
    + _LIST
    + rb")|(?=(.))"
    + _VALUE
    + rb")",
    re.DOTALL,
)
_LINE = re.compile(
    rb"^[ \t]*+" + _NAME + rb"[ \t]*+=[ \t]*+(?:" + _ANY + rb"|" + _LIST + rb")[ \t\r]*+$", re.MULTILINE
)
_INSERTION = re.compile(rb"\$\{[ \t]*+(" + _DOTTED + rb")[ \t]*+\}")
LABEL = re.compile(_STRING)


def shorten(data: bytes) -> bytes:
    """``data`` with every line that is one simple assignment written as ``_=000…``, of the same length.

    tree-sitter's grammar has a token for every character of a string and every blank, which is where its time
    goes. A line begins in code, in a heredoc or in a comment: quoted strings hold no line breaks. In code one
    assignment stands for the other; the rest is read from the text itself.
    """
    fill = b"_=" + b"0" * 4096

    def replacement(match: re.Match[bytes]) -> bytes:
        length = match.end() - match.start()
        return fill[:length] if length <= 4096 else b"_=" + b"0" * (length - 2)

    return _LINE.sub(replacement, data)


def simple_template(text: str, path: str, origin: Origin | None) -> Expression | None:
    """A template of one line of text and dotted references alone, or nothing where there is more to it."""
    data = text.encode()
    pieces = _INSERTION.split(data)
    if any(b"$" in plain or b"%" in plain or b"\n" in plain for plain in pieces[::2]):
        return None
    locate = locator(data, path, origin)
    values = SimpleValues(data, locate)
    parts: list[Expression] = []
    position = 0
    for match in _INSERTION.finditer(data):
        if match.start() > position:
            parts.append(Literal(data[position : match.start()].decode(), locate(position)))
        inner = values.read(*match.span(1))
        if inner is None:
            return None
        parts.append(inner)
        position = match.end()
    if position < len(data):
        parts.append(Literal(data[position:].decode(), locate(position)))
    return Template(tuple(parts), locate(0))


class SimpleValues:
    """Reads simple values out of ``data``."""

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
        match = _VALUES.match(self.data, begin)
        if match is None or match.end() != end:
            return None
        return self._value(match.group(1), match.group(2), match.group(3), begin)

    def assignment(self, begin: int, end: int) -> tuple[str, Location, Expression, bool] | None:
        """The key, its place and the value from ``begin`` to ``end``, and whether the key is a name.

        Nothing where it is not a simple one.
        """
        match = _ASSIGNMENT.match(self.data, begin)
        if match is None:
            return None
        stop = match.end()
        if stop != end and (stop > end or not self.data[stop:end].isspace()):
            return None
        name, text, items, _, string, number, dotted = match.groups()
        if items is None:
            value = self._value(string, number, dotted, match.start(4))
        else:
            value = self._list(match.start(3), stop)
        if name is None:
            return self.word(text), self.locate(match.start(2) - 1), value, False
        return self.word(name), self.locate(match.start(1)), value, True

    def _list(self, begin: int, end: int) -> Expression:
        items = [
            self._value(match.group(1), match.group(2), match.group(3), match.start())
            for match in _VALUES.finditer(self.data, begin + 1, end)
        ]
        return TupleExpression(tuple(items), self.locate(begin))

    def _value(
        self, string: bytes | None, number: bytes | None, dotted: bytes | None, begin: int
    ) -> Expression:
        at = self.locate(begin)
        if string is not None:
            return Literal(self.word(string), at)
        if number is not None:
            return Literal(int(number), at)
        first, *rest = (dotted or b"").split(b".")
        word = self.word(first)
        result: Expression = Literal(KEYWORDS[word], at) if word in KEYWORDS else Name(word, at)
        for part in rest:
            result = GetAttribute(result, self.word(part), at)
        return result
