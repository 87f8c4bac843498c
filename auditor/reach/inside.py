"""The way from one interface to another in one VPC, and the borders that it shares with every other way."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from auditor.model import Direction, Family, TargetKind, Truth
from auditor.reach.acls import Acls, Screen
from auditor.reach.groups import Groups, carried
from auditor.reach.index import Index, place
from auditor.reach.points import ALL, PERHAPS, Clause, Mend, Point, requests_of
from auditor.reach.spot import Spot
from auditor.reach.tables import Table, Tables, Way, diverted
from auditor.reach.verdict import Blocker, Code, Leg
from auditor.traffic import ANY, EVERYTHING, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.tree import Location, Reason


class Borders:
    """The control points of security groups, network ACLs and local routes."""

    def __init__(self, index: Index, *, strict: bool) -> None:
        self.index = index
        self.groups = Groups(index)
        self.acls = Acls(index, strict=strict)
        self.tables = Tables(index)
        self._group_points: dict[Hashable, Point] = {}
        self._acl_points: dict[tuple[str | None, str | None, Direction, Leg], Point] = {}
        self._networks: dict[Hashable, tuple[Point, ...]] = {}
        self._passes: dict[Hashable, Bounds[Traffic]] = {}
        self._blockers: dict[tuple[frozenset[str] | str, frozenset[str], bool, Direction], Blocker] = {}
        self._open_places: dict[tuple[str | None, str | None, Family], tuple[bool, tuple[Table, ...]]] = {}

    def group_point(self, spot: Spot, direction: Direction, peer: Spot | None) -> Point | None:
        """The groups on a spot; none where nothing filters it. ``peer`` None is outside the VPC."""
        if not spot.filtered:
            return None
        key = self._tells(spot, direction, peer)
        found = self._group_points.get(key)
        if found is None:
            found = self._group_points[key] = self._group_point(spot, direction, peer)
        other = _named(peer)
        if found.mend is None or found.mend.peer == other:
            return found
        return replace(found, mend=replace(found.mend, peer=other))

    def _tells(self, spot: Spot, direction: Direction, peer: Spot | None) -> Hashable:
        """All that the groups on a spot depend on, towards a peer: of its groups those that rules name."""
        carried = (spot.groups, spot.possible, direction)
        named, _, known = self.groups.named(spot, direction)
        who = None if known and not spot.open else (spot.owner, spot.at, spot.open)
        if peer is None:
            return (carried, spot.reasons, who)
        met = (*self.groups.met(spot, direction, peer), peer.open, peer.reasons) if named else ()
        return (carried, spot.reasons, who, met)

    def _group_point(self, spot: Spot, direction: Direction, peer: Spot | None) -> Point:
        clauses = tuple(self.groups.clauses(spot, direction, peer))
        may = Traffic.union([clause.region.may for clause in clauses])
        must = Traffic.union([clause.region.must for clause in clauses])
        stop = self.group_blocker(spot, direction)
        passes = exact(may) if must == may else Bounds(must, may)
        return Point(
            kind="security-group",
            component=stop.component,
            code=stop.code,
            passes=self._passes.setdefault((passes.must.boxes, passes.may.boxes), passes),
            clauses=clauses,
            at=stop.at,
            text=stop.text,
            mend=self.group_mend(spot, direction, peer),
        )

    def group_mend(self, spot: Spot, direction: Direction, peer: Spot | None) -> Mend:
        """The rule that would open the groups on a spot; it names a group of the peer where it has one."""
        groups = [group for group, _ in carried(spot)]
        holder = groups[0] if groups else f"a group of {spot.owner}"
        return Mend(f"add an {direction.value} rule to {holder}", direction, _named(peer))

    def group_blocker(self, spot: Spot, direction: Direction) -> Blocker:
        """What the groups on a spot are as the reason for which nothing passes."""
        key = (spot.groups or spot.owner, spot.possible, bool(spot.open), direction)
        found = self._blockers.get(key)
        if found is None:
            groups = [group for group, _ in carried(spot)]
            empty = not spot.open and not any(self.groups.has_rules(group) for group in groups)
            name = ", ".join(groups) or spot.owner
            what = "no rules" if empty else f"no {direction.value} rule that matches"
            known = self.index.groups.get(groups[0]) if groups else None
            found = self._blockers[key] = Blocker(
                code=Code.SG_HAS_NO_RULES if empty else Code.ENI_SG_RULES_MISMATCH,
                component=name,
                leg=Leg.REQUEST,
                at=known.at if known else spot.at,
                text=f"{name} has {what}",
            )
        return found

    def acl_point(self, spot: Spot, direction: Direction, leg: Leg) -> Point:
        """The network ACL of a spot's subnet, in one direction of its packets."""
        key = (spot.subnet, spot.vpc, direction, leg)
        found = self._acl_points.get(key)
        if found is None:
            screens = self.acls.screens(spot.subnet, spot.vpc, direction)
            found = self._acl_points[key] = self.screen_point(screens, direction, leg)
        return found

    def screen_point(self, screens: Sequence[Screen], direction: Direction, leg: Leg) -> Point:
        """One of several network ACLs as a point."""
        first = screens[0]
        passes = either([screen.passes for screen in screens])
        clauses = tuple(clause for screen in screens for clause in screen.clauses)
        if len(screens) > 1:
            names = " or ".join(screen.component for screen in screens)
            why = Reason(f"which network ACL is in effect: {names}", first.at or Location(""))
            clauses = tuple(replace(one, reasons=(*one.reasons, why), undecided=True) for one in clauses)
        if leg is Leg.REPLY:
            passes = requests_of(passes)
            clauses = tuple(replace(one, region=requests_of(one.region)) for one in clauses)
        way = "out of" if direction is Direction.EGRESS else "into"
        return Point(
            kind="network-acl",
            component=first.component,
            code=Code.SUBNET_ACL_RESTRICTION,
            passes=passes,
            clauses=clauses,
            leg=leg,
            at=first.at,
            text=f"{first.component} allows none of it {way} its subnet",
            mend=Mend(f"add an {direction.value} entry to {first.component}", direction),
        )

    def local_point(self, spot: Spot, addresses: IntSet, leg: Leg) -> Point:
        """The route from a spot to addresses of its own VPC."""
        tables = self.tables.in_effect(spot.subnet, spot.vpc)
        points = [_local(table, addresses, leg) for table in tables]
        if len(points) == 1:
            return points[0]
        clauses = tuple(clause for point in points for clause in point.clauses)
        return replace(points[0], passes=either([point.passes for point in points]), clauses=clauses)

    def is_open(self, one: Spot, other: Spot) -> bool:
        """Whether nothing but security groups stands between two spots of one family in one VPC."""
        return self._lets_all_to(one, other.addresses) and self._lets_all_to(other, one.addresses)

    def _lets_all_to(self, spot: Spot, addresses: IntSet) -> bool:
        """Whether no ACL and no route keeps what a spot sends to addresses of its VPC, or gets from them."""
        screened, tables = self._open_at(spot)
        return not screened and not any(any(True for _ in diverted(table, addresses)) for table in tables)

    def _open_at(self, spot: Spot) -> tuple[bool, tuple[Table, ...]]:
        place = (spot.subnet, spot.vpc, spot.family)
        found = self._open_places.get(place)
        if found is None:
            found = self._open_places[place] = self._open_place(spot)
        return found

    def _open_place(self, spot: Spot) -> tuple[bool, tuple[Table, ...]]:
        """Whether an ACL keeps anything at a spot's place, and the tables that may divert anything there."""
        screens = [self.acls.screens(spot.subnet, spot.vpc, direction) for direction in Direction]
        screened = not all(len(each) == 1 and each[0].opens(spot.family) for each in screens)
        tables = self.tables.in_effect(spot.subnet, spot.vpc)
        return screened, tuple(table for table in tables if any(True for _ in diverted(table, ANY)))

    def leads_round(self, one: Spot, other: Spot) -> bool:
        """Whether a route may take packets between two spots of a VPC from the straight way."""
        if self.same_subnet(one, other) is Truth.YES:
            return False
        return any(
            any(True for _ in diverted(table, peer.addresses))
            for spot, peer in ((one, other), (other, one))
            for table in self._open_at(spot)[1]
        )

    def stays(self, one: Spot | None, other: Spot | None) -> bool:
        """Whether packets between two spots need no route but the local one of their VPC."""
        if one is None or other is None or self.index.same_vpc(one.vpc, other.vpc) is not Truth.YES:
            return False
        return not self.leads_round(one, other)

    def same_subnet(self, one: Spot, other: Spot) -> Truth:
        """Whether two spots are in one subnet."""
        return self.index.same_subnet(one.subnet, other.subnet)

    def between(self, source: Spot, destination: Spot) -> tuple[Point, ...]:
        """Every point between two spots of one VPC, in the order in which the packets meet them."""
        points = [self.group_point(source, Direction.EGRESS, destination)]
        same = self.same_subnet(source, destination)
        network = () if same is Truth.YES else self._network(source, destination)
        if same is Truth.UNKNOWN:
            network = tuple(_perhaps_not_met(point, source, destination) for point in network)
        points.extend(point for point in network if point.leg is Leg.REQUEST)
        points.append(self.group_point(destination, Direction.INGRESS, source))
        points.extend(point for point in network if point.leg is Leg.REPLY)
        return tuple(point for point in points if point is not None)

    def _network(self, source: Spot, destination: Spot) -> tuple[Point, ...]:
        ends = ((spot.subnet, spot.vpc, spot.addresses) for spot in (source, destination))
        key = tuple(ends)
        found = self._networks.get(key)
        if found is None:
            found = self._networks[key] = self._between(source, destination)
        return found

    def _between(self, source: Spot, destination: Spot) -> tuple[Point, ...]:
        return (
            self.local_point(source, destination.addresses, Leg.REQUEST),
            self.acl_point(source, Direction.EGRESS, Leg.REQUEST),
            self.acl_point(destination, Direction.INGRESS, Leg.REQUEST),
            self.local_point(destination, source.addresses, Leg.REPLY),
            self.acl_point(destination, Direction.EGRESS, Leg.REPLY),
            self.acl_point(source, Direction.INGRESS, Leg.REPLY),
        )


def _named(peer: Spot | None) -> str:
    """The group of a peer that a rule may name."""
    return min(peer.groups) if peer is not None and peer.groups and not peer.chosen else ""


def either(bounds: Iterable[Bounds[Traffic]]) -> Bounds[Traffic]:
    """One of several, not known which: what all let pass for certain, and what one lets pass perhaps."""
    given = list(bounds)
    if len(given) == 1:
        return given[0]
    must = given[0].must
    for each in given[1:]:
        must = must & each.must
    return Bounds(must, Traffic.union([each.may for each in given]))


def _perhaps_not_met(point: Point, source: Spot, destination: Spot) -> Point:
    """A point that the packet meets only if the two subnets are not one."""
    names = f"{place(source.subnet, source.vpc)} and {place(destination.subnet, destination.vpc)}"
    why = Reason(f"whether {names} are one subnet", source.at or destination.at or Location(""))
    if point.passes.must == EVERYTHING:
        return point
    clauses = tuple(replace(one, reasons=(*one.reasons, why)) for one in point.clauses)
    same = Clause(component=point.component, at=None, text="in one subnet", region=PERHAPS, reasons=(why,))
    return replace(point, passes=Bounds(point.passes.must, EVERYTHING), clauses=(*clauses, same))


def _local(table: Table, addresses: IntSet, leg: Leg) -> Point:
    """The local route of a table, and what takes traffic to the addresses away from it."""
    clauses = [_diverting(way, region) for way, region in diverted(table, addresses)]
    passes = ALL
    if clauses:
        away = Traffic.union([clause.region.may for clause in clauses])
        dropped = Traffic.union([clause.region.must for clause in clauses if not clause.allows])
        passes = Bounds(EVERYTHING - away, EVERYTHING - dropped)
        # What a middlebox passes on is not known: its part may pass, and never for certain.
        clauses = [
            replace(one, region=Bounds(NOTHING, one.region.may)) if one.allows else one for one in clauses
        ]
    local = Clause(component=table.component, at=table.at, text="local", region=exact(passes.must))
    shown = (*clauses, local)
    if leg is Leg.REPLY:
        passes = requests_of(passes)
        shown = tuple(replace(one, region=requests_of(one.region)) for one in shown)
    return Point(
        kind="route-table",
        component=table.component,
        code=Code.BAD_STATE_ROUTE,
        passes=passes,
        clauses=shown,
        leg=leg,
        at=table.at,
        text=f"{table.component} sends it into a black hole",
        mend=Mend(f"remove the route of {table.component} that leads into a black hole"),
    )


def _diverting(way: Way, region: Bounds[IntSet]) -> Clause:
    kind = way.target.kind
    name = way.target.link.id if way.target.link else kind.value
    bounds = Bounds(Traffic.of(destinations=region.must), Traffic.of(destinations=region.may))
    at = way.at or Location("")
    why = Reason(
        f"what passes {name} ({kind.value}), which takes traffic to {way.text} from the local route", at
    )
    return Clause(
        component=name,
        at=way.at,
        text=f"{way.text} to {name}",
        region=bounds,
        allows=kind is not TargetKind.BLACKHOLE,
        reasons=(why, *way.reasons),
    )
