"""IPv4 and IPv6 on one line of integers, and CIDR text to and from it.

IPv4 addresses stand at ``[0, 2**32)``, IPv6 addresses at ``[2**32, 2**32 + 2**128)``.
"""

from __future__ import annotations

from functools import lru_cache

from auditor.traffic.intervals import Intervals, IntSet

IPV6_START = 1 << 32
ADDRESS_END = IPV6_START + (1 << 128)

IPV4 = IntSet(((0, IPV6_START - 1),))
IPV6 = IntSet(((IPV6_START, ADDRESS_END - 1),))
ANY = IntSet(((0, ADDRESS_END - 1),))


@lru_cache(maxsize=1 << 16)
def parse_cidr(text: str, *, strict: bool = False) -> IntSet:
    """The addresses of ``10.0.0.0/8``, ``2001:db8::/32`` or a bare address of either family.

    Host bits that are set are masked away, as the EC2 API does with a rule's CIDR, unless ``strict``.

    Raises:
        ValueError: the text is no address and no CIDR, or ``strict`` and host bits are set.
    """
    address, slash, length = text.partition("/")
    number = _ipv6(address) if ":" in address else _ipv4(address)
    if number is None:
        raise ValueError(f"{text!r} is no IPv4 or IPv6 address or CIDR")
    bits = 128 if number >= IPV6_START else 32
    if slash and not _is_decimal(length, bits):
        raise ValueError(f"{text!r} has no prefix length from 0 to {bits} after the slash")
    last = (1 << (bits - int(length) if slash else 0)) - 1
    offset = number - IPV6_START if bits == 128 else number
    if strict and offset & last:
        raise ValueError(f"{text!r} has host bits set")
    first = number - (offset & last)
    return IntSet(((first, first + last),))


def _is_decimal(text: str, most: int) -> bool:
    return (
        len(text) <= 3
        and text.isascii()
        and text.isdigit()
        and (text[0] != "0" or text == "0")
        and int(text) <= most
    )


def _ipv4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if not _is_decimal(part, 255):
            return None
        number = number << 8 | int(part)
    return number


def _ipv6(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    before = _groups(head, last=not gap)
    after = _groups(tail, last=True)
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    fits = missing > 0 if gap else missing == 0
    if not fits:
        return None
    number = 0
    for group in (*before, *([0] * missing), *after):
        number = number << 16 | group
    return IPV6_START + number


def _groups(text: str, *, last: bool) -> list[int] | None:
    """The 16-bit groups of one side of a ``::``; an IPv4 address may be the ``last`` (RFC 4291, 2.2)."""
    if not text:
        return []
    parts = text.split(":")
    groups: list[int] = []
    if last and "." in parts[-1]:
        embedded = _ipv4(parts.pop())
        if embedded is None:
            return None
        groups = [embedded >> 16, embedded & 0xFFFF]
    if not all(0 < len(part) <= 4 and _HEX.issuperset(part) for part in parts):
        return None
    return [int(part, 16) for part in parts] + groups


_HEX = frozenset("0123456789abcdefABCDEF")


def address_text(number: int) -> str:
    """The address at a place of the line: dotted for IPv4, RFC 5952 for IPv6."""
    if number < IPV6_START:
        return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    number -= IPV6_START
    groups = [number >> shift & 0xFFFF for shift in range(112, -1, -16)]
    words = [f"{group:x}" for group in groups]
    if groups[:6] == [0, 0, 0, 0, 0, 0xFFFF]:
        # RFC 5952, 5: the mapped prefix is well known, so the IPv4 address in it is written dotted.
        return "::ffff:" + address_text(number & 0xFFFF_FFFF)
    start, length = _longest_zeros(groups)
    if length < 2:
        return ":".join(words)
    return ":".join(words[:start]) + "::" + ":".join(words[start + length :])


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    best = start = length = 0
    for index, group in enumerate(groups):
        length = length + 1 if group == 0 else 0
        if length > best:
            best, start = length, index - length + 1
    return start, best


def cidrs(addresses: IntSet) -> tuple[str, ...]:
    """The shortest list of CIDRs that covers the addresses and no others, in the order of the line."""
    return tuple(
        text
        for low, high in addresses
        for first, last, base, bits in _families(low, high)
        for text in _cover(first, last, base, bits)
    )


def _families(low: int, high: int) -> list[tuple[int, int, int, int]]:
    parts = [(low, min(high, IPV6_START - 1), 0, 32)] if low < IPV6_START else []
    if high >= IPV6_START:
        parts.append((max(low, IPV6_START), high, IPV6_START, 128))
    return parts


def _cover(low: int, high: int, base: int, bits: int) -> list[str]:
    texts = []
    while low <= high:
        offset = low - base
        aligned = (offset & -offset).bit_length() - 1 if offset else bits
        free = min(aligned, (high - low + 1).bit_length() - 1)
        texts.append(f"{address_text(low)}/{bits - free}")
        low += 1 << free
    return texts


def _all(*texts: str) -> Intervals:
    return IntSet.union(parse_cidr(text) for text in texts).intervals


_NOT_GLOBAL = IntSet(
    _all(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
)

PUBLIC = (IPV4 - _NOT_GLOBAL) | parse_cidr("2000::/3")
"""What an internet gateway can carry: IPv4 without private, shared, loopback, link-local, benchmarking,
protocol assignment, multicast and reserved ranges, and the global unicast range of IPv6.

From the IANA special-purpose address registries (RFC 6890), but for the documentation ranges (192.0.2.0/24,
198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32): they count as public, because examples and tests are written
with them in the place of public addresses.
"""

PRIVATE = ANY - PUBLIC
"""Every other address: what no packet on the internet carries as its source or destination."""

LOOPBACK = parse_cidr("127.0.0.0/8") | parse_cidr("::1/128")
"""The addresses by which a host means itself: no packet that leaves it bears one (RFC 1122, RFC 4291)."""

UNICAST_IPV4 = IPV4 - IntSet(_all("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"))
"""The IPv4 addresses that a host of a private network can have: all but those of this network, loopback,
link-local and multicast. Networks are built from public and shared ranges too (RFC 6890)."""
