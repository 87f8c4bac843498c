from __future__ import annotations

import pytest

from auditor.traffic import (
    EVERYTHING,
    ICMP,
    ICMPV6,
    PORTS,
    TCP,
    UDP,
    IntSet,
    Traffic,
    nacl_service,
    protocol_number,
    protocol_text,
    service,
)


def of(protocol: int, *ports: tuple[int, int]) -> Traffic:
    return Traffic.of(
        protocols=IntSet.single(protocol), destination_ports=IntSet.of(*ports) if ports else PORTS
    )


@pytest.mark.parametrize(
    ("protocol", "from_port", "to_port", "meant"),
    [
        (None, None, None, EVERYTHING),
        (None, 0, 0, EVERYTHING),
        (-1, 443, 443, EVERYTHING),
        (TCP, 443, 443, of(TCP, (443, 443))),
        (TCP, 0, 0, of(TCP, (0, 0))),
        (TCP, 0, 65535, of(TCP)),
        (TCP, None, None, of(TCP)),
        (TCP, -1, -1, of(TCP)),
        (UDP, 1024, 65535, of(UDP, (1024, 65535))),
        (ICMP, -1, -1, of(ICMP)),
        (ICMP, None, None, of(ICMP)),
        (ICMP, 8, -1, of(ICMP, (8 * 256, 8 * 256 + 255))),
        (ICMP, 8, 0, of(ICMP, (8 * 256, 8 * 256))),
        (ICMP, 3, 4, of(ICMP, (3 * 256 + 4, 3 * 256 + 4))),
        (ICMP, 0, 0, of(ICMP, (0, 0))),
        (ICMPV6, None, None, of(ICMPV6)),
        (ICMPV6, 128, 0, of(ICMPV6, (128 * 256, 128 * 256))),
        (47, 0, 0, of(47)),
        (50, 443, 443, of(50)),
        (0, None, None, of(0)),
    ],
)
def test_a_rule_selects_what_aws_says_it_selects(
    protocol: int | None, from_port: int | None, to_port: int | None, meant: Traffic
) -> None:
    assert service(protocol, from_port, to_port) == meant


@pytest.mark.parametrize(
    ("protocol", "from_port", "to_port", "problem"),
    [
        (TCP, 443, 80, "443-80 ends before it begins"),
        (TCP, 443, None, "both ends"),
        (TCP, None, 443, "both ends"),
        (TCP, -1, 443, "-1 is no port of tcp"),
        (UDP, 0, 65536, "65536 is no port of udp"),
        (ICMP, 256, 0, "256 is no type of icmp"),
        (ICMP, 8, 65535, "65535 is no code of icmp"),
        (ICMP, -1, 0, r"must have any code \(-1\)"),
        (ICMPV6, None, 3, r"must have any code \(-1\)"),
        (256, None, None, "256 is not from 0 to 255"),
        (-2, None, None, "-2 is not from 0 to 255"),
    ],
)
def test_a_rule_that_aws_refuses_is_refused(
    protocol: int, from_port: int | None, to_port: int | None, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        service(protocol, from_port, to_port)


@pytest.mark.parametrize(
    ("protocol", "ports", "message", "meant"),
    [
        (None, (0, 0), (None, None), EVERYTHING),
        (-1, (22, 22), (8, 0), EVERYTHING),
        (TCP, (1024, 65535), (None, None), of(TCP, (1024, 65535))),
        (TCP, (80, 80), (8, 0), of(TCP, (80, 80))),
        (ICMP, (0, 0), (-1, -1), of(ICMP)),
        (ICMP, (0, 0), (8, -1), of(ICMP, (8 * 256, 8 * 256 + 255))),
        (ICMP, (0, 0), (3, 4), of(ICMP, (3 * 256 + 4, 3 * 256 + 4))),
        (ICMPV6, (None, None), (None, None), of(ICMPV6)),
        (47, (0, 0), (None, None), of(47)),
    ],
)
def test_an_acl_entry_selects_what_aws_says_it_selects(
    protocol: int | None,
    ports: tuple[int | None, int | None],
    message: tuple[int | None, int | None],
    meant: Traffic,
) -> None:
    assert nacl_service(protocol, *ports, *message) == meant


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("tcp", 6),
            ("TCP", 6),
            ("6", 6),
            (6, 6),
            ("udp", 17),
            ("icmp", 1),
            ("icmpv6", 58),
            ("ipv6-icmp", 58),
        ),
        *(("-1", None), (-1, None), ("all", None), ("0", 0), ("hopopt", 0), ("igmp", 2), ("ipv6", 41)),
        *(("gre", 47), ("esp", 50), ("ah", 51), ("ospf", 89), ("ospfigp", 89), ("pim", 103), ("vrrp", 112)),
        *(
            ("l2tp", 115),
            ("sctp", 132),
            ("udplite", 136),
            ("hip", 139),
            ("rohc", 142),
            ("nsh", 145),
            ("255", 255),
        ),
    ],
)
def test_a_protocol_is_known_by_its_keyword_and_its_number(text: str | int, number: int | None) -> None:
    assert protocol_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "tpc", "256", "-2", "6.0", "0x6", "six", "-all", "٦", "--1"])
def test_what_is_no_protocol_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="protocol"):
        protocol_number(text)


def test_the_protocols_with_ports_and_types_are_written_by_name() -> None:
    assert [protocol_text(n) for n in (1, 6, 17, 58, 47, 0)] == [
        *("icmp", "tcp", "udp", "icmpv6", "proto/47", "proto/0")
    ]
