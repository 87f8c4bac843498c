"""What the AWS provider fills in by a known rule from what is configured, though its values come with apply.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/networkfirewall_firewall
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.tree import Map, Node, Reference, Seq

ZoneOf = Callable[[Node], "Node | None"]
"""The zone of the subnet that a node names, where the input says it."""


def computed(kind: str, body: Map, address: str, zone_of: ZoneOf) -> Mapping[str, Node]:
    """The attributes of a resource that have a known shape, by name."""
    if kind != "aws_networkfirewall_firewall":
        return {}
    mappings = body.entries.get("subnet_mapping")
    if not isinstance(mappings, Seq) or mappings.more is not None or not mappings.items:
        return {}
    subnets = [item.entries.get("subnet_id") if isinstance(item, Map) else None for item in mappings.items]
    states = [_state(address, place, subnet, zone_of) for place, subnet in enumerate(subnets) if subnet]
    if len(states) < len(subnets):
        return {}
    at = mappings.at
    found = Map(
        {"sync_states": Seq(tuple(states), at, unordered=True)},
        at,
        more=Reference(address, "firewall_status[0].", at),
    )
    return {"firewall_status": Seq((found,), at)}


def _state(address: str, place: int, subnet: Node, zone_of: ZoneOf) -> Map:
    """The state of the endpoint in one subnet: ``subnet_mapping[0].endpoint_id`` is what its id is called."""
    own = f"subnet_mapping[{place}]"
    at = subnet.at
    attachment = Map(
        {"endpoint_id": Reference(address, f"{own}.endpoint_id", at), "subnet_id": subnet},
        at,
        more=Reference(address, f"{own}.attachment.", at),
    )
    zone = zone_of(subnet) or Reference(address, f"{own}.availability_zone", at)
    return Map({"attachment": Seq((attachment,), at), "availability_zone": zone}, at)
