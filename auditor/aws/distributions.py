"""Distributions of CloudFront with origins inside a VPC.

CloudFront comes to these by interfaces of its own, with a group that AWS makes.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import (
    YES,
    Component,
    Link,
    Links,
    Listener,
    ProxyTarget,
    TargetGroup,
    TargetType,
    Workload,
)
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import GapKind, Presence

ORIGIN = "aws_cloudfront_vpc_origin"
DISTRIBUTIONS = ("aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution")
_USED = "origin.vpc_origin_config.vpc_origin_id"
_CONFIG = "vpc_origin_endpoint_config"
_ACCEPTED = exact(service(TCP, 80, 80) | service(TCP, 443, 443))


def read_distribution(block: Block) -> Iterator[Workload]:
    """A distribution that has, or may have, an origin in a VPC; the internet reaches it while enabled."""
    if not block.has(_USED):
        return
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("comment"),
        tags=block.tags,
        public=block.fact("enabled", YES),
        filtered=False,
        default_group=False,
        initiates=False,
        listens=_ACCEPTED,
        placed=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def read_origin(block: Block) -> Iterator[Component]:
    """The ways from the distributions that use an origin to what it is; a gap where none is known to."""
    uses = [use for kind in DISTRIBUTIONS for use in block.users(kind, _USED, *block.ids)]
    if not uses:
        why = "a distribution passes requests from the internet to it, and which one does is not known"
        block.flag(GapKind.RESOURCE, f"{ORIGIN} {block.address}", why, block.at)
        return
    group = Link(f"{block.address}.targets", block.at)
    for user, link in uses:
        sure = link.certain and user.presence is Presence.CERTAIN
        yield Listener(
            id=f"{block.address}.{user.address}",
            at=link.at,
            proxy=Link(user.address, link.at),
            service=_ACCEPTED,
            targets=Links((Link(group.id, link.at, certain=sure, reasons=(*link.reasons, *user.reasons)),)),
            presence=block.presence,
        )
    yield TargetGroup(
        id=group.id,
        at=block.at,
        type=TargetType.IP,
        service=_opened(block),
        cross_zone=YES,
        presence=block.presence,
    )
    yield ProxyTarget(
        at=block.at,
        group=group,
        workload=block.target(f"{_CONFIG}.arn"),
        presence=block.presence,
        reasons=block.reasons,
    )


def _opened(block: Block) -> Bounds[Traffic]:
    """What CloudFront opens to the origin: by the viewer's protocol, or always by one of both."""
    policies = block.choices(f"{_CONFIG}.origin_protocol_policy", "match-viewer")
    ports = {one: block.integer(f"{_CONFIG}.{one}_port") for one in ("http", "https")}
    kept = [one for one in ports if policies != {f"{'https' if one == 'http' else 'http'}-only"}]
    if any(ports[one] is None for one in kept):
        return Bounds(NOTHING, service(TCP))
    opened = Traffic.union(service(TCP, ports[one], ports[one]) for one in kept)
    return exact(opened) if len(kept) == 1 else Bounds(NOTHING, opened)


READERS = {**dict.fromkeys(DISTRIBUTIONS, read_distribution), ORIGIN: read_origin}

SPELLINGS = {
    "AWS::CloudFront::VpcOrigin": Spelling(kind=ORIGIN),
    "AWS::CloudFront::Distribution": Spelling(
        kind=DISTRIBUTIONS[0],
        hoisted=frozenset({"DistributionConfig"}),
        renamed={"DistributionConfig.Origins": "origin"},
    ),
}
