"""What owns network interfaces: the endpoints of a question."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, NO_LINKS, YES, Fact, Link, Links
from auditor.model.peers import AddressPeer
from auditor.model.topology import OpenTag, Tags
from auditor.traffic import Bounds, IntSet, Traffic
from auditor.tree import NOWHERE, Location, Presence, Reason, Scope


class Placement(StrEnum):
    """How interfaces stand in the subnets that are named: one in each, or one in one of them."""

    EACH = "each"
    ONE = "one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Services of AWS that a workload must call over its own interface: ``without`` says what it is then.

    ``vital`` where a workload is of no use without; ``open`` is why it may not have to call them, if it may.
    """

    services: tuple[str, ...]
    without: str
    vital: bool = True
    open: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Something that owns one or more network interfaces.

    ``subnets`` and ``groups`` are those named on it; ``profiles`` name things that give it more of either
    (a subnet group, a launch template, a cluster). Where no group is named anywhere, AWS gives it its VPC's
    default group (``default_group``), if its type takes groups at all (``filtered``). ``addresses`` bounds
    the private addresses that are given (``None``: AWS picks one of the subnet's). ``public`` says whether
    it has a public IPv4 address; ``None`` leaves that to the subnet's setting. ``listens`` is what it can
    accept where its type or its configuration says so, else everything, and ``opens`` the requests that it
    may send, where something beside rules and routes says so. ``forwards`` where it may pass on packets
    that are not its own. ``filters_private_link`` where its groups are asked about what comes by PrivateLink.
    ``public_addresses`` are its public IPv4 addresses where they are known. A workload
    with no known subnet has ``subnets.open`` set. ``placed`` is false for what lies in no VPC at all; then
    ``sources`` are the addresses that may connect to it, where something of its own says so, and
    ``authenticates`` says whether callers must prove who they are, where its type lets its owner choose.
    ``calls`` are the services of AWS that it cannot do without. ``leaves`` names the workloads
    from whose interfaces it opens all its connections, if from any; ``comes_from`` the service of AWS whose
    list of addresses has those that it opens them from.
    """

    id: str
    kind: str
    at: Location
    names: tuple[str, ...] = ()
    tags: Tags = ()
    open_tags: tuple[OpenTag, ...] = ()
    subnets: Links = NO_LINKS
    groups: Links = NO_LINKS
    profiles: tuple[Link, ...] = ()
    vpc: Link | None = None
    placement: Placement = Placement.EACH
    addresses: Bounds[IntSet] | None = None
    public: Fact | None = None
    public_addresses: Bounds[IntSet] | None = None
    ipv6: Fact = NO
    filtered: bool = True
    default_group: bool = True
    initiates: bool = True
    accepts: bool = True
    forwards: Fact = NO
    filters_private_link: Fact = YES
    listens: Bounds[Traffic] | None = None
    opens: Bounds[Traffic] | None = None
    placed: bool = True
    sources: Bounds[IntSet] | None = None
    authenticates: Fact | None = None
    leaves: Links = NO_LINKS
    comes_from: str = ""
    modelled: bool = True
    calls: tuple[Calls, ...] = ()
    scope: Scope = NOWHERE
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Something that workloads take subnets, groups or addresses from: a subnet group, a launch template.

    ``public`` and ``ipv6`` are what those of a workload are, where it does not say them itself; ``calls``
    what one cannot do without that is made from it.
    """

    id: str
    kind: str
    at: Location
    names: tuple[str, ...] = ()
    subnets: Links = NO_LINKS
    groups: Links = NO_LINKS
    profiles: tuple[Link, ...] = ()
    public: Fact | None = None
    ipv6: Fact = NO
    calls: tuple[Calls, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAttachment:
    """A security group put on an interface by a resource of its own."""

    at: Location
    group: Link
    interface: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceAttachment:
    """A network interface that belongs to an instance; the interface decides where the two disagree."""

    at: Location
    interface: Link
    instance: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticIp:
    """A public IPv4 address and what it is given to: an instance, an interface or a NAT gateway."""

    id: str
    at: Location
    names: tuple[str, ...] = ()
    holder: Link | None = None
    address: AddressPeer | None = None
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticIpAssociation:
    """A public address given to its holder by a resource of its own."""

    at: Location
    address: Link
    holder: Link
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another id for a component (``aws_vpc.main.default_security_group_id``, an ARN)."""

    id: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """An id of a security group that is looked up, by ``name`` or in ``vpc`` as far as these are known."""

    id: str
    name: str = ""
    vpc: str | None = None
