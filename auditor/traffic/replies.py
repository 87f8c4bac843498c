"""What answers a packet: the same header seen from the other end."""

from __future__ import annotations

from auditor.traffic.boxes import Box
from auditor.traffic.intervals import IntSet
from auditor.traffic.protocols import ICMP, ICMPV6

# Request and reply types of the IANA registries "ICMP Parameters" and "ICMPv6 Parameters".
_ICMP_PAIRS = ((8, 0), (13, 14), (15, 16), (17, 18), (10, 9), (35, 36), (37, 38), (42, 43))
_ICMPV6_PAIRS = ((128, 129), (133, 134), (135, 136), (139, 140), (144, 145), (146, 147), (160, 161))

_TYPED = ((ICMP, _ICMP_PAIRS), (ICMPV6, _ICMPV6_PAIRS))


def answered(box: Box, ports: IntSet) -> list[Box]:
    """The box of the replies to a box: one, or one each for TCP with UDP, ICMP, and ICMPv6.

    ``ports`` is the full axis of ports.
    """
    protocols, sources, destinations, source_ports, destination_ports = box
    if destination_ports == ports:
        return [(protocols, destinations, sources, destination_ports, source_ports)]
    replies: list[Box] = []
    for protocol, pairs in _TYPED:
        if protocol in protocols:
            own = IntSet.single(protocol)
            protocols = protocols - own
            replies.append((own, destinations, sources, ports, _swapped(destination_ports, pairs)))
    if protocols:
        replies.append((protocols, destinations, sources, destination_ports, source_ports))
    return replies


def _swapped(messages: IntSet, pairs: tuple[tuple[int, int], ...]) -> IntSet:
    parts = []
    for one, two in pairs:
        for old, new in ((one, two), (two, one)):
            block = messages & IntSet(((old * 256, old * 256 + 255),))
            if block:
                messages = messages - block
                parts.append(block.shifted((new - old) * 256))
    return IntSet.union([messages, *parts])
