"""Which things a tag means where not all tags are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar

from auditor.model import Group, OpenTag, Subnet, Vpc, Workload
from auditor.tree import Reason

Tagged = Workload | Group | Subnet | Vpc
T = TypeVar("T")


def perhaps_tagged(one: Tagged, key: str, value: str) -> tuple[Reason, ...]:
    """Why a thing may have a tag of this key and value, both patterns; empty where it certainly has none."""
    known = {name for name, _ in one.tags} | {tag.key for tag in one.open_tags}
    found = [
        why
        for tag in one.open_tags
        if (fnmatchcase(tag.key, key) if tag.key else key not in known)
        and any(_meet(each, value) for each in tag.values)
        for why in tag.reasons
    ]
    return tuple(dict.fromkeys(found))


def perhaps_named(one: Tagged, pattern: str) -> tuple[Reason, ...]:
    """Why the Name tag of a thing, which is there, may be of a pattern."""
    found = [
        tag for tag in one.open_tags if tag.key == "Name" and any(_meet(each, pattern) for each in tag.values)
    ]
    return tuple(dict.fromkeys(why for tag in found for why in tag.reasons))


def decided_by(
    one: Tagged, decides: Callable[[str], bool], telling: Callable[[str], bool]
) -> tuple[OpenTag, ...]:
    """The tags that are there, of a key that decides something, and whose value may tell it."""
    return tuple(
        tag
        for tag in one.open_tags
        if tag.key and decides(tag.key) and any("*" in value or telling(value) for value in tag.values)
    )


def first_told(signs: Iterable[T | OpenTag]) -> tuple[T | None, tuple[OpenTag, ...]]:
    """The first sign that is known, and those before it, which may say something else."""
    before: list[OpenTag] = []
    for sign in signs:
        if not isinstance(sign, OpenTag):
            return sign, tuple(before)
        before.append(sign)
    return None, tuple(before)


def one_value(some: tuple[OpenTag, ...], others: tuple[OpenTag, ...]) -> bool:
    """Whether two things are told by tags of one value, whatever it is."""
    found = {tag.identity for tag in (*some, *others)}
    return bool(some and others) and len(found) == 1 and "" not in found


def _meet(one: str, other: str) -> bool:
    """Whether some text is of both patterns; what has brackets may be of any."""
    if "[" in one or "[" in other:
        return True

    @cache
    def at(here: int, there: int) -> bool:
        if here < len(one) and one[here] == "*":
            return at(here + 1, there) or (there < len(other) and at(here, there + 1))
        if there < len(other) and other[there] == "*":
            return at(here, there + 1) or (here < len(one) and at(here + 1, there))
        if here == len(one) or there == len(other):
            return here == len(one) and there == len(other)
        same = one[here] == other[there] or "?" in {one[here], other[there]}
        return same and at(here + 1, there + 1)

    return at(0, 0)
