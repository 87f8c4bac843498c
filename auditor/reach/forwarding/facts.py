"""What stands at the hops between networks, as control points."""

from __future__ import annotations

from auditor.model import Fact, Peering, TransitAttachment, TransitGateway, Truth, VpcEndpoint
from auditor.reach.forwarding.course import region_point
from auditor.reach.gateways import fact_point
from auditor.reach.points import NONE, Clause, Point
from auditor.reach.tables import Way
from auditor.reach.verdict import Code
from auditor.traffic import NOTHING, TCP, Bounds, IntSet, Traffic, parse_traffic
from auditor.tree import Location, Presence, Reason

ORDER = {Truth.NO: 0, Truth.UNKNOWN: 1, Truth.YES: 2}


def weakest(*facts: Fact) -> Fact:
    """What holds only where all the facts do."""
    return min(facts, key=lambda fact: ORDER[fact.truth])


def present(fact: Fact, presence: Presence, why: tuple[Reason, ...] = ()) -> Fact:
    """A fact about something that may not exist."""
    if presence is Presence.CERTAIN or fact.truth is Truth.NO:
        return fact
    return Fact(Truth.UNKNOWN, fact.at, (*fact.reasons, *why))


def active_peering(peering: Peering, *, certain: bool) -> Point:
    """Whether a peering connection is active."""
    fact = present(peering.active, peering.presence if certain else Presence.POSSIBLE)
    why = fact.reasons or (Reason(f"whether {peering.id} is active", peering.at, "a snapshot"),)
    fact = Fact(fact.truth, fact.at or peering.at, why if fact.truth is Truth.UNKNOWN else ())
    texts = ("active", f"{peering.id} is not active")
    mend = f"accept {peering.id}"
    return fact_point("vpc-peering", peering.id, Code.BAD_STATE, fact, texts, mend=mend)


def within(component: str, at: Location | None, ranges: Bounds[IntSet], end: str) -> Point:
    """A peering connection carries only what lies in the ranges of the VPC on that ``end``."""
    if end == "destination":
        region = Bounds(Traffic.of(destinations=ranges.must), Traffic.of(destinations=ranges.may))
    else:
        region = Bounds(Traffic.of(sources=ranges.must), Traffic.of(sources=ranges.may))
    texts = ("to the other VPC's addresses", f"{component}: the {end} is no address of the VPC there")
    code = Code.PCX_REQUIRES_ADDRESS_IN_VPC_CIDR
    return region_point("vpc-peering", component, code, region, texts=texts, at=at)


def attached(attachment: TransitAttachment, truth: Truth) -> Point:
    """Whether a transit gateway's attachment is there and active."""
    fact = attachment.active
    if truth is Truth.UNKNOWN and fact.truth is Truth.YES:
        why = Reason(f"whether {attachment.id} attaches the VPC", attachment.at, "a snapshot")
        fact = Fact(Truth.UNKNOWN, attachment.at, (why,))
    texts = ("attached", f"{attachment.id} is not active")
    code = Code.BAD_STATE_ATTACHMENT
    mend = f"accept {attachment.id}"
    return fact_point("transit-gateway-attachment", attachment.id, code, fact, texts, mend=mend)


def zone_point(attachment: TransitAttachment, fact: Fact, place: str) -> Point:
    """Whether an attachment has a subnet in the zone that packets come from.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    text = f"{attachment.id} has no subnet in the zone of {place}"
    texts = ("in the same zone", text)
    code = Code.TGW_ATTACH_VPC_AZ_RESTRICTION
    mend = f"add a subnet in the zone of {place} to {attachment.id}"
    return fact_point("transit-gateway-attachment", attachment.id, code, fact, texts, mend=mend)


def transit_route_point(table: str, at: Location | None, way: Way) -> Point:
    """A route of a transit gateway's table."""
    region = Bounds(Traffic.of(destinations=way.region.must), Traffic.of(destinations=way.region.may))
    drops = way.target.link is None
    name = "a black hole" if way.target.link is None else way.target.link.id
    why = way.reasons
    if not why and not way.region.known:
        why = (Reason(f"whether {table} sends {way.text} to {name}", way.at or Location("")),)
    clause = Clause(
        component=table,
        at=way.at,
        text=f"{way.text} to {name}",
        region=region,
        allows=not drops,
        reasons=why,
    )
    return Point(
        kind="transit-gateway-route-table",
        component=table,
        code=Code.TGW_RTB_BAD_STATE_ROUTE if drops else Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT,
        passes=NONE if drops else region,
        clauses=(clause,),
        at=way.at if drops else at,
        text=f"{way.text} is a black hole" if drops else f"{table} has no route to it",
    )


def no_transit_route(table: str, at: Location | None) -> Point:
    """A transit gateway's table without a route to what was asked."""
    return Point(
        kind="transit-gateway-route-table",
        component=table,
        code=Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT,
        passes=NONE,
        at=at,
        text=f"{table} has no route to it",
    )


def no_association(attachment: TransitAttachment, gateway: str) -> Point:
    """An attachment that is associated with no table of the gateway: what it sends is dropped."""
    return Point(
        kind="transit-gateway-attachment",
        component=attachment.id,
        code=Code.TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION,
        passes=NONE,
        at=attachment.at,
        text=f"{attachment.id} is associated with no route table of {gateway}",
    )


def referencing(known: TransitGateway | None, gateway: str, ends: tuple[TransitAttachment, ...]) -> Fact:
    """Whether rules for what comes in may name groups of the VPC at the other attachment.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
    """
    if known is None:
        why = Reason(f"whether {gateway} has security group referencing on", Location(""), "a snapshot")
        return Fact(Truth.UNKNOWN, None, (why,))
    return weakest(known.group_references, *(one.group_references for one in ends))


def gateway_endpoint(endpoint: VpcEndpoint) -> Point:
    """What a gateway endpoint carries: TCP and echo requests.

    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    carried = Traffic.of(protocols=IntSet.of((TCP, TCP))) | parse_traffic("icmp/8")
    sure = endpoint.presence is Presence.CERTAIN
    return region_point(
        "vpc-endpoint",
        endpoint.id,
        Code.VPCE_GATEWAY_PROTOCOL_RESTRICTION,
        Bounds(carried if sure else NOTHING, carried),
        texts=("TCP and echo requests", f"{endpoint.id} carries TCP and echo requests only"),
        at=endpoint.at,
    )
