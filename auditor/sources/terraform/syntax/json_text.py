"""JSON text as values that know where they stand."""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined] # not in typeshed

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, negated, number, too_deep
from auditor.sources.terraform.syntax.places import locator, utf8
from auditor.tree import Location, Precise

_BLANKS = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JsonScalar:
    """A string, a number, ``true``, ``false`` or ``null``."""

    value: str | int | float | bool | Precise | None
    at: Location


@dataclass(frozen=True, slots=True)
class JsonArray:
    """``[a, b]``."""

    items: tuple[JsonValue, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class JsonMember:
    """``"name": value``."""

    name: str
    value: JsonValue
    at: Location


@dataclass(frozen=True, slots=True)
class JsonObject:
    """``{"a": b}``; of equal names every one is kept."""

    members: tuple[JsonMember, ...]
    at: Location


JsonValue = JsonScalar | JsonArray | JsonObject


def read_json(text: str | bytes, path: str) -> JsonValue:
    """The value that a JSON text (RFC 8259) holds. Raises ``InputError`` at the first error."""
    data = utf8(text, path)
    reader = _Reader(data.decode(), data, path)
    value = reader.value(0)
    if reader.skip() < len(reader.text):
        raise reader.error("expected the end of the file")
    return value


class _Reader:
    """Reads one text from ``position`` on."""

    def __init__(self, text: str, data: bytes, path: str) -> None:
        self.text = text
        self.position = 0
        # Offsets are those of characters, and columns count characters: a text of one byte each has the same.
        lines = data if data.isascii() else re.sub(r"[^\x00-\x7f]", "?", text).encode()
        self.locate = locator(lines, path)

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

    def value(self, depth: int) -> JsonValue:
        """The next value."""
        first = self.peek()
        at = self.locate(self.position)
        if depth > DEPTH_LIMIT:
            raise too_deep(at)
        if first == '"':
            return JsonScalar(self.string(), at)
        if first == "{":
            return self.object(at, depth)
        if first == "[":
            return self.array(at, depth)
        match = _SCALAR.match(self.text, self.position)
        if match is None:
            raise self.error("expected a value")
        self.position = match.end()
        digits = match.group(1)
        return JsonScalar(_WORDS[match.group()] if digits is None else _number(digits, at), at)

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

    def array(self, at: Location, depth: int) -> JsonArray:
        """The array whose bracket comes next."""
        self.position += 1
        items: list[JsonValue] = []
        while self.peek() != "]":
            if items:
                self.comma("]")
            items.append(self.value(depth + 1))
        self.position += 1
        return JsonArray(tuple(items), at)

    def object(self, at: Location, depth: int) -> JsonObject:
        """The object whose brace comes next."""
        self.position += 1
        members: list[JsonMember] = []
        while (first := self.peek()) != "}":
            if members:
                self.comma("}")
                first = self.peek()
            if first != '"':
                raise self.error("expected a name in double quotes")
            place = self.locate(self.position)
            name = self.string()
            if self.peek() != ":":
                raise self.error('expected ":"')
            self.position += 1
            members.append(JsonMember(name, self.value(depth + 1), place))
        self.position += 1
        return JsonObject(tuple(members), at)

    def comma(self, closing: str) -> None:
        """Go over the comma that must come next."""
        if self.peek() != ",":
            raise self.error(f'expected "," or "{closing}"')
        self.position += 1
        if self.peek() == closing:
            raise self.error("expected a value", hint="JSON has no comma after the last one")


def _number(digits: str, at: Location) -> int | float | Precise:
    return negated(number(digits[1:], at)) if digits.startswith("-") else number(digits, at)
