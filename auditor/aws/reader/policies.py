"""Policy documents: whether one denies anything that another rule would let pass.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from auditor.aws.reader.nodes import given, why
from auditor.model import NO, YES, Fact, Truth
from auditor.tree import Map, Node, Reference, Scalar, Seq, Unknown

_EVERYTHING = frozenset({"*", "*:*"})
_NARROWING = frozenset({"Condition", "NotAction", "NotPrincipal", "NotResource"})


def restricting(node: Node | None) -> Fact:
    """Whether a policy may deny some requests: all but one that allows everything to everybody does."""
    node = given(node)
    if node is None:
        return NO
    found = _restricts(_plain(node))
    match found:
        case Truth.UNKNOWN:
            return Fact(Truth.UNKNOWN, node.at, why(node))
        case Truth.YES:
            return Fact(YES.truth, node.at)
        case Truth.NO:
            return Fact(NO.truth, node.at)


class _NotKnown:
    """What the input does not say of a document."""


_NOT_KNOWN = _NotKnown()


def _plain(node: Node) -> object:
    """A document as JSON values, whether it is given as a text or as maps."""
    match node:
        case Scalar(value=str()):
            return _parsed(str(node.value))
        case Scalar():
            return node.value
        case Seq(more=None):
            return [_plain(item) for item in node.items]
        case Map(more=None):
            return {name: _plain(inner) for name, inner in node.entries.items()}
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
