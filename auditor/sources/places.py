"""Where a byte of a text stands: line and column, both from 1, columns in characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from auditor.errors import InputError
from auditor.sources.twin import Place
from auditor.tree import Location

Locate = Callable[[int], Location]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text that is part of another one begins: ``lines`` and ``columns`` are added to its own.

    ``before`` is how many lines of wrapping come before its first.
    ``columns`` counts on the text's first line only. Where the text was unescaped from a string of
    ``one_line`` (JSON), its later lines have no place of their own and are given that of its begin.
    """

    lines: int = 0
    columns: int = 0
    one_line: bool = False
    before: int = 0


def line_begins(text: str) -> list[int]:
    """The offsets at which the lines of ``text`` begin."""
    return list(accumulate([len(line) + 1 for line in text.split("\n")], initial=0))[:-1]


def text_locator(begins: list[int], path: str, origin: Origin | None = None) -> Locate:
    """What turns an offset into a text into its place in ``path``, from where its lines begin."""
    locate = _in_lines(begins, path)
    return locate if origin is None else _moved(locate, origin)


def locator(data: bytes, path: str, origin: Origin | None = None) -> Locate:
    """What turns an offset into UTF-8 ``data`` into its place in ``path``."""
    starts = list(accumulate([len(line) + 1 for line in data.split(b"\n")], initial=0))[:-1]
    locate = _in_lines(starts, path) if data.isascii() else _of_unicode(data, starts, path)
    return locate if origin is None else _moved(locate, origin)


def _in_lines(starts: list[int], path: str) -> Locate:
    # Places are asked for nearly in order: the last line mostly answers.
    line = begin = end = 0

    def locate(offset: int) -> Location:
        nonlocal line, begin, end
        if not begin <= offset < end:
            line = bisect_right(starts, offset)
            begin = starts[line - 1]
            end = starts[line] if line < len(starts) else offset + 1
        return Place(path, line, offset - begin + 1)

    return locate


def _of_unicode(data: bytes, starts: list[int], path: str) -> Locate:
    # The last place is kept: to count from a long line's begin each time would be quadratic.
    last_line, last_offset, last_column = 1, 0, 1

    def locate(offset: int) -> Location:
        nonlocal last_line, last_offset, last_column
        line = bisect_right(starts, offset)
        if line != last_line:
            last_line, last_offset, last_column = line, starts[line - 1], 1
        if offset >= last_offset:
            last_column += _characters(data[last_offset:offset])
        else:
            last_column -= _characters(data[offset:last_offset])
        last_offset = offset
        return Location(path, line, last_column)

    return locate


def _characters(data: bytes) -> int:
    return len(data) if data.isascii() else len(data.decode("utf-8", "replace"))


def _moved(locate: Locate, origin: Origin) -> Locate:
    def moved(offset: int) -> Location:
        at = locate(offset)
        line = max(1, at.line - origin.before)
        if line == 1 or origin.one_line:
            column = at.column if line == 1 else 1
            return Location(at.path, 1 + origin.lines, max(1, column + origin.columns))
        return Location(at.path, line + origin.lines, at.column)

    return moved


def place_of(error: InputError, otherwise: Location) -> Location:
    """The place that an error names, as a location; ``otherwise`` where it names none."""
    path, _, column = error.at.rpartition(":")
    path, _, line = path.rpartition(":")
    if path and line.isdecimal() and column.isdecimal():
        return Location(path, int(line), int(column))
    return Location(error.at) if error.at else otherwise


def utf8(text: str | bytes, path: str) -> bytes:
    """``text`` as UTF-8 without a byte order mark. Raises ``InputError`` where it is not UTF-8."""
    if isinstance(text, str):
        data = text.encode("utf-8", "surrogatepass")
        if data.isascii():
            return data
    else:
        data = text
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.isascii() or data.decode("utf-8")
    except UnicodeDecodeError as error:
        begin = data.rfind(b"\n", 0, error.start) + 1
        at = Location(
            path, data.count(b"\n", 0, error.start) + 1, len(data[begin : error.start].decode()) + 1
        )
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError(message, at=str(at), hint="save the file as UTF-8") from None
    return data
