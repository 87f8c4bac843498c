"""Traffic: exact sets of packets' headers, closed under everything that a filter can do to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from auditor.traffic.addresses import ANY
from auditor.traffic.boxes import (
    AXES,
    Box,
    Boxes,
    carved,
    contains,
    differences,
    in_order,
    intersection,
    intersections,
    joined,
    overlap,
    simplified,
)
from auditor.traffic.intervals import EMPTY, IntSet
from auditor.traffic.protocols import ICMP, ICMPV6, TCP, UDP
from auditor.traffic.replies import answered

PROTOCOLS = IntSet(((0, 255),))
PORTS = IntSet(((0, 65535),))

WITH_PORTS = IntSet.of((TCP, TCP), (UDP, UDP))
WITH_TYPES = IntSet.of((ICMP, ICMP), (ICMPV6, ICMPV6))
WITH_NEITHER = PROTOCOLS - WITH_PORTS - WITH_TYPES

_FEW = 8

Axis: TypeAlias = Literal["sources", "destinations", "source_ports", "destination_ports"]

_PLACES: dict[Axis, int] = {"sources": 1, "destinations": 2, "source_ports": 3, "destination_ports": 4}
_FULL: Box = (PROTOCOLS, ANY, ANY, PORTS, PORTS)


class Traffic:
    """An immutable set in protocol x source x destination x source port x destination port.

    Protocols are 0-255, addresses stand on the line of ``addresses``, ports are 0-65535. For ICMP and ICMPv6
    the destination port is ``type * 256 + code`` and the source port is free; for protocols other than these
    and TCP and UDP both ports are free. ``==`` is equality of sets and equal sets hash alike, however they
    were built. ``boxes`` is one way to write the set as a union of products, in a fixed order; they may
    overlap. The constructor trusts its boxes; make values with ``of``, ``union`` and the operators.
    """

    __slots__ = ("_axes", "_hash", "boxes")

    def __init__(self, boxes: Boxes) -> None:
        self.boxes: Final = boxes
        self._axes: Box | None = None
        self._hash = -1

    @staticmethod
    def of(
        *,
        protocols: IntSet = PROTOCOLS,
        sources: IntSet = ANY,
        destinations: IntSet = ANY,
        source_ports: IntSet = PORTS,
        destination_ports: IntSet = PORTS,
    ) -> Traffic:
        """The product of five sets, each full where it is not given; empty where one of them is.

        Ports restrict the protocols that have them: of the others, with ports given, everything remains. The
        destination ports restrict ICMP and ICMPv6 too, as types and codes.
        """
        if not (protocols and sources and destinations and source_ports and destination_ports):
            return NOTHING
        if source_ports == PORTS and destination_ports == PORTS:
            return Traffic(((protocols, sources, destinations, PORTS, PORTS),))
        parts = (
            (protocols & WITH_PORTS, sources, destinations, source_ports, destination_ports),
            (protocols & WITH_TYPES, sources, destinations, PORTS, destination_ports),
            (protocols & WITH_NEITHER, sources, destinations, PORTS, PORTS),
        )
        return _traffic([part for part in parts if part[0]])

    @staticmethod
    def union(sets: Iterable[Traffic]) -> Traffic:
        """The union of any number of sets; much cheaper than one ``|`` after another."""
        given = sets if isinstance(sets, list) else list(sets)
        return given[0] if len(given) == 1 else _traffic([box for one in given for box in one.boxes])

    @property
    def protocols(self) -> IntSet:
        """The protocols that occur."""
        return self._projections()[0]

    @property
    def sources(self) -> IntSet:
        """The source addresses that occur."""
        return self._projections()[1]

    @property
    def destinations(self) -> IntSet:
        """The destination addresses that occur."""
        return self._projections()[2]

    @property
    def source_ports(self) -> IntSet:
        """The source ports that occur."""
        return self._projections()[3]

    @property
    def destination_ports(self) -> IntSet:
        """The destination ports, and types and codes of ICMP, that occur."""
        return self._projections()[4]

    def _projections(self) -> Box:
        if self._axes is None:
            boxes = self.boxes
            self._axes = (
                boxes[0]
                if len(boxes) == 1
                else tuple(IntSet.union(axis) for axis in zip(*boxes, strict=True)) or (EMPTY,) * AXES
            )
        return self._axes

    def reversed(self) -> Traffic:
        """The replies: addresses and ports swapped, an ICMP request's type with its reply's and back.

        Other ICMP types stay what they are, so that reversing twice gives the set itself.
        """
        return _traffic([reply for box in self.boxes for reply in answered(box, PORTS)])

    def services(self) -> Traffic:
        """The protocols and destination ports that occur, with all addresses and source ports."""
        if len(self.boxes) != 1:
            return self.free("sources", "destinations", "source_ports")
        protocols, sources, destinations, source_ports, ports = self.boxes[0]
        if sources is ANY and destinations is ANY and source_ports is PORTS:
            return self
        return Traffic(((protocols, ANY, ANY, PORTS, ports),))

    def free(self, *axes: Axis) -> Traffic:
        """The set with the given axes made full: its projection on the others, in the same space.

        Protocols cannot be freed: the ports that are left would mean nothing for most of them.
        """
        freed = {_PLACES[axis] for axis in axes}
        return _traffic(
            [tuple(_FULL[i] if i in freed else own for i, own in enumerate(box)) for box in self.boxes]
        )

    def covers_all(
        self, *, sources: IntSet = ANY, destinations: IntSet = ANY, source_ports: IntSet = PORTS
    ) -> Traffic:
        """The services that *every* given source, destination and source port has in this set.

        Source ports are asked of TCP and UDP only. The answer has the shape of ``services()``; where one of
        the given sets is empty it is everything, as "for all" over nothing is true.
        """
        if not (sources and destinations and source_ports):
            return EVERYTHING
        whole = [
            box
            for box in self.boxes
            if sources <= box[1] and destinations <= box[2] and source_ports <= box[3]
        ]
        sure = Traffic.union([Traffic((box,)).services() for box in whole])
        if len(self.boxes) < 2 or len(whole) == len(self.boxes):
            # A box that misses one of the given values misses it for each of its services.
            return sure
        domain = Traffic.of(sources=sources, destinations=destinations, source_ports=source_ports)
        left = (domain & self.services()) - sure
        return sure | (left.services() - (left - self).services())

    def __or__(self, other: Traffic) -> Traffic:
        if self.boxes is other.boxes:
            return self
        large, small = (self, other) if len(self.boxes) >= len(other.boxes) else (other, self)
        if len(small.boxes) > _FEW:
            return Traffic(simplified(large.boxes + small.boxes))
        boxes = large.boxes
        for box in small.boxes:
            boxes = joined(boxes, box)
        return large if boxes is large.boxes else Traffic(boxes)

    def __and__(self, other: Traffic) -> Traffic:
        mine, theirs = self.boxes, other.boxes
        if mine is theirs:
            return self
        if len(mine) == 1 and len(theirs) == 1:
            box = intersection(mine[0], theirs[0])
            return NOTHING if box is None else Traffic((box,))
        return _traffic(intersections(mine, theirs))

    def overlaps(self, other: Traffic) -> bool:
        """Whether the two share a packet; cheaper than their intersection."""
        theirs = other.boxes
        return any(overlap(mine, box) for mine in self.boxes for box in theirs)

    def __sub__(self, other: Traffic) -> Traffic:
        mine, theirs = self.boxes, other.boxes
        if not mine or not theirs:
            return self
        if mine is theirs:
            return NOTHING
        if len(mine) > 1 or len(theirs) > 1:
            return _traffic(list(differences(mine, theirs)))
        if not overlap(mine[0], theirs[0]):
            return self
        # The pieces are disjoint, and any two differ on two axes: there is nothing to simplify.
        pieces = carved(mine[0], theirs[0])
        return Traffic(tuple(sorted(pieces, key=in_order))) if pieces else NOTHING

    def __le__(self, other: Traffic) -> bool:
        mine, theirs = self.boxes, other.boxes
        if mine is theirs or not mine:
            return True
        if len(mine) == 1 and len(theirs) == 1:
            return contains(theirs[0], mine[0])
        return bool(theirs) and next(differences(mine, theirs), None) is None

    def __ge__(self, other: Traffic) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Traffic):
            return NotImplemented
        if self.boxes == other.boxes:
            return True
        if len(self.boxes) < 2 and len(other.boxes) < 2:
            return False
        if not (self.boxes and other.boxes) or self._projections() != other._projections():
            return False
        return self <= other <= self

    def __hash__(self) -> int:
        # The boxes depend on how the set was built, its projections do not.
        if self._hash == -1:
            self._hash = hash(self._projections())
        return self._hash

    def __repr__(self) -> str:
        return f"Traffic({self.boxes!r})"


def _traffic(boxes: list[Box]) -> Traffic:
    if len(boxes) > 1:
        return Traffic(simplified(boxes))
    return Traffic((boxes[0],)) if boxes else NOTHING


NOTHING = Traffic(())
EVERYTHING = Traffic((_FULL,))
