"""The fast adapter: tree-sitter's HCL grammar, walked into our syntax.

tree-sitter finds where things begin and end. Plain attributes, strings, numbers and references are then
read from the text with a regular expression, which is several times cheaper than visiting their nodes.

Where the grammar and Terraform differ the walk follows Terraform: ``a ? b : c ? d : e`` binds to the right,
``[0]`` after ``.*`` is of the whole list, a line break ends an argument. What the grammar cannot read, or
reads otherwise (``1e5``, ``$$${``, ``EOT${x}`` in a heredoc that ends with ``EOT``), is a ``Misread``, and
left to the reference adapter.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.syntax.ast import Attribute, Block, Body, Expression, Literal
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, too_deep
from auditor.sources.terraform.syntax.fast_expression import Expressions
from auditor.sources.terraform.syntax.fast_template import INSERTION, whole_template
from auditor.sources.terraform.syntax.lines import check_head, check_value, not_separate
from auditor.sources.terraform.syntax.misread import Misread
from auditor.sources.terraform.syntax.places import Locate, Origin, locator, utf8
from auditor.sources.terraform.syntax.simple import LABEL, shorten, simple_template
from auditor.sources.terraform.syntax.template import quoted_text
from auditor.tree import Location

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_PREFIX = "x="
_REFERENCE_LIMIT = 2_000_000
_HINT = "a file below 2 MB gets a better message"


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def parse(text: str | bytes, path: str, origin: Origin | None = None) -> Body:
    """The body of a file in Terraform's native syntax.

    Raises ``InputError`` at the first place where the text is not valid; that is found by the reference
    adapter, which is also asked for what tree-sitter's grammar misreads.
    """
    data = utf8(text, path)
    try:
        return read(data, path, origin)
    except RecursionError:
        raise too_deep(Location(path)) from None
    except Misread as misread:
        from auditor.sources.terraform.syntax import reference

        if len(data) > _REFERENCE_LIMIT:
            # The reference takes seconds per megabyte: rather a poorer message than a long wait.
            at = str(locator(data, path, origin)(misread.offset))
            raise InputError("expected something else here", at=at, hint=_HINT) from None
        return reference.parse(data, path, origin)


def read(data: bytes, path: str, origin: Origin | None = None) -> Body:
    """The same by tree-sitter alone. Raises ``Misread`` where that cannot read ``data``."""
    # A heredoc's end marker may be the last thing in a file; the grammar wants a line break after it.
    root = _parser().parse(shorten(data if data.endswith(b"\n") else data + b"\n")).root_node
    if root.has_error:
        raise Misread(_first_error(root))
    return _Bodies(data, locator(data, path, origin)).whole(root)


def _first_error(root: Node) -> int:
    """The offset of the first error or missing token."""
    node = root
    while True:
        for child in node.children:
            if child.is_error or child.is_missing:
                return child.start_byte
            if child.has_error:
                node = child
                break
        else:
            return node.start_byte


class _Bodies:
    """Walks bodies, blocks and attributes."""

    __slots__ = ("data", "depth", "expressions", "locate", "simple")

    def __init__(self, data: bytes, locate: Locate) -> None:
        self.data = data
        self.locate = locate
        self.expressions = Expressions(data, locate)
        self.simple = self.expressions.simple
        self.depth = 0

    def whole(self, root: Node) -> Body:
        for node in root.children:
            kind = node.type
            if kind == "body":
                return self.body(node, self.locate(0))
            if kind != "comment":
                raise Misread(node.start_byte)
        return Body((), (), self.locate(0))

    def body(self, node: Node, at: Location) -> Body:
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        end = -1
        for child in node.children:
            kind = child.type
            if kind == "comment":
                continue
            begin = child.start_byte
            if end >= 0 and self.data.find(b"\n", end, begin) < 0:
                raise not_separate(self.locate(begin))
            end = child.end_byte
            if kind == "attribute":
                attributes.append(self.attribute(child, begin, end))
            else:
                blocks.append(self.block(child, begin))
        return Body(tuple(attributes), tuple(blocks), at)

    def attribute(self, node: Node, begin: int, end: int) -> Attribute:
        simple = self.simple.assignment(begin, end)
        if simple is not None and simple[3]:
            return Attribute(simple[0], simple[2], simple[1])
        name_node, *_, value_node = [child for child in node.children if child.type != "comment"]
        check_head(self.data, begin, value_node.start_byte, self.locate)
        value = self.expressions.expression(value_node)
        check_value(value, self.data, value_node.start_byte, end, self.locate)
        return Attribute(self.expressions.name(name_node), value, self.locate(begin))

    def block(self, node: Node, begin: int) -> Block:
        at = self.locate(begin)
        nodes = [child for child in node.children if child.type != "comment"]
        kind = self.expressions.name(nodes[0])
        opening = 1
        labels: list[str] = []
        while (child := nodes[opening]).type != "block_start":
            labels.append(self.label(child))
            opening += 1
        check_head(self.data, begin, child.start_byte, self.locate)
        body_at = self.locate(child.start_byte)
        inner = nodes[opening + 1]
        if inner.type == "block_end":
            return Block(kind, tuple(labels), Body((), (), body_at), at)
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise too_deep(at)
        body = self.body(inner, body_at)
        self.depth -= 1
        return Block(kind, tuple(labels), body, at)

    def label(self, node: Node) -> str:
        begin, end = node.start_byte, node.end_byte
        if node.type == "identifier":
            return self.expressions.name(node)
        match = LABEL.match(self.data, begin)
        if match is not None and match.end() == end:
            return self.simple.word(match.group(1))
        raw = self.data[begin + 1 : end - 1]
        if INSERTION.search(raw):
            raise Misread(begin)
        return quoted_text(raw.decode(), self.locate(begin + 1)).value


def parse_expression(text: str, path: str, origin: Origin | None = None) -> Expression:
    """One expression. Raises ``InputError``."""
    moved = replace(origin or Origin(), columns=(origin.columns if origin else 0) - len(_PREFIX))
    body = parse(f"{_PREFIX}{text}\n", path, moved)
    if len(body.attributes) != 1 or body.blocks:
        extra = (body.attributes[1:] or body.blocks)[0]
        raise InputError("expected one expression, and there is more", at=str(extra.at))
    return body.attributes[0].value


def parse_template(text: str, path: str, origin: Origin | None = None) -> Expression:
    """A text that is a template as a whole. Raises ``InputError``."""
    text = utf8(text, path).decode()
    if "${" not in text and "%{" not in text:
        return Literal(text, locator(b"", path, origin)(0))
    simple = simple_template(text, path, origin)
    if simple is not None:
        return simple
    marker = "END"
    while marker in text:
        marker += "D"
    data = f"x=<<{marker}\n{text}\n{marker}\n".encode()
    try:
        return _read_template(data, path, replace(origin or Origin(), before=1))
    except RecursionError:
        raise too_deep(Location(path)) from None
    except Misread:
        from auditor.sources.terraform.syntax import reference

        return reference.parse_template(text, path, origin)


def _read_template(data: bytes, path: str, origin: Origin) -> Expression:
    root = _parser().parse(data).root_node
    node = root
    for kind in ("body", "attribute", "expression", "template_expr", "heredoc_template"):
        node = node.children[-1]
        if root.has_error or node.type != kind:
            raise Misread(0)
    return whole_template(Expressions(data, locator(data, path, origin)), node)
