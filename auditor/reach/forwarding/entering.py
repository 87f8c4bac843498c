"""By which of its subnets a VPC is entered from a transit gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model import Direction, TransitAttachment, Truth
from auditor.reach.forwarding.place import Place
from auditor.reach.forwarding.zones import same_zone
from auditor.reach.tables import diverted
from auditor.traffic import ANY

if TYPE_CHECKING:
    from auditor.reach.forwarding.tracing import Tracer


def entries(tracer: Tracer, attachment: TransitAttachment, vpc: str | None, zone: str) -> list[Place]:
    """The subnets by which packets may enter a VPC: that of their zone, or any where it has none there.

    In appliance mode the zone is the connection's, the same in both directions.
    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
    """
    kept = tracer.around.entries
    key = (attachment.id, zone)
    if key not in kept:
        kept[key] = _subnets(tracer, attachment, vpc, zone)
    return kept[key]


def _subnets(tracer: Tracer, attachment: TransitAttachment, vpc: str | None, zone: str) -> list[Place]:
    index = tracer.index
    names: list[str | None] = [index.canonical(link.id) for link in attachment.subnets.items]
    if attachment.appliance_mode.truth is Truth.NO and not attachment.subnets.open:
        zones = [(name, index.subnets[name].zone if name in index.subnets else "") for name in names if name]
        same: list[str | None] = [name for name, own in zones if same_zone(own, zone) is Truth.YES]
        if len(same) == 1:
            names = same
        elif zone and not same:
            names = [name for name, own in zones if same_zone(own, zone) is Truth.UNKNOWN] or names
    if attachment.subnets.open or not names:
        names.append(None)
    places = [Place(vpc, name) for name in dict.fromkeys(names)]
    return places[:1] if _alike(tracer, places) else places


def _alike(tracer: Tracer, places: list[Place]) -> bool:
    """Whether it makes no difference by which of several subnets packets enter."""
    borders = tracer.around.borders
    tables = {borders.tables.in_effect(place.subnet, place.vpc) for place in places}
    screens = [
        borders.acls.screens(place.subnet, place.vpc, direction)
        for place in places
        for direction in (Direction.EGRESS, Direction.INGRESS)
    ]
    if len(tables) > 1 or any(True for each in tables for one in each for _ in diverted(one, ANY)):
        return False
    return all(len(each) == 1 and each[0].opens_all for each in screens)
