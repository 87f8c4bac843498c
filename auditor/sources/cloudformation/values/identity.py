"""CloudFormation's rules for values: scalars as text, equality, names for what is not known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import assert_never

from auditor.sources.values import all_true, identity, reasons_in
from auditor.tree import Location, Map, Node, Precise, Reason, Reference, Scalar, Seq, Unknown

AFTER_DEPLOYMENT = "known after deployment: a snapshot settles it"
MOST_OPTIONS = 16


def text_of(node: Node) -> str | None:
    """A known scalar as the text that CloudFormation makes of it; None for anything else.

    A number of which the text depends on who writes it has none.
    """
    if type(node) is not Scalar:
        return None
    match node.value:
        case str() as text:
            return text
        case bool() as truth:
            return "true" if truth else "false"
        case int() as number:
            return str(number)
        case float() as number:
            written = repr(number)
            return written if written.replace(".", "", 1).removeprefix("-").isdecimal() else None
        case None | Precise():
            return None


def is_absent(node: Node) -> bool:
    """Whether the value is ``AWS::NoValue``."""
    return type(node) is Scalar and node.value is None


def may_be_absent(node: Node) -> bool:
    """Whether the value is one of several, and ``AWS::NoValue`` among them."""
    return type(node) is Unknown and any(map(is_absent, node.options))


def identity_of(node: Node) -> str:
    """The value as one canonical expression: equal texts are equal values. Empty where a part has no name."""
    match node:
        case Scalar(value=None):
            return "null"
        case Scalar():
            text = text_of(node)
            return json.dumps(node.value if text is None else text, ensure_ascii=False, default=repr)
        case Seq():
            parts = [identity_of(item) for item in node.items]
            return "" if node.more is not None or not all(parts) else f"[{', '.join(parts)}]"
        case Map():
            pairs = [(key, identity_of(item)) for key, item in sorted(node.entries.items())]
            if node.more is not None or not all(text for _, text in pairs):
                return ""
            inside = [f"{json.dumps(key, ensure_ascii=False)}: {text}" for key, text in pairs]
            return f"{{{', '.join(inside)}}}"
        case Unknown():
            return node.identity
        case Reference():
            name = f"{node.target}.{node.attribute}"
            return "" if "[*]" in name else name  # one of many: two such need not be one value
        case _:
            assert_never(node)


def call_identity(name: str, *arguments: Node) -> str:
    """The identity of what a function gives; empty where an argument has none."""
    parts = [identity_of(argument) for argument in arguments]
    return identity(f"{name}({', '.join(parts)})") if all(parts) else ""


def reasons_of(*nodes: Node) -> tuple[Reason, ...]:
    """All the reasons why the values are not wholly known, in the order in which they stand, each once."""
    return reasons_in(nodes, AFTER_DEPLOYMENT)


def same(a: Node, b: Node) -> bool | None:
    """Whether two values are equal, scalars by their texts; None where that is not decided."""
    match a, b:
        case Scalar(), Scalar():
            return _same_scalars(a, b)
        case Seq(), Seq():
            return _same_lists(a, b)
        case Map(), Map():
            return _same_maps(a, b)
        case (Unknown() | Reference(), _) | (_, Unknown() | Reference()):
            return _same_unknown(a, b)
        case _:
            return False if is_absent(a) or is_absent(b) else None


def _same_scalars(a: Scalar, b: Scalar) -> bool | None:
    if a.value is None or b.value is None:
        return a.value is b.value
    one, other = text_of(a), text_of(b)
    if one == other and one is not None:
        return True
    doubtful = isinstance(a.value, float | Precise) or isinstance(b.value, float | Precise)
    return None if doubtful else False


def _same_unknown(a: Node, b: Node) -> bool | None:
    name = identity_of(a)
    if name and name == identity_of(b):
        return True
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Unknown):
            text = text_of(other)
            if text is not None and one.parts and not could_be(one.parts, text):
                return False
            if one.options:
                verdicts = {same(option, other) for option in one.options}
                return verdicts.pop() if len(verdicts) == 1 else None
        elif isinstance(one, Reference) and one.attribute == "Ref" and text_of(other) == "":
            return False
    return None


def could_be(parts: Sequence[Node], text: str) -> bool:
    """Whether a text that consists of ``parts`` can be ``text``: the known ones are in it, in their order."""
    known = [text_of(part) or "" for part in parts]
    first, last = known[0], known[-1]
    if len(first) + len(last) > len(text) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in known[1:-1]:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _same_lists(a: Seq, b: Seq) -> bool | None:
    if a.unordered or b.unordered:
        return None
    if (a.more is None and len(a.items) < len(b.items)) or (b.more is None and len(b.items) < len(a.items)):
        return False
    verdict = all_true(same(x, y) for x, y in zip(a.items, b.items, strict=False))
    return None if verdict and (a.more is not None or b.more is not None) else verdict


def _same_maps(a: Map, b: Map) -> bool | None:
    for one, other in ((a, b), (b, a)):
        if one.more is None and any(
            key not in one.entries and not may_be_absent(item) for key, item in other.entries.items()
        ):
            return False
    absent = Scalar(None, a.at)
    keys = [*a.entries, *(key for key in b.entries if key not in a.entries)]
    if a.more is not None or b.more is not None:
        shared = (
            same(a.entries[key], b.entries[key]) for key in keys if key in a.entries and key in b.entries
        )
        return False if all_true(shared) is False else None
    return all_true(same(a.entries.get(key, absent), b.entries.get(key, absent)) for key in keys)


def distinct(nodes: Iterable[Node]) -> list[Node]:
    """The values with the options of each in its stead, each once; cut short after ``MOST_OPTIONS``.

    A value of one option alone stays what it is: it is one of the many that the option stands for.
    """
    kept: list[Node] = []
    for node in nodes:
        for option in node.options if isinstance(node, Unknown) and len(node.options) > 1 else (node,):
            if not any(_one_and_the_same(option, other) for other in kept):
                kept.append(option)
        if len(kept) > MOST_OPTIONS:
            break
    return kept


def _one_and_the_same(a: Node, b: Node) -> bool:
    """Whether two values cannot be told apart: unlike for ``same``, the number 1 is not the text."""
    match a, b:
        case Scalar(), Scalar():
            return type(a.value) is type(b.value) and a.value == b.value
        case Seq(), Seq():
            alike = len(a.items) == len(b.items) and a.more is None and b.more is None
            return alike and all(map(_one_and_the_same, a.items, b.items))
        case Map(), Map():
            alike = a.entries.keys() == b.entries.keys() and a.more is None and b.more is None
            return alike and all(_one_and_the_same(each, b.entries[key]) for key, each in a.entries.items())
        case _:
            return type(a) is type(b) and same(a, b) is True


def one_of(nodes: Sequence[Node], reasons: tuple[Reason, ...], at: Location, name: str = "") -> Node:
    """A value that is one of ``nodes``: the one itself where they are all the same.

    Of too many, it is still known whether the value may be absent.
    """
    options = distinct(nodes)
    if len(options) == 1:
        return options[0]
    kept = tuple(options)
    if len(options) > MOST_OPTIONS:
        absent = next((node for node in nodes if is_absent(node) or may_be_absent(node)), None)
        kept = () if absent is None else (Unknown(reasons, at), Scalar(None, absent.at))
    return Unknown(reasons, at, identity=name, options=kept)


def unknown_call(name: str, at: Location, arguments: Sequence[Node], type_: str = "") -> Unknown:
    """What a function gives that its arguments do not decide."""
    return Unknown(reasons_of(*arguments), at, identity=call_identity(name, *arguments), type=type_)
