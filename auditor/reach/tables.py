"""Route tables: the longest prefix first; for equal ones local, static, prefix lists, propagated.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Link, PrefixListPeer, Route, Target, TargetKind, Truth
from auditor.reach.index import Index, place
from auditor.traffic import ANY, EMPTY, IPV6, Bounds, IntSet, cidrs
from auditor.tree import Location, Presence, Reason

_UNKNOWN = Target(TargetKind.UNKNOWN)
_SERVICE = 3
_PROPAGATED = 2
_LISTED = 1
_STATIC = 0

# More specific routes than the local one may lead to nothing else:
# https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
MIDDLEBOXES = frozenset(
    {
        TargetKind.NAT_GATEWAY,
        TargetKind.NETWORK_INTERFACE,
        TargetKind.INSTANCE,
        TargetKind.VPC_ENDPOINT,
        TargetKind.UNKNOWN,
    }
)
_DIVERTING = MIDDLEBOXES | {TargetKind.BLACKHOLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a table sends a part of the addresses: ``region`` is what the route wins of its destination.

    ``size`` is how many addresses the destination has (the fewer, the longer the prefix), None for not known.
    """

    target: Target
    destination: Bounds[IntSet]
    region: Bounds[IntSet]
    text: str
    at: Location | None
    size: int | None
    rank: int = _STATIC
    reasons: tuple[Reason, ...] = ()

    @property
    def is_service(self) -> bool:
        """Whether the route leads to the addresses of one AWS service only, by its gateway endpoint."""
        return self.rank == _SERVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A route table as it decides: its routes with what they win; ``outside``: why there may be others."""

    component: str
    at: Location | None
    ways: tuple[Way, ...]
    local: Bounds[IntSet]
    outside: tuple[Reason, ...] = ()
    known: bool = True


class Tables:
    """The route tables of an inventory and the subnets that use them."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._tables: dict[tuple[str, str | None], Table] = {}
        self._at_subnet: dict[tuple[str | None, str | None], tuple[Table, ...]] = {}

    def in_effect(self, subnet: str | None, vpc: str | None) -> tuple[Table, ...]:
        """The tables that a subnet may use, one of which it does."""
        key = (subnet, vpc)
        found = self._at_subnet.get(key)
        if found is None:
            found = self._at_subnet[key] = tuple(self._candidates(subnet, vpc))
        return found

    def _candidates(self, subnet: str | None, vpc: str | None) -> Iterator[Table]:
        index = self.index
        possible: dict[str, None] = {}
        for one in index.table_associations.get(subnet or "", ()):
            sure = one.presence is Presence.CERTAIN and one.table.certain
            if sure and one.subnet and one.subnet.certain:
                yield self.table(index.canonical(one.table.id), vpc)
                return
            possible[index.canonical(one.table.id)] = None
        main = index.main_tables(vpc) if subnet in index.subnets else ()
        possible.update(dict.fromkeys(table for table, _ in main))
        if subnet not in index.subnets:
            # What is not known may be one of the subnets that are.
            others = [self.in_effect(one.id, vpc) for one in index.subnets_of.get(vpc or "", ())]
            possible.update(dict.fromkeys(one.component for tables in others for one in tables if one.known))
        for identity in possible:
            yield self.table(identity, vpc)
        if not main:
            yield self._unknown(subnet, vpc)

    def _unknown(self, subnet: str | None, vpc: str | None) -> Table:
        name = f"the route table of {place(subnet, vpc)}"
        why = Reason(f"the routes of {name}", Location(""), "the input that defines it, or a snapshot")
        return Table(
            component=name, at=None, ways=(), local=self.index.ranges(vpc), outside=(why,), known=False
        )

    def table(self, identity: str, vpc: str | None) -> Table:
        """A table as it decides for the subnets of a VPC."""
        found = self._tables.get((identity, vpc))
        if found is None:
            found = self._tables[identity, vpc] = self._compiled(identity, vpc)
        return found

    def _compiled(self, identity: str, vpc: str | None) -> Table:
        known = self.index.tables.get(identity)
        ways = [way for route in self.index.routes.get(identity, ()) for way in self._ways(route)]
        outside: tuple[Reason, ...] = ()
        if known:
            ways.extend(self._propagated(identity))
        elif identity not in self.index.implicit_tables:
            at = ways[0].at if ways else None
            what = f"the other routes of {identity}" if ways else f"the routes of {identity}"
            outside = (Reason(what, at or Location(""), "the input that defines the table, or a snapshot"),)
        return Table(
            component=identity,
            at=known.at if known else None,
            ways=tuple(placed(way, ways, outside) for way in ways),
            local=self.index.ranges(vpc),
            outside=outside,
        )

    def _ways(self, route: Route) -> Iterator[Way]:
        sure = route.presence is Presence.CERTAIN and route.table.certain
        link = route.target.link
        for peer in self.index.destinations(route.destination):
            bounds = peer.addresses if sure else Bounds(EMPTY, peer.addresses.may)
            yield Way(
                target=route.target,
                destination=bounds,
                region=bounds,
                text=peer.text,
                at=route.at,
                size=peer.addresses.may.size if peer.addresses.known else None,
                rank=self._rank(route),
                reasons=route.reasons + peer.reasons + (link.reasons if link and not link.certain else ()),
            )

    def _rank(self, route: Route) -> int:
        if not isinstance(route.destination, PrefixListPeer):
            return _STATIC
        known = self.index.prefix_lists.get(self.index.canonical(route.destination.prefix_list.id))
        to_endpoint = route.target.kind is TargetKind.VPC_ENDPOINT
        symbolic = known.service or known.open if known else True
        return _SERVICE if (known and known.service) or (to_endpoint and symbolic) else _LISTED

    def _propagated(self, identity: str) -> Iterator[Way]:
        links = self.index.tables[identity].propagating
        for link in links.items:
            yield from self._announced(link)
        if links.open:
            yield _perhaps(_UNKNOWN, links.open, self.index.tables[identity].at)

    def _announced(self, link: Link) -> Iterator[Way]:
        """The routes that a virtual private gateway propagates: to the networks behind it, known or not."""
        target = Target(TargetKind.VPN_GATEWAY, link)
        networks = self.index.networks.get(self.index.canonical(link.id), ())
        for network in networks:
            sure = network.presence is Presence.CERTAIN and link.certain and network.active.truth is Truth.YES
            for low, high in network.prefixes.must:
                one = IntSet.of((low, high))
                bounds = Bounds(one if sure else EMPTY, one)
                yield Way(
                    target=target,
                    destination=bounds,
                    region=bounds,
                    text=f"{', '.join(cidrs(one))}, propagated",
                    at=network.at,
                    size=one.size,
                    rank=_PROPAGATED,
                    reasons=(*network.reasons, *link.reasons) if not sure else (),
                )
        if not networks or not all(network.prefixes.known for network in networks):
            why = Reason(f"the routes that {link.id} propagates", link.at, "a snapshot")
            reasons = tuple(reason for network in networks for reason in network.reasons) or (why,)
            yield _perhaps(target, reasons, link.at)


def _perhaps(target: Target, why: tuple[Reason, ...], at: Location) -> Way:
    anywhere = Bounds(EMPTY, ANY)
    return Way(
        target=target,
        destination=anywhere,
        region=anywhere,
        text="propagated routes",
        at=at,
        size=None,
        rank=_PROPAGATED,
        reasons=why,
    )


def placed(way: Way, ways: list[Way], outside: tuple[Reason, ...]) -> Way:
    """A route with what it wins against all the others of its table."""
    region = _won(way, ways)
    if not outside:
        return replace(way, region=region)
    return replace(way, region=Bounds(EMPTY, region.may), reasons=way.reasons + outside)


def equal(one: Way, other: Way) -> bool:
    """Whether two propagated routes are of equal cost: a connection takes one of them.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-ecmp
    """
    alike = one.size is not None and (one.size, one.rank) == (other.size, other.rank)
    known = one.destination.known and one.destination == other.destination
    return one is not other and alike and known and one.rank >= _PROPAGATED


def _won(way: Way, ways: list[Way]) -> Bounds[IntSet]:
    """What a route wins of its destination against the others: for certain, and perhaps."""
    must, may = way.destination.must, way.destination.may
    for other in ways:
        if other is way:
            continue
        if _may_win(other, way):
            must = must - other.destination.may
        if _must_win(other, way):
            may = may - other.destination.must
    return Bounds(must, may)


def _may_win(one: Way, other: Way) -> bool:
    if one.size is None and one.rank >= _PROPAGATED and one.rank != other.rank:
        # What is propagated is private in practice, and what AWS lists for a service is a small part of the
        # public addresses; taking either for all addresses would decide nothing.
        return False
    if one.size is None or other.size is None:
        return True
    return (one.size, one.rank) < (other.size, other.rank) or (one.size, one.rank) == (other.size, other.rank)


def _must_win(one: Way, other: Way) -> bool:
    if one.size is None or other.size is None:
        return False
    return (one.size, one.rank) < (other.size, other.rank)


def diverted(table: Table, addresses: IntSet) -> Iterator[tuple[Way, Bounds[IntSet]]]:
    """The routes that may take traffic to ``addresses`` of the table's own VPC away from its local route."""
    for way in table.ways:
        if way.target.kind not in _DIVERTING:
            continue
        if way.rank >= _PROPAGATED:
            continue
        region = Bounds(way.region.must & addresses, way.region.may & addresses)
        if region.may and way.size is not None:
            region = _beyond_local(table, way, region)
        elif region.may:
            region = Bounds(EMPTY, region.may)
        if region.may:
            yield way, region


def _beyond_local(table: Table, way: Way, region: Bounds[IntSet]) -> Bounds[IntSet]:
    """The part of a region for which the route is more specific than the VPC's own range, or replaces it."""
    size = way.size or 0
    if table.local.known:
        local = IntSet.of(*(span for span in table.local.may if span[1] - span[0] + 1 >= size))
        inside = region.may & local
        return Bounds(region.must & inside, inside)
    # A VPC's range is at most a /16, or a /44 of IPv6:
    # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    largest = 1 << 84 if region.may & IPV6 else 1 << 16
    return Bounds(EMPTY, region.may) if size <= largest else Bounds(EMPTY, EMPTY)
