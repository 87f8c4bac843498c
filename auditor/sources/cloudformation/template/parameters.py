"""The parameters of a stack: given values, defaults, and what is known of those without either.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import lifted
from auditor.sources.cloudformation.syntax.nodes import Entries, Items, Syntax
from auditor.sources.cloudformation.values.identity import (
    MOST_OPTIONS,
    call_identity,
    is_absent,
    may_be_absent,
    reasons_of,
    same,
    text_of,
    unknown_call,
)
from auditor.sources.cloudformation.values.split import split
from auditor.sources.cloudformation.values.texts import concatenated, dynamic, literal
from auditor.tree import Gap, GapKind, Location, Map, Node, Reason, Scalar, Seq, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack

COMMAS = ","
STORED = "AWS::SSM::Parameter::Value"


class Parameters:
    """The parameters that a template declares, each evaluated when it is first asked for.

    ``further`` says why a value may be given that is not among ``given``, where that is so.
    """

    __slots__ = ("_declared", "_values", "further", "given", "stack")

    def __init__(
        self, stack: Stack, section: Entries, given: Mapping[str, Node], further: tuple[Reason, ...]
    ) -> None:
        self.stack = stack
        self.given = given
        self.further = further
        self._declared = {entry.key: entry for entry in section.entries}
        self._values: dict[str, Node] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._declared

    def names(self) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(self._declared)

    def value(self, name: str) -> Node:
        """The value of a declared parameter."""
        entry = self._declared[name]
        label = f"{self.stack.name}/{name}"
        return self.stack.run.demand(self._values, name, label, entry.at, lambda: self._value(name, label))

    def _value(self, name: str, label: str) -> Node:
        entry = self._declared[name]
        if not isinstance(entry.value, Entries):
            raise InputError("a parameter is a map", hint="give it a Type")
        kind = _text(entry.value, "Type")
        if not kind:
            raise InputError("the parameter has no Type")
        node = self._chosen(name, entry.value)
        if kind.startswith(STORED):
            return self._stored(kind, node, label, entry.at)
        if node is None:
            return self._unset(name, label, kind, entry.value)
        node = _as_list(node, node.at) if _is_list(kind) else _as_scalar(node, kind)
        return self._allowed(node, entry.value, label)

    def _chosen(self, name: str, declared: Entries) -> Node | None:
        given = self.given.get(name)
        if given is not None and not may_be_absent(given):
            return given
        default = self._default(declared)
        if not isinstance(given, Unknown):
            return default
        options = [default if is_absent(each) else each for each in given.options]
        kept = tuple([each for each in options if each is not None])
        return replace(given, options=kept, identity="" if default is None else given.identity)

    def _default(self, declared: Entries) -> Node | None:
        default = declared.get("Default")
        if default is None or self.further:
            return None
        if not isinstance(default.value, Scalar):
            raise InputError("a default is a text or a number", hint="write a list as text with commas")
        if default.value.value is None:
            raise InputError("a default cannot be null")
        return literal(default.value)

    def _stored(self, kind: str, node: Node | None, label: str, at: Location) -> Node:
        """A value that is kept in the parameter store: what is given is the name that it has there."""
        stored = None if node is None else text_of(node)
        type_ = "list(string)" if _is_list(kind.removeprefix(STORED).strip("<>")) else "string"
        if node is None or not stored:
            reason = Reason(label, at, "a snapshot")
            return Unknown((reason, *(reasons_of(node) if node else ())), at, identity=label, type=type_)
        found = dynamic(f"{{{{resolve:ssm:{stored}}}}}", node.at)
        if type_ == "string":
            return replace(found, via=node.via)
        name = call_identity("Split", Scalar(COMMAS, at), found)
        return Unknown(found.reasons, node.at, node.via, identity=name, type=type_)

    def _unset(self, name: str, label: str, kind: str, declared: Entries) -> Node:
        at = self._declared[name].at
        reasons = self.further
        if not reasons:
            settled_by = self.stack.settled_by(name)
            reasons = (Reason(label, at, settled_by),)
            if self.stack.is_nested:
                why = "the parent stack gives this parameter no value, and it has no default"
                self.stack.run.gap(Gap(GapKind.INVALID, label, at, why, settled_by))
        if _is_list(kind):
            return Unknown(reasons, at, identity=label, type="list(string)")
        type_ = kind if kind.startswith("AWS::") else "string"
        options = _allowed_values(declared)
        return Unknown(
            reasons, at, identity=label, type=type_, options=options if len(options) <= MOST_OPTIONS else ()
        )

    def _allowed(self, node: Node, declared: Entries, label: str) -> Node:
        """The value, which CloudFormation refuses where it is not one of those that are allowed."""
        allowed = _allowed_values(declared)
        if not allowed:
            return node
        for each in node.items if isinstance(node, Seq) else (node,):
            if isinstance(each, Scalar) and all(same(each, other) is False for other in allowed):
                names = ", ".join([text_of(other) or "" for other in allowed[:8]])
                why = f"{text_of(each)} is not among the allowed values"
                self.stack.run.gap(Gap(GapKind.INVALID, label, each.at, why, f"give one of {names}"))
        if isinstance(node, Unknown) and not node.options and len(allowed) <= MOST_OPTIONS:
            return replace(node, options=allowed)
        return node


def _text(declared: Entries, key: str) -> str:
    entry = declared.get(key)
    text = text_of(entry.value) if entry is not None and isinstance(entry.value, Scalar) else None
    return text or ""


def _allowed_values(declared: Entries) -> tuple[Node, ...]:
    entry = declared.get("AllowedValues")
    if entry is None or not isinstance(entry.value, Items):
        return ()
    values: list[Syntax] = list(entry.value.items)
    known = [
        Scalar(text, value.at)
        for value in values
        if isinstance(value, Scalar)
        if (text := text_of(value)) is not None
    ]
    return tuple(known) if len(known) == len(values) else ()


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _as_scalar(node: Node, kind: str) -> Node:
    if isinstance(node, Seq | Map):
        raise InputError(f"a parameter of the type {kind} takes no list or map")
    text = text_of(node)
    if text is None or kind == "Number":
        return node
    return replace(node, value=text) if isinstance(node, Scalar) else node


def _as_list(node: Node, at: Location) -> Node:
    """The list that a text with commas stands for; white space around its items does not count."""

    def unknown() -> Unknown:
        return unknown_call("Split", at, (Scalar(COMMAS, at), node), "list(string)")

    def apply(way: tuple[Node, ...]) -> Node:
        value = way[0]
        if isinstance(value, Seq):
            return value
        if isinstance(value, Map):
            raise InputError("a parameter of a list type takes a text with commas")
        found = split(_as_text(value), COMMAS, at)
        if found is None:
            return unknown_call("Split", at, (Scalar(COMMAS, at), value), "list(string)")
        return replace(found, items=tuple([_stripped(item) for item in found.items]), via=value.via)

    return lifted((node,), unknown, apply)


def _as_text(node: Node) -> Node:
    text = text_of(node)
    return node if text is None or not isinstance(node, Scalar) else replace(node, value=text)


def _stripped(node: Node) -> Node:
    if isinstance(node, Scalar):
        return replace(node, value=(text_of(node) or "").strip())
    if not isinstance(node, Unknown) or not node.parts:
        return node
    first, *middle = node.parts
    last = middle.pop() if middle else None
    ends = [_side(first, "left"), *middle, *([] if last is None else [_side(last, "right")])]
    return concatenated(ends, node.at)


def _side(piece: Node, side: str) -> Node:
    text = text_of(piece)
    if text is None or not isinstance(piece, Scalar):
        return piece
    return replace(piece, value=text.lstrip() if side == "left" else text.rstrip())
