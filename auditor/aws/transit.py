"""Transit gateways and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.accepting import accepted, declares, enabled
from auditor.frozen import dataclass
from auditor.model import (
    NO,
    YES,
    Alias,
    AttachmentKind,
    Component,
    Fact,
    Link,
    Links,
    PrivateNetwork,
    TransitAttachment,
    TransitGateway,
    TransitTable,
    Truth,
)
from auditor.traffic import ANY, EMPTY, Bounds
from auditor.tree import Dialect, Presence, Reason

GATEWAY = "aws_ec2_transit_gateway"
TABLE = "aws_ec2_transit_gateway_route_table"
ASSOCIATION, PROPAGATION = "association_default_route_table_id", "propagation_default_route_table_id"


def read_gateway(block: Block) -> Iterator[Component]:
    """A transit gateway, and the default table that AWS makes with it, which has two names.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
    """
    associates = enabled(block, "default_route_table_association", YES)
    propagates = enabled(block, "default_route_table_propagation", YES)
    yield TransitGateway(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        association_table=_default(block, associates, ASSOCIATION),
        propagation_table=_default(block, propagates, PROPAGATION),
        group_references=enabled(block, "security_group_referencing_support", NO),
        scope=block.resource.scope,
        presence=block.presence,
    )
    if block.resource.dialect is Dialect.SNAPSHOT or (associates.truth is propagates.truth is Truth.NO):
        return
    yield from _made_with(block, sure=Truth.YES in {associates.truth, propagates.truth})


def _made_with(block: Block, *, sure: bool) -> Iterator[Component]:
    """The default table, unless all that a state names as one is declared by itself."""
    own = f"{block.address}.{ASSOCIATION}"
    named = {path: block.text(path) for path in (ASSOCIATION, PROPAGATION)}
    declared = {path: _declared(block, known) if known else "" for path, known in named.items()}
    if all(declared.values()):
        return
    for path, known in named.items():
        if declared[path]:
            continue
        if known:
            yield Alias(id=known, of=own)
        if path == PROPAGATION:
            yield Alias(id=f"{block.address}.{path}", of=own)
    yield TransitTable(
        id=own,
        at=block.at,
        gateway=Link(block.address, block.at),
        names=("default",),
        presence=block.presence if sure else block.possible,
    )


def _declared(block: Block, known: str) -> str:
    """The address of the table that has this id, if the input declares it."""
    tables = (Block.of(table, block.estate) for table in block.estate.of_kind(TABLE))
    return next((table.address for table in tables if known in table.ids), "")


def _default(block: Block, on: Fact, path: str) -> Link | None:
    """A default table. One set by a resource of its own holds for what is attached after that, if at all.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_transit_gateway
    """
    own = Link(f"{block.address}.{ASSOCIATION}", block.at)
    known = block.link(path)
    if known is not None and (block.resource.dialect is Dialect.SNAPSHOT or _stands(block, known)):
        own = known
    setters = block.users(f"{GATEWAY}_{path.removesuffix('_id').replace(*_TURNED)}", f"{GATEWAY[8:]}_id", *block.ids)
    if not setters:
        if on.truth is Truth.NO:
            return None
        sure = on.truth is Truth.YES
        return own if sure else Link(own.id, own.at, certain=False, reasons=on.reasons)
    targets = [setter.target("transit_gateway_route_table_id").id for setter, _ in setters]
    among = tuple(dict.fromkeys([*([] if on.truth is Truth.NO else [own.id]), *targets]))
    what = Reason(f"what is attached before {setters[0][0].address} is made", setters[0][0].at, "a snapshot")
    return Link(f"{block.address}.{path} later", block.at, certain=False, reasons=(what,), among=among)
