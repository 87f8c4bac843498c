"""Security groups: stateful, allow only, the union over all groups on an interface.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import assert_never

from auditor.model import AddressPeer, Direction, GroupPeer, Peer, PrefixListPeer, Rule, Truth, UnknownPeer
from auditor.reach.index import Index
from auditor.reach.points import ALL, NONE, Clause, services_text
from auditor.reach.sides import BY_ANY_GROUP, Match, Side, union
from auditor.reach.spot import Spot
from auditor.traffic import (
    EVERYTHING,
    NOTHING,
    Bounds,
    Traffic,
)
from auditor.tree import Location, Presence, Reason

_Carried = tuple[frozenset[str], frozenset[str], Direction]


class Groups:
    """All security groups of an inventory, compiled when they are first asked."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._sides: dict[tuple[str, Direction], Side] = {}
        self._named: dict[_Carried, tuple[frozenset[str], bool, bool]] = {}
        self._regions: dict[int, Bounds[Traffic]] = {}
        self._clauses: dict[int, Clause] = {}
        self._services: dict[Hashable, tuple[Bounds[Traffic], bool]] = {}

    def side(self, group: str, direction: Direction) -> Side:
        """The rules of a group in a direction."""
        found = self._sides.get((group, direction))
        if found is None:
            found = self._sides[group, direction] = self._compiled(group, direction)
        return found

    def _compiled(self, group: str, direction: Direction) -> Side:
        rules = [rule for rule in self.index.rules.get(group, ()) if rule.direction is direction]
        matches = tuple(match for rule in rules for match in self._matches(rule))
        if group in self.index.groups:
            return Side(matches, (), self.index)
        at = rules[0].at if rules else Location("")
        why = Reason(f"the rules of {group}", at, "the input that defines the group, or a snapshot")
        return Side(matches, (why,), self.index)

    def _matches(self, rule: Rule) -> Iterator[Match]:
        sure = rule.presence is Presence.CERTAIN and rule.group.certain
        service = rule.service if sure else Bounds(NOTHING, rule.service.may)
        reasons = rule.reasons + (() if rule.group.certain else rule.group.reasons)
        for peer in rule.peers:
            yield from self._match(rule, service, reasons, peer)

    def _match(
        self, rule: Rule, service: Bounds[Traffic], reasons: tuple[Reason, ...], peer: Peer
    ) -> Iterator[Match]:
        match peer:
            case AddressPeer(addresses, text, at, why):
                yield Match(
                    rule=rule, text=text, at=at, addresses=addresses, service=service, reasons=reasons + why
                )
            case GroupPeer(link, at):
                group = self.index.canonical(link.id)
                bounds = service if link.certain else Bounds(NOTHING, service.may)
                why = reasons + link.reasons
                yield Match(rule=rule, text=group, at=at, group=group, service=bounds, reasons=why)
            case PrefixListPeer(link, at):
                bounds = service if link.certain else Bounds(NOTHING, service.may)
                for entry in self.index.entries(link):
                    yield Match(
                        rule=rule,
                        text=f"{entry.text} of {self.index.canonical(link.id)}",
                        at=at,
                        addresses=entry.addresses,
                        service=bounds,
                        reasons=reasons + link.reasons + entry.reasons,
                    )
            case UnknownPeer(at, why):
                yield Match(
                    rule=rule,
                    text=why[0].what if why else "a peer that is not known",
                    at=at,
                    addresses=BY_ANY_GROUP,
                    service=Bounds(NOTHING, service.may),
                    reasons=reasons + why,
                )
            case _:
                assert_never(peer)

    # -- what passes between an interface and a peer -----------------------------------------------

    def services(
        self, spot: Spot, direction: Direction, peer: Spot, references: Truth = Truth.YES
    ) -> tuple[Bounds[Traffic], bool]:
        """The services that the groups of ``spot`` let pass for every and for some address of ``peer``.

        The second value says whether addresses of the peer make a difference. ``references`` says whether
        the peer's groups are known there, as they are in one VPC.
        """
        if not spot.filtered:
            return ALL, False
        met = (*self.met(spot, direction, peer), not peer.open)
        carries = (spot.groups, spot.possible, not spot.open, direction)
        key = (carries, peer.addresses, met, references)
        found = self._services.get(key)
        if found is None:
            found = self._services[key] = self._computed(spot, direction, peer, references)
        return found

    def _computed(
        self, spot: Spot, direction: Direction, peer: Spot, references: Truth
    ) -> tuple[Bounds[Traffic], bool]:
        parts: list[Bounds[Traffic]] = []
        split = False
        for group, sure in carried(spot):
            side = self.side(group, direction)
            bounds, differs = side.from_addresses(peer.addresses)
            split = split or differs
            own = [bounds] if bounds.may else []
            own.extend(_by_membership(side, peer, references))
            parts.extend(own if sure else [Bounds(NOTHING, each.may) for each in own])
        if spot.open:
            parts.append(Bounds(NOTHING, EVERYTHING))
        return (parts[0] if len(parts) == 1 else union(parts)), split

    def towards(
        self,
        spot: Spot,
        direction: Direction,
        peer: Spot,
        places: tuple[int, tuple[Spot, ...]],
        references: Truth = Truth.YES,
    ) -> Bounds[Traffic]:
        """The services that pass for some of many peers that are alike but for their places.

        ``places`` is their territory and the spots in it: for each, every address that it may have is asked.
        """
        if not spot.filtered:
            return ALL
        parts: list[Bounds[Traffic]] = []
        for group, sure in carried(spot):
            side = self.side(group, direction)
            own = [self._on_territory(side, places), *_by_membership(side, peer, references)]
            parts.extend(each if sure else Bounds(NOTHING, each.may) for each in own if each.may)
        if spot.open:
            parts.append(Bounds(NOTHING, EVERYTHING))
        return union(parts)

    def _on_territory(self, side: Side, places: tuple[int, tuple[Spot, ...]]) -> Bounds[Traffic]:
        territory, spots = places
        found = side.by_territory.get(territory)
        if found is None:
            found = union(side.from_addresses(spot.addresses)[0] for spot in spots)
            side.by_territory[territory] = found
        return found

    def clauses(self, spot: Spot, direction: Direction, peer: Spot | None) -> Iterator[Clause]:
        """The rules of the groups of ``spot`` as clauses; those by group only where ``peer`` may match."""
        for group, sure in carried(spot):
            side = self.side(group, direction)
            for match in side.matches:
                region = self._region(match, direction, peer)
                if not region.may:
                    continue
                if not (sure and region.known):
                    known = region if sure else Bounds(NOTHING, region.may)
                    doubts = self._doubts(match, peer) if match.group and peer and not region.known else ()
                    yield _clause(match, known, spot, doubts)
                    continue
                kept = self._clauses.get(id(match))
                if kept is None:
                    kept = self._clauses[id(match)] = _clause(match, region, spot, ())
                yield kept
            if side.outside:
                known = Bounds(NOTHING, EVERYTHING)
                at = side.outside[0].at
                text = "rules outside the input"
                yield Clause(component=group, at=at, text=text, region=known, reasons=side.outside)
        if spot.open:
            yield Clause(
                component=spot.owner,
                at=spot.at,
                text="a group that is not known",
                region=Bounds(NOTHING, EVERYTHING),
                reasons=spot.open,
            )

    def named(self, spot: Spot, direction: Direction) -> tuple[frozenset[str], bool, bool]:
        """The groups that the rules on a spot name.

        And whether all of those, and all that the spot carries, are in the input.
        """
        key = (spot.groups, spot.possible, direction)
        found = self._named.get(key)
        if found is None:
            groups, known = spot.groups | spot.possible, self.index.groups.keys()
            named = frozenset[str]().union(*(self.side(group, direction).by_group for group in groups))
            found = self._named[key] = (named, named <= known, bool(groups) and groups <= known)
        return found

    def met(self, spot: Spot, direction: Direction, peer: Spot) -> tuple[frozenset[str], frozenset[str]]:
        """Those of a peer's groups, certain and possible, that the rules on a spot name, or may name."""
        named, known, _ = self.named(spot, direction)
        if not named:
            return named, named
        if known and peer.groups | peer.possible <= self.index.groups.keys():
            return peer.groups & named, peer.possible & named
        return peer.groups, peer.possible

    def by_group(self, match: Match, peer: Spot | None) -> Bounds[Traffic]:
        """What a match by a group lets pass of a peer."""
        if peer is None:
            return NONE
        if match.group in peer.groups:
            return match.service
        possible = match.group in peer.possible or peer.open or any(self._alike(match, peer))
        return Bounds(NOTHING, match.service.may) if possible else NONE

    def _doubts(self, match: Match, peer: Spot) -> tuple[Reason, ...]:
        settled_by = "the input that defines the group, or a snapshot"
        whether = (f"whether {group} is {match.group}" for group in self._alike(match, peer))
        return (*(Reason(what, match.at, settled_by) for what in whether), *peer.reasons, *peer.open)

    def _alike(self, match: Match, peer: Spot) -> Iterator[str]:
        """The groups of a peer that may be the one that a rule names by another id."""
        if match.group not in peer.groups:
            for group in sorted(peer.groups | peer.possible):
                if self.index.same_group(group, match.group) is Truth.UNKNOWN:
                    yield group

    def _region(self, match: Match, direction: Direction, peer: Spot | None) -> Bounds[Traffic]:
        """What a match lets pass; sides keep their matches, so that these are told apart by identity."""
        if match.group:
            return self.by_group(match, peer)
        found = self._regions.get(id(match))
        if found is None:
            found = self._regions[id(match)] = _by_addresses(match, direction)
        return found

    def has_rules(self, group: str) -> bool:
        """Whether a group has any rule, or may have one."""
        sides = [self.side(group, direction) for direction in Direction]
        return any(side.matches or side.outside for side in sides)


def carried(spot: Spot) -> list[tuple[str, bool]]:
    """The groups that a spot carries, sorted, each with whether it certainly does."""
    if not spot.possible:
        if len(spot.groups) == 1:
            return [(group, True) for group in spot.groups]
        return [(group, True) for group in sorted(spot.groups)]
    return sorted([(group, True) for group in spot.groups] + [(group, False) for group in spot.possible])


def _by_membership(side: Side, peer: Spot, references: Truth) -> Iterator[Bounds[Traffic]]:
    if not side.by_group or references is Truth.NO:
        return
    for group in peer.groups:
        service = side.from_group(group)
        if service is not None:
            yield service if references is Truth.YES else Bounds(NOTHING, service.may)
    for group in peer.possible:
        service = side.from_group(group)
        if service is not None:
            yield Bounds(NOTHING, service.may)
    if peer.open:
        yield Bounds(NOTHING, side.any_group)


def _by_addresses(match: Match, direction: Direction) -> Bounds[Traffic]:
    if direction is Direction.INGRESS:
        must, may = (Traffic.of(sources=part) for part in (match.addresses.must, match.addresses.may))
    else:
        must, may = (Traffic.of(destinations=part) for part in (match.addresses.must, match.addresses.may))
    if match.addresses.known:
        must = may
    return match.service & Bounds(must, may)


def _clause(match: Match, region: Bounds[Traffic], spot: Spot, doubts: tuple[Reason, ...]) -> Clause:
    rule = match.rule
    reasons = match.reasons + doubts
    if not region.known:
        reasons = reasons + spot.reasons
    word = "from" if rule.direction is Direction.INGRESS else "to"
    services = services_text(rule.service.may)
    return Clause(
        component=rule.component,
        at=match.at,
        text=f"{services} {word} {match.text}",
        region=region,
        reasons=reasons,
    )
