"""Instances, what they are launched from, and the groups that launch them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Row, joined, opposite, placed
from auditor.model import (
    NO,
    YES,
    Component,
    Fact,
    InterfaceAttachment,
    Link,
    Links,
    Placement,
    Profile,
    Truth,
    Workload,
)
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Reason

TEMPLATE = "aws_launch_template"

INSTANCE = Row(
    kinds=("aws_instance", "aws_spot_instance_request"),
    subnet=("subnet_id",),
    groups=("vpc_security_group_ids",),
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
    attached = [inner for name in ATTACHMENTS for inner in block.blocks(name)]
    given = any(block.holds(inner) for inner in attached)
    subnets, groups, profiles = placed(INSTANCE, block)
    if given:
        subnets, groups = Links(), Links()
    elif block.has("security_groups"):
        groups = joined(groups, _by_name(block))
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        vpc=None if given or block.has("subnet_id") or profiles else block.default_vpc(),
        placement=Placement.ONE,
        addresses=None if given else _addresses(block),
        public=_public(block, given=given),
        ipv6=_ipv6(block),
        default_group=not given,
        forwards=opposite(block.fact("source_dest_check", YES)).truth is not Truth.NO,
        scope=block.resource.scope,
        presence=block.presence,
    )
    for inner in attached:
        interface, instance = inner.target("network_interface_id"), Link(block.address, inner.at)
        yield InterfaceAttachment(
            at=inner.at, interface=interface, instance=instance, presence=inner.presence
        )


ATTACHMENTS = ("network_interface", "primary_network_interface")


def _by_name(block: Block) -> Links:
    found = block.links("security_groups")
    named = block.resolved(found, "aws_security_group")
    return Links(named.items, found.open)


def _public(block: Block, *, given: bool) -> Fact | None:
    if given:
        return NO
    return block.fact(INSTANCE.public) if block.has(INSTANCE.public) else None


def _addresses(block: Block) -> Bounds[IntSet] | None:
    """The private IPv4 addresses where they are given."""
    secondary = block.links("secondary_private_ips")
    texts = [block.text("private_ip"), *(link.id for link in secondary.items)]
    if not texts[0] or secondary.open or block.why("secondary_private_ips"):
        return None
    try:
        return exact(IntSet.union(parse_cidr(text) & IPV4 for text in texts))
    except ValueError:
        return None


def _ipv6(block: Block) -> Fact:
    for path in ("ipv6_addresses", "ipv6_address_count"):
        if block.has(path) and block.integer(path) != 0:
            reasons = block.why(path)
            return Fact(Truth.UNKNOWN if reasons else Truth.YES, block.place(path), reasons)
    return NO


def read_template(block: Block) -> Iterator[Profile]:
    """A launch template: the groups and subnets of its interfaces, and whether they get public addresses."""
    yield Profile(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("name"),
        subnets=block.one("network_interfaces.subnet_id"),
        groups=joined(
            block.links("vpc_security_group_ids", "network_interfaces.security_groups"),
            block.resolved(block.links("security_group_names"), "aws_security_group"),
        ),
        public=_template_public(block),
        presence=block.presence,
    )


def _template_public(block: Block) -> Fact | None:
    """Public where any of the interfaces is."""
    facts = [
        inner.fact("associate_public_ip_address")
        for inner in block.blocks("network_interfaces")
        if inner.has("associate_public_ip_address")
    ]
    for truth in (Truth.YES, Truth.UNKNOWN, Truth.NO):
        for fact in facts:
            if fact.truth is truth:
                return fact
    return None


def read_configuration(block: Block) -> Iterator[Profile]:
    """A launch configuration."""
    public = "associate_public_ip_address"
    yield Profile(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("name"),
        groups=block.resolved(block.links("security_groups"), "aws_security_group"),
        public=block.fact(public) if block.has(public) else None,
        presence=block.presence,
    )


_MIXED = "mixed_instances_policy.launch_template"

SCALING_GROUP = Row(
    kinds=("aws_autoscaling_group",),
    subnets=("vpc_zone_identifier",),
    profiles=(
        ("launch_template.id", TEMPLATE),
        ("launch_template.name", TEMPLATE),
        ("launch_configuration", "aws_launch_configuration"),
        (f"{_MIXED}.launch_template_specification.launch_template_id", TEMPLATE),
        (f"{_MIXED}.launch_template_specification.launch_template_name", TEMPLATE),
        (f"{_MIXED}.override.launch_template_specification.launch_template_id", TEMPLATE),
        (f"{_MIXED}.override.launch_template_specification.launch_template_name", TEMPLATE),
    ),
    public_default=None,
)


def read_scaling_group(block: Block) -> Iterator[Workload]:
    """An Auto Scaling group: instances of its template in each of its subnets.

    Where only zones are named, they are in the zones' default subnets.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
    """
    subnets, groups, profiles = placed(SCALING_GROUP, block)
    zones = not subnets.items and not subnets.open
    if zones:
        reason = Reason(
            f"the default subnets of {block.address}", block.place("availability_zones"), "a snapshot"
        )
        subnets = Links(open=(reason,))
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=(*block.names("name"), *_tagged(block)),
        tags=block.tags,
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        scope=block.resource.scope,
        presence=block.presence,
    )


def _tagged(block: Block) -> Iterator[str]:
    return (
        tag.text("value") for tag in block.blocks("tag") if tag.text("key") == "Name" and tag.text("value")
    )


READERS = {
    **dict.fromkeys(INSTANCE.kinds, read_instance),
    TEMPLATE: read_template,
    "aws_launch_configuration": read_configuration,
    "aws_autoscaling_group": read_scaling_group,
}
ROWS = (
    Row(
        kinds=("aws_spot_fleet_request",),
        subnet=("launch_specification.subnet_id", "launch_template_config.overrides.subnet_id"),
        groups=("launch_specification.vpc_security_group_ids",),
        profiles=(("launch_template_config.launch_template_specification.id", TEMPLATE),),
        public="launch_specification.associate_public_ip_address",
        public_default=None,
        placement=Placement.ONE,
    ),
    Row(
        kinds=("aws_ec2_fleet",),
        subnet=("launch_template_config.override.subnet_id",),
        profiles=(("launch_template_config.launch_template_specification.launch_template_id", TEMPLATE),),
        public_default=None,
        placement=Placement.ONE,
    ),
)
