"""The functions that make texts: ``Fn::Sub``, ``Fn::Join``, ``Fn::Base64`` and ``Fn::ToJsonString``."""

from __future__ import annotations

import base64 as encoding
import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import lifted, listed, single
from auditor.sources.cloudformation.evaluate.collections import exact_sequence
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.evaluate.references import attribute, named
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Items
from auditor.sources.cloudformation.values.identity import reasons_of, text_of, unknown_call
from auditor.sources.cloudformation.values.texts import LONGEST_TEXT, concatenated
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

_VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_.:\[\]-]+")


def sub(call: Call, frame: Frame) -> Node:
    """``Fn::Sub``: a text with ``${Name}``, ``${Resource.Attribute}`` and ``${!Literal}`` in it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    argument, own = call.argument, dict[str, Node]()
    if isinstance(argument, Items):
        argument, variables = listed(call, 2)
        if not isinstance(variables, Entries):
            raise InputError("the second value of Fn::Sub is a map of variables")
        own = {entry.key: evaluate(entry.value, frame) for entry in variables.entries}
    if not isinstance(argument, Scalar) or text_of(argument) is None:
        raise InputError("Fn::Sub takes a text that is written out")
    pieces = _pieces(text_of(argument) or "", argument.at, own, frame)
    return _joined(pieces, call.at)


def _pieces(text: str, at: Location, own: Mapping[str, Node], frame: Frame) -> list[Node]:
    pieces: list[Node] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        pieces.append(Scalar(text[end : found.start()], at))
        pieces.append(Scalar(f"${{{found[2]}}}", at) if found[1] else _variable(found[2], at, own, frame))
        end = found.end()
    return [*pieces, Scalar(text[end:], at)]


def _variable(name: str, at: Location, own: Mapping[str, Node], frame: Frame) -> Node:
    if name in own:
        return own[name]
    if not _NAME.fullmatch(name):
        raise InputError(
            f"${{{name}}} is no name", hint="write ${Name}, ${Resource.Attribute} or ${!Literal}"
        )
    resource, _, path = name.partition(".")
    if path and name not in frame.names:
        return attribute(resource, path, at, frame)
    return named(name, at, frame)


def _joined(pieces: list[Node], at: Location) -> Node:
    return lifted(
        pieces,
        lambda: Unknown(reasons_of(*pieces), at, identity=_identity(pieces, at), type="string"),
        lambda way: concatenated(way, at),
    )


def _identity(pieces: list[Node], at: Location) -> str:
    """The name of the text that pieces make, whatever their options."""
    whole = concatenated(pieces, at)
    return whole.identity if isinstance(whole, Unknown) else ""


def join(call: Call, frame: Frame) -> Node:
    """``Fn::Join``.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
    """
    delimiter, items = listed(call, 2)
    found = (evaluate(delimiter, frame), exact_sequence(items, frame))

    def apply(way: tuple[Node, ...]) -> Node:
        between, sequence = way
        if text_of(between) is None and not isinstance(between, Unknown | Reference):
            raise InputError("the delimiter of Fn::Join is a text")
        if not isinstance(sequence, Seq):
            return _of_unknown(call, way, "Fn::Join takes a delimiter and a list")
        if sequence.more is not None or sequence.unordered:
            return unknown_call("Join", call.at, way, "string")
        pieces = [piece for item in sequence.items for piece in (between, item)][1:]
        return _joined(pieces, call.at)

    return lifted(found, lambda: unknown_call("Join", call.at, found, "string"), apply)


def _of_unknown(call: Call, way: tuple[Node, ...], complaint: str) -> Unknown:
    if isinstance(way[-1], Scalar | Map):
        raise InputError(complaint)
    return unknown_call(call.name.removeprefix("Fn::"), call.at, way, "string")


def base64(call: Call, frame: Frame) -> Node:
    """``Fn::Base64``."""
    argument = evaluate(single(call), frame)

    def apply(way: tuple[Node, ...]) -> Node:
        text = text_of(way[0])
        if text is None:
            if not isinstance(way[0], Unknown | Reference):
                raise InputError("Fn::Base64 takes a text")
            return unknown_call("Base64", call.at, way, "string")
        return Scalar(encoding.b64encode(text.encode("utf-8", "surrogatepass")).decode(), call.at)

    return lifted((argument,), lambda: unknown_call("Base64", call.at, (argument,), "string"), apply)


def to_json_string(call: Call, frame: Frame) -> Node:
    """``Fn::ToJsonString``: an object or a list as JSON without spaces.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
    """
    argument = evaluate(call.argument, frame)
    if not is_wholly_known(argument):
        # Without a name: to names the number 1 and its text are one, and in JSON they are not.
        return Unknown(reasons_of(argument), call.at, type="string")
    if isinstance(argument, Scalar):
        raise InputError("Fn::ToJsonString takes a map or a list")
    text = json.dumps(_plain(argument), separators=(",", ":"), ensure_ascii=False)
    if len(text) > LONGEST_TEXT:
        raise InputError(f"the text is longer than {LONGEST_TEXT} characters")
    return Scalar(text, call.at)


def _plain(node: Node) -> Json:
    match node:
        case Seq():
            return [_plain(item) for item in node.items]
        case Map():
            return {key: _plain(item) for key, item in node.entries.items()}
        case Scalar(value=str() | int() | float() as value):
            return value
        case _:
            return None
