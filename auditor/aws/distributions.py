"""Distributions of CloudFront with origins inside a VPC, or that are load balancers which face the internet.

CloudFront comes to the first by interfaces of its own, with a group that AWS makes, and to the second as
anything on the internet does, from addresses of its own.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, open_tags
from auditor.aws.reader.handing import handed_to
from auditor.aws.reader.respelling import with_entries
from auditor.model import (
    YES,
    Component,
    Link,
    Links,
    Listener,
    ProxyTarget,
    TargetGroup,
    TargetType,
    Truth,
    Workload,
)
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import (
    GapKind,
    Map,
    Node,
    Presence,
    Reason,
    Reference,
    Resource,
    Scalar,
    Seq,
    Unknown,
)

ORIGIN = "aws_cloudfront_vpc_origin"
DISTRIBUTIONS = ("aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution")
_DEEPEST = 4
_USED = "origin.vpc_origin_config.vpc_origin_id"
_CONFIG = "vpc_origin_endpoint_config"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
_ADDRESSES = "cloudfront.origin-facing"
_CUSTOM = "custom_origin_config"
_PORTS = {"http": 80, "https": 443}
_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")
_RECORD = "aws_route53_record"
_OF_AWS, _OF_A_BALANCER = (
    re.compile(r"\.amazonaws\.com$|\.on\.aws$"),
    re.compile(r"\.elb\.([\w-]+\.)?amazonaws\.com$"),
)
_ACCEPTED = exact(service(TCP, 80, 80) | service(TCP, 443, 443))


def read_distribution(block: Block) -> Iterator[Component]:
    """A distribution with an origin in a VPC or at a load balancer; the internet reaches it while enabled."""
    origins = [one for number, each in enumerate(block.blocks("origin")) for one in _facing(each, number)]
    if not (block.has(_USED) or origins):
        return
    yield from origins
    for link in block.one(_USED).items:
        known = block.estate.at_address(link.id) is not None
        if not known and not block.estate.address_of(ORIGIN, link.id, block.resource):
            why = "it passes requests from the internet to an origin in a VPC that nothing here describes"
            block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, link.at)
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("comment"),
        tags=block.tags,
        open_tags=open_tags(block),
        public=block.fact("enabled", YES),
        filtered=False,
        default_group=False,
        initiates=False,
        listens=_ACCEPTED,
        placed=False,
        comes_from=_ADDRESSES,
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
        service=_opened(block, _CONFIG),
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


def _opened(block: Block, config: str) -> Bounds[Traffic]:
    """What CloudFront opens to the origin: by the viewer's protocol, or always by one of both."""
    policies = block.choices(f"{config}.origin_protocol_policy", "match-viewer")
    given = {one: f"{config}.{one}_port" for one in _PORTS}
    ports = {one: block.integer(path) if block.has(path) else _PORTS[one] for one, path in given.items()}
    kept = [one for one in ports if policies != {f"{'https' if one == 'http' else 'http'}-only"}]
    if any(ports[one] is None for one in kept):
        return Bounds(NOTHING, service(TCP))
    opened = Traffic.union(service(TCP, ports[one], ports[one]) for one in kept)
    return exact(opened) if len(kept) == 1 else Bounds(NOTHING, opened)


# -- origins that face the internet ------------------------------------------------------------------


def _facing(origin: Block, number: int) -> Iterator[Component]:
    """The way from a distribution to an origin that is, or may be, a load balancer of the input."""
    if not origin.has(_CUSTOM):
        return
    node = origin.get("domain_name")
    links = () if node is None else tuple(_meant(origin, node, 0))
    if not links:
        return
    group = Link(f"{origin.address}.origin[{number}]", origin.at)
    yield Listener(
        id=f"{group.id}.listener",
        at=origin.at,
        proxy=Link(origin.address, origin.at),
        service=_ACCEPTED,
        targets=Links((group,)),
        presence=origin.presence,
    )
    yield TargetGroup(
        id=group.id,
        at=origin.at,
        type=TargetType.IP,
        service=_opened(origin, _CUSTOM),
        cross_zone=YES,
        presence=origin.presence,
    )
    yield from (handed_to(link, group, origin, link.at) for link in links)


def _meant(block: Block, node: Node, depth: int) -> Iterator[Link]:
    """The load balancers that a name of an origin means, itself or by records that lead to them."""
    named = node.target if isinstance(node, Reference) else ""
    text = _plain(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    kind = block.estate.kind_at(named) if named else ""
    records = _records(block, node, text)
    if kind in _BALANCERS:
        yield Link(named, node.at)
    elif kind == _RECORD or records:
        own = block.estate.at_address(named) if kind == _RECORD else None
        for record in (Block.of(own, block.estate),) if own is not None else records:
            for value in _values(record) if depth < _DEEPEST else ():
                yield from _meant(record, value, depth + 1)
    elif text:
        yield from _called(block, text, node)
    elif isinstance(node, Unknown):
        why = Reason(f"what the origin of {block.address} is", node.at, "a plan, or the name of the origin")
        yield from (Link(one.address, node.at, certain=False, reasons=(why,)) for one in _that_face(block))


def _records(block: Block, node: Node, text: str) -> list[Block]:
    """The records of the input with a name, whole or as it is in its zone."""
    found = [Block.of(one, block.estate) for one in block.estate.of_kind(_RECORD)]
    if text:
        names = [(one, _plain(one.text("name"))) for one in found]
        whole = [one for one, name in names if name == text]
        return whole or [one for one, name in names if name and text.startswith(f"{name}.")]
    identity = node.identity if isinstance(node, Unknown) else ""
    own = block.estate.address_of(_RECORD, identity, block.resource) if identity else ""
    return [one for one in found if own and one.address == own]


def _values(record: Block) -> Iterator[Node]:
    alias = record.get("alias.name")
    if alias is not None:
        yield alias
        return
    told = record.get("records")
    yield from told.items if isinstance(told, Seq) else () if told is None else (told,)


def _called(block: Block, text: str, node: Node) -> Iterator[Link]:
    """The load balancer that AWS calls so; a gap where one that faces the internet may have the name."""
    facing = list(_that_face(block))
    own = [one for one in facing if _plain(one.text("dns_name")) == text]
    yield from (Link(one.address, node.at) for one in own)
    told = all(one.has("dns_name") for one in facing) and _OF_A_BALANCER.search(text)
    elsewhere = _OF_AWS.search(text) and not _OF_A_BALANCER.search(text)
    if facing and not (own or told or elsewhere):
        why = f"whether its origin {text} is a load balancer of the input is not known"
        block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, node.at)


def _that_face(block: Block) -> Iterator[Block]:
    """The load balancers of the input that face, or may face, the internet."""
    for one in block.estate.of_kind(*_BALANCERS):
        found = Block.of(one, block.estate)
        if found.fact("internal").truth is not Truth.YES:
            yield found


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower().removeprefix("dualstack.")


READERS = {**dict.fromkeys(DISTRIBUTIONS, read_distribution), ORIGIN: read_origin}


def _collected(resource: Resource) -> Iterator[Resource]:
    """A distribution, whose origins the API gives with their number, or lists without its settings."""
    entries = resource.body.entries
    told = entries.get("origin", entries.get("origins"))
    if isinstance(told, Map):
        resource = with_entries(resource, origin=told.entries.get("items"))
    yield resource


SPELLINGS = {
    "AWS::CloudFront::VpcOrigin": Spelling(kind=ORIGIN),
    "AWS::CloudFront::Distribution": Spelling(
        kind=DISTRIBUTIONS[0],
        hoisted=frozenset({"DistributionConfig"}),
        renamed={"DistributionConfig.Origins": "origin"},
    ),
    "DistributionList:Items": Spelling(
        kind=DISTRIBUTIONS[0],
        hoisted=frozenset({"DistributionConfig"}),
        renamed={"DistributionConfig.Origins": "origin"},
        then=_collected,
    ),
    "VpcOriginList:Items": Spelling(kind=ORIGIN),
}
