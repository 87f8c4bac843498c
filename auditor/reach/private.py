"""The ways between an interface and private addresses outside every VPC: behind a VPN or Direct Connect.

https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass
from auditor.model import AttachmentKind, Direction, Fact, Gateway, TargetKind, Truth
from auditor.reach.across import present
from auditor.reach.forwarding import Arrival, ArrivalKind, Course, Joining, Outward, Place, Stage
from auditor.reach.forwarding.course import perhaps_point
from auditor.reach.forwarding.forwarding import Explored
from auditor.reach.forwarding.joining import perhaps_not_met
from auditor.reach.forwarding.private import behind
from auditor.reach.gateways import UNMODELLED, fact_point, never
from auditor.reach.journey import Walk
from auditor.reach.points import Point
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code, Leg
from auditor.traffic import IntSet
from auditor.tree import Location, Reason

_OUTSIDE = frozenset({AttachmentKind.VPN, AttachmentKind.DIRECT_CONNECT, AttachmentKind.CONNECT})
_APPLIANCES = frozenset(
    {
        TargetKind.NETWORK_INTERFACE,
        TargetKind.INSTANCE,
        TargetKind.CARRIER_GATEWAY,
        TargetKind.LOCAL_GATEWAY,
        TargetKind.UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where packets of a private network enter: what stands there, and the courses from there."""

    points: tuple[Point, ...]
    explored: Explored


class Private:
    """The ways between spots and private networks."""

    def __init__(self, joining: Joining) -> None:
        self.joining = joining
        self.forwarding = joining.forwarding
        self.borders = joining.around.borders
        self.index = self.borders.index
        self.transit = joining.around.transit

    # -- out ---------------------------------------------------------------------------------------

    def out(self, spot: Spot, addresses: IntSet) -> tuple[tuple[Walk, ...], ...]:
        """The ways from a spot to private addresses outside every VPC of the input."""
        place = Place(spot.vpc, spot.subnet)
        group = present(self.borders.group_point(spot, Direction.EGRESS, None))
        back = self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY)

        def outward(course: Course) -> Outward | None:
            whole = course.after(*group)
            match course.arrival.kind:
                case ArrivalKind.PRIVATE:
                    return self._to_network(whole, spot, place)
                case ArrivalKind.OPEN | ArrivalKind.DEAD:
                    return Outward(course=whole, ending=self.joining.met(course, back), stages=())
                case ArrivalKind.INTERFACE if course.arrival.vpc not in self.index.vpcs and course.through:
                    return Outward(
                        course=whole,
                        ending=(_foreign(course, spot), *self.joining.met(course, back)),
                        stages=(),
                    )
                case _:
                    return None

        found = self.joining.walks(self.forwarding.out(place, addresses, "request", foreign=True), outward)
        text = f"no route of {spot.subnet or spot.owner} leads to these addresses"
        stop = never(spot.vpc or "an unknown VPC", Code.NO_ROUTE_TO_DESTINATION, text, spot.at, "vpc")
        out = self.borders.acl_point(spot, Direction.EGRESS, Leg.REQUEST)
        return tuple(walks or ((*group, stop, out, back),) for walks in found)

    def shared(self, spot: Spot, addresses: IntSet, what: str) -> tuple[tuple[Walk, ...], ...]:
        """The ways to something in a VPC outside the input that may share it; none where no way leads there.

        https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
        """
        place = Place(spot.vpc, spot.subnet)
        group = present(self.borders.group_point(spot, Direction.EGRESS, None))
        back = self.borders.acl_point(spot, Direction.INGRESS, Leg.REPLY)

        def outward(course: Course) -> Outward | None:
            arrival = course.arrival
            foreign = arrival.kind is ArrivalKind.INTERFACE and arrival.vpc not in self.index.vpcs
            if arrival.kind is not ArrivalKind.OPEN and not (foreign and course.through):
                return None
            over = arrival.name or next(iter(course.through), arrival.vpc or "")
            why = Reason(what, spot.at or Location(""), "the input that declares them")
            there = perhaps_point("vpc", over or "a VPC outside the input", Code.NO_PATH, (why,), spot.at)
            ending = (there, *self.joining.met(course, back))
            return Outward(course=course.after(*group), ending=ending, stages=())

        return self.joining.walks(self.forwarding.out(place, addresses, "request", foreign=True), outward)

    def _to_network(self, course: Course, spot: Spot, place: Place) -> Outward:
        bearing = course.translations[-1] if course.translations else None
        end = Place(bearing.vpc, bearing.subnet) if bearing else place
        stage = Stage(
            explored=self._entering(course.arrival, bearing.addresses if bearing else spot.addresses),
            accepts=lambda one: self.joining.in_vpc(one, end.vpc),
            end=end,
            translations=course.translations,
        )
        rest = self.joining.home(course, place, spot.addresses)[1:] if bearing else ()
        return Outward(course=course, ending=(), stages=(stage, *rest))

    def _entering(self, arrival: Arrival, addresses: IntSet) -> Explored:
        if arrival.vpc is not None:
            return self.forwarding.entering(arrival.vpc, addresses, TargetKind.VPN_GATEWAY, "reply")
        attachment = self.transit.attachments[arrival.name]
        gateway = self.index.canonical(attachment.gateway.id)
        return self.forwarding.sent(attachment.id, gateway, addresses, "reply")

    # -- in ----------------------------------------------------------------------------------------

    def into(self, spot: Spot, addresses: IntSet) -> tuple[tuple[Walk, ...], ...]:
        """The ways from private addresses outside every VPC of the input to a spot."""
        place = Place(spot.vpc, spot.subnet)
        group = present(self.borders.group_point(spot, Direction.INGRESS, None))
        found: tuple[tuple[Walk, ...], ...] = ((),)
        for entry in self._entries(spot):
            more = self._entered(entry, spot, place, addresses)
            found = tuple((*walks, *others) for walks in found for others in more)
        why = tuple(dict.fromkeys(self._open(spot)))
        acl = self.joining.around.acl(place, Direction.INGRESS)
        last = (*group, self.borders.acl_point(spot, Direction.EGRESS, Leg.REPLY))
        vpc = spot.vpc or "an unknown VPC"
        if why:
            gate = perhaps_point("vpc", vpc, Code.NO_ROUTE_TO_DESTINATION, why, spot.at)
            inward = (gate, *map(perhaps_not_met, acl), *last)
            return tuple((*walks, inward) for walks in found)
        text = f"nothing connects {vpc} with these addresses"
        stop = never(vpc, Code.NO_ROUTE_TO_DESTINATION, text, spot.at, "vpc")
        return tuple(walks or ((stop, *acl, *last),) for walks in found)

    def _entered(
        self, entry: Entry, spot: Spot, place: Place, addresses: IntSet
    ) -> tuple[tuple[Walk, ...], ...]:
        group = present(self.borders.group_point(spot, Direction.INGRESS, None))

        def outward(course: Course) -> Outward | None:
            whole = course.after(*entry.points)
            if course.arrival.kind in {ArrivalKind.OPEN, ArrivalKind.DEAD}:
                acl = self.joining.around.acl(place, Direction.INGRESS)
                ending = (*self.joining.met(course, *acl), *group)
                return Outward(course=whole, ending=ending, stages=())
            if course.translations or self.joining.in_vpc(course.arrival, spot.vpc) is Truth.NO:
                return None
            ending = (*self.joining.landing(course.arrival, place), *group)
            stage = Stage(
                explored=self.forwarding.out(place, addresses, "reply", foreign=True),
                accepts=lambda one: Truth.YES if one.kind is ArrivalKind.PRIVATE else Truth.NO,
                end=place,
                lands=False,
            )
            return Outward(course=whole, ending=ending, stages=(stage,))

        return self.joining.walks(entry.explored, outward)

    def _entries(self, spot: Spot) -> Iterator[Entry]:
        """The gateways and attachments by which known private networks may get to a spot."""
        for gateway in self.index.inventory.gateways:
            truth = self.index.attached(gateway.id, spot.vpc)
            if gateway.kind is TargetKind.VPN_GATEWAY and truth is not Truth.NO:
                explored = self.forwarding.entering(spot.vpc, spot.addresses, gateway.kind, "request")
                points = (
                    behind(self.index, gateway.id, gateway.at, "source"),
                    *_attached(gateway, truth, spot),
                )
                yield Entry(points=points, explored=explored)
        for attachment in self.transit.attachments.values():
            if attachment.kind in _OUTSIDE:
                gateway_id = self.index.canonical(attachment.gateway.id)
                explored = self.forwarding.sent(attachment.id, gateway_id, spot.addresses, "request")
                yield Entry(
                    points=(behind(self.index, attachment.id, attachment.at, "source"),), explored=explored
                )

    def _open(self, spot: Spot) -> Iterator[Reason]:
        """What may connect a spot's VPC with private networks that the input does not define."""
        index = self.index
        at = spot.at or Location("")
        own = [one for one in index.inventory.gateways if one.kind is TargetKind.VPN_GATEWAY]
        known = any(index.attached(one.id, spot.vpc) is Truth.YES for one in own)
        if not known and index.gateways(spot.vpc, TargetKind.VPN_GATEWAY) is not Truth.NO:
            yield Reason(f"what a virtual private gateway of {spot.vpc} connects", at, "a snapshot")
        yield from self._open_peerings(spot)
        yield from self._open_attachments(spot)
        for route in index.inventory.routes:
            if route.target.kind not in UNMODELLED or route.target.link is None:
                continue
            table = index.tables.get(index.canonical(route.table.id))
            if table is None or index.same_vpc(index.canonical(table.vpc.id), spot.vpc) is Truth.NO:
                continue
            if route.target.kind in _APPLIANCES or not self._followed(route.target.link.id):
                yield Reason(f"what {route.target.link.id} connects", route.at)

    def _followed(self, identity: str) -> bool:
        name = self.index.canonical(identity)
        around = self.joining.around
        return (
            name in around.peerings
            or name in self.transit.gateways
            or name in around.endpoints
            or not self.index.is_outside_gateway(name)
            or around.firewalls.find(name) is not None
        )

    def _open_peerings(self, spot: Spot) -> Iterator[Reason]:
        for one in self.joining.around.peerings.values():
            ends = [self.index.canonical(end.id) for end in (one.requester, one.accepter)]
            touches = any(self.index.same_vpc(end, spot.vpc) is not Truth.NO for end in ends)
            if (
                touches
                and any(end not in self.index.vpcs for end in ends)
                and one.active.truth is not Truth.NO
            ):
                yield Reason(f"what {one.id} connects", one.at, "the input that defines the other VPC")

    def _open_attachments(self, spot: Spot) -> Iterator[Reason]:
        """Attachments of networks that the input does not define, on the gateways of a spot's VPC."""
        gateways = {
            name
            for name in {self.index.canonical(one.gateway.id) for one in self.transit.attachments.values()}
            if self.transit.of_vpc(name, spot.vpc)
        }
        for one in self.transit.attachments.values():
            name = self.index.canonical(one.gateway.id)
            if name not in gateways:
                continue
            outside = one.vpc is None or self.index.canonical(one.vpc.id) not in self.index.vpcs
            peer = self.index.canonical(one.peer.id) if one.peer else ""
            if (
                name not in self.transit.gateways
                or one.kind is AttachmentKind.UNKNOWN
                or (one.kind is AttachmentKind.FIREWALL and one.firewall is None)
                or (one.kind is AttachmentKind.VPC and outside)
                or (one.kind is AttachmentKind.PEERING and peer not in self.transit.gateways)
            ):
                yield Reason(f"what {one.id} connects", one.at, "the input that defines it")


def _attached(gateway: Gateway, truth: Truth, spot: Spot) -> tuple[Point, ...]:
    if truth is Truth.YES:
        return ()
    why = Reason(f"whether {gateway.id} is attached to {spot.vpc}", gateway.at, "a snapshot")
    texts = ("attached", f"{gateway.id} is not attached to {spot.vpc}")
    fact = Fact(truth, gateway.at, (why,))
    return (fact_point("vpn-gateway", gateway.id, Code.UNASSOCIATED_COMPONENT, fact, texts),)


def _foreign(course: Course, spot: Spot) -> Point:
    name = course.arrival.vpc or "an unknown VPC"
    why = Reason(f"what {name} holds", spot.at or Location(""), "the input that defines it")
    return perhaps_point("vpc", name, Code.NO_PATH, (why,), spot.at)
