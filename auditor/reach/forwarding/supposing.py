"""Ways that there would be by routes that tables lack: what would have to be added for packets to go on.

Each of them lies behind points that let nothing pass and say what is to be added or changed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.model import NO, YES, AttachmentKind, Link, Peering, Target, TargetKind, TransitAttachment, Truth
from auditor.reach.forwarding.course import Course
from auditor.reach.forwarding.place import Place, Seen
from auditor.reach.points import NONE, Mend, Point
from auditor.reach.tables import Table, Way, diverted
from auditor.reach.verdict import Code
from auditor.traffic import IPV4, IPV6, PUBLIC, Bounds, IntSet, cidrs
from auditor.tree import Location

if TYPE_CHECKING:
    from auditor.reach.forwarding.tracing import Tracer

_STATIC = 0
_TABLES = frozenset({"route-table", "transit-gateway-route-table"})
_NEW_GATEWAY = "a new internet gateway"


def attaching(vpc: str) -> str:
    """What a VPC without an internet gateway needs."""
    return f"attach an internet gateway to {vpc}"


def is_consistent(course: Course) -> bool:
    """Whether a course supposes no route of a table that it also looks up without it."""
    tables = [point for point in course.points if point.kind in _TABLES]
    names = [point.component for point in tables]
    return all(names.count(point.component) == 1 for point in tables if point.mend and not point.passes.may)


def routed(tracer: Tracer, place: Place, table: Table, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """The courses by routes that a table lacks, to what is at hand in its VPC."""
    if table.outside or place.edge:
        return
    yield from _kept(tracer, place, table, addresses)
    part = addresses - table.local.may
    if not part:
        return
    for kind, identity, destination in _targets(tracer, place, part):
        point = _lacking(table.component, table.at, table.ways, (kind, identity), (part, destination))
        if point is not None:
            way = _way(kind, Link(identity, table.at or Location("")), destination)
            for course in tracer.by_way(place, way, part, seen):
                yield course.after(point)
    yield from _connected(tracer, place, table, part)


def _kept(tracer: Tracer, place: Place, table: Table, addresses: IntSet) -> Iterator[Course]:
    """The local route, where a black hole takes packets away from it."""
    for way, region in diverted(table, addresses):
        if way.target.kind is TargetKind.BLACKHOLE and addresses <= region.must:
            mend = Mend(f"remove the route of {table.component} for {way.text}, which is a black hole")
            yield tracer.here(place, _stop(table.component, Code.BAD_STATE_ROUTE, mend, way.at))


def _targets(tracer: Tracer, place: Place, part: IntSet) -> Iterator[tuple[TargetKind, str, IntSet]]:
    """What a route of a place may lead to for some addresses, each with the destination to write."""
    around = tracer.around
    whole = _block(tracer, place.vpc, part)
    if not tracer.lying.foreign:
        for peering in around.peerings.values():
            ends = [tracer.index.canonical(end.id) for end in (peering.requester, peering.accepter)]
            if place.vpc in ends:
                other = ends[1] if ends[0] == place.vpc else ends[0]
                if part <= tracer.index.ranges(other).must:
                    yield TargetKind.VPC_PEERING, peering.id, whole
    for gateway in around.transit.gateways.values():
        if any(truth is Truth.YES for _, truth in around.transit.of_vpc(gateway.id, place.vpc)):
            kind = TargetKind.CORE_NETWORK if gateway.core else TargetKind.TRANSIT_GATEWAY
            yield kind, gateway.id, whole
    yield from _firewalls(tracer, place, whole)
    if tracer.lying.foreign:
        yield from _gateways(tracer, place, part)


def _firewalls(tracer: Tracer, place: Place, whole: IntSet) -> Iterator[tuple[TargetKind, str, IntSet]]:
    canonical = tracer.index.canonical
    for firewall in tracer.index.inventory.firewalls:
        if firewall.open or canonical(firewall.vpc.id) != place.vpc:
            continue
        for endpoint in firewall.endpoints:
            if canonical(endpoint.subnet.id) != place.subnet:
                yield TargetKind.VPC_ENDPOINT, endpoint.id, whole


def _gateways(tracer: Tracer, place: Place, part: IntSet) -> Iterator[tuple[TargetKind, str, IntSet]]:
    """The gateways of a VPC by which packets for addresses outside every VPC may leave."""
    index = tracer.index
    public = part <= PUBLIC
    kinds = (
        {TargetKind.INTERNET_GATEWAY, *({TargetKind.EGRESS_ONLY_GATEWAY} if part <= IPV6 else ())}
        if public
        else {TargetKind.VPN_GATEWAY}
    )
    whole = _outside(part) if public else part
    for gateway in index.inventory.gateways:
        if gateway.kind in kinds and index.attached(gateway.id, place.vpc) is not Truth.NO:
            yield gateway.kind, gateway.id, whole
    if not public:
        return
    if index.gateways(place.vpc, TargetKind.INTERNET_GATEWAY) is Truth.NO:
        yield TargetKind.INTERNET_GATEWAY, _NEW_GATEWAY, whole
    for nat in index.nat_gateways.values():
        subnet = index.canonical(nat.subnet.id)
        if part <= IPV4 and subnet != place.subnet and index.vpc_of_subnet(subnet) == place.vpc:
            yield TargetKind.NAT_GATEWAY, nat.id, whole


def new_gateway(tracer: Tracer, vpc: str | None, identity: str) -> tuple[Point, ...]:
    """What stands for the internet gateway that a VPC does not have; nothing for one that it has."""
    if identity != _NEW_GATEWAY:
        return ()
    known = tracer.index.vpcs.get(vpc or "")
    name = vpc or "an unknown VPC"
    at = known.at if known else None
    return (_stop(name, Code.UNASSOCIATED_COMPONENT, Mend(attaching(name)), at, "internet-gateway"),)


def _connected(tracer: Tracer, place: Place, table: Table, part: IntSet) -> Iterator[Course]:
    """The courses by a peering connection that does not exist, where nothing joins two VPCs at all.

    VPCs whose ranges overlap cannot be peered:
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
    """
    index = tracer.index
    here = index.vpcs.get(place.vpc or "")
    if here is None or tracer.lying.foreign:
        return
    for other in index.vpcs.values():
        apart = not tracer.around.joined.together(here.id, other.id)
        ranges = index.ranges(other.id)
        if not apart or not part <= ranges.must or ranges.may & index.ranges(here.id).may:
            continue
        one, two = sorted((here.id, other.id))
        name = f"a new peering connection of {one} and {two}"
        destination = _block(tracer, here.id, part)
        ends = (TargetKind.VPC_PEERING, name)
        point = _lacking(table.component, table.at, table.ways, ends, (part, destination))
        if point is None:
            continue
        at = index.vpcs[one].at
        peering = Peering(
            id=name,
            at=at,
            requester=Link(one, at),
            accepter=Link(two, at),
            active=YES,
            group_references=YES if here.scope.region == other.scope.region else NO,
        )
        mend = Mend(f"connect {one} and {two} by a peering connection")
        stop = _stop(one, Code.DISCONNECTED_VPCS, mend, at, "vpc")
        yield tracer.peered(place, peering, other.id, certain=True).after(point, stop)


def transit_routed(
    tracer: Tracer,
    table: tuple[str, Location | None, Sequence[Way]],
    sender: TransitAttachment,
    gateway: str,
    addresses: IntSet,
) -> Iterator[tuple[Point, Way]]:
    """The routes that a table of a transit gateway lacks, each with the point that lacks it."""
    component, at, ways = table
    destination = _block(tracer, None, addresses)
    for other in _carrying(tracer, gateway, addresses):
        if other.id == sender.id:
            continue
        ends = (TargetKind.TRANSIT_GATEWAY, other.id)
        point = _lacking(component, at, ways, ends, (addresses, destination), transit=True)
        if point is not None:
            yield point, _way(TargetKind.TRANSIT_GATEWAY, Link(other.id, other.at), addresses)


def associated(tracer: Tracer, attachment: TransitAttachment, gateway: str) -> Iterator[tuple[Point, str]]:
    """The tables that an attachment without one may be associated with."""
    for table in tracer.around.transit.tables.values():
        if tracer.index.canonical(table.gateway.id) == gateway:
            mend = Mend(f"associate {attachment.id} with {table.id}")
            code = Code.TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION
            yield _stop(attachment.id, code, mend, attachment.at, "transit-gateway-attachment"), table.id


def _carrying(tracer: Tracer, gateway: str, addresses: IntSet) -> list[TransitAttachment]:
    """The attachments of a transit gateway that lead to addresses."""
    kept = tracer.around.carrying
    key = (gateway, addresses, tracer.lying.foreign)
    if key not in kept:
        ends = tracer.around.transit.ending_at(gateway)
        kept[key] = [one for one in ends if _carries(tracer, one, addresses)]
    return kept[key]


def _carries(tracer: Tracer, attachment: TransitAttachment, addresses: IntSet) -> bool:
    """Whether an attachment leads to addresses."""
    index = tracer.index
    match attachment.kind:
        case AttachmentKind.VPC:
            vpc = index.canonical(attachment.vpc.id) if attachment.vpc else None
            return not tracer.lying.foreign and addresses <= index.ranges(vpc).must
        case AttachmentKind.PEERING:
            return not tracer.lying.foreign
        case _:
            networks = index.networks.get(attachment.id, ())
            return tracer.lying.foreign and any(addresses <= one.prefixes.may for one in networks)


def _lacking(
    component: str,
    at: Location | None,
    ways: Sequence[Way],
    target: tuple[TargetKind, str],
    regions: tuple[IntSet, IntSet],
    *,
    transit: bool = False,
) -> Point | None:
    """The point of a table that lacks a route; None where it has it, or where no one route would do."""
    part, destination = regions
    kind, name = target
    rivals = [way for way in ways if way.region.may & part]
    if any(_leads(way, kind, name) and part <= way.region.must for way in rivals):
        return None
    stronger = [
        way for way in rivals if way.size is None or (way.size, way.rank) <= (destination.size, _STATIC)
    ]
    drops = [way for way in rivals if way.target.kind is TargetKind.BLACKHOLE]
    if len(stronger) > 1 or any(way.size is None or not part <= way.region.may for way in stronger):
        return None
    missing = Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT if transit else Code.NO_ROUTE_TO_DESTINATION
    broken = Code.TGW_RTB_BAD_STATE_ROUTE if transit else Code.BAD_STATE_ROUTE
    code = broken if drops else missing
    shown = "transit-gateway-route-table" if transit else "route-table"
    if stronger:
        mend = Mend(f"lead the route of {component} for {stronger[0].text} to {name}")
        return _stop(component, code, mend, stronger[0].at, shown)
    mend = Mend(f"add a route to {component}: {', '.join(cidrs(destination))} to {name}")
    return _stop(component, code, mend, drops[0].at if drops else at, shown)


def _leads(way: Way, kind: TargetKind, name: str) -> bool:
    return way.target.kind is kind and way.target.link is not None and way.target.link.id == name


def _way(kind: TargetKind, link: Link, destination: IntSet) -> Way:
    whole = Bounds(destination, destination)
    return Way(
        target=Target(kind, link),
        destination=whole,
        region=whole,
        text=", ".join(cidrs(destination)),
        at=None,
        size=destination.size,
    )


def _stop(component: str, code: Code, mend: Mend, at: Location | None, kind: str = "route-table") -> Point:
    return Point(kind=kind, component=component, code=code, passes=NONE, at=at, text=mend.text, mend=mend)


def _block(tracer: Tracer, here: str | None, part: IntSet) -> IntSet:
    """The range to write for some addresses: the block of the VPC that holds them, or they themselves."""
    if tracer.lying.foreign:
        return _outside(part) if part <= PUBLIC else part
    for vpc in tracer.index.vpcs:
        if vpc != here:
            for block in tracer.index.blocks(vpc):
                if part <= block.must:
                    return block.must
    return part


def _outside(part: IntSet) -> IntSet:
    """One range that holds addresses on the internet."""
    if len(cidrs(part)) == 1:
        return part
    return IPV4 if part <= IPV4 else IPV6
