"""What a question rests on, written so that equal values on both sides have equal answers.

Most of two networks that are compared is the same. What is the same need not be asked: the parts of an answer
(where an end stands, the rules of its groups, the network between) are spelled with the numbers of matched
things in place of ids, and without places in files, names and reasons.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Hashable, Iterable

from auditor.compare.atoms import Atoms
from auditor.compare.matching import Matching
from auditor.compare.things import Identity
from auditor.model import Direction, Link, Route, Workload
from auditor.reach import Endpoint, Engine
from auditor.reach.groups import carried
from auditor.reach.sides import Match
from auditor.reach.spot import Spot
from auditor.traffic import Bounds, IntSet, Traffic
from auditor.tree import Reason

# Told apart by spots, by the rules of groups, or of no account to packets.
_NOT_NETWORK = frozenset(
    {
        "groups",
        "rules",
        "workloads",
        "profiles",
        "group_attachments",
        "interface_attachments",
        "aliases",
        "gaps",
    }
)
_NOT_FACTS = frozenset({"at", "text", "names", "tags", "zone", "scope", "component", "description"})
_WORDS = re.compile(r"[\s,()]+")


class Spelling:
    """The parts of one side's answers as values that the other side's can be compared with."""

    def __init__(self, side: int, engine: Engine, matching: Matching, atoms: Atoms) -> None:
        self.engine = engine
        self._atoms = atoms
        self._numbers: dict[Identity, Hashable] = {}
        for number, pair in enumerate(matching.pairs):
            self._numbers.setdefault(pair[side].id, (number,))
        self._rules: dict[Identity, Hashable] = {}

    def name(self, identity: Identity | None) -> Hashable:
        """An id as both sides spell it."""
        if identity is None:
            return None
        canonical = self.engine.index.canonical(identity)
        return self._numbers.get(canonical, canonical)

    def whats(self, reasons: Iterable[Reason]) -> frozenset[tuple[Hashable, ...]]:
        """What is not known, as both sides spell it."""
        return frozenset(map(self.what, reasons))

    def what(self, reason: Reason) -> tuple[Hashable, ...]:
        """What is missing, with the ids that stand in its words as both sides spell them."""
        return tuple(map(self.name, _WORDS.split(reason.what)))

    def end(self, endpoint: Endpoint | None) -> Hashable:
        """All that an end itself gives to its answers: its spots, and the rules of its groups."""
        if endpoint is None:
            return None
        ends = self.engine.resolved.ends(endpoint)
        own = self._unplaced(ends.unplaced) if ends.unplaced else None
        if own is not None and not ends.parties:
            return own
        groups = sorted({group for spot in ends.spots for group, _ in carried(spot)})
        return (
            (own, ends.elsewhere),
            frozenset(
                (party.one, frozenset(self.spot(spot) for spot in party.spots)) for party in ends.parties
            ),
            frozenset(self.rules(group) for group in groups),
        )

    def _unplaced(self, own: Workload) -> Hashable:
        public = (
            (None, frozenset()) if own.public is None else (own.public.truth, self.whats(own.public.reasons))
        )
        return (
            "in no VPC",
            own.initiates,
            own.accepts,
            public,
            self._fact(own.listens),
            self._fact(own.sources),
        )

    def spot(self, spot: Spot) -> Hashable:
        """All that a spot itself gives to an answer."""
        atoms = self._atoms.of(spot.addresses)
        return (
            self.place(spot),
            spot.chosen and atoms[0] != atoms[-1],
            frozenset(map(self.name, spot.groups)),
            frozenset(map(self.name, spot.possible)),
            (spot.filtered, spot.public.truth, spot.certain, spot.initiates, spot.accepts),
            (spot.listens, self._fact(spot.opens)),
            spot.hypothetical,
            frozenset(map(self._fact, spot.accelerated)),
            self.whats((*spot.open, *spot.reasons, *spot.range_reasons, *spot.public.reasons)),
        )

    def place(self, spot: Spot) -> Hashable:
        """Where a spot stands; addresses that no filter tells apart are one."""
        return self.name(spot.vpc), self.name(spot.subnet), spot.family, self._atoms.of(spot.addresses)

    def rules(self, group: Identity) -> Hashable:
        """The rules of a group in both directions."""
        found = self._rules.get(group)
        if found is None:
            sides = [self.engine.groups.side(group, direction) for direction in Direction]
            parts = [(frozenset(map(self.match, side.matches)), self.whats(side.outside)) for side in sides]
            found = self._rules[group] = (self.name(group), *parts)
        return found

    def match(self, match: Match) -> Hashable:
        """One peer of one rule."""
        known = match.addresses.known and match.service.known
        return (
            self.name(match.group) if match.group else "",
            (match.addresses.must, match.addresses.may),
            (match.service.must, match.service.may),
            None if known else self.whats(match.reasons),
        )

    def network(self) -> Hashable:
        """All facts that lie between ends: VPCs, subnets, tables, ACLs, gateways."""
        inventory = self.engine.inventory
        return self.engine.strict, frozenset(
            (field.name, self._fact(fact))
            for field in dataclasses.fields(inventory)
            if field.name not in _NOT_NETWORK
            for fact in getattr(inventory, field.name)
        )

    def _fact(self, value: object) -> Hashable:
        match value:
            case str():
                return self.name(value)
            case IntSet() | Traffic():
                return value
            case tuple() | frozenset():
                return frozenset(map(self._fact, value))
            case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
                return self._record(value)
            case Bounds():
                return self._fact(value.must), self._fact(value.may)
            case _:
                return repr(value)

    def _record(self, value: object) -> Hashable:
        """A value with fields: without its place and its names, and a route without its id."""
        match value:
            case Link():
                return (
                    (self.name(value.id), value.certain, value.any),
                    frozenset(map(self.name, value.among)),
                    self.whats(value.reasons),
                )
            case Reason():
                return self.what(value)
            case _:
                without = _NOT_FACTS | {"id"} if isinstance(value, Route) else _NOT_FACTS
                names: tuple[str, ...] = getattr(type(value), "__slots__", ())
                fields = ((name, self._fact(getattr(value, name))) for name in names if name not in without)
                return (type(value).__name__, *fields)
