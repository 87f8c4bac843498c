"""Endpoints of accelerators, and what arrives at each.

https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.accelerators.listeners import ANY, PROTOCOLS
from auditor.aws.reader import Block
from auditor.aws.reader.handing import handed_to
from auditor.model import (
    NO,
    YES,
    Accelerated,
    Component,
    Fact,
    Link,
    Links,
    Listener,
    TargetGroup,
    TargetType,
    Truth,
)
from auditor.traffic import NOTHING, Bounds, Traffic, service
from auditor.tree import Reason

SHARE = "aws_globalaccelerator_cross_account_attachment"
_BALANCERS = ("aws_lb", "aws_alb")
_INSTANCES = ("aws_instance", "aws_spot_instance_request")


def unknown(block: Block, what: str) -> Fact:
    """What another input declares."""
    why = Reason(f"{what} of {block.address}", block.at, "the input that declares it")
    return Fact(Truth.UNKNOWN, block.at, (why,))


def read_endpoint(
    block: Block, named: tuple[str, int], told: tuple[Bounds[Traffic], Bounds[Traffic]], ipv6: Fact
) -> Iterator[Component]:
    """An endpoint, behind the accelerator as behind any proxy; reached directly where it sees its clients.

    ``named`` are the accelerator and the endpoint's number, ``told`` what the listener accepts and what
    arrives of it.
    """
    identity, number = named
    block = _weighed(block)
    link, resource = _meant(block)
    preserves = _preserves(block, resource)
    group = Link(f"{block.address}.endpoint[{number}]", block.at)
    yield Listener(
        id=f"{group.id}.listener",
        at=block.at,
        proxy=Link(identity, block.at),
        service=told[0],
        targets=Links((group,)),
        presence=block.presence,
    )
    held = _holder(resource) if resource is not None and resource.resource.kind == "aws_eip" else link
    yield from _targets(block, group, (told[1], preserves), held)
    if preserves.truth is not Truth.NO:
        yield Accelerated(
            at=block.at,
            accelerator=identity,
            endpoint=link,
            service=told[1],
            preserves_client=preserves,
            ipv6=ipv6,
            presence=block.presence,
            reasons=block.reasons,
        )


def _targets(
    block: Block, group: Link, told: tuple[Bounds[Traffic], Fact], holder: Link | None
) -> Iterator[Component]:
    yield TargetGroup(
        id=group.id,
        at=block.at,
        type=TargetType.IP,
        service=told[0],
        preserves_client=told[1],
        cross_zone=YES,
        open=() if holder else unknown(block, "the holder of an address").reasons,
        presence=block.presence,
    )
    if holder is not None:
        yield handed_to(holder, group, block)


def _weighed(block: Block) -> Block:
    """An endpoint without weight, or in a group without traffic, gets some only where others fail."""
    group = Block.of(block.resource, block.estate)
    if block.integer("weight") != 0 and group.integer("traffic_dial_percentage") != 0:
        return block
    what = f"whether {block.address} gets traffic without a share of it"
    return block.perhaps((Reason(what, block.at, "a weight and a traffic dial above 0"),))


def _meant(block: Block) -> tuple[Link, Block | None]:
    """What an endpoint is: where the input does not say, it may be any of what can be one."""
    link = block.target("endpoint_id")
    resource = block.estate.at_address(link.id)
    if resource is not None:
        return link, Block.of(resource, block.estate)
    if not link.reasons:
        return link, None
    every = [one.address for one in block.estate.of_kind(*_BALANCERS, *_INSTANCES)]
    among = tuple(dict.fromkeys((*link.among, *every)))
    return replace(link, certain=False, among=among, any=False), None


def _holder(address: Block) -> Link | None:
    """What an Elastic IP is given to, where the input says so."""
    own = address.link("instance") or address.link("network_interface")
    if own is not None:
        return own
    for user, link in address.users("aws_eip_association", "allocation_id", *address.ids):
        given = user.link("instance_id") or user.link("network_interface_id")
        if given is not None and link.certain:
            return given
    return None


def _preserves(block: Block, resource: Block | None) -> Fact:
    """Whether an endpoint sees the addresses of clients.

    Instances and internal application load balancers always do, Elastic IPs and network load balancers
    without groups never; how these are reached where they are internal AWS does not say.
    https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html
    """
    path = "client_ip_preservation_enabled"
    kind = "" if resource is None else resource.resource.kind
    said = block.fact(path, NO) if block.has(path) else None
    what = f"whether {block.address} keeps the addresses of clients"
    open_ = Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, f"give {path}"),))
    if kind in _INSTANCES or (said is not None and said.truth is Truth.YES):
        return YES
    if kind == "aws_eip":
        return NO
    if resource is None or kind not in _BALANCERS:
        return open_
    internal = resource.fact("internal")
    application = resource.choices("load_balancer_type", "application") == {"application"}
    if internal.truth is not Truth.NO:
        return YES if application and internal.truth is Truth.YES else open_
    plain = not application and not resource.has("security_groups")
    return NO if plain or (said is not None and said.truth is Truth.NO) else said or open_


def destinations(group: Block) -> Bounds[Traffic]:
    """What custom routing may bring to the instances of a subnet: nothing that is not allowed there.

    https://docs.aws.amazon.com/global-accelerator/latest/dg/about-custom-routing-how-it-works.html
    """
    may = NOTHING
    for one in group.blocks("destination_configuration"):
        low, high, names = one.integer("from_port"), one.integer("to_port"), one.links("protocols")
        known = {link.id for link in names.items} <= PROTOCOLS.keys() and not names.open
        if low is None or high is None or not known or not 0 <= low <= high <= 65535:
            return ANY
        may = may | Traffic.union(service(PROTOCOLS[link.id], low, high) for link in names.items)
    return Bounds(NOTHING, may) if may else ANY


def routed(block: Block, identity: str, service: Bounds[Traffic]) -> Accelerated:
    """A subnet whose instances custom routing may bring traffic to, where somebody allowed it."""
    what = f"which destinations {identity} is allowed to bring traffic to"
    why = Reason(what, block.at, "the port mappings of the accelerator, which only the API tells")
    return Accelerated(
        at=block.at,
        accelerator=identity,
        endpoint=block.target("endpoint_id"),
        service=service,
        preserves_client=YES,
        presence=block.possible,
        reasons=(*block.reasons, why),
    )


def read_share(block: Block) -> Iterator[Accelerated]:
    """What accelerators of other accounts may have as endpoints, if these use it."""
    why = unknown(block, "the accelerators in other accounts")
    for one in block.blocks("resource"):
        if one.has("endpoint_id"):
            yield Accelerated(
                at=one.at,
                accelerator=block.address,
                endpoint=_meant(one)[0],
                service=ANY,
                preserves_client=why,
                ipv6=why,
                presence=one.possible,
                reasons=(*one.reasons, *why.reasons),
            )
