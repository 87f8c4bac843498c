"""What is known of a data source without asking AWS: its own arguments, and the provider's Region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.sources.terraform.modules import remote
from auditor.sources.terraform.modules.mirrored import mirrored
from auditor.sources.terraform.syntax import ast
from auditor.sources.values import identity
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

SETTLED_BY = "a snapshot, or the other root loaded beside it"
LISTS = {
    "aws_availability_zones": ("names", "zone_ids", "group_names"),
    "aws_subnets": ("ids",),
    "aws_security_groups": ("ids", "arns", "vpc_ids"),
    "aws_vpcs": ("ids",),
    "aws_route_tables": ("ids",),
    "aws_instances": ("ids", "private_ips", "public_ips"),
}
PARTITIONS = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", "amazonaws.com")}


def data_object(module: Module, block: ast.Block, body: Map, address: str) -> Map:
    """A data source as a value: its arguments, which it gives back, and unknowns for all else."""
    kind = block.labels[0]
    itself = mirrored(module, kind, body)
    if itself is not None:
        return itself
    reasons = remote.unread(kind, body, address, block.at) or (Reason(address, block.at, SETTLED_BY),)
    entries: dict[str, Node] = {}
    for name, node in body.entries.items():
        if isinstance(node, Scalar) and node.value is None:
            continue
        if isinstance(node, Scalar | Reference) or (isinstance(node, Unknown) and not _may_be_null(node)):
            entries[name] = node
    entries |= _from_provider(module, block, body, address)
    outputs = remote.outputs(module, kind, body, address) if kind in remote.OUTPUTS else None
    if outputs is not None:
        entries[remote.OUTPUTS[kind]] = outputs
    for name in LISTS.get(kind, ()):
        named = identity(f"{address}.{name}")
        entries.setdefault(name, Unknown(reasons, block.at, identity=named, type="list(string)"))
    more = Unknown(reasons, block.at, identity=identity(f"{address}."))
    return Map(entries, body.at, more=more)


def _may_be_null(node: Unknown) -> bool:
    return any(isinstance(option, Scalar) and option.value is None for option in node.options)


def _from_provider(module: Module, block: ast.Block, body: Map, address: str) -> dict[str, Node]:
    """What follows from the provider's configuration alone."""
    kind, at = block.labels[0], block.at
    if kind not in {"aws_region", "aws_partition", "aws_caller_identity", "aws_vpc_endpoint_service"}:
        return {}
    scope = module.providers.scope(block, body, address)
    if kind == "aws_caller_identity":
        return (
            _texts({"account_id": scope.account, "id": scope.account}, at)
            if scope.account.isdecimal()
            else {}
        )
    if not scope.region:
        return {}
    if kind == "aws_region":
        given = not body.entries.keys() & {"name", "endpoint"}
        return _texts({"name": scope.region, "id": scope.region, "region": scope.region}, at) if given else {}
    found = [names for prefix, names in PARTITIONS.items() if scope.region.startswith(prefix)]
    if kind == "aws_vpc_endpoint_service":
        return {} if found else _service_name(body, scope.region, at)
    partition, suffix = found[0] if found else ("aws", "amazonaws.com")
    return _texts({"partition": partition, "id": partition, "dns_suffix": suffix}, at)


def _service_name(body: Map, region: str, at: Location) -> dict[str, Node]:
    """The full name of a service of AWS that is asked for by its short one."""
    service = body.entries.get("service")
    if not isinstance(service, Scalar) or not isinstance(service.value, str) or not service.value:
        return {}
    return _texts({"service_name": f"com.amazonaws.{region}.{service.value}"}, at)


def _texts(values: dict[str, str], at: Location) -> dict[str, Node]:
    return {name: Scalar(value, at) for name, value in values.items()}
