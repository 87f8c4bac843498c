"""What a node can turn out to be, with nothing unknown lost or read as absent."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import NO, YES, Fact, Tags, Truth
from auditor.tree import Map, Node, Presence, Reason, Reference, Scalar, Seq, Unknown

ABSENT = frozenset[str | None]((None,))


def given(node: Node | None) -> Node | None:
    """The node, or None where it is absent, null or an empty text: the AWS provider takes them for one."""
    if type(node) is Scalar and (node.value is None or node.value == ""):
        return None
    return node


def why(node: Node) -> tuple[Reason, ...]:
    """Why a node, or a part of it, is not known; empty for what is known."""
    match node:
        case Unknown():
            return node.reasons or (Reason(described(node), node.at),)
        case Reference():
            return (Reason(described(node), node.at, "the state after apply"),)
        case Seq():
            more = () if node.more is None else why(node.more)
            return tuple(dict.fromkeys((*(reason for item in node.items for reason in why(item)), *more)))
        case Map():
            return () if node.more is None else why(node.more)
        case Scalar():
            return ()


def described(node: Node) -> str:
    """The node in the user's words: its text, the name of what it stands for, or what is missing."""
    match node:
        case Scalar():
            return str(node.value)
        case Reference():
            return f"{node.target}.{node.attribute}"
        case Unknown():
            return node.identity or (node.reasons[0].what if node.reasons else "a value that is not known")
        case Seq():
            return ", ".join(map(described, node.items)) or described_more(node.more)
        case Map():
            return described_more(node.more)


def described_more(more: Node | None) -> str:
    """What further items of a collection are called."""
    return "nothing" if more is None else described(more)


def alternatives(node: Node | None) -> tuple[Node | None, ...] | None:
    """All that a node can be, None for absent; or None where it can be anything."""
    if type(node) is not Unknown:
        return None if type(node) is Reference else (given(node),)
    if not node.options:
        return None
    found: list[Node | None] = []
    for option in node.options:
        parts = alternatives(option)
        if parts is None:
            return None
        found += parts
    return tuple(found)


def texts(node: Node | None) -> frozenset[str | None] | None:
    """The texts that a node can be, with None for absent; or None where it can be anything."""
    if type(node) is Scalar:
        return frozenset((_text(node),))
    parts = alternatives(node)
    if parts is None:
        return None
    return frozenset(_text(part) if type(part) is Scalar else None for part in parts)


def _text(node: Scalar) -> str | None:
    if node.value is None or isinstance(node.value, str):
        return node.value
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(number(node))


def number(node: Node | None) -> int | None:
    """The whole number that a scalar holds, also as text; None for anything else."""
    if type(node) is not Scalar:
        return None
    value = node.value
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() else None
    return None


def fact(node: Node | None, default: Fact) -> Fact:
    """A boolean as a fact, ``default`` where it is absent, and unknown where its options disagree."""
    node = given(node)
    if node is None:
        return default
    values = texts(node)
    truths = {_TRUTHS.get(value) for value in values or ABSENT}
    if values is None or len(truths) != 1 or None in truths:
        return Fact(Truth.UNKNOWN, node.at, why(node))
    return Fact(YES.truth if True in truths else NO.truth, node.at)


_TRUTHS: dict[str | None, bool] = {"true": True, "false": False, "1": True, "0": False}


def opposite(given_fact: Fact) -> Fact:
    """The negation of a fact."""
    match given_fact.truth:
        case Truth.YES:
            return Fact(Truth.NO, given_fact.at)
        case Truth.NO:
            return Fact(Truth.YES, given_fact.at)
        case Truth.UNKNOWN:
            return given_fact


def bodies(node: Node) -> Iterator[tuple[Map, tuple[Reason, ...] | None]]:
    """The bodies of blocks that a node holds, each with why it may not be there, or None where it is."""
    match node:
        case Map():
            yield node, None
        case Seq():
            for item in node.items:
                yield from bodies(item)
            yield from _perhaps(() if node.more is None else (node.more,), why(node))
        case Unknown() if node.options:
            yield from _perhaps(node.options, why(node))
        case Unknown() | Reference():
            yield Map({}, node.at, more=node), why(node)
        case Scalar():
            return


def presence_of(body: Map, node: Node, around: Presence) -> Presence:
    """The presence of one of the bodies that a node perhaps holds: it may be one of any number of such."""
    more = node.more if type(node) is Seq else None
    untold = body.more is not None and (body.more is node or body.more is more)
    repeated = more is not None and any(body is one for one, _ in bodies(more))
    return both(around, Presence.MANY if untold or repeated else Presence.POSSIBLE)


def _perhaps(
    options: tuple[Node, ...], reasons: tuple[Reason, ...]
) -> Iterator[tuple[Map, tuple[Reason, ...]]]:
    for option in options:
        for body, inner in bodies(option):
            yield body, inner or reasons


def both(one: Presence, other: Presence) -> Presence:
    """The presence of what is there only where two things are."""
    if one is Presence.CERTAIN:
        return other
    return Presence.MANY if Presence.MANY in {one, other} else one


def tags(node: Node | None) -> Tags:
    """The tags of which key and value are known."""
    if type(node) is not Map:
        return ()
    known = ((key, value.value) for key, value in node.entries.items() if type(value) is Scalar)
    return tuple((key, str(value)) for key, value in known if value is not None)


def label(address: str) -> str:
    """The resource's own label in an address: ``db`` of ``module.a["b.c"].aws_instance.db[0]``."""
    last = address.rpartition("[")[0] if address.endswith("]") else address
    return last.rpartition(".")[2].rpartition("/")[2]
