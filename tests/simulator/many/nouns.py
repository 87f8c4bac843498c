"""What a world of many VPCs consists of, as plainly as possible: everything by name, nothing computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network

TCP, UDP, ICMP, GRE, ICMPV6 = 6, 17, 1, 47, 58


@dataclass(frozen=True)
class Span:
    """Protocol (-1: all) and an inclusive range of ports (for ICMP: of types; codes are free)."""

    protocol: int
    low: int = 0
    high: int = 65535

    def matches(self, protocol: int, port: int) -> bool:
        if self.protocol == -1:
            return True
        if self.protocol != protocol:
            return False
        return protocol == GRE or self.low <= port <= self.high


ALL = Span(-1)


@dataclass(frozen=True)
class GroupRule:
    """A rule of a security group: about a range, the prefix list of S3 (``listed``), or a group's members."""

    direction: str
    span: Span
    cidr: str | None = None
    group: str | None = None
    listed: bool = False


@dataclass(frozen=True)
class AclRule:
    direction: str
    number: int
    allow: bool
    span: Span
    cidr: str


@dataclass(frozen=True)
class RouteTo:
    """``kind``: igw, eigw, nat, pcx, tgw, vgw, fw, eni, s3 (to its prefix list, ``cidr`` ""), blackhole."""

    cidr: str
    kind: str
    target: str = ""


@dataclass(frozen=True)
class Table:
    vpc: str
    main: bool = False
    routes: tuple[RouteTo, ...] = ()
    propagating: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vpc:
    cidrs: tuple[str, ...]
    region: str = "r1"


@dataclass(frozen=True)
class Net:
    vpc: str
    cidrs: tuple[str, ...]
    zone: str = "a"
    table: str | None = None
    acl: str | None = None


@dataclass(frozen=True)
class Group:
    vpc: str
    rules: tuple[GroupRule, ...] = ()


@dataclass(frozen=True)
class Nat:
    net: str
    address: str
    public: str | None = None


@dataclass(frozen=True)
class Host:
    """Something with one interface. ``checks``: source and destination; ``opens``: it may be a client."""

    net: str
    addresses: tuple[str, ...]
    groups: tuple[str, ...] = ()
    public: str | None = None
    checks: bool = True
    opens: bool = True


@dataclass(frozen=True)
class Peering:
    requester: str
    accepter: str
    active: bool = True


@dataclass(frozen=True)
class Transit:
    region: str = "r1"
    group_references: bool = False


@dataclass(frozen=True)
class Attachment:
    """``kind``: vpc, vpn or peering. ``tables``: the associated table, for a peering one at each gateway."""

    kind: str
    gateways: tuple[str, ...]
    vpc: str = ""
    nets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    appliance_mode: bool = False
    group_references: bool = True


@dataclass(frozen=True)
class TransitTable:
    """``routes``: range and attachment, "" a black hole. ``propagated``: attachments."""

    gateway: str
    routes: tuple[tuple[str, str], ...] = ()
    propagated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """A network outside AWS, behind a virtual private gateway or a VPN attachment of a transit gateway."""

    behind: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class FirewallLine:
    allow: bool
    span: Span
    source: str
    destination: str


@dataclass(frozen=True)
class Firewall:
    """Rules in strict order; what none of them fits is dropped or let pass."""

    vpc: str
    lines: tuple[FirewallLine, ...] = ()
    drops_rest: bool = False


@dataclass(frozen=True)
class FirewallEndpoint:
    firewall: str
    net: str


@dataclass
class World:
    """Everything by its name. ``gateways``: the VPC of each internet, egress-only or VPN gateway."""

    vpcs: dict[str, Vpc] = field(default_factory=dict)
    nets: dict[str, Net] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    acls: dict[str, tuple[str, tuple[AclRule, ...]]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    internet_gateways: dict[str, str] = field(default_factory=dict)
    egress_only_gateways: dict[str, str] = field(default_factory=dict)
    vpn_gateways: dict[str, str] = field(default_factory=dict)
    nats: dict[str, Nat] = field(default_factory=dict)
    peerings: dict[str, Peering] = field(default_factory=dict)
    transits: dict[str, Transit] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    transit_tables: dict[str, TransitTable] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    firewalls: dict[str, Firewall] = field(default_factory=dict)
    firewall_endpoints: dict[str, FirewallEndpoint] = field(default_factory=dict)
    gateway_endpoints: dict[str, str] = field(default_factory=dict)
    edge_tables: dict[str, str] = field(default_factory=dict)
    block: str = "off"  # or "bidirectional" or "ingress"
    exclusions: dict[str, str] = field(default_factory=dict)  # VPC or subnet: "bidirectional" or "egress"


S3 = ("52.216.0.0/15", "54.231.0.0/16")


@cache
def contains(cidr: str, address: str) -> bool:
    network, one = ip_network(cidr), ip_address(address)
    return network.version == one.version and one in network


@cache
def length(cidr: str) -> int:
    return ip_network(cidr).prefixlen
