"""Groups of before VPCs, of databases and caches: a gap each."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import Component
from auditor.tree import GapKind

KINDS = ("aws_db_security_group", "aws_elasticache_security_group", "aws_redshift_security_group")


def read_legacy(block: Block) -> Iterator[Component]:
    """No fact, but a gap: AWS gives none of them to what stands in a VPC since EC2-Classic is no more.

    https://aws.amazon.com/blogs/aws/ec2-classic-is-retiring-heres-how-to-prepare/
    """
    what, why = f"{block.resource.kind} {block.address}", "it lets groups and addresses in, and is not read"
    block.flag(GapKind.RESOURCE, what, why, block.at, "use a VPC security group instead")
    yield from ()


READERS = dict.fromkeys(KINDS, read_legacy)

SPELLINGS = {
    "AWS::RDS::DBSecurityGroup": Spelling(kind=KINDS[0]),
    "AWS::RDS::DBSecurityGroupIngress": Spelling(kind=KINDS[0]),
    "AWS::ElastiCache::SecurityGroup": Spelling(kind=KINDS[1]),
    "AWS::ElastiCache::SecurityGroupIngress": Spelling(kind=KINDS[1]),
    "AWS::Redshift::ClusterSecurityGroup": Spelling(kind=KINDS[2]),
    "AWS::Redshift::ClusterSecurityGroupIngress": Spelling(kind=KINDS[2]),
}
