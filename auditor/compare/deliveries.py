"""What is delivered between two ends in two networks, and how the one differs from the other."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.difference import Doubt, Kind
from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach import Verdict
from auditor.reach.points import NONE, UNANSWERED
from auditor.reach.walk import NOWHERE, Outcome
from auditor.traffic import EVERYTHING, Bounds, Traffic, exact

_UNANSWERED = exact(UNANSWERED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is delivered and answered between two ends (``connected``), and what only arrives (``packets``).

    Messages of ICMP that need no answer count as connected, and are never packets.
    """

    connected: Bounds[Traffic] = NONE
    packets: Bounds[Traffic] = NONE

    @property
    def known(self) -> bool:
        """Whether it is decided what is delivered."""
        return self.connected.known and self.packets.known

    def verdict(self, asked: Traffic = EVERYTHING) -> Verdict:
        """The verdict on the asked traffic."""
        if self.connected.must & asked:
            return Verdict.REACHABLE
        if self.connected.may & asked:
            return Verdict.UNKNOWN
        if self.packets.must & asked:
            return Verdict.ONE_WAY
        return Verdict.UNKNOWN if self.packets.may & asked else Verdict.BLOCKED

    def without(self, told: Traffic) -> Delivery:
        """The rest of it."""
        already = exact(told)
        return Delivery(self.connected - already, self.packets - already)


NOTHING_DELIVERED = Delivery()


def delivery(outcome: Outcome, far: Direction | None) -> Delivery:
    """An outcome as a delivery: in services, with the addresses of the far end where it is one of addresses.

    ``far`` is the side on which that end stands: ``INGRESS`` where it is the source.
    """
    if outcome is NOWHERE:
        return NOTHING_DELIVERED
    request, both = outcome.request, outcome.both
    connected = _shaped(both, far)
    if both is request:
        return Delivery(connected)
    return Delivery(connected, _shaped(request - both - _UNANSWERED, far) - connected)


def _shaped(bounds: Bounds[Traffic], far: Direction | None) -> Bounds[Traffic]:
    if not bounds.may:
        return NONE
    may = _freed(bounds.may, far)
    return Bounds(may if bounds.must is bounds.may else _freed(bounds.must, far), may)


def _freed(traffic: Traffic, far: Direction | None) -> Traffic:
    match far:
        case None:
            return traffic.services()
        case Direction.INGRESS:
            return traffic.free("destinations", "source_ports")
        case Direction.EGRESS:
            return traffic.free("sources", "source_ports")


@dataclass(frozen=True, slots=True)
class Shift:
    """One way in which a delivery differs from another."""

    kind: Kind
    traffic: Traffic
    one_way: bool = False


def shifts(before: Delivery, after: Delivery) -> Iterator[Shift]:
    """What certainly passes in one of the networks and certainly not in the other."""
    if before == after:
        return
    yield from _told(tuple(_opened(before, after)))
    for mirrored in _told(tuple(_opened(after, before))):
        yield Shift(mirrored.kind.mirror, mirrored.traffic, mirrored.one_way)


def _told(found: tuple[Shift, ...]) -> Iterator[Shift]:
    """Connections before packets that are not answered, and those before messages that need no answer."""
    for one_way in (False, True):
        told = [each for each in found if each.one_way is one_way and each.traffic - UNANSWERED]
        if told:
            yield from told
            return
    yield from found


def _opened(before: Delivery, after: Delivery) -> Iterator[Shift]:
    gained = after.connected.must - before.connected.may
    answered = gained & before.packets.must
    fresh = gained - answered
    if answered:
        yield Shift(Kind.NOW_ANSWERED, answered)
    if fresh:
        yield Shift(_more(before), fresh)
    packets = after.packets.must - before.packets.may - before.connected.may
    if packets:
        yield Shift(_more(before), packets, one_way=True)


def _more(before: Delivery) -> Kind:
    return Kind.WIDENED if before.connected.may or before.packets.may else Kind.ADDED


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Traffic that one of the deliveries does not decide; ``opens`` where it may be new."""

    doubt: Doubt
    traffic: Traffic
    opens: bool


def doubts(before: Delivery, after: Delivery) -> Iterator[Doubtful]:
    """What cannot be compared. ``Doubt.UNKNOWN`` is what neither decides, perhaps by the same unknown."""
    here, there = before.connected | before.packets, after.connected | after.packets
    if here.known and there.known:
        return
    perhaps_here, perhaps_there = here.may - here.must, there.may - there.must
    parts = (
        (Doubt.NOW_UNKNOWN, perhaps_there - perhaps_here),
        (Doubt.NOW_DECIDED, perhaps_here - perhaps_there),
        (Doubt.UNKNOWN, perhaps_here & perhaps_there),
    )
    for doubt, traffic in parts:
        if traffic:
            new = (traffic & there.may) - here.must
            connects = (traffic & after.connected.may) - before.connected.must
            yield Doubtful(doubt, traffic, bool(new or connects))
