"""Transit gateways and their default tables."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.accepting import declares, enabled
from auditor.model import NO, YES, Alias, Component, Fact, Link, TransitGateway, TransitTable, Truth
from auditor.tree import Dialect, Reason

GATEWAY = "aws_ec2_transit_gateway"
TABLE = "aws_ec2_transit_gateway_route_table"
ROLES = ("association", "propagation")


def read_gateway(block: Block) -> Iterator[Component]:
    """A transit gateway, and the default table that AWS makes with it, which has two names.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
    """
    on = {role: enabled(block, f"default_route_table_{role}", YES) for role in ROLES}
    association, propagation = (_default(block, on[role], role) for role in ROLES)
    yield TransitGateway(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        association_table=association,
        propagation_table=propagation,
        group_references=enabled(block, "security_group_referencing_support", NO),
        scope=block.resource.scope,
        presence=block.presence,
    )
    truths = {fact.truth for fact in on.values()}
    if block.resource.dialect is not Dialect.SNAPSHOT and truths != {Truth.NO}:
        yield from _made_with(block, sure=Truth.YES in truths)


def _made_with(block: Block, *, sure: bool) -> Iterator[Component]:
    """The default table and its names, unless the tables that a state names are declared by themselves."""
    own = _table_of(block, "association")
    known = {role: block.link(_path(role)) for role in ROLES}
    ours = [role for role, link in known.items() if link is None or not declares(block, TABLE, link.id)]
    for role in ours:
        link = known[role]
        if link is not None:
            yield Alias(id=link.id, of=own)
        if role == "propagation":
            yield Alias(id=_table_of(block, role), of=own)
    if ours:
        yield TransitTable(
            id=own,
            at=block.at,
            gateway=Link(block.address, block.at),
            names=("default",),
            presence=block.presence if sure else block.possible,
        )


def _path(role: str) -> str:
    return f"{role}_default_route_table_id"


def _table_of(block: Block, role: str) -> str:
    return f"{block.address}.{_path(role)}"


def _default(block: Block, on: Fact, role: str) -> Link | None:
    """A default table. What a resource of its own sets holds for what is attached after that, if at all.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_transit_gateway_default_route_table_association
    """
    own = Link(_table_of(block, "association"), block.at)
    known = block.link(_path(role))
    if known is not None:
        own = known
    setters = block.users(f"{GATEWAY}_default_route_table_{role}", "transit_gateway_id", *block.ids)
    if setters:
        first = setters[0][0]
        targets = [setter.target("transit_gateway_route_table_id").id for setter, _ in setters]
        among = tuple(dict.fromkeys([*([] if on.truth is Truth.NO else [own.id]), *targets]))
        what = Reason(f"what is attached before {first.address} is made", first.at, "a snapshot")
        return Link(f"{_table_of(block, role)} later", block.at, certain=False, reasons=(what,), among=among)
    if on.truth is Truth.NO:
        return None
    sure = on.truth is Truth.YES
    return own if sure else Link(own.id, own.at, certain=False, reasons=on.reasons)


def read_setter(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """A table made a gateway's default one; the gateway's reader sees it."""
    yield from ()


READERS = {
    GATEWAY: read_gateway,
    **{f"{GATEWAY}_default_route_table_{role}": read_setter for role in ROLES},
}

SPELLINGS = {
    "AWS::EC2::TransitGateway": Spelling(kind=GATEWAY, attributes={"TransitGatewayArn": "arn"}),
    "TransitGateways": Spelling(kind=GATEWAY, hoisted=frozenset({"Options"})),
}
