"""``format`` and ``formatlist``: Go's verbs, as Terraform has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.decimals import general, plain, scientific
from auditor.sources.terraform.functions.encoding import json_text
from auditor.sources.terraform.functions.graphemes import graphemes
from auditor.sources.terraform.functions.signature import over_nodes, to_node, to_python
from auditor.sources.terraform.functions.unknowns import (
    as_sequence,
    further,
    has_loose_order,
    is_scalar_reference,
    nth,
)
from auditor.sources.terraform.values import (
    CallSite,
    format_number,
    reasons_of,
    to_bool,
    to_number,
    to_text,
    unknown_call,
)
from auditor.sources.terraform.values.numbers import Number, exact
from auditor.sources.values import is_wholly_known
from auditor.tree import Node, Reference, Scalar, Seq, Unknown

_VERB = (
    r"%(?P<flags>[ +\-0#]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d+))?(?:\[(?P<index>\d+)\])?(?P<mode>.)?"
)


_WIDEST = 10_000
_WIDTH_DIGITS = 6


def render(template: str, arguments: Sequence[Node], *, all_used: bool = True) -> str:
    """The text of a template with known arguments; InputError where they do not fit."""
    result, position, upcoming, highest = [], 0, 1, 0
    for verb in re.finditer(_VERB, template, re.DOTALL):
        result.append(template[position : verb.start()])
        position = verb.end()
        if verb["mode"] == "%" and verb.group() == "%%":
            result.append("%")
            continue
        number = int(verb["index"]) if verb["index"] else upcoming
        upcoming, highest = number + 1, max(highest, number)
        if not 1 <= number <= len(arguments):
            raise InputError(
                f'not enough arguments for "{verb.group()}" at {verb.start()}: '
                f"need index {number} but have {len(arguments)} total"
            )
        result.append(_render_verb(verb, arguments[number - 1]))
    if all_used and highest < len(arguments):
        raise InputError(f"too many arguments; only {highest} used by format string")
    return "".join((*result, template[position:]))


def _render_verb(verb: re.Match[str], argument: Node) -> str:
    mode = verb["mode"] or ""
    if max(int((verb[part] or "0")[:_WIDTH_DIGITS]) for part in ("width", "precision")) > _WIDEST:
        raise InputError(f'"{verb.group()[:40]}" is wider than what is written here')
    try:
        if mode == "v":
            return _pad(verb, _as_is(argument, "#" in verb["flags"]))
        _check_not_null(argument)
        if mode == "t":
            return "true" if _value(to_bool(argument)) else "false"
        if mode and mode in "bdoxXeEfFgG" and mode != "F":
            return _number(verb, mode, _value(to_number(argument)))
        if mode and mode in "sq":
            return _text(verb, mode, _value(to_text(argument)))
    except InputError as problem:
        raise InputError(
            f'unsupported value for "{verb.group()}" at {verb.start()}: {problem.message}'
        ) from None
    raise InputError(f'unsupported format verb "{mode}" in "{verb.group()}" at offset {verb.start()}')


def _check_not_null(argument: Node) -> None:
    if isinstance(argument, Scalar) and argument.value is None:
        raise InputError("null value cannot be formatted")


def _value(node: Node) -> Any:
    return to_python(node)


def _as_is(argument: Node, sharp: bool) -> str:  # noqa: FBT001 -- Go's flag
    if isinstance(argument, Scalar) and not sharp:
        match argument.value:
            case str() as text:
                return text
            case bool() | None:
                pass
            case number:
                return ("-" if format_number(number).startswith("-") else "") + general(number)
    return json_text(to_python(argument))


def _number(verb: re.Match[str], mode: str, number: Number) -> str:
    flags = "".join(flag for flag in " +-0#" if flag in verb["flags"])
    width = int(verb["width"] or 0)
    precision = None if verb["precision"] is None else int(verb["precision"])
    if mode in "bdoxX":
        return _integer(flags, width, precision, (mode, number))
    places = 6 if precision is None else precision
    match mode.lower():
        case "f":
            text = plain(number, places)
        case "e":
            text = scientific(number, places)
        case _:
            text = general(number, precision)
    text = text.upper() if mode.isupper() else text
    return _fill(_sign(number, flags) + text, flags, width)


def _sign(number: Number, flags: str) -> str:
    return (
        "-" if format_number(number).startswith("-") else "+" if "+" in flags else " " if " " in flags else ""
    )


def _integer(flags: str, width: int, precision: int | None, of: tuple[str, Number]) -> str:
    mode, number = of
    if "-" in flags:
        flags = flags.replace("0", "")
    value = exact(number)
    if value.denominator != 1:
        raise InputError("an integer is required")
    prefix = {"o": "0", "x": "0x", "X": "0X", "b": "0b"}.get(mode, "") if "#" in flags else ""
    digits = format(abs(value.numerator), mode).rjust(precision or 0, "0")
    return _fill(_sign(value.numerator, flags) + prefix + digits, flags, width)


def _fill(text: str, flags: str, width: int) -> str:
    if "0" in flags:
        return text.zfill(width)
    return text.ljust(width) if "-" in flags else text.rjust(width)


def _text(verb: re.Match[str], mode: str, text: str) -> str:
    if verb["precision"] and int(verb["precision"]):
        text = "".join(graphemes(text)[: int(verb["precision"])])
    return _pad(verb, text if mode == "s" else json_text(text))


def _pad(verb: re.Match[str], text: str) -> str:
    missing = int(verb["width"] or 0) - len(graphemes(text))
    pads = ("0" if "0" in verb["flags"] else " ") * max(missing, 0)
    return text + pads if "-" in verb["flags"] else pads + text


@over_nodes({"format_": "string"}, nullable=["args"])
def format_(site: CallSite, format_: Node, *args: Node) -> Node:
    """The text; unknown where the template or an argument is."""
    if not all(is_wholly_known(node) for node in (format_, *args)):
        return unknown_call(site, (format_, *args), "string")
    return to_node(render(_value(format_), args), site.at)


@over_nodes({"format_": "string"}, nullable=["args"])
def formatlist(site: CallSite, format_: Node, *args: Node) -> Node:
    """A text for each element of the lists, which are equally long; unknown where a part of it is."""
    if any(map(_may_be_list, args)):
        return Seq((), site.at, more=Unknown(reasons_of(format_, *args), site.at, type="string"))
    columns = [as_sequence(node, site.at) if _is_list(node) else node for node in args]
    lists = [column for column in columns if isinstance(column, Seq)]
    lengths = {len(column.items) for column in lists if _has_length(column)}
    if len(lengths) > 1:
        raise InputError("the lists have inconsistent lengths: all must have the same length")
    ordered = [len(column.items) for column in lists if not has_loose_order(column)]
    count = min(lengths, default=max(ordered, default=0 if lists else 1))
    rows = [
        tuple(_cell(*pair, row, site) for pair in zip(args, columns, strict=True)) for row in range(count)
    ]
    more = None if lengths or not lists else Unknown(reasons_of(format_, *args), site.at, type="string")
    return Seq(tuple(_row(site, format_, row) for row in rows), site.at, more=more)


def _is_list(node: Node) -> bool:
    if isinstance(node, Unknown) and node.options:
        return any(map(_is_list, node.options))
    if isinstance(node, Unknown):
        return node.type not in {"string", "number", "bool"}
    return isinstance(node, Seq) or (isinstance(node, Reference) and not is_scalar_reference(node))


def _may_be_list(node: Node) -> bool:
    """Whether a value is a list in some of the ways that it can turn out, and none in others."""
    options = node.options if isinstance(node, Unknown) else ()
    return len({_is_list(option) for option in options}) > 1


def _has_length(column: Seq) -> bool:
    return column.more is None and not has_loose_order(column)


def _cell(argument: Node, column: Node, row: int, site: CallSite) -> Node:
    if not isinstance(column, Seq):
        return argument
    if row < len(column.items) and not has_loose_order(column):
        return column.items[row]
    bound = further([*column.items, *([] if column.more is None else [column.more])], site.at)
    name = (
        argument
        if isinstance(argument, Unknown) and argument.type.startswith(("list(", "tuple("))
        else column
    )
    return nth(name, row, bound or Unknown(reasons_of(argument), site.at), site.at)


def _row(site: CallSite, template: Node, row: tuple[Node, ...]) -> Node:
    if not all(is_wholly_known(node) for node in (template, *row)):
        return unknown_call(replace(site, name="format"), (template, *row), "string")
    return to_node(render(_value(template), row), site.at)
