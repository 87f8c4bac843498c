"""What resources of their own put on another one."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.aws.reader.links import joined, uncertain
from auditor.model import Links
from auditor.tree import Presence


def given_by(block: Block, kind: str, attribute: str, wanted: str) -> Links:
    """What the resources of ``kind`` that name the block in ``attribute`` name in ``wanted``.

    Where it is not certain that one is there, or that it means this block, what it names is not either.
    """
    parts = []
    for user, link in block.users(kind, attribute, *block.ids):
        found = user.one(wanted)
        sure = link.certain and user.presence is Presence.CERTAIN
        parts.append(found if sure else uncertain(found, link.reasons or user.reasons))
    return joined(*parts)
