from __future__ import annotations

import ipaddress
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.traffic import ANY, IPV4, IPV6, PRIVATE, PUBLIC, IntSet, address_text, cidrs, parse_cidr

V6 = 1 << 32
REFUSED = r"is no IPv4|no prefix length"

networks = st.one_of(
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)), st.tuples(st.ip_addresses(v=6), st.integers(0, 128))
).map(lambda pair: ipaddress.ip_network(pair, strict=False))


def line(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> IntSet:
    start = V6 if network.version == 6 else 0
    return IntSet.of((start + int(network.network_address), start + int(network.broadcast_address)))


@given(networks)
@example(ipaddress.ip_network("::/0"))
@example(ipaddress.ip_network("0.0.0.0/0"))
def test_a_cidr_reads_as_the_standard_library_reads_it(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> None:
    assert parse_cidr(str(network)) == line(network)
    assert parse_cidr(network.exploded) == line(network)
    assert parse_cidr(str(network), strict=True) == line(network)


@given(st.ip_addresses())
@example(ipaddress.ip_address("1:0:0:2::3"))
@example(ipaddress.ip_address("1:0:0:2:0:0:3:4"))
@example(ipaddress.ip_address("1:0:2:3:4:5:6:7"))
@example(ipaddress.ip_address("::"))
def test_an_address_is_written_as_the_standard_library_writes_it(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    number = int(address) + (V6 if address.version == 6 else 0)
    assert parse_cidr(str(address)) == IntSet.single(number)
    assert ipaddress.ip_address(address_text(number)) == address
    if address.version == 4 or address.ipv4_mapped is None:
        assert address_text(number) == str(address)


@given(st.lists(networks, max_size=5))
def test_cidrs_read_back_as_the_set_they_cover(
    found: list[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> None:
    addresses = IntSet.union(map(line, found))
    texts = cidrs(addresses)
    assert IntSet.union(map(parse_cidr, texts)) == addresses
    starts = [parse_cidr(text).intervals[0] for text in texts]
    assert all(earlier[1] < later[0] for earlier, later in pairwise(starts))


@given(st.lists(networks, max_size=5))
def test_no_shorter_list_of_cidrs_covers_the_set(
    found: list[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> None:
    shortest = [
        *ipaddress.collapse_addresses([n for n in found if isinstance(n, ipaddress.IPv4Network)]),
        *ipaddress.collapse_addresses([n for n in found if isinstance(n, ipaddress.IPv6Network)]),
    ]
    texts = cidrs(IntSet.union(map(line, found)))
    assert [ipaddress.ip_network(text) for text in texts] == shortest


alphabet = st.text("0123456789abcdef:./ g%-", max_size=24)
near_misses = st.tuples(networks.map(str), st.integers(0, 40), alphabet.map(lambda text: text[:2])).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]
)


@given(alphabet | near_misses)
@example("1.2.3.4::")
@example("::1.2.3.4.5")
@example("1:2:3:4:5:6:7::")
@example("::1:2:3:4:5:6:7:8")
@example("10.0.0.0/")
def test_text_is_refused_exactly_where_the_standard_library_refuses_it(text: str) -> None:
    length = text.partition("/")[2]
    # The standard library also takes netmasks, leading zeros of a length, and scopes; AWS does not.
    if "%" in text or "." in length or (len(length) > 1 and length[0] == "0"):
        with pytest.raises(ValueError, match=REFUSED):
            parse_cidr(text)
        return
    try:
        meant = line(ipaddress.ip_network(text, strict=False))
    except ValueError:
        with pytest.raises(ValueError, match=REFUSED):
            parse_cidr(text)
    else:
        assert parse_cidr(text) == meant


def test_host_bits_are_masked_as_aws_does() -> None:
    assert parse_cidr("10.1.2.3/8") == parse_cidr("10.0.0.0/8")
    assert parse_cidr("2001:db8::1/32") == parse_cidr("2001:db8::/32")


def test_host_bits_are_refused_on_request() -> None:
    with pytest.raises(ValueError, match=r"'10\.1\.2\.3/8' has host bits set"):
        parse_cidr("10.1.2.3/8", strict=True)


def test_the_families_stand_side_by_side_and_never_meet() -> None:
    assert IPV4 | IPV6 == ANY
    assert not IPV4 & IPV6
    assert parse_cidr("0.0.0.0/0") == IPV4
    assert parse_cidr("::/0") == IPV6
    assert not parse_cidr("::10.0.0.1") & IPV4


def test_a_set_over_both_families_is_written_family_by_family() -> None:
    assert cidrs(ANY) == ("0.0.0.0/0", "::/0")
    assert cidrs(parse_cidr("255.255.255.255") | parse_cidr("::")) == ("255.255.255.255/32", "::/128")


@pytest.mark.parametrize(
    "text",
    [
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.1", "169.254.169.254"),
        *("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15", "192.0.0.0/24"),
        *("::1", "fe80::/10", "fc00::/7", "fd00:ec2::254", "ff00::/8", "64:ff9b::/96"),
    ],
)
def test_no_internet_gateway_carries_special_addresses(text: str) -> None:
    assert parse_cidr(text) <= PRIVATE


@pytest.mark.parametrize(
    "text",
    [
        *("8.8.8.8", "172.32.0.0/11", "100.128.0.0/9", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
        *("2001:db8::/32", "2600:1f00::/24", "2002::/16"),
    ],
)
def test_global_addresses_and_those_of_examples_are_public(text: str) -> None:
    assert parse_cidr(text) <= PUBLIC


def test_every_address_is_either_public_or_private() -> None:
    assert PUBLIC | PRIVATE == ANY
    assert not PUBLIC & PRIVATE


def test_two_halves_of_the_address_space_are_all_of_it() -> None:
    assert parse_cidr("0.0.0.0/1") | parse_cidr("128.0.0.0/1") == IPV4
