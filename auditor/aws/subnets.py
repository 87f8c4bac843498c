"""Subnets."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, open_tags
from auditor.model import NO, YES, Link, Subnet, SubnetTag, Truth
from auditor.traffic import EMPTY, IPV4, IPV6, UNICAST_IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Presence, Reason, Reference, Scalar, Unknown

DEFAULT_VPC = parse_cidr("172.31.0.0/16")
UNICAST_IPV6 = parse_cidr("2000::/3") | parse_cidr("fc00::/7")

# A type of CloudFormation's alone: in Terraform the range is an attribute of the subnet.
RANGE = "aws_subnet_ipv6_cidr_block"


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
        open_tags=open_tags(block),
        cidrs=cidrs | more,
        reasons=reasons + more_reasons,
        zone=_zone(block),
        public_on_launch=block.fact("map_public_ip_on_launch"),
        ipv6_on_launch=block.fact("assign_ipv6_address_on_creation"),
        presence=block.presence,
    )


def _zone(block: Block) -> str:
    """The name or id of the zone, or the identity of the value that is one of these."""
    for path in ("availability_zone", "availability_zone_id"):
        match block.get(path):
            case Scalar(value):
                return str(value)
            case Reference(target, attribute):
                return f"{target}.{attribute}"
            case Unknown(identity=identity) if identity:
                return identity
            case _:
                pass
    return ""


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
    if given is not None and (given.may or block.why("ipv6_cidr_block")):
        may = UNICAST_IPV6 if given.may == IPV6 else given.may
        return Bounds(given.must, may), block.why("ipv6_cidr_block")
    others = block.users(RANGE, "subnet_id", *block.ids)
    if others:
        return _later(block, others)
    if block.has("ipv6_ipam_pool_id"):
        place = block.place("ipv6_ipam_pool_id")
        return Bounds(EMPTY, UNICAST_IPV6), (
            Reason(f"the IPv6 range of {block.address}", place, "a snapshot"),
        )
    return exact(EMPTY), ()


def _later(block: Block, others: list[tuple[Block, Link]]) -> tuple[Bounds[IntSet], tuple[Reason, ...]]:
    """The ranges that resources of their own give to the subnet, or may give to it."""
    found: Bounds[IntSet] = exact(EMPTY)
    reasons: list[Reason] = []
    for other, link in others:
        given = other.addresses("ipv6_cidr_block", IPV6) or Bounds(EMPTY, IPV6)
        may = UNICAST_IPV6 if given.may == IPV6 else given.may
        certain = link.certain and other.presence is Presence.CERTAIN
        found |= Bounds(given.must if certain else EMPTY, may)
        reasons += (*other.why("ipv6_cidr_block"), *other.reasons, *link.reasons)
    if not reasons and found.must != found.may:
        reasons.append(Reason(f"the IPv6 range of {block.address}", block.at, "a snapshot"))
    return found, tuple(reasons)


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
        open_tags=open_tags(block),
        cidrs=Bounds(EMPTY, DEFAULT_VPC) | more,
        reasons=(reason, *more_reasons),
        zone=_zone(block),
        public_on_launch=block.fact("map_public_ip_on_launch", YES),
        ipv6_on_launch=block.fact("assign_ipv6_address_on_creation", NO),
        presence=block.presence,
    )


def read_range(block: Block) -> Iterator[Subnet]:  # noqa: ARG001 - a reader takes what all take
    """An IPv6 range that CloudFormation gives to a subnet; the subnet's reader sees it."""
    yield from ()


def read_tag(block: Block) -> Iterator[SubnetTag]:
    """A tag that is a resource of its own, of a subnet or of anything else that has an id."""
    key, value = block.text("key"), block.get("value")
    reasons = (*block.reasons, *block.why("key", "value"))
    worth = "" if not isinstance(value, Scalar) or value.value is None else str(value.value)
    yield SubnetTag(
        at=block.at,
        subnet=block.target("resource_id"),
        tags=() if reasons or not key else ((key, worth),),
        reasons=reasons,
        presence=block.presence,
    )


READERS = {
    "aws_subnet": read_subnet,
    "aws_default_subnet": read_default_subnet,
    RANGE: read_range,
    "aws_ec2_tag": read_tag,
}

SPELLINGS = {
    "AWS::EC2::Subnet": Spelling(kind="aws_subnet"),
    "AWS::EC2::SubnetCidrBlock": Spelling(kind=RANGE),
    "Subnets": Spelling(
        kind="aws_subnet",
        renamed={"Ipv6CidrBlockAssociationSet": "ipv6_cidr_block"},
        each={"Ipv6CidrBlockAssociationSet": "Ipv6CidrBlock"},
        gone={"Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State": frozenset({"disassociated", "failed"})},
    ),
}
