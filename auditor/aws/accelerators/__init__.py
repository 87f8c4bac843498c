"""Global Accelerator: what it brings from the internet to load balancers and instances, private ones too.

https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.accelerators.endpoints import SHARE, destinations, read_endpoint, read_share, routed, unknown
from auditor.aws.accelerators.listeners import (
    ANY,
    BASE,
    CUSTOM,
    LISTENERS,
    STANDARD,
    arriving,
    read_accelerator,
)
from auditor.aws.accelerators.listeners import accelerator as accelerated
from auditor.aws.accelerators.listeners import listened as listened_by
from auditor.aws.reader import Block, Spelling, owner
from auditor.aws.reader.respelling import entry, with_entries
from auditor.model import NO, YES, Component, Fact, Truth
from auditor.tree import Dialect, GapKind, Resource, Scalar

GROUPS = (f"{BASE}endpoint_group", f"{BASE}custom_routing_endpoint_group")


def _above(block: Block, path: str, kinds: tuple[str, ...]) -> Block | None:
    """The one thing of some kinds in the input that an attribute certainly names."""
    found = (owner(path, kind, block) for kind in kinds)
    return next((one for one in found if one is not None and one.resource.kind in kinds), None)


def read_group(block: Block) -> Iterator[Component]:
    """The endpoints that a listener of an accelerator has in one Region."""
    listener = _above(block, "listener_arn", LISTENERS)
    accelerator = None if listener is None else _above(listener, "accelerator_arn", (STANDARD, CUSTOM))
    identity = f"{block.address}.accelerator" if accelerator is None else accelerator.address
    listened = ANY if listener is None else listened_by(listener)
    enabled = unknown(block, "the accelerator") if accelerator is None else accelerator.fact("enabled", YES)
    if accelerator is None:
        yield accelerated(block, identity, enabled, listened)
    if enabled.truth is not Truth.NO:
        ipv6 = _ipv6(block, accelerator)
        custom = block.resource.kind == GROUPS[1]
        for number, endpoint in enumerate(block.blocks("endpoint_configuration")):
            sure = endpoint if enabled.truth is Truth.YES else endpoint.perhaps(enabled.reasons)
            if custom:
                yield routed(sure, identity, destinations(block))
            else:
                told = (listened, arriving(block, listened))
                yield from read_endpoint(sure, (identity, number), told, ipv6)


def _ipv6(block: Block, accelerator: Block | None) -> Fact:
    if accelerator is None:
        return unknown(block, "the accelerator")
    return accelerator.says("ip_address_type", "DUAL_STACK") if accelerator.has("ip_address_type") else NO


def read_listener(block: Block) -> Iterator[Component]:
    """A listener: its accelerator tells of it; in a snapshot its groups must."""
    used = any(block.users(kind, "listener_arn", *block.ids) for kind in GROUPS)
    if not used and block.resource.dialect is Dialect.SNAPSHOT:
        why = "no answer tells of its endpoints, which it brings the internet to"
        block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, block.at)
    yield from ()


READERS = {
    STANDARD: read_accelerator,
    CUSTOM: read_accelerator,
    **dict.fromkeys(LISTENERS, read_listener),
    **dict.fromkeys(GROUPS, read_group),
    SHARE: read_share,
}


def _collected_listener(resource: Resource) -> Iterator[Resource]:
    """A listener, whose ARN has its accelerator's in it; one of custom routing has no protocol."""
    kind = LISTENERS[entry(resource, "protocol") is None]
    yield replace(_below(resource, "accelerator_arn", "/listener/"), kind=kind)


def _collected_group(resource: Resource) -> Iterator[Resource]:
    """The endpoints of a listener, whose ARN stands in theirs; destinations are those of custom routing."""
    kind = GROUPS[entry(resource, "destination_configuration") is not None]
    yield replace(_below(resource, "listener_arn", "/endpoint-group/"), kind=kind)


def _below(resource: Resource, name: str, word: str) -> Resource:
    above = resource.address.rpartition(word)[0]
    return with_entries(resource, **{name: Scalar(above, resource.at)}) if above else resource


_LISTENER = {"PortRanges": "port_range"}
_GROUP = {"PortOverrides": "port_override"}
_SHARE = Spelling(kind=SHARE, renamed={"Resources": "resource"})

SPELLINGS = {
    "AWS::GlobalAccelerator::Accelerator": Spelling(kind=STANDARD, attributes={"AcceleratorArn": "arn"}),
    "AWS::GlobalAccelerator::Listener": Spelling(
        kind=LISTENERS[0], renamed=_LISTENER, attributes={"ListenerArn": "arn"}
    ),
    "AWS::GlobalAccelerator::EndpointGroup": Spelling(
        kind=GROUPS[0], renamed={**_GROUP, "EndpointConfigurations": "endpoint_configuration"}
    ),
    "AWS::GlobalAccelerator::CrossAccountAttachment": _SHARE,
    "AcceleratorList": Spelling(kind=STANDARD),
    "globalaccelerator:Listeners": Spelling(
        kind=LISTENERS[0], renamed=_LISTENER, then=_collected_listener, also=LISTENERS[1:]
    ),
    "EndpointGroups": Spelling(
        kind=GROUPS[0],
        renamed={
            **_GROUP,
            "EndpointDescriptions": "endpoint_configuration",
            "DestinationDescriptions": "destination_configuration",
        },
        then=_collected_group,
        also=GROUPS[1:],
    ),
    "CrossAccountAttachments": _SHARE,
}
