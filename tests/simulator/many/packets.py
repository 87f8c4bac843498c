"""One packet at a time through many VPCs, hop by hop, and its reply back; with a log that can be read.

Written from the AWS documentation alone; the pages are named where the behaviour is decided. It shares no
code with the engine that it is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.simulator.many.nouns import (
    GRE,
    ICMP,
    ICMPV6,
    S3,
    TCP,
    UDP,
    Attachment,
    Host,
    RouteTo,
    Site,
    World,
    contains,
    length,
)

ECHO = {(ICMP, 8): 0, (ICMP, 13): 14, (ICMP, 15): 16, (ICMP, 17): 18, (ICMPV6, 128): 129}
NAT_PORTS = (1024, 1025, 5433, 32768, 32769, 65535)
_MOST_HOPS = 12


@dataclass(frozen=True)
class Packet:
    """For ICMP, ``port`` is the type; ``client_port`` means nothing."""

    source: str
    destination: str
    protocol: int
    client_port: int
    port: int

    def reply(self) -> Packet | None:
        """The packet that comes back; None where this one asks for no answer."""
        if self.protocol in (ICMP, ICMPV6):
            answer = ECHO.get((self.protocol, self.port))
            return None if answer is None else Packet(self.destination, self.source, self.protocol, 0, answer)
        return Packet(self.destination, self.source, self.protocol, self.port, self.client_port)


@dataclass(frozen=True)
class Outcome:
    delivered: bool
    answered: bool


class LostError(Exception):
    """The packet goes no further."""


class Picks:
    """What nobody can foresee (a NAT gateway's port, a zone): each possibility in turn."""

    def __init__(self) -> None:
        self.taken: list[list[int]] = []
        self.place = 0

    def pick(self, count: int) -> int:
        if count == 1:
            return 0
        if self.place == len(self.taken):
            self.taken.append([0, count])
        self.place += 1
        return self.taken[self.place - 1][0]

    def next(self) -> bool:
        """Goes on to the next combination; False after the last one."""
        self.place = 0
        while self.taken and self.taken[-1][0] + 1 == self.taken[-1][1]:
            self.taken.pop()
        if not self.taken:
            return False
        self.taken[-1][0] += 1
        return True


@dataclass
class Flow:
    """One connection as the network remembers it. ``vague`` where software of an owner decides."""

    world: World
    picks: Picks
    log: list[str] = field(default_factory=list)
    vague: bool = False
    reply: bool = False
    hops: int = 0
    references_in: bool = True
    references_out: bool = True
    translations: dict[str, tuple[Packet, Packet]] = field(default_factory=dict)
    egress_only: set[str] = field(default_factory=set)
    interfaces: dict[str, int] = field(default_factory=dict)
    firewalls: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    appliances: set[str] = field(default_factory=set)
    endpoint_of: str | None = None
    kinds: set[str] = field(default_factory=set)

    def say(self, text: str) -> None:
        self.log.append(f"{'reply: ' if self.reply else ''}{text}")

    def lose(self, text: str) -> LostError:
        self.say(f"LOST: {text}")
        return LostError(text)


End = tuple[str, Packet]  # the name of a host, or "internet", "s3" or a site's, and the packet as it arrives


def every_outcome(
    world: World, source: str, destination: str, packet: Packet
) -> Iterator[tuple[Outcome, Flow]]:
    """What becomes of ``packet`` between two ends, for each way in which the unforeseeable can turn out.

    An end is the name of a host or a site, or "internet".
    """
    picks = Picks()
    while True:
        flow = Flow(world, picks)
        yield simulate(flow, source, destination, packet), flow
        if not picks.next():
            return


def simulate(flow: Flow, source: str, destination: str, packet: Packet) -> Outcome:
    try:
        arrived = _request(flow, source, destination, packet)
    except LostError:
        return Outcome(delivered=False, answered=False)
    back = arrived.reply()
    wanted = packet.reply()
    if back is None or wanted is None:
        flow.say("asks for no answer")
        return Outcome(delivered=True, answered=True)
    flow.reply, flow.hops = True, 0
    try:
        end, came = _sent(flow, destination, back)
        if end != source or came != wanted:
            raise flow.lose(f"the answer comes to {end} as {came}: it is none to {packet}")
        if flow.firewalls[0] != flow.firewalls[1]:
            raise flow.lose(f"a firewall sees one direction only: {flow.firewalls}")
    except LostError:
        return Outcome(delivered=True, answered=False)
    flow.say("answered")
    return Outcome(delivered=True, answered=True)


def _request(flow: Flow, source: str, destination: str, packet: Packet) -> Packet:
    world = flow.world
    start, goal = world.hosts.get(source), world.hosts.get(destination)
    if start and not start.opens:
        raise flow.lose(f"{source} opens no connections")
    flow.say(f"{source} sends {packet}")
    end, came = _sent(flow, source, packet)
    if end != destination:
        raise flow.lose(f"{packet.destination} is at {end}, not at {destination}")
    if start:
        peers = goal.groups if goal and flow.references_out else ()
        if not _group_lets(world, start, "egress", packet, packet.destination, peers):
            raise flow.lose(f"the groups of {source} let nothing out to {packet.destination}")
    if goal:
        peers = start.groups if start and flow.references_in else ()
        if not _group_lets(world, goal, "ingress", came, came.source, peers):
            raise flow.lose(f"the groups of {destination} let nothing in from {came.source}")
    flow.say(f"delivered to {destination} as {came}")
    return came


def _sent(flow: Flow, end: str, packet: Packet) -> End:
    if end in flow.world.hosts:
        return _follow(flow, flow.world.hosts[end].net, packet)
    if end == "internet" and flow.endpoint_of:
        return _deliver(flow, flow.endpoint_of, None, packet)
    if end == "internet":
        return _from_internet(flow, packet)
    return _from_site(flow, flow.world.sites[end], packet)


# -- inside a VPC --------------------------------------------------------------------------------------


def _follow(flow: Flow, net: str, packet: Packet) -> End:
    """A packet that an interface in ``net`` sends, by the route table of that subnet."""
    flow.hops += 1
    if flow.hops > _MOST_HOPS:
        raise flow.lose("it goes round and round")
    vpc = flow.world.nets[net].vpc
    route = _route(flow.world, net, packet.destination)
    if route is None:
        raise flow.lose(f"{net} has no route to {packet.destination}")
    flow.say(f"{net} ({vpc}): {packet.destination} by {route.cidr or 'pl'} to {route.kind} {route.target}")
    flow.kinds.add(route.kind)
    if route.kind == "local":
        return _deliver(flow, vpc, net, packet)
    if route.kind == "blackhole":
        raise flow.lose("a black hole")
    return _HOPS[route.kind](flow, net, route.target, packet)


def _deliver(flow: Flow, vpc: str, net: str | None, packet: Packet) -> End:
    """The last hop, from a subnet or (None) from a gateway that stands at no subnet."""
    for name, host in flow.world.hosts.items():
        if packet.destination in host.addresses and flow.world.nets[host.net].vpc == vpc:
            _crossed(flow, net, host.net, packet)
            return name, packet
    for name, nat in flow.world.nats.items():
        if packet.destination == nat.address and flow.world.nets[nat.net].vpc == vpc:
            _crossed(flow, net, nat.net, packet)
            return _back_through_nat(flow, name, packet)
    raise flow.lose(f"nobody in {vpc} has {packet.destination}")


def _crossed(flow: Flow, start: str | None, end: str, packet: Packet) -> None:
    """Network ACLs stand where packets leave or enter a subnet, not between interfaces of one.

    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
    """
    if start == end:
        return
    if start is not None:
        _acl(flow, start, "egress", packet)
    _acl(flow, end, "ingress", packet)


def _route(world: World, net: str, address: str) -> RouteTo | None:
    """The route that decides in a subnet; what is for the subnet itself is not routed at all.

    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """
    here = world.nets[net]
    for cidr in here.cidrs:
        if contains(cidr, address):
            return RouteTo(cidr, "local")
    name = here.table or next(
        (name for name, one in world.tables.items() if one.main and one.vpc == here.vpc), ""
    )
    return _looked_up(world, here.vpc, name, address)


def _looked_up(world: World, vpc: str, name: str, address: str) -> RouteTo | None:
    """Longest prefix first; then local, then static, then prefix lists, then what is propagated."""
    table = world.tables.get(name)
    routes = [(cidr, 3, RouteTo(cidr, "local")) for cidr in world.vpcs[vpc].cidrs]
    inside = any(contains(cidr, address) for cidr, _, _ in routes)
    for route in table.routes if table else ():
        if route.kind == "s3":
            routes += [(cidr, 1, route) for cidr in S3]
        else:
            routes.append((route.cidr, 2, route))
    for gateway in table.propagating if table and not inside else ():
        routes += [(cidr, 0, RouteTo(cidr, "vgw", gateway)) for cidr in _prefixes(world, gateway)]
    fitting = [(length(cidr), rank, route) for cidr, rank, route in routes if contains(cidr, address)]
    return max(fitting, key=lambda each: each[:2])[2] if fitting else None


def _acl(flow: Flow, net: str, direction: str, packet: Packet) -> None:
    name = flow.world.nets[net].acl
    if name is None:
        return
    peer = packet.destination if direction == "egress" else packet.source
    for rule in sorted(flow.world.acls[name][1], key=lambda each: each.number):
        if (
            rule.direction == direction
            and rule.span.matches(packet.protocol, packet.port)
            and contains(rule.cidr, peer)
        ):
            if rule.allow:
                return
            raise flow.lose(f"{name} at {net} denies {direction} by rule {rule.number}: {packet}")
    raise flow.lose(f"{name} at {net} has no rule for {direction}: {packet}")


def _group_lets(
    world: World, host: Host, direction: str, packet: Packet, peer: str, peer_groups: tuple[str, ...]
) -> bool:
    for number in host.groups:
        for rule in world.groups[number].rules:
            if rule.direction != direction or not rule.span.matches(packet.protocol, packet.port):
                continue
            if rule.cidr is not None and contains(rule.cidr, peer):
                return True
            if rule.group is not None and rule.group in peer_groups:
                return True
            if rule.listed and any(contains(cidr, peer) for cidr in S3):
                return True
    return False


# -- the internet --------------------------------------------------------------------------------------


def _is_private(address: str) -> bool:
    return any(
        contains(cidr, address) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    )


def _holder(world: World, vpc: str, address: str) -> Host | None:
    for host in world.hosts.values():
        if address in host.addresses and world.nets[host.net].vpc == vpc:
            return host
    return None


def _out_by_internet_gateway(flow: Flow, net: str, gateway: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"""
    world, vpc = flow.world, flow.world.nets[net].vpc
    _acl(flow, net, "egress", packet)
    if world.internet_gateways.get(gateway) != vpc:
        raise flow.lose(f"{gateway} is not attached to {vpc}")
    if ":" in packet.source:
        if not any(contains(cidr, packet.source) for cidr in world.vpcs[vpc].cidrs):
            raise flow.lose(f"{gateway} rejects {packet.source}, which is not of {vpc}")
        owner = _holder(world, vpc, packet.source)
        _unblocked(flow, vpc, owner.net if owner else net, by_nat=False)
        return _to_internet(flow, packet)
    if _is_private(packet.destination):
        raise flow.lose(f"{gateway} passes nothing to private addresses")
    return _with_public_source(flow, vpc, net, packet)


def _with_public_source(flow: Flow, vpc: str, net: str, packet: Packet) -> End:
    for nat in flow.world.nats.values():
        if nat.address == packet.source and nat.net == net:
            if nat.public is None:
                raise flow.lose("a private NAT gateway has no public address")
            _unblocked(flow, vpc, net, by_nat=True)
            return _to_internet(flow, replace(packet, source=nat.public))
    host = _holder(flow.world, vpc, packet.source)
    if host is None or host.public is None:
        raise flow.lose(f"{packet.source} has no public address")
    _unblocked(flow, vpc, host.net, by_nat=False)
    return _to_internet(flow, replace(packet, source=host.public))


def _out_by_egress_only(flow: Flow, net: str, gateway: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html"""
    vpc = flow.world.nets[net].vpc
    _acl(flow, net, "egress", packet)
    if flow.world.egress_only_gateways.get(gateway) != vpc or ":" not in packet.source:
        raise flow.lose(f"{gateway} does not serve it")
    owner = _holder(flow.world, vpc, packet.source)
    if owner is None:
        raise flow.lose(f"{gateway} rejects {packet.source}, which is not of {vpc}")
    _unblocked(flow, vpc, owner.net, by_nat=True)
    if flow.reply:
        raise flow.lose(f"{gateway} knows nothing of a connection from outside")
    flow.egress_only.add(vpc)
    return _to_internet(flow, packet)


def _to_internet(flow: Flow, packet: Packet) -> End:
    """To whoever has the address: an interface of another VPC, or one outside."""
    flow.references_in = flow.references_out = False
    flow.say(f"on the internet as {packet}")
    if _public_owner(flow.world, packet.destination) is None:
        return "internet", packet
    return _from_internet(flow, packet)


def _public_owner(world: World, address: str) -> tuple[str, str, bool] | None:
    """VPC, private address and whether it is a NAT gateway's."""
    for host in world.hosts.values():
        if address == host.public:
            return world.nets[host.net].vpc, host.addresses[0], False
        if ":" in address and address in host.addresses:
            return world.nets[host.net].vpc, address, False
    for nat in world.nats.values():
        if address == nat.public:
            return world.nets[nat.net].vpc, nat.address, True
    return None


def _from_internet(flow: Flow, packet: Packet) -> End:
    """In by the gateway of the VPC that has the address."""
    owner = _public_owner(flow.world, packet.destination)
    if owner is None:
        raise flow.lose(f"nobody has {packet.destination}")
    vpc, address, of_nat = owner
    attached = [name for name, of in flow.world.internet_gateways.items() if of == vpc]
    if not attached and not (flow.reply and vpc in flow.egress_only):
        raise flow.lose(f"{vpc} has no internet gateway")
    inside = replace(packet, destination=address)
    net = _net_of(flow.world, vpc, address)
    back_out = flow.reply and (of_nat or vpc in flow.egress_only)
    if not back_out or of_nat:
        _unblocked(flow, vpc, net, by_nat=of_nat)
    flow.say(f"into {vpc} as {inside}")
    return _deliver(flow, vpc, None, inside)


def _net_of(world: World, vpc: str, address: str) -> str:
    for name, net in world.nets.items():
        if net.vpc == vpc and any(contains(cidr, address) for cidr in net.cidrs):
            return name
    raise AssertionError(address)


def _unblocked(flow: Flow, vpc: str, net: str, *, by_nat: bool) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html"""
    world = flow.world
    if world.block == "off":
        return
    given = {world.exclusions.get(vpc), world.exclusions.get(net)}
    if "bidirectional" in given:
        return
    if by_nat and (world.block == "ingress" or "egress" in given):
        return
    raise flow.lose(f"public access of {net} is blocked ({world.block})")


# -- NAT gateways --------------------------------------------------------------------------------------


def _through_nat(flow: Flow, net: str, name: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"""
    nat = flow.world.nats[name]
    if packet.protocol not in (TCP, UDP, ICMP) or ":" in packet.source:
        raise flow.lose(f"{name} takes neither this protocol nor this family")
    if flow.reply:
        raise flow.lose(f"{name} does not know the connection")
    if name in flow.translations:
        raise flow.lose(f"{name} again")
    _crossed(flow, net, nat.net, packet)
    port = 0 if packet.protocol == ICMP else NAT_PORTS[flow.picks.pick(len(NAT_PORTS))]
    translated = replace(packet, source=nat.address, client_port=port)
    flow.translations[name] = (packet, translated)
    flow.references_in = flow.references_out = False
    flow.say(f"{name} makes of it {translated}")
    return _follow(flow, nat.net, translated)


def _back_through_nat(flow: Flow, name: str, packet: Packet) -> End:
    before, after = flow.translations.get(name, (None, None))
    if (
        not flow.reply
        or before is None
        or after is None
        or after.reply() != replace(packet, source=after.destination)
    ):
        raise flow.lose(f"{name} takes no connections")
    if packet.source != after.destination:
        raise flow.lose(f"{name} spoke to {after.destination}, not to {packet.source}")
    inner = before.reply()
    assert inner is not None
    flow.say(f"{name} gives it back as {inner}")
    return _follow(flow, flow.world.nats[name].net, inner)


# -- what joins VPCs -----------------------------------------------------------------------------------


def _through_peering(flow: Flow, net: str, name: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"""
    _acl(flow, net, "egress", packet)
    peering, vpc = flow.world.peerings[name], flow.world.nets[net].vpc
    if not peering.active or vpc not in (peering.requester, peering.accepter):
        raise flow.lose(f"{name} is not active for {vpc}")
    other = peering.accepter if vpc == peering.requester else peering.requester
    if not any(contains(cidr, packet.destination) for cidr in flow.world.vpcs[other].cidrs):
        raise flow.lose(f"{packet.destination} is not of {other}: no edge to edge, no transit")
    if not any(contains(cidr, packet.source) for cidr in flow.world.vpcs[vpc].cidrs):
        raise flow.lose(f"{packet.source} is not of {vpc}: no transit")
    if flow.world.vpcs[vpc].region != flow.world.vpcs[other].region and not flow.reply:
        flow.references_in = flow.references_out = False
    flow.say(f"{name} to {other}")
    return _deliver(flow, other, None, packet)


def _into_transit(flow: Flow, net: str, gateway: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html

    A subnet in a zone where the gateway has no subnet cannot send to it:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    world = flow.world
    here = world.nets[net]
    _acl(flow, net, "egress", packet)
    for name, one in world.attachments.items():
        if one.kind == "vpc" and one.vpc == here.vpc and gateway in one.gateways:
            same = [each for each in one.nets if world.nets[each].zone == here.zone]
            if not same:
                raise flow.lose(f"{name} has no subnet in zone {here.zone}")
            _acl(flow, same[0], "ingress", packet)
            return _switched(flow, gateway, name, here.zone, packet)
    raise flow.lose(f"{here.vpc} is not attached to {gateway}")


def _switched(flow: Flow, gateway: str, came_by: str, zone: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"""
    flow.hops += 1
    if flow.hops > _MOST_HOPS:
        raise flow.lose("it goes round and round")
    world = flow.world
    tables = [
        name for name in world.attachments[came_by].tables if world.transit_tables[name].gateway == gateway
    ]
    if not tables:
        raise flow.lose(f"{came_by} is associated with no table of {gateway}")
    goes_by = _transit_route(world, tables[0], packet.destination)
    flow.say(f"{gateway}: {tables[0]} of {came_by} says {goes_by!r}")
    if not goes_by:
        raise flow.lose(f"{tables[0]} leads {packet.destination} nowhere")
    attachment = world.attachments[goes_by]
    if not flow.reply:
        _note_references(flow, gateway, world.attachments[came_by], attachment)
    match attachment.kind:
        case "vpc":
            return _out_of_transit(flow, goes_by, attachment, zone, packet)
        case "peering":
            other = next(one for one in attachment.gateways if one != gateway)
            return _switched(flow, other, goes_by, "", packet)
    return _to_site(flow, goes_by, packet)


def _note_references(flow: Flow, gateway: str, one: Attachment, other: Attachment) -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html (security group referencing)

    For inbound rules, where both switches are on, and not across peered gateways.
    """
    flow.references_out = False
    if not (
        flow.world.transits[gateway].group_references
        and all(each.kind == "vpc" and each.group_references for each in (one, other))
    ):
        flow.references_in = False


def _transit_route(world: World, table: str, address: str) -> str | None:
    """The attachment, "" for a black hole. Static before propagated; VPC before VPN."""
    found: list[tuple[int, int, str]] = []
    for cidr, attachment in world.transit_tables[table].routes:
        if contains(cidr, address):
            found.append((length(cidr), 3, attachment))
    for name in world.transit_tables[table].propagated:
        one = world.attachments[name]
        announced = world.vpcs[one.vpc].cidrs if one.kind == "vpc" else _prefixes(world, name)
        found += [
            (length(cidr), 2 if one.kind == "vpc" else 1, name)
            for cidr in announced
            if contains(cidr, address)
        ]
    return max(found, key=lambda each: each[:2])[2] if found else None


def _prefixes(world: World, behind: str) -> tuple[str, ...]:
    return tuple(cidr for site in world.sites.values() if site.behind == behind for cidr in site.prefixes)


def _out_of_transit(flow: Flow, name: str, attachment: Attachment, zone: str, packet: Packet) -> End:
    """Into the VPC by the interface in the zone that it came from, where there is one; else by any.

    In appliance mode by one that is the same for both directions of a flow.
    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-az-overview
    """
    same = [each for each in attachment.nets if flow.world.nets[each].zone == zone]
    if attachment.appliance_mode:
        if name not in flow.interfaces:
            flow.interfaces[name] = flow.picks.pick(len(attachment.nets))
        net = attachment.nets[flow.interfaces[name]]
    elif same:
        net = same[0]
    else:
        net = attachment.nets[flow.picks.pick(len(attachment.nets))]
    flow.say(f"into {attachment.vpc} by {name} at {net}")
    return _follow(flow, net, packet)


# -- sites and services --------------------------------------------------------------------------------


def _out_by_vpn_gateway(flow: Flow, net: str, gateway: str, packet: Packet) -> End:
    _acl(flow, net, "egress", packet)
    vpc = flow.world.nets[net].vpc
    if flow.world.vpn_gateways.get(gateway) != vpc:
        raise flow.lose(f"{gateway} is not attached to {vpc}")
    if not any(contains(cidr, packet.source) for cidr in flow.world.vpcs[vpc].cidrs):
        flow.vague = True
        if flow.picks.pick(2) == 0:
            raise flow.lose(f"{gateway} passes nothing that is not of {vpc}")
    return _to_site(flow, gateway, packet)


def _to_site(flow: Flow, behind: str, packet: Packet) -> End:
    for name, site in flow.world.sites.items():
        if site.behind == behind and any(contains(cidr, packet.destination) for cidr in site.prefixes):
            return name, packet
    raise flow.lose(f"nothing behind {behind} has {packet.destination}")


def _from_site(flow: Flow, site: Site, packet: Packet) -> End:
    """https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html"""
    world = flow.world
    if site.behind in world.vpn_gateways:
        vpc = world.vpn_gateways[site.behind]
        if not any(contains(cidr, packet.destination) for cidr in world.vpcs[vpc].cidrs):
            raise flow.lose(f"{site.behind} leads to {vpc} only")
        flow.say(f"{site.behind} into {vpc}")
        return _deliver(flow, vpc, None, packet)
    return _switched(flow, world.attachments[site.behind].gateways[0], site.behind, "", packet)


def _to_s3(flow: Flow, net: str, name: str, packet: Packet) -> End:
    """Only from inside the VPC: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""
    _acl(flow, net, "egress", packet)
    vpc = flow.world.nets[net].vpc
    if not any(contains(cidr, packet.source) for cidr in flow.world.vpcs[vpc].cidrs):
        raise flow.lose(f"{name} serves {vpc} only")
    if packet.protocol == TCP or (packet.protocol, packet.port) == (ICMP, 8):
        flow.endpoint_of = vpc
        return "internet", packet
    raise flow.lose("a gateway endpoint passes TCP and echo requests only")


# -- firewalls and appliances --------------------------------------------------------------------------


def _through_firewall(flow: Flow, net: str, name: str, packet: Packet) -> End:
    """https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html"""
    endpoint = flow.world.firewall_endpoints[name]
    firewall = flow.world.firewalls[endpoint.firewall]
    _crossed(flow, net, endpoint.net, packet)
    if not flow.reply:
        flow.references_in = flow.references_out = False
        for line in firewall.lines:
            if (
                line.span.matches(packet.protocol, packet.port)
                and contains(line.source, packet.source)
                and contains(line.destination, packet.destination)
            ):
                if line.allow:
                    break
                raise flow.lose(f"{endpoint.firewall} drops {packet} by {line}")
        else:
            if firewall.drops_rest:
                raise flow.lose(f"{endpoint.firewall} drops the rest: {packet}")
    flow.firewalls[1 if flow.reply else 0].add(name)
    return _follow(flow, endpoint.net, packet)


def _through_appliance(flow: Flow, net: str, name: str, packet: Packet) -> End:
    """Whether it passes packets on is for its software to say.

    https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck
    """
    host = flow.world.hosts[name]
    _crossed(flow, net, host.net, packet)
    if host.checks:
        raise flow.lose(f"{name} checks source and destination")
    flow.vague = True
    if name not in flow.appliances:
        if flow.picks.pick(2) == 0:
            raise flow.lose(f"{name} does not pass it on")
        if not (
            _group_lets(flow.world, host, "ingress", packet, packet.source, ())
            and _group_lets(flow.world, host, "egress", packet, packet.destination, ())
        ):
            raise flow.lose(f"the groups of {name} do not let it pass")
        flow.appliances.add(name)
    if not flow.reply:
        flow.references_in = flow.references_out = False
    return _follow(flow, host.net, packet)


_HOPS: dict[str, Callable[[Flow, str, str, Packet], End]] = {
    "igw": _out_by_internet_gateway,
    "eigw": _out_by_egress_only,
    "nat": _through_nat,
    "pcx": _through_peering,
    "tgw": _into_transit,
    "vgw": _out_by_vpn_gateway,
    "fw": _through_firewall,
    "eni": _through_appliance,
    "s3": _to_s3,
}

__all__ = ["ECHO", "GRE", "NAT_PORTS", "Flow", "Outcome", "Packet", "every_outcome", "simulate"]
