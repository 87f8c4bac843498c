"""A second, independent parser: python-hcl2's grammar (Lark, LALR), slow; the parser is held equal to it.

``DEVIATIONS`` are valid inputs that its grammar rejects all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from syntax_reference_terms import Terms, Tree

from auditor.errors import InputError
from auditor.sources.places import Locate, Origin, locator, utf8
from auditor.sources.terraform.syntax.ast import Attribute, Block, Body, Expression
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, too_deep
from auditor.sources.terraform.syntax.lines import not_separate
from auditor.sources.terraform.syntax.mask import Masked, Masker, Span
from auditor.sources.terraform.syntax.template import (
    For,
    If,
    Inserted,
    Interpolation,
    Piece,
    Text,
    Word,
    quoted_text,
    template,
)
from auditor.tree import Location

DEVIATIONS = {
    "x = !!a": "a sign before a sign",
    "x = - -a": "a sign before a sign",
    "x = b[ * ]": "blanks in a splat",
    "x = <<EOT\n${f(\nEOT\n)}\nEOT\n": "a heredoc's marker within an interpolation",
}
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b")
_FOR = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?\s(?:in\b|in$)")
_PREFIX, _SUFFIX = "x=(", ")"


def parse(text: str | bytes, path: str, origin: Origin | None = None) -> Body:
    """The body of a file in Terraform's native syntax. Raises ``InputError`` at the first error."""
    reader = Reader(utf8(text, path), path, origin)
    try:
        masked = reader.masker.code(0)
        tree = reader.tree(masked)
        return reader.body(tree.children[0], reader.at(0), masked, 0)
    except RecursionError:
        raise too_deep(Location(path)) from None


def parse_template(text: str, path: str, origin: Origin | None = None) -> Expression:
    """A text that is a template as a whole. Raises ``InputError``."""
    reader = Reader(utf8(text, path), path, origin)
    span = Span(0, len(reader.text), heredoc=True)
    try:
        return template(reader.pieces(span, 0), reader.at(0))
    except RecursionError:
        raise too_deep(Location(path)) from None


class Reader:
    """One text: its places, and its parts as our syntax."""

    def __init__(self, data: bytes, path: str, origin: Origin | None) -> None:
        self.data = data
        self.text = data.decode()
        self.locate = locator(data, path, origin)
        widths = (len(character.encode()) for character in self.text)
        self.offsets = None if data.isascii() else list(accumulate(widths, initial=0))
        self.masker = Masker(self.text, self.at)
        self.dots_in_keys = False

    def byte(self, offset: int) -> int:
        """The byte at which the character at ``offset`` begins."""
        return offset if self.offsets is None else self.offsets[min(offset, len(self.text))]

    def at(self, offset: int) -> Location:
        """The place of the character at ``offset``."""
        return self.locate(self.byte(offset))

    def tree(self, masked: Masked, prefix: str = "", suffix: str = "") -> Tree:
        """Lark's tree of masked code. Raises ``InputError`` with what was expected."""
        from hcl2.parser import parser
        from lark import UnexpectedInput

        try:
            return parser().parse(f"{prefix}{masked.text}{suffix}\n")
        except UnexpectedInput as error:
            raise InputError("python-hcl2 does not read this", at=str(self.at(masked.begin))) from error

    def body(self, tree: Tree, at: Location, masked: Masked, depth: int) -> Body:
        """A body whose tree was read from ``masked``."""
        if depth > DEPTH_LIMIT:
            raise too_deep(at)
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        terms = Terms(self, masked, 0, depth)
        end = -1
        for child in tree.children:
            if child.data not in ("attribute", "block"):
                continue
            begin = child.meta.start_pos
            if end >= 0 and "\n" not in self.text[end:begin]:
                raise not_separate(self.at(begin))
            end = terms.end(child)
            if child.data == "attribute":
                name, _, tree_ = child.children
                self.dots_in_keys = terms.word(name) == "providers"
                value = terms.checked(tree_)
                attributes.append(Attribute(terms.word(name), value, self.at(begin)))
            else:
                blocks.append(self.block(child, terms, masked, depth))
        return Body(tuple(attributes), tuple(blocks), at)

    def block(self, tree: Tree, terms: Terms, masked: Masked, depth: int) -> Block:
        """A block: its type, its labels, its body."""
        head: list[str] = []
        for child in tree.children:
            if getattr(child, "type", "") == "LBRACE":
                body_at = self.at(child.start_pos)
            elif getattr(child, "data", "") == "body":
                body = self.body(child, body_at, masked, depth + 1)
            elif getattr(child, "data", "") == "string":
                span = masked.spans[child.meta.start_pos]
                if self.masker.insertions(span):
                    raise InputError("a label is plain text", at=str(self.at(child.meta.start_pos)))
                head.append(quoted_text(self.text[span.begin : span.end], self.at(span.begin)).value)
            elif getattr(child, "data", "") in ("identifier", "keyword", "literal_value"):
                head.append(terms.word(child))
        return Block(head[0], tuple(head[1:]), body, self.at(tree.meta.start_pos))

    def expression(self, masked: Masked, depth: int) -> Expression:
        """One expression on its own, inside of a template."""
        if not masked.text.strip():
            message = "expected an expression between ${ and }"
            raise InputError(message, at=str(self.at(max(0, masked.begin - 2))))
        attribute = self.tree(masked, _PREFIX, _SUFFIX).children[0].children[0]
        terms = Terms(self, masked, masked.begin - len(_PREFIX), depth)
        return terms.expression(attribute.children[2])

    def string(self, offset: int, span: Span, depth: int) -> Expression:
        """The string or heredoc that begins at ``offset``."""
        return template(self.pieces(span, depth), self.at(offset), unindent=span.unindent)

    def pieces(self, span: Span, depth: int) -> list[Piece]:
        """The pieces of the template in ``span``."""
        result: list[Piece] = []
        position = span.begin
        for begin, masked in self.masker.insertions(span):
            result += self.literal(position, begin, span)
            result.append(self.inserted(begin, masked, depth))
            position = masked.end + 1
        return result + self.literal(position, span.end, span)

    def literal(self, begin: int, end: int, span: Span) -> list[Piece]:
        """The text between two insertions."""
        if begin >= end:
            return []
        raw = self.text[begin:end]
        if span.heredoc:
            return list(unquoted_text(raw, self.byte(begin), self.locate))
        return [quoted_text(raw, self.at(begin))]

    def inserted(self, begin: int, masked: Masked, depth: int) -> Inserted:
        """One ``${ }`` or ``%{ }``."""
        before = masked.text.startswith("~")
        after = masked.text.endswith("~") and len(masked.text) > before
        inner = _cut(masked, int(before), len(masked.text) - after)
        at, end = self.at(begin), self.at(masked.end + 1)
        if self.text[begin] == "$":
            content: Interpolation | If | For | Word = Interpolation(self.expression(inner, depth + 1))
        else:
            content = self.directive(inner, at, depth)
        return Inserted(content, at, end, before, after)

    def directive(self, masked: Masked, at: Location, depth: int) -> If | For | Word:
        """What a ``%{ }`` says."""
        match = _DIRECTIVE.match(masked.text)
        if match is None:
            raise InputError("expected if, else, endif, for or endfor after %{", at=str(at))
        word = match.group(1)
        rest = _cut(masked, match.end(), len(masked.text))
        if word == "if":
            return If(self.expression(rest, depth + 1))
        if word != "for":
            if rest.text.strip():
                raise InputError(f'expected a "}}" after {word}', at=str(self.at(rest.begin)))
            return Word(word)
        names = _FOR.match(rest.text)
        if names is None:
            raise InputError(
                'expected "NAME in …" or "KEY, VALUE in …" after for', at=str(self.at(rest.begin))
            )
        first, second = (self.name(rest, names, group) for group in (1, 2))
        collection = self.expression(_cut(rest, names.end(), len(rest.text)), depth + 1)
        return For(first if second else "", second or first, collection)

    def name(self, masked: Masked, match: re.Match[str], group: int) -> str:
        """The name that a group matched, as it was before the mask."""
        begin, end = match.span(group)
        return self.text[masked.begin + begin : masked.begin + end] if begin >= 0 else ""


def _cut(masked: Masked, begin: int, end: int) -> Masked:
    return Masked(masked.begin + begin, masked.begin + end, masked.text[begin:end], masked.spans)


def unquoted_text(raw: str, offset: int, locate: Locate) -> Iterator[Text]:
    """The lines of text in a heredoc or a template file, which begins at byte ``offset``."""
    begin = 0
    while begin < len(raw):
        end = raw.find("\n", begin) + 1 or len(raw)
        line = raw[begin:end]
        value = line.replace("$${", "${").replace("%%{", "%{") if "{" in line else line
        yield Text(value, locate(offset))
        offset += len(line) if line.isascii() else len(line.encode("utf-8", "surrogatepass"))
        begin = end
