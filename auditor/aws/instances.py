"""Instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, number, open_tags, opposite, placed, standing
from auditor.aws.reader.calling import calls_by_role
from auditor.aws.reader.ipv6 import given_ipv6
from auditor.aws.reader.nodes import alternatives
from auditor.aws.reader.respelling import maps, with_entries
from auditor.model import (
    NO,
    YES,
    Component,
    Fact,
    InterfaceAttachment,
    Link,
    Links,
    Placement,
    Truth,
    Workload,
)
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Map, Node, Reason, Reference, Resource, Scalar, Seq

TEMPLATE = "aws_launch_template"

INSTANCE = Row(
    kinds=("aws_instance", "aws_spot_instance_request"),
    subnet=("subnet_id", "network_interfaces.subnet_id"),
    groups=("vpc_security_group_ids", "network_interfaces.security_groups"),
    profiles=(("launch_template.id", TEMPLATE), ("launch_template.name", TEMPLATE)),
    public="associate_public_ip_address",
    public_default=None,
    placement=Placement.ONE,
)


def read_instance(block: Block) -> Iterator[Component]:
    """An instance with its own interface, or with those that are given to it.

    Without a subnet it is launched in a default subnet of the default VPC; without a group it has its VPC's
    default one.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    """
    attached = list(_attached(block))
    apart = block.address in block.estate.ownership.apart
    given = apart or any(block.holds(inner) and _surely(inner) for inner in attached)
    outside = tuple(reason for inner in attached for reason in _outside(inner))
    subnets, groups, profiles = placed(INSTANCE, block)
    if given:
        subnets, groups = Links(open=outside), Links(open=outside)
    elif block.has("security_groups"):
        groups = joined(groups, _by_name(block))
    found = standing(block)
    workload = Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        open_tags=open_tags(block),
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        vpc=None if given or _subnet_given(block) or profiles else block.default_vpc(),
        placement=Placement.ONE,
        addresses=None if given else _addresses(block),
        public=Fact(Truth.UNKNOWN, block.at, outside) if outside else _public(block, given=given),
        ipv6=Fact(Truth.UNKNOWN, block.at, outside) if outside else given_ipv6(block, "network_interfaces"),
        default_group=not given,
        forwards=opposite(block.fact("source_dest_check", YES)),
        calls=calls_by_role(block, "iam_instance_profile"),
        scope=block.resource.scope,
        presence=block.presence,
    )
    yield workload if found is None else found.of(workload)
    for inner in attached:
        interface, instance = inner.target("network_interface_id"), Link(block.address, inner.at)
        yield InterfaceAttachment(
            at=inner.at, interface=interface, instance=instance, presence=inner.presence
        )


def _subnet_given(block: Block) -> bool:
    return any(block.has(path) for path in INSTANCE.subnet)


ATTACHMENTS = ("network_interface", "primary_network_interface", "network_interfaces")


def _attached(block: Block) -> Iterator[Block]:
    """The blocks that give the instance an interface which is a resource of its own."""
    for name in ATTACHMENTS:
        yield from (inner for inner in block.blocks(name) if inner.has("network_interface_id"))


def _surely(inner: Block) -> bool:
    """Whether a block that may name an interface certainly does."""
    return None not in (alternatives(inner.get("network_interface_id")) or ())


def _outside(inner: Block) -> Iterator[Reason]:
    """Why it is not known where an interface stands: the input does not have it."""
    link = inner.target("network_interface_id")
    for name in link.among or (link.id,):
        if inner.estate.kind_at(name) != "aws_network_interface" or inner.estate.at_address(name) is None:
            yield Reason(f"where the interface {name} stands", link.at, "the input that declares it")


def _by_name(block: Block) -> Links:
    found = block.links("security_groups")
    named = block.resolved(found, "aws_security_group")
    return Links(named.items, found.open)


def _public(block: Block, *, given: bool) -> Fact | None:
    if given:
        return NO
    if block.has("public_ip_address"):
        return Fact(Truth.YES, block.place("public_ip_address"))
    for path in (INSTANCE.public, f"network_interfaces.{INSTANCE.public}"):
        if block.has(path):
            return block.fact(path)
    return None


def _addresses(block: Block) -> Bounds[IntSet] | None:
    """The private IPv4 addresses where they are given, on the instance or on the interface that it makes."""
    further = ("secondary_private_ips", "network_interfaces.private_ips")
    secondary = block.links(*further)
    first = block.text("private_ip") or block.text("network_interfaces.private_ip_address")
    open_ = secondary.open or block.why(*further, "network_interfaces") or any(map(block.has, _COUNTED))
    if not first or open_:
        return None
    try:
        texts = (first, *(link.id for link in secondary.items))
        return exact(IntSet.union(parse_cidr(text) & IPV4 for text in texts))
    except ValueError:
        return None


_COUNTED = tuple(
    f"network_interfaces.{name}"
    for name in ("secondary_private_ip_address_count", "ipv4_prefix_count", "ipv4_prefixes")
)


READERS = dict.fromkeys(INSTANCE.kinds, read_instance)


def _with_interfaces(resource: Resource) -> Iterator[Resource]:
    """An instance of the API's and its interfaces, which its own description has as well."""
    yield with_entries(resource, network_interfaces=None)
    owner = Scalar(resource.address, resource.at)
    for item in maps(resource.body.entries.get("network_interfaces")):
        name = item.entries.get("network_interface_id")
        if isinstance(name, Scalar):
            yield _interface(resource, str(name.value), item, owner)


def _with_further_interfaces(resource: Resource) -> Iterator[Resource]:
    """An instance of CloudFormation's; those of its interfaces that it makes besides the first one."""
    listed = resource.body.entries.get("network_interfaces")
    if not isinstance(listed, Seq):
        yield resource
        return
    made = [item for item in maps(listed) if "subnet_id" in item.entries]
    own = [item for item in listed.items if not (isinstance(item, Map) and "subnet_id" in item.entries)]
    first = 0 if any(map(_is_named, own)) else 1
    made.sort(key=lambda item: number(item.entries.get("device_index")) or 0)
    yield with_entries(resource, network_interfaces=replace(listed, items=(*own, *made[:first])))
    owner = Reference(resource.address, "id", resource.at)
    for index, item in enumerate(made[first:], start=first):
        yield _interface(resource, f"{resource.address}/interface-{index}", item, owner)


def _interface(resource: Resource, address: str, body: Map, owner: Scalar | Reference) -> Resource:
    """One of an instance's interfaces as a resource of its own, attached to it."""
    attachment = Map({"instance": replace(owner, at=body.at)}, body.at)
    interface = replace(resource, kind="aws_network_interface", address=address, body=body)
    return with_entries(interface, attachment=attachment)


def _is_named(item: Node) -> bool:
    """Whether an interface of an instance is one that there is already, for certain."""
    node = item.entries.get("network_interface_id") if isinstance(item, Map) else None
    return node is not None and None not in (alternatives(node) or ())


_INTERFACE = {
    "NetworkInterfaces.PrivateIpAddresses": "private_ips",
    "LaunchTemplate.LaunchTemplateId": "id",
    "LaunchTemplate.LaunchTemplateName": "name",
}

SPELLINGS = {
    "AWS::EC2::Instance": Spelling(
        kind="aws_instance",
        renamed={
            **_INTERFACE,
            "SecurityGroupIds": "vpc_security_group_ids",
            "PrivateIpAddress": "private_ip",
            "NetworkInterfaces.GroupSet": "security_groups",
        },
        each={"NetworkInterfaces.PrivateIpAddresses": "PrivateIpAddress"},
        then=_with_further_interfaces,
    ),
    "Instances": Spelling(
        kind="aws_instance",
        renamed={
            **_INTERFACE,
            "SecurityGroups": "vpc_security_group_ids",
            "PrivateIpAddress": "private_ip",
            "NetworkInterfaces.Groups": "security_groups",
        },
        each={
            "SecurityGroups": "GroupId",
            "NetworkInterfaces.Groups": "GroupId",
            "NetworkInterfaces.Ipv6Addresses": "Ipv6Address",
        },
        only=frozenset(
            {
                "NetworkInterfaces",
                "PrivateIpAddress",
                "PublicIpAddress",
                "SecurityGroups",
                "SourceDestCheck",
                "SubnetId",
                "Tags",
            }
        ),
        then=_with_interfaces,
    ),
}
