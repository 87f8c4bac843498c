"""Whether an interface is given IPv6 addresses."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.model import NO, Fact, Truth

PATHS = ("ipv6_addresses", "ipv6_address_list", "ipv6_address_count", "ipv6_prefixes", "ipv6_prefix_count")


def given_ipv6(block: Block, *above: str) -> Fact:
    """Whether the block asks for IPv6 addresses, or one of its inner blocks that ``above`` are, does."""
    found = NO
    for path in (f"{each}{name}" for each in ("", *(f"{one}." for one in above)) for name in PATHS):
        if not block.has(path) or block.integer(path) == 0:
            continue
        reasons = block.why(path)
        if not reasons:
            return Fact(Truth.YES, block.place(path))
        found = Fact(Truth.UNKNOWN, block.place(path), reasons)
    return found
