"""The functions that choose: ``Fn::If`` and ``Fn::FindInMap``."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import lifted, listed
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.evaluate.logic import condition
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Syntax
from auditor.sources.cloudformation.values.identity import (
    call_identity,
    identity_of,
    one_of,
    reasons_of,
    text_of,
)
from auditor.sources.values import identity, joined, passed
from auditor.tree import Map, Node, Reference, Unknown


def if_(call: Call, frame: Frame) -> Node:
    """``Fn::If``: one of two values, each evaluated as if its condition held.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
    """
    test, then, otherwise = listed(call, 3)
    decided = condition(test, frame)
    if decided.truth is not None:
        return passed(evaluate(then if decided.truth else otherwise, frame), call.at)
    a = evaluate(then, frame.given(decided, truth=True))
    b = evaluate(otherwise, frame.given(decided, truth=False))
    names = (decided.name, identity_of(a), identity_of(b))
    name = identity(f"If({', '.join(names)})") if all(names) else ""
    return passed(one_of((a, b), joined((*decided.reasons, *reasons_of(a, b))), call.at, name), call.at)


def find_in_map(call: Call, frame: Frame) -> Node:
    """``Fn::FindInMap``; with ``DefaultValue`` and functions inside as ``AWS::LanguageExtensions`` has it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
    """
    arguments = listed(call, 3, 4)
    found = tuple([evaluate(argument, frame) for argument in arguments[:3]])
    default = _default(arguments[3], frame) if len(arguments) > 3 else None

    def unknown(way: tuple[Node, ...]) -> Unknown:
        extra = () if default is None else (default,)
        name = call_identity(f"{frame.stack.name}/FindInMap", *way, *extra)
        return Unknown(reasons_of(*found, *extra), call.at, identity=name)

    def apply(way: tuple[Node, ...]) -> Node:
        if any(text_of(each) is None and not isinstance(each, Unknown | Reference) for each in way):
            raise InputError("the keys of Fn::FindInMap are texts")
        values = list(_matching(way, frame))
        if default is not None and (not values or None in map(text_of, way)):
            values.append(default)
        if not values:
            keys = " ".join([text_of(each) or "…" for each in way])
            raise InputError(f"the mappings have nothing under {keys}", hint="add it, or a DefaultValue")
        whole = unknown(way)
        return passed(one_of(values, whole.reasons, call.at, whole.identity), call.at)

    return lifted(found, lambda: unknown(found), apply)


def _default(syntax: Syntax, frame: Frame) -> Node:
    entry = syntax.get("DefaultValue") if isinstance(syntax, Entries) else None
    if entry is None:
        raise InputError("the fourth value of Fn::FindInMap is a map of DefaultValue")
    return evaluate(entry.value, frame)


def _matching(way: tuple[Node, ...], frame: Frame) -> Iterator[Node]:
    """The values under the keys, all of them where a key is not known."""
    nodes: list[Node] = [frame.stack.mappings]
    reached: list[Node] = []
    for key in way:
        reached = []
        for node in nodes:
            reached += _below(node, key)
        nodes = reached
    yield from nodes


def _below(node: Node, key: Node) -> list[Node]:
    if not isinstance(node, Map):
        return [node] if isinstance(node, Unknown) else []
    text = text_of(key)
    if text is None:
        found = list(node.entries.values())
    else:
        found = [node.entries[text]] if text in node.entries else []
    more = node.more is not None and (text is None or not found)
    return [*found, node.more] if more and node.more is not None else found
