"""Which thing of one network is which of another: by the best sign that both have, never by a guess."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial

from auditor.compare.signs import SIGNS, Sign
from auditor.compare.things import Identity, Sort, Thing
from auditor.frozen import dataclass

_Key = tuple[Sort, Identity]
_Pair = tuple[Thing, Thing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Things on both sides that share a sign which is not theirs alone."""

    before: tuple[Thing, ...]
    after: tuple[Thing, ...]


class Matching:
    """The pairs of two networks, each with a number that stands for it on both sides.

    A thing that has no counterpart, or more than one that it could be, is in no pair.
    """

    def __init__(self, before: Sequence[Thing], after: Sequence[Thing]) -> None:
        self._left: list[dict[_Key, Thing]] = [
            {(thing.sort, thing.id): thing for thing in side} for side in (before, after)
        ]
        self._numbers: tuple[dict[_Key, int], dict[_Key, int]] = ({}, {})
        self.pairs: list[_Pair] = []
        while any(self._matched(sign) for sign in SIGNS):
            pass

    def number(self, side: int, sort: Sort, identity: Identity | None) -> int | None:
        """The number of a matched thing of the base (side 0) or the head (side 1)."""
        return self._numbers[side].get((sort, identity)) if identity is not None else None

    def alone(self, side: int) -> tuple[Thing, ...]:
        """The things of a side that have no counterpart."""
        return tuple(self._left[side].values())

    def likenesses(self) -> Iterator[Likeness]:
        """What cannot be told apart: the things that are left on both sides with a sign in common."""
        seen: set[_Key] = set()
        for sign in SIGNS:
            for one, other in self._by_key(sign).values():
                fresh = [thing for thing in (*one, *other) if (thing.sort, thing.id) not in seen]
                if one and other and len(fresh) == len(one) + len(other):
                    seen.update((thing.sort, thing.id) for thing in fresh)
                    yield Likeness(before=tuple(one), after=tuple(other))

    def _matched(self, sign: Sign) -> bool:
        """Pair all that a sign tells for certain; whether there was any."""
        fits: Mapping[_Key, set[_Key]] = self._fits(sign)
        backwards: dict[_Key, set[_Key]] = {}
        for one, others in fits.items():
            for other in others:
                backwards.setdefault(other, set()).add(one)
        found = [
            (one, other)
            for one, others in fits.items()
            for other in others
            if len(others) == 1 and len(backwards[other]) == 1
        ]
        for one, other in found:
            self._numbers[0][one] = self._numbers[1][other] = len(self.pairs)
            self.pairs.append((self._left[0].pop(one), self._left[1].pop(other)))
        return bool(found)

    def _fits(self, sign: Sign) -> dict[_Key, set[_Key]]:
        found: dict[_Key, set[_Key]] = {}
        for one, other in self._by_key(sign).values():
            if len(one) == 1 and len(other) == 1 and self._compatible(one[0], other[0]):
                found.setdefault((one[0].sort, one[0].id), set()).add((other[0].sort, other[0].id))
        return found

    def _compatible(self, one: Thing, other: Thing) -> bool:
        """Whether the two do not lie in VPCs that are known to be two."""
        here, there = self.number(0, Sort.VPC, one.vpc), self.number(1, Sort.VPC, other.vpc)
        return here is None or there is None or here == there

    def _by_key(self, sign: Sign) -> dict[Hashable, tuple[list[Thing], list[Thing]]]:
        found: dict[Hashable, tuple[list[Thing], list[Thing]]] = {}
        for side in (0, 1):
            for thing in self._left[side].values():
                for key in sign(thing, partial(self.number, side)):
                    found.setdefault((thing.sort, thing.kind, key), ([], []))[side].append(thing)
        return found
