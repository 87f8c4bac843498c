"""Which interface of a snapshot belongs to what: an instance says so, a service only in its description.

Requester-managed interfaces: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.aws.reader.links import many_of
from auditor.frozen import dataclass
from auditor.tree import Dialect, Map, Node, Resource, Scalar

INTERFACE = "aws_network_interface"
_DATABASES = (
    "aws_db_instance",
    "aws_rds_cluster_instance",
    "aws_docdb_cluster_instance",
    "aws_neptune_cluster_instance",
)
_CACHES = ("aws_elasticache_replication_group", "aws_elasticache_cluster")

# What the descriptions of interfaces say: the types of their owner, and its name, or a part of its ARN.
NAMED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"ELB ((?:app|net|gwy)/[^/]+/\w+)$"), ("aws_lb",)),
    (re.compile(r"ELB ([^/]+)$"), ("aws_elb",)),
    (re.compile(r"Interface for NAT Gateway (nat-\w+)"), ("aws_nat_gateway",)),
    (re.compile(r"VPC Endpoint Interface (vpce-\w+)"), ("aws_vpc_endpoint",)),
    (re.compile(r"EFS mount target for fs-\w+ \((fsmt-\w+)\)"), ("aws_efs_mount_target",)),
    (re.compile(r"ElastiCache ([\w-]+?)(?:-\d{3,4}(?:-\d{3})?)?$"), _CACHES),
    (re.compile(r"Amazon EKS (.+)$"), ("aws_eks_cluster",)),
    (re.compile(r"ES (.+)$"), ("aws_opensearch_domain", "aws_elasticsearch_domain")),
    (
        re.compile(r"AWS created network interface for directory (d-\w+)"),
        ("aws_directory_service_directory",),
    ),
)
# Those that name nobody: the types of their owners, which are told by groups and subnets.
UNNAMED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"RDSNetworkInterface"), _DATABASES),
    (re.compile(r"RedshiftNetworkInterface"), ("aws_redshift_cluster",)),
    (re.compile(r"AWS Lambda VPC ENI"), ("aws_lambda_function",)),
    (re.compile(r"arn:aws[\w-]*:ecs:"), ("aws_ecs_service",)),
)
# Those of which AWS tells the interfaces by their ids.
CLAIMING = frozenset(
    {
        "aws_ec2_instance_connect_endpoint",
        "aws_ecs_task",
        "aws_efs_mount_target",
        "aws_fsx_lustre_file_system",
        "aws_fsx_ontap_file_system",
        "aws_fsx_openzfs_file_system",
        "aws_fsx_windows_file_system",
        "aws_sagemaker_notebook_instance",
        "aws_vpc_endpoint",
    }
)
# Interfaces that several owners share, or whose number changes: they say no more than their owner does.
SHARED = frozenset({"aws_lambda_function", "aws_ecs_service"})
_GROUPS = (
    ("vpc_security_group_ids",),
    ("security_group_ids",),
    ("security_groups",),
    ("vpc_config", "security_group_ids"),
    ("network_configuration", "security_groups"),
)
_ARN_TAIL = re.compile(r"[:/]((?:app|net|gwy)/.+)$|[:/]([^:/]+)$")


@dataclass(frozen=True, slots=True)
class Ownership:
    """The interfaces of each owner, where these say where it stands, and the owners of each interface.

    ``apart`` are those whose interfaces differ in their groups: each of these stands for itself.
    """

    owned: Mapping[str, tuple[Resource, ...]]
    owners: Mapping[str, tuple[str, ...]]
    apart: frozenset[str] = frozenset()


def ownership(resources: Iterable[Resource]) -> Ownership:
    """Who owns the interfaces of a snapshot; one that nothing claims owns itself."""
    collected = [one for one in resources if one.dialect is Dialect.SNAPSHOT]
    interfaces = [one for one in collected if one.kind == INTERFACE]
    if not interfaces:
        return Ownership({}, {})
    names = _by_name(collected)
    groups = _by_groups(collected)
    claims = _claims(collected)
    owned: dict[str, list[Resource]] = {}
    owners: dict[str, tuple[str, ...]] = {}
    for interface in interfaces:
        claimed = claims.get(interface.address)
        found = (claimed,) if claimed else tuple(_owners(interface, names, groups))
        owners[interface.address] = tuple(one.address for one in found)
        if len(found) == 1 and found[0].kind not in SHARED:
            owned.setdefault(found[0].address, []).append(interface)
    alike = {address: tuple(each) for address, each in owned.items() if _alike(each)}
    apart = frozenset(owned.keys() - alike.keys())
    owners.update((interface.address, ()) for address in apart for interface in owned[address])
    return Ownership(alike, owners, apart)


def _alike(interfaces: list[Resource]) -> bool:
    """Whether all have the same groups: only then are they, together, one workload."""
    return len({groups_of(one) for one in interfaces}) == 1


def _by_name(resources: Iterable[Resource]) -> dict[tuple[str, str], Resource]:
    found: dict[tuple[str, str], Resource] = {}
    for one in resources:
        tail = _ARN_TAIL.search(one.address)
        for name in filter(None, (one.address, *(tail.groups() if tail else ()))):
            found[one.kind, name] = one
    return found


def _claims(resources: Iterable[Resource]) -> dict[str, Resource]:
    """What says itself that an interface is its own, by the interface's id."""
    return {
        link.id: one
        for one in resources
        if one.kind in CLAIMING
        for name in ("network_interface_id", "network_interface_ids")
        for link in many_of(one.body.entries.get(name)).items
    }


def _by_groups(resources: Iterable[Resource]) -> dict[tuple[str, frozenset[str]], list[Resource]]:
    kinds = {kind for _, kinds in UNNAMED for kind in kinds}
    found: dict[tuple[str, frozenset[str]], list[Resource]] = {}
    for one in resources:
        if one.kind in kinds:
            found.setdefault((one.kind, groups_of(one)), []).append(one)
    return found


def _owners(
    interface: Resource,
    names: Mapping[tuple[str, str], Resource],
    groups: Mapping[tuple[str, frozenset[str]], list[Resource]],
) -> Iterator[Resource]:
    instance = names.get(("aws_instance", _text(interface, "attachment", "instance")))
    if instance is not None:
        yield instance
        return
    description = _text(interface, "description")
    for pattern, kinds in NAMED:
        match = pattern.match(description)
        if match:
            yield from [names[kind, match[1]] for kind in kinds if (kind, match[1]) in names][:1]
            return
    for pattern, kinds in UNNAMED:
        if pattern.match(description):
            wanted = groups_of(interface)
            yield from (one for kind in kinds for one in groups.get((kind, wanted), ()))
            return


def groups_of(resource: Resource) -> frozenset[str]:
    """The ids of the groups that a resource names."""
    for path in _GROUPS:
        node = _at(resource.body, path)
        if node is not None:
            return frozenset(link.id for link in many_of(node).items)
    return frozenset()


def _at(body: Map, path: tuple[str, ...]) -> Node | None:
    node: Node | None = body
    for word in path:
        node = node.entries.get(word) if isinstance(node, Map) else None
    return node


def _text(resource: Resource, *path: str) -> str:
    node = _at(resource.body, path)
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
