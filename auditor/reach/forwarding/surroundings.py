"""What tracing needs of one network: its borders, gateways, firewalls and connections."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Direction, TransitAttachment, Truth, Workload
from auditor.reach.acls import Screen
from auditor.reach.carriers import Carriers
from auditor.reach.firewalls import Firewalls
from auditor.reach.forwarding.course import Views
from auditor.reach.forwarding.place import Place
from auditor.reach.forwarding.transit import Transit
from auditor.reach.inside import Borders
from auditor.reach.joined import Joined
from auditor.reach.nat import Nat
from auditor.reach.points import Point
from auditor.reach.verdict import Leg
from auditor.traffic import IntSet


class Surroundings:
    """What tracing needs of one network.

    ``supposing`` follows packets also by routes that tables lack, behind points that let nothing pass.
    """

    def __init__(self, borders: Borders, carriers: Carriers, *, supposing: bool = False) -> None:
        self.borders = borders
        self.supposing = supposing
        self.joined = Joined(borders.index)
        self.index = borders.index
        self.transit = Transit(borders.index)
        self.firewalls = Firewalls(borders.index)
        self.nat = Nat(borders)
        self.carriers = carriers
        self.views = Views()
        self.entries: dict[tuple[str, str], list[Place]] = {}
        self.carrying: dict[tuple[str, IntSet, bool], list[TransitAttachment]] = {}
        self._acls: dict[tuple[Place, Direction], tuple[Point, ...]] = {}
        self.peerings = {one.id: one for one in borders.index.inventory.peerings}
        self.endpoints = {one.id: one for one in borders.index.inventory.vpc_endpoints}

    def acl(self, place: Place, direction: Direction) -> tuple[Point, ...]:
        """The network ACL of a place's subnet; none at a gateway."""
        if place.edge:
            return ()
        key = (place, direction)
        found = self._acls.get(key)
        if found is None:
            screens = self.borders.acls.screens(place.subnet, place.vpc, direction)
            found = self._acls[key] = self.screened(screens, direction)
        return found

    def screened(self, screens: Sequence[Screen], direction: Direction) -> tuple[Point, ...]:
        """One of several network ACLs."""
        return (self.borders.screen_point(screens, direction, Leg.REQUEST),)

    def forwards(self, workload: Workload) -> Truth:
        """Whether an instance or interface passes on what is not its own: its interfaces decide."""
        interfaces = self.carriers.interfaces.get(workload.id, ())
        truths = {one.forwards.truth for one in interfaces or (workload,)}
        return truths.pop() if len(truths) == 1 else Truth.UNKNOWN
