"""Draws worlds of many VPCs, part after part. Nothing here knows about sets, bounds or unknowns."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.simulator.many.nouns import (
    ALL,
    GRE,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    AclRule,
    Attachment,
    Firewall,
    FirewallEndpoint,
    FirewallLine,
    Group,
    GroupRule,
    Host,
    Nat,
    Net,
    Peering,
    RouteTo,
    Site,
    Span,
    Table,
    Transit,
    TransitTable,
    Vpc,
    World,
)

FEATURES = (
    "peering",
    "transit",
    "nat",
    "ipv6",
    "vpn",
    "firewall",
    "endpoints",
    "bpa",
    "public",
    "appliance",
)
PORTS = (22, 443, 1024, 5432, 32768, 65535)
CLIENT_PORTS = (1024, 1025, 5432, 5433, 32768, 32769, 65535)
INTERNET = ("8.8.8.8", "203.0.113.9")
INTERNET6 = "2606:4700::1111"
IN_S3 = "52.216.0.9"


class Maker:
    """Draws one world, part after part; each part only where its feature is asked for."""

    def __init__(self, dice: Random, features: frozenset[str]) -> None:
        self.dice = dice
        self.features = features
        self.world = World()
        self.ranges: list[str] = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/1", "8.8.8.8/32"]

    def has(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self.features and self.dice.random() < chance

    def given(self, world: World) -> None:
        """Goes on with a world that there is already."""
        self.world = world
        for vpc in world.vpcs.values():
            self.ranges += vpc.cidrs
        for net in world.nets.values():
            self.ranges += net.cidrs
        for site in world.sites.values():
            self.ranges += site.prefixes

    def made(self) -> World:
        self.vpcs()
        for vpc in self.world.vpcs:
            self.gateways(vpc)
        self.peerings()
        self.transits()
        self.sites()
        for name in self.world.vpcs:
            self.tables(name)
        self.transit_tables()
        self.filters()
        if self.dice.random() < 0.6:
            self.opened()
        self.hosts()
        self.blocks()
        return self.world

    def vpcs(self) -> None:
        dice = self.dice
        bases: list[int] = []
        for number in range(dice.randint(2, 4)):
            base = dice.choice(bases) if bases and dice.random() < 0.12 else number
            bases.append(base)
            cidrs = [f"10.{base}.0.0/16"]
            if dice.random() < 0.2:
                cidrs.append(f"100.{64 + number}.0.0/16")
            six = self.has("ipv6", 0.8)
            if six:
                cidrs.append(f"2600:1f18:0:{number:x}00::/56")
            vpc = f"vpc{number}"
            self.world.vpcs[vpc] = Vpc(tuple(cidrs), "r2" if number and dice.random() < 0.15 else "r1")
            self.ranges += cidrs
            for place in range(dice.randint(1, 3)):
                second = len(cidrs) > 1 and cidrs[1].startswith("100.") and dice.random() < 0.4
                four = f"100.{64 + number}.{place}.0/24" if second else f"10.{base}.{place}.0/24"
                own = [four]
                if six and dice.random() < 0.8:
                    own.append(f"2600:1f18:0:{number:x}{place:02x}::/64")
                    if dice.random() < 0.15:
                        own.pop(0)
                self.world.nets[f"net{number}-{place}"] = Net(vpc, tuple(own), dice.choice("aab"))
                self.ranges += own
        if "ipv6" in self.features:
            self.ranges += ["::/0", "::/0", "2600:1f18::/32"]

    def nets_of(self, vpc: str) -> list[str]:
        return [name for name, net in self.world.nets.items() if net.vpc == vpc]

    def four_nets(self, vpc: str) -> list[str]:
        return [
            name for name in self.nets_of(vpc) if any("." in cidr for cidr in self.world.nets[name].cidrs)
        ]

    def gateways(self, vpc: str) -> None:
        dice, world = self.dice, self.world
        number = vpc.removeprefix("vpc")
        if dice.random() < 0.7:
            world.internet_gateways[f"igw{number}"] = vpc
        if self.has("ipv6", 0.5):
            world.egress_only_gateways[f"eigw{number}"] = vpc
        if self.has("vpn", 0.4):
            world.vpn_gateways[f"vgw{number}"] = vpc
        if self.has("endpoints", 0.6):
            world.gateway_endpoints[f"s3-{number}"] = vpc
        nets = self.four_nets(vpc)
        if nets and self.has("nat", 0.6):
            net = dice.choice(nets)
            public = f"198.18.{number}.1" if dice.random() < 0.75 else None
            world.nats[f"nat{number}"] = Nat(net, f"{self.start(net)}200", public)
        if self.has("firewall", 0.6):
            self.firewall(vpc, number)

    def firewall(self, vpc: str, number: str) -> None:
        dice = self.dice
        lines = tuple(
            FirewallLine(dice.random() < 0.6, self.span(), dice.choice(self.ranges), dice.choice(self.ranges))
            for _ in range(dice.randint(0, 3))
        )
        self.world.firewalls[f"firewall{number}"] = Firewall(vpc, lines, dice.random() < 0.3)
        for net in dice.sample(self.nets_of(vpc), k=dice.randint(1, min(2, len(self.nets_of(vpc))))):
            self.world.firewall_endpoints[f"fw-{net}"] = FirewallEndpoint(f"firewall{number}", net)

    def start(self, net: str) -> str:
        return next(cidr for cidr in self.world.nets[net].cidrs if "." in cidr).removesuffix("0/24")

    def apart(self, one: str, other: str) -> bool:
        """Whether the ranges of two VPCs do not overlap."""
        return not set(self.world.vpcs[one].cidrs) & set(self.world.vpcs[other].cidrs)

    def peerings(self) -> None:
        names = list(self.world.vpcs)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                if self.apart(one, other) and self.has("peering", 0.6):
                    self.world.peerings[f"pcx-{one}-{other}"] = Peering(one, other, self.dice.random() < 0.9)

    def transits(self) -> None:
        if "transit" not in self.features:
            return
        dice, world = self.dice, self.world
        world.transits["tgw0"] = Transit("r1", dice.random() < 0.6)
        if dice.random() < 0.4:
            world.transits["tgw1"] = Transit("r2" if dice.random() < 0.5 else "r1", dice.random() < 0.6)
        for gateway in world.transits:
            there: list[str] = []
            for vpc in world.vpcs:
                if all(self.apart(vpc, other) for other in there) and self.attached(gateway, vpc):
                    there.append(vpc)
        if len(world.transits) == 2:
            world.attachments["tgw-peering"] = Attachment("peering", ("tgw0", "tgw1"))

    def attached(self, gateway: str, vpc: str) -> bool:
        """Attaches a VPC by one subnet of each of some zones, where that can be."""
        dice, world = self.dice, self.world
        if world.vpcs[vpc].region != world.transits[gateway].region or dice.random() < 0.2:
            return False
        zones: dict[str, str] = {}
        for net in dice.sample(self.four_nets(vpc), k=len(self.four_nets(vpc))):
            zones.setdefault(world.nets[net].zone, net)
        if zones:
            world.attachments[f"{gateway}-{vpc}"] = Attachment(
                "vpc",
                (gateway,),
                vpc,
                tuple(zones.values())[: dice.choice([1, 2, 2])],
                appliance_mode=dice.random() < 0.15,
                group_references=dice.random() < 0.8,
            )
        return bool(zones)

    def sites(self) -> None:
        world = self.world
        if self.has("vpn") and world.transits:
            world.attachments["vpn"] = Attachment("vpn", ("tgw0",))
        behind = [*world.vpn_gateways, *(["vpn"] if "vpn" in world.attachments else [])]
        for number, gateway in enumerate(behind):
            prefix = f"192.168.{number}.0/24"
            world.sites[f"site{number}"] = Site(gateway, (prefix,))
            self.ranges.append(prefix)
        if behind:
            self.ranges.append("192.168.0.0/16")

    def transit_tables(self) -> None:
        dice, world = self.dice, self.world
        for gateway in world.transits:
            here = [name for name, one in world.attachments.items() if gateway in one.gateways]
            tables = [f"{gateway}-table{number}" for number in range(dice.randint(1, 2))]
            for table in tables:
                propagated = [
                    n for n in here if world.attachments[n].kind != "peering" and dice.random() < 0.75
                ]
                routes: dict[str, str] = {}
                for _ in range(dice.randint(0, 3)):
                    target = dice.choice([*here, ""]) if here else ""
                    routes[self.range_for(target)] = target
                if "tgw-peering" in here and dice.random() < 0.8:
                    routes[dice.choice(self.ranges)] = "tgw-peering"
                world.transit_tables[table] = TransitTable(gateway, tuple(routes.items()), tuple(propagated))
            for name in here:
                if dice.random() < 0.93:
                    one = world.attachments[name]
                    world.attachments[name] = replace(one, tables=(*one.tables, dice.choice(tables)))

    def range_for(self, attachment: str) -> str:
        vpc = self.world.attachments[attachment].vpc if attachment else ""
        if vpc and self.dice.random() < 0.5:
            return self.dice.choice(self.world.vpcs[vpc].cidrs)
        return self.dice.choice(self.ranges)

    def tables(self, vpc: str) -> None:
        dice, world = self.dice, self.world
        number = vpc.removeprefix("vpc")
        names = [f"table{number}-{place}" for place in range(dice.randint(1, 3))]
        gateways = [name for name, of in world.vpn_gateways.items() if of == vpc]
        for place, name in enumerate(names):
            routes = self.routes(vpc)
            propagating = tuple(each for each in gateways if dice.random() < 0.6)
            world.tables[name] = Table(vpc, place == 0, routes, propagating)
        for net in self.nets_of(vpc):
            world.nets[net] = replace(world.nets[net], table=dice.choice([None, *names]))

    def routes(self, vpc: str) -> tuple[RouteTo, ...]:
        """Routes in random order, of which the first for a range stays."""
        dice = self.dice
        found = [route for route in self.offered(vpc) if dice.random() < 0.6]
        dice.shuffle(found)
        kept: dict[str, RouteTo] = {}
        for route in found:
            kept.setdefault(route.cidr, route)
        return tuple(kept.values())

    def offered(self, vpc: str) -> list[RouteTo]:
        found = [*self.to_gateways(vpc), *self.to_others(vpc), *self.middle(vpc)]
        if self.dice.random() < 0.2:
            found.append(RouteTo(self.dice.choice(self.ranges[3:]), "blackhole"))
        return [route for route in found if not self.is_own(vpc, route)]

    def to_gateways(self, vpc: str) -> list[RouteTo]:
        dice, world = self.dice, self.world
        found: list[RouteTo] = []
        for name in owned(world.internet_gateways, vpc):
            found += [RouteTo("0.0.0.0/0", "igw", name), RouteTo("0.0.0.0/0", "igw", name)]
            if "ipv6" in self.features:
                found.append(RouteTo("::/0", "igw", name))
        found += [RouteTo("::/0", "eigw", name) for name in owned(world.egress_only_gateways, vpc)]
        for name, nat in world.nats.items():
            if world.nets[nat.net].vpc == vpc:
                cidr = dice.choice(["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16"])
                found.append(RouteTo(cidr, "nat", name))
        for name in owned(world.vpn_gateways, vpc):
            found.append(RouteTo(dice.choice(["192.168.0.0/16", "192.168.0.0/24"]), "vgw", name))
        return found + [RouteTo("", "s3", name) for name in owned(world.gateway_endpoints, vpc)]

    def to_others(self, vpc: str) -> list[RouteTo]:
        found: list[RouteTo] = []
        for name, peering in self.world.peerings.items():
            if vpc in (peering.requester, peering.accepter):
                other = peering.accepter if vpc == peering.requester else peering.requester
                found += [RouteTo(cidr, "pcx", name) for cidr in self.towards(other)]
        for one in self.world.attachments.values():
            if one.vpc == vpc:
                other = self.dice.choice([each for each in self.world.vpcs if each != vpc])
                cidrs = ["10.0.0.0/8", "0.0.0.0/0", "192.168.0.0/16", *self.towards(other)]
                found += [RouteTo(cidr, "tgw", one.gateways[0]) for cidr in cidrs]
        return found

    def towards(self, vpc: str) -> list[str]:
        whole = list(self.world.vpcs[vpc].cidrs)
        if self.dice.random() < 0.2:
            return [cidr for net in self.nets_of(vpc)[:1] for cidr in self.world.nets[net].cidrs]
        if self.dice.random() < 0.1:
            return ["0.0.0.0/0"]
        return whole

    def middle(self, vpc: str) -> list[RouteTo]:
        """Routes to a firewall, also more specific ones than the local route."""
        world, dice = self.world, self.dice
        found = []
        for name, endpoint in world.firewall_endpoints.items():
            if world.nets[endpoint.net].vpc == vpc:
                own = [
                    cidr for net in self.nets_of(vpc) if net != endpoint.net for cidr in world.nets[net].cidrs
                ]
                found += [RouteTo(cidr, "fw", name) for cidr in (*own, "0.0.0.0/0", "10.0.0.0/8")]
                found.append(RouteTo(dice.choice(self.ranges), "fw", name))
        return found

    def is_own(self, vpc: str, route: RouteTo) -> bool:
        """AWS takes no route for the range of the VPC, and more specific ones only for a whole subnet's.

        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
        """
        own = self.world.vpcs[vpc].cidrs
        nets = {cidr for net in self.nets_of(vpc) for cidr in self.world.nets[net].cidrs}
        return route.cidr in own or (route.cidr in nets and route.kind not in ("fw", "eni"))

    def span(self) -> Span:
        dice = self.dice
        protocol = dice.choice([-1, -1, TCP, TCP, TCP, UDP, ICMP, GRE])
        if protocol == ICMP:
            six = "ipv6" in self.features and dice.random() < 0.5
            if six:
                return Span(ICMPV6, *dice.choice([(128, 128), (129, 129), (0, 255)]))
            return Span(ICMP, *dice.choice([(0, 0), (8, 8), (3, 3), (0, 255)]))
        if protocol in (-1, GRE) or dice.random() < 0.3:
            return Span(protocol)
        if dice.random() < 0.4:
            return Span(protocol, 1024, 65535)
        low, high = sorted((dice.choice(PORTS), dice.choice(PORTS)))
        return Span(protocol, low, high)

    def filters(self) -> None:
        dice, world = self.dice, self.world
        for vpc in world.vpcs:
            for place in range(dice.randint(1, 2)):
                world.groups[f"group{vpc.removeprefix('vpc')}-{place}"] = Group(vpc)
        for name, group in world.groups.items():
            world.groups[name] = replace(group, rules=tuple(self.group_rules()))
        for vpc in world.vpcs:
            if dice.random() < 0.6:
                name = f"acl{vpc.removeprefix('vpc')}"
                world.acls[name] = (vpc, tuple(self.acl_rules()))
                for net in self.nets_of(vpc):
                    if dice.random() < 0.6:
                        world.nets[net] = replace(world.nets[net], acl=name)

    def opened(self) -> None:
        """Filters that let nearly everything pass, so that packets get far."""
        dice, world = self.dice, self.world
        for name, group in world.groups.items():
            if dice.random() < 0.7:
                rules = [GroupRule("ingress", self.broad(), cidr=dice.choice(["0.0.0.0/0", "10.0.0.0/8"]))]
                if "ipv6" in self.features:
                    rules.append(GroupRule("ingress", self.broad(), cidr="::/0"))
                world.groups[name] = replace(group, rules=(*group.rules, *rules))

    def broad(self) -> Span:
        return self.dice.choice([ALL, ALL, Span(TCP), self.span()])

    def group_rules(self) -> list[GroupRule]:
        dice = self.dice
        rules = []
        for _ in range(dice.randint(1, 4)):
            way = dice.choice(["ingress", "ingress", "egress"])
            if dice.random() < 0.4:
                rules.append(GroupRule(way, self.span(), group=dice.choice(list(self.world.groups))))
            else:
                rules.append(GroupRule(way, self.span(), cidr=dice.choice(self.ranges)))
        if dice.random() < 0.6:
            rules.append(GroupRule("egress", ALL, cidr="0.0.0.0/0"))
            if "ipv6" in self.features:
                rules.append(GroupRule("egress", ALL, cidr="::/0"))
        if self.has("endpoints", 0.3):
            rules.append(GroupRule("egress", self.span(), listed=True))
        return rules

    def acl_rules(self) -> list[AclRule]:
        dice = self.dice
        rules = [
            AclRule(
                dice.choice(["ingress", "egress"]),
                number,
                dice.random() < 0.5,
                self.span(),
                dice.choice(self.ranges),
            )
            for number in dice.sample(range(10, 30), k=dice.randint(0, 4))
        ]
        if dice.random() < 0.8:
            for way in ("ingress", "egress"):
                rules.append(AclRule(way, 100, True, ALL, "0.0.0.0/0"))
                if "ipv6" in self.features:
                    rules.append(AclRule(way, 101, True, ALL, "::/0"))
        return rules

    def hosts(self) -> None:
        dice, world = self.dice, self.world
        for number in range(dice.randint(3, 6)):
            net = dice.choice(list(world.nets))
            groups = [name for name, group in world.groups.items() if group.vpc == world.nets[net].vpc]
            addresses = self.addresses(net, 10 + number)
            four = "." in addresses[0]
            world.hosts[f"host{number}"] = Host(
                net,
                addresses,
                tuple(sorted(dice.sample(groups, k=dice.randint(1, len(groups))))),
                f"198.19.0.{10 + number}" if four and self.has("public", 0.5) else None,
                checks=not self.has("appliance", 0.7),
                opens=not self.has("endpoints", 0.1),
            )
        if "appliance" in self.features:
            self.appliances()

    def addresses(self, net: str, number: int) -> tuple[str, ...]:
        return tuple(
            f"{cidr.removesuffix('0/24')}{number}" if "." in cidr else f"{cidr.removesuffix('/64')}{number:x}"
            for cidr in self.world.nets[net].cidrs
        )

    def appliances(self) -> None:
        """Routes to hosts, also for a subnet of their own VPC."""
        dice, world = self.dice, self.world
        for name, host in world.hosts.items():
            vpc = world.nets[host.net].vpc
            tables = [each for each, table in world.tables.items() if table.vpc == vpc]
            if dice.random() < 0.8:
                table = dice.choice(tables)
                taken = {route.cidr for route in world.tables[table].routes}
                own = [cidr for net in self.nets_of(vpc) if net != host.net for cidr in world.nets[net].cidrs]
                route = RouteTo(dice.choice([*own, "0.0.0.0/0", *self.ranges]), "eni", name)
                if route.cidr not in taken and not self.is_own(vpc, route):
                    routes = (*world.tables[table].routes, route)
                    world.tables[table] = replace(world.tables[table], routes=routes)

    def blocks(self) -> None:
        if self.has("bpa", 0.8):
            dice = self.dice
            self.world.block = dice.choice(["bidirectional", "ingress"])
            names = [*self.world.vpcs, *self.world.nets]
            for name in dice.sample(names, k=dice.randint(0, 2)):
                self.world.exclusions[name] = dice.choice(["bidirectional", "egress"])


def owned(gateways: dict[str, str], vpc: str) -> list[str]:
    """The gateways that are attached to a VPC."""
    return [name for name, of in gateways.items() if of == vpc]
