"""Everyone who can open a connection to a target, or whom a source can open one to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from typing import Protocol

from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach.ends import Ends, Resolved
from auditor.reach.groups import Groups, carried
from auditor.reach.joined import Joined
from auditor.reach.matches import decisive, is_wide, matching, may_carry_any
from auditor.reach.names import INTERNET, ON_PREMISES, Endpoint, Names, cidr_endpoint
from auditor.reach.sides import Match
from auditor.reach.spot import Party, Spot, by_owner
from auditor.reach.verdict import EndpointKind, Neighbour, Verdict
from auditor.reach.walk import Outcome, together
from auditor.traffic import EMPTY, NOTHING, PUBLIC, Bounds, IntSet, Traffic
from auditor.tree import Reason


class Asking(Protocol):
    """The questions that the search puts to the engine."""

    names: Names
    groups: Groups
    resolved: Resolved
    joined: Joined

    def met(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> Outcome:
        """The outcome between a target and a neighbour; ``direction`` as seen from the target."""

    def why(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> tuple[Reason, ...]:
        """The unknowns that decide it."""

    def filtered(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> tuple[str, ...]:
        """What firewalls ask of what passes, beside addresses and ports."""


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the target, what was asked, and the direction as seen from the target."""

    asking: Asking
    target: Ends
    direction: Direction
    asked: Traffic
    _by_spot: dict[int, tuple[Spot, Outcome]] = field(default_factory=dict)

    def rows(self) -> tuple[Neighbour, ...]:
        """Every neighbour, each covered by one row at least, sorted by kind and name."""
        matches = tuple(self._matches())
        known = [one for one in matches if not one.group and one.addresses.must]
        found: dict[tuple[str, str], Neighbour] = {}
        for row in (*self._by_group(matches), *self._by_class(matches, known)):
            found.setdefault((row.end.kind.value, row.end.address or row.end.name), row)
        internet = tuple(self._internet(known))
        for row in (
            *internet,
            *self._on_premises(known),
            *self._by_cidr(known, wide=not internet),
            *self._unknown(matches),
        ):
            found.setdefault((row.end.kind.value, row.end.address or row.end.name), row)
        return tuple(
            sorted(found.values(), key=lambda row: (row.end.kind.value, row.end.name, row.end.address))
        )

    def _spots(self) -> tuple[Spot, ...]:
        return tuple(dict.fromkeys(self.target.spots))

    @property
    def _unfiltered(self) -> bool:
        """Whether no rule of the target's own stands in the way, so that anyone may be a neighbour."""
        spots = self._spots()
        return not spots or any(not spot.filtered for spot in spots)

    def _matches(self) -> Iterator[Match]:
        seen: set[str] = set()
        for spot in self._spots():
            for group, _ in carried(spot):
                if group not in seen:
                    seen.add(group)
                    yield from self.asking.groups.side(group, self.direction).matches

    def _row(self, endpoint: Endpoint, rules: Sequence[Match], ends: Ends | None = None) -> Neighbour | None:
        other = ends or self.asking.resolved.ends(endpoint)
        outcome = self.asking.met(self.target, other, self.direction, self.asked)
        return self._named(endpoint, rules, outcome, other)

    def _named(
        self,
        endpoint: Endpoint,
        rules: Sequence[Match],
        outcome: Outcome,
        other: Ends,
        why: tuple[Reason, ...] = (),
    ) -> Neighbour | None:
        verdict = outcome.verdict
        if verdict is Verdict.BLOCKED:
            return None
        unknowns: tuple[Reason, ...] = why
        if verdict is Verdict.UNKNOWN and not why:
            unknowns = self.asking.why(self.target, other, self.direction, self.asked)
        hypothetical = any(spot.hypothetical and spot.groups for spot in other.spots)
        traffic = outcome.request if verdict is Verdict.ONE_WAY else outcome.both
        return Neighbour(
            end=endpoint.end,
            verdict=verdict,
            traffic=traffic,
            rules=decisive(rules, traffic.may),
            unknowns=unknowns,
            notes=(
                *(("hypothetical: the input has no member of it",) if hypothetical else ()),
                *self.asking.filtered(self.target, other, self.direction, self.asked),
            ),
        )

    # -- rows by kind ------------------------------------------------------------------------------

    def _by_group(self, matches: Sequence[Match]) -> Iterator[Neighbour]:
        named: dict[str, list[Match]] = {}
        for match in matches:
            if match.group:
                named.setdefault(match.group, []).append(match)
        for group, own in named.items():
            row = self._row(self.asking.names.by_id(group), own)
            if row:
                yield row

    def _by_class(self, matches: Sequence[Match], known: Sequence[Match]) -> Iterator[Neighbour]:
        """The groups and workloads inside the ranges of rules; all of them where nothing filters."""
        unfiltered = self._unfiltered
        if not known and not unfiltered and not self._open():
            return
        named = {match.group for match in matches if match.group}
        ranges = IntSet.union(match.addresses.must for match in known)
        covered: set[str] = set()
        for group, members in self._groups_by_size():
            if group in named:
                covered.update(members)
                continue
            if members and covered.issuperset(members):
                continue
            row = self._whole_group(group, ranges, known, unfiltered=unfiltered)
            if row:
                covered.update(members)
                yield row
        yield from self._workloads(covered, ranges, known, unfiltered=unfiltered)

    def _groups_by_size(self) -> list[tuple[str, tuple[str, ...]]]:
        carriers = self.asking.resolved.spots.carriers
        vpcs = {spot.vpc for spot in self._spots()}
        index = self.asking.resolved.index
        found = []
        for group in index.groups.values():
            if group.default and group.id not in carriers.members:
                continue
            used = [vpc for vpc, _ in index.vpcs_of_group(group.id)]
            if not vpcs or any(self.asking.joined.together(vpc, own) for vpc in used for own in vpcs):
                members = tuple(one.id for one in carriers.members.get(group.id, ()))
                found.append((group.id, members))
        return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))

    def _whole_group(
        self, group: str, ranges: IntSet, known: Sequence[Match], *, unfiltered: bool
    ) -> Neighbour | None:
        """The row of a group all of whose members get through."""
        endpoint = self.asking.names.by_id(group)
        ends = self.asking.resolved.ends(endpoint)
        certain = [spot for spot in ends.spots if spot.certain]
        if not unfiltered and not any(spot.addresses.overlaps(ranges) for spot in certain):
            return None
        outcome = self._met(ends)
        if outcome.verdict is Verdict.BLOCKED:
            return None
        members = by_owner(certain)
        # Where there is one member, and no spot that may be another's, the outcome is that member's own.
        alone = len(members) == 1 and all(spot.certain for spot in ends.spots)
        if not (alone or all(any(self._arrives(spot) for spot in own) for own in members)):
            return None
        return self._named(endpoint, matching(known, certain), outcome, ends)

    def _arrives(self, spot: Spot) -> bool:
        return bool(self._met_at(spot).request.may)

    def _met(self, ends: Ends) -> Outcome:
        """The outcome with a group: spot by spot where these differ, as each may be in other groups too."""
        apart = all(party.kin is None for party in ends.parties)
        if apart and not any(party.one for party in (*self.target.parties, *ends.parties)):
            return together(self._met_at(spot) for spot in ends.spots)
        return self.asking.met(self.target, ends, self.direction, self.asked)

    def _met_at(self, spot: Spot) -> Outcome:
        kept = self._by_spot.get(id(spot))
        if kept is not None:
            return kept[1]
        ends = Ends(parties=(Party((spot,)),))
        found = self.asking.met(self.target, ends, self.direction, self.asked)
        self._by_spot[id(spot)] = (spot, found)
        return found

    def _workloads(
        self, covered: set[str], ranges: IntSet, known: Sequence[Match], *, unfiltered: bool
    ) -> Iterator[Neighbour]:
        owners = {spot.owner for spot in self._spots()}
        for workload in self.asking.resolved.spots.carriers.workloads.values():
            if workload.id in covered or not workload.placed or owners == {workload.id}:
                continue
            ends = Ends(parties=(self.asking.resolved.spots.of_workload(workload),))
            spots = list(ends.spots)
            if unfiltered or any(spot.addresses.overlaps(ranges) for spot in spots) or may_carry_any(spots):
                row = self._row(self.asking.names.endpoint(workload), matching(known, spots), ends)
                if row:
                    yield row

    def _open(self) -> bool:
        return any(one.filtered for one in self.asking.resolved.spots.carriers.undecided)

    def _by_cidr(self, known: Sequence[Match], *, wide: bool) -> Iterator[Neighbour]:
        """What a rule's CIDR lets through besides: hosts at its addresses, in the VPC or beyond.

        A rule for all of the internet is told by the row of the internet, unless nothing arrives from there
        (``wide``).
        """
        by_text: dict[str, list[Match]] = {}
        for match in known:
            by_text.setdefault(match.text, []).append(match)
        inside = IntSet.union(
            self.asking.resolved.index.ranges(vpc).must for vpc in {spot.vpc for spot in self._spots()}
        )
        for text, matches in by_text.items():
            addresses = IntSet.union(match.addresses.must for match in matches)
            if is_wide(addresses):
                addresses = addresses & inside if wide else EMPTY
            if not addresses:
                continue
            row = self._row(cidr_endpoint(addresses, text), matches)
            if row:
                yield row

    def _internet(self, known: Sequence[Match]) -> Iterator[Neighbour]:
        wide = [match for match in known if is_wide(match.addresses.must)]
        if self._unfiltered:
            row = self._row(INTERNET, wide)
        else:
            addresses = IntSet.union(match.addresses.must for match in wide) & PUBLIC
            row = self._row(replace(INTERNET, addresses=addresses), wide) if addresses else None
        if row:
            yield row

    def _on_premises(self, known: Sequence[Match]) -> Iterator[Neighbour]:
        """The networks behind VPNs and Direct Connect, where the input has any."""
        if not self.asking.resolved.index.inventory.private_networks:
            return
        ends = self.asking.resolved.ends(ON_PREMISES)
        matches = [match for match in known if match.addresses.must.overlaps(ends.private)]
        if matches or self._unfiltered:
            row = self._row(ON_PREMISES, matches, ends)
            if row:
                yield row

    def _unknown(self, matches: Sequence[Match]) -> Iterator[Neighbour]:
        """What rules name that the input does not decide, a row a name."""
        by_text: dict[str, list[Match]] = {}
        for match in matches:
            if not match.group and not match.addresses.must and match.addresses.may:
                by_text.setdefault(match.text, []).append(match)
        for text, own in by_text.items():
            endpoint = cidr_endpoint(IntSet.union(match.addresses.may for match in own), text)
            ends = self.asking.resolved.ends(endpoint)
            outcome = self.asking.met(self.target, ends, self.direction, self.asked).perhaps()
            why = tuple(sorted({reason for match in own for reason in match.reasons}))
            row = self._named(endpoint, own, outcome, ends, why)
            if row:
                yield row
        for spot in self._spots():
            outside = [
                reason
                for group, _ in carried(spot)
                for reason in self.asking.groups.side(group, self.direction).outside
            ]
            yield from self._undecided((*outside, *spot.open))

    def _undecided(self, reasons: Sequence[Reason]) -> Iterator[Neighbour]:
        if not reasons:
            return
        for reason in dict.fromkeys(reasons):
            endpoint = Endpoint(kind=EndpointKind.CIDR, name=reason.what, at=reason.at)
            yield Neighbour(
                end=endpoint.end,
                verdict=Verdict.UNKNOWN,
                traffic=Bounds(NOTHING, self.asked),
                unknowns=(reason,),
            )
