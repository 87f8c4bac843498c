"""Managed prefix lists, the customer's own and those of AWS."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, service_named
from auditor.aws.reader.respelling import with_entries
from auditor.model import Alias, Component, PrefixList, PrefixListEntry
from auditor.traffic import ANY
from auditor.tree import Dialect, Map, Node, Reason, Resource, Seq


def read_list(block: Block) -> Iterator[PrefixList]:
    """A prefix list with the entries that stand in it."""
    entries = []
    unknown: list[Reason] = []
    if block.resource.dialect is Dialect.SNAPSHOT and not block.has("entry"):
        unknown.append(Reason(f"the entries of {block.address}", block.at, "a snapshot that has them"))
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
        service=service_named(block.get("name")) if block.text("name").startswith("com.amazonaws.") else "",
        capacity=block.integer("max_entries"),
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


def _with_ranges(resource: Resource) -> Iterator[Resource]:
    """A list of AWS's own comes with its ranges, one of a customer's with its entries."""
    entries = resource.body.entries
    ranges = entries.get("cidrs")
    if "entry" in entries or not isinstance(ranges, Seq):
        yield resource
    else:
        items = tuple([Map({"cidr": item}, item.at) for item in ranges.items])
        yield with_entries(resource, entry=Seq(items, ranges.at))


SPELLINGS = {
    "PrefixLists": Spelling(
        kind="aws_ec2_managed_prefix_list",
        renamed={"PrefixListName": "name", "Entries": "entry"},
        then=_with_ranges,
    ),
    "AWS::EC2::PrefixList": Spelling(
        kind="aws_ec2_managed_prefix_list",
        renamed={"PrefixListName": "name", "Entries": "entry"},
        attributes={"PrefixListId": "id"},
    ),
}
