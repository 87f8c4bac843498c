"""JSON text taken apart one level at a time, so that each object keeps its place and little is in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.frozen import dataclass
from auditor.tree import Location

_BETWEEN = re.compile(rb"[\s,]*")
_END = re.compile(rb"[\s,]*}")
_KEY = re.compile(rb'[\s,]*"((?:[^"\\]|\\.)*)"\s*:\s*', re.DOTALL)
_BYTE = re.compile(r" ?\(byte (\d+)\)")


class BrokenError(Exception):
    """The text is no JSON, or not of the shape that was asked for: ``why``, and at which byte."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


@dataclass(frozen=True, slots=True)
class Stretch:
    """A value in the text: its first byte, and the one after its last."""

    text: bytes
    start: int
    end: int

    @staticmethod
    def whole(text: bytes) -> Stretch:
        """All of a text."""
        match = _BETWEEN.match(text)
        return Stretch(text, match.end() if match else 0, len(text))

    @property
    def first(self) -> bytes:
        """Its first byte, which says what it is."""
        return self.text[self.start : self.start + 1]

    def value(self) -> Any:
        """What it holds. Raises BrokenError."""
        return self._decode(Any)

    def members(self) -> dict[str, Stretch]:
        """The values of an object by their keys. Raises BrokenError, also where a key is given twice."""
        found = {}
        place = self.start + 1
        for key, raw in self._decode(dict[str, msgspec.Raw]).items():
            match = _KEY.match(self.text, place)
            if match is None or msgspec.json.decode(b'"' + match[1] + b'"') != key:
                raise BrokenError("a key is given twice", place)
            place = match.end() + memoryview(raw).nbytes
            found[key] = Stretch(self.text, match.end(), place)
        if _END.match(self.text, place) is None:
            raise BrokenError("a key is given twice", place)
        return found

    def items(self) -> Iterator[Stretch]:
        """The values of a list. Raises BrokenError."""
        place = self.start + 1
        for raw in self._decode(list[msgspec.Raw]):
            match = _BETWEEN.match(self.text, place)
            start = match.end() if match else place
            place = start + memoryview(raw).nbytes
            yield Stretch(self.text, start, place)

    def _decode(self, kind: Any) -> Any:
        try:
            return msgspec.json.decode(memoryview(self.text)[self.start : self.end], type=kind)
        except RecursionError:
            raise BrokenError("it is nested too deeply", self.start) from None
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = str(error)
            byte = _BYTE.search(message)
            where = self.start + int(byte[1]) if byte else self.end if "truncated" in message else self.start
            why = _BYTE.sub("", message).removeprefix("JSON is malformed: ")
            raise BrokenError("it ends too early" if "truncated" in message else why, where) from None


class Lines:
    """Places in one text, asked for mostly in its order."""

    __slots__ = ("_line", "_offset", "_path", "_text")

    def __init__(self, path: str, text: bytes) -> None:
        self._path, self._text, self._offset, self._line = path, text, 0, 1

    def at(self, offset: int) -> Location:
        """The place of a byte."""
        if offset < self._offset:
            self._offset, self._line = 0, 1
        self._line += self._text.count(b"\n", self._offset, offset)
        self._offset = offset
        return Location(self._path, self._line, offset - self._text.rfind(b"\n", 0, offset))
