"""PrivateLink: from a consumer's endpoint to the listeners of the provider's load balancers.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import EndpointService, EndpointType, Link, Listener, Truth, VpcEndpoint
from auditor.reach.carriers import Carriers
from auditor.reach.index import Index
from auditor.reach.proxies.onward import How, Onward
from auditor.tree import Presence, Reason

_Service = tuple[EndpointService, bool, tuple[Reason, ...]]


def private_links(
    index: Index, carriers: Carriers, listeners: Mapping[str, list[Listener]]
) -> Iterator[Onward]:
    """What the endpoints of the input hand on to the load balancers of its endpoint services."""
    for endpoint in index.inventory.vpc_endpoints:
        if endpoint.id not in carriers.workloads or endpoint.accepted.truth is Truth.NO:
            continue
        if EndpointType.INTERFACE not in endpoint.types:
            continue
        for service, sure, why in _services(index, endpoint):
            yield from _through(index, endpoint, service, (sure, why), listeners)


def _services(index: Index, endpoint: VpcEndpoint) -> Iterator[_Service]:
    """The endpoint services that an endpoint may be one of, each with whether it certainly is."""
    every = index.inventory.endpoint_services
    link = endpoint.provider
    if link is None:
        if endpoint.service:
            yield from ((one, True, ()) for one in every if one.service == endpoint.service)
        else:
            why = Reason(f"the service of {endpoint.id}", endpoint.at, "its name, or a snapshot")
            yield from ((one, False, (why,)) for one in every)
        return
    named = {index.canonical(each) for each in (link.id, *link.among)}
    sure = link.certain and not (link.among or link.any)
    for one in every:
        if one.id in named or link.any or one.service == link.id != "":
            yield one, sure, link.reasons


def _through(
    index: Index,
    endpoint: VpcEndpoint,
    service: EndpointService,
    known: tuple[bool, tuple[Reason, ...]],
    listeners: Mapping[str, list[Listener]],
) -> Iterator[Onward]:
    sure, why = known
    sure = sure and endpoint.accepted.truth is Truth.YES and len(endpoint.types) == 1
    sure = sure and Presence.CERTAIN is endpoint.presence is service.presence
    for link, certain in _balancers(index, service, listeners):
        for listener in listeners.get(index.canonical(link.id), ()):
            present = listener.presence is Presence.CERTAIN and listener.proxy.certain
            yield Onward(
                proxy=endpoint.id,
                listener=listener.id,
                at=endpoint.at,
                accepts=listener.service,
                target=index.canonical(link.id),
                opens=listener.service,
                how=How.PRIVATE_LINK,
                certain=sure and certain and present,
                reasons=(*why, *endpoint.accepted.reasons, *link.reasons),
            )


def _balancers(
    index: Index, service: EndpointService, listeners: Mapping[str, list[Listener]]
) -> Iterator[tuple[Link, bool]]:
    """The load balancers behind a service, each with whether it certainly is; any where that is open."""
    named: set[str] = set()
    for link in service.balancers.items:
        for identity in dict.fromkeys((link.id, *link.among)):
            named.add(index.canonical(identity))
            yield Link(identity, link.at, reasons=link.reasons), link.certain and not (link.among or link.any)
    if service.balancers.open or any(link.any for link in service.balancers.items):
        for proxy in listeners:
            if proxy not in named:
                yield Link(proxy, service.at, reasons=service.balancers.open), False
