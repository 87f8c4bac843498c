"""Routes to a peering of which groups use a part only: some of the subnets in the VPC there.

https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import AddressPeer, Direction, Peering, Subnet
from auditor.reach.spot import Spot
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import some
from auditor.traffic import IntSet, Traffic, cidrs
from auditor.tree import Location, Reason

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a route table of one VPC sends to another one, by a peering."""

    table: str
    own: str
    other: str
    peer: AddressPeer
    peering: Peering


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """The subnets beyond that are used for certain, and all that may be."""

    sure: frozenset[str]
    perhaps: frozenset[str]


def unused_parts(passage: Passage, evidence: Evidence) -> Iterator[Judged]:
    """One judgement where groups let nothing through to, or from, some of the subnets that a route leads to.

    Both directions count, as replies take the route too. Nothing is said where nothing stands at one of the
    ends, or where no group lets anything through: then what it is for is not in the input.
    """
    index = evidence.engine.index
    addresses = passage.peer.addresses.may
    known = [one for one in index.subnets_of.get(passage.other, ()) if one.cidrs.may.overlaps(addresses)]
    if len(known) < 2:
        return
    here = [
        spot
        for spot in _spots(passage.own, evidence)
        if _looks_up(spot, passage.own, passage.table, evidence)
    ]
    use = _use(here, _spots(passage.other, evidence), evidence)
    used = [one for one in known if one.id in use.perhaps]
    free = [one for one in known if one.id not in use.perhaps]
    unsure = [one for one in used if one.id not in use.sure]
    if used and free:
        yield _judged(passage, used, free, unsure, addresses)
    elif unsure:
        yield _judged(passage, used, unsure, unsure, addresses)


def _spots(vpc: str, evidence: Evidence) -> list[Spot]:
    """Where something stands in a VPC."""
    spots = evidence.engine.spots
    found = (spot for one in evidence.workloads for spot in spots.of_workload(one).spots)
    return list(dict.fromkeys(spot for spot in found if spot.vpc == vpc and not spot.hypothetical))


def _looks_up(spot: Spot, vpc: str, table: str, evidence: Evidence) -> bool:
    tables = evidence.engine.borders.tables.in_effect(spot.subnet, vpc)
    return any(one.component == table for one in tables)


def _use(here: list[Spot], there: list[Spot], evidence: Evidence) -> _Use:
    sure: set[str] = set()
    perhaps: set[str] = set()
    near = list({_filters(spot): spot for spot in here}.values())
    crowd = _Crowd(near, evidence)
    for spot in there:
        subnet = spot.subnet or ""
        if subnet in sure:
            continue
        if not crowd.may_meet(spot):
            continue
        met = [_met(one, spot, evidence) for one in near if one.family is spot.family]
        if any(may for _, may in met):
            perhaps.add(subnet)
        if any(must for must, _ in met) and not spot.open and not spot.reasons:
            sure.add(subnet)
    return _Use(sure=frozenset(sure), perhaps=frozenset(perhaps))


class _Crowd:
    """Many hosts at once: what their groups together let pass, by the addresses at the other end."""

    def __init__(self, near: list[Spot], evidence: Evidence) -> None:
        self._near = near
        self._groups = evidence.engine.borders.groups
        self._places = list({spot.addresses: spot for spot in near}.values())
        self._kept: dict[tuple[Direction, IntSet], Traffic] = {}
        self._named = any(map(self._names_groups, near))

    def may_meet(self, spot: Spot) -> bool:
        """Whether a host may meet any of them; what of groups by name is let pass is not summed up."""
        if self._named or self._names_groups(spot):
            return True
        for own, other in ((Direction.EGRESS, Direction.INGRESS), (Direction.INGRESS, Direction.EGRESS)):
            mine = [self._groups.services(spot, own, each)[0].may for each in self._places]
            if any(one & self._of_all(other, spot) for one in mine):
                return True
        return False

    def _of_all(self, direction: Direction, spot: Spot) -> Traffic:
        key = (direction, spot.addresses)
        if key not in self._kept:
            each = (self._groups.services(one, direction, spot)[0].may for one in self._near)
            self._kept[key] = Traffic.union(each)
        return self._kept[key]

    def _names_groups(self, spot: Spot) -> bool:
        sides = (self._groups.side(one, way) for one in spot.groups | spot.possible for way in Direction)
        return any(side.by_group for side in sides)


def _filters(spot: Spot) -> tuple[object, ...]:
    return spot.groups, spot.possible, bool(spot.open), spot.filtered, spot.addresses, spot.family


def _met(one: Spot, other: Spot, evidence: Evidence) -> tuple[bool, bool]:
    """Whether groups let any connection between two hosts through, for certain and perhaps."""
    services = evidence.engine.borders.groups.services
    must = may = False
    for source, target in ((one, other), (other, one)):
        if not source.initiates or not target.accepts:
            continue
        out, narrowed = services(source, Direction.EGRESS, target)
        into, split = services(target, Direction.INGRESS, source)
        may = may or bool(out.may & into.may)
        must = must or bool(out.must & into.must) or ((narrowed or split) and bool(out.may & into.may))
    return must, may


def _judged(
    passage: Passage, used: list[Subnet], free: list[Subnet], unsure: Iterable[Subnet], addresses: IntSet
) -> Judged:
    known = not tuple(unsure) and all(one.cidrs.known for one in (*used, *free))
    parts = cidrs(IntSet.union(one.cidrs.may for one in used) & addresses)
    names = some([one.id for one in free], _MOST_NAMED)
    end = f"of {passage.table} and of {passage.other}"
    message = (
        f"groups let nothing through to or from {names}; {some(parts, _MOST_NAMED)} would carry all they do."
    )
    if not known:
        message = f"groups may let nothing through to or from {names}."
    write = (
        f"Write {parts[0]}" if len(parts) == 1 else f"Write a route for each of {some(parts, _MOST_NAMED)}"
    )
    reason = Reason(f"what groups let through between the subnets {end}", passage.peer.at, "a snapshot")
    reasons = [reason, *(why for one in (*used, *free) for why in one.reasons)]
    return Judged(
        judgement=Judgement.VIOLATED if known else Judgement.UNDETERMINED,
        component=passage.table,
        at=passage.peer.at,
        fact=f"{passage.peer.text} to {passage.other}, of which {' '.join(parts)} is used",
        message=f"{passage.table} sends {passage.peer.text} to {passage.other} by {passage.peering.id}, but "
        + message,
        severity=Severity.INFO,
        fix=f"{write} in place of {passage.peer.text}, unless other inputs put hosts into the other subnets.",
        related=tuple(_related(passage, free)),
        unknowns=() if known else tuple(dict.fromkeys(reasons)),
    )


def _related(passage: Passage, free: list[Subnet]) -> Iterator[Related]:
    yield Related(at=passage.peering.at, text=passage.peering.id)
    for one in free[:_MOST_NAMED]:
        if one.at != Location(""):
            yield Related(at=one.at, text=f"groups let nothing through to or from {one.id}")
