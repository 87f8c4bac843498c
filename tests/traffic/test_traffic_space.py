from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.traffic import (
    ANY,
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
    Axis,
    IntSet,
    Traffic,
    parse_cidr,
    parse_traffic,
    service,
)

AXES: tuple[Axis, ...] = ("sources", "destinations", "source_ports", "destination_ports")
Point = tuple[int, ...]

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


ADDRESS_CELLS = cells(ADDRESSES, ANY)
PORT_CELLS = cells(PORT_VALUES, PORTS)

address_sets = sets_of(ADDRESS_CELLS)
port_sets = sets_of(PORT_CELLS) | st.just(PORTS)
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


def points(traffic: Traffic) -> frozenset[Point]:
    found: set[Point] = set()
    for box in traffic.boxes:
        axes = (PROTOCOL_VALUES, ADDRESSES, ADDRESSES, PORT_VALUES, PORT_VALUES)
        found.update(
            product(*([n for n in values if n in axis] for values, axis in zip(axes, box, strict=True)))
        )
    return frozenset(found)


@given(traffics, traffics)
@settings(deadline=None)
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


@given(traffics, traffics, traffics)
@settings(deadline=None)
def test_the_laws_of_sets_hold(a: Traffic, b: Traffic, c: Traffic) -> None:
    assert a | b == b | a
    assert a & b == b & a
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert a | (a & b) == a
    assert (a - b) | (a & b) == a
    assert not (a - b) & b
    assert EVERYTHING - (a | b) == (EVERYTHING - a) & (EVERYTHING - b)
    assert EVERYTHING - (a & b) == (EVERYTHING - a) | (EVERYTHING - b)
    assert EVERYTHING - (EVERYTHING - a) == a


@given(products, products)
@settings(deadline=None)
def test_what_one_product_leaves_of_another_is_disjoint_products(a: Traffic, b: Traffic) -> None:
    one, two = Traffic(a.boxes[:1]), Traffic(b.boxes[:1])
    for first, second in combinations((one - two).boxes, 2):
        assert not Traffic((first,)) & Traffic((second,))


@given(traffics, traffics)
@settings(deadline=None)
def test_products_restrict_no_ports_of_a_protocol_without_them(a: Traffic, b: Traffic) -> None:
    for traffic in (a, a | b, a & b, a - b, EVERYTHING - a, a.reversed(), a.services()):
        for protocols, _, _, source_ports, destination_ports in traffic.boxes:
            assert source_ports == PORTS or protocols <= WITH_PORTS
            assert destination_ports == PORTS or protocols <= WITH_PORTS | WITH_TYPES


@given(traffics)
@settings(deadline=None)
def test_nothing_and_everything_are_the_ends(a: Traffic) -> None:
    assert a | NOTHING == a & EVERYTHING == a - NOTHING == a
    assert a & NOTHING == a - EVERYTHING == a - a == NOTHING
    assert a | EVERYTHING == EVERYTHING
    assert NOTHING <= a <= EVERYTHING
    assert a >= NOTHING


@given(st.lists(products, max_size=6), st.randoms(use_true_random=False), traffics)
@settings(deadline=None)
def test_equality_and_hash_do_not_depend_on_how_a_set_was_built(
    parts: list[Traffic], dice: Random, cut: Traffic
) -> None:
    whole = Traffic.union(parts)
    one_by_one = NOTHING
    for part in dice.sample(parts, len(parts)):
        one_by_one = one_by_one | part
    cut_up = (whole & cut) | (whole - cut)
    for same in (Traffic.union(reversed(parts)), one_by_one, cut_up, whole - (cut - whole)):
        assert same == whole
        assert hash(same) == hash(whole)
        assert (same <= whole, whole <= same) == (True, True)


@given(traffics)
@settings(deadline=None)
def test_projections_are_the_values_that_occur(a: Traffic) -> None:
    found = points(a)
    universe = (PROTOCOL_VALUES, ADDRESSES, ADDRESSES, PORT_VALUES, PORT_VALUES)
    made = (a.protocols, a.sources, a.destinations, a.source_ports, a.destination_ports)
    for place, (values, axis) in enumerate(zip(universe, made, strict=True)):
        assert {n for n in values if n in axis} == {point[place] for point in found}


@given(traffics, st.sets(st.sampled_from(AXES)))
@settings(deadline=None)
def test_freeing_axes_leaves_the_projection_on_the_others(a: Traffic, axes: set[Axis]) -> None:
    kept = [place for place, axis in enumerate(("protocols", *AXES)) if axis not in axes]
    shadows = {tuple(point[place] for place in kept) for point in points(a)}
    meant = {point for point in UNIVERSE if tuple(point[place] for place in kept) in shadows}
    assert points(a.free(*axes)) == meant


@given(traffics)
@settings(deadline=None)
def test_services_forget_addresses_and_source_ports(a: Traffic) -> None:
    assert a.services() == a.free("sources", "destinations", "source_ports")
    assert a.services().services() == a.services()
    assert a <= a.services()


@given(traffics, traffics)
@settings(deadline=None)
def test_reversing_is_its_own_inverse_and_respects_the_operators(a: Traffic, b: Traffic) -> None:
    assert a.reversed().reversed() == a
    assert (a | b).reversed() == a.reversed() | b.reversed()
    assert (a & b).reversed() == a.reversed() & b.reversed()
    assert (a - b).reversed() == a.reversed() - b.reversed()


def test_a_reply_swaps_addresses_and_ports() -> None:
    client, server = parse_cidr("10.0.1.0/24"), parse_cidr("10.0.2.7")
    ephemeral, port = IntSet.of((32768, 60999)), IntSet.single(5432)
    tcp = IntSet.single(TCP)
    request = Traffic.of(
        protocols=tcp, sources=client, destinations=server, source_ports=ephemeral, destination_ports=port
    )
    assert request.reversed() == Traffic.of(
        protocols=tcp, sources=server, destinations=client, source_ports=port, destination_ports=ephemeral
    )


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        *(("icmp/8", "icmp/0"), ("icmp/8:0", "icmp/0:0"), ("icmp/13", "icmp/14"), ("icmp/15", "icmp/16")),
        *(("icmp/17", "icmp/18"), ("icmp/3:4", "icmp/3:4"), ("icmp", "icmp"), ("icmp/0-8", "icmp/0-8")),
        *(("icmp/7-8", "icmp/0,icmp/7"), ("icmpv6/128", "icmpv6/129"), ("icmpv6/144", "icmpv6/145")),
        *(("icmpv6/8", "icmpv6/8"), ("icmpv6/2:0", "icmpv6/2:0"), ("proto/47", "proto/47"), ("all", "all")),
    ],
)
def test_the_reply_to_an_icmp_request_has_the_reply_type(request_: str, reply: str) -> None:
    assert parse_traffic(request_).reversed() == parse_traffic(reply)
    assert parse_traffic(reply).reversed() == parse_traffic(request_)


def test_one_product_of_many_protocols_is_reversed_protocol_by_protocol() -> None:
    """Port 2048 of TCP is the echo request of ICMP on the same axis."""
    both = Traffic.of(protocols=IntSet.of((ICMP, ICMP), (TCP, TCP)), destination_ports=IntSet.single(2048))
    assert both.reversed() == parse_traffic("icmp/0:0") | Traffic.of(
        protocols=IntSet.single(TCP), source_ports=IntSet.single(2048)
    )


def test_ports_do_not_restrict_protocols_without_ports() -> None:
    ported = Traffic.of(source_ports=IntSet.single(7), destination_ports=IntSet.single(22))
    assert ported & parse_traffic("proto/47") == parse_traffic("proto/47")
    assert ported & parse_traffic("icmp") == parse_traffic("icmp/0:22")
    assert (ported & parse_traffic("tcp")).source_ports == IntSet.single(7)


def test_a_product_with_an_empty_axis_is_empty() -> None:
    assert Traffic.of(sources=IntSet.of()) == NOTHING
    assert Traffic.of(destination_ports=IntSet.of()) == NOTHING


def test_a_service_covers_all_only_if_each_part_of_the_clients_has_it() -> None:
    halves = [parse_cidr("10.0.0.0/9"), parse_cidr("10.128.0.0/9")]
    ssh, web = parse_traffic("tcp/22"), parse_traffic("tcp/443")
    both = Traffic.union(
        [ssh & Traffic.of(sources=halves[0]), web & Traffic.of(sources=halves[0] | halves[1])]
    )
    assert both.covers_all(sources=parse_cidr("10.0.0.0/8")) == web
    assert both.covers_all(sources=halves[0]) == ssh | web
    split = both | ssh & Traffic.of(sources=halves[1])
    assert split.covers_all(sources=parse_cidr("10.0.0.0/8")) == ssh | web
    assert both.covers_all(sources=parse_cidr("11.0.0.0/8")) == NOTHING


def test_everything_covers_nobody() -> None:
    assert NOTHING.covers_all(sources=IntSet.of()) == EVERYTHING


def test_rules_that_differ_in_one_field_become_one_product() -> None:
    found = Traffic.union(
        service(TCP, port, port) & Traffic.of(sources=parse_cidr(f"10.0.{n}.0/24"))
        for port in (80, 443)
        for n in range(256)
    )
    assert found.boxes == (
        (
            IntSet.single(TCP),
            parse_cidr("10.0.0.0/16"),
            EVERYTHING.destinations,
            PORTS,
            IntSet.of((80, 80), (443, 443)),
        ),
    )


@given(st.integers(0, 1 << 32), st.integers(30, 90))
@settings(deadline=None, max_examples=25)
def test_many_rules_agree_with_a_search_of_every_point(seed: int, count: int) -> None:
    """More rules than are compared pair by pair, with thin sets so that many products stay."""
    dice = Random(seed)
    a = [thin(dice) for _ in range(count)]
    b = [thin(dice) for _ in range(count)]
    one, two = Traffic.union(a), Traffic.union(b)
    inside = frozenset[Point]().union(*map(points, a))
    other = frozenset[Point]().union(*map(points, b))
    assert points(one) == inside
    assert points(one & two) == inside & other
    assert points(one - two) == inside - other
    assert points(one | two) == inside | other
    assert (one - two) | (one & two) == one
    assert one & two <= two
    assert (one <= two) == (inside <= other)


def thin(dice: Random) -> Traffic:
    def some(parts: Sequence[IntSet]) -> IntSet:
        return IntSet.union(dice.sample(parts, dice.randint(1, 2)))

    return Traffic.of(
        protocols=IntSet.single(dice.choice((TCP, UDP))),
        sources=some(ADDRESS_CELLS),
        destinations=some(ADDRESS_CELLS),
        source_ports=some(PORT_CELLS),
        destination_ports=some(PORT_CELLS),
    )
