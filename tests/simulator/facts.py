"""A world as the facts that a reader would give of it: exactly, or with some of them not known."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from auditor.model import (
    NO,
    YES,
    Acl,
    AclAssociation,
    AclEntry,
    AddressPeer,
    Component,
    Direction,
    Fact,
    Gateway,
    Group,
    GroupPeer,
    Inventory,
    Link,
    Links,
    NatGateway,
    Peer,
    Route,
    RouteTable,
    Rule,
    Subnet,
    TableAssociation,
    Target,
    TargetKind,
    Truth,
    UnknownPeer,
    Vpc,
    Workload,
)
from auditor.traffic import (
    ANY,
    EMPTY,
    EVERYTHING,
    NOTHING,
    UNICAST_IPV4,
    Bounds,
    IntSet,
    Traffic,
    exact,
    parse_cidr,
    service,
)
from auditor.tree import Location, Presence, Reason
from tests.simulator.worlds import ICMP, AclRule, GroupRule, Span, World

AT = Location("world.tf", 1, 1)
WHY = (Reason("var.x", AT, "--var x=…"),)
_TARGETS = {
    "igw": Target(TargetKind.INTERNET_GATEWAY, Link("igw", AT)),
    "blackhole": Target(TargetKind.BLACKHOLE),
}


def facts(world: World) -> Inventory:
    """The inventory of ``world``, everything known."""
    components: list[Component] = [
        Vpc(id="vpc", at=AT, cidrs=exact(parse_cidr(f"{world.base}.0.0/16"))),
        Gateway(
            id="igw",
            kind=TargetKind.INTERNET_GATEWAY,
            at=AT,
            vpc=Link("vpc" if world.gateway_attached else "other-vpc", AT),
        ),
        Acl(id="acl-default", at=AT, vpc=Link("vpc", AT), default=True),
    ]
    components += [
        _entry("acl-default", AclRule(way, 100, True, Span(-1, 0, 65535), "0.0.0.0/0"))
        for way in ("ingress", "egress")
    ]
    if not world.gateway_attached:
        components.append(Vpc(id="other-vpc", at=AT, cidrs=exact(parse_cidr("10.99.0.0/16"))))
    for place, net in enumerate(world.nets):
        components.append(
            Subnet(id=f"net{place}", at=AT, vpc=Link("vpc", AT), cidrs=exact(parse_cidr(net.cidr)))
        )
        if net.table is not None:
            link = Link(f"table{net.table}", AT)
            components.append(TableAssociation(at=AT, table=link, subnet=Link(f"net{place}", AT)))
        if net.acl is not None:
            components.append(
                AclAssociation(at=AT, acl=Link(f"acl{net.acl}", AT), subnet=Link(f"net{place}", AT))
            )
    components += _tables(world)
    for place, rules in enumerate(world.acls):
        components.append(Acl(id=f"acl{place}", at=AT, vpc=Link("vpc", AT)))
        components += [_entry(f"acl{place}", rule) for rule in rules]
    for place, group in enumerate(world.groups):
        components.append(Group(id=f"group{place}", at=AT, vpc=Link("vpc", AT)))
        components += [_rule(f"group{place}", rule) for rule in group]
    components += _interfaces(world)
    return Inventory.of(components)


def _tables(world: World) -> list[Component]:
    made: list[Component] = []
    for place, table in enumerate(world.tables):
        made.append(RouteTable(id=f"table{place}", at=AT, vpc=Link("vpc", AT), main=place == 0))
        for number, route in enumerate(table.routes):
            target = (
                Target(TargetKind.NAT_GATEWAY, Link(f"nat{route.nat}", AT))
                if route.kind == "nat"
                else _TARGETS[route.kind]
            )
            made.append(
                Route(
                    id=f"table{place}.{number}",
                    at=AT,
                    table=Link(f"table{place}", AT),
                    destination=_addresses(route.cidr),
                    target=target,
                )
            )
    return made


def _interfaces(world: World) -> list[Component]:
    made: list[Component] = [
        NatGateway(
            id=f"nat{place}", at=AT, subnet=Link(f"net{nat.net}", AT), public=YES if nat.public else NO
        )
        for place, nat in enumerate(world.nats)
    ]
    made += [
        Workload(
            id=f"host{place}",
            kind="instance",
            at=AT,
            subnets=Links((Link(f"net{host.net}", AT),)),
            groups=Links(tuple(Link(f"group{group}", AT) for group in host.groups)),
            addresses=exact(parse_cidr(f"{host.address}/32")),
            public=YES if host.public else NO,
        )
        for place, host in enumerate(world.hosts)
    ]
    return made


def span_service(span: Span) -> Traffic:
    if span.protocol == -1:
        return EVERYTHING
    if span.protocol != ICMP:
        return service(span.protocol, span.low, span.high)
    if (span.low, span.high) == (0, 255):
        return service(ICMP, -1, -1)
    return service(ICMP, span.low, -1)


def _addresses(cidr: str) -> AddressPeer:
    return AddressPeer(exact(parse_cidr(cidr)), cidr, AT)


def _rule(group: str, rule: GroupRule) -> Rule:
    peer: Peer = (
        _addresses(rule.cidr) if rule.cidr is not None else GroupPeer(Link(f"group{rule.group}", AT), AT)
    )
    return Rule(
        component=group,
        at=AT,
        group=Link(group, AT),
        direction=Direction(rule.direction),
        service=exact(span_service(rule.span)),
        peers=(peer,),
    )


def _entry(acl: str, rule: AclRule) -> AclEntry:
    return AclEntry(
        component=acl,
        at=AT,
        acl=Link(acl, AT),
        direction=Direction(rule.direction),
        number=rule.number,
        allow=YES if rule.allow else NO,
        service=exact(span_service(rule.span)),
        peer=_addresses(rule.cidr),
    )


_NO_TRAFFIC: Bounds[Traffic] = Bounds(NOTHING, EVERYTHING)
_NO_ADDRESS: Bounds[IntSet] = Bounds(EMPTY, ANY)
_NO_RANGE: Bounds[IntSet] = Bounds(EMPTY, UNICAST_IPV4)
_MAYBE = Fact(Truth.UNKNOWN, AT, WHY)


def blurred(inventory: Inventory, dice: Random) -> Inventory:
    """``inventory`` with facts made unknown, and with things that may be there and are not."""
    chance = dice.choice([0.05, 0.2, 0.5])
    invented = [
        _rule(group.id, GroupRule(dice.choice(["ingress", "egress"]), Span(-1, 0, 0), cidr="0.0.0.0/0"))
        for group in inventory.groups
    ]
    return replace(
        inventory,
        rules=(
            *(_blurred_rule(rule, dice) if dice.random() < chance else rule for rule in inventory.rules),
            *(
                replace(rule, presence=Presence.POSSIBLE, reasons=WHY)
                for rule in invented
                if dice.random() < chance
            ),
        ),
        acl_entries=tuple(
            _blurred_entry(entry, dice) if dice.random() < chance and entry.acl.id != "acl-default" else entry
            for entry in inventory.acl_entries
        ),
        workloads=tuple(
            _blurred_host(host, dice) if dice.random() < chance else host for host in inventory.workloads
        ),
        routes=tuple(
            _blurred_route(route, dice) if dice.random() < chance else route for route in inventory.routes
        ),
        table_associations=tuple(
            replace(each, presence=Presence.POSSIBLE, reasons=WHY) if dice.random() < chance else each
            for each in inventory.table_associations
        ),
        acl_associations=tuple(
            replace(each, presence=Presence.POSSIBLE, reasons=WHY) if dice.random() < chance else each
            for each in inventory.acl_associations
        ),
        nat_gateways=tuple(
            replace(nat, public=_MAYBE) if dice.random() < chance else nat for nat in inventory.nat_gateways
        ),
    )


def without_ranges(inventory: Inventory) -> Inventory:
    """``inventory`` as its input is where the ranges come from a variable: nothing has a known address."""
    return replace(
        inventory,
        vpcs=tuple(replace(vpc, cidrs=_NO_RANGE, reasons=WHY) for vpc in inventory.vpcs),
        subnets=tuple(replace(net, cidrs=_NO_RANGE, reasons=WHY) for net in inventory.subnets),
        workloads=tuple(replace(host, addresses=None) for host in inventory.workloads),
    )


def _blurred_rule(rule: Rule, dice: Random) -> Rule:
    match dice.randrange(4):
        case 0:
            return replace(rule, presence=Presence.POSSIBLE, reasons=WHY)
        case 1:
            return replace(rule, service=_NO_TRAFFIC, reasons=WHY)
        case 2:
            return replace(rule, peers=(UnknownPeer(AT, WHY),))
        case _:
            return (
                replace(rule, peers=(AddressPeer(_NO_ADDRESS, "var.x", AT, WHY), *rule.peers[1:]))
                if isinstance(rule.peers[0], AddressPeer)
                else replace(
                    rule, peers=(GroupPeer(replace(rule.peers[0].group, certain=False, reasons=WHY), AT),)
                )
            )  # type: ignore[union-attr]


def _blurred_entry(entry: AclEntry, dice: Random) -> AclEntry:
    match dice.randrange(5):
        case 0:
            return replace(entry, presence=Presence.POSSIBLE, reasons=WHY)
        case 1:
            return replace(entry, service=_NO_TRAFFIC, reasons=WHY)
        case 2:
            return replace(entry, number=None, reasons=WHY)
        case 3:
            return replace(entry, allow=_MAYBE)
        case _:
            return replace(entry, peer=AddressPeer(_NO_ADDRESS, "var.x", AT, WHY))


def _blurred_host(host: Workload, dice: Random) -> Workload:
    match dice.randrange(5):
        case 0:
            return replace(host, public=_MAYBE)
        case 1:
            return replace(host, addresses=None)
        case 2:
            return replace(host, groups=Links(host.groups.items[:-1], open=WHY))
        case 3:
            uncertain = tuple(replace(link, certain=False, reasons=WHY) for link in host.groups.items)
            return replace(host, groups=Links(uncertain))
        case _:
            return replace(host, subnets=Links((), open=WHY), vpc=Link("vpc", AT))


def _blurred_route(route: Route, dice: Random) -> Route:
    match dice.randrange(3):
        case 0:
            return replace(route, presence=Presence.POSSIBLE, reasons=WHY)
        case 1:
            return replace(route, target=Target(TargetKind.UNKNOWN), reasons=WHY)
        case _:
            return replace(route, destination=AddressPeer(_NO_ADDRESS, "var.x", AT, WHY))
