"""Network interfaces that are resources of their own, and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, opposite
from auditor.model import (
    NO,
    YES,
    Component,
    Fact,
    GroupAttachment,
    InterfaceAttachment,
    Link,
    Placement,
    Truth,
    Workload,
)
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr


def read_interface(block: Block) -> Iterator[Component]:
    """A network interface, and the instance that it is attached to where that stands here.

    An interface gets no public address by its subnet's setting, only an Elastic IP:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
    """
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        subnets=block.one("subnet_id"),
        groups=block.links("security_groups"),
        placement=Placement.ONE,
        addresses=_addresses(block),
        public=NO,
        ipv6=_ipv6(block),
        forwards=opposite(block.fact("source_dest_check", YES)).truth is not Truth.NO,
        scope=block.resource.scope,
        presence=block.presence,
    )
    for attachment in block.blocks("attachment"):
        interface, instance = Link(block.address, attachment.at), attachment.target("instance")
        yield InterfaceAttachment(
            at=attachment.at, interface=interface, instance=instance, presence=attachment.presence
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


def _ipv6(block: Block) -> Fact:
    for path in (
        "ipv6_addresses",
        "ipv6_address_list",
        "ipv6_address_count",
        "ipv6_prefix_count",
        "ipv6_prefixes",
    ):
        if block.has(path) and block.integer(path) != 0:
            reasons = block.why(path)
            return Fact(Truth.UNKNOWN if reasons else Truth.YES, block.place(path), reasons)
    return NO


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
