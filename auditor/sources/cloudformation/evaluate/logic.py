"""The functions of conditions and of rules. What is not decided stays an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import listed, written
from auditor.sources.cloudformation.evaluate.collections import exact_sequence
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Syntax
from auditor.sources.cloudformation.template.conditions import (
    FALSE,
    TRUE,
    Condition,
    every,
    negated,
    some,
    undecided,
)
from auditor.sources.cloudformation.values.identity import identity_of, reasons_of, same
from auditor.sources.values import identity
from auditor.tree import Map, Node, Scalar, Seq

_MOST_JOINED = 10


def condition(syntax: Syntax, frame: Frame) -> Condition:
    """The condition that syntax is: a function, or a name where ``Fn::If`` and ``Condition`` take one.

    What is none is undecided, with a gap.
    """
    try:
        return _condition(syntax, frame).within(frame.assumed)
    except InputError as error:
        return undecided(frame.run.invalid(error, frame.label, syntax.at).reasons)


def _condition(syntax: Syntax, frame: Frame) -> Condition:
    match syntax:
        case Call() if syntax.name in CONDITIONS:
            return CONDITIONS[syntax.name](syntax, frame)
        case Call(name="Condition"):
            return frame.stack.condition(written(syntax.argument, "the name of a condition"))
        case Entries(entries=(entry,)) if entry.key == "Condition":
            return frame.stack.condition(written(entry.value, "the name of a condition"))
        case Scalar(value=str() as name):
            return frame.stack.condition(name)
        case Call() if syntax.name in {"Fn::Transform", "Ref"}:
            return _of_value(evaluate(syntax, frame))
        case _:
            raise InputError(
                "this is no condition", hint="write Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition"
            )


def _of_value(node: Node) -> Condition:
    if isinstance(node, Scalar | Seq | Map):
        raise InputError("a value is no condition")
    return undecided(reasons_of(node), identity_of(node))


def _equals(call: Call, frame: Frame) -> Condition:
    a, b = (exact_sequence(argument, frame) for argument in listed(call, 2))
    return equal(a, b)


def equal(a: Node, b: Node) -> Condition:
    """Whether two values are equal."""
    verdict = same(a, b)
    if verdict is not None:
        return TRUE if verdict else FALSE
    names = sorted((identity_of(a), identity_of(b)))
    return undecided(reasons_of(a, b), identity(f"Equals({', '.join(names)})") if all(names) else "")


def _not(call: Call, frame: Frame) -> Condition:
    return negated(condition(listed(call, 1)[0], frame))


def _joined(
    join: Callable[[Iterable[Condition]], Condition], least: int, call: Call, frame: Frame
) -> Condition:
    return join([condition(argument, frame) for argument in listed(call, least, _MOST_JOINED)])


def _contains(call: Call, frame: Frame) -> Condition:
    """``Fn::Contains``: whether a text is in a list."""
    items, text = (exact_sequence(argument, frame) for argument in listed(call, 2))
    return _among(items, text)


def _among(items: Node, text: Node) -> Condition:
    if not isinstance(items, Seq):
        return undecided(reasons_of(items, text))
    found = [equal(item, text) for item in items.items]
    if items.more is not None:
        found.append(undecided(reasons_of(items.more)))
    return some(found)


def _each_member_equals(call: Call, frame: Frame) -> Condition:
    items, text = (exact_sequence(argument, frame) for argument in listed(call, 2))
    return _of_each(items, lambda item: equal(item, text))


def _each_member_in(call: Call, frame: Frame) -> Condition:
    items, among = (exact_sequence(argument, frame) for argument in listed(call, 2))
    return _of_each(items, lambda item: _among(among, item))


def _of_each(items: Node, test: Callable[[Node], Condition]) -> Condition:
    if not isinstance(items, Seq):
        return undecided(reasons_of(items))
    further = [] if items.more is None else [undecided(reasons_of(items.more))]
    return every([*(test(item) for item in items.items), *further])


CONDITIONS: dict[str, Callable[[Call, Frame], Condition]] = {
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": partial(_joined, every, 2),
    "Fn::Or": partial(_joined, some, 2),
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_member_equals,
    "Fn::EachMemberIn": _each_member_in,
}
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
and, for rules,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html"""


def as_value(call: Call, frame: Frame) -> Node:
    """A function of conditions where a value is asked for."""
    return condition(call, frame).node(call.at)
