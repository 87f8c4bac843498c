"""Proxies: what accepts a connection and opens another one to a target.

A load balancer is one, and so are a database proxy, an API with a link into a VPC, an endpoint of a service.
"""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, NO_LINKS, Fact, Link, Links
from auditor.model.peers import AddressPeer
from auditor.model.topology import Tags
from auditor.traffic import Bounds, Traffic
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What a proxy (a workload, by ``proxy``) accepts, and the target groups that it hands it to.

    ``service`` bounds protocol and port, with all addresses. ``targets`` are those of the default action and
    of all its rules. A proxy that is no load balancer has one listener for each service that it offers.
    """

    id: str
    at: Location
    proxy: Link
    service: Bounds[Traffic]
    targets: Links = NO_LINKS
    names: tuple[str, ...] = ()
    presence: Presence = Presence.CERTAIN


class TargetType(StrEnum):
    """How a target group names its targets. ``INVOKED`` ones are called through AWS, not by packets."""

    INSTANCE = "instance"
    IP = "ip"
    BALANCER = "alb"
    INVOKED = "lambda"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """Targets of listeners. ``service`` is what the proxy opens to each, ``health`` what checks it.

    ``health_open`` is why that is not known, where the input could say it.
    ``preserves_client`` where targets see the client's address instead of the proxy's; ``cross_zone`` where
    each node of the proxy uses the targets of all zones.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """

    id: str
    at: Location
    type: TargetType
    service: Bounds[Traffic]
    health: Bounds[Traffic] | None = None
    health_open: tuple[Reason, ...] = ()
    vpc: Link | None = None
    names: tuple[str, ...] = ()
    tags: Tags = ()
    preserves_client: Fact = NO
    cross_zone: Fact
    open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyTarget:
    """A target registered with a group: a workload, a security group's members, or an address.

    ``service`` and ``health`` where they are others than the group's; ``health_open`` as a group's.
    """

    at: Location
    group: Link
    workload: Link | None = None
    address: AddressPeer | None = None
    service: Bounds[Traffic] | None = None
    health: Bounds[Traffic] | None = None
    health_open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerated:
    """What an accelerator at the edge of AWS brings from the internet to ``endpoint``, by a way of its own.

    ``endpoint`` is a workload, or a subnet whose workloads it may all be. ``service`` is what arrives there,
    with all addresses. ``preserves_client`` where it has the address of the client; what has not comes from
    addresses of AWS by the internet, as anything else does. ``ipv6`` where it brings IPv6 too.
    https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
    """

    at: Location
    accelerator: str
    endpoint: Link
    service: Bounds[Traffic]
    preserves_client: Fact
    ipv6: Fact = NO
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()
