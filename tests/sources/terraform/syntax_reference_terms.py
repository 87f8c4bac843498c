"""Lark's trees of expressions, as python-hcl2's grammar names them, as our expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from auditor.sources.places import Locate
from auditor.sources.terraform.syntax.ast import (
    Binary,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    Name,
    ObjectExpression,
    Operator,
    Template,
    TupleExpression,
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
    key,
    number,
    too_deep,
    traverse,
)
from auditor.sources.terraform.syntax.lines import line_ends_early, not_separate
from auditor.sources.terraform.syntax.mask import Masked, Masker
from auditor.tree import Location

if TYPE_CHECKING:
    from syntax_reference import Reader

# Lark's trees hold trees and tokens without saying which where.
Tree = Any
_LAYOUT = frozenset(("new_line_or_comment",))
_STEPS = frozenset(("index_expr_term", "get_attr_expr_term", "attr_splat_expr_term", "full_splat_expr_term"))


def _trees(tree: Tree) -> list[Tree]:
    return [child for child in tree.children if hasattr(child, "data") and child.data not in _LAYOUT]


def _types(tree: Tree) -> list[str]:
    return [getattr(child, "type", "") for child in tree.children]


_BRACKET_OR_LINE = re.compile(r"([(\[{])|([)\]}])|\n")
_CLOSED = (Literal, Template, TupleExpression, ObjectExpression, Call, ForTuple, ForObject)


def check_value(value: Expression, data: bytes, begin: int, end: int, locate: Locate) -> None:
    """Raises ``InputError`` where the text of ``value`` goes on in a new line outside of all brackets."""
    if isinstance(value, _CLOSED) or data.find(b"\n", begin, end) < 0:
        return
    text = data[begin:end].decode()

    def at(offset: int) -> Location:
        return locate(begin + len(text[:offset].encode()))

    depth = 0
    for match in _BRACKET_OR_LINE.finditer(Masker(text, at).code(0).text):
        if match.lastindex is not None:
            depth += 1 if match.lastindex == 1 else -1
        elif depth == 0:
            raise line_ends_early(at(match.start()))


def chain_operators(first: Expression, rest: Sequence[tuple[str, Expression]]) -> Expression:
    """Operators of one precedence, which bind to the left."""
    for operator, operand in rest:
        first = Binary(OPERATORS[operator], first, operand, first.at)
    return first


class Terms:
    """Reads trees of ``masked`` code; offsets in them are ``shift`` less than those in the text."""

    def __init__(self, reader: Reader, masked: Masked, shift: int, depth: int) -> None:
        self.reader = reader
        self.spans = masked.spans
        self.shift = shift
        self.depth = depth
        self.kinds: dict[str, Callable[[Tree], Expression]] = {
            "conditional": self._conditional,
            "binary_op": self._binary,
            "unary_op": self._unary,
            "expr_term": self._term,
            "identifier": self._name,
            "literal_value": self._name,
            "int_lit": self._number,
            "float_lit": self._number,
            "string": self._string,
            "tuple": self._tuple,
            "object": self._object,
            "function_call": self._call,
            "for_tuple_expr": self._for_tuple,
            "for_object_expr": self._for_object,
        }

    def begin(self, tree: Tree) -> int:
        """The offset in the text at which ``tree`` begins."""
        return int(tree.meta.start_pos) + self.shift

    def end(self, tree: Tree) -> int:
        """The offset at which the last thing in ``tree`` ends that is not layout."""
        while hasattr(tree, "data"):
            children = [c for c in tree.children if getattr(c, "data", "") not in _LAYOUT]
            if not children:
                return int(tree.meta.end_pos) + self.shift
            tree = children[-1]
        return int(tree.end_pos) + self.shift

    def word(self, tree: Tree) -> str:
        """The name that stands at ``tree``."""
        token = tree.children[0]
        return self.reader.text[token.start_pos + self.shift : token.end_pos + self.shift]

    def expression(self, tree: Tree) -> Expression:
        """The expression of any tree. Raises ``InputError`` where it is nested too deeply."""
        self.depth += 1
        if self.depth > 3 * DEPTH_LIMIT:
            raise too_deep(self.reader.at(self.begin(tree)))
        result = self._steps(tree) if tree.data in _STEPS else self.kinds[tree.data](tree)
        self.depth -= 1
        return result

    def checked(self, tree: Tree) -> Expression:
        """The value of an argument or an object's item, which ends with its line."""
        value = self.expression(tree)
        begin, end = self.reader.byte(self.begin(tree)), self.reader.byte(self.end(tree))
        check_value(value, self.reader.data, begin, end, self.reader.locate)
        return value

    def _conditional(self, tree: Tree) -> Expression:
        condition, then, otherwise = (self.expression(child) for child in _trees(tree))
        return Conditional(condition, then, otherwise, condition.at)

    def _binary(self, tree: Tree) -> Expression:
        rest: list[tuple[str, Expression]] = []
        while tree.data == "binary_op":
            tree, term = _trees(tree)[:2]
            operator, operand = _trees(term)
            token = operator.children[0]
            # python-hcl2 puts the line breaks before an operator into its token.
            rest.append((token.split()[-1], self.expression(operand)))
            if len(rest) > DEPTH_LIMIT:
                raise too_deep(self.reader.at(self.begin(tree)))
        return chain_operators(self.expression(tree), rest[::-1])

    def _unary(self, tree: Tree) -> Expression:
        sign = tree.children[0]
        at = self.reader.at(sign.start_pos + self.shift)
        return Unary(Operator(str(sign)), self.expression(_trees(tree)[0]), at)

    def _term(self, tree: Tree) -> Expression:
        return self.expression(_trees(tree)[0])

    def _name(self, tree: Tree) -> Expression:
        begin = self.begin(tree)
        at = self.reader.at(begin)
        name = self.word(tree)
        if name[0].isdecimal():
            return Literal(number(name, at), at)
        return Literal(KEYWORDS[name], at) if name in KEYWORDS else Name(name, at)

    def _number(self, tree: Tree) -> Expression:
        at = self.reader.at(self.begin(tree))
        return Literal(number(str(tree.children[0]), at), at)

    def _string(self, tree: Tree) -> Expression:
        begin = self.begin(tree)
        return self.reader.string(begin, self.spans[begin], self.depth)

    def _tuple(self, tree: Tree) -> Expression:
        items = tuple(self.expression(child) for child in _trees(tree))
        return TupleExpression(items, self.reader.at(self.begin(tree)))

    def _object(self, tree: Tree) -> Expression:
        items: list[tuple[Expression, Expression]] = []
        end = -1
        for child in tree.children:
            if getattr(child, "data", "") == "object_elem":
                begin = self.begin(child)
                if end >= 0 and "\n" not in self.reader.text[end:begin]:
                    raise not_separate(self.reader.at(begin))
                end = self.end(child)
                items.append(self._item(child))
            elif getattr(child, "type", "") == "COMMA":
                end = -1
        return ObjectExpression(tuple(items), self.reader.at(self.begin(tree)))

    def _item(self, tree: Tree) -> tuple[Expression, Expression]:
        name, value = _trees(tree)
        inner = name.children[0]
        at = self.reader.at(self.begin(inner))
        if inner.data == "keyword":
            return Literal(self.word(inner), at), self.checked(value)
        parenthesised = inner.data == "expr_term" and _types(inner)[0] == "LPAR"
        references = self.reader.dots_in_keys
        read = key(self.expression(inner), parenthesised=parenthesised, references=references)
        return read, self.checked(value)

    def _call(self, tree: Tree) -> Expression:
        trees = _trees(tree)
        name = "::".join(self.word(child) for child in trees if child.data == "identifier")
        arguments = [child for child in trees if child.data == "arguments"]
        values = [self.expression(child) for child in (_trees(arguments[0]) if arguments else [])]
        expand = bool(arguments) and "ELLIPSIS" in _types(arguments[0])
        return Call(name, tuple(values), expand, self.reader.at(self.begin(tree)))

    def _for_tuple(self, tree: Tree) -> Expression:
        intro, value, *condition = _trees(tree)
        key_name, value_name, collection = self._intro(intro)
        each = self.expression(value)
        test = self.expression(_trees(condition[0])[0]) if condition else None
        return ForTuple(key_name, value_name, collection, each, test, self.reader.at(self.begin(tree)))

    def _for_object(self, tree: Tree) -> Expression:
        intro, name, value, *condition = _trees(tree)
        key_name, value_name, collection = self._intro(intro)
        key_, each = self.expression(name), self.expression(value)
        test = self.expression(_trees(condition[0])[0]) if condition else None
        grouped = "ELLIPSIS" in _types(tree)
        at = self.reader.at(self.begin(tree))
        return ForObject(key_name, value_name, collection, key_, each, test, grouped, at)

    def _intro(self, tree: Tree) -> tuple[str, str, Expression]:
        *names, collection = _trees(tree)
        words = [self.word(name) for name in names]
        return words[0] if len(words) == 2 else "", words[-1], self.expression(collection)

    def _steps(self, tree: Tree) -> Expression:
        groups: list[Tree] = []
        while True:
            base, step = _trees(tree)
            groups.append(step)
            if _types(base)[0] == "LPAR" or base.children[0].data not in _STEPS:
                break
            tree = base.children[0]
        first = self.expression(base)
        steps: list[Step] = []
        for group in reversed(groups):
            self._step(group, steps)
        if len(steps) > DEPTH_LIMIT:
            raise too_deep(first.at)
        return traverse(first, steps)

    def _step(self, tree: Tree, steps: list[Step]) -> None:
        if tree.data == "get_attr":
            steps.append(AttributeStep(self.word(_trees(tree)[0])))
        elif tree.data == "braces_index":
            steps.append(IndexStep(self.expression(_trees(tree)[0])))
        elif tree.data == "short_index":
            token = tree.children[1]
            at = self.reader.at(token.start_pos + self.shift)
            steps.append(IndexStep(Literal(number(str(token), at), at), legacy=True))
        else:
            steps.append(SplatStep(tree.data == "full_splat", self.reader.at(self.begin(tree))))
            for child in _trees(tree):
                self._step(child, steps)
