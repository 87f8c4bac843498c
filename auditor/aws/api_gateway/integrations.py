"""Integrations of APIs: the ways from an API through a VPC link to a load balancer or a service.

A link of the first version has no interface: what comes by it is the network load balancer's. One of the
second has interfaces, and opens the connection from these.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from auditor.aws.api_gateway.apis import ACCEPTED, HTTP, REST
from auditor.aws.reader import Block, owner, spoken
from auditor.aws.reader.handing import handed_to
from auditor.model import (
    YES,
    Component,
    Fact,
    Link,
    Links,
    Listener,
    TargetGroup,
    TargetType,
    Truth,
    Workload,
)
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import GapKind, Reason

FIRST, SECOND = "aws_api_gateway_vpc_link", "aws_apigatewayv2_vpc_link"
OF_REST, OF_HTTP = "aws_api_gateway_integration", "aws_apigatewayv2_integration"
_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_PORTS = {"http": 80, "https": 443}
_ANY_PORT = Bounds(NOTHING, service(TCP))


def read_integration(block: Block) -> Iterator[Component]:
    """The way of an integration with a link; others call what lies in no VPC, or functions.

    Where several APIs share a link, what the link hands on for one of them is told of all.
    """
    types = block.choices("connection_type", "INTERNET")
    if types is not None and "VPC_LINK" not in types:
        return
    api = _api(block)
    if api is None:
        api = Link(f"{block.address}.api", block.at)
        yield _outside(block, api.id)
    found = _named(block)
    sure = len(found) == 1 and types == {"VPC_LINK"}
    for link in found or tuple(_every(block)):
        yield from _way(block if sure else _doubted(block), api, link)


def _api(block: Block) -> Link | None:
    """The API of an integration, where the input certainly has it."""
    path, kind = ("rest_api_id", REST) if block.resource.kind == OF_REST else ("api_id", HTTP)
    found = _owned(block, path, kind)
    return None if found is None else Link(found.address, block.at)


def _outside(block: Block, identity: str) -> Workload:
    """An API that another input has: whether the internet reaches it is not known."""
    why = Reason(f"the API of {block.address}", block.at, "the input that declares it")
    return Workload(
        id=identity,
        kind=REST if block.resource.kind == OF_REST else HTTP,
        at=block.at,
        public=Fact(Truth.UNKNOWN, block.at, (why,)),
        filtered=False,
        default_group=False,
        initiates=False,
        listens=ACCEPTED,
        placed=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def read_described(block: Block) -> Iterator[Component]:
    """The ways of an API that a document describes, which may use any link."""
    if block.has("body") or block.has("body_s3_location"):
        for link in _every(block):
            yield from _way(_doubted(block), Link(block.address, block.at), link)


def read_first(block: Block) -> Iterator[Component]:
    """A gap where nothing in the input says which API uses a link: what comes by it is not known."""
    used = any(block.users(kind, "connection_id", *block.ids) for kind in (OF_REST, OF_HTTP))
    described = any(
        Block.of(api, block.estate).has(path)
        for kind in (REST, HTTP)
        for api in block.estate.of_kind(kind)
        for path in ("body", "body_s3_location")
    )
    if not used and not described:
        why = "an API passes requests to a load balancer, and which one does is not known"
        block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, block.at)
    yield from ()


def _doubted(block: Block) -> Block:
    reason = Reason(f"which VPC link {block.address} uses", block.at, "a plan, or the name of the link")
    return block.perhaps((reason,))


def _named(block: Block) -> tuple[Block, ...]:
    found = (_owned(block, "connection_id", kind) for kind in (FIRST, SECOND))
    return tuple(one for one in found if one is not None)


def _owned(block: Block, path: str, kind: str) -> Block | None:
    found = owner(path, kind, block)
    return found if found is not None and found.resource.kind == kind else None


def _every(block: Block) -> Iterator[Block]:
    for kind in (FIRST, SECOND):
        yield from (Block.of(one, block.estate) for one in block.estate.of_kind(kind))


def _way(block: Block, api: Link, link: Block) -> Iterator[Component]:
    """From the API to what the link leads to, with the interfaces of the link between where it has any."""
    name = f"{block.address}.{link.address}"
    placed = link.resource.kind == SECOND
    opens, members, reasons = _behind(block) if placed else _balancer(block, link)
    if placed:
        within = (Link(link.address, block.at),)
        yield from _step(block, (f"{name}.link", api), ACCEPTED, within, ())
        yield from _step(block, (f"{name}.targets", within[0]), opens, members, reasons)
    else:
        yield from _step(block, (f"{name}.targets", api), opens, members, reasons)


def _step(
    block: Block,
    ends: tuple[str, Link],
    opens: Bounds[Traffic],
    members: tuple[Link, ...],
    reasons: tuple[Reason, ...],
) -> Iterator[Component]:
    name, proxy = ends
    group = Link(name, block.at)
    yield Listener(
        id=f"{name}.listener",
        at=block.at,
        proxy=proxy,
        service=ACCEPTED,
        targets=Links((group,)),
        presence=block.presence,
    )
    yield TargetGroup(
        id=name,
        at=block.at,
        type=TargetType.IP,
        service=opens,
        cross_zone=YES,
        open=reasons,
        presence=block.presence,
    )
    yield from (handed_to(member, group, block) for member in members)


_Behind = tuple[Bounds[Traffic], tuple[Link, ...], tuple[Reason, ...]]


def _balancer(block: Block, link: Block) -> _Behind:
    """The network load balancer of a link, on the port of the integration's address."""
    targets = link.links("target_arns")
    several = len(targets.items) + len(targets.open) > 1
    named = tuple(replace(one, certain=False) if several else one for one in targets.items)
    return _port(block), named, targets.open


def _port(block: Block) -> Bounds[Traffic]:
    parts = urlsplit(block.text("uri") or block.text("integration_uri"))
    try:
        port = parts.port or _PORTS.get(parts.scheme.lower())
    except ValueError:
        port = None
    return _ANY_PORT if port is None else exact(service(TCP, port, port))


def _behind(block: Block) -> _Behind:
    """What a link's interfaces connect to: a balancer by its listener, or the tasks of a service."""
    if block.has("integration_target"):
        return _port(block), (block.target("integration_target"),), ()
    for kind in _LISTENERS:
        listener = _owned(block, "integration_uri", kind)
        if listener is not None:
            accepted = spoken(listener, "protocol", "port", "http")
            return accepted, (listener.target("load_balancer_arn"),), ()
    found = _owned(block, "integration_uri", "aws_service_discovery_service")
    if found is not None:
        users = found.users("aws_ecs_service", "service_registries.registry_arn", *found.ids)
        tasks = tuple(replace(link, id=user.address) for user, link in users)
        why = (Reason(f"what registers with {found.address}", found.at, "a snapshot"),)
        return _ANY_PORT, tasks, () if tasks else why
    why = (Reason(f"what {block.address} passes requests to", block.at, "the input that declares it"),)
    return _ANY_PORT, (), why
