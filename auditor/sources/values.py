"""What every dialect does with values: passing them on, telling whether they are known, naming them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown

MOST_PLACES = 6
LONGEST_IDENTITY = 600


def passed(node: Node, at: Location) -> Node:
    """The value as it is used at ``at``; where it was before goes to ``via``."""
    former = node.at
    if former == at:
        return node
    via = (former, *node.via)[:MOST_PLACES]
    if type(node) is Scalar:
        return Scalar(node.value, at, via)
    if type(node) is Reference:
        return Reference(node.target, node.attribute, at, via)
    return replace(node, at=at, via=via)


def identity(text: str) -> str:
    """An identity of a length that can be kept: a long one is told apart by its digest.

    One that holds ``[*]`` names many values, not one, and so is none.
    """
    if "[*]" in text:
        return ""
    if len(text) <= LONGEST_IDENTITY:
        return text
    import hashlib

    return f"{text[:100]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def joined(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons, each once, in their order."""
    return tuple(dict.fromkeys(reasons))


def reasons_in(nodes: Iterable[Node], settled_by: str) -> tuple[Reason, ...]:
    """All the reasons why values are not wholly known, in the order in which they stand, each once.

    What settles the attribute of a resource is ``settled_by``.
    """
    return joined(reason for node in nodes for reason in _reasons(node, settled_by))


def _reasons(node: Node, settled_by: str) -> Iterator[Reason]:
    match node:
        case Scalar():
            return
        case Seq() | Map():
            inner = node.items if isinstance(node, Seq) else tuple(node.entries.values())
            for item in inner if node.more is None else (*inner, node.more):
                yield from _reasons(item, settled_by)
        case Unknown():
            yield from node.reasons
        case Reference():
            yield Reason(f"{node.target}.{node.attribute}", node.at, settled_by)
        case _:
            assert_never(node)


def all_true(verdicts: Iterable[bool | None]) -> bool | None:
    """The conjunction of verdicts that may be undecided."""
    result: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            result = None
    return result


def is_known(node: Node) -> bool:
    """Whether the value itself is known, whatever is inside it: not an ``Unknown`` nor a ``Reference``."""
    return not isinstance(node, Unknown | Reference)


def is_wholly_known(node: Node) -> bool:
    """Whether the value and all inside it are known, and nothing may follow."""
    match node:
        case Scalar():
            return True
        case Seq():
            return node.more is None and all(is_wholly_known(item) for item in node.items)
        case Map():
            return node.more is None and all(is_wholly_known(item) for item in node.entries.values())
        case Unknown() | Reference():
            return False
        case _:
            assert_never(node)
