"""The exact set algebra: integer sets, products of them, and bounds on what is not known."""

from auditor.traffic.addresses import (
    ANY,
    IPV4,
    IPV6,
    LOOPBACK,
    PRIVATE,
    PUBLIC,
    UNICAST_IPV4,
    address_text,
    cidrs,
    parse_cidr,
)
from auditor.traffic.bounds import Bounds, exact
from auditor.traffic.intervals import EMPTY, IntSet
from auditor.traffic.protocols import ICMP, ICMPV6, TCP, UDP, protocol_number, protocol_text
from auditor.traffic.services import nacl_service, service
from auditor.traffic.space import EVERYTHING, NOTHING, PORTS, PROTOCOLS, WITH_PORTS, WITH_TYPES, Axis, Traffic
from auditor.traffic.text import parse_traffic, traffic_text

__all__ = [
    "ANY",
    "EMPTY",
    "EVERYTHING",
    "ICMP",
    "ICMPV6",
    "IPV4",
    "IPV6",
    "LOOPBACK",
    "NOTHING",
    "PORTS",
    "PRIVATE",
    "PROTOCOLS",
    "PUBLIC",
    "TCP",
    "UDP",
    "UNICAST_IPV4",
    "WITH_PORTS",
    "WITH_TYPES",
    "Axis",
    "Bounds",
    "IntSet",
    "Traffic",
    "address_text",
    "cidrs",
    "exact",
    "nacl_service",
    "parse_cidr",
    "parse_traffic",
    "protocol_number",
    "protocol_text",
    "service",
    "traffic_text",
]
