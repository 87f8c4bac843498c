"""Public access that is blocked for all VPCs of an account in a Region, but for exclusions.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, opposite
from auditor.model import PublicAccessBlock


def read_options(block: Block) -> Iterator[PublicAccessBlock]:
    """The account's setting, which blocks something unless its mode is ``off``."""
    yield PublicAccessBlock(
        id=block.address,
        at=block.at,
        blocks=opposite(block.says("internet_gateway_block_mode", "off")),
        presence=block.presence,
    )


READERS = {"aws_vpc_block_public_access_options": read_options}
SPELLINGS = {
    "AWS::EC2::VPCBlockPublicAccessOptions": Spelling(kind="aws_vpc_block_public_access_options"),
    "VpcBlockPublicAccessOptions": Spelling(kind="aws_vpc_block_public_access_options"),
}
