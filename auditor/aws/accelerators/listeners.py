"""Accelerators and their listeners: what accepts connections at the edge of AWS.

https://docs.aws.amazon.com/global-accelerator/latest/dg/about-listeners.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, open_tags
from auditor.model import YES, Component, Fact, Workload
from auditor.traffic import NOTHING, TCP, UDP, Bounds, Traffic, service
from auditor.tree import Dialect, GapKind, Presence

BASE = "aws_globalaccelerator_"
STANDARD, CUSTOM = f"{BASE}accelerator", f"{BASE}custom_routing_accelerator"
LISTENERS = (f"{BASE}listener", f"{BASE}custom_routing_listener")
PORTS = service(TCP) | service(UDP)
ANY = Bounds(NOTHING, PORTS)
PROTOCOLS = {"TCP": TCP, "UDP": UDP}


def read_accelerator(block: Block) -> Iterator[Component]:
    """An accelerator: what accepts connections from the internet at addresses of its own, while enabled."""
    found = [
        (listened(listener), link.certain and listener.presence is Presence.CERTAIN)
        for kind in LISTENERS
        for listener, link in block.users(kind, "accelerator_arn", *block.ids)
    ]
    must = Traffic.union(each.must for each, sure in found if sure)
    may = Traffic.union(each.may for each, _ in found) if found else PORTS
    if not found and block.resource.dialect is Dialect.SNAPSHOT:
        why = "no answer tells of its listeners, and of what it brings the internet to"
        block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, block.at)
    yield accelerator(block, block.address, block.fact("enabled", YES), Bounds(must, may))


def accelerator(block: Block, identity: str, public: Fact, listens: Bounds[Traffic]) -> Workload:
    """An accelerator as an end of connections; ``block`` may be what only names it."""
    own = identity == block.address
    return Workload(
        id=identity,
        kind=block.resource.kind if own else STANDARD,
        at=block.at,
        names=block.names("name") if own else (),
        tags=block.tags if own else (),
        open_tags=open_tags(block) if own else (),
        public=public,
        filtered=False,
        default_group=False,
        initiates=False,
        listens=listens,
        placed=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def listened(listener: Block) -> Bounds[Traffic]:
    """What a listener accepts; one of custom routing takes TCP and UDP."""
    names = listener.choices("protocol", "")
    ranges = [(one, listener.holds(one)) for one in listener.blocks("port_range")]
    if names is None or not names <= {*PROTOCOLS, ""}:
        return ANY
    each = [PROTOCOLS[name] for name in names - {""}] or [TCP, UDP]
    must, may = NOTHING, NOTHING
    for one, sure in ranges:
        low, high = one.integer("from_port"), one.integer("to_port")
        if low is None or high is None or not 0 <= low <= high <= 65535:
            return Bounds(must, PORTS)
        spoken = Traffic.union(service(protocol, low, high) for protocol in each)
        may = may | spoken
        must = must | spoken if sure and len(names) == 1 else must
    return Bounds(must, may) if ranges else ANY


def arriving(group: Block, told: Bounds[Traffic]) -> Bounds[Traffic]:
    """What arrives at the endpoints of a group: some ports are changed on the way."""
    for one in group.blocks("port_override"):
        own, theirs = one.integer("listener_port"), one.integer("endpoint_port")
        if own is None or theirs is None or not group.holds(one):
            return ANY
        told = Bounds(_moved(told.must, own, theirs), _moved(told.may, own, theirs))
    return told


def _moved(traffic: Traffic, own: int, theirs: int) -> Traffic:
    """The same with the one port for the other; ports that are changed are not changed again."""
    for protocol in (TCP, UDP):
        taken = service(protocol, own, own)
        if traffic & taken:
            traffic = (traffic - taken) | service(protocol, theirs, theirs)
    return traffic
