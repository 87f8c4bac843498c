"""Data sources that select exactly one thing of the input, by literal values alone: other ids for it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, number
from auditor.model import Alias
from auditor.tree import Map, Node, Presence, Scalar, Seq

SELECTED = (
    "aws_vpc",
    "aws_subnet",
    "aws_security_group",
    "aws_route_table",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_instance",
    "aws_network_acls",
    "aws_lb",
    "aws_db_instance",
    "aws_db_subnet_group",
    "aws_eks_cluster",
    "aws_launch_template",
)

# What a filter calls an attribute, where that is not the attribute's name with hyphens.
FILTERS = {"group-name": "name", "group-id": "id", "vpc-id": "vpc_id", "cidr": "cidr_block"}

Criterion = tuple[str, str]


def read_data(block: Block) -> Iterator[Alias]:
    """Other ids for the one resource that has all that the data source asks for.

    Where a criterion is not known or not understood, or more than one resource fits, there is none.
    """
    criteria = _criteria(block)
    if not criteria:
        return
    kind = block.resource.kind.removeprefix("data.")
    found = [
        resource.address
        for resource in block.estate.of_kind(kind)
        if resource.presence is Presence.CERTAIN
        and _one_place(block, Block.of(resource, block.estate))
        and all(_has(Block.of(resource, block.estate), criterion) for criterion in criteria)
    ]
    if len(found) == 1:
        for attribute in ("id", "arn", "name"):
            yield Alias(id=f"{block.address}.{attribute}", of=found[0])


def _one_place(one: Block, other: Block) -> bool:
    """Whether nothing says that the two are in different accounts or Regions."""
    mine, theirs = one.resource.scope, other.resource.scope
    pairs = ((mine.account, theirs.account), (mine.region, theirs.region))
    return all(a == b or not a or not b for a, b in pairs)


def _criteria(block: Block) -> list[Criterion]:
    """What is asked for; empty where a part of it is not known."""
    found: list[Criterion | None] = []
    for name, node in block.body.entries.items():
        if name == "filter":
            found += [_filter(entry) for entry in block.blocks("filter")]
        elif name == "tags" and type(node) is Map and node.more is None:
            found += [_literal(f"tag:{key}", value) for key, value in node.entries.items()]
        elif node != Scalar(None, node.at):
            found.append(_literal(name, node))
    known = [criterion for criterion in found if criterion is not None]
    return known if len(known) == len(found) else []


def _filter(block: Block) -> Criterion | None:
    name, values = block.text("name"), block.get("values")
    if type(values) is not Seq or len(values.items) != 1 or values.more is not None or not name:
        return None
    return _literal(
        name if name.startswith("tag:") else FILTERS.get(name, name.replace("-", "_")), values.items[0]
    )


def _literal(name: str, node: Node) -> Criterion | None:
    if type(node) is not Scalar or (not isinstance(node.value, str) and number(node) is None):
        return None
    text = str(node.value)
    return None if "*" in text or "?" in text else (name, text)


def _has(block: Block, criterion: Criterion) -> bool:
    name, wanted = criterion
    if name.startswith("tag:"):
        return dict(block.tags).get(name.removeprefix("tag:")) == wanted
    return block.text(name) == wanted


READERS = {f"data.{kind}": read_data for kind in SELECTED}
