"""JSON with the place of every value (RFC 8259); of a key given twice, both are kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from json import JSONDecodeError
from json.decoder import scanstring

from auditor.errors import InputError
from auditor.tree import Location


@dataclass(frozen=True, slots=True)
class JsonScalar:
    """A string, number, boolean or null."""

    value: str | int | float | bool | None
    at: Location


@dataclass(frozen=True, slots=True)
class JsonArray:
    """``[…]``."""

    items: tuple[JsonValue, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class JsonObject:
    """``{…}``: the keys, each with its place, and the values."""

    members: tuple[tuple[str, Location, JsonValue], ...]
    at: Location


JsonValue = JsonScalar | JsonArray | JsonObject

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,400})(\.\d{1,400})?([eE][-+]?\d{1,5})?")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def parse_json(text: bytes, path: str) -> JsonValue:
    """The value that a JSON text holds; InputError with line and column where it is none."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"the file is not UTF-8: {error.reason} at byte {error.start}", at=path) from None
    return _Reader(decoded, path).whole()


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.starts = [0, *[match.end() for match in re.finditer("\n", text)]]

    def place(self, offset: int) -> Location:
        line = bisect_right(self.starts, offset)
        return Location(self.path, line, offset - self.starts[line - 1] + 1)

    def wrong(self, what: str, offset: int) -> InputError:
        return InputError(what, at=str(self.place(offset)), hint="correct the JSON")

    def skip(self, offset: int) -> int:
        match = SPACE.match(self.text, offset)
        return match.end() if match else offset

    def whole(self) -> JsonValue:
        value, end = self.value(self.skip(0))
        end = self.skip(end)
        if end != len(self.text):
            raise self.wrong("something follows the JSON value", end)
        return value

    def value(self, start: int) -> tuple[JsonValue, int]:
        first = self.text[start : start + 1]
        if first == "{":
            return self.members(start)
        if first == "[":
            return self.items(start)
        if first == '"':
            text, end = self.string(start)
            return JsonScalar(text, self.place(start)), end
        return self.word(start)

    def word(self, start: int) -> tuple[JsonValue, int]:
        for word, value in WORDS.items():
            if self.text.startswith(word, start):
                return JsonScalar(value, self.place(start)), start + len(word)
        match = NUMBER.match(self.text, start)
        if match is None:
            raise self.wrong("a JSON value is expected here", start)
        whole = match.group(1) is None and match.group(2) is None
        number = int(match.group()) if whole else float(match.group())
        return JsonScalar(number, self.place(start)), match.end()

    def string(self, start: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, start + 1, True)  # noqa: FBT003 -- the standard library's signature
        except JSONDecodeError as error:
            raise self.wrong(error.msg, min(error.pos, len(self.text))) from None
        return text, end

    def items(self, start: int) -> tuple[JsonValue, int]:
        found: list[JsonValue] = []
        end = self.skip(start + 1)
        while self.text[end : end + 1] != "]":
            if found:
                end = self.comma(end)
            value, end = self.value(end)
            found.append(value)
            end = self.skip(end)
        return JsonArray(tuple(found), self.place(start)), end + 1

    def members(self, start: int) -> tuple[JsonValue, int]:
        found: list[tuple[str, Location, JsonValue]] = []
        end = self.skip(start + 1)
        while self.text[end : end + 1] != "}":
            if found:
                end = self.comma(end)
            if self.text[end : end + 1] != '"':
                raise self.wrong("a key in double quotes is expected here", end)
            at = self.place(end)
            key, end = self.string(end)
            end = self.skip(end)
            if self.text[end : end + 1] != ":":
                raise self.wrong("a colon is expected here", end)
            value, end = self.value(self.skip(end + 1))
            found.append((key, at, value))
            end = self.skip(end)
        return JsonObject(tuple(found), self.place(start)), end + 1

    def comma(self, offset: int) -> int:
        if self.text[offset : offset + 1] != ",":
            raise self.wrong("a comma or the end is expected here", offset)
        return self.skip(offset + 1)
