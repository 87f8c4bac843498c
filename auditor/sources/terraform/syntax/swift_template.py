"""The parser of strings in quotes, heredocs and template files."""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.syntax import swift_values as make
from auditor.sources.terraform.syntax.ast import Expression, Literal
from auditor.sources.terraform.syntax.misread import Misread
from auditor.sources.terraform.syntax.swift_collection import for_names
from auditor.sources.terraform.syntax.swift_patterns import INSERTION, TEXT
from auditor.sources.terraform.syntax.template import (
    For,
    If,
    Inserted,
    Interpolation,
    Piece,
    Text,
    Word,
    made_inserted,
    made_text,
    quoted_text,
    template,
)
from auditor.tree import Location

if TYPE_CHECKING:
    from auditor.sources.terraform.syntax.swift_expression import Expressions

_LEVELS = 3  # A template takes three times as many of our own calls as a bracket.
_HEREDOC = re.compile(r"<<(-?+)([^\W\d][\w-]*+)\r?\n")
_LINE = re.compile(r"[^\n]*+\n?")
_INDENTATION = re.compile(r"^[^\S\n]*+(?=\S)", re.MULTILINE)

Part = tuple[str, Location] | Expression | Inserted
Span = tuple[int, int, Expression | Inserted]


def quoted(reader: Expressions, begin: int) -> Expression:
    """The string whose opening quote is at ``begin``."""
    at = reader.at(begin)
    reader.deepen(_LEVELS, begin)
    text = reader.text
    parts: list[Part] = []
    pos = begin + 1
    while True:
        found = TEXT.match(text, pos)
        end = found.end() if found else pos
        if end > pos:
            parts.append(_text(text[pos:end], reader.at(pos)))
        if text.startswith('"', end):
            break
        found = INSERTION.match(text, end)
        if found is None:
            hint = 'close it with a ", or use a heredoc (<<EOT)'
            raise InputError("this string is not closed on its line", at=str(at), hint=hint)
        parts.append(_part(reader, found))
        pos = reader.pos
    reader.pos = end + 1
    reader.depth -= _LEVELS
    return _together(parts, at)


def _text(raw: str, at: Location) -> tuple[str, Location]:
    if "\\" in raw or "{" in raw:
        return quoted_text(raw, at).value, at
    return intern(raw), at


def _together(parts: list[Part], at: Location) -> Expression:
    if any(isinstance(part, Inserted) for part in parts):
        return template([_piece(part) for part in parts], at)
    values: list[Expression] = [
        make.Literal(*part) if isinstance(part, tuple) else part
        for part in parts
        if not isinstance(part, Inserted)
    ]
    if not values:
        return make.Literal("", at)
    if len(values) == 1 and isinstance(only := values[0], Literal) and isinstance(only.value, str):
        return make.Literal(only.value, at)
    return make.Template(tuple(values), at)


def _piece(part: Part) -> Piece:
    if isinstance(part, tuple):
        return made_text(*part)
    if isinstance(part, Inserted):
        return part
    return made_inserted(Interpolation(part), part.at, part.at, False, False)  # noqa: FBT003 - by position alone


def _part(reader: Expressions, found: re.Match[str]) -> Expression | Inserted:
    """What begins with the ``${`` or ``%{`` that was found; an interpolation that strips nothing as it is."""
    simple = reader.patterns.insertion.match(reader.text, found.start())
    if simple is not None:
        reader.pos = simple.end()
        return reader.dotted(simple[1], reader.at(simple.start(1)))
    strips_before = found[2] != ""
    if found[1] == "$":
        value = reader.expression(found.end(), reader.loose)
        strips_after = _close(reader)
        if not strips_before and not strips_after:
            return value
        content: Interpolation | If | For | Word = Interpolation(value)
    else:
        content = _directive(reader, found)
        strips_after = _close(reader)
    return made_inserted(
        content, reader.at(found.start()), reader.at(reader.pos), strips_before, strips_after
    )


def _close(reader: Expressions) -> bool:
    begin = reader.skip(reader.loose)
    strips = reader.text.startswith("~", begin)
    if not reader.text.startswith("}", begin + strips):
        raise Misread(begin, '"}"')
    reader.pos = begin + strips + 1
    return strips


def _directive(reader: Expressions, opening: re.Match[str]) -> If | For | Word:
    reader.pos = opening.end()
    for word in ("else", "endif", "endfor"):
        if reader.word(word):
            return Word(word)
    if reader.word("if"):
        return If(reader.expression(reader.pos, reader.loose))
    if reader.word("for"):
        return For(*for_names(reader))
    at = str(reader.at(opening.start()))
    raise InputError("expected if, else, endif, for or endfor after %{", at=at)


@lru_cache(maxsize=256)
def _closing(marker: str) -> re.Pattern[str]:
    return re.compile(rf"^[^\S\n]*+{re.escape(marker)}(?=[^\S\n]*+$)", re.MULTILINE)


def heredoc(reader: Expressions, begin: int) -> Expression:
    """The heredoc whose ``<<`` is at ``begin``."""
    text, at = reader.text, reader.at(begin)
    found = _HEREDOC.match(text, begin)
    if found is None:
        if text.startswith("<<", begin):
            raise InputError("no heredoc begins here", at=str(at), hint="write <<EOT and a line break")
        raise Misread(begin, "an expression")
    unindent, marker = found[1] != "", found[2]
    closing = _closing(marker)
    pos = found.end()
    end = closing.search(text, pos)
    reader.deepen(_LEVELS, begin)
    spans: list[Span] = []
    while end is not None and (found := _insertion(text, pos, end.start())) is not None:
        spans.append((pos, found.start(), _part(reader, found)))
        pos = reader.pos
        if pos > end.start():
            end = closing.search(text, pos)
    reader.depth -= _LEVELS
    if end is None:
        message = f"this heredoc is never closed by a line with {marker} alone"
        raise InputError(message, at=str(at))
    reader.pos = end.end()
    if not spans:
        value = _resolved(text[pos : end.start()])
        return make.Literal(_unindented(value) if unindent else value, at)
    return _of_lines(reader, spans, (pos, end.start()), at, unindent=unindent)


def _of_lines(
    reader: Expressions, spans: list[Span], last: tuple[int, int], at: Location, *, unindent: bool
) -> Expression:
    """The template of insertions, each with the span of the text before it, and of a ``last`` text."""
    if unindent or any(isinstance(inserted, Inserted) for _, _, inserted in spans):
        pieces: list[Piece] = []
        for begin, end, inserted in spans:
            pieces += _lines(reader, begin, end, each=unindent)
            pieces.append(_piece(inserted))
        pieces += _lines(reader, *last, each=unindent)
        return template(pieces, at, unindent=unindent)
    parts: list[Part] = []
    for begin, end, inserted in spans:
        if begin < end:
            parts.append((_resolved(reader.text[begin:end]), reader.at(begin)))
        parts.append(inserted)
    if last[0] < last[1]:
        parts.append((_resolved(reader.text[slice(*last)]), reader.at(last[0])))
    return _together(parts, at)


def whole_template(reader: Expressions) -> Expression:
    """The text as a template."""
    text, pos = reader.text, 0
    if "${" not in text and "%{" not in text:
        return Literal(text, reader.at(0))
    spans: list[Span] = []
    while (found := _insertion(text, pos, len(text))) is not None:
        spans.append((pos, found.start(), _part(reader, found)))
        pos = reader.pos
    return _of_lines(reader, spans, (pos, len(text)), reader.at(0), unindent=False)


def _insertion(text: str, pos: int, end: int) -> re.Match[str] | None:
    while (found := INSERTION.search(text, pos, end)) is not None and found[1] is None:
        pos = found.end()
    return found


def _resolved(raw: str) -> str:
    return raw.replace("$${", "${").replace("%%{", "%{") if "{" in raw else raw


def _lines(reader: Expressions, begin: int, end: int, *, each: bool) -> list[Text]:
    """The text between two insertions: ``each`` line of it, or only its first and last apart from the rest.

    Stripping takes from the line next to an insertion alone, and unindenting from every one.
    """
    raw = reader.text[begin:end]
    if each:
        cuts = [found.end() for found in _LINE.finditer(raw)]
    else:
        cuts = sorted({raw.find("\n") + 1, raw.rfind("\n", 0, -1) + 1, len(raw)})
    pieces: list[Text] = []
    last = 0
    for cut in cuts:
        if cut > last:
            pieces.append(made_text(_resolved(raw[last:cut]), reader.at(begin + last)))
            last = cut
    return pieces


def _unindented(value: str) -> str:
    """Every line that is not blank without the least indentation of these."""
    least = min((len(found[0]) for found in _INDENTATION.finditer(value)), default=0)
    if not least:
        return value
    return re.sub(rf"^(?=[^\S\n]*+\S)[^\S\n]{{{least}}}", "", value, flags=re.MULTILINE)
