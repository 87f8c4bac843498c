"""The ends beside workloads and groups that matter to a party: the internet, ranges that its rules name,
AWS services, what lies behind a VPN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.compare.parties import Party
from auditor.frozen import dataclass
from auditor.model import Direction, TargetKind
from auditor.reach import Endpoint, EndpointKind, Engine
from auditor.reach.ends import Ends
from auditor.reach.groups import carried
from auditor.reach.matches import is_wide
from auditor.reach.names import INTERNET, ON_PREMISES, cidr_endpoint
from auditor.reach.sides import Match
from auditor.traffic import EMPTY, PUBLIC, IntSet


@dataclass(frozen=True, slots=True)
class Far:
    """An end outside. ``beside`` where what the internet's row tells already is not told of it again.

    It is what a rule for all addresses lets in from inside the VPC. What one lets out is no end of its own:
    the workloads of the VPC are asked one by one.
    """

    endpoint: Endpoint
    beside: bool = False


class FarEnds:
    """The far ends of parties in two networks: the same for both sides, so that their answers compare."""

    def __init__(self, engines: tuple[Engine, Engine]) -> None:
        self.engines = engines
        inventories = [engine.inventory for engine in engines]
        services = {one.service for each in inventories for one in each.prefix_lists if one.service}
        self._services = tuple(
            Far(Endpoint(kind=EndpointKind.SERVICE, name=f"service:{name}", addresses=PUBLIC))
            for name in sorted(services)
        )
        private = any(one.kind is TargetKind.VPN_GATEWAY for each in inventories for one in each.gateways)
        self._premises = (Far(ON_PREMISES),) if private else ()
        self._kept: tuple[dict[tuple[EndpointKind, IntSet], Ends], ...] = ({}, {})

    def ends(self, side: int, far: Far) -> Ends:
        """What a far end stands for in a network."""
        key = (far.endpoint.kind, far.endpoint.addresses)
        found = self._kept[side].get(key)
        if found is None:
            found = self._kept[side][key] = self.engines[side].resolved.ends(far.endpoint)
        return found

    def of(self, party: Party, direction: Direction) -> Iterator[Far]:
        """The far ends that may reach a party (``INGRESS``) or that it may reach; the internet first."""
        sides = [
            _Side(engine, endpoint, direction)
            for engine, endpoint in zip(self.engines, party.ends, strict=True)
            if endpoint is not None
        ]
        internet = IntSet.union(side.internet for side in sides)
        if internet:
            yield Far(replace(INTERNET, addresses=internet))
        inside = IntSet.union(side.inside for side in sides)
        named: dict[IntSet, Far] = {}
        for side in reversed(sides):
            for text, addresses in side.named:
                far = _named(text, addresses, inside if direction is Direction.INGRESS else EMPTY)
                if far is not None:
                    named.setdefault(far.endpoint.addresses, far)
        yield from named.values()
        yield from self._premises
        if direction is Direction.EGRESS:
            yield from self._services


def _named(text: str, addresses: IntSet, inside: IntSet) -> Far | None:
    if not is_wide(addresses):
        return Far(cidr_endpoint(addresses, text)) if addresses else None
    private = addresses & inside
    return Far(cidr_endpoint(private, f"{text} inside the VPC"), beside=True) if private else None


class _Side:
    """What a party's rules name in one network, in one direction."""

    def __init__(self, engine: Engine, endpoint: Endpoint, direction: Direction) -> None:
        ends = engine.resolved.ends(endpoint)
        spots = tuple(dict.fromkeys(ends.spots))
        groups = sorted({group for spot in spots for group, _ in carried(spot)})
        sides = [engine.groups.side(group, direction) for group in groups]
        matches = [match for side in sides for match in side.matches if not match.group]
        anyone = (
            any(not spot.filtered or spot.open for spot in spots)
            or any(side.outside for side in sides)
            or ends.unplaced is not None
        )
        self.inside = IntSet.union(engine.index.ranges(vpc).must for vpc in {spot.vpc for spot in spots})
        self.named = [(match.text, _addresses(match)) for match in matches]
        wide = [PUBLIC & addresses for _, addresses in self.named if is_wide(addresses)]
        self.internet = PUBLIC if anyone else IntSet.union(wide)
        if any(not spot.filtered for spot in spots):
            self.named.append(("any address", self.inside or EMPTY))


def _addresses(match: Match) -> IntSet:
    return match.addresses.must or match.addresses.may
