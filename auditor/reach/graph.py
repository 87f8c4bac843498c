"""The topology as a networkx graph, for exports, layouts and one's own analyses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.model import Inventory
from auditor.reach.carriers import Carriers
from auditor.reach.index import Index
from auditor.reach.tables import Tables

if TYPE_CHECKING:
    import networkx

_Edge = tuple[str, str, str]


def graph(inventory: Inventory) -> networkx.DiGraph[str, dict[str, str], dict[str, str]]:
    """Components by id, and edges by what carries packets or contains them.

    A node has ``kind`` (``vpc``, ``subnet``, ``workload``, ``security-group``, ``route-table``,
    ``network-acl``, a gateway's kind, ``external`` for what the input only names) and ``at``. An edge has
    ``kind``: ``contains`` (VPC to subnet, subnet to workload), ``carries`` (workload to group), ``uses``
    (subnet to table or ACL), ``routes`` (table to target), ``attached`` (gateway to VPC).
    """
    import networkx

    index = Index(inventory)
    found: networkx.DiGraph[str, dict[str, str], dict[str, str]] = networkx.DiGraph()
    for identity, kind, at in _nodes(inventory, index):
        found.add_node(identity, kind=kind, at=at)
    for source, target, kind in _edges(inventory, index):
        for end in (source, target):
            if end not in found:
                found.add_node(end, kind="external", at="")
        found.add_edge(source, target, kind=kind)
    return found


def _nodes(inventory: Inventory, index: Index) -> Iterator[_Edge]:
    named = (
        ("vpc", inventory.vpcs),
        ("subnet", inventory.subnets),
        ("workload", inventory.workloads),
        ("security-group", tuple(index.groups.values())),
        ("route-table", inventory.tables),
        ("network-acl", inventory.acls),
        ("nat-gateway", inventory.nat_gateways),
    )
    for kind, components in named:
        for component in components:
            yield component.id, kind, str(component.at)
    for gateway in inventory.gateways:
        yield gateway.id, gateway.kind.value, str(gateway.at)


def _edges(inventory: Inventory, index: Index) -> Iterator[_Edge]:
    yield from _of_subnets(inventory, index)
    yield from _of_workloads(inventory, index)
    yield from _of_gateways(inventory, index)


def _of_subnets(inventory: Inventory, index: Index) -> Iterator[_Edge]:
    tables = Tables(index)
    for subnet in inventory.subnets:
        vpc = index.canonical(subnet.vpc.id)
        yield vpc, subnet.id, "contains"
        for table in tables.in_effect(subnet.id, vpc):
            yield subnet.id, table.component, "uses"
        for one in index.acl_associations.get(subnet.id, ()):
            yield subnet.id, index.canonical(one.acl.id), "uses"


def _of_workloads(inventory: Inventory, index: Index) -> Iterator[_Edge]:
    carriers = Carriers(index)
    for workload in inventory.workloads:
        for link in carriers.subnets(workload).items:
            yield index.canonical(link.id), workload.id, "contains"
        for link in carriers.groups(workload).items:
            yield workload.id, index.canonical(link.id), "carries"


def _of_gateways(inventory: Inventory, index: Index) -> Iterator[_Edge]:
    for nat in inventory.nat_gateways:
        yield index.canonical(nat.subnet.id), nat.id, "contains"
    for route in inventory.routes:
        if route.target.link:
            yield index.canonical(route.table.id), index.canonical(route.target.link.id), "routes"
    for gateway in inventory.gateways:
        if gateway.vpc:
            yield gateway.id, index.canonical(gateway.vpc.id), "attached"
    for attachment in inventory.gateway_attachments:
        yield index.canonical(attachment.gateway.id), index.canonical(attachment.vpc.id), "attached"
