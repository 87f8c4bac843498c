"""Routes and the gateways that they lead to, as control points."""

from __future__ import annotations

from auditor.model import Direction, Fact, Family, Link, TargetKind, Truth
from auditor.reach.inside import Borders
from auditor.reach.points import (
    ALL,
    BY_PORTS,
    LISTENER,
    NONE,
    PERHAPS,
    Clause,
    Mend,
    Point,
    services_text,
)
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import ANY, Bounds, Traffic, exact
from auditor.tree import Location, Reason

UNMODELLED = frozenset(
    {
        TargetKind.VPC_PEERING,
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.CORE_NETWORK,
        TargetKind.VPN_GATEWAY,
        TargetKind.VPC_ENDPOINT,
        TargetKind.NETWORK_INTERFACE,
        TargetKind.INSTANCE,
        TargetKind.CARRIER_GATEWAY,
        TargetKind.LOCAL_GATEWAY,
        TargetKind.UNKNOWN,
    }
)
"""The targets behind which anything may lie."""


def target_name(way: Way) -> str:
    """What a route leads to, as people read it."""
    return way.target.link.id if way.target.link else way.target.kind.value


def not_modelled(way: Way, at: Location) -> Reason:
    """Why it is not known what becomes of the traffic that a route takes."""
    return Reason(
        f"what lies behind {target_name(way)} ({way.target.kind.value}), which takes {way.text}", at
    )


def unmodelled(way: Way) -> Point:
    """What a route leads to where that is not followed: it may deliver anything."""
    at = way.at or Location("")
    name = target_name(way)
    clause = Clause(
        component=name,
        at=way.at,
        text=f"{way.text} to {name}",
        region=PERHAPS,
        reasons=(not_modelled(way, at), *way.reasons),
    )
    return Point(
        kind=way.target.kind.value,
        component=name,
        code=Code.CANNOT_ROUTE,
        passes=PERHAPS,
        clauses=(clause,),
        at=way.at,
    )


def way_clause(way: Way, table: Table) -> Clause:
    """A route as a clause on the addresses that it wins."""
    region = Bounds(Traffic.of(destinations=way.region.must), Traffic.of(destinations=way.region.may))
    why = way.reasons
    if not why and not way.region.known:
        what = f"whether {table.component} sends {way.text} to {target_name(way)}: others are not known"
        why = (Reason(what, way.at or Location("")),)
    return Clause(
        component=table.component,
        at=way.at,
        text=f"{way.text} to {target_name(way)}",
        region=region,
        allows=way.target.kind is not TargetKind.BLACKHOLE,
        reasons=why,
    )


def route_point(table: Table, way: Way) -> Point:
    """One route of a table as a point: what it wins passes, and a black hole lets nothing pass."""
    clause = way_clause(way, table)
    dropped = way.target.kind is TargetKind.BLACKHOLE
    return Point(
        kind="route-table",
        component=table.component,
        code=Code.BAD_STATE_ROUTE if dropped else Code.NO_ROUTE_TO_DESTINATION,
        passes=NONE if dropped else clause.region,
        clauses=(clause,),
        at=way.at if dropped else table.at,
        text=f"{way.text} is a black hole" if dropped else f"{table.component} has no route to it",
    )


def no_route(table: Table, leg: Leg) -> Point:
    """A table without a route to what was asked."""
    return Point(
        kind="route-table",
        component=table.component,
        code=Code.NO_ROUTE_TO_DESTINATION,
        passes=NONE,
        leg=leg,
        at=table.at,
        text=f"{table.component} has no route to it",
    )


def unknown_routes(table: Table) -> tuple[Point, ...]:
    """A table outside the input: it may have any route."""
    clause = Clause(
        component=table.component, at=table.at, text="not known", region=PERHAPS, reasons=table.outside
    )
    return (
        Point(
            kind="route-table",
            component=table.component,
            code=Code.NO_ROUTE_TO_DESTINATION,
            passes=PERHAPS,
            clauses=(clause,),
            at=table.at,
        ),
    )


def fact_point(
    kind: str, component: str, code: Code, fact: Fact, texts: tuple[str, str], *, mend: str = ""
) -> Point:
    """A fact that everything depends on; ``texts`` say what holds and what does not, ``mend`` what to do."""
    passes = {Truth.YES: ALL, Truth.NO: NONE, Truth.UNKNOWN: PERHAPS}[fact.truth]
    clause = Clause(component=component, at=fact.at, text=texts[0], region=passes, reasons=fact.reasons)
    return Point(
        kind=kind,
        component=component,
        code=code,
        passes=passes,
        clauses=(clause,),
        at=fact.at,
        text=texts[1],
        mend=Mend(mend) if mend else None,
    )


def public_point(spot: Spot, code: Code) -> Point:
    """The public address of a spot; an IPv6 address is public itself."""
    if spot.family is Family.IPV6:
        fact = Fact(Truth.YES, spot.at)
    else:
        fact = Fact(spot.public.truth, spot.public.at or spot.at, spot.public.reasons)
    texts = ("has a public address", f"{spot.owner} has no public address")
    mend = f"give {spot.owner} a public IPv4 address"
    return fact_point("interface", spot.owner, code, fact, texts, mend=mend)


def gateway_point(borders: Borders, link: Link, kind: TargetKind, vpc: str | None) -> Point:
    """The gateway that a route leads to, attached to the VPC or not."""
    identity = borders.index.canonical(link.id)
    truth = borders.index.attached(identity, vpc)
    if truth is Truth.UNKNOWN and borders.index.is_outside_gateway(identity):
        # AWS refuses a route to a gateway that is not attached to the table's own VPC.
        truth = Truth.YES
    why = (Reason(f"whether {identity} is attached to {vpc}", link.at),) if truth is Truth.UNKNOWN else ()
    texts = ("attached", f"{identity} is not attached to {vpc}")
    fact = Fact(truth, link.at, why)
    mend = f"attach {identity} to {vpc}"
    return fact_point(kind.value, identity, Code.UNASSOCIATED_COMPONENT, fact, texts, mend=mend)


def initiating(spot: Spot) -> tuple[Point, ...]:
    """Points that block what opens no connections, such as an interface endpoint, or only some."""
    if not spot.initiates:
        text = f"{spot.owner} accepts connections and opens none"
        return (never(spot.owner, Code.VPCE_INTRA_VPC_TRAFFIC, text, spot.at),)
    if spot.opens is None:
        return ()
    region, owner = spot.opens, spot.owner
    why = (Reason(f"what {owner} may connect to", spot.at or Location("")),)
    reasons = () if region.known else why
    everywhere = region.may.destinations == ANY
    said = f"opens {services_text(region.may)} only" if everywhere else "authorized"
    clause = Clause(component=owner, at=spot.at, text=said, region=region, reasons=reasons)
    return (
        Point(
            kind="interface",
            component=owner,
            code=Code.TARGET_PORT_RESTRICTION if everywhere else Code.TARGET_ADDRESS_RESTRICTION,
            passes=region,
            clauses=(clause,),
            at=spot.at,
            text=f"{owner} {said}" if everywhere else f"{owner} is not authorized to connect to it",
            mend=None if everywhere else Mend(f"authorize {owner} to connect to it"),
        ),
    )


def accepting(spot: Spot) -> tuple[Point, ...]:
    """A point that blocks what accepts no connections, such as a Lambda function."""
    if spot.accepts:
        return ()
    text = f"{spot.owner} opens connections and accepts none"
    return (never(spot.owner, Code.TARGET_PORT_RESTRICTION, text, spot.at),)


def listening(spot: Spot) -> tuple[Point, ...]:
    """A point that blocks what is not accepted where a spot stands. That something listens is not asked.

    ICMP and whatever else has no ports goes past it.
    """
    if spot.listens is None:
        return ()
    text = f"accepts {services_text(spot.listens & BY_PORTS)}"
    region = exact(spot.listens)
    clause = Clause(component=spot.owner, at=spot.at, text=text, region=region)
    return (
        Point(
            kind=LISTENER,
            component=spot.owner,
            code=Code.TARGET_PORT_RESTRICTION,
            passes=region,
            clauses=(clause,),
            at=spot.at,
            text=f"{spot.owner} {text} only",
            mend=Mend(f"let {spot.owner} accept it", Direction.INGRESS),
        ),
    )


def never(component: str, code: Code, text: str, at: Location | None, kind: str = "interface") -> Point:
    """A point that lets nothing pass."""
    return Point(kind=kind, component=component, code=code, passes=NONE, at=at, text=text)
