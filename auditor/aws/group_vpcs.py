"""Further VPCs in which security groups may be used."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import GroupVpc

KIND = "aws_vpc_security_group_vpc_association"


def read_association(block: Block) -> Iterator[GroupVpc]:
    """A VPC of the group's Region in which its members may stand too.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html
    """
    group, vpc = block.target("security_group_id"), block.target("vpc_id")
    yield GroupVpc(at=block.at, group=group, vpc=vpc, presence=block.presence)


READERS = {KIND: read_association}

_GROUP = {"GroupId": "security_group_id"}

SPELLINGS = {
    "AWS::EC2::SecurityGroupVpcAssociation": Spelling(kind=KIND, renamed=_GROUP),
    "SecurityGroupVpcAssociations": Spelling(kind=KIND, renamed=_GROUP),
}
