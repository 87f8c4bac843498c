"""The networks of AWS's own examples, as worlds: what the pages say of them is what must come out.

https://docs.aws.amazon.com/vpc/latest/tgw/TGW_Scenarios.html
https://docs.aws.amazon.com/vpc/latest/peering/peering-configurations-full-access.html
"""

from __future__ import annotations

from collections.abc import Callable

from tests.simulator.many.nouns import (
    ALL,
    Attachment,
    Firewall,
    FirewallEndpoint,
    Group,
    GroupRule,
    Host,
    Nat,
    Net,
    Peering,
    RouteTo,
    Site,
    Table,
    Transit,
    TransitTable,
    Vpc,
    World,
)

_OPEN = (
    GroupRule("ingress", ALL, cidr="0.0.0.0/0"),
    GroupRule("egress", ALL, cidr="0.0.0.0/0"),
)


def _vpc(world: World, number: int, zones: str = "a", *, hosts: bool = True) -> None:
    vpc = f"vpc{number}"
    world.vpcs[vpc] = Vpc((f"10.{number}.0.0/16",))
    world.groups[f"group{number}-0"] = Group(vpc, _OPEN)
    world.tables[f"table{number}-0"] = Table(vpc, main=True)
    for place, zone in enumerate(zones):
        net = f"net{number}-{place}"
        world.nets[net] = Net(vpc, (f"10.{number}.{place}.0/24",), zone, f"table{number}-0")
        if hosts:
            world.hosts[f"host{number}-{place}"] = Host(
                net, (f"10.{number}.{place}.10",), (f"group{number}-0",)
            )


def _routes(world: World, table: str, *routes: tuple[str, str, str]) -> None:
    old = world.tables.get(table) or Table(f"vpc{table[5]}")
    world.tables[table] = Table(
        old.vpc, old.main, tuple(RouteTo(*route) for route in routes), old.propagating
    )


def peered(*, both: bool = True) -> World:
    """Two peered VPCs; ``both`` false: only vpc0 has the route."""
    world = World()
    for number in (0, 1):
        _vpc(world, number)
    world.peerings["pcx"] = Peering("vpc0", "vpc1")
    _routes(world, "table0-0", ("10.1.0.0/16", "pcx", "pcx"))
    if both:
        _routes(world, "table1-0", ("10.0.0.0/16", "pcx", "pcx"))
    return world


def peered_in_a_row() -> World:
    """vpc0 - vpc1 - vpc2: peering is not transitive, and no way to the other's gateways."""
    world = World()
    for number in (0, 1, 2):
        _vpc(world, number)
    world.peerings = {"pcx01": Peering("vpc0", "vpc1"), "pcx12": Peering("vpc1", "vpc2")}
    world.internet_gateways["igw1"] = "vpc1"
    world.nats["nat1"] = Nat("net1-0", "10.1.0.200", "198.18.1.1")
    _routes(world, "table0-0", ("10.0.0.0/8", "pcx", "pcx01"), ("0.0.0.0/0", "pcx", "pcx01"))
    _routes(
        world,
        "table1-0",
        ("10.0.0.0/16", "pcx", "pcx01"),
        ("10.2.0.0/16", "pcx", "pcx12"),
        ("0.0.0.0/0", "igw", "igw1"),
    )
    _routes(world, "table2-0", ("10.0.0.0/8", "pcx", "pcx12"))
    return world


def hub(*, isolated: bool = False) -> World:
    """A centralized router: three VPCs and a VPN; ``isolated``: the VPCs see the VPN only."""
    world = World()
    world.transits["tgw"] = Transit()
    tables = ("vpcs", "vpn") if isolated else ("all",)
    names = []
    for number in (0, 1, 2):
        _vpc(world, number, "ab")
        name = f"tgw-vpc{number}"
        names.append(name)
        nets = (f"net{number}-0", f"net{number}-1")
        world.attachments[name] = Attachment("vpc", ("tgw",), f"vpc{number}", nets, tables[:1])
        _routes(world, f"table{number}-0", ("0.0.0.0/0", "tgw", "tgw"))
    world.attachments["vpn"] = Attachment("vpn", ("tgw",), tables=tables[-1:])
    world.sites["site0"] = Site("vpn", ("192.168.0.0/24",))
    if isolated:
        world.transit_tables["vpcs"] = TransitTable("tgw", (), ("vpn",))
        world.transit_tables["vpn"] = TransitTable("tgw", (), tuple(names))
    else:
        world.transit_tables["all"] = TransitTable("tgw", (), (*names, "vpn"))
    return world


def central_egress(*, inspected: bool = False) -> World:
    """Two VPCs that reach the internet by the NAT gateway of a third one, perhaps through its firewall.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html
    """
    world = World()
    world.transits["tgw"] = Transit()
    for number in (0, 1):
        _vpc(world, number, "ab")
        nets = (f"net{number}-0", f"net{number}-1")
        world.attachments[f"tgw-vpc{number}"] = Attachment("vpc", ("tgw",), f"vpc{number}", nets, ("spokes",))
        _routes(world, f"table{number}-0", ("0.0.0.0/0", "tgw", "tgw"))
    _vpc(world, 2, "aabab", hosts=False)  # NAT, attachments, firewall endpoints
    world.internet_gateways["igw2"] = "vpc2"
    world.nats["nat2"] = Nat("net2-0", "10.2.0.200", "198.18.2.1")
    world.attachments["tgw-vpc2"] = Attachment(
        "vpc", ("tgw",), "vpc2", ("net2-1", "net2-2"), ("egress",), appliance_mode=inspected
    )
    spokes = (("10.0.0.0/8", ""), ("0.0.0.0/0", "tgw-vpc2"))
    world.transit_tables["spokes"] = TransitTable(
        "tgw", (("0.0.0.0/0", "tgw-vpc2"),) if inspected else spokes
    )
    world.transit_tables["egress"] = TransitTable("tgw", (), ("tgw-vpc0", "tgw-vpc1"))
    if inspected:
        _inspected(world)
        return world
    _routes(world, "table2-0", ("0.0.0.0/0", "nat", "nat2"), ("10.0.0.0/8", "tgw", "tgw"))
    _routes(world, "table2-1", ("0.0.0.0/0", "igw", "igw2"), ("10.0.0.0/8", "tgw", "tgw"))
    _use(world, "table2-1", "net2-0")
    return world


def _inspected(world: World) -> None:
    """Attachments send to the firewall of their zone, which sends to NAT and back to the transit gateway."""
    world.firewalls["firewall2"] = Firewall("vpc2")
    for zone, net, home in (("a", "net2-3", "net2-1"), ("b", "net2-4", "net2-2")):
        world.firewall_endpoints[f"fw-{zone}"] = FirewallEndpoint("firewall2", net)
        _routes(world, f"table2-{zone}", ("0.0.0.0/0", "fw", f"fw-{zone}"))
        _use(world, f"table2-{zone}", home)
    _routes(world, "table2-0", ("0.0.0.0/0", "nat", "nat2"), ("10.0.0.0/8", "tgw", "tgw"))
    _routes(world, "table2-1", ("0.0.0.0/0", "igw", "igw2"), ("10.0.0.0/8", "fw", "fw-a"))
    _use(world, "table2-1", "net2-0")


def _use(world: World, table: str, net: str) -> None:
    old = world.nets[net]
    world.nets[net] = Net(old.vpc, old.cidrs, old.zone, table, old.acl)


def inspected_inside() -> World:
    """One VPC whose two subnets see each other through a firewall, by routes more specific than local."""
    world = World()
    _vpc(world, 0, "aaa")
    world.hosts.pop("host0-2")
    world.firewalls["firewall0"] = Firewall("vpc0")
    world.firewall_endpoints["fw"] = FirewallEndpoint("firewall0", "net0-2")
    _routes(world, "table0-1", ("10.0.1.0/24", "fw", "fw"))
    _routes(world, "table0-2", ("10.0.0.0/24", "fw", "fw"))
    _use(world, "table0-1", "net0-0")
    _use(world, "table0-2", "net0-1")
    return world


def private_nat() -> World:
    """A VPC that reaches another one by a private NAT gateway and a transit gateway.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html#private-nat-overlapping-networks
    """
    world = World()
    world.transits["tgw"] = Transit()
    for number in (0, 1):
        _vpc(world, number, "aa")
        nets = (f"net{number}-1",)
        world.attachments[f"tgw-vpc{number}"] = Attachment("vpc", ("tgw",), f"vpc{number}", nets, ("all",))
    world.transit_tables["all"] = TransitTable("tgw", (), ("tgw-vpc0", "tgw-vpc1"))
    world.nats["nat0"] = Nat("net0-1", "10.0.1.200")
    _routes(world, "table0-0", ("10.1.0.0/16", "nat", "nat0"))
    _routes(world, "table0-1", ("10.1.0.0/16", "tgw", "tgw"))
    _use(world, "table0-1", "net0-1")
    _routes(world, "table1-0", ("10.0.1.0/24", "tgw", "tgw"))
    return world


EVERY: tuple[tuple[frozenset[str], Callable[[], World]], ...] = (
    (frozenset({"peering"}), peered),
    (frozenset({"peering", "nat"}), peered_in_a_row),
    (frozenset({"transit", "vpn"}), hub),
    (frozenset({"transit", "vpn"}), lambda: hub(isolated=True)),
    (frozenset({"transit", "nat"}), central_egress),
    (frozenset({"transit", "nat", "firewall"}), lambda: central_egress(inspected=True)),
    (frozenset({"firewall"}), inspected_inside),
    (frozenset({"transit", "nat"}), private_nat),
)
