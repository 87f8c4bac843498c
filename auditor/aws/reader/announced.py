"""What lies behind an attachment that is no VPC: networks that nobody but their routers tells."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.model import Link, PrivateNetwork
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import Reason


def announced_by(block: Block, reason: Reason) -> PrivateNetwork:
    """The networks that are announced over an attachment: which addresses they have, no input says."""
    return PrivateNetwork(
        id=f"{block.address}.network",
        at=block.at,
        names=block.names(),
        attachment=Link(block.address, block.at),
        prefixes=Bounds(EMPTY, ANY),
        reasons=(reason,),
        presence=block.presence,
    )
