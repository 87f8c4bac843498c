"""Courses: the ways of packets from a place in a VPC to where they come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Firewall, NatGateway
from auditor.reach.points import ALL, EPHEMERAL, PERHAPS, Clause, Point, requests_of
from auditor.reach.verdict import Code, Leg
from auditor.traffic import ANY, Bounds, IntSet, Traffic, exact
from auditor.tree import Location, Reason


class ArrivalKind(StrEnum):
    """Where a course ends: an interface of a VPC, outside it, or nowhere; ``OPEN`` may be anywhere."""

    INTERFACE = "interface"
    INTERNET = "internet"
    PRIVATE = "private"
    SERVICE = "service"
    OPEN = "open"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The end of a course.

    ``vpc`` is the VPC whose interfaces or whose gateway the packet reaches, ``subnet`` the one from which it
    comes to an interface (None: from a gateway, which no network ACL stands at). ``gate`` is what stands at
    the gateway itself, behind the public address of who sends; ``outbound_only`` where nobody outside can
    open a connection through it.
    """

    kind: ArrivalKind
    vpc: str | None = None
    subnet: str | None = None
    name: str = ""
    gate: tuple[Point, ...] = ()
    outbound_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A NAT gateway that gives packets its own address, in its subnet."""

    gateway: NatGateway
    vpc: str | None
    subnet: str
    addresses: IntSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way of packets: the points on it in their order, in terms of the packet as it started.

    ``firewalls`` are those met, in order, each with its endpoint, which keeps the state of what it sees.
    ``inbound`` and ``outbound`` say whether groups of the other end are known by their members there: in
    rules for what comes in, and for what goes out. ``translations`` are the NAT gateways in order: packets
    bear the last one's address in the end. ``through`` names what joins networks on the way.
    """

    points: tuple[Point, ...]
    arrival: Arrival
    firewalls: tuple[tuple[Firewall, str], ...] = ()
    inbound: Fact = YES
    outbound: Fact = YES
    translations: tuple[Translation, ...] = ()
    through: tuple[str, ...] = ()

    def after(self, *points: Point, through: str = "") -> Course:
        """The course with points before it."""
        return Course(
            points=(*points, *self.points),
            arrival=self.arrival,
            firewalls=self.firewalls,
            inbound=self.inbound,
            outbound=self.outbound,
            translations=self.translations,
            through=(through, *self.through) if through else self.through,
        )


def dead(*points: Point) -> Course:
    """A way on which packets get lost, at the last of the points."""
    return Course(points=points, arrival=Arrival(kind=ArrivalKind.DEAD), inbound=NO, outbound=NO)


def open_course(*points: Point, name: str = "") -> Course:
    """A way that may lead anywhere."""
    return Course(points=points, arrival=Arrival(kind=ArrivalKind.OPEN, name=name))


def perhaps_point(kind: str, component: str, code: Code, why: Iterable[Reason], at: Location | None) -> Point:
    """What may let pass everything, or nothing."""
    reasons = tuple(dict.fromkeys(why))
    clause = Clause(component=component, at=at, text="not known", region=PERHAPS, reasons=reasons)
    return Point(kind=kind, component=component, code=code, passes=PERHAPS, clauses=(clause,), at=at)


def region_point(
    kind: str,
    component: str,
    code: Code,
    region: Bounds[Traffic],
    *,
    texts: tuple[str, str],
    at: Location | None,
) -> Point:
    """What lets a part of the traffic pass; ``texts`` say what passes, and why nothing does."""
    why = () if region.known else (Reason(f"what of it {component} passes", at or Location("")),)
    clause = Clause(component=component, at=at, text=texts[0], region=region, reasons=why)
    return Point(
        kind=kind, component=component, code=code, passes=region, clauses=(clause,), at=at, text=texts[1]
    )


def as_reply(point: Point) -> Point:
    """A point that a reply meets, in terms of the request."""
    point = replace(point, text=point.text.replace("has no route to it", "has no route for the reply"))
    if point.passes is ALL and not point.clauses:
        return replace(point, leg=Leg.REPLY)
    clauses = tuple([replace(one, region=requests_of(one.region)) for one in point.clauses])
    return replace(point, leg=Leg.REPLY, passes=requests_of(point.passes), clauses=clauses)


def beyond(point: Point, sources: IntSet) -> Point:
    """A point behind an address translation, in terms of the packets before it.

    They bear any of ``sources`` there, and any port of the translator's: what passes for certain passes for
    all of them.
    """
    passes = point.passes
    if passes is ALL:
        return point
    seen = _entry_beyond if point.kind == "network-acl" else _clause_beyond
    clauses = tuple([seen(one, sources) for one in point.clauses])
    mend = point.mend
    if mend is not None and mend.sources is None:
        mend = replace(mend, sources=sources)
    return replace(point, passes=_freed(passes, sources), clauses=clauses, mend=mend)


def _clause_beyond(clause: Clause, sources: IntSet) -> Clause:
    return replace(clause, region=_freed(clause.region, sources))


def _entry_beyond(entry: Clause, sources: IntSet) -> Clause:
    """An entry of a network ACL; where it tells apart what the translator picks, it depends on that."""
    found = _clause_beyond(entry, sources)
    if not entry.region.known or found.region.known:
        return found
    some = entry.region.may & Traffic.of(sources=sources, source_ports=EPHEMERAL)
    port = IntSet.single(some.source_ports.intervals[0][0])
    by_port = some.covers_all(sources=sources, destinations=some.destinations, source_ports=port)
    what = "the port (1024-65535)" if by_port else "the address"
    at = entry.at or Location("")
    why = Reason(
        f"{what} that a NAT gateway picks", at, f"an ACL that tells none of them apart: {entry.text}"
    )
    return replace(found, reasons=(*entry.reasons, why))


@lru_cache(maxsize=4096)
def _freed(region: Bounds[Traffic], sources: IntSet) -> Bounds[Traffic]:
    may = (region.may & Traffic.of(sources=sources, source_ports=EPHEMERAL)).free("sources", "source_ports")
    must = _for_all(region.must, sources) & may
    return exact(may) if must == may else Bounds(must, may)


def _for_all(traffic: Traffic, sources: IntSet) -> Traffic:
    """What passes with every source and every port of a translator's, by destination and service."""
    found = []
    for destinations in dict.fromkeys(box[2] for box in traffic.boxes):
        sure = traffic.covers_all(sources=sources, destinations=destinations, source_ports=EPHEMERAL)
        found.append(sure & Traffic.of(sources=ANY, destinations=destinations))
    return Traffic.union(found)


class Views:
    """Points as replies and as packets before a translation see them, each worked out once."""

    __slots__ = ("_beyond", "_replies")

    def __init__(self) -> None:
        # By identity, as points are large; each is kept with its view so that its identity stays its own.
        self._replies: dict[int, tuple[Point, Point]] = {}
        self._beyond: dict[tuple[int, IntSet], tuple[Point, Point]] = {}

    def reply(self, point: Point) -> Point:
        """The point that a reply meets, in terms of the request."""
        found = self._replies.get(id(point))
        if found is None:
            found = self._replies[id(point)] = (point, as_reply(point))
        return found[1]

    def beyond(self, point: Point, sources: IntSet) -> Point:
        """The point behind a translation to one of ``sources``, in terms of the packets before it."""
        key = (id(point), sources)
        found = self._beyond.get(key)
        if found is None:
            found = self._beyond[key] = (point, beyond(point, sources))
        return found[1]
