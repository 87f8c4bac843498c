"""Questions about a service of AWS: its addresses are not known, but which routes and rules mean them is.

AWS lists a service's addresses in a managed prefix list. Whatever they are, a route or a rule that names the
list holds for all of them, one for all of the internet too, and one for a part of it perhaps.
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from dataclasses import replace

from auditor.model import AddressPeer, EndpointType, Inventory, PrefixList
from auditor.traffic import IPV4, PUBLIC, exact

ADDRESSES = PUBLIC & IPV4
"""Any of these may be an address of a service."""


def known(inventory: Inventory, service: str) -> Inventory:
    """The same network where the addresses of one service are all that there may be, and no other's are."""
    lists = tuple(_list(one, service) for one in inventory.prefix_lists)
    own = {one.id for one in inventory.prefix_lists if one.service}
    entries = tuple(one for one in inventory.prefix_list_entries if one.prefix_list.id not in own)
    return replace(inventory, prefix_lists=lists, prefix_list_entries=entries)


def _list(one: PrefixList, service: str) -> PrefixList:
    if not one.service:
        return one
    entries = (AddressPeer(exact(ADDRESSES), one.service, one.at),) if one.service == service else ()
    return replace(one, entries=entries, open=(), service="")


def endpoints_of(inventory: Inventory, service: str) -> tuple[str, ...]:
    """The interface endpoints of a service, by their ids."""
    return tuple(
        one.id
        for one in inventory.vpc_endpoints
        if EndpointType.INTERFACE in one.types and one.service.endswith(f".{service}")
    )
