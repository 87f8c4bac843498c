"""The parser of expressions: terms by one regular expression each, operators by their precedence."""

from __future__ import annotations

import re
from sys import intern

from auditor.errors import InputError
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
from auditor.sources.terraform.syntax.places import Locate
from auditor.sources.terraform.syntax.swift_collection import call, read_object, read_tuple
from auditor.sources.terraform.syntax.swift_patterns import AFTER_LAYOUT, Mode, patterns
from auditor.sources.terraform.syntax.swift_template import heredoc, quoted
from auditor.tree import Location

_RANKS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_RANK = {operator: rank for rank, operators in enumerate(_RANKS) for operator in operators}
_ENDS = ",)]}"


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
        "namespaces",
        "patterns",
        "pos",
        "text",
        "tight",
    )

    def __init__(self, text: str, at: Locate) -> None:
        self.text = text
        self.at = at
        self.patterns = patterns(ascii_only=text.isascii())
        self.tight = self.patterns.tight
        self.loose = self.patterns.loose
        self.namespaces = "::" in text
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

    def skipped(self, mode: Mode) -> int:
        """Where the next thing begins."""
        found = mode.skip.match(self.text, self.pos)
        return found.end() if found else self.pos

    def close(self, mark: str, expected: str = "") -> None:
        """Go past ``mark``, in brackets."""
        found = AFTER_LAYOUT[mark].match(self.text, self.pos)
        if found is None:
            raise Misread(self.skipped(self.loose), expected or f'"{mark}"')
        self.pos = found.end()

    def expression(self, pos: int, mode: Mode) -> Expression:
        """The expression at ``pos``. Raises ``Misread`` and ``InputError``, as all that is below."""
        before = self.high
        self.high = self.depth = depth = self.depth + 1
        if depth > DEPTH_LIMIT:
            raise too_deep(self.at(pos))
        value = self.operand(pos, mode)
        if self.text[self.pos : self.pos + 1] not in _ENDS:
            found = mode.operator.match(self.text, self.pos)
            if found is not None and found.lastindex == 1:
                value = self._operation(value, mode)
                found = mode.operator.match(self.text, self.pos)
            if found is not None:
                value = self._conditional(value, found.end(), mode)
        self.depth = depth - 1
        if self.high < before:  # noqa: PLR1730 - hot, and max() is a call
            self.high = before
        return value

    def _operation(self, first: Expression, mode: Mode) -> Expression:
        values, heights = [first], [self.high]
        waiting: list[str] = []
        while (found := mode.operator.match(self.text, self.pos)) is not None and found.lastindex == 1:
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
        colon = mode.colon.match(self.text, self.pos)
        if colon is None:
            raise Misread(self.skipped(mode), '":"')
        otherwise = self.expression(colon.end(), mode)
        return Conditional(test, then, otherwise, test.at)

    def operand(self, pos: int, mode: Mode) -> Expression:
        """A term and what follows it: names, indexes, splats."""
        found = mode.term.match(self.text, pos)
        if found is None:
            self.pos = pos
            raise Misread(self.skipped(mode), "an expression")
        kind = found.lastindex
        self.pos = found.end()
        if kind == 3:
            value = self.dotted(found[3], self.at(found.start(3)))
        elif kind == 1:
            value = make.Literal(intern(found[1]), self.at(found.start(1) - 1))
        elif kind == 2:
            value = self._number(found.start(2), found[2])
        elif kind == 4:
            value = self._call(found)
        else:
            value = self._compound(self.pos - 1, mode)
        if self.text[self.pos : self.pos + 1] in _ENDS:
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

    def _call(self, found: re.Match[str]) -> Expression:
        name, at = found[3], self.at(found.start(3))
        if "." in name:
            # No call: what is around says what is expected instead of the parenthesis.
            self.pos = found.end(3)
            return self.dotted(name, at)
        return call(self, intern(name), at)

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

    def _steps(self, value: Expression, mode: Mode) -> Expression:
        while (found := mode.step.match(self.text, self.pos)) is not None:
            kind = found.lastindex
            if kind in (3, 4):
                return self._splat(value, mode)
            self.pos = found.end()
            self.reach(1, value.at)
            if kind == 1:
                value = make.GetAttribute(value, intern(found[1]), value.at)
            else:
                value = Index(value, self._key(found), value.at)
        if self.namespaces and isinstance(value, Name):
            return self._namespaced(value, mode)
        return value

    def _key(self, found: re.Match[str]) -> Expression:
        kind = found.lastindex or 7
        if kind == 7:
            value = self.expression(found.end(), self.loose)
            self.close("]")
            return value
        if kind == 5:
            return make.Literal(intern(found[5]), self.at(found.start(5) - 1))
        at = self.at(found.start(kind))
        return make.Literal(number(found[kind], at), at)

    def _splat(self, value: Expression, mode: Mode) -> Expression:
        steps: list[Step] = []
        plain = False
        while (found := mode.step.match(self.text, self.pos)) is not None:
            kind = found.lastindex or 7
            begin = self.skipped(mode)
            self.pos = found.end()
            self.reach(1, value.at)
            if kind == 1:
                steps.append(AttributeStep(intern(found[1])))
            elif kind in (3, 4):
                if plain and kind == 3:
                    raise Misread(found.start(3), "a name")
                steps.append(SplatStep(kind == 4, self.at(begin)))
            else:
                steps.append(IndexStep(self._key(found), legacy=kind == 2))
            plain = kind == 3 or (plain and kind <= 2)
        return traverse(value, steps)

    def _namespaced(self, first: Name, mode: Mode) -> Expression:
        found = mode.namespaced.match(self.text, self.pos)
        if found is None:
            return first
        self.pos = found.end()
        name = first.name + "".join(found[1].split())
        if found[2] is None:
            hint = "'::' is only in the names of functions that a provider defines"
            raise InputError(f"{name!r} is not a name", at=str(first.at), hint=hint)
        return call(self, name, first.at)
