"""Who is let in by which rules, without following packets: sources that are let in alike are asked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from auditor.frozen import dataclass
from auditor.model import Direction, Truth
from auditor.reach import Verdict
from auditor.reach.sides import Match
from auditor.reach.spot import Spot
from auditor.reach.walk import Outcome
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End
from auditor.traffic import EVERYTHING, PUBLIC, IntSet
from auditor.tree import Reason

_MOST_ALIKE = 4


@dataclass(frozen=True, slots=True)
class _Gate:
    """What lets in at a destination; ``known`` where nothing else may, nor comes by public addresses.

    ``by_group`` and ``by_addresses`` are the places of the rules that let in a group, or some addresses.
    """

    matches: tuple[Match, ...]
    known: bool
    vpcs: frozenset[str | None]
    by_group: dict[str, frozenset[int]]
    by_addresses: dict[tuple[IntSet, ...], frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Caller:
    """A source as rules see it."""

    groups: frozenset[str]
    addresses: tuple[IntSet, ...]
    known: bool
    vpcs: frozenset[str | None]


class Admissions:
    """The rules by which workloads are let in by others."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._callers: dict[str, _Caller] = {}

    def pairs(self, sources: Iterable[End], destination: End) -> Iterator[tuple[End, Outcome]]:
        """The sources that can, or may, open a connection to a destination, with what the first delivers.

        Those of one VPC that the same rules let in, with the same verdict, are one end, with a few of them by
        name: what is to be mended is the same for all.
        """
        gate = self._gate(destination)
        found: dict[tuple[object, ...], list[tuple[End, Outcome]]] = {}
        enough: set[tuple[frozenset[int], tuple[bool, tuple[Reason, ...]]]] = set()
        for source in sources:
            rules = self._rules(source, gate)
            if rules is not None and not rules:
                continue
            told = (source.sure, source.reasons)
            if rules is not None and (rules, told) in enough:
                continue
            outcome = self._outcome(source, destination)
            verdict = outcome.verdict
            if verdict is not Verdict.BLOCKED:
                key = (rules, verdict, told) if rules is not None else (source.text,)
                alike = found.setdefault(key, [])
                if len(alike) < _MOST_ALIKE:
                    alike.append((source, outcome))
                if rules is not None and verdict is Verdict.REACHABLE and len(alike) >= _MOST_ALIKE:
                    enough.add((rules, told))
        for ends in found.values():
            first, outcome = ends[0]
            workloads = tuple(one for end, _ in ends for one in end.workloads)
            yield End(first.text, workloads, first.sure, first.reasons), outcome

    def _outcome(self, source: End, destination: End) -> Outcome:
        engine = self.evidence.engine
        return engine.outcome(source.ends(self.evidence), destination.ends(self.evidence), EVERYTHING)

    def _rules(self, source: End, gate: _Gate) -> frozenset[int] | None:
        """The rules that let a source in, by their place in the gate; None where it takes more to know."""
        caller = self._caller(source)
        if not (gate.known and caller.known) or caller.vpcs != gate.vpcs or len(gate.vpcs) != 1:
            return None
        by_addresses = gate.by_addresses.get(caller.addresses)
        if by_addresses is None:
            by_addresses = gate.by_addresses[caller.addresses] = frozenset(
                place
                for place, match in enumerate(gate.matches)
                if any(match.addresses.may.overlaps(addresses) for addresses in caller.addresses)
            )
        named = [gate.by_group[group] for group in caller.groups & gate.by_group.keys()]
        return by_addresses.union(*named) if named else by_addresses

    def _gate(self, destination: End) -> _Gate:
        spots = self._spots(destination)
        groups = dict.fromkeys(group for spot in spots for group in spot.groups)
        sides = [self.evidence.engine.groups.side(group, Direction.INGRESS) for group in groups]
        matches = tuple(match for side in sides for match in side.matches)
        public = any(match.addresses.may.overlaps(PUBLIC) for match in matches) and any(
            spot.public.truth is not Truth.NO for spot in spots
        )
        known = all(spot.filtered and not spot.open for spot in spots) and not public
        known = known and not any(side.outside for side in sides)
        # A rule that names a group by an id from elsewhere may mean any.
        groups_known = self.evidence.engine.index.groups.keys()
        known = known and all(match.group in groups_known for match in matches if match.group)
        named: dict[str, list[int]] = {}
        for place, match in enumerate(matches):
            if match.group:
                named.setdefault(match.group, []).append(place)
        by_group = {group: frozenset(places) for group, places in named.items()}
        return _Gate(matches, known and bool(groups), frozenset(spot.vpc for spot in spots), by_group)

    def _caller(self, source: End) -> _Caller:
        found = self._callers.get(source.text)
        if found is None:
            spots, inside = self._spots(source), self.evidence.engine.index.groups.keys()
            found = self._callers[source.text] = _Caller(
                frozenset(group for spot in spots for group in spot.groups),
                tuple(dict.fromkeys(spot.addresses for spot in spots)),
                known=all(not spot.open and spot.groups <= inside for spot in spots),
                vpcs=frozenset(spot.vpc for spot in spots),
            )
        return found

    def _spots(self, end: End) -> tuple[Spot, ...]:
        return self.evidence.engine.spots.of_workload(end.workloads[0]).spots
