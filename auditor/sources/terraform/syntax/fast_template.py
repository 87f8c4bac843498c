"""tree-sitter's nodes of templates as our expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.syntax.ast import Expression, Literal
from auditor.sources.terraform.syntax.misread import Misread, significant
from auditor.sources.terraform.syntax.template import (
    For,
    If,
    Inserted,
    Interpolation,
    Piece,
    Word,
    quoted_text,
    template,
    unquoted_text,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from auditor.sources.terraform.syntax.fast_expression import Expressions

_NESTED = frozenset(("template_directive", "template_if", "template_for"))
_WORDS = {"template_else_intro": "else", "template_if_end": "endif", "template_for_end": "endfor"}
INSERTION = re.compile(rb"(?<!\$)\$\{|(?<!%)%\{")


def quoted(reader: Expressions, node: Node) -> Expression:
    """A string in quotes."""
    begin, end = node.start_byte, node.end_byte
    with reader.inside(begin):
        pieces = _pieces(reader, node, begin + 1, end - 1)
    return template(pieces, reader.locate(begin))


def heredoc(reader: Expressions, node: Node) -> Expression:
    """A heredoc, from the line after its marker to the line break before the closing one."""
    start, marker, *_, closing = significant(node)
    data = reader.data
    begin = data.find(b"\n", marker.end_byte) + 1
    end = data.rfind(b"\n", 0, closing.start_byte) + 1
    unindent = data[start.start_byte : start.end_byte] == b"<<-"
    # Only stripping looks at lines: a plain heredoc is one text.
    if not unindent and data.find(b"{", begin, end) < 0:
        return Literal(data[begin:end].decode(), reader.locate(node.start_byte))
    with reader.inside(start.start_byte):
        pieces = _pieces(reader, node, begin, end, lines=True)
    return template(pieces, reader.locate(node.start_byte), unindent=unindent)


def whole_template(reader: Expressions, node: Node) -> Expression:
    """A template that was wrapped as a heredoc: without the line break that the wrapping added."""
    begin = reader.data.find(b"\n") + 1
    end = reader.data.rfind(b"\n", 0, node.children[-1].start_byte)
    return template(_pieces(reader, node, begin, end, lines=True), reader.locate(begin))


def _pieces(reader: Expressions, node: Node, begin: int, end: int, *, lines: bool = False) -> list[Piece]:
    pieces: list[Piece] = []
    for child in _inserted(node):
        pieces += _text(reader, begin, child.start_byte, lines=lines)
        if reader.data[child.start_byte - 1] == reader.data[child.start_byte] and pieces:
            # ``$$${``: the grammar takes the first two, Terraform the last two for the escape.
            raise Misread(child.start_byte)
        pieces.append(_insertion(reader, child))
        begin = child.end_byte
    return pieces + _text(reader, begin, end, lines=lines)


def _text(reader: Expressions, begin: int, end: int, *, lines: bool) -> list[Piece]:
    if begin >= end:
        return []
    raw = reader.data[begin:end]
    if b"{" in raw and INSERTION.search(raw):
        raise Misread(begin)
    if lines:
        return list(unquoted_text(raw.decode(), begin, reader.locate))
    return [quoted_text(raw.decode(), reader.locate(begin))]


def _inserted(node: Node) -> Iterator[Node]:
    """Interpolations and the parts of directives in the order of the text."""
    stack = node.children[::-1]
    while stack:
        child = stack.pop()
        kind = child.type
        if kind in _NESTED:
            stack += child.children[::-1]
        elif kind.startswith("template_") and kind != "template_literal":
            yield child


def _insertion(reader: Expressions, node: Node) -> Inserted:
    nodes = significant(node)[1:-1]
    at = reader.locate(node.start_byte)
    if not nodes or all(child.type == "strip_marker" for child in nodes):
        raise InputError("expected an expression between ${ and }", at=str(at))
    before = nodes[0].type == "strip_marker"
    after = nodes[-1].type == "strip_marker"
    nodes = nodes[before : len(nodes) - after]
    return Inserted(_content(reader, node.type, nodes), at, reader.locate(node.end_byte), before, after)


def _content(reader: Expressions, kind: str, nodes: list[Node]) -> Interpolation | If | For | Word:
    if kind == "template_interpolation":
        return Interpolation(reader.expression(nodes[0]))
    if kind == "template_if_intro":
        return If(reader.expression(nodes[1]))
    if kind == "template_for_start":
        return For(*reader.for_intro(nodes[1:]))
    return Word(_WORDS[kind])
