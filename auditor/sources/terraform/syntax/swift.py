"""The parser of files: bodies, blocks and attributes, most of them by one regular expression each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from sys import intern
from typing import TypeVar

from auditor.errors import InputError
from auditor.sources.places import Origin, line_begins, text_locator, utf8
from auditor.sources.terraform.syntax import swift_values as make
from auditor.sources.terraform.syntax.ast import Attribute, Block, Body, Expression
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, too_deep
from auditor.sources.terraform.syntax.misread import HEAD, Misread
from auditor.sources.terraform.syntax.swift_collection import items, no_name
from auditor.sources.terraform.syntax.swift_expression import Expressions
from auditor.sources.terraform.syntax.swift_patterns import END_OF_LINE, TEXT
from auditor.sources.terraform.syntax.swift_template import whole_template
from auditor.sources.terraform.syntax.template import quoted_text
from auditor.sources.twin import Place
from auditor.tree import Location

Value = TypeVar("Value")

_ITEM = "an argument or a block"


def parse(text: str | bytes, path: str) -> Body:
    """The body of a file in Terraform's native syntax. Raises ``InputError`` at the first error."""
    source = utf8(text, path).decode()
    begins = line_begins(source)
    reader = Expressions(source, text_locator(begins, path))
    bodies = Bodies(reader, path, begins)
    return _read(lambda: bodies.body(0, reader.at(0), 0), reader, path)


def parse_expression(text: str, path: str, origin: Origin | None = None) -> Expression:
    """One expression. Raises ``InputError``."""
    source = utf8(text, path).decode()
    reader = Expressions(source, text_locator(line_begins(source), path, origin))

    def whole() -> Expression:
        value = reader.expression(0, reader.tight)
        found = END_OF_LINE.match(source, reader.pos)
        if found is None:
            raise Misread(reader.pos, "the end of the line")
        reader.pos = found.end()
        return value

    value = _read(whole, reader, path)
    if (end := reader.skip(reader.loose)) < len(source):
        raise InputError("expected one expression, and there is more", at=str(reader.at(end)))
    return value


def parse_template(text: str, path: str, origin: Origin | None = None) -> Expression:
    """A text that is a template as a whole. Raises ``InputError``."""
    source = utf8(text, path).decode()
    reader = Expressions(source, text_locator(line_begins(source), path, origin))
    return _read(lambda: whole_template(reader), reader, path)


def _read(read: Callable[[], Value], reader: Expressions, path: str) -> Value:
    try:
        return read()
    except RecursionError:
        raise too_deep(Location(path)) from None
    except Misread as misread:
        from auditor.sources.terraform.syntax.wording import syntax_error

        raise syntax_error(misread, reader.text, reader.at) from None


class Bodies:
    """Reads bodies; ``pos`` is after what was read last."""

    __slots__ = ("begins", "path", "pos", "reader")

    def __init__(self, reader: Expressions, path: str, begins: list[int]) -> None:
        self.reader = reader
        self.path = path
        self.begins = begins
        self.pos = 0

    def body(self, pos: int, at: Location, depth: int) -> Body:  # noqa: C901 - the hot loop of every file
        """The body that begins at ``pos``, up to its ``}``, or up to the text's end at ``depth`` 0."""
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        reader, begins, path = self.reader, self.begins, self.path
        match = reader.patterns.statement.match
        while True:
            found = match(reader.text, pos)
            if found is None:
                if self._unusual(pos, attributes, blocks, depth):
                    break
                pos = self.pos
                continue
            kind = found.lastindex or 0
            pos = found.end()
            if kind > 8:
                if (kind == 9) == (depth == 0):
                    raise Misread(found.start(kind), _ITEM if kind == 9 else f'{_ITEM} or "}}"')
                self.pos = pos
                break
            if kind > 6:
                blocks.append(self._block(found, depth))
                pos = self.pos
                continue
            begin = found.start(1)
            line = bisect_right(begins, begin)
            before = begins[line - 1] - 1
            name, place = intern(found[1]), Place(path, line, begin - before)
            value: Expression
            if kind == 2:
                value = make.Literal(intern(found[2]), Place(path, line, found.start(2) - 1 - before))
            elif kind == 4:
                value = reader.dotted(found[4], Place(path, line, found.start(4) - before))
            elif kind == 3:
                value = make.Literal(int(found[3]), Place(path, line, found.start(3) - before))
            else:
                opening = found.start(5)
                value = self._value(name, pos) if opening < 0 else self._list(name, opening)
                pos = self.pos
            attributes.append(make.Attribute(name, value, place))
        return make.Body(tuple(attributes), tuple(blocks), at)

    def _block(self, found: re.Match[str], depth: int) -> Block:
        at = self.reader.at
        place, brace = at(found.start(1)), at(self.reader.text.index("{", found.end(7)))
        name, labels = intern(found[1]), found[7]
        self.pos = found.end()
        body = make.Body((), (), brace) if found.lastindex == 8 else self._inner(self.pos, brace, depth)
        return make.Block(name, self._labels(labels) if labels else (), body, place)

    def _inner(self, pos: int, at: Location, depth: int) -> Body:
        if depth >= DEPTH_LIMIT:
            raise too_deep(at)
        return self.body(pos, at, depth + 1)

    def _labels(self, raw: str) -> tuple[str, ...]:
        return tuple([intern(a or b) for a, b in self.reader.patterns.label.findall(raw)])

    def _list(self, name: str, begin: int) -> Expression:
        """The value that begins with a list, which mostly is all of it."""
        reader = self.reader
        reader.pos = begin + 1
        if not reader.text.startswith('"', begin + 1) and reader.word("for"):
            return self._value(name, begin)
        at = reader.at(begin)
        reader.dots_in_keys = False
        reader.depth = 1
        values, _ = items(reader, begin + 1, "]")
        reader.depth = 0
        found = END_OF_LINE.match(reader.text, reader.pos)
        if found is None:
            found = END_OF_LINE.match(reader.text, reader.skip(reader.tight))
        if found is None:
            return self._value(name, begin)
        self.pos = found.end()
        return make.TupleExpression(tuple(values), at)

    def _value(self, name: str, pos: int) -> Expression:
        """The value of an argument, and the end of its line."""
        reader = self.reader
        reader.dots_in_keys = name == "providers"
        value = reader.expression(pos, reader.tight)
        self._end_of_line(reader.pos)
        return value

    def _end_of_line(self, pos: int) -> None:
        pos = self._skipped(pos)
        found = END_OF_LINE.match(self.reader.text, pos)
        if found is None:
            raise Misread(pos, "the end of the line")
        self.pos = found.end()

    def _skipped(self, pos: int, *, lines: bool = False) -> int:
        self.reader.pos = pos
        return self.reader.skip(self.reader.loose if lines else self.reader.tight)

    def _unusual(self, pos: int, attributes: list[Attribute], blocks: list[Block], depth: int) -> bool:
        """What ``statement`` does not match; whether the body ends with it."""
        begin = self._skipped(pos, lines=True)
        if depth and self.reader.text.startswith("}", begin):
            self._end_of_line(begin + 1)
            return True
        name, pos = self._name(begin)
        at = self.reader.at(begin)
        if self.reader.text.startswith("=", pos):
            attributes.append(Attribute(name, self._value(name, pos + 1), at))
            return False
        labels: list[str] = []
        while not self.reader.text.startswith("{", pos):
            labels.append(self._label(pos, '"{"' if labels else HEAD))
            pos = self._skipped(self.pos)
        body_at = self.reader.at(pos)
        found = END_OF_LINE.match(self.reader.text, self._skipped(pos + 1))
        body = self._one_line(pos + 1, body_at) if found is None else self._inner(found.end(), body_at, depth)
        blocks.append(Block(name, tuple(labels), body, at))
        return False

    def _name(self, begin: int) -> tuple[str, int]:
        """The name at ``begin``, and where the next thing on its line begins."""
        found = self.reader.patterns.name.match(self.reader.text, begin)
        if found is None:
            raise Misread(begin, _ITEM)
        if self.reader.text.startswith("::", found.end()):
            end = self.reader.patterns.name.match(self.reader.text, found.end() + 2)
            raise no_name(self.reader.text[begin : (end or found).end()], self.reader.at(begin))
        return intern(found[0]), self._skipped(found.end())

    def _label(self, begin: int, expected: str) -> str:
        """The label at ``begin``."""
        text = self.reader.text
        found = self.reader.patterns.name.match(text, begin)
        if found is not None:
            self.pos = found.end()
            return intern(found[0])
        if not text.startswith('"', begin):
            raise Misread(begin, expected)
        found = TEXT.match(text, begin + 1)
        self.pos = found.end() + 1 if found else begin
        if text.startswith(("${", "%{"), self.pos - 1):
            raise InputError("a label is plain text", at=str(self.reader.at(begin)))
        if not text.startswith('"', self.pos - 1):
            raise InputError("this string is not closed on its line", at=str(self.reader.at(begin)))
        return quoted_text(text[begin + 1 : self.pos - 1], self.reader.at(begin + 1)).value

    def _one_line(self, pos: int, at: Location) -> Body:
        """The body of a block on one line, which holds one argument at most."""
        begin = self._skipped(pos)
        attributes: tuple[Attribute, ...] = ()
        if not self.reader.text.startswith("}", begin):
            name, pos = self._name(begin)
            if not self.reader.text.startswith("=", pos):
                raise Misread(pos, '"="')
            place = self.reader.at(begin)
            self.reader.dots_in_keys = name == "providers"
            attributes = (Attribute(name, self.reader.expression(pos + 1, self.reader.tight), place),)
            begin = self.reader.pos
            if not self.reader.text.startswith("}", begin):
                raise Misread(begin, '"}"')
        self._end_of_line(begin + 1)
        return Body(attributes, (), at)
