"""What a route table does with a set of addresses: the part that stays in the VPC, and each route's part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import TargetKind
from auditor.reach.forwarding.place import Place
from auditor.reach.index import Index
from auditor.reach.points import ALL, NONE, Clause, Point
from auditor.reach.tables import Table, Way, diverted
from auditor.reach.verdict import Code
from auditor.traffic import EMPTY, Bounds, IntSet, Traffic
from auditor.tree import Location, Reason


@dataclass(frozen=True, slots=True)
class Lying:
    """Where addresses lie, beside what they are: ``foreign`` ones in no VPC.

    Those of interfaces of the VPC ``native`` lie in that, whatever its ranges are.
    """

    foreign: bool = False
    native: str | None = None


ANYWHERE = Lying()


def local_part(table: Table, addresses: IntSet, lying: Lying, vpc: str | None) -> Bounds[IntSet]:
    """The addresses that the local route of a table takes in a VPC, or may take.

    Of a range that is not known, no foreign address is a part.
    """
    native = lying.native is not None and lying.native == vpc
    must = (table.local.may if native else table.local.must) & addresses
    may = must if lying.foreign else table.local.may & addresses
    if not may:
        return Bounds(EMPTY, EMPTY)
    for _, region in diverted(table, addresses):
        must, may = must - region.may, may - region.must
    return Bounds(must, may)


def routed_parts(table: Table, addresses: IntSet, *, foreign: bool) -> Iterator[Way]:
    """The routes that take a part of the addresses, each with its part as its region."""
    inside = table.local.must
    possible = inside if foreign else table.local.may
    for way, region in diverted(table, addresses):
        yield replace(way, region=region)
    for way in table.ways:
        if way.target.kind is TargetKind.LOCAL:
            continue
        part = way.region.may & addresses
        if not part:
            continue
        part = part - inside
        if part:
            yield replace(way, region=Bounds((way.region.must & part) - possible, part))


def local_point(table: Table, part: Bounds[IntSet], addresses: IntSet) -> Point:
    """The local route of a table as a point."""
    region = Bounds(Traffic.of(destinations=part.must), Traffic.of(destinations=part.may))
    why = (
        () if part.known else (Reason(f"the ranges of the VPC of {_name(table)}", table.at or Location("")),)
    )
    clause = Clause(component=table.component, at=table.at, text="local", region=region, reasons=why)
    return Point(
        kind="route-table",
        component=table.component,
        code=Code.NO_ROUTE_TO_DESTINATION,
        passes=ALL if addresses <= part.must else region,
        clauses=(clause,),
        at=table.at,
        text=f"{table.component} does not keep it in the VPC",
    )


def own_part(index: Index, place: Place, addresses: IntSet, lying: Lying) -> Bounds[IntSet]:
    """The addresses of a place's own subnet: what goes to them is not routed."""
    subnet = None if place.edge else index.subnets.get(place.subnet or "")
    if subnet is None or lying.foreign:
        return Bounds(EMPTY, EMPTY)
    return Bounds(subnet.cidrs.must & addresses, subnet.cidrs.may & addresses)


def own_point(subnet: str, part: Bounds[IntSet], addresses: IntSet) -> Point:
    """What goes to addresses of the subnet that it comes from, past every route."""
    region = Bounds(Traffic.of(destinations=part.must), Traffic.of(destinations=part.may))
    why = () if part.known else (Reason(f"the range of {subnet}", Location("")),)
    clause = Clause(component=subnet, at=None, text="in one subnet", region=region, reasons=why)
    return Point(
        kind="subnet",
        component=subnet,
        code=Code.NO_ROUTE_TO_DESTINATION,
        passes=ALL if addresses <= part.must else region,
        clauses=(clause,),
        text=f"{subnet} has no such addresses",
    )


def loop(place: Place) -> Point:
    """Routes that lead back to where packets have been."""
    name = place.subnet or place.edge or place.vpc or "an unknown VPC"
    return Point(
        kind="route-table",
        component=name,
        code=Code.NO_ROUTE_TO_DESTINATION,
        passes=NONE,
        text=f"the routes lead back to {name}: packets go round until they are dropped",
    )


def _name(table: Table) -> str:
    return table.component.removeprefix("the route table of ")
