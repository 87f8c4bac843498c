"""VPCs and their address ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, open_tags
from auditor.aws.reader.respelling import with_entries
from auditor.model import NO, YES, AddressRange, Fact, Truth, Vpc
from auditor.traffic import EMPTY, IPV4, IPV6, UNICAST_IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Dialect, Map, Node, Reason, Resource, Scalar, Seq

Ranges = tuple[Bounds[IntSet], tuple[Reason, ...]]

DEFAULT_VPC = parse_cidr("172.31.0.0/16")

# What Amazon gives out (RFC 4291), and what an IPAM pool can hold besides (RFC 4193).
AMAZON_IPV6 = parse_cidr("2000::/3")
POOL_IPV6 = AMAZON_IPV6 | parse_cidr("fc00::/7")


def read_vpc(block: Block) -> Iterator[Vpc]:
    """A VPC with its first ranges.

    A default VPC has 172.31.0.0/16 and DNS names:
    https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
    """
    default = block.resource.kind == "aws_default_vpc"
    first = (exact(DEFAULT_VPC), ()) if default else _ipv4(block)
    second = _ipv6(block)
    yield Vpc(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        open_tags=open_tags(block),
        cidrs=first[0] | second[0],
        reasons=first[1] + second[1],
        dns_names=block.fact("enable_dns_hostnames", _switch(block, YES if default else NO)),
        dns_support=block.fact("enable_dns_support", _switch(block, YES)),
        scope=block.resource.scope,
        presence=block.presence,
    )


def _switch(block: Block, default: Fact) -> Fact:
    """What a setting of DNS is where nothing is said: the default, but in AWS's answers, which omit it.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    if block.resource.dialect is not Dialect.SNAPSHOT:
        return default
    why = Reason(f"the DNS settings of {block.address}", block.at, "describe-vpc-attribute in the snapshot")
    return Fact(Truth.UNKNOWN, block.at, (why,))


def _ipv4(block: Block) -> Ranges:
    """The IPv4 range. One that is not known may be a public one too: AWS takes those as well.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    given = block.addresses("cidr_block", IPV4)
    if given is None:
        what = f"the range that {block.address} is given"
        reason = Reason(what, block.place("ipv4_ipam_pool_id"), "give cidr_block, or a snapshot")
        return Bounds(EMPTY, UNICAST_IPV4), (reason,)
    if given.may == IPV4:
        given = Bounds(given.must, UNICAST_IPV4)
    return given, block.why("cidr_block")


def _ipv6(block: Block) -> Ranges:
    """The IPv6 range: Amazon or the pool chooses it when it is made, unless it is given."""
    given = block.addresses("ipv6_cidr_block", IPV6)
    if given is not None:
        return Bounds(given.must, POOL_IPV6 if given.may == IPV6 else given.may), block.why("ipv6_cidr_block")
    pool = block.has("ipv6_ipam_pool_id")
    if not pool and block.fact("assign_generated_ipv6_cidr_block").truth is Truth.NO:
        return exact(EMPTY), ()
    place = block.place("ipv6_ipam_pool_id" if pool else "assign_generated_ipv6_cidr_block")
    reason = Reason(f"the IPv6 range of {block.address}", place, "a snapshot")
    return Bounds(EMPTY, POOL_IPV6 if pool else AMAZON_IPV6), (reason,)


def read_ipv4_range(block: Block) -> Iterator[AddressRange]:
    """A secondary IPv4 range of a VPC."""
    yield from _range(block, _ipv4(block))


def read_ipv6_range(block: Block) -> Iterator[AddressRange]:
    """A secondary IPv6 range of a VPC; without a range of its own it asks Amazon for one."""
    cidrs, reasons = _ipv6(block)
    if not cidrs.may:
        reasons = (Reason(f"the IPv6 range of {block.address}", block.at, "a snapshot"),)
        cidrs = Bounds(EMPTY, AMAZON_IPV6)
    yield from _range(block, (cidrs, reasons))


def _range(block: Block, ranges: Ranges) -> Iterator[AddressRange]:
    yield AddressRange(
        vpc=block.target("vpc_id"),
        at=block.at,
        cidrs=ranges[0],
        reasons=ranges[1],
        presence=block.presence,
    )


READERS = {
    "aws_vpc": read_vpc,
    "aws_default_vpc": read_vpc,
    "aws_vpc_ipv4_cidr_block_association": read_ipv4_range,
    "aws_vpc_ipv6_cidr_block_association": read_ipv6_range,
}


def _by_family(resource: Resource) -> Iterator[Resource]:
    """A range of CloudFormation's is of either family; where it is not known of which, it may be of both."""
    given = set(resource.body.entries)
    families = (
        ("aws_vpc_ipv4_cidr_block_association", {"cidr_block", "ipv4_ipam_pool_id"}),
        ("aws_vpc_ipv6_cidr_block_association", {"ipv6_cidr_block", "ipv6_ipam_pool_id", _GENERATED}),
    )
    generated = resource.body.entries.get(_GENERATED)
    if isinstance(generated, Scalar) and str(generated.value).lower() == "false":
        given.discard(_GENERATED)
    for kind, names in families:
        if names & given:
            yield replace(resource, kind=kind)


def _with_ranges(resource: Resource) -> Iterator[Resource]:
    """A VPC and its further ranges: what the API lists beside the first one of each family."""
    entries = resource.body.entries
    first = entries.get("cidr_block")
    own = first.value if isinstance(first, Scalar) else None
    four, six = (_listed(entries.get(name)) for name in ("ipv4_ranges", "ipv6_ranges"))
    vpc = with_entries(resource, ipv4_ranges=None, ipv6_ranges=None)
    yield with_entries(vpc, ipv6_cidr_block=six[0]) if six else vpc
    more = (
        *(("ipv4", "cidr_block", each) for each in four if each.value != own),
        *(("ipv6", "ipv6_cidr_block", each) for each in six[1:]),
    )
    for family, name, each in more:
        body: dict[str, Node] = {"vpc_id": Scalar(resource.address, resource.at), name: each}
        yield replace(
            resource,
            kind=f"aws_vpc_{family}_cidr_block_association",
            address=f"{resource.address} {each.value}",
            body=Map(body, resource.at),
        )


def _listed(node: Node | None) -> tuple[Scalar, ...]:
    return tuple([item for item in node.items if isinstance(item, Scalar)]) if isinstance(node, Seq) else ()


_GONE = frozenset({"disassociated", "disassociating", "failed", "failing"})
_GENERATED = "assign_generated_ipv6_cidr_block"

SPELLINGS = {
    "AWS::EC2::VPC": Spelling(
        kind="aws_vpc",
        attributes={
            "DefaultSecurityGroup": "default_security_group_id",
            "DefaultNetworkAcl": "default_network_acl_id",
        },
    ),
    "Vpcs": Spelling(
        kind="aws_vpc",
        renamed={
            "CidrBlockAssociationSet": "ipv4_ranges",
            "Ipv6CidrBlockAssociationSet": "ipv6_ranges",
            "EnableDnsHostnames.Value": "/enable_dns_hostnames",
            "EnableDnsSupport.Value": "/enable_dns_support",
        },
        each={"CidrBlockAssociationSet": "CidrBlock", "Ipv6CidrBlockAssociationSet": "Ipv6CidrBlock"},
        gone={
            "CidrBlockAssociationSet.CidrBlockState.State": _GONE,
            "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State": _GONE,
        },
        then=_with_ranges,
    ),
    "AWS::EC2::VPCCidrBlock": Spelling(
        kind="aws_vpc_ipv4_cidr_block_association",
        renamed={
            "AmazonProvidedIpv6CidrBlock": "assign_generated_ipv6_cidr_block",
            "Ipv6Pool": "ipv6_ipam_pool_id",
        },
        then=_by_family,
    ),
}
