"""A Terraform file as python-hcl2 reads it: attributes and blocks with the offsets of their text."""

from __future__ import annotations

from collections.abc import Iterator

import hcl2
from lark import Token, Tree
from lark.exceptions import LarkError

from auditor import disk
from auditor.frozen import dataclass
from auditor.rewrite.edits import RefusedError
from auditor.tree import Location

_Node = Tree[Token]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, from ``begin`` up to ``end``."""

    begin: int
    end: int

    def holds(self, offset: int) -> bool:
        """Whether an offset lies in it."""
        return self.begin <= offset < self.end


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = value``; ``items`` are the elements where the value is a list in brackets, else None."""

    name: str
    span: Span
    value: Span
    items: tuple[Span, ...] | None


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" { … }``; ``words`` are the type and the labels."""

    words: tuple[str, ...]
    span: Span
    body: Body


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between braces, or in a whole file."""

    span: Span
    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of a name, if there is one."""
        return next((one for one in self.attributes if one.name == name), None)


@dataclass(frozen=True, slots=True)
class HclFile:
    """A file: its text, and what stands in it."""

    path: str
    text: str
    body: Body

    def offset(self, at: Location) -> int:
        """The offset of a place in the text."""
        lines = self.text.split("\n")
        if not 0 < at.line <= len(lines):
            raise RefusedError(f"{at} is no place in the file")
        return sum(len(line) + 1 for line in lines[: at.line - 1]) + at.column - 1

    def blocks_at(self, offset: int) -> tuple[Block, ...]:
        """The blocks around an offset, the outermost first."""
        return tuple(_around(self.body, offset))


def _around(body: Body, offset: int) -> Iterator[Block]:
    for block in body.blocks:
        if block.span.holds(offset):
            yield block
            yield from _around(block.body, offset)


def read(path: str) -> HclFile:
    """The file at a path. Raises RefusedError where python-hcl2 does not read it."""
    try:
        text = disk.content(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path} cannot be read as text") from error
    if {".terraform", ".terragrunt-cache"} & set(path.split("/")):
        raise RefusedError(f"{path} was installed from elsewhere")
    if not path.endswith((".tf", ".tofu")):
        raise RefusedError(f"{path} is no Terraform code in its own syntax")
    return parsed(path, text)


def parsed(path: str, text: str) -> HclFile:
    """The text of a file as blocks. Raises RefusedError where python-hcl2 does not read it."""
    try:
        tree = hcl2.parses_to_tree(text)
    except LarkError as error:
        raise RefusedError(f"python-hcl2 does not read {path}") from error
    (body,) = (child for child in tree.children if isinstance(child, Tree) and child.data == "body")
    return HclFile(path, text, _body(body, text))


def _span(node: _Node) -> Span:
    return Span(node.meta.start_pos, node.meta.end_pos)


def _children(node: _Node, *kinds: str) -> Iterator[_Node]:
    for child in node.children:
        if isinstance(child, Tree) and child.data in kinds:
            yield child


def _body(node: _Node, text: str) -> Body:
    span = Span(0, len(text)) if node.meta.empty else _span(node)
    return Body(
        span,
        tuple(_attribute(child, text) for child in _children(node, "attribute")),
        tuple(_block(child, text) for child in _children(node, "block")),
    )


def _block(node: _Node, text: str) -> Block:
    words = [text[slice(*_ends(child))].strip('"') for child in _children(node, "identifier", "string")]
    (body,) = _children(node, "body")
    return Block(tuple(words), _span(node), _body(body, text))


def _ends(node: _Node) -> tuple[int, int]:
    return node.meta.start_pos, node.meta.end_pos


def _attribute(node: _Node, text: str) -> Attribute:
    name, value = (child for child in node.children if isinstance(child, Tree))
    return Attribute(text[slice(*_ends(name))], _span(node), _span(value), _items(value))


def _items(value: _Node) -> tuple[Span, ...] | None:
    lists = tuple(_children(value, "tuple"))
    if not lists or _span(lists[0]) != _span(value):
        return None
    kinds = (child for child in lists[0].children if isinstance(child, Tree))
    return tuple(_span(child) for child in kinds if child.data != "new_line_or_comment")
