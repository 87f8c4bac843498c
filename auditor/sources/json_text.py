"""JSON text (RFC 8259) as values that know where they stand, in whatever form a dialect wants them."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined] # not in typeshed
from typing import Generic, TypeVar

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.places import Locate, line_begins, text_locator, utf8
from auditor.tree import Location

DEPTH_LIMIT = 100
Value = TypeVar("Value")
Member = TypeVar("Member")

_BLANK = r"[ \t\n\r]*+"
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?+"
_PLAIN = r'"([^"\\\x00-\x1f]*+)"'  # a string without escapes, which most are
_VALUE = rf"(?:{_PLAIN}|({_NUMBER})|(true|false|null)\b|([\[{{]))"
_BLANKS = re.compile(_BLANK)
_MEMBER = re.compile(rf"{_BLANK}{_PLAIN}{_BLANK}:{_BLANK}{_VALUE}")
_ITEM = re.compile(_BLANK + _VALUE)
_AFTER = re.compile(rf"{_BLANK}([,\]}}])")
_WORDS = {"true": True, "false": False, "null": None}
_NO_COMMA = "JSON has no comma after the last one"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Forms(Generic[Value, Member]):
    """What a dialect makes of each value. An object is given every member, also those of equal names.

    ``number`` is given the digits; ``deep`` says what would mend a text of more than ``DEPTH_LIMIT`` levels.
    """

    scalar: Callable[[str | bool | None, Location], Value]
    number: Callable[[str, Location], Value]
    array: Callable[[tuple[Value, ...], Location], Value]
    member: Callable[[str, Location, Value], Member]
    object: Callable[[tuple[Member, ...], Location], Value]
    deep: str


def read_json(text: str | bytes, path: str, forms: Forms[Value, Member]) -> Value:
    """The value that a text holds. Raises ``InputError`` at the first error.

    What stands for half of a surrogate pair alone is read as U+FFFD.
    """
    reader = _Reader(utf8(text, path).decode(), path, forms)
    value = reader.value(0)
    if reader.skip() < len(reader.text):
        raise reader.error("expected the end of the file")
    return value


class _Reader(Generic[Value, Member]):
    """Reads one text from ``position`` on."""

    def __init__(self, text: str, path: str, forms: Forms[Value, Member]) -> None:
        self.text = text
        self.position = 0
        self.forms = forms
        self.locate: Locate = text_locator(line_begins(text), path)

    def skip(self) -> int:
        """Go on to the next token."""
        match = _BLANKS.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.position

    def peek(self) -> str:
        """The character that the next token begins with; empty at the end."""
        begin = self.skip()
        return self.text[begin : begin + 1]

    def error(self, wanted: str, hint: str = "") -> InputError:
        """What was wanted and what is there."""
        begin = self.skip()
        found = f'"{self.text[begin]}"' if begin < len(self.text) else "the end of the file"
        return InputError(f"{wanted}, found {found}", at=str(self.locate(begin)), hint=hint)

    def value(self, depth: int) -> Value:
        """The next value."""
        if self.peek() == '"':
            at = self.locate(self.position)
            return self.forms.scalar(self.string(), at)
        match = _ITEM.match(self.text, self.position)
        if match is None:
            raise self.error("expected a value", _NO_COMMA if self.peek() == "]" else "")
        return self.matched(match, 0, depth)

    def matched(self, match: re.Match[str], before: int, depth: int) -> Value:
        """A value whose groups come after ``before`` others in what matched."""
        group = match.lastindex or 0
        begin = match.start(group)
        match group - before:
            case 1:
                self.position = begin + len(match[group]) + 1
                return self.forms.scalar(match[group], self.locate(begin - 1))
            case 2:
                self.position = match.end()
                return self.forms.number(match[group], self.locate(begin))
            case 3:
                self.position = match.end()
                return self.forms.scalar(_WORDS[match[group]], self.locate(begin))
            case _:
                self.position = begin
                return self.opened(match[group], depth)

    def opened(self, bracket: str, depth: int) -> Value:
        """The array or object whose bracket comes next."""
        at = self.locate(self.position)
        if depth >= DEPTH_LIMIT:
            message = f"nested more than {DEPTH_LIMIT} levels deep"
            raise InputError(message, at=str(at), hint=self.forms.deep)
        self.position += 1
        if bracket == "[":
            return self.forms.array(self.items(depth + 1), at)
        return self.forms.object(self.members(depth + 1), at)

    def items(self, depth: int) -> tuple[Value, ...]:
        """What is in an array, and over its end."""
        items: list[Value] = []
        going = self.peek() != "]"
        self.position += not going
        while going:
            match = _ITEM.match(self.text, self.position)
            items.append(self.value(depth) if match is None else self.matched(match, 0, depth))
            going = self.goes_on("]")
        return tuple(items)

    def members(self, depth: int) -> tuple[Member, ...]:
        """What is in an object, and over its end."""
        members: list[Member] = []
        text, locate = self.text, self.locate
        member, scalar = self.forms.member, self.forms.scalar
        going = self.peek() != "}"
        self.position += not going
        while going:
            match = _MEMBER.match(text, self.position)
            if match is None:
                members.append(self.member(depth))
            elif match.lastindex == 2:
                at, begin = locate(match.start(1) - 1), match.start(2) - 1
                members.append(member(match[1], at, scalar(match[2], locate(begin))))
                self.position = match.end()
            else:
                at = locate(match.start(1) - 1)
                members.append(member(match[1], at, self.matched(match, 1, depth)))
            going = self.goes_on("}")
        return tuple(members)

    def member(self, depth: int) -> Member:
        """The next member, step by step: what has an escape, or an error."""
        if (first := self.peek()) == "}":
            raise self.error("expected a value", _NO_COMMA)
        if first != '"':
            raise self.error("expected a name in double quotes")
        at = self.locate(self.position)
        name = self.string()
        if self.peek() != ":":
            raise self.error('expected ":"')
        self.position += 1
        return self.forms.member(name, at, self.value(depth))

    def string(self) -> str:
        """The string whose quote comes next."""
        begin = self.position
        try:
            value, self.position = scanstring(self.text, begin + 1, True)  # noqa: FBT003 - no keyword there
        except JSONDecodeError as error:
            problem = error.msg[0].lower() + error.msg[1:]
            message = f"this string is not valid: {problem.removesuffix(' at')}"
            raise InputError(message, at=str(self.locate(error.pos))) from None
        return value if value.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)

    def goes_on(self, closing: str) -> bool:
        """Whether another one comes, over the comma or the ``closing`` bracket that must come next."""
        match = _AFTER.match(self.text, self.position)
        if match is None or match[1] not in (",", closing):
            raise self.error(f'expected "," or "{closing}"')
        self.position = match.end()
        return match[1] == ","
