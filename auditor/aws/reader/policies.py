"""Policy documents: whether one denies anything that another rule would let pass.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import kind_of
from auditor.aws.reader.nodes import given, why
from auditor.model import NO, YES, Fact, Truth
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

_EVERYTHING = frozenset({"*", "*:*"})
_NARROWING = frozenset({"Condition", "NotAction", "NotPrincipal", "NotResource"})


def restricting(node: Node | None) -> Fact:
    """Whether a policy may deny some requests: all but one that allows everything to everybody does."""
    node = given(node)
    if node is None:
        return NO
    found = _restricts(plain(node))
    match found:
        case Truth.UNKNOWN:
            return Fact(Truth.UNKNOWN, node.at, why(node))
        case Truth.YES:
            return Fact(YES.truth, node.at)
        case Truth.NO:
            return Fact(NO.truth, node.at)


def document(block: Block, path: str) -> Node | None:
    """The policy of an attribute; where a data source of the input makes it, what that is made of."""
    node = block.get(path)
    if isinstance(node, Unknown) and node.identity.endswith(".json"):
        data = block.estate.at_address(node.identity.removesuffix(".json"))
        if data is not None and kind_of(data) == "data.aws_iam_policy_document":
            return data.body
    return node


def mentioning(node: Node | None, words: Iterable[str]) -> Fact:
    """Whether a policy has any of the words, whatever their case; unknown where the input does not say."""
    node = given(node)
    if node is None:
        return NO
    told, whole = _told(node)
    if any(word.lower() in text.lower() for word in words for text in told):
        return Fact(YES.truth, node.at)
    return Fact(NO.truth, node.at) if whole else Fact(Truth.UNKNOWN, node.at, why(node))


def _told(node: Node) -> tuple[list[str], bool]:
    """The texts in a document, and whether these are all that it says."""
    match node:
        case Scalar():
            return [str(node.value)], True
        case Reference():
            return [], True
        case Unknown():
            parts = [_told(part) for part in node.parts]
            known = bool(node.parts) and all(whole for _, whole in parts)
            # The expression of a document that is encoded here has its words, if not its values.
            spelled = node.identity.startswith("jsonencode(") or known
            return [node.identity, *(text for texts, _ in parts for text in texts)], spelled
        case Seq():
            parts = [_told(item) for item in node.items]
            return [text for texts, _ in parts for text in texts], node.more is None and all(
                whole for _, whole in parts
            )
        case Map():
            parts = [_told(item) for item in node.entries.values()]
            texts = [*node.entries, *(text for texts, _ in parts for text in texts)]
            return texts, node.more is None and all(whole for _, whole in parts)


def referenced(node: Node | None) -> Iterator[tuple[str, Location]]:
    """What a policy names: the resources whose attributes are in it, and its texts, each with its place."""
    match node:
        case Reference():
            yield node.target, node.at
        case Scalar(value=str()):
            yield str(node.value), node.at
        case Unknown():
            yield from ((reason.what.rpartition(".")[0], reason.at) for reason in node.reasons)
        case _:
            pass
    for inner in _inner(node):
        yield from referenced(inner)


def _inner(node: Node | None) -> Iterable[Node]:
    match node:
        case Seq():
            return node.items
        case Map():
            return node.entries.values()
        case Unknown():
            return (*node.parts, *node.options)
        case _:
            return ()


class _NotKnown:
    """What the input does not say of a document."""


_NOT_KNOWN = _NotKnown()


def plain(node: Node) -> object:
    """A document as JSON values, whether it is given as a text or as maps. What is not known is an object."""
    match node:
        case Scalar(value=str()):
            return _parsed(str(node.value))
        case Scalar():
            return node.value
        case Seq(more=None):
            return [plain(item) for item in node.items]
        case Map(more=None):
            return {name: plain(inner) for name, inner in node.entries.items()}
        case Map() | Seq() | Unknown() | Reference():
            return _NOT_KNOWN


def _parsed(text: str) -> object:
    if not text.lstrip().startswith("{"):
        return text
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return _NOT_KNOWN
    return found


def _restricts(document: object) -> Truth:
    if not isinstance(document, dict):
        return Truth.UNKNOWN
    statements = [*_listed(document.get("Statement"))]
    if any(not isinstance(one, dict) for one in statements):
        return Truth.UNKNOWN
    said = [one for one in statements if isinstance(one, dict)]
    if any(isinstance(value, _NotKnown) for one in said for value in _values(one)):
        return Truth.UNKNOWN
    denies = any(one.get("Effect") != "Allow" for one in said)
    return Truth.NO if not denies and any(map(_allows_all, said)) else Truth.YES


def _allows_all(statement: dict[object, object]) -> bool:
    principals = statement.get("Principal")
    if isinstance(principals, dict):
        principals = principals.get("AWS")
    parts = (principals, statement.get("Action"), statement.get("Resource"))
    return not (_NARROWING & statement.keys()) and all(
        any(value in _EVERYTHING for value in _listed(part)) for part in parts
    )


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else (value,)


def _values(value: object) -> Iterable[object]:
    """All that stands in a JSON value, itself included."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _values(one)
