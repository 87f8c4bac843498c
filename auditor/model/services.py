"""How services are reached by private addresses: VPC endpoints, endpoint services, names."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, NO_LINKS, YES, Fact, Link, Links
from auditor.model.peers import AddressPeer
from auditor.model.topology import Tags
from auditor.tree import Location, Presence, Reason


class EndpointType(StrEnum):
    """The types of VPC endpoints."""

    GATEWAY = "gateway"
    INTERFACE = "interface"
    GATEWAY_LOAD_BALANCER = "gateway-load-balancer"
    RESOURCE = "resource"
    SERVICE_NETWORK = "service-network"


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint:
    """A VPC endpoint, beside the workload of the same id where it owns interfaces.

    ``types`` are those that it may be, one where that is known. ``service`` is the service's name as AWS has
    it (``com.amazonaws.eu-west-1.s3``; ``.s3`` where the Region is not known), empty where it is not known;
    ``provider`` the endpoint service it names. ``private_dns`` where it takes over the service's own name in
    the VPC. ``restricted`` where its policy may deny some requests, with the policy's place. ``buckets`` are
    those of S3 that its policy names, by id or by name.
    https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
    """

    id: str
    at: Location
    vpc: Link
    types: tuple[EndpointType, ...]
    names: tuple[str, ...] = ()
    tags: Tags = ()
    service: str = ""
    provider: Link | None = None
    accepted: Fact = YES
    private_dns: Fact = NO
    restricted: Fact
    buckets: Links = NO_LINKS
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointService:
    """An endpoint service of one's own: the load balancers that its consumers' connections arrive at.

    ``any_account`` where every principal may make an endpoint for it (``*``), with that principal's place;
    ``acceptance`` where its owner accepts each endpoint by itself.
    https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    tags: Tags = ()
    service: str = ""
    balancers: Links = NO_LINKS
    any_account: Fact = NO
    acceptance: Fact = YES
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of S3; ``by_vpc`` where its policy asks by which VPC or endpoint requests come.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    by_vpc: Fact
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsName:
    """A name of a private hosted zone or of Cloud Map, and what it stands for: a component or addresses."""

    name: str
    at: Location
    of: Link | None = None
    addresses: tuple[AddressPeer, ...] = ()
    reasons: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN
