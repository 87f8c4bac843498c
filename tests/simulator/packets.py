"""The dumbest interpreter that there can be: one packet, hop by hop, and its reply back.

Written from the AWS VPC user guide alone (security groups, network ACLs, route priority, NAT gateways,
internet gateways). It shares no code with the engine that it is held against.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from worlds import ICMP, TCP, UDP, Host, World, contains

ECHO = {8: 0, 13: 14, 15: 16, 17: 18}


@dataclass(frozen=True)
class Packet:
    """For ICMP, ``port`` is the type; ``client_port`` means nothing."""

    source: str
    destination: str
    protocol: int
    client_port: int
    port: int


@dataclass(frozen=True)
class Outcome:
    delivered: bool
    answered: bool


def simulate(
    world: World, source: Host | str, destination: Host | str, packet: Packet, nat_port: int
) -> Outcome:
    """What becomes of ``packet`` between two hosts, or a host and a public address (a string)."""
    if isinstance(source, Host) and isinstance(destination, Host):
        return _inside(world, source, destination, packet)
    if isinstance(source, Host):
        return _outbound(world, source, packet, nat_port)
    assert isinstance(destination, Host)
    return _inbound(world, destination, packet)


def _inside(world: World, source: Host, destination: Host, packet: Packet) -> Outcome:
    delivered = (
        _group_lets(world, source, "egress", packet, packet.destination, destination.groups)
        and _crosses(world, source.net, destination.net, packet)
        and _group_lets(world, destination, "ingress", packet, packet.source, source.groups)
    )
    if not delivered:
        return Outcome(delivered=False, answered=False)
    back = _reply(packet)
    return Outcome(
        delivered=True, answered=back is None or _crosses(world, destination.net, source.net, back)
    )


def _crosses(world: World, start: int, end: int, packet: Packet) -> bool:
    if start == end:
        return True
    return _acl_lets(world, start, "egress", packet, packet.destination) and _acl_lets(
        world, end, "ingress", packet, packet.source
    )


def _outbound(world: World, source: Host, packet: Packet, nat_port: int) -> Outcome:
    lost = Outcome(delivered=False, answered=False)
    if not _group_lets(world, source, "egress", packet, packet.destination, ()):
        return lost
    way = _route(world, source.net, packet.destination)
    if way is None:
        return lost
    kind, nat_number = way
    if kind == "igw":
        if not (
            world.gateway_attached
            and source.public
            and _acl_lets(world, source.net, "egress", packet, packet.destination)
        ):
            return lost
        back = _reply(packet)
        return Outcome(
            delivered=True,
            answered=back is None or _acl_lets(world, source.net, "ingress", back, back.source),
        )
    if kind == "nat":
        return _through_nat(world, source, packet, nat_number, nat_port)
    return lost


def _through_nat(world: World, source: Host, packet: Packet, nat_number: int, nat_port: int) -> Outcome:
    lost = Outcome(delivered=False, answered=False)
    nat = world.nats[nat_number]
    if not nat.public or packet.protocol not in (TCP, UDP, ICMP):
        return lost
    if not _crosses(world, source.net, nat.net, packet):
        return lost
    translated = replace(packet, source=nat.address, client_port=nat_port)
    way = _route(world, nat.net, packet.destination)
    if way is None or way[0] != "igw" or not world.gateway_attached:
        return lost
    if not _acl_lets(world, nat.net, "egress", translated, translated.destination):
        return lost
    outer, inner = _reply(translated), _reply(packet)
    if outer is None or inner is None:
        return Outcome(delivered=True, answered=True)
    answered = _acl_lets(world, nat.net, "ingress", outer, outer.source) and _crosses(
        world, nat.net, source.net, inner
    )
    return Outcome(delivered=True, answered=answered)


def _inbound(world: World, destination: Host, packet: Packet) -> Outcome:
    delivered = (
        world.gateway_attached
        and destination.public
        and _acl_lets(world, destination.net, "ingress", packet, packet.source)
        and _group_lets(world, destination, "ingress", packet, packet.source, ())
    )
    if not delivered:
        return Outcome(delivered=False, answered=False)
    back = _reply(packet)
    if back is None:
        return Outcome(delivered=True, answered=True)
    way = _route(world, destination.net, back.destination)
    answered = (
        way is not None
        and way[0] == "igw"
        and _acl_lets(world, destination.net, "egress", back, back.destination)
    )
    return Outcome(delivered=True, answered=answered)


def _reply(packet: Packet) -> Packet | None:
    """The packet that comes back; None where this one asks for no answer."""
    if packet.protocol == ICMP:
        if packet.port not in ECHO:
            return None
        return Packet(packet.destination, packet.source, ICMP, 0, ECHO[packet.port])
    return Packet(packet.destination, packet.source, packet.protocol, packet.port, packet.client_port)


def _group_lets(
    world: World, host: Host, direction: str, packet: Packet, peer: str, peer_groups: tuple[int, ...]
) -> bool:
    for number in host.groups:
        for rule in world.groups[number]:
            if rule.direction != direction or not rule.span.matches(packet.protocol, packet.port):
                continue
            if rule.cidr is not None and contains(rule.cidr, peer):
                return True
            if rule.group is not None and rule.group in peer_groups:
                return True
    return False


def _acl_lets(world: World, net: int, direction: str, packet: Packet, peer: str) -> bool:
    number = world.nets[net].acl
    if number is None:
        return True
    for rule in sorted(world.acls[number], key=lambda each: each.number):
        if (
            rule.direction == direction
            and rule.span.matches(packet.protocol, packet.port)
            and contains(rule.cidr, peer)
        ):
            return rule.allow
    return False


def _route(world: World, net: int, address: str) -> tuple[str, int] | None:
    number = world.nets[net].table
    table = world.tables[0 if number is None else number]
    best = None
    for route in table.routes:
        length = IPv4Network(route.cidr).prefixlen
        if contains(route.cidr, address) and (best is None or length > best[0]):
            best = (length, route)
    return None if best is None else (best[1].kind, best[1].nat)
