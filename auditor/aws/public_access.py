"""Public access that is blocked for all VPCs of an account in a Region, but for exclusions.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, opposite
from auditor.aws.reader.respelling import entry, with_entries
from auditor.model import PublicAccessBlock, PublicAccessExclusion
from auditor.tree import Resource, Scalar

MODE = "internet_gateway_block_mode"


def read_options(block: Block) -> Iterator[PublicAccessBlock]:
    """The account's setting, which blocks something unless its mode is ``off``."""
    yield PublicAccessBlock(
        id=block.address,
        at=block.at,
        blocks=opposite(block.says(MODE, "off")),
        ingress_only=block.says(MODE, "block-ingress"),
        scope=block.resource.scope,
        presence=block.presence,
    )


def read_exclusion(block: Block) -> Iterator[PublicAccessExclusion]:
    """A VPC or a subnet that is left alone: wholly, or with ``allow-egress`` for what it opens itself."""
    yield PublicAccessExclusion(
        id=block.address,
        at=block.at,
        vpc=block.link("vpc_id"),
        subnet=block.link("subnet_id"),
        egress_only=block.says("internet_gateway_exclusion_mode", "allow-egress"),
        presence=block.presence,
    )


READERS = {
    "aws_vpc_block_public_access_options": read_options,
    "aws_vpc_block_public_access_exclusion": read_exclusion,
}


def _of_resource(resource: Resource) -> Iterator[Resource]:
    """The API names what is excluded by its ARN.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html
    """
    node = entry(resource, "resource_arn")
    text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    kind, _, name = text.rpartition(":")[2].partition("/")
    own = {f"{kind}_id": Scalar(name, node.at)} if node is not None and kind in {"vpc", "subnet"} else {}
    yield with_entries(resource, **own)


SPELLINGS = {
    "AWS::EC2::VPCBlockPublicAccessOptions": Spelling(kind="aws_vpc_block_public_access_options"),
    "VpcBlockPublicAccessOptions": Spelling(kind="aws_vpc_block_public_access_options"),
    "AWS::EC2::VPCBlockPublicAccessExclusion": Spelling(kind="aws_vpc_block_public_access_exclusion"),
    "VpcBlockPublicAccessExclusions": Spelling(
        kind="aws_vpc_block_public_access_exclusion", then=_of_resource
    ),
}
