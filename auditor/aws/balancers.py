"""Application, network and gateway load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, opposite, read_row, spoken
from auditor.aws.reader.meanings import text_at
from auditor.aws.reader.respelling import maps, undecided, with_entries
from auditor.model import NO, YES, Component, ElasticIpAssociation, Link, Links
from auditor.traffic import EVERYTHING, NOTHING, Bounds, Traffic
from auditor.tree import Dialect, Map, Node, Presence, Reason, Resource, Scalar, Seq

BALANCER = Row(
    kinds=("aws_lb", "aws_alb"),
    subnets=("subnets",),
    subnet=("subnet_mapping.subnet_id",),
    groups=("security_groups",),
    private="internal",
    ipv6="ip_address_type",
)

_PRIVATE_LINK = "enforce_security_group_inbound_rules_on_private_link_traffic"


def read_balancer(block: Block) -> Iterator[Component]:
    """An application, network or gateway load balancer, with its listeners where the input has them.

    A network load balancer without groups filters nothing; one of the gateway type has no groups and no
    public address.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    types = block.choices("load_balancer_type", "application")
    gateway = types == {"gateway"}
    unfiltered = types is not None and "application" not in types and not block.has("security_groups")
    for workload in read_row(BALANCER, block):
        groups = Links() if unfiltered else workload.groups
        if types != {"application"} and not unfiltered and not any(link.certain for link in groups.items):
            what = f"whether {block.address} has security groups"
            reason = Reason(
                what, block.place("security_groups"), "give load_balancer_type and security_groups"
            )
            groups = joined(groups, Links(open=(reason,)))
        yield replace(
            workload,
            groups=groups,
            listens=_listening(block),
            filtered=not unfiltered and not gateway,
            default_group=types == {"application"},
            public=NO if gateway else workload.public,
            forwards=YES if gateway else NO,
            filters_private_link=opposite(block.says(_PRIVATE_LINK, "off")),
        )
    for mapping in block.blocks("subnet_mapping"):
        address = mapping.link("allocation_id")
        if address is not None:
            holder = Link(block.address, mapping.at)
            yield ElasticIpAssociation(
                at=mapping.at, address=address, holder=holder, presence=mapping.presence
            )


def _listening(block: Block) -> Bounds[Traffic]:
    """What the listeners accept that the input has for it. With none it is not known what others it has."""
    listeners = [
        (listener, link.certain)
        for kind in ("aws_lb_listener", "aws_alb_listener")
        for listener, link in block.users(kind, "load_balancer_arn", *block.ids)
    ]
    if not listeners:
        return Bounds(NOTHING, EVERYTHING)
    found = [
        (spoken(one, "protocol", "port", "http"), sure and one.presence is Presence.CERTAIN)
        for one, sure in listeners
    ]
    must = Traffic.union(traffic.must for traffic, sure in found if sure)
    return Bounds(must, Traffic.union(traffic.may for traffic, _ in found))


READERS = {
    **dict.fromkeys(BALANCER.kinds, read_balancer),
}


_CROSS_ZONE = "load_balancing.cross_zone.enabled"


def _crossing(resource: Resource, attributes: str) -> Resource:
    """The balancer, with whether its nodes use the targets of all zones, of the list of its attributes."""
    found, ours = resource.body.entries.get(attributes), "enable_cross_zone_load_balancing"
    for body in maps(found):
        if text_at(body, ["key"]) == _CROSS_ZONE:
            return with_entries(resource, **{ours: body.entries.get("value")})
    unsaid = found is None and resource.dialect is not Dialect.SNAPSHOT
    if unsaid or (isinstance(found, Seq) and found.more is None and len(maps(found)) == len(found.items)):
        return resource
    what, hint = f"the attributes of {resource.address}", "describe-load-balancer-attributes in the snapshot"
    return with_entries(resource, **{ours: undecided(resource, ours, what, hint)})


def _templated_balancer(resource: Resource) -> Iterator[Resource]:
    yield _crossing(resource, "load_balancer_attributes")


def _collected_balancer(resource: Resource) -> Iterator[Resource]:
    """A balancer, with the Elastic IPs that the API tells with its zones.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AvailabilityZone.html
    """
    zones = resource.body.entries.get("availability_zones")
    at = resource.body.at if zones is None else zones.at
    found = [zone for zone in (zones.items if isinstance(zones, Seq) else ()) if isinstance(zone, Map)]
    subnets = tuple([zone.entries.get("subnet_id", Scalar(None, zone.at)) for zone in found])
    addresses = tuple([address for zone in found for address in _elastic(zone)])
    yield with_entries(
        _crossing(resource, "attributes"),
        subnets=Seq(subnets, at) if subnets else None,
        subnet_mapping=Seq(addresses, at) if addresses else None,
    )


def _elastic(zone: Map) -> Iterator[Node]:
    addresses = zone.entries.get("load_balancer_addresses")
    for address in addresses.items if isinstance(addresses, Seq) else ():
        if isinstance(address, Map) and "allocation_id" in address.entries:
            yield Map({"allocation_id": address.entries["allocation_id"]}, address.at)


_SCHEME = {"Scheme": {"internal": True, "internet-facing": False}}
_BALANCER = {"Scheme": "internal", "Type": "load_balancer_type"}

# A balancer faces the internet unless told otherwise, in Terraform as well.
SPELLINGS = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Spelling(
        kind="aws_lb",
        renamed={**_BALANCER, "SubnetMappings": "subnet_mapping"},
        values=_SCHEME,
        attributes={"LoadBalancerArn": "arn", "LoadBalancerName": "name"},
        then=_templated_balancer,
    ),
    "LoadBalancers": Spelling(
        kind="aws_lb",
        renamed={**_BALANCER, "LoadBalancerName": "name"},
        values=_SCHEME,
        then=_collected_balancer,
    ),
}
