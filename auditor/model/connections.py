"""What joins networks: peerings, transit gateways, and the private networks outside AWS."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, NO_LINKS, YES, Fact, Link, Links
from auditor.model.peers import AddressPeer, PrefixListPeer
from auditor.model.topology import Tags
from auditor.traffic import Bounds, IntSet
from auditor.tree import NOWHERE, Location, Presence, Reason, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Peering:
    """A VPC peering connection; both VPCs may send through it where it is ``active``.

    ``group_references`` where rules may name groups of the other VPC: both lie in one Region.
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """

    id: str
    at: Location
    requester: Link
    accepter: Link
    active: Fact
    group_references: Fact
    names: tuple[str, ...] = ()
    tags: Tags = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGateway:
    """A transit gateway, or the core network of Cloud WAN, whose segments are its tables.

    ``association_table`` is the table that attachments are associated with where nothing else is said, and
    ``propagation_table`` the one that they propagate to; None where the gateway has no such default.
    ``group_references`` where rules may name groups of attached VPCs.
    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    tags: Tags = ()
    association_table: Link | None = None
    propagation_table: Link | None = None
    group_references: Fact = NO
    core: bool = False
    scope: Scope = NOWHERE
    presence: Presence = Presence.CERTAIN


class AttachmentKind(StrEnum):
    """What a transit gateway is attached to."""

    VPC = "vpc"
    PEERING = "peering"
    VPN = "vpn"
    DIRECT_CONNECT = "direct-connect-gateway"
    CONNECT = "connect"
    FIREWALL = "network-function"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitAttachment:
    """What is attached to a transit gateway: a VPC by interfaces in ``subnets``, or something else.

    ``peer`` is the transit gateway at the other end of a peering; both ends know the attachment by one id.
    ``firewall`` is the one that inspects all that is sent to the attachment, and sends it back by the same.
    ``default_association`` and ``default_propagation`` say whether the gateway's default tables hold for it.
    """

    id: str
    at: Location
    kind: AttachmentKind
    gateway: Link
    names: tuple[str, ...] = ()
    tags: Tags = ()
    vpc: Link | None = None
    subnets: Links = NO_LINKS
    peer: Link | None = None
    firewall: Link | None = None
    appliance_mode: Fact = NO
    group_references: Fact = YES
    default_association: Fact = YES
    default_propagation: Fact = YES
    active: Fact = YES
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitTable:
    """A route table of a transit gateway, or a segment of a core network."""

    id: str
    at: Location
    gateway: Link
    names: tuple[str, ...] = ()
    tags: Tags = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitAssociation:
    """The table that is looked up for what an attachment sends."""

    at: Location
    table: Link
    attachment: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitPropagation:
    """An attachment whose networks become routes of a table."""

    at: Location
    table: Link
    attachment: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRoute:
    """A static route of a transit gateway's table; ``attachment`` None is a black hole."""

    id: str
    at: Location
    table: Link
    destination: AddressPeer | PrefixListPeer
    attachment: Link | None
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNetwork:
    """A network outside AWS that a VPN or Direct Connect brings to a gateway.

    It is behind a virtual private gateway (``gateway``) or an attachment of a transit gateway
    (``attachment``). ``prefixes`` are its addresses: those of static routes for certain, any for BGP perhaps.
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    gateway: Link | None = None
    attachment: Link | None = None
    prefixes: Bounds[IntSet]
    active: Fact = YES
    reasons: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupVpc:
    """A further VPC in which a security group may be used.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html
    """

    at: Location
    group: Link
    vpc: Link
    presence: Presence = Presence.CERTAIN
