"""What listeners and target groups of load balancers speak: their protocols and ports as traffic."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.aws.reader.block import Block
from auditor.traffic import EVERYTHING, NOTHING, TCP, UDP, Bounds, Traffic, exact, service

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
PROTOCOLS = {
    "http": (TCP,),
    "https": (TCP,),
    "tcp": (TCP,),
    "tls": (TCP,),
    "ssl": (TCP,),
    "udp": (UDP,),
    "quic": (UDP,),
    "tcp_udp": (TCP, UDP),
    "tcp_quic": (TCP, UDP),
    "geneve": (UDP,),
}


def spoken(block: Block, protocol: str, port: str, default: str) -> Bounds[Traffic]:
    """What the protocol and the port of a block select; without a protocol it is ``default``.

    A listener of a gateway load balancer has neither and takes all traffic.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-listeners.html
    """
    if not block.has(port):
        return Bounds(NOTHING, EVERYTHING)
    return at_port(block.choices(protocol, default), block.integer(port))


def at_port(names: Iterable[str] | None, port: int | None) -> Bounds[Traffic]:
    """The traffic to a port, ``None`` for one that is not known, in one of the protocols of AWS's words."""
    words = None if names is None else {name.lower() for name in names}
    if words is None or not words <= PROTOCOLS.keys():
        either = service(TCP, port, port) | service(UDP, port, port)
        return Bounds(NOTHING, either if words is None else EVERYTHING)
    parts = [Traffic.union(service(wanted, port, port) for wanted in PROTOCOLS[word]) for word in words]
    if port is None or len(words) != 1:
        return Bounds(NOTHING, Traffic.union(parts))
    return exact(parts[0])


__all__ = ["PROTOCOLS", "at_port", "spoken"]
