"""Names in DNS: records of hosted zones, services of Cloud Map, and the names that AWS itself gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, kind_of, why
from auditor.aws.reader.respelling import maps, with_entries
from auditor.model import AddressPeer, DnsName, Link
from auditor.traffic import exact, parse_cidr
from auditor.tree import Map, Node, Reason, Reference, Resource, Scalar, Seq

ZONES = frozenset({"aws_route53_zone", "data.aws_route53_zone"})
NAMESPACES = frozenset(
    f"{data}aws_service_discovery_{kind}_namespace"
    for data in ("", "data.")
    for kind in ("dns", "http", "private_dns", "public_dns")
)
# The types of records that lead to an interface.
LEADING = frozenset({"A", "AAAA", "CNAME"})


def read_record(block: Block) -> Iterator[DnsName]:
    """A record of a hosted zone, where it leads to addresses, to another name, or is an alias.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """
    kinds = block.choices("type")
    if kinds is not None and not kinds & LEADING:
        return
    name = _in_zone(block.text("name"), _zone(block))
    if not name:
        return
    alias = block.get("alias.name")
    values = [alias] if alias is not None else list(_values(block.get("records")))
    for value in values:
        yield from _standing_for(name, value, block)


def _zone(block: Block) -> str:
    found = _target("zone_id", ZONES, block)
    return block.text("hosted_zone_name") if found is None else found.text("name")


def _in_zone(name: str, zone: str) -> str:
    """The whole name of a record, which may be given without its zone's."""
    name, zone = plain(name), plain(zone)
    if not zone or name == zone or name.endswith(f".{zone}"):
        return name
    return f"{name}.{zone}" if name else zone


def plain(name: str) -> str:
    """A name as names are compared: in lower case, without a dot at its end, with ``*`` for any label."""
    return name.strip().rstrip(".").lower().replace("\\052", "*")


def _target(path: str, kinds: Iterable[str], block: Block) -> Block | None:
    """The one resource of certain types that an attribute names, by whichever attribute of its own."""
    node = block.get(path)
    texts = [node.target] if isinstance(node, Reference) else []
    texts += [link.id for link in block.one(path).items if link.certain]
    for text in texts:
        for identity in (text, *(block.estate.address_of(kind, text, block.resource) for kind in kinds)):
            found = block.estate.at_address(identity) if identity else None
            if found is not None and kind_of(found) in kinds:
                return Block.of(found, block.estate)
    return None


def _values(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Seq):
        yield from node.items
        if node.more is not None:
            yield node.more
    elif node is not None:
        yield node


def _standing_for(name: str, value: Node, block: Block) -> Iterator[DnsName]:
    """What a name stands for by one value: an address, another name, or what the value belongs to."""
    found = DnsName(name=name, at=block.at, presence=block.presence)
    if isinstance(value, Reference):
        yield replace(found, of=Link(value.target, value.at))
    elif isinstance(value, Scalar) and isinstance(value.value, str):
        try:
            addresses = exact(parse_cidr(value.value))
        except ValueError:
            yield replace(found, of=Link(plain(value.value).removeprefix("dualstack."), value.at))
        else:
            yield replace(found, addresses=(AddressPeer(addresses, value.value, value.at),))
    else:
        unknown = (Reason(f"what {name} stands for", value.at, "a value for it"),)
        yield replace(found, reasons=why(value) or unknown)


# -- Cloud Map -------------------------------------------------------------------------------------


CLOUD_MAP = "aws_service_discovery_service"


def read_service(block: Block) -> Iterator[DnsName]:
    """A service of Cloud Map, ``service.namespace``: the instances that are registered in it.

    https://docs.aws.amazon.com/cloud-map/latest/dg/services-route53.html
    """
    name = _service_name(block)
    if not name:
        return
    for user, link in block.users("aws_service_discovery_instance", "service_id", *block.ids):
        yield from _registered(name, user.get("attributes"), user if link.certain else user.perhaps(()))
    for instance in maps(block.get("instances")):
        yield from _registered(name, instance.entries.get("attributes"), block)


def _service_name(service: Block) -> str:
    """The whole name of a service of Cloud Map; empty where it is not known."""
    space = _target("dns_config.namespace_id", NAMESPACES, service)
    space = space or _target("namespace_id", NAMESPACES, service)
    own, zone = service.text("name"), "" if space is None else space.text("name")
    return plain(f"{own}.{zone}") if own and zone else ""


_ATTRIBUTES = (
    "AWS_INSTANCE_IPV4",
    "AWS_INSTANCE_IPV6",
    "AWS_INSTANCE_CNAME",
    "AWS_ALIAS_DNS_NAME",
    "AWS_EC2_INSTANCE_ID",
)


def _registered(name: str, attributes: Node | None, block: Block) -> Iterator[DnsName]:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html"""
    if not isinstance(attributes, Map):
        if attributes is not None:
            yield from _standing_for(name, attributes, block)
        return
    entries = {key.lower(): value for key, value in attributes.entries.items()}
    for attribute in _ATTRIBUTES:
        value = entries.get(attribute.lower())
        if value is not None:
            yield from _standing_for(name, value, block)


def read_named(block: Block) -> Iterator[DnsName]:
    """The names of an ECS service: where it is registered in Cloud Map, and those of Service Connect.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html
    """
    for registry in block.blocks("service_registries"):
        service = _target("registry_arn", {CLOUD_MAP}, registry)
        name = "" if service is None else _service_name(service)
        if name:
            link = Link(block.address, registry.at)
            yield DnsName(name=name, at=registry.at, of=link, presence=registry.presence)
    yield from _connected(block)


def _connected(block: Block) -> Iterator[DnsName]:
    path = "service_connect_configuration"
    space = _target(f"{path}.namespace", NAMESPACES, block)
    zone = block.text(f"{path}.namespace") if space is None else space.text("name")
    for configuration in block.blocks(path):
        for service in configuration.blocks("service"):
            names = [alias.text("dns_name") for alias in service.blocks("client_alias")]
            own = service.text("discovery_name") or service.text("port_name")
            default = f"{own}.{zone}" if own and zone and not zone.startswith("arn:") else ""
            for name in dict.fromkeys(filter(None, [*names, default if not any(names) else ""])):
                link = Link(block.address, service.at)
                yield DnsName(name=plain(name), at=service.at, of=link, presence=service.presence)


# -- names that AWS gives --------------------------------------------------------------------------

GIVEN: dict[str, tuple[str, ...]] = {
    "aws_alb": ("dns_name",),
    "aws_lb": ("dns_name",),
    "aws_elb": ("dns_name",),
    "aws_instance": ("private_dns", "public_dns"),
    "aws_db_instance": ("address", "endpoint.address"),
    "aws_rds_cluster": ("endpoint", "reader_endpoint"),
    "aws_rds_cluster_instance": ("endpoint", "endpoint.address"),
    "aws_db_proxy": ("endpoint",),
    "aws_docdb_cluster": ("endpoint", "reader_endpoint"),
    "aws_docdb_cluster_instance": ("endpoint", "endpoint.address"),
    "aws_neptune_cluster": ("endpoint", "reader_endpoint"),
    "aws_neptune_cluster_instance": ("address", "endpoint.address"),
    "aws_elasticache_cluster": ("cluster_address", "configuration_endpoint.address"),
    "aws_elasticache_replication_group": (
        "primary_endpoint_address",
        "reader_endpoint_address",
        "configuration_endpoint_address",
        "configuration_endpoint.address",
    ),
    "aws_memorydb_cluster": ("cluster_endpoint.address",),
    "aws_redshift_cluster": ("dns_name", "endpoint.address"),
    "aws_opensearch_domain": ("endpoint", "endpoints.vpc"),
    "aws_efs_mount_target": ("mount_target_dns_name",),
}


def read_given(block: Block) -> Iterator[DnsName]:
    """The names that AWS has given to a resource, where the input has them."""
    for path in GIVEN[block.resource.kind]:
        text = block.text(path)
        if "." in text:
            link = Link(block.address, block.at)
            yield DnsName(name=plain(text), at=block.place(path), of=link, presence=block.presence)


READERS = {
    "aws_route53_record": read_record,
    CLOUD_MAP: read_service,
    "aws_ecs_service": read_named,
    **dict.fromkeys(GIVEN, read_given),
}


# -- other dialects --------------------------------------------------------------------------------


def _sets(resource: Resource) -> Iterator[Resource]:
    """A group of records: each by itself."""
    for number, body in enumerate(maps(resource.body.entries.get("record_sets"))):
        one = replace(resource, kind="aws_route53_record", address=f"{resource.address}/{number}", body=body)
        above = {
            name: resource.body.entries[name]
            for name in ("zone_id", "hosted_zone_name")
            if name in resource.body.entries
        }
        yield with_entries(one, **{**above, **body.entries})


def _zone_records(resource: Resource) -> Iterator[Resource]:
    """A zone of the API's, and the records that stand in it."""
    yield with_entries(resource, record_sets=None)
    yield from _sets(with_entries(resource, hosted_zone_name=resource.body.entries.get("name")))


_SET = {"HostedZoneId": "zone_id", "AliasTarget": "alias", "ResourceRecords": "records"}
_SETS = {
    "HostedZoneId": "zone_id",
    "RecordSets.HostedZoneId": "zone_id",
    "RecordSets.AliasTarget": "alias",
    "RecordSets.AliasTarget.DNSName": "name",
    "RecordSets.ResourceRecords": "records",
}
_NAMESPACE = "aws_service_discovery_{}_namespace"

SPELLINGS = {
    "AWS::Route53::RecordSet": Spelling(
        kind="aws_route53_record", renamed={**_SET, "AliasTarget.DNSName": "name"}
    ),
    "AWS::Route53::RecordSetGroup": Spelling(
        kind="aws_route53_record_group", renamed=_SETS, then=_sets, also=("aws_route53_record",)
    ),
    "AWS::Route53::HostedZone": Spelling(kind="aws_route53_zone"),
    "AWS::ServiceDiscovery::Service": Spelling(kind=CLOUD_MAP),
    "AWS::ServiceDiscovery::Instance": Spelling(
        kind="aws_service_discovery_instance", renamed={"InstanceAttributes": "attributes"}
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": Spelling(kind=_NAMESPACE.format("private_dns")),
    "AWS::ServiceDiscovery::PublicDnsNamespace": Spelling(kind=_NAMESPACE.format("public_dns")),
    "AWS::ServiceDiscovery::HttpNamespace": Spelling(kind=_NAMESPACE.format("http")),
    "HostedZones": Spelling(
        kind="aws_route53_zone",
        renamed={
            "ResourceRecordSets": "record_sets",
            "ResourceRecordSets.AliasTarget": "alias",
            "ResourceRecordSets.AliasTarget.DNSName": "name",
            "ResourceRecordSets.ResourceRecords": "records",
        },
        each={"ResourceRecordSets.ResourceRecords": "Value"},
        then=_zone_records,
        also=("aws_route53_record",),
    ),
    "Namespaces": Spelling(kind=_NAMESPACE.format("private_dns")),
    "cloudmap:Services": Spelling(kind=CLOUD_MAP),
}
