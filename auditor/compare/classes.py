"""The classes of parties that no question tells apart, and which pairs of them must be asked."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from auditor.compare.alike import Spelling
from auditor.compare.filters import BothEnds, Filters
from auditor.compare.parties import Party
from auditor.compare.still import Places, Still
from auditor.frozen import dataclass
from auditor.reach import Engine


@dataclass(frozen=True, slots=True)
class PartyClass:
    """Parties that no question tells apart, by their places among the parties.

    ``same`` where what they give to answers is the same on both sides. ``places`` is where they stand then.
    """

    members: tuple[int, ...]
    ends: BothEnds
    same: bool
    places: Places | None


class Classes:
    """All classes of the parties of two networks."""

    def __init__(
        self, engines: tuple[Engine, Engine], spellings: Sequence[Spelling], parties: Sequence[Party]
    ) -> None:
        self.engines = engines
        self.still = Still(engines, spellings)
        self.filters = Filters(engines, spellings)
        before, after = (spelling.network() for spelling in spellings)
        self.same_network = before == after
        found: dict[tuple[Hashable, Hashable], list[int]] = {}
        for place, party in enumerate(parties):
            one, other = (spelling.end(end) for spelling, end in zip(spellings, party.ends, strict=True))
            found.setdefault((one, other), []).append(place)
        self.all = tuple(
            self._class(parties, tuple(members), same=keys[0] == keys[1]) for keys, members in found.items()
        )
        self.changed = tuple(one for one in self.all if not one.same)

    def _class(self, parties: Sequence[Party], members: tuple[int, ...], *, same: bool) -> PartyClass:
        before, after = (
            None if end is None else engine.resolved.ends(end)
            for engine, end in zip(self.engines, parties[members[0]].ends, strict=True)
        )
        places = self.still.places((before, after)) if same and not self.same_network else None
        return PartyClass(members, (before, after), same, places)

    def pairs(self) -> Iterator[tuple[PartyClass, PartyClass]]:
        """The pairs that must be asked: those that differ in anything that their answers rest on."""
        for one in self.changed:
            for other in self.all:
                yield from self._differing(one, other)
                if other.same:
                    yield from self._differing(other, one)
        if not self.same_network:
            yield from self._unsettled()

    def _differing(self, one: PartyClass, other: PartyClass) -> Iterator[tuple[PartyClass, PartyClass]]:
        """The pair, unless what has changed makes no difference between the two."""
        if not (self.same_network and self.filters.alike(one.ends, other.ends)):
            yield one, other

    def _unsettled(self) -> Iterator[tuple[PartyClass, PartyClass]]:
        """The pairs of unchanged classes between which the network may have changed."""
        by_place: dict[Places | None, list[PartyClass]] = {}
        for one in self.all:
            if one.same:
                by_place.setdefault(one.places, []).append(one)
        for here, ones in by_place.items():
            for there, others in by_place.items():
                if here is None or there is None or not self.still.between(here, there):
                    yield from ((one, other) for one in ones for other in others)

    def is_settled(self, one: PartyClass, far: BothEnds) -> bool:
        """Whether nothing has changed between an unchanged class and an end outside."""
        if one.places is None:
            return False
        places = self.still.places(far)
        return places is not None and self.still.between(one.places, places)
