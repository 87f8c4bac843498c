"""Network interfaces that are resources of their own, and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, open_tags, opposite, standing_of
from auditor.aws.reader.ipv6 import given_ipv6
from auditor.aws.reader.meanings import one_field
from auditor.aws.reader.respelling import with_entries
from auditor.model import (
    NO,
    YES,
    Alias,
    Component,
    GroupAttachment,
    InterfaceAttachment,
    Link,
    Placement,
    Workload,
)
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Dialect, Map, Node, Reason, Resource, Scalar, Seq, Unknown


def read_interface(block: Block) -> Iterator[Component]:
    """A network interface, and the instance that it is attached to where that stands here.

    An interface gets no public address by its subnet's setting, only an Elastic IP:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
    In a snapshot, one that belongs to something else that is there is another name of that.
    """
    if block.resource.dialect is Dialect.SNAPSHOT:
        yield from _collected(block)
        return
    workload = _workload(block)
    yield workload
    for attachment in block.blocks("attachment"):
        interface, instance = Link(block.address, attachment.at), attachment.target("instance")
        yield InterfaceAttachment(
            at=attachment.at, interface=interface, instance=instance, presence=attachment.presence
        )


def _collected(block: Block) -> Iterator[Component]:
    owners = block.estate.ownership.owners.get(block.address, ())
    if len(owners) == 1:
        yield Alias(id=block.address, of=owners[0])
    if owners or block.text("interface_type") in PASSING:
        return
    yield standing_of(block).of(_workload(block))
    if block.has("attachment.instance"):
        interface, instance = Link(block.address, block.at), block.target("attachment.instance")
        yield InterfaceAttachment(at=block.at, interface=interface, instance=instance)


# Interfaces that nothing can connect to: they pass on what is routed through them.
PASSING = frozenset({"transit_gateway", "gateway_load_balancer_endpoint"})


def _workload(block: Block) -> Workload:
    return Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("description"),
        tags=block.tags,
        open_tags=open_tags(block),
        subnets=block.one("subnet_id"),
        groups=block.links("security_groups"),
        placement=Placement.ONE,
        addresses=_addresses(block),
        public=NO,
        ipv6=given_ipv6(block),
        forwards=opposite(block.fact("source_dest_check", YES)),
        scope=block.resource.scope,
        presence=block.presence,
    )


def _addresses(block: Block) -> Bounds[IntSet] | None:
    """The private IPv4 addresses where all of them are given."""
    if block.has("private_ips_count") or block.has("ipv4_prefix_count") or block.has("ipv4_prefixes"):
        return None
    texts = [link.id for link in block.links("private_ips", "private_ip_list").items]
    if not texts or block.why("private_ips", "private_ip_list"):
        return None
    try:
        return exact(IntSet.union(parse_cidr(text) & IPV4 for text in texts))
    except ValueError:
        return None


def read_group_attachment(block: Block) -> Iterator[GroupAttachment]:
    """A security group put on an interface."""
    group, interface = block.target("security_group_id"), block.target("network_interface_id")
    yield GroupAttachment(at=block.at, group=group, interface=interface, presence=block.presence)


def read_attachment(block: Block) -> Iterator[InterfaceAttachment]:
    """An interface attached to an instance."""
    interface, instance = block.target("network_interface_id"), block.target("instance_id")
    yield InterfaceAttachment(at=block.at, interface=interface, instance=instance, presence=block.presence)


READERS = {
    "aws_network_interface": read_interface,
    "aws_network_interface_sg_attachment": read_group_attachment,
    "aws_network_interface_attachment": read_attachment,
}


def _with_all_addresses(resource: Resource) -> Iterator[Resource]:
    """CloudFormation has the first address by itself or as the primary one of a list, or AWS chooses it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkinterface.html
    """
    entries = resource.body.entries
    first, listed = entries.get("private_ip_address"), entries.get(_LISTED)
    if listed is None:
        parts: tuple[Node, ...] = () if first is None else (first,)
        found: Node = Seq(parts, resource.at)
    elif not isinstance(listed, Seq) or listed.more is not None:
        found = listed
    else:
        chosen = first is None and not any(map(_is_primary, listed.items))
        others = () if first is None else (first,)
        further = tuple([one_field(item, "private_ip_address") for item in listed.items])
        more = Unknown(
            (Reason(f"the primary address of {resource.address}", listed.at, "a snapshot"),), listed.at
        )
        found = Seq((*others, *further), listed.at, more=more if chosen else None)
    none = isinstance(found, Seq) and not found.items and found.more is None
    yield with_entries(resource, **{_LISTED: None, "private_ips": None if none else found})


_LISTED = "all_private_ips"


def _is_primary(item: Node) -> bool:
    node = item.entries.get("primary") if isinstance(item, Map) else None
    return isinstance(node, Scalar) and str(node.value).lower() == "true"


SPELLINGS = {
    "AWS::EC2::NetworkInterface": Spelling(
        kind="aws_network_interface",
        renamed={
            "GroupSet": "security_groups",
            "SecondaryPrivateIpAddressCount": "private_ips_count",
            "PrivateIpAddresses": _LISTED,
        },
        each={"Ipv6Addresses": "Ipv6Address"},
        then=_with_all_addresses,
    ),
    "NetworkInterfaces": Spelling(
        kind="aws_network_interface",
        renamed={
            "Groups": "security_groups",
            "PrivateIpAddresses": "private_ips",
            "Attachment.InstanceId": "instance",
        },
        each={"Groups": "GroupId", "Ipv6Addresses": "Ipv6Address"},
        only=frozenset(
            {
                "Association",
                "Attachment",
                "Description",
                "Groups",
                "InterfaceType",
                "Ipv4Prefixes",
                "Ipv6Addresses",
                "Ipv6Prefixes",
                "PrivateIpAddresses",
                "SourceDestCheck",
                "SubnetId",
                "TagSet",
            }
        ),
    ),
    "AWS::EC2::NetworkInterfaceAttachment": Spelling(kind="aws_network_interface_attachment"),
}
