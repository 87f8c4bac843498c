"""Data sources that find an attachment or a table of a transit gateway: other ids of what the input declares.

They are asked by what can have only one: a VPN connection, a gateway of Direct Connect, the default tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from auditor.aws.reader import Block, one_of
from auditor.model import Alias, Link
from auditor.tree import Scalar, Seq

GATEWAY = "aws_ec2_transit_gateway"
OWN = "transit_gateway_attachment_id"
DX = "aws_dx_gateway_association"
DEFAULTS = {
    "default-association-route-table": "association_default_route_table_id",
    "default-propagation-route-table": "propagation_default_route_table_id",
}


def read_vpn(block: Block) -> Iterator[Alias]:
    """The attachment of a VPN connection of the input.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ec2_transit_gateway_vpn_attachment
    """
    link = block.link("vpn_connection_id")
    if _is_one(link) and block.estate.kind_at(link.id) == "aws_vpn_connection":
        yield Alias(id=f"{block.address}.id", of=f"{link.id}.{OWN}")


def read_direct_connect(block: Block) -> Iterator[Alias]:
    """The attachment of a gateway of Direct Connect, where the input associates it with the one named."""
    link, gateway = block.link("dx_gateway_id"), block.link("transit_gateway_id")
    if not (_is_one(link) and _is_one(gateway)):
        return
    found = [
        one.address
        for one, use in block.users(DX, "dx_gateway_id", link.id)
        if use.certain and one.target("associated_gateway_id").id == gateway.id
    ]
    if len(found) == 1:
        yield Alias(id=f"{block.address}.id", of=f"{found[0]}.{OWN}")


def read_table(block: Block) -> Iterator[Alias]:
    """A default table of a gateway that filters name.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayRouteTables.html
    """
    asked = dict(_filters(block))
    gateway = asked.pop("transit-gateway-id", None)
    wanted = [DEFAULTS[name] for name, link in asked.items() if name in DEFAULTS and link.id == "true"]
    if gateway is not None and wanted and block.estate.kind_at(gateway.id) == GATEWAY:
        yield Alias(id=f"{block.address}.id", of=f"{gateway.id}.{wanted[0]}")


def _filters(block: Block) -> Iterator[tuple[str, Link]]:
    """The names of filters that ask for one value, and that value."""
    for entry in block.blocks("filter"):
        values = entry.get("values")
        if not (
            block.holds(entry) and type(values) is Seq and len(values.items) == 1 and values.more is None
        ):
            continue
        node = values.items[0]
        if type(node) is Scalar and type(node.value) is bool:
            node = Scalar("true" if node.value else "false", node.at)
        found = one_of(node)
        if len(found.items) == 1 and not found.open:
            yield entry.text("name"), found.items[0]


def _is_one(link: Link | None) -> TypeGuard[Link]:
    return link is not None and link.certain and not link.any


READERS = {
    f"data.{GATEWAY}_vpn_attachment": read_vpn,
    f"data.{GATEWAY}_dx_gateway_attachment": read_direct_connect,
    f"data.{GATEWAY}_route_table": read_table,
}
