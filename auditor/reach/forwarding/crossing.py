"""The way through a transit gateway: out by one attachment, in by another.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.frozen import dataclass
from auditor.model import NO, AttachmentKind, Direction, Fact, TransitAttachment, Truth
from auditor.reach.forwarding.course import (
    Arrival,
    ArrivalKind,
    Course,
    dead,
    open_course,
    perhaps_point,
)
from auditor.reach.forwarding.entering import entries
from auditor.reach.forwarding.facts import (
    attached,
    no_association,
    no_transit_route,
    referencing,
    transit_route_point,
    zone_point,
)
from auditor.reach.forwarding.inspection import firewall_point
from auditor.reach.forwarding.place import Place, Seen
from auditor.reach.forwarding.private import behind
from auditor.reach.forwarding.supposing import associated, transit_routed
from auditor.reach.forwarding.transit import TransitView
from auditor.reach.forwarding.zones import same_zone
from auditor.reach.points import Point
from auditor.reach.tables import Way, equal
from auditor.reach.verdict import Code
from auditor.traffic import IntSet
from auditor.tree import Location, Presence, Reason

if TYPE_CHECKING:
    from auditor.reach.forwarding.tracing import Tracer


def crossed(tracer: Tracer, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """The courses by the transit gateway of a route; none where the gateway is not in the input."""
    link = way.target.link
    if link is None or not link.certain:
        return
    gateway = tracer.index.canonical(link.id)
    for attachment, truth in tracer.around.transit.of_vpc(gateway, place.vpc):
        zone, fits, entered = _out(tracer, place, attachment)
        points = [
            *tracer.around.acl(place, Direction.EGRESS),
            *entered,
            attached(attachment, truth),
            *(() if place.edge else (zone_point(attachment, fits, place.subnet or "an unknown subnet"),)),
        ]
        for course in sent(tracer, Sender(gateway, attachment, zone), addresses, seen):
            yield course.after(*points, through=gateway)


def _out(tracer: Tracer, place: Place, attachment: TransitAttachment) -> tuple[str, Fact, tuple[Point, ...]]:
    """The zone that packets leave from, whether the attachment has a subnet there, and that one's ACL."""
    subnets = tracer.index.subnets
    known = subnets.get(place.subnet or "")
    zone = known.zone if known else ""
    own = [tracer.index.canonical(link.id) for link in attachment.subnets.items]
    if place.subnet in own:
        chosen: list[str | None] = [place.subnet]
        fits = Truth.YES
    else:
        same = [(name, same_zone(zone, subnets[name].zone if name in subnets else "")) for name in own]
        chosen = [name for name, truth in same if truth is Truth.YES]
        fits = _any([truth for _, truth in same], open_=bool(attachment.subnets.open) or not own)
        if not chosen:
            chosen = [name for name, truth in same if truth is Truth.UNKNOWN] or [None]
    why = Reason(
        f"whether {attachment.id} has a subnet in the zone of {place.subnet or 'an unknown subnet'}",
        attachment.at,
        "the zones of the subnets, or a snapshot",
    )
    fact = Fact(fits, attachment.at, (why, *attachment.subnets.open) if fits is Truth.UNKNOWN else ())
    around = tracer.around
    screens = [
        screen
        for name in chosen
        for screen in around.borders.acls.screens(name, place.vpc, Direction.INGRESS)
    ]
    return zone, fact, around.screened(screens, Direction.INGRESS)


def _any(truths: list[Truth], *, open_: bool) -> Truth:
    if Truth.YES in truths:
        return Truth.YES
    return Truth.UNKNOWN if open_ or Truth.UNKNOWN in truths else Truth.NO


@dataclass(frozen=True, slots=True)
class Sender:
    """An attachment that sends into a transit gateway, and the zone that its packets come from."""

    gateway: str
    attachment: TransitAttachment
    zone: str = ""


def sent(tracer: Tracer, sender: Sender, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """The courses of what an attachment sends into its transit gateway."""
    gateway, attachment = sender.gateway, sender.attachment
    tables, why = tracer.around.transit.looked_up(attachment, gateway)
    if not tables and not why:
        yield dead(no_association(attachment, gateway))
        for point, possible in associated(tracer, attachment, gateway) if tracer.around.supposing else ():
            for course in _looked_up(tracer, sender, possible, addresses, seen):
                yield course.after(point)
        return
    candidates: list[str | None] = [*tables, *([None] if why else [])]
    what = f"which table {attachment.id} is associated with"
    for table, doubt in tracer.choices.pick(f"association {attachment.id} {gateway}", candidates, what):
        if table is None:
            name = f"the table of {attachment.id}"
            point = perhaps_point(
                "transit-gateway-route-table", name, Code.TGW_RTB_ROUTES_ARE_UNKNOWN, why, attachment.at
            )
            yield open_course(*doubt, point, name=gateway)
            continue
        for course in _looked_up(tracer, sender, table, addresses, seen):
            yield course.after(*doubt) if doubt else course


def _looked_up(tracer: Tracer, sender: Sender, table: str, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    mark = Place(None, None, f"{table} for {sender.attachment.id}")
    if mark in seen:
        yield dead(no_transit_route(table, sender.attachment.at))
        return
    view = tracer.around.transit.view(table)
    ways = [way for way in view.ways if way.region.may & addresses]
    for way, doubt in _taken(tracer, table, ways):
        point = transit_route_point(table, view.at, way)
        for course in _by_way(tracer, sender, way, addresses, seen | {mark}):
            yield course.after(*doubt, point)
    if view.outside:
        point = perhaps_point(
            "transit-gateway-route-table", table, Code.TGW_RTB_ROUTES_ARE_UNKNOWN, view.outside, view.at
        )
        yield open_course(point, name=sender.gateway)
    elif not ways:
        yield dead(no_transit_route(table, view.at))
    if tracer.around.supposing and not view.outside:
        yield from _lacking(tracer, sender, view, addresses, seen | {mark})


def _taken(tracer: Tracer, table: str, ways: list[Way]) -> Iterator[tuple[Way, tuple[Point, ...]]]:
    """The routes that packets take: of several of equal cost one, whichever it is."""
    left = list(ways)
    while left:
        alike = [left[0], *(way for way in left[1:] if equal(way, left[0]))]
        left = [way for way in left if all(way is not one for one in alike)]
        what = f"which of the equal routes of {table} to {alike[0].text} a connection takes"
        yield from tracer.choices.pick(f"equal {table} {alike[0].text} {tracer.leg}", alike, what)


def _lacking(
    tracer: Tracer, sender: Sender, view: TransitView, addresses: IntSet, seen: Seen
) -> Iterator[Course]:
    """The courses by routes that a table lacks."""
    table = (view.component, view.at, view.ways)
    for point, way in transit_routed(tracer, table, sender.attachment, sender.gateway, addresses):
        for course in _by_way(tracer, sender, way, addresses, seen):
            yield course.after(point)


def _by_way(tracer: Tracer, sender: Sender, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """The courses by a route of a transit gateway's table."""
    link = way.target.link
    if link is None:
        yield dead()
        return
    other = tracer.around.transit.attachments.get(tracer.index.canonical(link.id))
    if other is None or not link.certain:
        yield open_course(_leads(way), name=sender.gateway)
        return
    yield from _in(tracer, sender, other, way.region.may & addresses, seen)


def _leads(way: Way) -> Point:
    name = way.target.link.id if way.target.link else "an unknown attachment"
    why = Reason(f"what {name} is attached to", way.at or Location(""), "the input that defines it")
    return perhaps_point("transit-gateway-attachment", name, Code.TGW_RTB_CANNOT_ROUTE, (why,), way.at)


def _in(
    tracer: Tracer, sender: Sender, other: TransitAttachment, addresses: IntSet, seen: Seen
) -> Iterator[Course]:
    """What leaves a transit gateway by an attachment."""
    gateway = sender.gateway
    active = attached(other, Truth.YES if other.presence is Presence.CERTAIN else Truth.UNKNOWN)
    match other.kind:
        case AttachmentKind.VPC:
            for course in _into_vpc(tracer, sender, other, addresses, seen):
                yield course.after(active)
        case AttachmentKind.PEERING:
            for course in _to_peer(tracer, Sender(gateway, other), addresses, seen):
                yield course.after(active)
        case AttachmentKind.FIREWALL:
            for course in _inspected(tracer, Sender(gateway, other), addresses, seen):
                yield course.after(active)
        case AttachmentKind.UNKNOWN:
            yield open_course(active, _outside(other), name=other.id)
        case _:
            arrival = Arrival(kind=ArrivalKind.PRIVATE, name=other.id)
            point = behind(tracer.index, other.id, other.at)
            yield Course(
                points=(active, point), arrival=arrival, inbound=NO, outbound=NO, through=(other.id,)
            )


def _to_peer(tracer: Tracer, sender: Sender, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """What a transit gateway sends to one that it is peered with, which looks it up in its own tables."""
    attachment = sender.attachment
    ends = [tracer.index.canonical(link.id) for link in (attachment.gateway, attachment.peer) if link]
    beyond = next((end for end in ends if end != sender.gateway), None)
    if beyond is None or beyond not in tracer.around.transit.gateways:
        yield open_course(_outside(attachment), name=attachment.id)
        return
    for course in sent(tracer, Sender(beyond, attachment), addresses, seen):
        yield replace(course.after(through=beyond), inbound=NO, outbound=NO)


def _inspected(tracer: Tracer, sender: Sender, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """What a firewall at an attachment passes, and sends back by it: it sees both directions in one zone.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html
    """
    attachment, firewalls = sender.attachment, tracer.around.firewalls
    link = attachment.firewall
    firewall = firewalls.find(link.id) if link is not None and link.certain else None
    if firewall is None:
        yield open_course(_outside(attachment), name=attachment.id)
        return
    for course in sent(tracer, sender, addresses, seen):
        yield replace(
            course.after(firewall_point(firewalls, firewall), through=firewall.id),
            firewalls=((firewall, attachment.id), *course.firewalls),
            inbound=NO,
            outbound=NO,
        )


def _outside(other: TransitAttachment) -> Point:
    why = Reason(f"what lies behind {other.id}", other.at, "the input that defines it, or a snapshot")
    return perhaps_point("transit-gateway-attachment", other.id, Code.TGW_RTB_CANNOT_ROUTE, (why,), other.at)


def _into_vpc(
    tracer: Tracer, sender: Sender, other: TransitAttachment, addresses: IntSet, seen: Seen
) -> Iterator[Course]:
    gateway, source = sender.gateway, sender.attachment
    vpc = tracer.index.canonical(other.vpc.id) if other.vpc else None
    places = entries(tracer, other, vpc, sender.zone)
    shared = other.appliance_mode.truth is Truth.YES
    key = f"zone of {other.id}" if shared else f"zone of {other.id}, {tracer.leg}"
    transit = tracer.around.transit
    fact = referencing(transit.gateways.get(gateway), gateway, (source, other))
    for place, doubt in tracer.choices.pick(key, places, f"in which zone {other.id} hands packets on"):
        for course in tracer.courses(place, addresses, seen):
            straight = course.arrival.kind is ArrivalKind.INTERFACE and not course.through
            inbound = fact if straight and course.inbound.truth is not Truth.NO else NO
            yield replace(course.after(*doubt), inbound=inbound, outbound=NO)
