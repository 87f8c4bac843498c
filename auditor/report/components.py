"""The components of an inventory as values of JSON."""

from __future__ import annotations

from auditor.model import Inventory
from auditor.tree import Location

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def components(inventory: Inventory) -> dict[str, Json]:
    """Every component by its kind: its address, its names and its place."""
    return {
        "vpcs": [_named(each.id, each.names, each.at) for each in inventory.vpcs],
        "subnets": [_named(each.id, each.names, each.at) for each in inventory.subnets],
        "route_tables": [_named(each.id, each.names, each.at) for each in inventory.tables],
        "network_acls": [_named(each.id, each.names, each.at) for each in inventory.acls],
        "security_groups": [_named(each.id, each.names, each.at) for each in inventory.groups],
        "gateways": [
            *(
                _named(each.id, each.names, each.at) | {"kind": each.kind.value}
                for each in inventory.gateways
            ),
            *(
                _named(each.id, each.names, each.at) | {"kind": "nat-gateway"}
                for each in inventory.nat_gateways
            ),
        ],
        "workloads": [
            _named(each.id, each.names, each.at) | {"kind": each.kind, "modelled": each.modelled}
            for each in inventory.workloads
        ],
    }


def _named(identity: str, names: tuple[str, ...], at: Location) -> dict[str, Json]:
    return {"address": identity, "names": list(names), "at": str(at)}
