"""A world of many VPCs as the facts that a reader would give of it, everything known."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import (
    NO,
    YES,
    Acl,
    AclAssociation,
    AclEntry,
    AddressPeer,
    AttachmentKind,
    Component,
    Direction,
    ElasticIp,
    EndpointType,
    Fact,
    Firewall,
    FirewallAction,
    FirewallEndpoint,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    Gateway,
    Group,
    GroupPeer,
    GroupUse,
    Inventory,
    Link,
    Links,
    NatGateway,
    Peer,
    Peering,
    PrefixList,
    PrefixListPeer,
    PrivateNetwork,
    PublicAccessBlock,
    PublicAccessExclusion,
    Route,
    RouteTable,
    Rule,
    Subnet,
    TableAssociation,
    Target,
    TargetKind,
    TransitAssociation,
    TransitAttachment,
    TransitGateway,
    TransitPropagation,
    TransitRoute,
    TransitTable,
    Vpc,
    VpcEndpoint,
    Workload,
)
from auditor.traffic import EVERYTHING, ICMP, ICMPV6, IntSet, Traffic, exact, parse_cidr, service
from auditor.tree import Location
from tests.simulator.many.nouns import ALL, S3, AclRule, FirewallLine, GroupRule, Host, RouteTo, Span, World

AT = Location("world.tf", 1, 1)
LIST = "pl-s3"
_KINDS = {
    "igw": TargetKind.INTERNET_GATEWAY,
    "eigw": TargetKind.EGRESS_ONLY_GATEWAY,
    "nat": TargetKind.NAT_GATEWAY,
    "pcx": TargetKind.VPC_PEERING,
    "tgw": TargetKind.TRANSIT_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "fw": TargetKind.VPC_ENDPOINT,
    "s3": TargetKind.VPC_ENDPOINT,
    "eni": TargetKind.NETWORK_INTERFACE,
}
_ATTACHED = {"vpc": AttachmentKind.VPC, "vpn": AttachmentKind.VPN, "peering": AttachmentKind.PEERING}


def facts(world: World, *, public_addresses: bool = True) -> Inventory:
    """The inventory of ``world``; ``public_addresses`` false leaves out which they are."""
    return Inventory.of(
        [
            *_vpcs(world),
            *_tables(world),
            *_filters(world),
            *_interfaces(world, public_addresses=public_addresses),
            *_gateways(world),
            *_joints(world),
            *_firewalls(world),
        ]
    )


def _vpcs(world: World) -> Iterator[Component]:
    for name, vpc in world.vpcs.items():
        yield Vpc(id=name, at=AT, cidrs=exact(_union(vpc.cidrs)))
        yield Acl(id=f"acl-default-{name}", at=AT, vpc=_link(name), default=True)
        for way in ("ingress", "egress"):
            for number, cidr in ((100, "0.0.0.0/0"), (101, "::/0")):
                yield _entry(f"acl-default-{name}", AclRule(way, number, True, ALL, cidr))
    for name, net in world.nets.items():
        zone = f"eu-west-1{net.zone}" if world.vpcs[net.vpc].region == "r1" else f"us-east-1{net.zone}"
        yield Subnet(id=name, at=AT, vpc=_link(net.vpc), cidrs=exact(_union(net.cidrs)), zone=zone)
        if net.table is not None:
            yield TableAssociation(at=AT, table=_link(net.table), subnet=_link(name))
        if net.acl is not None:
            yield AclAssociation(at=AT, acl=_link(net.acl), subnet=_link(name))


def _tables(world: World) -> Iterator[Component]:
    for name, table in world.tables.items():
        propagating = Links(tuple(_link(each) for each in table.propagating))
        yield RouteTable(id=name, at=AT, vpc=_link(table.vpc), main=table.main, propagating=propagating)
        for number, route in enumerate(table.routes):
            destination = PrefixListPeer(_link(LIST), AT) if route.kind == "s3" else _addresses(route.cidr)
            yield Route(
                id=f"{name}.{number}",
                at=AT,
                table=_link(name),
                destination=destination,
                target=_target(route),
            )


def _target(route: RouteTo) -> Target:
    if route.kind == "blackhole":
        return Target(TargetKind.BLACKHOLE)
    return Target(_KINDS[route.kind], _link(route.target))


def _filters(world: World) -> Iterator[Component]:
    for name, (vpc, rules) in world.acls.items():
        yield Acl(id=name, at=AT, vpc=_link(vpc))
        yield from (_entry(name, rule) for rule in rules)
    for name, group in world.groups.items():
        yield Group(id=name, at=AT, vpc=_link(group.vpc))
        yield from (_rule(name, rule) for rule in group.rules)
    yield PrefixList(id=LIST, at=AT, entries=tuple(_addresses(cidr) for cidr in S3), service="s3")


def _interfaces(world: World, *, public_addresses: bool) -> Iterator[Component]:
    for name, host in world.hosts.items():
        yield _host(name, host, public_addresses=public_addresses)
    for name, nat in world.nats.items():
        public = YES if nat.public else NO
        address = _addresses(f"{nat.address}/32")
        yield NatGateway(id=name, at=AT, subnet=_link(nat.net), public=public, address=address)
        if nat.public:
            known = _addresses(f"{nat.public}/32") if public_addresses else None
            yield ElasticIp(id=f"eip-{name}", at=AT, holder=_link(name), address=known)


def _host(name: str, host: Host, *, public_addresses: bool) -> Workload:
    known = exact(parse_cidr(f"{host.public}/32")) if host.public and public_addresses else None
    return Workload(
        id=name,
        kind="instance",
        at=AT,
        subnets=Links((_link(host.net),)),
        groups=Links(tuple(_link(group) for group in host.groups)),
        addresses=exact(_union(host.addresses)),
        public=YES if host.public else NO,
        public_addresses=known,
        ipv6=YES if any(":" in address for address in host.addresses) else NO,
        forwards=NO if host.checks else YES,
        initiates=host.opens,
    )


def _gateways(world: World) -> Iterator[Component]:
    for kind, gateways in (
        (TargetKind.INTERNET_GATEWAY, world.internet_gateways),
        (TargetKind.EGRESS_ONLY_GATEWAY, world.egress_only_gateways),
        (TargetKind.VPN_GATEWAY, world.vpn_gateways),
    ):
        for name, vpc in gateways.items():
            yield Gateway(id=name, kind=kind, at=AT, vpc=_link(vpc))
    for name, vpc in world.gateway_endpoints.items():
        yield VpcEndpoint(
            id=name,
            at=AT,
            vpc=_link(vpc),
            types=(EndpointType.GATEWAY,),
            service="com.amazonaws.eu-west-1.s3",
            restricted=NO,
        )
    for gateway, table in world.edge_tables.items():
        yield TableAssociation(at=AT, table=_link(table), gateway=_link(gateway))
    if world.block != "off":
        yield PublicAccessBlock(id="block", at=AT, blocks=YES, ingress_only=_fact(world.block == "ingress"))
    for name, mode in world.exclusions.items() if world.block != "off" else ():
        yield PublicAccessExclusion(
            id=f"exclusion-{name}",
            at=AT,
            vpc=_link(name) if name in world.vpcs else None,
            subnet=_link(name) if name in world.nets else None,
            egress_only=_fact(mode == "egress"),
        )


def _joints(world: World) -> Iterator[Component]:
    for name, one in world.peerings.items():
        same = world.vpcs[one.requester].region == world.vpcs[one.accepter].region
        yield Peering(
            id=name,
            at=AT,
            requester=_link(one.requester),
            accepter=_link(one.accepter),
            active=_fact(one.active),
            group_references=_fact(same),
        )
    for name, transit in world.transits.items():
        yield TransitGateway(id=name, at=AT, group_references=_fact(transit.group_references))
    for name, attachment in world.attachments.items():
        yield TransitAttachment(
            id=name,
            at=AT,
            kind=_ATTACHED[attachment.kind],
            gateway=_link(attachment.gateways[0]),
            peer=_link(attachment.gateways[1]) if len(attachment.gateways) > 1 else None,
            vpc=_link(attachment.vpc) if attachment.vpc else None,
            subnets=Links(tuple(_link(net) for net in attachment.nets)),
            appliance_mode=_fact(attachment.appliance_mode),
            group_references=_fact(attachment.group_references),
            default_association=NO,
            default_propagation=NO,
        )
        for table in attachment.tables:
            yield TransitAssociation(at=AT, table=_link(table), attachment=_link(name))
    yield from _transit_tables(world)
    for name, site in world.sites.items():
        behind = _link(site.behind)
        virtual = site.behind in world.vpn_gateways
        yield PrivateNetwork(
            id=name,
            at=AT,
            gateway=behind if virtual else None,
            attachment=None if virtual else behind,
            prefixes=exact(_union(site.prefixes)),
        )


def _transit_tables(world: World) -> Iterator[Component]:
    for name, table in world.transit_tables.items():
        yield TransitTable(id=name, at=AT, gateway=_link(table.gateway))
        for attachment in table.propagated:
            yield TransitPropagation(at=AT, table=_link(name), attachment=_link(attachment))
        for number, (cidr, attachment) in enumerate(table.routes):
            yield TransitRoute(
                id=f"{name}.{number}",
                at=AT,
                table=_link(name),
                destination=_addresses(cidr),
                attachment=_link(attachment) if attachment else None,
            )


def _firewalls(world: World) -> Iterator[Component]:
    for name, firewall in world.firewalls.items():
        endpoints = tuple(
            FirewallEndpoint(id=each, at=AT, subnet=_link(one.net))
            for each, one in world.firewall_endpoints.items()
            if one.firewall == name
        )
        yield Firewall(
            id=name, at=AT, vpc=_link(firewall.vpc), policy=_link(f"policy-{name}"), endpoints=endpoints
        )
        yield FirewallPolicy(
            id=f"policy-{name}",
            at=AT,
            stateless_default=FirewallAction.FORWARD,
            stateful=(GroupUse(group=_link(f"rules-{name}"), at=AT, priority=1),),
            strict=YES,
            stateful_defaults=("aws:drop_strict",) if firewall.drops_rest else (),
        )
        yield FirewallRuleGroup(
            id=f"rules-{name}", at=AT, stateful=True, rules=tuple(_line(line) for line in firewall.lines)
        )


def _line(line: FirewallLine) -> FirewallRule:
    ends = Traffic.of(sources=parse_cidr(line.source), destinations=parse_cidr(line.destination))
    return FirewallRule(
        at=AT,
        text=str(line),
        action=FirewallAction.PASS if line.allow else FirewallAction.DROP,
        traffic=exact(span_service(line.span) & ends),
    )


def span_service(span: Span) -> Traffic:
    if span.protocol == -1:
        return EVERYTHING
    if span.protocol not in (ICMP, ICMPV6):
        return service(span.protocol, span.low, span.high)
    if (span.low, span.high) == (0, 255):
        return service(span.protocol, -1, -1)
    return service(span.protocol, span.low, -1)


def _union(cidrs: tuple[str, ...]) -> IntSet:
    return IntSet.union(parse_cidr(cidr) for cidr in cidrs)


def _fact(truth: bool) -> Fact:
    return YES if truth else NO


def _link(name: str) -> Link:
    return Link(name, AT)


def _addresses(cidr: str) -> AddressPeer:
    return AddressPeer(exact(parse_cidr(cidr)), cidr, AT)


def _rule(group: str, rule: GroupRule) -> Rule:
    peer: Peer
    if rule.cidr is not None:
        peer = _addresses(rule.cidr)
    elif rule.listed:
        peer = PrefixListPeer(_link(LIST), AT)
    else:
        peer = GroupPeer(_link(rule.group or ""), AT)
    return Rule(
        component=group,
        at=AT,
        group=_link(group),
        direction=Direction(rule.direction),
        service=exact(span_service(rule.span)),
        peers=(peer,),
    )


def _entry(acl: str, rule: AclRule) -> AclEntry:
    return AclEntry(
        component=acl,
        at=AT,
        acl=_link(acl),
        direction=Direction(rule.direction),
        number=rule.number,
        allow=_fact(rule.allow),
        service=exact(span_service(rule.span)),
        peer=_addresses(rule.cidr),
    )
