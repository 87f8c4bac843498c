"""Facts filed under the ids of what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol, TypeVar

from auditor.model import GroupVpc, Link
from auditor.traffic import Bounds, IntSet, exact
from auditor.tree import Presence


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_C = TypeVar("_C", bound=_Identified)
_F = TypeVar("_F")


def by_id(components: Iterable[_C]) -> dict[str, _C]:
    """Components by their ids."""
    return {component.id: component for component in components}


def grouped(facts: Iterable[_F], key: Callable[[_F], str]) -> dict[str, list[_F]]:
    """Facts by a key of theirs, in their order."""
    found: dict[str, list[_F]] = {}
    for fact in facts:
        found.setdefault(key(fact), []).append(fact)
    return found


class Cabinet:
    """Files facts under the canonical ids of what they are about."""

    __slots__ = ("canonical",)

    def __init__(self, canonical: Callable[[str], str]) -> None:
        self.canonical = canonical

    def filed(self, facts: Iterable[_F], about: str, known: Iterable[str]) -> dict[str, list[_F]]:
        """Facts by what each is about, which its field ``about`` links to; those without a link are left out.

        A fact is filed under each thing that it may be about, where that is not known, with a link that
        is not certain. ``known`` are all things of the kind.
        """
        found: dict[str, list[_F]] = {}
        every = tuple(known)
        for fact in facts:
            link: Link | None = getattr(fact, about)
            if link is None:
                continue
            own = self.canonical(link.id)
            if not (link.among or link.any):
                found.setdefault(own, []).append(fact)
                continue
            others = every if link.any else [self.canonical(one) for one in link.among]
            perhaps = replace(fact, **{about: replace(link, certain=False)})  # type: ignore[type-var] # a fact
            for identity in dict.fromkeys((*others, own)):
                found.setdefault(identity, []).append(perhaps)
        return found


def further_vpcs(
    cabinet: Cabinet, facts: Iterable[GroupVpc], groups: Iterable[str]
) -> dict[str, list[tuple[str, bool]]]:
    """The further VPCs of groups, each with whether the group is certainly used there."""
    return {
        group: [
            (
                cabinet.canonical(one.vpc.id),
                one.presence is Presence.CERTAIN and one.group.certain and one.vpc.certain,
            )
            for one in ones
        ]
        for group, ones in cabinet.filed(facts, "group", groups).items()
    }


def each_interval(bounds: Bounds[IntSet]) -> Iterable[Bounds[IntSet]]:
    """Each interval of a known set by itself; one that is not known whole."""
    if not bounds.known:
        return (bounds,)
    return tuple(exact(IntSet.of(span)) for span in bounds.may)
