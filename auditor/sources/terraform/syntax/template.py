"""Templates: what is between an opening and a closing quote, or in a heredoc, as an expression.

The parser gives pieces in the order of the text; strip markers, escapes, indented heredocs and the nesting
of directives are here (HCL native syntax specification, "Templates"; the order of stripping and
unindenting is that of Terraform's own parser, which works on one line of a heredoc at a time).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.syntax.ast import Expression, Literal, Template, TemplateFor, TemplateIf
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, too_deep
from auditor.sources.twin import twin
from auditor.tree import Location

_QUOTED_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))|([$%])\4\{", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_UNBOUNDED = 1 << 60


@dataclass(frozen=True, slots=True)
class Text:
    """Text with its escapes resolved; in a heredoc never more than one line."""

    value: str
    at: Location


@dataclass(frozen=True, slots=True)
class Interpolation:
    """``${ value }``."""

    value: Expression


@dataclass(frozen=True, slots=True)
class If:
    """``%{ if condition }``."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class For:
    """``%{ for key_name, value_name in collection }``."""

    key_name: str
    value_name: str
    collection: Expression


@dataclass(frozen=True, slots=True)
class Word:
    """``%{ else }``, ``%{ endif }`` or ``%{ endfor }``."""

    word: str


@dataclass(frozen=True, slots=True)
class Inserted:
    """Anything in ``${ }`` or ``%{ }``, from ``at`` to ``end``, and whether it strips the text around it."""

    content: Interpolation | If | For | Word
    at: Location
    end: Location
    strips_before: bool
    strips_after: bool


Piece = Text | Inserted

made_text = twin(Text)
made_inserted = twin(Inserted)


def quoted_text(raw: str, at: Location) -> Text:
    """The text between two quotes. Raises ``InputError`` for a line break and for an unknown escape."""
    if "\n" in raw:
        hint = "use \\n, or a heredoc (<<EOT)"
        raise InputError("a quoted string cannot hold a line break", at=str(at), hint=hint)
    if "\\" not in raw and "{" not in raw:
        return Text(raw, at)

    def replacement(match: re.Match[str]) -> str:
        short, long, other, dollar = match.groups()
        if dollar:
            return f"{dollar}{{"
        if other is not None:
            if other not in _PLAIN_ESCAPES:
                raise _unknown_escape(at, match)
            return _PLAIN_ESCAPES[other]
        code = int(short or long, 16)
        if code > 0x10FFFF:
            raise _unknown_escape(at, match)
        return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code <= 0xDFFF else chr(code)

    return Text(_QUOTED_ESCAPE.sub(replacement, raw), at)


def _unknown_escape(at: Location, match: re.Match[str]) -> InputError:
    place = Location(at.path, at.line, at.column + match.start()) if at.line else at
    hint = 'known are \\n \\r \\t \\" \\\\ \\uNNNN \\UNNNNNNNN; write \\\\ for a backslash'
    return InputError(f"unknown escape {match.group()}", at=str(place), hint=hint)


def template(pieces: Sequence[Piece], at: Location, *, unindent: bool = False) -> Expression:
    """The pieces of one template as an expression at ``at``; ``unindent`` for ``<<-``."""
    if not pieces:
        return Literal("", at)
    if len(pieces) > 1 or not isinstance(pieces[0], Text):
        pieces = _strip(pieces)
    if unindent:
        pieces = _unindent(pieces)
    nesting = _Nesting(pieces)
    body = nesting.parts(at)
    if nesting.position < len(pieces):
        raise nesting.stray()
    return _joined(body, at)


def _strip(pieces: Sequence[Piece]) -> list[Piece]:
    result: list[Piece] = []
    strips = False
    for piece in pieces:
        if isinstance(piece, Text):
            result.append(made_text(piece.value.lstrip(), piece.at) if strips else piece)
            strips = False
            continue
        if piece.strips_before and result and isinstance(before := result[-1], Text):
            result[-1] = made_text(before.value.rstrip(), before.at)
        strips = piece.strips_after
        result.append(piece)
    return result


def _unindent(pieces: Sequence[Piece]) -> list[Piece]:
    """Take the least indentation of all lines away from each, blank lines not counted."""
    result = list(pieces)
    least = _UNBOUNDED
    begins: list[int] = []
    at_begin = True
    for number, piece in enumerate(pieces):
        indentation = 0
        if isinstance(piece, Text):
            if at_begin:
                rest = piece.value.lstrip()
                if not rest and piece.value.endswith("\n"):
                    indentation = _UNBOUNDED
                else:
                    indentation = len(piece.value) - len(rest)
                    begins.append(number)
                least = min(least, indentation)
            at_begin = piece.value.endswith("\n")
        else:
            if at_begin:
                least = 0
            at_begin = False
    for number in begins if least else ():
        piece = result[number]
        if isinstance(piece, Text):
            result[number] = made_text(piece.value[least:], piece.at)
    return result


def _joined(parts: list[Expression], at: Location) -> Expression:
    if not parts:
        return Literal("", at)
    if len(parts) == 1 and isinstance(only := parts[0], Literal) and isinstance(only.value, str):
        return Literal(only.value, at)
    return Template(tuple(parts), at)


class _Nesting:
    """Reads pieces into parts, descending into directives."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.position = 0
        self.depth = 0

    def stray(self) -> InputError:
        piece = self.pieces[self.position]
        word = piece.content.word if isinstance(piece, Inserted) and isinstance(piece.content, Word) else ""
        opening = {"endfor": "for", "endif": "if", "else": "if"}.get(word, "if")
        return InputError(f"%{{ {word} }} without a %{{ {opening} … }} before it", at=str(piece.at))

    def parts(self, at: Location) -> list[Expression]:
        """Parts up to the next ``else``, ``endif``, ``endfor``, or the end."""
        parts: list[Expression] = []
        text: list[str] = []
        begin = at
        while self.position < len(self.pieces):
            piece = self.pieces[self.position]
            if isinstance(piece, Text):
                begin = begin if text else piece.at
                text.append(piece.value)
                self.position += 1
                continue
            if isinstance(piece.content, Word):
                break
            if text:
                parts.append(Literal("".join(text), begin))
                text = []
            parts.append(self.inserted(piece))
        if text:
            parts.append(Literal("".join(text), begin))
        return parts

    def inserted(self, piece: Inserted) -> Expression:
        self.position += 1
        match piece.content:
            case If(condition):
                then, closed_by = self.branch(piece, ("else", "endif"), piece.end)
                otherwise: Expression = Literal("", closed_by.at)
                if isinstance(closed_by.content, Word) and closed_by.content.word == "else":
                    otherwise, _ = self.branch(piece, ("endif",), closed_by.end)
                return TemplateIf(condition, then, otherwise, piece.at)
            case For(key_name, value_name, collection):
                body, _ = self.branch(piece, ("endfor",), piece.end)
                return TemplateFor(key_name, value_name, collection, body, piece.at)
            case Interpolation(value):
                return value
            case Word():
                raise self.stray()

    def branch(self, opening: Inserted, words: tuple[str, ...], at: Location) -> tuple[Expression, Inserted]:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise too_deep(opening.at)
        body = _joined(self.parts(at), at)
        self.depth -= 1
        if self.position == len(self.pieces):
            message = f"this directive is never closed by %{{ {words[-1]} }}"
            raise InputError(message, at=str(opening.at))
        closing = self.pieces[self.position]
        if isinstance(closing, Text) or not isinstance(closing.content, Word):
            raise self.stray()
        if closing.content.word not in words:
            raise self.stray()
        self.position += 1
        return body, closing
