"""The ends that two networks have in common, as what is asked of each: workloads, and groups without any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.compare.matching import Matching
from auditor.compare.things import Identity, Sort, Thing
from auditor.frozen import dataclass
from auditor.model import Workload
from auditor.reach import Endpoint, EndpointKind, Engine

GroupKey = tuple[int, Identity]
"""A group on both sides: ``(-1, number)`` where it is matched, else the side and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One end of the comparison: what stands for it in the base and in the head, None where nothing does.

    ``groups`` are those that all of it certainly carries. ``single`` where it is one workload, which opens no
    connection to itself. ``hypothetical`` where it is a group that has no member.
    """

    ends: tuple[Endpoint | None, Endpoint | None]
    groups: frozenset[GroupKey] = frozenset()
    single: bool = False
    hypothetical: bool = False


class Parties:
    """All parties of two networks, and the names of the groups that they carry."""

    def __init__(self, engines: tuple[Engine, Engine], matching: Matching) -> None:
        self.engines = engines
        self.matching = matching
        self._carried = tuple(
            {one.id: self._keys(side, one) for one in engine.carriers.workloads.values()}
            for side, engine in enumerate(engines)
        )
        self._attached = tuple(
            frozenset(one.id for several in engine.carriers.interfaces.values() for one in several)
            for engine in engines
        )

    def key(self, side: int, group: Identity) -> GroupKey:
        """A group as both sides name it."""
        number = self.matching.number(side, Sort.GROUP, group)
        return (side, group) if number is None else (-1, str(number))

    def group(self, key: GroupKey) -> tuple[Endpoint | None, Endpoint | None]:
        """A group as an end of either side."""
        side, name = key
        if side >= 0:
            own = self.engines[side].names.by_id(name)
            return (own, None) if side == 0 else (None, own)
        pair = self.matching.pairs[int(name)]
        return self.engines[0].names.by_id(pair[0].id), self.engines[1].names.by_id(pair[1].id)

    def all(self) -> Iterator[Party]:
        """Every party, each workload in one of them at least."""
        pairs = [(one, other) for one, other in self.matching.pairs if one.sort is Sort.WORKLOAD]
        for one, other in pairs:
            if not (self._is_part(0, one) and self._is_part(1, other)):
                yield self._pair(one.id, other.id)
        yield from self._loose()
        yield from self._empty()

    def _is_part(self, side: int, thing: Thing) -> bool:
        """Whether it is an interface of an instance, which stands for it."""
        return thing.id in self._attached[side]

    def _keys(self, side: int, workload: Workload) -> frozenset[GroupKey]:
        links = self.engines[side].carriers.groups(workload)
        canonical = self.engines[side].index.canonical
        return frozenset(self.key(side, canonical(link.id)) for link in links.items if link.certain)

    def _end(self, side: int, identities: Iterable[Identity]) -> Endpoint | None:
        known = tuple(sorted(identities))
        names = self.engines[side].names
        if len(known) < 2:
            return names.by_id(known[0]) if known else None
        first = names.by_id(known[0])
        return Endpoint(
            kind=EndpointKind.WORKLOAD, name=f"{first.name} and {len(known) - 1} alike", members=known
        )

    def _pair(self, before: Identity, after: Identity) -> Party:
        groups = self._carried[0][before] & self._carried[1][after]
        return Party(
            ends=(self._end(0, (before,)), self._end(1, (after,))),
            groups=groups,
            single=True,
        )

    # -- workloads without a counterpart -----------------------------------------------------------

    def _loose(self) -> Iterator[Party]:
        """Workloads that have no counterpart: with those of the other side that carry the same groups.

        An Auto Scaling group in code is instances where it runs: it is their groups that are compared.
        """
        carriers = (self._by_groups(0), self._by_groups(1))
        done: set[frozenset[GroupKey]] = set()
        for side in (0, 1):
            for thing in self.matching.alone(side):
                if thing.sort is not Sort.WORKLOAD or self._is_part(side, thing):
                    continue
                groups = self._carried[side][thing.id]
                alike = (carriers[0].get(groups, ()), carriers[1].get(groups, ())) if groups else ((), ())
                if not (alike[0] and alike[1]):
                    own = self._end(side, (thing.id,))
                    yield Party(ends=(own, None) if side == 0 else (None, own), groups=groups, single=True)
                elif groups not in done:
                    done.add(groups)
                    ends = (self._end(0, alike[0]), self._end(1, alike[1]))
                    yield Party(ends=ends, groups=groups, single=len(alike[0]) == len(alike[1]) == 1)

    def _by_groups(self, side: int) -> Mapping[frozenset[GroupKey], tuple[Identity, ...]]:
        found: dict[frozenset[GroupKey], tuple[Identity, ...]] = {}
        for workload, groups in self._carried[side].items():
            if workload not in self._attached[side]:
                found[groups] = (*found.get(groups, ()), workload)
        return found

    # -- groups without members --------------------------------------------------------------------

    def _empty(self) -> Iterator[Party]:
        """Groups that nothing carries for certain: the hypothetical member of each."""
        members = tuple({key for groups in carried.values() for key in groups} for carried in self._carried)
        done: set[GroupKey] = set()
        for side, engine in enumerate(self.engines):
            for identity in self._groups(side):
                key = self.key(side, identity)
                group = engine.index.groups.get(identity)
                unused = group is not None and group.default and not engine.carriers.members.get(identity)
                if key in done or unused or key in members[0] or key in members[1]:
                    continue
                done.add(key)
                yield Party(ends=self.group(key), groups=frozenset({key}), hypothetical=True)

    def _groups(self, side: int) -> Iterator[Identity]:
        for one, other in self.matching.pairs:
            if one.sort is Sort.GROUP:
                yield (one, other)[side].id
        for thing in self.matching.alone(side):
            if thing.sort is Sort.GROUP:
                yield thing.id
