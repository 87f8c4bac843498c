"""Managed prefix lists, the customer's own and those of AWS."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, service_named
from auditor.model import Alias, Component, PrefixList, PrefixListEntry
from auditor.traffic import ANY
from auditor.tree import Node, Reason, Seq


def read_list(block: Block) -> Iterator[PrefixList]:
    """A prefix list with the entries that stand in it."""
    entries = []
    unknown: list[Reason] = []
    for entry in block.blocks("entry"):
        node = entry.get("cidr")
        if node is None or not block.holds(entry):
            unknown += entry.reasons or (Reason(f"an entry of {block.address}", entry.at),)
        if node is not None and block.holds(entry):
            entries.append(entry.peer(node, ANY))
    yield PrefixList(
        id=block.address,
        at=block.at,
        names=block.names("name"),
        entries=tuple(entries),
        open=tuple(dict.fromkeys(unknown)),
        presence=block.presence,
    )


def read_entry(block: Block) -> Iterator[PrefixListEntry]:
    """An entry that is a resource of its own."""
    node = block.get("cidr")
    if node is not None:
        entry, owner = block.peer(node, ANY), block.target("prefix_list_id")
        yield PrefixListEntry(at=block.at, prefix_list=owner, entry=entry, presence=block.presence)


def read_data(block: Block) -> Iterator[Component]:
    """A prefix list that exists outside the input. What it holds is AWS's or its owner's to say."""
    own = f"{block.address}.id"
    yield PrefixList(
        id=own,
        at=block.at,
        names=block.names("name"),
        open=(Reason(f"the entries of {block.address}", block.at, "a snapshot"),),
        service=service_named(block.get("name") or _filtered(block)),
        presence=block.presence,
    )
    yield Alias(id=block.address, of=own)


def _filtered(block: Block) -> Node | None:
    """The name that a filter asks for, if it is the only one."""
    for entry in block.blocks("filter"):
        values = entry.get("values")
        if entry.text("name") == "prefix-list-name" and type(values) is Seq and values.more is None:
            return values.items[0] if len(values.items) == 1 else None
    return None


READERS = {
    "aws_ec2_managed_prefix_list": read_list,
    "aws_ec2_managed_prefix_list_entry": read_entry,
    "data.aws_prefix_list": read_data,
    "data.aws_ec2_managed_prefix_list": read_data,
}
