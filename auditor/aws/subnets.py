"""Subnets."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import NO, YES, Subnet, Truth
from auditor.traffic import EMPTY, IPV4, IPV6, UNICAST_IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Reason

DEFAULT_VPC = parse_cidr("172.31.0.0/16")
UNICAST_IPV6 = parse_cidr("2000::/3") | parse_cidr("fc00::/7")


def read_subnet(block: Block) -> Iterator[Subnet]:
    """A subnet of a VPC."""
    cidrs, reasons = _ipv4(block)
    more, more_reasons = _ipv6(block)
    yield Subnet(
        id=block.address,
        at=block.at,
        vpc=block.target("vpc_id"),
        names=block.names(),
        tags=block.tags,
        cidrs=cidrs | more,
        reasons=reasons + more_reasons,
        zone=block.text("availability_zone") or block.text("availability_zone_id"),
        public_on_launch=block.fact("map_public_ip_on_launch"),
        ipv6_on_launch=block.fact("assign_ipv6_address_on_creation"),
        presence=block.presence,
    )


def _ipv4(block: Block) -> tuple[Bounds[IntSet], tuple[Reason, ...]]:
    given = block.addresses("cidr_block", IPV4)
    if given is not None:
        may = UNICAST_IPV4 if given.may == IPV4 else given.may
        return Bounds(given.must, may), block.why("cidr_block")
    if block.fact("ipv6_native").truth is Truth.YES:
        return exact(EMPTY), ()
    reason = Reason(f"the range that {block.address} is given", block.at, "give cidr_block, or a snapshot")
    return Bounds(EMPTY, UNICAST_IPV4), (reason,)


def _ipv6(block: Block) -> tuple[Bounds[IntSet], tuple[Reason, ...]]:
    given = block.addresses("ipv6_cidr_block", IPV6)
    if given is not None:
        return Bounds(given.must, UNICAST_IPV6 if given.may == IPV6 else given.may), block.why(
            "ipv6_cidr_block"
        )
    if block.has("ipv6_ipam_pool_id"):
        place = block.place("ipv6_ipam_pool_id")
        return Bounds(EMPTY, UNICAST_IPV6), (
            Reason(f"the IPv6 range of {block.address}", place, "a snapshot"),
        )
    return exact(EMPTY), ()


def read_default_subnet(block: Block) -> Iterator[Subnet]:
    """The default subnet of a zone: a /20 of the default VPC, public on launch unless told otherwise.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
    """
    reason = Reason(f"the /20 that {block.address} has", block.at, "a snapshot")
    more, more_reasons = _ipv6(block)
    yield Subnet(
        id=block.address,
        at=block.at,
        vpc=block.vpc(),
        names=block.names(),
        tags=block.tags,
        cidrs=Bounds(EMPTY, DEFAULT_VPC) | more,
        reasons=(reason, *more_reasons),
        zone=block.text("availability_zone"),
        public_on_launch=block.fact("map_public_ip_on_launch", YES),
        ipv6_on_launch=block.fact("assign_ipv6_address_on_creation", NO),
        presence=block.presence,
    )


READERS = {"aws_subnet": read_subnet, "aws_default_subnet": read_default_subnet}

SPELLINGS = {"AWS::EC2::Subnet": Spelling(kind="aws_subnet")}
