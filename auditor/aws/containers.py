"""Containers: ECS services and tasks, EKS clusters, node groups and Fargate profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, joined, owner, placed, read_row, tcp, uncertain
from auditor.model import (
    AddressPeer,
    Alias,
    Component,
    Direction,
    Group,
    GroupPeer,
    Link,
    Links,
    Peer,
    Rule,
    Truth,
    Workload,
)
from auditor.traffic import EVERYTHING, IPV4, IPV6, NOTHING, Bounds, exact
from auditor.tree import Reason

CLUSTER = "aws_eks_cluster"
GROUP = "vpc_config[0].cluster_security_group_id"

SERVICE = Row(
    kinds=("aws_ecs_service", "aws_ecs_task_set"),
    subnets=("network_configuration.subnets",),
    groups=("network_configuration.security_groups",),
    public="network_configuration.assign_public_ip",
)


def read_service(block: Block) -> Iterator[Workload]:
    """An ECS service. With a network configuration each task has an interface, else its instance's.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
    """
    for workload in read_row(SERVICE, block):
        if block.has("network_configuration"):
            yield workload
        else:
            what = f"the container instances that {block.address} runs on"
            reasons = (Reason(what, block.at, "a snapshot"),)
            yield replace(
                workload,
                subnets=Links(open=reasons),
                groups=Links(open=reasons),
                public=None,
                default_group=False,
            )


CONTROL_PLANE = Row(
    kinds=(CLUSTER,),
    subnets=("vpc_config.subnet_ids",),
    groups=("vpc_config.security_group_ids",),
    default_group=False,
)


def read_cluster(block: Block) -> Iterator[Component]:
    """An EKS cluster: the control plane's interfaces, and the group that EKS makes for cluster and nodes.

    https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    """
    own = f"{block.address}.{GROUP}"
    link = Link(own, block.at)
    private = block.fact("vpc_config.endpoint_private_access").truth is Truth.YES
    api = tcp((443,))
    for workload in read_row(CONTROL_PLANE, block):
        listens = Bounds(api if private else NOTHING, api)
        yield replace(workload, groups=joined(workload.groups, Links((link,))), listens=listens)
    vpc = _vpc(block)
    yield Alias(id=f"{block.address}.vpc_config[0].vpc_id", of=vpc.id)
    yield Group(
        id=own,
        at=block.at,
        vpc=vpc,
        names=block.names("name"),
        scope=block.resource.scope,
        presence=block.presence,
    )
    members: tuple[Peer, ...] = (GroupPeer(link, block.at),)
    everywhere = tuple(
        AddressPeer(exact(family), text, block.at) for text, family in (("0.0.0.0/0", IPV4), ("::/0", IPV6))
    )
    for direction, peers in ((Direction.INGRESS, members), (Direction.EGRESS, everywhere)):
        yield Rule(
            component=block.address,
            at=block.at,
            group=link,
            direction=direction,
            service=exact(EVERYTHING),
            peers=peers,
            presence=block.presence,
            reasons=block.reasons,
            implicit=True,
        )


def _vpc(block: Block) -> Link:
    """The VPC of the cluster's subnets."""
    for subnet in block.links("vpc_config.subnet_ids").items:
        found = block.estate.at_address(subnet.id)
        if found is not None and subnet.certain:
            return Block.of(found, block.estate).target("vpc_id")
    return Link(f"{block.address}.vpc_config[0].vpc_id", block.at)


NODES = Row(
    kinds=("aws_eks_node_group",),
    subnets=("subnet_ids",),
    profiles=(("launch_template.id", "aws_launch_template"), ("launch_template.name", "aws_launch_template")),
    public_default=None,
    default_group=False,
    names=("node_group_name",),
)


def read_nodes(block: Block) -> Iterator[Workload]:
    """A node group. Its nodes carry the cluster's group, unless their launch template names others.

    https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    """
    subnets, _, profiles = placed(NODES, block)
    for workload in read_row(NODES, block):
        yield replace(workload, subnets=subnets, groups=_node_groups(block, profiles))


def _node_groups(block: Block, profiles: tuple[Link, ...]) -> Links:
    theirs = _cluster_group(block)
    if not profiles:
        return theirs
    template = owner("launch_template.id", "aws_launch_template", block) or owner(
        "launch_template.name", "aws_launch_template", block
    )
    reasons = (Reason(f"the groups of {profiles[0].id}", profiles[0].at, "load the input that declares it"),)
    if template is None:
        return uncertain(theirs, reasons)
    named = template.links("vpc_security_group_ids", "network_interfaces.security_groups")
    if not named.items and not named.open:
        return theirs
    if any(link.certain for link in named.items):
        return Links()
    return uncertain(theirs, named.open or reasons)


def _cluster_group(block: Block) -> Links:
    """The group that the cluster named here has made."""
    found = block.named("cluster_name", CLUSTER)
    items = tuple(replace(link, id=f"{link.id}.{GROUP}") for link in found.items)
    return Links(items, found.open)


PODS = Row(kinds=("aws_eks_fargate_profile",), subnets=("subnet_ids",), names=("fargate_profile_name",))


def read_pods(block: Block) -> Iterator[Workload]:
    """The pods of a Fargate profile: each has an interface with the cluster's group.

    https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html
    """
    for workload in read_row(PODS, block):
        yield replace(workload, groups=_cluster_group(block), default_group=False)


READERS = {
    **dict.fromkeys(SERVICE.kinds, read_service),
    CLUSTER: read_cluster,
    "aws_eks_node_group": read_nodes,
    "aws_eks_fargate_profile": read_pods,
}

_EVENT = "ecs_target.network_configuration"
_SCHEDULE = "target.ecs_parameters.network_configuration"

ROWS = (
    Row(
        kinds=("aws_cloudwatch_event_target",),
        requires=_EVENT,
        subnets=(f"{_EVENT}.subnets",),
        groups=(f"{_EVENT}.security_groups",),
        public=f"{_EVENT}.assign_public_ip",
        names=("target_id",),
    ),
    Row(
        kinds=("aws_scheduler_schedule",),
        requires=_SCHEDULE,
        subnets=(f"{_SCHEDULE}.subnets",),
        groups=(f"{_SCHEDULE}.security_groups",),
        public=f"{_SCHEDULE}.assign_public_ip",
    ),
)
