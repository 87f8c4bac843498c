"""What the internet can address: a public address in a subnet that routes to an attached internet gateway.

Or what an accelerator brings it to, whose own addresses stand for it.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.frozen import dataclass
from auditor.model import Accelerated, Fact, Family, TargetKind, Truth, Workload
from auditor.reach.accelerators import brings
from auditor.reach.engine import Engine
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import End
from auditor.traffic import IPV4, IPV6, PUBLIC
from auditor.tree import Location, Presence, Reason

_LINES = {Family.IPV4: IPV4, Family.IPV6: IPV6}
_PERHAPS = frozenset(
    {TargetKind.VPC_ENDPOINT, TargetKind.NETWORK_INTERFACE, TargetKind.INSTANCE, TargetKind.UNKNOWN}
)
"""Targets that may hand packets on to an internet gateway."""
_UNKNOWN = frozenset({TargetKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Exposed:
    """A workload that the internet can address, for certain (``YES``) or perhaps (``UNKNOWN``)."""

    end: End
    public: Fact


def public_workloads(engine: Engine) -> tuple[Exposed, ...]:
    """The workloads that the internet can address, or perhaps can, in the order of the input.

    Groups and network ACLs are not asked: they say what passes of the internet's traffic, not whether any
    comes.
    """
    held = {one.id for ones in engine.spots.carriers.interfaces.values() for one in ones}
    found = []
    for workload in engine.inventory.workloads:
        public = _public(engine, workload)
        if workload.id not in held and public.truth is not Truth.NO:
            found.append(Exposed(engine.names.endpoint(workload).end, public))
    return tuple(found)


def _public(engine: Engine, workload: Workload) -> Fact:
    party = engine.spots.of_workload(workload)
    facts = [_spot(engine, spot) for spot in party.spots]
    truths = {fact.truth for fact in facts}
    reasons = tuple(dict.fromkeys(reason for fact in facts for reason in fact.reasons))
    if not truths - {Truth.NO}:
        return Fact(Truth.NO)
    sure = truths == {Truth.YES} if party.one else Truth.YES in truths
    if sure and workload.presence is Presence.CERTAIN:
        return Fact(Truth.YES, workload.at)
    return Fact(Truth.UNKNOWN, workload.at, reasons or _where(workload))


def _where(workload: Workload) -> tuple[Reason, ...]:
    what = "in which of its subnets" if workload.presence is Presence.CERTAIN else "whether"
    return (Reason(f"{what} {workload.id} is", workload.at),)


def _spot(engine: Engine, spot: Spot) -> Fact:
    """Whether the internet can address a spot by its own public address, or by an accelerator's."""
    facts = [_addressed(engine, spot), *(_brought(engine, spot, one) for one in spot.accelerated)]
    if len(facts) == 1:
        return facts[0]
    by_truth = {fact.truth: fact for fact in reversed(facts)}
    return by_truth.get(Truth.YES) or by_truth.get(Truth.UNKNOWN) or facts[0]


def _brought(engine: Engine, spot: Spot, one: Accelerated) -> Fact:
    """An accelerator needs no route, but an internet gateway of the VPC."""
    brought = brings(one, spot.family)
    gateway = engine.index.gateways(spot.vpc, TargetKind.INTERNET_GATEWAY)
    if Truth.NO in {brought.truth, gateway} or not spot.accepts:
        return Fact(Truth.NO)
    if spot.certain and brought.truth is gateway is Truth.YES:
        return Fact(Truth.YES)
    why = Reason(f"whether an internet gateway is attached to {spot.vpc}", one.at)
    unknown = (why,) if gateway is Truth.UNKNOWN else ()
    return Fact(Truth.UNKNOWN, one.at, (*brought.reasons, *unknown, *(() if spot.certain else spot.reasons)))


def _addressed(engine: Engine, spot: Spot) -> Fact:
    public = spot.public if spot.family is Family.IPV4 else Fact(Truth.YES)
    if public.truth is Truth.NO or not spot.accepts:
        return Fact(Truth.NO)
    if engine.index.gateways(spot.vpc, TargetKind.INTERNET_GATEWAY) is Truth.NO:
        return Fact(Truth.NO)
    routed = _all(
        _routed(_ways(engine, table, spot), table)
        for table in engine.borders.tables.in_effect(spot.subnet, spot.vpc)
    )
    if routed.truth is Truth.NO:
        return routed
    reasons = (*public.reasons, *routed.reasons, *(() if spot.certain else spot.reasons))
    if spot.certain and public.truth is routed.truth is Truth.YES:
        return Fact(Truth.YES)
    return Fact(Truth.UNKNOWN, spot.at, reasons)


def faces_internet(engine: Engine, spot: Spot) -> Fact:
    """Whether a spot is in a public subnet, which has a route straight to an internet gateway, and by which.

    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
    """
    tables = engine.borders.tables.in_effect(spot.subnet, spot.vpc)
    return _all(_routed(_ways(engine, table, spot, _UNKNOWN), table) for table in tables)


def _all(facts: Iterable[Fact]) -> Fact:
    """What one of several tables says, of which it is not known which is in effect."""
    known = tuple(facts)
    truths = {fact.truth for fact in known}
    if len(truths) == 1:
        return known[0]
    return Fact(Truth.UNKNOWN, reasons=tuple(reason for fact in known for reason in fact.reasons))


def _routed(ways: Iterable[Fact], table: Table) -> Fact:
    """Whether a table sends packets for the internet to an internet gateway of the spot's VPC."""
    facts = tuple(ways)
    sure = next((fact for fact in facts if fact.truth is Truth.YES), None)
    if sure is not None:
        return sure
    reasons = [reason for fact in facts for reason in fact.reasons]
    if table.outside or any(fact.truth is Truth.UNKNOWN for fact in facts):
        return Fact(Truth.UNKNOWN, table.at, (*reasons, *table.outside))
    return Fact(Truth.NO)


def _ways(
    engine: Engine, table: Table, spot: Spot, perhaps: frozenset[TargetKind] = _PERHAPS
) -> Iterator[Fact]:
    line = _LINES[spot.family] & PUBLIC
    for way in table.ways:
        if not way.region.may & line:
            continue
        if way.target.kind in perhaps:
            at = way.at or Location("")
            why = Reason(f"what lies behind the route for {way.text}", at)
            yield Fact(Truth.UNKNOWN, at, (why, *way.reasons))
        elif way.target.kind is TargetKind.INTERNET_GATEWAY:
            attached = _attached(engine, spot, way)
            sure = way.region.must & line or attached.truth is Truth.NO
            yield attached if sure else Fact(Truth.UNKNOWN, way.at, way.reasons)


def _attached(engine: Engine, spot: Spot, way: Way) -> Fact:
    identity = engine.index.canonical(way.target.link.id if way.target.link else "")
    truth = engine.index.attached(identity, spot.vpc)
    if truth is Truth.UNKNOWN and engine.index.is_outside_gateway(identity):
        # AWS refuses a route to a gateway that is not attached to the table's own VPC.
        return Fact(Truth.YES, way.at)
    if truth is not Truth.UNKNOWN:
        return Fact(truth, way.at)
    at = way.at or Location("")
    return Fact(truth, at, (Reason(f"whether {identity} is attached to {spot.vpc}", at),))
