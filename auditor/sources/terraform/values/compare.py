"""Equality of values, as far as it is decided, and the order that sets and sorting go by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never

from auditor.sources.terraform.values.known import identity_of
from auditor.sources.terraform.values.numbers import exact, whole_of
from auditor.sources.terraform.values.primitive import format_number
from auditor.sources.values import all_true, is_wholly_known
from auditor.tree import Location, Map, Node, Precise, Reference, Scalar, Seq, Unknown

if TYPE_CHECKING:
    from fractions import Fraction

SortKey = tuple[int, "int | Fraction", str]


def equal(a: Node, b: Node) -> bool | None:
    """Whether ``a == b`` holds (no conversion: ``"1"`` is not ``1``); None where that is not decided.

    Two unknowns are equal where they have one identity. To Terraform a list never equals a tuple, nor a map
    an object; the tree does not tell them apart, so that collections of one content are undecided.
    """
    verdict = same(a, b)
    return None if verdict and isinstance(a, Seq | Map) and isinstance(b, Seq | Map) else verdict


def same(a: Node, b: Node) -> bool | None:
    """Whether two values that are of one type are equal; None where that is not decided."""
    if isinstance(a, Reference | Unknown) or isinstance(b, Reference | Unknown):
        return _equal_unknown(a, b)
    match a, b:
        case Scalar(), Scalar():
            return scalar_key(a) == scalar_key(b)
        case Seq(), Seq():
            return _equal_sequences(a, b)
        case Map(), Map():
            return _equal_maps(a, b)
        case _:
            return False


def _equal_unknown(a: Node, b: Node) -> bool | None:
    name = identity_of(a)
    if name and name == identity_of(b):
        return True
    if isinstance(a, Reference) and isinstance(b, Reference) and _apart(a, b):
        return False
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Unknown) and one.options:
            verdicts = {same(option, other) for option in one.options}
            return verdicts.pop() if len(verdicts) == 1 else None
    return None


# What AWS gives each an id of its own: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_NUMBERED = re.compile(r"(?:^|(?<!data)\.)aws_subnet\.[\w-]+(?:\[[^*]+\])?$")


def _apart(a: Reference, b: Reference) -> bool:
    """Whether two references are the ids of two resources: what no others share."""
    numbered = a.attribute == b.attribute == "id" and "[*]" not in a.target + b.target
    return numbered and a.target != b.target and all(_NUMBERED.search(one.target) for one in (a, b))


def _equal_sequences(a: Seq, b: Seq) -> bool | None:
    if a.unordered or b.unordered:
        return _equal_sets(a, b)
    if _too_short(a, b) or _too_short(b, a):
        return False
    verdict = all_true(same(x, y) for x, y in zip(a.items, b.items, strict=False))
    return None if verdict and (a.more is not None or b.more is not None) else verdict


def _too_short(a: Seq, b: Seq) -> bool:
    return a.more is None and len(a.items) < len(b.items)


def _equal_sets(a: Seq, b: Seq) -> bool | None:
    if is_wholly_known(a) and is_wholly_known(b):
        alike = {_sameness(item) for item in a.items} == {_sameness(item) for item in b.items}
        return alike if not alike or (a.unordered and b.unordered) else None
    name = identity_of(a)
    if name and name == identity_of(b):
        return True
    if isinstance(a, Reference) and isinstance(b, Reference) and _apart(a, b):
        return False
    return False if _lacks(a, b) or _lacks(b, a) else None


def _lacks(a: Seq, b: Seq) -> bool:
    """Whether ``a`` certainly lacks an element of ``b``."""
    return a.more is None and any(all(same(x, y) is False for x in a.items) for y in b.items)


def _equal_maps(a: Map, b: Map) -> bool | None:
    for one, other in ((a, b), (b, a)):
        if one.more is None and any(key not in one.entries for key in other.entries):
            return False
    verdict = all_true(same(item, b.entries[key]) for key, item in a.entries.items() if key in b.entries)
    return None if verdict and (a.more is not None or b.more is not None) else verdict


def sort_key(node: Node) -> SortKey:
    """The place of a value among the elements of a set: numbers by size, text by code point, nulls last.

    Known values of one type have one key where they are equal. What is unknown comes after, by its name.
    """
    match node:
        case Scalar(value=None):
            return (4, 0, "")
        case Scalar(value=bool() as truth):
            return (0, int(truth), "")
        case Scalar(value=int() as number):
            return (1, number, "")
        case Scalar(value=float() | Precise() as number):
            return (1, exact(number), "")
        case Scalar(value=str() as text):
            return (2, 0, text)
        case Seq() | Map():
            return (3, 0, _fingerprint(node))
        case Unknown() | Reference():
            return (5, 0, identity_of(node))
        case _:
            raise TypeError(node)


def _fingerprint(node: Node) -> str:
    """The text by which go-cty orders elements that are no scalars (``makeSetHashBytes``)."""
    match node:
        case Scalar():
            return _scalar_fingerprint(node)
        case Seq():
            return f"[{''.join(f'{_fingerprint(item)};' for item in node.items)}]"
        case Map():
            pairs = [(_quoted(key), _fingerprint(item)) for key, item in sorted(node.entries.items())]
            return f"{{{''.join([f'{key}:{item};' for key, item in pairs])}}}"
        case Unknown() | Reference():
            return f"?{identity_of(node)}"
        case _:
            assert_never(node)


def _scalar_fingerprint(node: Scalar) -> str:
    match node.value:
        case None:
            return "~"
        case bool() as truth:
            return "T" if truth else "F"
        case str() as text:
            return _quoted(text)
        case number:
            return format_number(number)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def without_duplicates(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The first of each group of values that are certainly equal, in their order."""
    seen: set[object] = set()
    kept = []
    for node in nodes:
        key = _sameness(node)
        if key is None or key not in seen:
            kept.append(node)
        if key is not None:
            seen.add(key)
    return tuple(kept)


def scalar_key(node: Scalar) -> object:
    """A key that two scalars of one type share where they are equal, which fractions are by their digits."""
    value = node.value
    if isinstance(value, float | Precise):
        whole = whole_of(value)
        return (False, ("digits", format_number(value)) if whole is None else whole)
    return (type(value) is bool, value)


def _sameness(node: Node) -> object:
    if isinstance(node, Scalar):
        return scalar_key(node)
    if is_wholly_known(node):
        return sort_key(node)
    return identity_of(node) or None


def make_set(nodes: Iterable[Node], at: Location, more: Node | None = None) -> Seq:
    """A set: without certain duplicates, in the order in which Terraform goes through one."""
    return Seq(tuple(sorted(without_duplicates(nodes), key=sort_key)), at, more=more, unordered=True)
