"""``format`` and ``formatlist``: Go's verbs, as Terraform has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from auditor.errors import InputError
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
    is_wholly_known,
    reasons_of,
    to_bool,
    to_number,
    to_text,
    unknown_call,
)
from auditor.tree import Node, Reference, Scalar, Seq, Unknown

_VERB = (
    r"%(?P<flags>[ +\-0#]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d+))?(?:\[(?P<index>\d+)\])?(?P<mode>.)?"
)


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
                return general(number)
    return json_text(to_python(argument))


def general(number: float) -> str:
    """A number as Go's ``%g`` has it: with an exponent below 1e-4 and from 1e6 on."""
    digits = format_number(number)
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, _, part = digits.partition(".")
    significant = (whole + part).lstrip("0").rstrip("0") or "0"
    exponent = len(whole) - 1 if whole != "0" else -(len(part) - len(part.lstrip("0"))) - 1
    if number == 0 or -4 <= exponent < 6:
        return sign + digits
    mantissa = significant[0] + (f".{significant[1:]}" if significant[1:] else "")
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def _number(verb: re.Match[str], mode: str, number: float) -> str:
    flags = "".join(flag for flag in " +-0#" if flag in verb["flags"])
    if "-" in flags:
        flags = flags.replace("0", "")
    layout = f"%{flags}{verb['width'] or ''}{'' if verb['precision'] is None else '.' + verb['precision']}"
    if mode in "bdoxX":
        if not isinstance(number, int):
            raise InputError("an integer is required")
        return _integer(layout, mode, number)
    if mode in "gG" and verb["precision"] is None:
        text = general(number)
        text = text.upper() if mode == "G" else text
        signed = text if number < 0 else ("+" if "+" in flags else " " if " " in flags else "") + text
        return _fill(signed, flags, int(verb["width"] or 0))
    if mode == "f":
        return _decimal(verb, flags, number)
    return (layout + mode) % number


def _decimal(verb: re.Match[str], flags: str, number: float) -> str:
    from decimal import Decimal

    places = 6 if verb["precision"] is None else int(verb["precision"])
    text = format(Decimal(format_number(number)), f".{places}f")
    return _fill(_sign(number, flags) + text.removeprefix("-"), flags, int(verb["width"] or 0))


def _sign(number: float, flags: str) -> str:
    return "-" if number < 0 else "+" if "+" in flags else " " if " " in flags else ""


def _integer(layout: str, mode: str, number: int) -> str:
    spec = re.fullmatch(r"%([ +\-0#]*)(\d*)(?:\.(\d+))?", layout)
    flags, width = (spec[1], int(spec[2] or 0)) if spec else ("", 0)
    prefix = {"o": "0", "x": "0x", "X": "0X", "b": "0b"}.get(mode, "") if "#" in flags else ""
    digits = format(abs(number), mode).rjust(int((spec and spec[3]) or 0), "0")
    return _fill(_sign(number, flags) + prefix + digits, flags, width)


def _fill(text: str, flags: str, width: int) -> str:
    if "-" in flags:
        return text.ljust(width)
    return text.zfill(width) if "0" in flags else text.rjust(width)


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
    if isinstance(node, Unknown):
        return node.type not in {"string", "number", "bool"}
    return isinstance(node, Seq) or (isinstance(node, Reference) and not is_scalar_reference(node))


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
