"""The workloads that an end of a question stands for: what a proxy may hand on to there."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.reach.engine import Engine
from auditor.reach.names import Endpoint
from auditor.reach.proxies.chains import Aim
from auditor.reach.spot import Spot
from auditor.reach.verdict import EndpointKind


def aim(engine: Engine, endpoint: Endpoint) -> Aim:
    """An endpoint as what ways lead to."""
    workloads: dict[str, bool] = {}
    for identity, sure in _workloads(engine, endpoint):
        workloads[identity] = workloads.get(identity, False) or sure
    held = {each.id: owner for owner, ones in engine.carriers.interfaces.items() for each in ones}
    for identity, sure in list(workloads.items()):
        if identity in held:
            workloads.setdefault(held[identity], sure)
        for interface in engine.carriers.interfaces.get(identity, ()):
            workloads.setdefault(interface.id, sure)
    return Aim(engine.resolved.ends(endpoint), endpoint.text, workloads)


def _workloads(engine: Engine, endpoint: Endpoint) -> Iterator[tuple[str, bool]]:
    match endpoint.kind:
        case EndpointKind.WORKLOAD:
            yield from ((each, not endpoint.doubts) for each in (*endpoint.members, endpoint.id) if each)
            yield from ((each, False) for each, _ in endpoint.perhaps)
        case EndpointKind.SECURITY_GROUP:
            carriers = engine.carriers
            for workload in (*carriers.members.get(endpoint.id, ()), *carriers.undecided):
                spots = engine.spots.of_workload(workload).spots
                yield workload.id, any(endpoint.id in spot.groups for spot in spots)
        case EndpointKind.SUBNET | EndpointKind.VPC | EndpointKind.CIDR:
            yield from _standing(engine, endpoint)
        case _:
            return


def _standing(engine: Engine, endpoint: Endpoint) -> Iterator[tuple[str, bool]]:
    """The workloads that stand, or may stand, in a network or at one of some addresses."""
    for workload in engine.carriers.workloads.values():
        party = engine.spots.of_workload(workload)
        inside = [spot for spot in party.spots if _is_in(spot, endpoint)]
        if inside:
            everywhere = len(inside) == len(party.spots) or not party.one
            yield workload.id, everywhere and all(_surely_in(spot, endpoint) for spot in inside)


def _is_in(spot: Spot, endpoint: Endpoint) -> bool:
    match endpoint.kind:
        case EndpointKind.SUBNET:
            return spot.subnet in {endpoint.id, None}
        case EndpointKind.VPC:
            return spot.vpc in {endpoint.id, None}
        case _:
            return spot.addresses.overlaps(endpoint.addresses)


def _surely_in(spot: Spot, endpoint: Endpoint) -> bool:
    if endpoint.kind is EndpointKind.CIDR:
        return spot.certain and spot.addresses <= endpoint.addresses
    return spot.certain and (spot.subnet if endpoint.kind is EndpointKind.SUBNET else spot.vpc) is not None
