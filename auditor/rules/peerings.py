"""Routes to VPC peerings that are wider than the VPC at the other end.

https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-partial-access.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related
from auditor.frozen import dataclass
from auditor.model import AddressPeer, Peering, PrefixListPeer, Route, TargetKind
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.narrowing import Passage, unused_parts
from auditor.traffic import IPV4, IntSet, cidrs
from auditor.tree import Location, Presence, Reason

# A VPC has at most 50 IPv4 ranges of at most a /16 each:
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
_LARGEST = 50 << 16
_MOST_RANGES = 4
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class _Way:
    """A route of a table to the VPC at the other end of a peering."""

    route: Route
    table: str
    peering: Peering
    own: str
    other: str


def wide_routes(evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each destination of a route that is, or may be, wider than the peer's VPC, or than
    what groups use of it.
    """
    for way in _ways(evidence):
        for peer in _destinations(way.route, evidence):
            yield from _judged(way, peer, evidence)


def _ways(evidence: Evidence) -> Iterator[_Way]:
    index = evidence.engine.index
    peerings = {one.id: one for one in index.inventory.peerings}
    for name, routes in index.routes.items():
        table = index.tables.get(name)
        for route in routes:
            link = route.target.link
            if route.target.kind is not TargetKind.VPC_PEERING or link is None:
                continue
            peering = peerings.get(index.canonical(link.id))
            if peering is None:
                continue
            ends = [index.canonical(peering.requester.id), index.canonical(peering.accepter.id)]
            own = index.canonical(table.vpc.id) if table else ""
            if own in ends:
                yield _Way(route, name, peering, own, ends[1 - ends.index(own)])


def _destinations(route: Route, evidence: Evidence) -> tuple[AddressPeer, ...]:
    match route.destination:
        case AddressPeer():
            return (route.destination,)
        case PrefixListPeer(link, at):
            entries = evidence.engine.index.entries(link)
            return tuple(AddressPeer(one.addresses, one.text, at, one.reasons) for one in entries)


def _judged(way: _Way, peer: AddressPeer, evidence: Evidence) -> Iterator[Judged]:
    ranges = evidence.engine.index.ranges(way.other)
    known = way.other in evidence.engine.index.vpcs
    there = way.route.presence is Presence.CERTAIN and way.peering.presence is Presence.CERTAIN
    wanted = peer.addresses.must
    beyond = wanted - ranges.may if known else IntSet(())
    too_large = (wanted & IPV4).size > _LARGEST
    if there and (beyond or too_large):
        yield _violated(way, peer, ranges.may if known and ranges.known else None)
    elif known and peer.addresses.may <= ranges.must:
        if there and way.own in evidence.engine.index.vpcs:
            yield from unused_parts(_passage(way, peer), evidence)
    elif not _named_by(peer, way.other):
        yield _undetermined(way, peer, evidence)


def _passage(way: _Way, peer: AddressPeer) -> Passage:
    return Passage(table=way.table, own=way.own, other=way.other, peer=peer, peering=way.peering)


def _named_by(peer: AddressPeer, vpc: str) -> bool:
    """Whether a destination is the range of a VPC outside the input, by that VPC's own attribute."""
    return peer.text.startswith(f"{vpc.removesuffix('.id')}.cidr_block")


def _violated(way: _Way, peer: AddressPeer, ranges: IntSet | None) -> Judged:
    message = f"{way.table} sends {peer.text} to {way.other} by {way.peering.id}"
    fix = ""
    if ranges is None:
        message = f"{message}, more than a VPC can have."
    else:
        texts = cidrs(ranges)
        shown = ", ".join(texts[:_MOST_RANGES]) + (", …" if len(texts) > _MOST_RANGES else "")
        message = f"{message}, which has {shown} only."
        if len(texts) == 1:
            fix = f"Write {texts[0]} in place of {peer.text}, or the ranges of the subnets that are used."
        elif len(texts) <= _MOST_RANGES:
            fix = f"Write a route for each of {', '.join(texts)} in place of {peer.text}."
    return Judged(
        judgement=Judgement.VIOLATED,
        component=way.table,
        at=peer.at,
        fact=f"{peer.text} to {way.other}",
        message=message,
        fix=fix,
        related=(Related(at=way.peering.at, text=way.peering.id),),
    )


def _undetermined(way: _Way, peer: AddressPeer, evidence: Evidence) -> Judged:
    known = evidence.engine.index.vpcs.get(way.other)
    at = known.at if known else Location("")
    own = evidence.engine.index.vpc_reasons(way.other)
    what = Reason(f"the ranges of {way.other}", at, "the input that defines the VPC, or a snapshot")
    reasons = (*peer.reasons, *way.route.reasons, *(own or (() if known else (what,))))
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=way.table,
        at=peer.at,
        fact=f"{peer.text} to {way.other}",
        message=f"{way.table} may send more than the ranges of {way.other} there: {peer.text}.",
        related=(Related(at=way.peering.at, text=way.peering.id),),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
