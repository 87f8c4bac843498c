"""The parser of expressions: terms by one regular expression each, operators by their precedence."""

from __future__ import annotations

import re
from sys import intern

from auditor.errors import InputError
from auditor.sources.places import Locate
from auditor.sources.terraform.syntax import swift_values as make
from auditor.sources.terraform.syntax.ast import (
    Binary,
    Conditional,
    Expression,
    Index,
    Name,
    Operator,
    Unary,
)
from auditor.sources.terraform.syntax.compose import (
    DEPTH_LIMIT,
    KEYWORDS,
    OPERATORS,
    AttributeStep,
    IndexStep,
    SplatStep,
    Step,
    number,
    too_deep,
    traverse,
)
from auditor.sources.terraform.syntax.misread import Misread
from auditor.sources.terraform.syntax.swift_collection import (
    call,
    namespaced_call,
    read_object,
    read_tuple,
)
from auditor.sources.terraform.syntax.swift_patterns import GAP, LAYOUT, OPERATOR, patterns
from auditor.sources.terraform.syntax.swift_template import heredoc, quoted
from auditor.tree import Location

_RANKS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_RANK = {operator: rank for rank, operators in enumerate(_RANKS) for operator in operators}
_ENDS = ",)]}"
_STEPS = ".["
_BLANKS = " \t\n\r#/"

# What separates words: within brackets a line break too.
Mode = re.Pattern[str]


class Expressions:
    """Reads expressions of one text; each method leaves ``pos`` after what it has read.

    ``depth`` is how deeply the expression that is being read is nested, ``high`` how deep its parts reach.
    """

    __slots__ = (
        "at",
        "depth",
        "dots_in_keys",
        "high",
        "loose",
        "patterns",
        "pos",
        "text",
        "tight",
    )

    def __init__(self, text: str, at: Locate) -> None:
        self.text = text
        self.at = at
        self.patterns = patterns(ascii_only=text.isascii())
        self.tight = GAP
        self.loose = LAYOUT
        self.dots_in_keys = False
        self.pos = self.depth = self.high = 0

    def deepen(self, levels: int, begin: int) -> None:
        """Go ``levels`` deeper at ``begin``. Raises ``InputError`` where that is too deep."""
        self.depth += levels
        if self.depth > DEPTH_LIMIT:
            raise too_deep(self.at(begin))
        self.high = max(self.high, self.depth)

    def reach(self, levels: int, at: Location) -> None:
        """Have the parts that were read last stand ``levels`` deeper. Raises ``InputError``."""
        self.high += levels
        if self.high > DEPTH_LIMIT:
            raise too_deep(at)

    def skip(self, mode: Mode) -> int:
        """Go to where the next thing begins."""
        found = mode.match(self.text, self.pos)
        if found is not None:
            self.pos = found.end()
        return self.pos

    def close(self, mark: str, expected: str = "") -> None:
        """Go past ``mark``, in brackets."""
        begin = self.skip(self.loose)
        if not self.text.startswith(mark, begin):
            raise Misread(begin, expected or f'"{mark}"')
        self.pos = begin + len(mark)

    def word(self, word: str) -> bool:
        """Go past ``word`` if that is next, in brackets."""
        begin = self.skip(self.loose)
        if not self.text.startswith(word, begin):
            return False
        found = self.patterns.name.match(self.text, begin)
        if found is None or found[0] != word:
            return False
        self.pos = found.end()
        return True

    def expression(self, pos: int, mode: Mode) -> Expression:
        """The expression at ``pos``, and what separates it from the next thing.

        Raises ``Misread`` and ``InputError``, as all that is below.
        """
        before = self.high
        self.high = self.depth = depth = self.depth + 1
        if depth > DEPTH_LIMIT:
            raise too_deep(self.at(pos))
        value = self.operand(pos, mode)
        if self.text[self.pos : self.pos + 1] not in _ENDS:
            found = OPERATOR.match(self.text, self.pos)
            if found is not None and found.lastindex == 1:
                value = self._operation(value, mode)
                found = OPERATOR.match(self.text, self.pos)
            if found is not None:
                value = self._conditional(value, found.end(), mode)
        self.depth = depth - 1
        if self.high < before:  # noqa: PLR1730 - hot, and max() is a call
            self.high = before
        return value

    def _operation(self, first: Expression, mode: Mode) -> Expression:
        values, heights = [first], [self.high]
        waiting: list[str] = []
        while (found := OPERATOR.match(self.text, self.pos)) is not None and found.lastindex == 1:
            operator = found[1]
            while waiting and _RANK[waiting[-1]] >= _RANK[operator]:
                self._join(values, heights, waiting.pop())
            waiting.append(operator)
            self.high = self.depth
            values.append(self.operand(found.end(), mode))
            heights.append(self.high)
        while waiting:
            self._join(values, heights, waiting.pop())
        self.high = heights[0]
        return values[0]

    def _join(self, values: list[Expression], heights: list[int], operator: str) -> None:
        right, left = values.pop(), values.pop()
        self.high = max(heights.pop(), heights.pop())
        self.reach(1, left.at)
        heights.append(self.high)
        values.append(Binary(OPERATORS[operator], left, right, left.at))

    def _conditional(self, test: Expression, pos: int, mode: Mode) -> Expression:
        self.reach(1, test.at)
        then = self.expression(pos, mode)
        if not self.text.startswith(":", self.pos):
            raise Misread(self.pos, '":"')
        otherwise = self.expression(self.pos + 1, mode)
        return Conditional(test, then, otherwise, test.at)

    def operand(self, pos: int, mode: Mode) -> Expression:  # noqa: C901 - hot
        """A term, what follows it (names, indexes, splats), and what separates these from the next thing."""
        text = self.text
        found = self.patterns.term.match(text, pos)
        if found is None:
            self.pos = pos
            found = self.patterns.term.match(text, self.skip(mode))
            if found is None:
                raise Misread(self.pos, "an expression")
        kind = found.lastindex
        self.pos = pos = found.end()
        if kind == 3:
            value = self.dotted(found[3], self.at(found.start(3)))
        elif kind == 1:
            value = make.Literal(intern(found[1]), self.at(found.start(1) - 1))
        elif kind == 2:
            value = self._number(found.start(2), found[2])
        else:
            value = self._compound(pos - 1, mode)
        mark = text[self.pos : self.pos + 1]
        if mark in _ENDS:
            return value
        if mark in _BLANKS:
            begin = self.skip(mode)
            mark = text[begin : begin + 1]
        if mark == "(" and kind == 3 and "." not in found[3]:
            value = call(self, intern(found[3]), self.at(found.start(3)))
        elif mark == ":" and isinstance(value, Name) and text.startswith("::", self.pos):
            value = namespaced_call(self, value, mode)
        elif mark not in _STEPS:
            return value
        return self._steps(value, mode)

    def dotted(self, names: str, at: Location) -> Expression:
        """``a.b.c``, or a keyword."""
        first, *rest = names.split(".")
        value: Expression = make.Name(intern(first), at)
        if first in KEYWORDS:
            value = make.Literal(KEYWORDS[first], at)
        for name in rest:
            value = make.GetAttribute(value, intern(name), at)
        return value

    def _number(self, begin: int, digits: str) -> Expression:
        at = self.at(begin)
        after = self.text[self.pos : self.pos + 2]
        if after[:1] == "." and after[1:].isdecimal():
            raise InputError("a number has one decimal point at most", at=str(at))
        return make.Literal(number(digits, at), at)

    def _compound(self, begin: int, mode: Mode) -> Expression:
        mark = self.text[begin]
        if mark == '"':
            return quoted(self, begin)
        if mark == "[":
            return read_tuple(self, begin)
        if mark == "{":
            return read_object(self, begin)
        if mark == "(":
            value = self.expression(begin + 1, self.loose)
            self.close(")")
            return value
        if mark == "<":
            return heredoc(self, begin)
        at = self.at(begin)
        self.deepen(1, begin)
        operand = self.operand(begin + 1, mode)
        self.depth -= 1
        return Unary(Operator(mark), operand, at)

    def _step(self, mode: Mode) -> tuple[int, int, re.Match[str]] | None:
        """Where the next step begins, its kind and what was found of it, if there is one."""
        begin = self.skip(mode)
        found = self.patterns.step.match(self.text, begin)
        if found is None:
            if not self.text.startswith(".", begin) or self.text.startswith("...", begin):
                return None
            self.pos = begin + 1
            found = self.patterns.part.match(self.text, self.skip(mode))
            if found is None:
                raise Misread(self.pos, "a name")
        kind = found.lastindex or 7
        self.pos = found.end()
        if kind == 7 and self.text.startswith("*", star := self.skip(mode)):
            self.pos = star + 1
            if not self.text.startswith("]", self.skip(mode)):
                raise Misread(self.pos, '"]"')
            kind, self.pos = 4, self.pos + 1
        return begin, kind, found

    def _steps(self, value: Expression, mode: Mode) -> Expression:
        while (step := self._step(mode)) is not None:
            begin, kind, found = step
            self.reach(1, value.at)
            if kind == 1:
                value = make.GetAttribute(value, intern(found[1]), value.at)
            elif kind in (3, 4):
                return self._splat(value, SplatStep(kind == 4, self.at(begin)), mode)
            else:
                value = Index(value, self._key(kind, found), value.at)
        return value

    def _key(self, kind: int, found: re.Match[str]) -> Expression:
        if kind == 7:
            value = self.expression(self.pos, self.loose)
            self.close("]")
            return value
        if kind == 5:
            return make.Literal(intern(found[5]), self.at(found.start(5) - 1))
        at = self.at(found.start(kind))
        return make.Literal(number(found[kind], at), at)

    def _splat(self, value: Expression, first: SplatStep, mode: Mode) -> Expression:
        steps: list[Step] = [first]
        plain = not first.full
        while (step := self._step(mode)) is not None:
            begin, kind, found = step
            self.reach(1, value.at)
            if kind == 1:
                steps.append(AttributeStep(intern(found[1])))
            elif kind in (3, 4):
                if plain and kind == 3:
                    raise Misread(self.pos - 1, "a name")
                steps.append(SplatStep(kind == 4, self.at(begin)))
            else:
                steps.append(IndexStep(self._key(kind, found), legacy=kind == 2))
            plain = kind == 3 or (plain and kind <= 2)
        return traverse(value, steps)
