"""Data sources that can select nothing but one certain thing of the input: other ids for it.

AWS is read while a plan is made, and what fits may be older than the input: a data source that goes by
tags, or by a name that several things can have, is a thing of its own, which may or may not be one of the
input. Only where AWS keeps a second one from fitting is it the input's. (One that goes by an id of the input
is settled when it is evaluated.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.aws.reader import Block, one_of
from auditor.model import Alias, Lookup
from auditor.tree import Node, Presence, Scalar, Seq

Criteria = Mapping[str, str]
"""What is asked for: attributes, and the texts or the ids of what they name."""

IN_VPC = "vpc_id"

# What no two things of an account have in one Region, or in one VPC.
UNIQUE: Mapping[str, tuple[str, ...]] = {
    "aws_security_group": ("name", IN_VPC),
    "aws_subnet": ("cidr_block", IN_VPC),
    "aws_internet_gateway": (IN_VPC,),
    "aws_vpc_peering_connection": (IN_VPC, "peer_vpc_id"),
    "aws_lb": ("name",),
    "aws_lb_target_group": ("name",),
    "aws_db_instance": ("identifier",),
    "aws_db_subnet_group": ("name",),
    "aws_eks_cluster": ("name",),
    "aws_launch_template": ("name",),
}

# What data sources and their filters call these attributes, where they have another name for them.
CALLED = {
    "attachment.vpc-id": IN_VPC,
    "cidr": "cidr_block",
    "cidr-block": "cidr_block",
    "db_instance_identifier": "identifier",
    "group-name": "name",
    "vpc-id": IN_VPC,
}


def read_data(block: Block) -> Iterator[Alias | Lookup]:
    """Other ids for the one resource that alone can have what the data source asks for.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (a group's name is
    unique in its VPC), https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (subnets do not
    overlap), https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html (one gateway a VPC),
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html (one connection of two VPCs).
    """
    kind, wanted = block.resource.kind.removeprefix("data."), _criteria(block)
    unique = UNIQUE[kind]
    if not all(name in wanted for name in unique):
        if kind == "aws_security_group":
            yield Lookup(id=f"{block.address}.id", name=wanted.get("name", ""), vpc=wanted.get(IN_VPC))
        return
    if kind == "aws_security_group" and wanted["name"] == "default":
        yield Alias(id=f"{block.address}.id", of=f"{wanted[IN_VPC]}.default_security_group_id")
        return
    found = [
        resource.address
        for resource in block.estate.of_kind(kind)
        if resource.presence is Presence.CERTAIN
        and _has(Block.of(resource, block.estate), {name: wanted[name] for name in unique})
        and (IN_VPC in unique or _one_place(block, Block.of(resource, block.estate)))
    ]
    if len(found) == 1:
        for attribute in ("id", "arn", "name"):
            yield Alias(id=f"{block.address}.{attribute}", of=found[0])
    elif kind == "aws_security_group":
        yield Lookup(id=f"{block.address}.id", name=wanted["name"], vpc=wanted[IN_VPC])


def read_vpc(block: Block) -> Iterator[Alias]:
    """The default VPC of the Region, where that is asked for."""
    if block.text("default") == "true":
        yield Alias(id=f"{block.address}.id", of=block.default_vpc().id)


def read_table(block: Block) -> Iterator[Alias]:
    """The main route table of a VPC, where that is asked for."""
    wanted = _criteria(block)
    if wanted.get("association.main") == "true" and IN_VPC in wanted:
        yield Alias(id=f"{block.address}.id", of=f"{wanted[IN_VPC]}.main_route_table_id")


def _one_place(one: Block, other: Block) -> bool:
    """Whether the two are certainly in one account and Region: of one root, what is not said is one value."""
    mine, theirs = one.resource.scope, other.resource.scope
    said = all((mine.account, theirs.account, mine.region, theirs.region))
    return (mine.account, mine.region) == (theirs.account, theirs.region) and (
        said or mine.input == theirs.input
    )


def _criteria(block: Block) -> Criteria:
    """What is asked for, as far as it is known; a filter's pattern is not."""
    nodes = {name: node for name, node in block.body.entries.items() if name != "filter"}
    for entry in block.blocks("filter"):
        values = entry.get("values")
        if block.holds(entry) and type(values) is Seq and len(values.items) == 1 and values.more is None:
            nodes[entry.text("name")] = values.items[0]
    found = {CALLED.get(name, name): _named(node) for name, node in nodes.items()}
    return {name: text for name, text in found.items() if text}


def _named(node: Node) -> str:
    """The text that a node certainly is, or the id of the one thing that it names; empty where none is."""
    if type(node) is Scalar and type(node.value) is bool:
        return "true" if node.value else "false"
    links = one_of(node)
    if len(links.items) != 1 or links.open or not links.items[0].certain:
        return ""
    text = links.items[0].id
    return "" if "*" in text or "?" in text else text


def _has(block: Block, wanted: Criteria) -> bool:
    return all(_value(block, name) == text for name, text in wanted.items())


def _value(block: Block, name: str) -> str:
    if name == IN_VPC and block.resource.kind != "aws_internet_gateway":
        link = block.vpc()
        return link.id if link.certain else ""
    node = block.get(name)
    return "" if node is None else _named(node)


READERS = {
    **{f"data.{kind}": read_data for kind in UNIQUE},
    "data.aws_vpc": read_vpc,
    "data.aws_route_table": read_table,
}
