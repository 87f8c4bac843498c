"""Networks with proxies by hand: a load balancer and its targets in a few words."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import (
    NO,
    YES,
    Component,
    EndpointService,
    EndpointType,
    Fact,
    Link,
    Links,
    Listener,
    ProxyTarget,
    TargetGroup,
    TargetType,
    VpcEndpoint,
    Workload,
)
from auditor.reach import Engine
from auditor.reach.further import Further
from auditor.traffic import exact, parse_traffic
from tests.reach.network import at, engine, host, link, links, peer


def balancer(identity: str, subnets: tuple[str, ...], *groups: str, **more: object) -> Workload:
    return replace(host(identity, subnets, *groups, filtered=bool(groups), **more), kind="aws_lb")


def listener(proxy: str, service: str, *groups: str, targets: Links | None = None) -> Listener:
    return Listener(
        id=f"{proxy}.{service}",
        at=at(),
        proxy=link(proxy),
        service=exact(parse_traffic(service)),
        targets=links(*groups) if targets is None else targets,
    )


def targets(
    identity: str,
    service: str,
    *workloads: str,
    kind: TargetType = TargetType.INSTANCE,
    preserves: Fact = NO,
    cross_zone: Fact = YES,
) -> tuple[Component, ...]:
    own = TargetGroup(
        id=identity,
        at=at(),
        type=kind,
        service=exact(parse_traffic(service)),
        preserves_client=preserves,
        cross_zone=cross_zone,
    )
    return (own, *(ProxyTarget(at=at(), group=link(identity), workload=link(one)) for one in workloads))


def address_target(group: str, address: str) -> ProxyTarget:
    return ProxyTarget(at=at(), group=link(group), address=peer(address))


def shared(
    identity: str, endpoint: str, vpc: str, *balancers: str, accepted: Fact = YES
) -> tuple[Component, ...]:
    """An endpoint service and one consumer's endpoint to it."""
    service = EndpointService(id=identity, at=at(), balancers=links(*balancers))
    consumer = VpcEndpoint(
        id=endpoint,
        at=at(),
        vpc=link(vpc),
        types=(EndpointType.INTERFACE,),
        provider=Link(identity, at()),
        accepted=accepted,
        restricted=NO,
    )
    return (service, consumer)


def further(*facts: Component | tuple[Component, ...]) -> Further:
    one: Engine = engine(*facts)
    return Further(one)
