from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.traffic import (
    EVERYTHING,
    NOTHING,
    PROTOCOLS,
    IntSet,
    Traffic,
    parse_cidr,
    parse_traffic,
    traffic_text,
)

port_edges = st.sampled_from([0, 1, 7, 255, 256, 300, 511, 512, 767, 768, 2048, 65279, 65280, 65535])
port_sets = st.lists(
    st.tuples(port_edges, port_edges).map(lambda ends: (min(ends), max(ends))), min_size=1, max_size=3
).map(lambda found: IntSet.of(*found))
protocol_edges = st.sampled_from([0, 1, 2, 5, 6, 7, 17, 47, 57, 58, 59, 255])
protocol_sets = st.lists(
    st.tuples(protocol_edges, protocol_edges).map(lambda ends: (min(ends), max(ends))), min_size=1
).map(lambda found: IntSet.of(*found))
services = st.lists(
    st.builds(Traffic.of, protocols=protocol_sets, destination_ports=port_sets), max_size=4
).map(Traffic.union)


@given(services)
def test_text_reads_back_as_the_services_it_was_written_for(traffic: Traffic) -> None:
    assert Traffic.union(parse_traffic(item) for item in traffic_text(traffic)) == traffic


@given(services, services)
def test_equal_services_have_equal_text_however_they_were_built(a: Traffic, b: Traffic) -> None:
    assert traffic_text(a) == traffic_text((a - b) | (a & b))
    assert (traffic_text(a) == traffic_text(b)) == (a == b)


@pytest.mark.parametrize(
    "text",
    [
        *("tcp/5432", "tcp/1024-65535", "udp/53", "icmp/8:0", "icmp", "icmpv6", "proto/47", "all", "tcp"),
        *("proto/2-5", "icmp/8", "icmp/8-10", "icmp/3:0-4", "icmpv6/128", "proto/0", "proto/250-255"),
    ],
)
def test_the_canonical_forms_are_written_as_they_are_read(text: str) -> None:
    assert traffic_text(parse_traffic(text)) == (text,)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("443", ("tcp/443",)),
        ("443,8000-8100", ("tcp/443", "tcp/8000-8100")),
        ("udp/53, 123", ("udp/53", "udp/123")),
        ("TCP/0-65535", ("tcp",)),
        ("6/22", ("tcp/22",)),
        ("gre", ("proto/47",)),
        ("proto/6", ("tcp",)),
        ("proto/0-255", ("all",)),
        ("-1", ("all",)),
        ("all,tcp/22", ("all",)),
        ("icmp/8:0-255", ("icmp/8",)),
        ("udp/53,tcp/80-90,tcp/85-100,icmp", ("icmp", "tcp/80-100", "udp/53")),
        ("icmp/8:5,icmp/9,icmp/10:0-3,icmp/8:6-255", ("icmp/8:5-255", "icmp/9", "icmp/10:0-3")),
    ],
)
def test_other_spellings_are_written_canonically(text: str, written: tuple[str, ...]) -> None:
    assert traffic_text(parse_traffic(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        *("", "tcp/", "tcp/x", "tcp/65536", "tcp/-1", "tcp/90-80", "all/22", "gre/5", "proto", "proto/256"),
        *(
            "icmp/256",
            "icmp/8:256",
            "icmp/8-9:0",
            "icmp/8:",
            "icmp/:0",
            "tcp/80:90",
            "tcp/80-",
            "https",
            "443,",
        ),
        *("tcp/\uff18\uff10", "tcp/1-2-3", "/22", "70000"),
    ],
)
def test_what_is_no_traffic_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"write tcp/443"):
        parse_traffic(text)


def test_all_is_written_only_for_all_protocols() -> None:
    assert traffic_text(EVERYTHING) == ("all",)
    assert traffic_text(EVERYTHING - parse_traffic("tcp")) == ("proto/0-5", "proto/7-255")
    assert traffic_text(EVERYTHING - parse_traffic("tcp/22")) == (
        *("proto/0-5", "tcp/0-21", "tcp/23-65535", "proto/7-255"),
    )
    assert traffic_text(NOTHING) == ()


def test_addresses_and_source_ports_do_not_show_in_the_text() -> None:
    narrow = parse_traffic("tcp/22") & Traffic.of(
        sources=parse_cidr("10.0.0.0/8"), source_ports=IntSet.of((1024, 65535))
    )
    assert traffic_text(narrow) == ("tcp/22",)


def test_every_protocol_has_a_text_that_reads_back() -> None:
    for number in range(256):
        one = Traffic.of(protocols=IntSet.single(number))
        assert parse_traffic(*traffic_text(one)) == one
    assert Traffic.of(protocols=PROTOCOLS) == EVERYTHING
