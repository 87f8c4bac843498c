"""Calls, lists, objects and ``for`` expressions."""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.syntax import swift_values as make
from auditor.sources.terraform.syntax.ast import Call, Expression, ForObject, ForTuple, Name, ObjectExpression
from auditor.sources.terraform.syntax.compose import key
from auditor.sources.terraform.syntax.misread import Misread
from auditor.sources.terraform.syntax.swift_patterns import END_OF_PAIR
from auditor.tree import Location

if TYPE_CHECKING:
    from auditor.sources.terraform.syntax.swift_expression import Expressions


def call(reader: Expressions, name: str, at: Location) -> Call:
    """The call of ``name`` whose opening parenthesis is next."""
    arguments, expand = items(reader, reader.pos + 1, ")")
    return Call(name, tuple(arguments), expand, at)


def namespaced_call(reader: Expressions, first: Name, mode: re.Pattern[str]) -> Call:
    """The call of a function whose ``first`` name was read and whose ``::`` is next."""
    names = [first.name]
    while reader.text.startswith("::", reader.pos):
        reader.pos += 2
        found = reader.patterns.name.match(reader.text, reader.skip(mode))
        if found is None:
            raise Misread(reader.pos, "a name")
        names.append(found[0])
        reader.pos = found.end()
        reader.skip(mode)
    name = "::".join(names)
    if not reader.text.startswith("(", reader.pos):
        raise no_name(name, first.at)
    return call(reader, name, first.at)


def no_name(name: str, at: Location) -> InputError:
    """The error for a name with ``::`` in it that is not called."""
    hint = "'::' is only in the names of functions that a provider defines"
    return InputError(f"{name[:80]!r} is not a name", at=str(at), hint=hint)


def read_tuple(reader: Expressions, begin: int) -> Expression:
    """The list or ``for`` expression whose ``[`` is at ``begin``."""
    at = reader.at(begin)
    reader.pos = begin + 1
    if reader.word("for"):
        return _for_tuple(reader, at)
    return make.TupleExpression(tuple(items(reader, begin + 1, "]")[0]), at)


def items(reader: Expressions, pos: int, closing: str) -> tuple[list[Expression], bool]:  # noqa: C901 - hot
    """Values with commas between them up to ``closing``, and whether ``...`` stands before that."""
    values: list[Expression] = []
    text, at = reader.text, reader.at
    match = reader.patterns.item.match
    end: str | None = ","
    while end == ",":
        found = match(text, pos)
        if found is None:
            values.append(_element(reader, pos, closing))
            end = text[reader.pos : reader.pos + 1]
            if end == "." and text.startswith("...", reader.pos):
                end = "..."
            pos = reader.pos + len(end)
            continue
        pos = found.end()
        string, whole, names, end, only_end = found.groups()
        if string is not None:
            values.append(make.Literal(intern(string), at(found.start(1) - 1)))
        elif names is not None:
            values.append(reader.dotted(names, at(found.start(3))))
        elif whole is not None:
            values.append(make.Literal(int(whole), at(found.start(2))))
        else:
            end = only_end
    reader.pos = pos
    if end == closing:
        return values, False
    if end == "..." and closing == ")":
        reader.close(")")
        return values, True
    raise Misread(pos - len(end or ""), f'"{closing}" or ","')


def _element(reader: Expressions, pos: int, closing: str) -> Expression:
    """A value in a list, an object or a call, where ``closing`` may stand as well."""
    try:
        return reader.expression(pos, reader.loose if closing != "}" else reader.tight)
    except Misread as misread:
        if misread.offset == _after(reader, pos) and misread.expected == "an expression":
            raise Misread(misread.offset, f'an expression or "{closing}"') from None
        raise


def _after(reader: Expressions, pos: int) -> int:
    reader.pos = pos
    return reader.skip(reader.loose)


def read_object(reader: Expressions, begin: int) -> Expression:
    """The object or ``for`` expression whose ``{`` is at ``begin``."""
    at = reader.at(begin)
    text, pos = reader.text, begin + 1
    reader.pos = pos
    if reader.word("for"):
        return _for_object(reader, at)
    pairs: list[tuple[Expression, Expression]] = []
    match = reader.patterns.pair.match
    while True:
        found = match(text, pos)
        if found is None:
            name = _key(reader, pos)
            value = _value(reader)
        elif found.lastindex == 7:
            reader.pos = found.end()
            return ObjectExpression(tuple(pairs), at)
        else:
            word = found[1]
            if word is not None:
                name = make.Literal(intern(word), reader.at(found.start(1)))
            else:
                name = make.Literal(intern(found[2]), reader.at(found.start(2) - 1))
            reader.pos = found.end()
            value = _simple(reader, found) or _value(reader)
        pairs.append((name, value))
        pos = reader.pos


def _simple(reader: Expressions, found: re.Match[str]) -> Expression | None:
    kind = found.lastindex
    if kind == 3:
        return make.Literal(intern(found[3]), reader.at(found.start(3) - 1))
    if kind == 4:
        return make.Literal(int(found[4]), reader.at(found.start(4)))
    if kind == 5:
        return reader.dotted(found[5], reader.at(found.start(5)))
    return None


def _key(reader: Expressions, pos: int) -> Expression:
    begin = _after(reader, pos)
    name = _element(reader, begin, "}")
    parenthesised = reader.text.startswith("(", begin)
    name = key(name, parenthesised=parenthesised, references=reader.dots_in_keys)
    if not reader.text.startswith(("=", ":"), reader.pos) or reader.text.startswith("==", reader.pos):
        raise Misread(reader.pos, '"=" or ":"')
    reader.pos += 1
    return name


def _value(reader: Expressions) -> Expression:
    value = reader.expression(reader.pos, reader.tight)
    found = END_OF_PAIR.match(reader.text, reader.pos)
    if found is None:
        raise Misread(reader.pos, '"}" or ","')
    reader.pos = found.end()
    return value


def for_names(reader: Expressions) -> tuple[str, str, Expression]:
    """``key, value in collection``; the key's name is empty where there is none."""
    names = ["", _name(reader)]
    begin = reader.skip(reader.loose)
    if reader.text.startswith(",", begin):
        reader.pos += 1
        names = [names[1], _name(reader)]
    if not reader.word("in"):
        raise Misread(reader.pos, '"in"' if names[0] else '"," or "in"')
    return names[0], names[1], reader.expression(reader.pos, reader.loose)


def _name(reader: Expressions) -> str:
    found = reader.patterns.name.match(reader.text, reader.skip(reader.loose))
    if found is None:
        raise Misread(reader.pos, "a name")
    reader.pos = found.end()
    return intern(found[0])


def _for_tuple(reader: Expressions, at: Location) -> ForTuple:
    key_name, value_name, collection = for_names(reader)
    reader.close(":")
    value = reader.expression(reader.pos, reader.loose)
    condition = _condition(reader)
    reader.close("]", '"if" or "]"' if condition is None else "")
    return ForTuple(key_name, value_name, collection, value, condition, at)


def _for_object(reader: Expressions, at: Location) -> ForObject:
    key_name, value_name, collection = for_names(reader)
    reader.close(":")
    name = reader.expression(reader.pos, reader.loose)
    reader.close("=>")
    value = reader.expression(reader.pos, reader.loose)
    grouped = reader.text.startswith("...", reader.pos)
    if grouped:
        reader.pos += 3
    condition = _condition(reader)
    reader.close("}", '"if" or "}"' if condition is None else "")
    return ForObject(key_name, value_name, collection, name, value, condition, grouped, at)


def _condition(reader: Expressions) -> Expression | None:
    return reader.expression(reader.pos, reader.loose) if reader.word("if") else None
