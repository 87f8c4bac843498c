"""Random networks as plain values, which each dialect writes in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PORTS = (22, 53, 80, 443, 1024, 3306, 5432, 8080, 32768, 65535)
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "47": 47, "-1": -1}
WORLD4, WORLD6 = "0.0.0.0/0", "::/0"
NOBODY = "127.0.0.1/32"


@dataclass(frozen=True)
class Span:
    """Protocol as the API spells it; ports, or type and code (-1: any)."""

    protocol: str
    low: int
    high: int


@dataclass(frozen=True)
class Opening:
    """A rule of a group. The peer is a range, ``group:1``, ``list:0`` or ``self``."""

    egress: bool
    span: Span
    peer: str
    apart: bool


@dataclass(frozen=True)
class Group:
    vpc: int
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Entry:
    egress: bool
    number: int
    allow: bool
    span: Span
    cidr: str


@dataclass(frozen=True)
class Acl:
    vpc: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Road:
    """A route. ``to`` is igw, eigw, peering, or ``nat:0``."""

    destination: str
    to: str


@dataclass(frozen=True)
class Table:
    vpc: int
    roads: tuple[Road, ...]


@dataclass(frozen=True)
class Vpc:
    cidrs: tuple[str, ...]
    cidr6: str
    igw: bool
    eigw: bool


@dataclass(frozen=True)
class Subnet:
    vpc: int
    cidr: str
    cidr6: str
    zone: str
    table: int | None
    acl: int | None


@dataclass(frozen=True)
class Nat:
    subnet: int
    public: bool


@dataclass(frozen=True)
class Host:
    subnet: int
    address: str
    address6: str
    groups: tuple[int, ...]
    public: bool


@dataclass(frozen=True)
class Service:
    """What AWS runs in subnets: a database, a function, an endpoint, a balancer."""

    kind: str
    subnets: tuple[int, ...]
    groups: tuple[int, ...]
    public: bool


@dataclass(frozen=True)
class Land:
    vpcs: tuple[Vpc, ...]
    subnets: tuple[Subnet, ...]
    tables: tuple[Table, ...]
    acls: tuple[Acl, ...]
    groups: tuple[Group, ...]
    lists: tuple[tuple[str, ...], ...]
    nats: tuple[Nat, ...]
    hosts: tuple[Host, ...]
    services: tuple[Service, ...]
    gateways: tuple[int, ...]  # The tables of the gateway endpoint of S3, which is in the first VPC
    peered: bool

    def of(self, group: int) -> int:
        return self.groups[group].vpc


def some_land(seed: int) -> Land:
    """The network of a seed."""
    dice = Random(seed)
    vpcs = tuple(_vpc(dice, number) for number in range(dice.choice([1, 1, 2])))
    nets = [_where(dice, vpcs) for _ in range(dice.randint(2, 5))]
    nats = tuple(Nat(dice.randrange(len(nets)), dice.random() < 0.8) for _ in range(dice.randint(0, 2)))
    peered = len(vpcs) == 2 and dice.random() < 0.8
    tables = tuple(
        _table(dice, dice.randrange(len(vpcs)), vpcs, _nats_in(nats, nets), peered)
        for _ in range(dice.randint(1, 4))
    )
    acls = tuple(_acl(dice, dice.randrange(len(vpcs))) for _ in range(dice.randint(0, 3)))
    subnets = tuple(_subnet(dice, place, vpc, vpcs[vpc], (tables, acls)) for place, vpc in enumerate(nets))
    lists = tuple(
        tuple(dice.sample(["10.0.1.0/24", "10.0.2.0/23", "203.0.113.0/24", "10.1.0.0/16"], k=2))
        for _ in range(dice.randint(0, 1))
    )
    kinds = dice.choices(range(len(vpcs)), k=dice.randint(1, 4))
    of = (*range(len(vpcs)), *kinds)
    groups = tuple(_group(dice, vpc, of, len(lists)) for vpc in of)
    return Land(
        vpcs=vpcs,
        subnets=subnets,
        tables=tables,
        acls=acls,
        groups=groups,
        lists=lists,
        nats=nats,
        hosts=tuple(_host(dice, number, subnets, groups) for number in range(dice.randint(2, 4))),
        services=tuple(_service(dice, kind, subnets, groups) for kind in SERVICES if dice.random() < 0.3),
        gateways=tuple(at for at, each in enumerate(tables) if each.vpc == 0 and dice.random() < 0.4),
        peered=peered,
    )


SERVICES = ("database", "function", "endpoint", "balancer", "service")


def _vpc(dice: Random, number: int) -> Vpc:
    more = (f"100.{64 + number}.0.0/16",) if dice.random() < 0.3 else ()
    cidr6 = f"2600:1f14:{number}::/56" if dice.random() < 0.5 else ""
    return Vpc(
        (f"10.{number}.0.0/16", *more), cidr6, dice.random() < 0.8, bool(cidr6) and dice.random() < 0.5
    )


def _where(dice: Random, vpcs: tuple[Vpc, ...]) -> int:
    return dice.randrange(len(vpcs))


def _nats_in(nats: tuple[Nat, ...], nets: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple((number, nets[nat.subnet]) for number, nat in enumerate(nats))


def _table(
    dice: Random, vpc: int, vpcs: tuple[Vpc, ...], nats: tuple[tuple[int, int], ...], peered: bool
) -> Table:
    ways = [f"nat:{number}" for number, place in nats if place == vpc]
    if vpcs[vpc].igw:
        ways.append("igw")
    cidrs = dice.sample([WORLD4, "8.8.8.0/24", "203.0.113.0/24"], k=dice.randint(0, 3))
    roads = [Road(cidr, dice.choice(ways)) for cidr in cidrs if ways]
    six = [way for way in ("igw", "eigw") if getattr(vpcs[vpc], way)]
    if vpcs[vpc].cidr6 and six and dice.random() < 0.8:
        roads.append(Road(WORLD6, dice.choice(six)))
    if peered and dice.random() < 0.8:
        roads.append(Road(dice.choice([vpcs[1 - vpc].cidrs[0], f"10.{1 - vpc}.0.0/20"]), "peering"))
    return Table(vpc, tuple(roads))


def _acl(dice: Random, vpc: int) -> Acl:
    entries = [
        Entry(dice.random() < 0.5, number, dice.random() < 0.6, _span(dice), _cidr(dice))
        for number in dice.sample(range(10, 40), k=dice.randint(0, 5))
    ]
    if dice.random() < 0.7:
        entries += [Entry(way, 100, True, Span("-1", -1, -1), WORLD4) for way in (True, False)]
    if dice.random() < 0.5:
        entries += [Entry(way, 101, True, Span("-1", -1, -1), WORLD6) for way in (True, False)]
    return Acl(vpc, tuple(entries))


def _subnet(
    dice: Random, place: int, vpc: int, home: Vpc, parts: tuple[tuple[Table, ...], tuple[Acl, ...]]
) -> Subnet:
    own: list[int | None] = [number for number, each in enumerate(parts[0]) if each.vpc == vpc]
    acls: list[int | None] = [number for number, each in enumerate(parts[1]) if each.vpc == vpc]
    base = dice.choice(home.cidrs).removesuffix("0.0/16")
    six = home.cidr6.replace("::/56", f":{place}::/64") if home.cidr6 and dice.random() < 0.8 else ""
    return Subnet(
        vpc,
        f"{base}{place}.0/24",
        six,
        f"eu-central-1{'ab'[place % 2]}",
        dice.choice([None, *own, *own]),
        dice.choice([None, *acls]),
    )


def _span(dice: Random) -> Span:
    match dice.choice(["-1", "tcp", "tcp", "tcp", "udp", "icmp", "icmpv6", "47"]):
        case "-1" | "47" as protocol:
            return Span(protocol, -1, -1)
        case "icmp" | "icmpv6" as protocol:
            kind = dice.choice([-1, 8, 3] if protocol == "icmp" else [-1, 128])
            return Span(protocol, kind, -1 if kind < 0 else dice.choice([-1, 0]))
        case protocol:
            low, high = sorted((dice.choice(PORTS), dice.choice(PORTS)))
            return Span(protocol, *dice.choice([(low, low), (low, high), (0, 65535), (1024, 65535)]))


def _cidr(dice: Random) -> str:
    return dice.choice(
        [
            *(WORLD4, WORLD4, "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/23", "10.1.0.0/16", "100.64.0.0/10"),
            *("203.0.113.0/24", "0.0.0.0/1", WORLD6, "2600:1f14::/32", "2600:1f14:0:1::/64"),
        ]
    )


def _group(dice: Random, vpc: int, of: tuple[int, ...], lists: int) -> Group:
    peers = ["self", *(f"group:{each}" for each in range(len(of)) if of[each] == vpc)]
    peers += [f"list:{each}" for each in range(lists)]
    made: dict[tuple[bool, Span, str], Opening] = {}
    for _ in range(dice.randint(1, 5)):
        peer = dice.choice(peers) if dice.random() < 0.4 else _cidr(dice)
        one = Opening(dice.random() < 0.4, _span(dice), peer, dice.random() < 0.4)
        made[one.egress, one.span, one.peer] = one
    everything = Span("-1", -1, -1)
    made.pop((True, everything, WORLD4), None)
    made.pop((True, everything, WORLD6), None)
    end = dice.choice([NOBODY, WORLD4, WORLD4])
    rules = list(made.values())
    if end == WORLD4:
        # CloudFormation's own rule stays where no other egress is written: such a group has no other.
        rules = [each for each in rules if not each.egress]
        rules.append(Opening(True, everything, WORLD6, apart=False))
    rules.append(Opening(True, everything, end, apart=False))
    return Group(vpc, tuple(rules))


def _host(dice: Random, number: int, subnets: tuple[Subnet, ...], groups: tuple[Group, ...]) -> Host:
    at = dice.randrange(len(subnets))
    net = subnets[at]
    six = net.cidr6.replace("::/64", f"::{10 + number}") if net.cidr6 and dice.random() < 0.7 else ""
    return Host(
        at,
        net.cidr.replace(".0/24", f".{10 + number}"),
        six,
        _some_groups(dice, net.vpc, groups),
        dice.random() < 0.5,
    )


def _some_groups(dice: Random, vpc: int, groups: tuple[Group, ...]) -> tuple[int, ...]:
    own = [place for place, each in enumerate(groups) if each.vpc == vpc]
    return tuple(sorted(dice.sample(own, k=dice.randint(1, min(2, len(own))))))


def _service(dice: Random, kind: str, subnets: tuple[Subnet, ...], groups: tuple[Group, ...]) -> Service:
    vpc = dice.choice(subnets).vpc
    own = [place for place, each in enumerate(subnets) if each.vpc == vpc]
    return Service(
        kind,
        tuple(dice.sample(own, k=min(2, len(own)))),
        _some_groups(dice, vpc, groups),
        dice.random() < 0.5,
    )
