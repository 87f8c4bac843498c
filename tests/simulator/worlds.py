"""Random networks, written as plainly as possible: nothing here knows about sets, bounds or unknowns."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from random import Random

TCP, UDP, ICMP, GRE = 6, 17, 1, 47
EDGE_PORTS = (0, 22, 53, 80, 443, 1023, 1024, 3306, 5432, 8080, 32767, 32768, 49151, 49152, 65535)
BASES = ("10.0", "10.0", "52.96", "100.64")
PUBLIC_HOSTS = ("8.8.8.8", "52.95.1.9", "198.51.100.7", "203.0.113.9")
PEERS = (
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/16",
    "10.0.0.0/8",
    "10.0.0.0/23",
    "10.0.1.0/24",
    "10.0.2.0/24",
    "10.0.3.0/24",
    "52.0.0.0/8",
    "52.96.0.0/23",
    "52.96.2.0/24",
    "100.64.0.0/10",
    "8.8.8.8/32",
    "203.0.113.0/24",
    "192.168.0.0/16",
)


@dataclass(frozen=True)
class Span:
    """Protocol (-1: all) and an inclusive range of ports (for ICMP: of types; codes are free)."""

    protocol: int
    low: int
    high: int

    def matches(self, protocol: int, port: int) -> bool:
        if self.protocol == -1:
            return True
        if self.protocol != protocol:
            return False
        return protocol == GRE or self.low <= port <= self.high


@dataclass(frozen=True)
class GroupRule:
    direction: str
    span: Span
    cidr: str | None = None
    group: int | None = None


@dataclass(frozen=True)
class AclRule:
    direction: str
    number: int
    allow: bool
    span: Span
    cidr: str


@dataclass(frozen=True)
class RouteTo:
    cidr: str
    kind: str  # "igw", "nat", "blackhole"
    nat: int = 0


@dataclass(frozen=True)
class Table:
    routes: tuple[RouteTo, ...]


@dataclass(frozen=True)
class Net:
    cidr: str
    table: int | None
    acl: int | None


@dataclass(frozen=True)
class Nat:
    net: int
    public: bool
    address: str


@dataclass(frozen=True)
class Host:
    net: int
    address: str
    groups: tuple[int, ...]
    public: bool


@dataclass(frozen=True)
class World:
    """One VPC and everything in it. ``base`` is how its /16 begins; ``tables[0]`` is the main table."""

    base: str
    gateway_attached: bool
    nets: tuple[Net, ...]
    tables: tuple[Table, ...]
    acls: tuple[tuple[AclRule, ...], ...]
    groups: tuple[tuple[GroupRule, ...], ...]
    nats: tuple[Nat, ...]
    hosts: tuple[Host, ...] = field(default=())


def random_world(dice: Random) -> World:
    """A network small enough that its packets meet every sort of obstacle often."""
    base = dice.choice(BASES)
    net_count = dice.randint(1, 4)
    groups = dice.randint(1, 4)
    nats = tuple(
        Nat(net, dice.random() < 0.85, f"{base}.{net}.{200 + place}")
        for place, net in enumerate(dice.choices(range(net_count), k=dice.randint(0, 2)))
    )
    tables = tuple(_table(dice, len(nats)) for _ in range(dice.randint(1, 3)))
    acls = tuple(_acl(dice) for _ in range(dice.randint(0, 3)))
    nets = tuple(
        Net(
            f"{base}.{number}.0/24",
            dice.choice([None, *range(len(tables))]),
            dice.choice([None, *range(len(acls))]),
        )
        for number in range(net_count)
    )
    return World(
        base=base,
        gateway_attached=dice.random() < 0.85,
        nets=nets,
        tables=tables,
        acls=acls,
        groups=tuple(_group(dice, groups) for _ in range(groups)),
        nats=nats,
        hosts=tuple(_host(dice, number, nets, groups) for number in range(dice.randint(2, 5))),
    )


def _span(dice: Random) -> Span:
    protocol = dice.choice([-1, TCP, TCP, TCP, UDP, ICMP, GRE])
    if protocol == ICMP:
        kind = dice.choice([(0, 0), (8, 8), (3, 3), (0, 255)])
        return Span(ICMP, *kind)
    if protocol in (-1, GRE):
        return Span(protocol, 0, 65535)
    if dice.random() < 0.3:
        return Span(protocol, 0, 65535)
    if dice.random() < 0.4:
        return Span(protocol, 1024, 65535)
    low, high = sorted((dice.choice(EDGE_PORTS), dice.choice(EDGE_PORTS)))
    return Span(protocol, low, high)


def _group(dice: Random, groups: int) -> tuple[GroupRule, ...]:
    rules = []
    for _ in range(dice.randint(0, 5)):
        direction = dice.choice(["ingress", "egress"])
        if dice.random() < 0.4:
            rules.append(GroupRule(direction, _span(dice), group=dice.randrange(groups)))
        else:
            rules.append(GroupRule(direction, _span(dice), cidr=dice.choice(PEERS)))
    if dice.random() < 0.5:
        rules.append(GroupRule("egress", Span(-1, 0, 65535), cidr="0.0.0.0/0"))
    return tuple(rules)


def _acl(dice: Random) -> tuple[AclRule, ...]:
    numbers = dice.sample(range(10, 30), k=dice.randint(0, 5))
    rules = [
        AclRule(
            dice.choice(["ingress", "egress"]), number, dice.random() < 0.6, _span(dice), dice.choice(PEERS)
        )
        for number in numbers
    ]
    if dice.random() < 0.6:
        rules += [AclRule(way, 100, True, Span(-1, 0, 65535), "0.0.0.0/0") for way in ("ingress", "egress")]
    return tuple(rules)


def _table(dice: Random, nats: int) -> Table:
    cidrs = dice.sample(
        ["0.0.0.0/0", "0.0.0.0/1", "52.0.0.0/8", "8.8.8.8/32", "203.0.113.0/24"], k=dice.randint(0, 3)
    )
    if dice.random() < 0.7 and "0.0.0.0/0" not in cidrs:
        cidrs.append("0.0.0.0/0")
    kinds = ["igw", "igw", "blackhole", *(["nat", "nat"] if nats else [])]
    return Table(
        tuple(RouteTo(cidr, dice.choice(kinds), dice.randrange(nats) if nats else 0) for cidr in cidrs)
    )


def _host(dice: Random, number: int, nets: tuple[Net, ...], groups: int) -> Host:
    net = dice.randrange(len(nets))
    start = nets[net].cidr.removesuffix("0/24")
    carried = tuple(sorted(dice.sample(range(groups), k=dice.randint(1, min(2, groups)))))
    return Host(net, f"{start}{10 + number}", carried, dice.random() < 0.5)


def contains(cidr: str, address: str) -> bool:
    return IPv4Address(address) in IPv4Network(cidr)
