"""Where packets can go: VPCs, subnets, route tables and the gateways that they lead to."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, NO_LINKS, YES, Fact, Link, Links
from auditor.model.peers import AddressPeer, PrefixListPeer
from auditor.traffic import Bounds, IntSet
from auditor.tree import NOWHERE, Location, Presence, Reason, Scope

Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTag:
    """A tag that a thing has or may have, and of which not all is known; ``reasons`` say why.

    ``key`` is empty where it may be any. ``values`` are what its value may be, as patterns of file names have
    it: ``*`` where it may be anything. Equal identities, where there are any, are one value.
    """

    key: str
    values: tuple[str, ...]
    reasons: tuple[Reason, ...]
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A VPC. Its address ranges: those given here and the ``AddressRange`` facts that name it.

    ``dns_names`` where hosts have names, ``dns_support`` where AWS resolves names in it.
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    tags: Tags = ()
    open_tags: tuple[OpenTag, ...] = ()
    cidrs: Bounds[IntSet]
    reasons: tuple[Reason, ...] = ()
    dns_names: Fact = NO
    dns_support: Fact = YES
    scope: Scope = NOWHERE
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRange:
    """A secondary address range of a VPC."""

    vpc: Link
    at: Location
    cidrs: Bounds[IntSet]
    reasons: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet; ``cidrs`` holds its ranges of both families.

    ``zone`` is its Availability Zone, by name or id, or the identity of the value that names it (equal ones
    are one zone); empty where nothing is known of it.
    """

    id: str
    at: Location
    vpc: Link
    names: tuple[str, ...] = ()
    tags: Tags = ()
    cidrs: Bounds[IntSet]
    reasons: tuple[Reason, ...] = ()
    open_tags: tuple[OpenTag, ...] = ()
    zone: str = ""
    public_on_launch: Fact = NO
    ipv6_on_launch: Fact = NO
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetTag:
    """A tag that a resource of its own puts on a subnet."""

    at: Location
    subnet: Link
    tags: Tags = ()
    reasons: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLog:
    """What records the packets of a VPC, a subnet, an interface or a transit gateway (``of``).

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
    """

    id: str
    at: Location
    of: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """A route table. ``main`` where it is its VPC's main one; every table has its VPC's local routes.

    ``exclusive`` where what declares it takes the routes that stand in it for all and removes others.
    """

    id: str
    at: Location
    vpc: Link
    names: tuple[str, ...] = ()
    tags: Tags = ()
    main: bool = False
    propagating: Links = NO_LINKS
    exclusive: bool = False
    presence: Presence = Presence.CERTAIN


class TargetKind(StrEnum):
    """What a route can lead to."""

    LOCAL = "local"
    INTERNET_GATEWAY = "internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    EGRESS_ONLY_GATEWAY = "egress-only-internet-gateway"
    VPC_PEERING = "vpc-peering"
    TRANSIT_GATEWAY = "transit-gateway"
    CORE_NETWORK = "core-network"
    VPN_GATEWAY = "vpn-gateway"
    VPC_ENDPOINT = "vpc-endpoint"
    NETWORK_INTERFACE = "network-interface"
    INSTANCE = "instance"
    CARRIER_GATEWAY = "carrier-gateway"
    LOCAL_GATEWAY = "local-gateway"
    BLACKHOLE = "blackhole"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a route leads. ``link`` is absent for local, blackhole and unknown targets."""

    kind: TargetKind
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of a table. ``gateway`` propagation is not a Route: see ``RouteTable.propagating``."""

    id: str
    at: Location
    table: Link
    destination: AddressPeer | PrefixListPeer
    target: Target
    inline: bool = False
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAssociation:
    """A subnet (or a gateway: an edge association) that uses a route table."""

    at: Location
    table: Link
    subnet: Link | None = None
    gateway: Link | None = None
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MainTable:
    """A table made the main table of a VPC."""

    at: Location
    vpc: Link
    table: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """An internet, egress-only or virtual private gateway (``kind``), and the VPC that it is attached to."""

    id: str
    kind: TargetKind
    at: Location
    names: tuple[str, ...] = ()
    vpc: Link | None = None
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAttachment:
    """A gateway attached to a VPC by a resource of its own."""

    at: Location
    gateway: Link
    vpc: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessBlock:
    """A setting that blocks the internet gateways of every VPC; ``blocks`` is false where it is off.

    ``ingress_only`` where it lets NAT and egress-only gateways go on. It holds for its account and Region.
    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
    """

    id: str
    at: Location
    blocks: Fact
    ingress_only: Fact = NO
    scope: Scope = NOWHERE
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessExclusion:
    """A VPC or a subnet that a block of public access leaves alone, wholly or for what it opens itself."""

    id: str
    at: Location
    vpc: Link | None = None
    subnet: Link | None = None
    egress_only: Fact
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """A NAT gateway; ``public`` is false for one with connectivity type private.

    ``address`` is its private IPv4 address where it is given, else AWS picks one of the subnet's.
    ``regional`` where it is one of its VPC that stands in all zones, and in no subnet.
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    tags: Tags = ()
    subnet: Link
    public: Fact
    regional: Fact = NO
    address: AddressPeer | None = None
    presence: Presence = Presence.CERTAIN
