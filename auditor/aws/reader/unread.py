"""Resources of types that no reader knows: shown where they stand in the network, else passed over."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import Estate, kind_of
from auditor.aws.reader.links import joined, many_of, one_of
from auditor.aws.reader.tagging import open_tags
from auditor.model import Links, Workload
from auditor.tree import Dialect, Map, Node, Reason, Reference, Seq, Unknown

GROUP_KINDS = frozenset({"aws_security_group", "aws_default_security_group"})
GROUP_LISTS = frozenset(
    {
        "custom_security_group_ids",
        "security_group",
        "security_group_arns",
        "security_group_id",
        "security_group_id_list",
        "security_group_ids",
        "security_groups",
        "vpc_security_group_ids",
        "vpc_security_groups",
    }
)
SUBNET_LISTS = frozenset(
    {"subnet_arns", "subnet_id", "subnet_id_list", "subnet_ids", "subnets", "vpc_subnet_ids"}
)

# Types that may hold the id of a group as plain data.
ONLY_DATA = (
    "aws_appconfig_",
    "aws_cloudformation_",
    "aws_cloudwatch_",
    "aws_config_",
    "aws_dynamodb_table_item",
    "aws_ec2_tag",
    "aws_fms_",
    "aws_iam_",
    "aws_inspector",
    "aws_ram_",
    "aws_resourcegroups_",
    "aws_s3_",
    "aws_secretsmanager_",
    "aws_ssm_",
    "aws_lambda_invocation",
    "aws_network_interface_permission",
    "AWS::AppConfig::",
    "AWS::CloudFormation::",
    "AWS::CloudWatch::",
    "AWS::Config::",
    "AWS::EC2::NetworkInterfacePermission",
    "AWS::FMS::",
    "AWS::IAM::",
    "AWS::Inspector",
    "AWS::RAM::",
    "AWS::ResourceGroups::",
    "AWS::S3::",
    "AWS::SSM::",
    "AWS::SecretsManager::",
)


def read_unread(block: Block) -> Iterator[Workload]:
    """A workload that is not modelled, where the resource names a security group anywhere in its body."""
    kind = kind_of(block.resource)
    if kind.startswith(ONLY_DATA) or not (kind.startswith(("aws_", "AWS::")) or _alone(block)):
        return
    groups, subnets = _found(block.body, block.estate)
    if not (groups.items or groups.open):
        return
    if not (subnets.items or subnets.open):
        what = f"where {kind} is placed is not modelled"
        subnets = Links(open=(Reason(what, block.at, "a snapshot"),))
    yield Workload(
        id=block.address,
        kind=kind,
        at=block.at,
        names=block.names("name"),
        tags=block.tags,
        open_tags=open_tags(block),
        subnets=subnets,
        groups=groups,
        default_group=False,
        modelled=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def _alone(block: Block) -> bool:
    """Whether a thing of a snapshot is all that tells of its interfaces: there are none in it."""
    return block.resource.dialect is Dialect.SNAPSHOT and not block.estate.ownership.owners


def _found(body: Map, estate: Estate) -> tuple[Links, Links]:
    groups: list[Links] = []
    subnets: list[Links] = []
    for name, node in body.entries.items():
        if name in GROUP_LISTS or name in SUBNET_LISTS:
            read = one_of if name.endswith("_id") else many_of
            (groups if name in GROUP_LISTS else subnets).append(read(node))
        else:
            inner = _inside(node, estate)
            groups.append(inner[0])
            subnets.append(inner[1])
    return joined(*groups), joined(*subnets)


def _inside(node: Node, estate: Estate) -> tuple[Links, Links]:
    inner: tuple[Node, ...]
    match node:
        case Map():
            return _found(node, estate)
        case Seq():
            inner = node.items if node.more is None else (*node.items, node.more)
        case Unknown():
            inner = node.options
        case Reference() if estate.kind_at(node.target) in GROUP_KINDS:
            return one_of(node), Links()
        case _:
            return Links(), Links()
    parts = [_inside(each, estate) for each in inner]
    return joined(*(part[0] for part in parts)), joined(*(part[1] for part in parts))
