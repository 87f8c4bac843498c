from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.traffic import (
    EVERYTHING,
    ICMP,
    ICMPV6,
    NOTHING,
    PORTS,
    PROTOCOLS,
    TCP,
    UDP,
    WITH_PORTS,
    WITH_TYPES,
    IntSet,
    Traffic,
    parse_traffic,
)

Point = tuple[int, int, int, int, int]

# One representative of each class of values that the strategies' sets can tell apart.
ADDRESSES = (0, 5, 10, 1 << 32)
PORT_VALUES = (0, 7, 2048, 65535)
PROTOCOL_VALUES = (ICMP, TCP, UDP, 47, ICMPV6)
UNIVERSE = tuple(product(PROTOCOL_VALUES, ADDRESSES, ADDRESSES, PORT_VALUES, PORT_VALUES))


def cells(values: tuple[int, ...], domain: IntSet) -> tuple[IntSet, ...]:
    """The domain cut at the values, so that each cell holds one of them."""
    ((_, last),) = domain
    ends = (*values[1:], last + 1)
    return tuple(IntSet.of((low, high - 1)) for low, high in zip(values, ends, strict=True))


def sets_of(parts: tuple[IntSet, ...]) -> st.SearchStrategy[IntSet]:
    return st.sets(st.sampled_from(parts), min_size=1).map(IntSet.union)


address_sets = sets_of(cells(ADDRESSES, IntSet.of((0, (1 << 32) + (1 << 128) - 1))))
port_sets = sets_of(cells(PORT_VALUES, PORTS)) | st.just(PORTS)
protocol_sets = (
    sets_of((*map(IntSet.single, (ICMP, TCP, UDP, ICMPV6)), PROTOCOLS - WITH_PORTS - WITH_TYPES))
    | st.sampled_from([IntSet.single(TCP), IntSet.single(ICMP)])
    | st.just(PROTOCOLS)
)

products = st.builds(
    Traffic.of,
    protocols=protocol_sets,
    sources=address_sets,
    destinations=address_sets,
    source_ports=port_sets,
    destination_ports=port_sets,
)
traffics = st.lists(products, max_size=4).map(Traffic.union)


def holds(traffic: Traffic, point: Point) -> bool:
    return any(all(n in axis for n, axis in zip(point, box, strict=True)) for box in traffic.boxes)


def points(traffic: Traffic) -> frozenset[Point]:
    found: set[Point] = set()
    for box in traffic.boxes:
        axes = (PROTOCOL_VALUES, ADDRESSES, ADDRESSES, PORT_VALUES, PORT_VALUES)
        found.update(
            product(*([n for n in values if n in axis] for values, axis in zip(axes, box, strict=True)))
        )
    return frozenset(found)


@settings(deadline=None)
@given(traffics, traffics)
def test_operators_agree_with_a_search_of_every_point(a: Traffic, b: Traffic) -> None:
    inside, other = points(a), points(b)
    assert points(a | b) == inside | other
    assert points(a & b) == inside & other
    assert points(a - b) == inside - other
    assert (a <= b) == (inside <= other)
    assert (a == b) == (inside == other)
    assert bool(a) == bool(inside)


@settings(deadline=None)
@given(traffics, address_sets, address_sets, port_sets)
def test_covers_all_agrees_with_a_search_of_every_point(
    a: Traffic, sources: IntSet, destinations: IntSet, source_ports: IntSet
) -> None:
    answer = a.covers_all(sources=sources, destinations=destinations, source_ports=source_ports)
    assert answer == answer.services()
    inside, served = points(a), points(answer)
    for protocol, port in product(PROTOCOL_VALUES, PORT_VALUES):
        asked = [
            p
            for p in UNIVERSE
            if (p[0], p[4]) == (protocol, port)
            and p[1] in sources
            and p[2] in destinations
            and (p[3] in source_ports or protocol not in WITH_PORTS)
        ]
        assert ((protocol, 0, 0, 0, port) in served) == inside.issuperset(asked)
