"""tree-sitter's nodes of expressions as our expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.syntax.ast import (
    Call,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    Name,
    ObjectExpression,
    Operator,
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
    chain_conditionals,
    chain_operators,
    key,
    number,
    too_deep,
    traverse,
)
from auditor.sources.terraform.syntax.fast_template import heredoc, quoted
from auditor.sources.terraform.syntax.lines import check_head, check_value, not_separate
from auditor.sources.terraform.syntax.misread import Misread, significant
from auditor.sources.terraform.syntax.places import Locate
from auditor.sources.terraform.syntax.simple import SimpleValues

if TYPE_CHECKING:
    from tree_sitter import Node


class Expressions:
    """Walks expressions of one text."""

    __slots__ = ("data", "depth", "locate", "primaries", "simple")

    def __init__(self, data: bytes, locate: Locate) -> None:
        self.data = data
        self.locate = locate
        self.simple = SimpleValues(data, locate)
        self.depth = 0
        self.primaries: dict[str, Callable[[Node], Expression]] = {
            "variable_expr": self._variable,
            "literal_value": self._literal,
            "template_expr": self._template,
            "collection_value": self._collection,
            "function_call": self._call,
            "for_expr": self._for_expression,
            "operation": self._operation,
        }

    def name(self, node: Node) -> str:
        """The name that stands at ``node``. Raises ``InputError`` for one with ``::`` in it."""
        raw = self.data[node.start_byte : node.end_byte]
        if b":" in raw:
            message = f"{raw.decode()!r} is not a name"
            hint = "'::' is only in the names of functions that a provider defines"
            raise InputError(message, at=str(self.locate(node.start_byte)), hint=hint)
        return self.simple.word(raw)

    @contextmanager
    def inside(self, begin: int) -> Iterator[None]:
        """Within a template at ``begin``, which nests three times as deep in our own calls as a bracket."""
        self.depth += 3
        if self.depth > DEPTH_LIMIT:
            raise too_deep(self.locate(begin))
        yield
        self.depth -= 3

    def expression(self, node: Node) -> Expression:
        """The expression of an ``expression`` node. Raises ``InputError`` where it is nested too deeply."""
        begin = node.start_byte
        value = self.simple.read(begin, node.end_byte)
        if value is not None:
            return value
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise too_deep(self.locate(begin))
        nodes = significant(node)
        value = self._conditional(nodes[0]) if nodes[0].type == "conditional" else self._operand(nodes)
        self.depth -= 1
        return value

    def _conditional(self, node: Node) -> Expression:
        branches: list[tuple[Expression, Expression]] = []
        depth = self.depth
        while True:
            condition, _, then, _, otherwise = significant(node)
            self.depth += 1
            if self.depth > DEPTH_LIMIT:
                raise too_deep(self.locate(node.start_byte))
            branches.append((self.expression(then), self.expression(otherwise)))
            inner = significant(condition)
            if inner[0].type != "conditional":
                break
            node = inner[0]
        first = self.expression(condition)
        self.depth = depth
        return chain_conditionals(first, branches[::-1])

    def _operand(self, nodes: list[Node]) -> Expression:
        """A term and what follows it: names, indexes, splats."""
        if nodes[0].type == "(":
            base, rest = self.expression(nodes[1]), nodes[3:]
        else:
            base, rest = self._primary(nodes[0]), nodes[1:]
        if not rest:
            return base
        steps: list[Step] = []
        for node in rest:
            self._step(node, steps)
        if len(steps) + self.depth > DEPTH_LIMIT:
            raise too_deep(base.at)
        return traverse(base, steps)

    def _primary(self, node: Node) -> Expression:
        value = self.simple.read(node.start_byte, node.end_byte)
        return value if value is not None else self.primaries[node.type](node)

    def _step(self, node: Node, steps: list[Step]) -> None:
        kind = node.type
        if kind == "get_attr":
            steps.append(AttributeStep(self.name(significant(node)[1])))
        elif kind == "index":
            inner = node.children[0]
            if inner.type == "new_index":
                steps.append(IndexStep(self.expression(significant(inner)[1])))
            else:
                digits = self.data[inner.start_byte : inner.end_byte].lstrip(b". \t\r\n")
                at = self.locate(inner.end_byte - len(digits))
                steps.append(IndexStep(Literal(number(digits.decode(), at), at), legacy=True))
        else:
            splat = node.children[0]
            full = splat.type == "full_splat"
            steps.append(SplatStep(full, self.locate(splat.start_byte)))
            for child in significant(splat)[1:]:
                self._step(child, steps)

    def _variable(self, node: Node) -> Expression:
        name = self.name(node)
        at = self.locate(node.start_byte)
        return Literal(KEYWORDS[name], at) if name in KEYWORDS else Name(name, at)

    def _literal(self, node: Node) -> Expression:
        child = node.children[0]
        if child.type == "string_lit":
            return quoted(self, child)
        begin, end = child.start_byte, child.end_byte
        at = self.locate(begin)
        text = self.data[begin:end].decode()
        if "x" in text:
            raise Misread(begin)
        return Literal(number(text, at), at)

    def _template(self, node: Node) -> Expression:
        child = node.children[0]
        return quoted(self, child) if child.type == "quoted_template" else heredoc(self, child)

    def _collection(self, node: Node) -> Expression:
        child = node.children[0]
        return self._tuple(child) if child.type == "tuple" else self._object(child)

    def _tuple(self, node: Node) -> Expression:
        items = [self.expression(child) for child in node.children if child.type == "expression"]
        return TupleExpression(tuple(items), self.locate(node.start_byte))

    def _object(self, node: Node) -> Expression:
        items: list[tuple[Expression, Expression]] = []
        end = -1
        for child in node.children:
            kind = child.type
            if kind == "object_elem":
                begin = child.start_byte
                if end >= 0 and self.data.find(b"\n", end, begin) < 0:
                    raise not_separate(self.locate(begin))
                end = child.end_byte
                items.append(self._item(child, begin, end))
            elif kind == ",":
                end = -1
        return ObjectExpression(tuple(items), self.locate(node.start_byte))

    def _item(self, node: Node, begin: int, end: int) -> tuple[Expression, Expression]:
        simple = self.simple.assignment(begin, end)
        if simple is not None:
            return Literal(simple[0], simple[1]), simple[2]
        key_node, separator, value_node = significant(node)
        parenthesised = key_node.children[0].type == "(" and len(significant(key_node)) == 3
        name_ = key(self.expression(key_node), parenthesised=parenthesised)
        check_head(self.data, separator.start_byte, value_node.start_byte, self.locate)
        value = self.expression(value_node)
        check_value(value, self.data, value_node.start_byte, end, self.locate)
        return name_, value

    def _call(self, node: Node) -> Expression:
        begin = node.start_byte
        identifier, *rest = significant(node)
        name = self.simple.word(self.data[begin : identifier.end_byte])
        arguments: list[Expression] = []
        expand = False
        if rest[1].type == "function_arguments":
            children = significant(rest[1])
            arguments = [self.expression(child) for child in children if child.type == "expression"]
            expand = children[-1].type == "ellipsis"
        return Call(name, tuple(arguments), expand, self.locate(begin))

    def _for_expression(self, node: Node) -> Expression:
        loop = node.children[0]
        children = significant(loop)
        key_name, value_name, collection = self.for_intro(significant(children[1])[1:-1])
        values = [self.expression(child) for child in children if child.type == "expression"]
        conditions = [child for child in children if child.type == "for_cond"]
        condition = self.expression(significant(conditions[0])[1]) if conditions else None
        at = self.locate(node.start_byte)
        if loop.type == "for_tuple_expr":
            return ForTuple(key_name, value_name, collection, values[0], condition, at)
        grouped = any(child.type == "ellipsis" for child in children)
        return ForObject(key_name, value_name, collection, values[0], values[1], condition, grouped, at)

    def for_intro(self, nodes: list[Node]) -> tuple[str, str, Expression]:
        """``key, value in collection``; the key's name is empty where there is none."""
        names = [self.name(node) for node in nodes if node.type == "identifier"]
        collection = next(node for node in nodes if node.type == "expression")
        return (names[0] if len(names) == 2 else "", names[-1], self.expression(collection))

    def _operation(self, node: Node) -> Expression:
        depth = self.depth
        rest: list[tuple[str, Expression]] = []
        operation = node.children[0]
        while operation.type == "binary_operation":
            self.depth += 1
            if self.depth > DEPTH_LIMIT:
                raise too_deep(self.locate(node.start_byte))
            nodes = significant(operation)
            middle = next(index for index, child in enumerate(nodes) if child.type in OPERATORS)
            rest.append((nodes[middle].type, self._operand(nodes[middle + 1 :])))
            left = nodes[:middle]
            if len(left) > 1 or left[0].type != "operation":
                first = self._operand(left)
                break
            operation = left[0].children[0]
        else:
            sign, *operand = significant(operation)
            self.depth += 1
            if self.depth > DEPTH_LIMIT:
                raise too_deep(self.locate(node.start_byte))
            at = self.locate(operation.start_byte)
            first = Unary(Operator(sign.type), self._operand(operand), at)
        self.depth = depth
        return chain_operators(first, rest[::-1])
