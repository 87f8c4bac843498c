"""What was found, told by group where all of a group's members share it: few lines in place of many pairs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from auditor.compare.comparing import Comparison, Found
from auditor.compare.far import Far
from auditor.compare.parties import GroupKey
from auditor.frozen import dataclass
from auditor.reach import Endpoint

_Example = TypeVar("_Example")

Place = int | Far
"""An end as it was compared: a party's place among the parties, or a far end."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A group all of whose members share something."""

    group: GroupKey


Told = Place | Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The same told of all of ``source`` and all of ``destination``; ``example`` is one of these pairs."""

    source: Told
    destination: Told
    example: Found
    told: Hashable


class Merging:
    """The groups of the parties of a comparison, the largest first."""

    def __init__(self, comparison: Comparison) -> None:
        members: dict[GroupKey, set[int]] = {}
        for place, party in enumerate(comparison.parties):
            for key in party.groups:
                members.setdefault(key, set()).add(place)
        self._groups = sorted(
            members.items(), key=lambda pair: (-len(pair[1]), _names(comparison.named.group(pair[0])))
        )

    def rows(self, found: Iterable[tuple[Found, Hashable]]) -> Iterator[Row]:
        """What is found, each with what is told of it, in one row where the same is told."""
        by_end: dict[Place, dict[Hashable, dict[Place, Found]]] = {}
        for each, told in found:
            by_end.setdefault(each.destination, {}).setdefault(told, {})[each.source] = each
        merged: dict[Place, dict[tuple[Told, Hashable], Found]] = {}
        for destination, tellings in by_end.items():
            merged[destination] = {
                (source, told): example
                for told, sources in tellings.items()
                for source, example in self._covered(sources, {destination})
            }
        yield from self._by_destination(merged)

    def _by_destination(self, merged: Mapping[Place, Mapping[tuple[Told, Hashable], Found]]) -> Iterator[Row]:
        alike: dict[frozenset[tuple[Told, Hashable]], dict[Place, Mapping[tuple[Told, Hashable], Found]]] = {}
        for destination, own in merged.items():
            alike.setdefault(frozenset(own), {})[destination] = own
        for destinations in alike.values():
            for whole, rows in self._covered(destinations, set()):
                for (source, told), example in rows.items():
                    yield Row(source=source, destination=whole, example=example, told=told)

    def _covered(self, places: Mapping[Place, _Example], but: set[Place]) -> Iterator[tuple[Told, _Example]]:
        """Places as the groups that they are all of, and the rest as they are."""
        covered: set[Place] = set()
        for key, members in self._groups:
            own = members - but
            if own and not own <= covered and own <= places.keys():
                covered |= own
                yield Whole(key), places[min(own)]
        for place, example in places.items():
            if place not in covered:
                yield place, example


def _names(ends: tuple[Endpoint | None, Endpoint | None]) -> list[tuple[str, str]]:
    """What a group is called on either side, the same whichever of them is the base."""
    return sorted((end.name, end.id) for end in ends if end is not None)
