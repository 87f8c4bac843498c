"""Settings that AWS calls ``enable`` and ``disable``, and whether somebody accepts what must be accepted."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.model import YES, Fact, Truth
from auditor.tree import Presence, Reason


def enabled(block: Block, path: str, default: Fact) -> Fact:
    """Whether a setting is ``enable``; ``default`` where it is absent."""
    return block.says(path, "enable") if block.has(path) else default


def accepted(block: Block, kind: str, path: str, default: Fact = YES) -> Fact:
    """Whether a resource of ``kind``, which names the block in ``path``, accepts it.

    ``default`` is what its ``auto_accept`` is where that is absent. Where nobody in the input accepts, that
    is not known: somebody else may have done so.
    """
    reasons: list[Reason] = []
    for user, link in block.users(kind, path, *block.ids):
        done = user.text("accept_status") == "active"
        accepts = Fact(Truth.YES, user.at) if done else user.fact("auto_accept", default)
        if accepts.truth is Truth.YES and link.certain and user.presence is Presence.CERTAIN:
            return Fact(Truth.YES, user.at)
        reasons += (*accepts.reasons, *link.reasons, *user.reasons)
    what = Reason(f"whether {block.address} is accepted", block.at, f"an {kind}, or a snapshot")
    return Fact(Truth.UNKNOWN, block.at, tuple(dict.fromkeys(reasons)) or (what,))


def declares(block: Block, kind: str, identity: str) -> bool:
    """Whether the input has the resource of ``kind`` that an id or an address names."""
    found = block.estate.at_address(identity)
    if found is not None:
        return found.kind == kind
    return any(identity in Block.of(one, block.estate).ids for one in block.estate.of_kind(kind))
