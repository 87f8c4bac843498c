"""Kubernetes: EKS clusters, node groups and Fargate profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, has_ipv6, joined, owner, placed, read_row, tcp, uncertain
from auditor.aws.reader.calling import NODE, ON_FARGATE
from auditor.aws.reader.respelling import siblings
from auditor.model import (
    YES,
    AddressPeer,
    Alias,
    Component,
    Direction,
    Fact,
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
from auditor.tree import Dialect, Location, Reason

CLUSTER = "aws_eks_cluster"
GROUP = "vpc_config[0].cluster_security_group_id"
_PUBLIC, _SOURCES = "vpc_config.endpoint_public_access", "vpc_config.public_access_cidrs"

CONTROL_PLANE = Row(
    kinds=(CLUSTER,),
    subnets=("vpc_config.subnet_ids",),
    groups=("vpc_config.security_group_ids",),
    ipv6="kubernetes_network_config.ip_family",
    default_group=False,
)


def read_cluster(block: Block) -> Iterator[Component]:
    """An EKS cluster: the control plane's interfaces, and the group that EKS makes for cluster and nodes.

    In a snapshot that group is one of the groups.
    https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    """
    own = f"{block.address}.{GROUP}"
    known = block.text("vpc_config.cluster_security_group_id")
    collected = block.resource.dialect is Dialect.SNAPSHOT and bool(known)
    link = Link(known if collected else own, block.at)
    private = block.fact("vpc_config.endpoint_private_access").truth is Truth.YES
    api = tcp((443,))
    for workload in read_row(CONTROL_PLANE, block):
        listens = Bounds(api if private else NOTHING, api)
        others = Links(tuple(one for one in workload.groups.items if one.id != link.id), workload.groups.open)
        yield replace(workload, groups=joined(others, Links((link,))), listens=listens)
    yield from _public_endpoint(block)
    vpc = _vpc(block)
    yield Alias(id=f"{block.address}.vpc_config[0].vpc_id", of=vpc.id)
    if collected:
        yield Alias(id=own, of=known)
    else:
        if known:
            yield Alias(id=known, of=own)
        yield from _own_group(block, link, vpc)


def _public_endpoint(block: Block) -> Iterator[Workload]:
    """The public endpoint of the Kubernetes API, which is in no VPC, and open to all unless told otherwise.

    https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    """
    public = block.fact(_PUBLIC, YES)
    if public.truth is Truth.NO:
        return
    sources = block.addresses(_SOURCES, IPV4 | IPV6)
    yield Workload(
        id=f"{block.address}/public-endpoint",
        kind=CLUSTER,
        at=block.at,
        public=Fact(Truth.YES, _told(block), block.why(_SOURCES, _PUBLIC)),
        initiates=False,
        listens=exact(tcp((443,))),
        placed=False,
        sources=Bounds(IPV4, IPV4 | IPV6) if sources is None else sources,
        scope=block.resource.scope,
        presence=block.presence if public.truth is Truth.YES else block.possible,
    )


def _told(block: Block) -> Location:
    """Where the cluster says who may use its public endpoint, or would say it."""
    for path in (_SOURCES, _PUBLIC):
        if block.has(path):
            return block.place(path)
    return next((inner.at for inner in block.blocks("vpc_config")), block.at)


def _own_group(block: Block, link: Link, vpc: Link) -> Iterator[Component]:
    yield Group(
        id=link.id,
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
    return block.link("vpc_config.vpc_id") or Link(f"{block.address}.vpc_config[0].vpc_id", block.at)


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
        groups = _node_groups(block, profiles)
        yield replace(workload, subnets=subnets, groups=groups, ipv6=_ipv6(block), calls=(NODE,))


def _ipv6(block: Block) -> Fact:
    """What runs in a cluster has IPv6 addresses where its cluster is one of that family.

    https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html
    """
    cluster = owner("cluster_name", CLUSTER, block)
    if cluster is not None:
        return has_ipv6(CONTROL_PLANE, cluster)
    why = Reason(f"whether the cluster of {block.address} has IPv6", block.at, "the input that declares it")
    return Fact(Truth.UNKNOWN, block.at, (why,))


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
    Groups of pods (``SecurityGroupPolicy``) are Kubernetes's, and not seen.

    https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html
    """
    for workload in read_row(PODS, block):
        groups = _cluster_group(block)
        yield replace(workload, groups=groups, default_group=False, ipv6=_ipv6(block), calls=(ON_FARGATE,))


READERS = {
    CLUSTER: read_cluster,
    "aws_eks_node_group": read_nodes,
    "aws_eks_fargate_profile": read_pods,
}

SPELLINGS = {
    "AWS::EKS::Cluster": Spelling(
        kind=CLUSTER,
        renamed={"ResourcesVpcConfig": "vpc_config"},
        attributes={"ClusterSecurityGroupId": GROUP},
    ),
    "AWS::EKS::Nodegroup": Spelling(
        kind="aws_eks_node_group", renamed={"NodegroupName": "node_group_name", "Subnets": "subnet_ids"}
    ),
    "AWS::EKS::FargateProfile": Spelling(kind="aws_eks_fargate_profile", renamed={"Subnets": "subnet_ids"}),
    "eks:clusters": Spelling(kind=CLUSTER, renamed={"resourcesVpcConfig": "vpc_config"}),
    "nodegroups": Spelling(
        kind="aws_eks_node_group",
        renamed={"nodegroupName": "node_group_name", "subnets": "subnet_ids"},
        then=siblings(cluster_name="cluster/"),
    ),
    "fargateProfiles": Spelling(
        kind="aws_eks_fargate_profile",
        renamed={"subnets": "subnet_ids"},
        then=siblings(cluster_name="cluster/"),
    ),
}
