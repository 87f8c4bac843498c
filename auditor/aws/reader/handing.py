"""What AWS's own proxies hand requests on to, member by member."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.model import Link, ProxyTarget
from auditor.tree import Location


def handed_to(member: Link, group: Link, block: Block, at: Location | None = None) -> ProxyTarget:
    """A member of a group, as a block has it or names it at a place; possible where it may be another."""
    return ProxyTarget(
        at=at or block.at,
        group=group,
        workload=member,
        presence=block.presence if member.certain else block.possible,
        reasons=(*block.reasons, *member.reasons),
    )
