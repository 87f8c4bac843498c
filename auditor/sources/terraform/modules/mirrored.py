"""Data sources that are asked for a resource of the configuration by its id: they give that resource back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditor.sources.terraform.modules.instances import Expansion, Instance
from auditor.tree import Map, Node, Reference, Scalar, Seq

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

# The argument that takes the thing's own id, and the name that a filter has for it.
ITS_ID = {
    "aws_alb": ("arn", ""),
    "aws_customer_gateway": ("id", "customer-gateway-id"),
    "aws_ec2_managed_prefix_list": ("id", "prefix-list-id"),
    "aws_ec2_transit_gateway": ("id", "transit-gateway-id"),
    "aws_ec2_transit_gateway_route_table": ("id", "transit-gateway-route-table-id"),
    "aws_ec2_transit_gateway_vpc_attachment": ("id", "transit-gateway-attachment-id"),
    "aws_instance": ("instance_id", "instance-id"),
    "aws_internet_gateway": ("internet_gateway_id", "internet-gateway-id"),
    "aws_launch_template": ("id", "launch-template-id"),
    "aws_lb": ("arn", ""),
    "aws_lb_listener": ("arn", ""),
    "aws_lb_target_group": ("arn", ""),
    "aws_nat_gateway": ("id", "nat-gateway-id"),
    "aws_networkmanager_core_network": ("core_network_id", ""),
    "aws_network_interface": ("id", "network-interface-id"),
    "aws_route_table": ("route_table_id", "route-table-id"),
    "aws_security_group": ("id", "group-id"),
    "aws_subnet": ("id", "subnet-id"),
    "aws_vpc": ("id", "vpc-id"),
    "aws_vpc_endpoint": ("id", "vpc-endpoint-id"),
    "aws_vpc_peering_connection": ("id", "vpc-peering-connection-id"),
    "aws_vpn_gateway": ("id", "vpn-gateway-id"),
}

# What a resource is configured with and its data source gives back as it is.
SHARED = {
    "aws_ec2_managed_prefix_list": ("address_family", "max_entries", "name"),
    "aws_instance": ("availability_zone", "private_ip", "subnet_id", "vpc_security_group_ids"),
    "aws_lb": ("internal", "name", "security_groups", "subnets"),
    "aws_lb_target_group": ("name", "port", "protocol", "target_type", "vpc_id"),
    "aws_nat_gateway": ("allocation_id", "connectivity_type", "subnet_id"),
    "aws_network_interface": ("security_groups", "subnet_id"),
    "aws_route_table": ("vpc_id",),
    "aws_security_group": ("description", "name", "vpc_id"),
    "aws_subnet": ("availability_zone", "availability_zone_id", "cidr_block", "ipv6_cidr_block", "vpc_id"),
    "aws_vpc": ("cidr_block", "instance_tenancy", "ipv6_cidr_block"),
    "aws_vpc_endpoint": ("service_name", "vpc_endpoint_type", "vpc_id"),
}

_KEY = r'(\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\])?'
_CALL = re.compile(rf"module\.([^.\[]+){_KEY}\.")
_RESOURCE = re.compile(rf"([a-z][a-z0-9_]*)\.([^.\[]+){_KEY}$")


def mirrored(module: Module, kind: str, body: Map) -> Map | None:
    """The resource that a data source of this kind is asked for by its id, as a value; None where it is none.

    What the data source gives beside the resource's own arguments is the resource's own to be computed.
    """
    found = _its_id(kind, body)
    if found is None or found.attribute not in {"id", "arn"}:
        return None
    place = _RESOURCE.search(_CALL.sub("", found.target.rpartition(":")[2]))
    if place is None or place[1] != kind:
        return None
    resource = resource_at(module, found.target)
    entries: dict[str, Node] = {}
    if isinstance(resource, Map):
        given = resource.entries
        entries = {name: given[name] for name in SHARED.get(kind, ()) if name in given}
    return Map(entries, body.at, more=Reference(found.target, "", body.at))


def _its_id(kind: str, body: Map) -> Reference | None:
    argument, name = ITS_ID.get(kind, ("", ""))
    node = body.entries.get(argument)
    return node if isinstance(node, Reference) else _filtered(body.entries.get("filter"), name)


def _filtered(node: Node | None, wanted: str) -> Reference | None:
    """The one value that a filter of this name asks for, if it is a reference."""
    for entry in node.items if isinstance(node, Seq) and wanted else ():
        if isinstance(entry, Map):
            name, values = entry.entries.get("name"), entry.entries.get("values")
            only = values.items if isinstance(values, Seq) and values.more is None else ()
            if isinstance(name, Scalar) and name.value == wanted and len(only) == 1:
                return only[0] if isinstance(only[0], Reference) else None
    return None


def resource_at(module: Module, address: str) -> Node | None:
    """The resource with this address, in whatever root, as a value; None where it cannot be told."""
    states = module.run.states
    found = None if states is None else states.resource(module.run.name, address)
    if found is not None:
        return found
    while module.parent is not None:
        module = module.parent.module
    return resource_in(module, address)


def resource_in(top: Module, address: str) -> Node | None:
    """The same in one root."""
    module = top
    call = _CALL.match(address)
    while call is not None:
        block = module.declarations.blocks["module"].get(call[1])
        instance = None if block is None else _instance(module.calls.expansion(call[1], block), call[2])
        if block is None or instance is None:
            return None
        module = module.calls.child(call[1], block, instance)
        address = address[call.end() :]
        call = _CALL.match(address)
    place = _RESOURCE.match(address)
    name = "" if place is None else f"{place[1]}.{place[2]}"
    found = module.declarations.blocks["resource"].get(name)
    if place is None or found is None:
        return None
    one = _instance(module.resources.expansion(name, found), place[3])
    return None if one is None else module.resources.object(name, found, one)


def _instance(expansion: Expansion, suffix: str | None) -> Instance | None:
    wanted = suffix or ""
    return next((each for each in expansion.instances.values() if each.suffix == wanted), None)
