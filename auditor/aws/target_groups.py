"""Target groups of application, network and gateway load balancers.

A protocol belongs to one kind of balancers, so that a group tells which kind uses it.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, at_port, owner
from auditor.aws.reader.respelling import inner, maps, undecided, with_entries
from auditor.model import (
    NO,
    YES,
    Fact,
    TargetGroup,
    TargetType,
    Truth,
)
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import Dialect, Node, Reason, Reference, Resource, Scalar, Seq

GROUP = "aws_lb_target_group"
GROUPS = (GROUP, "aws_alb_target_group")
ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
APPLICATION = frozenset({"http", "https"})
GATEWAY = frozenset({"geneve"})
PRESERVING = frozenset({"udp", "tcp_udp", "quic", "tcp_quic"})
_TYPES = {one.value: one for one in TargetType if one is not TargetType.UNKNOWN}
_OF_OTHERS = (
    *((kind, "target_group_arn") for kind in ATTACHMENTS),
    ("aws_autoscaling_group", "target_group_arns"),
    ("aws_autoscaling_group", "traffic_source.identifier"),
    ("aws_autoscaling_attachment", "lb_target_group_arn"),
    ("aws_autoscaling_traffic_source_attachment", "traffic_source.identifier"),
    ("aws_ecs_service", "load_balancer.target_group_arn"),
    ("aws_ecs_task_set", "load_balancer.target_group_arn"),
)
_BALANCERS = ("aws_lb", "aws_alb")
_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_USED = ("default_action.target_group_arn", "default_action.forward.target_group.arn")


def read_group(block: Block) -> Iterator[TargetGroup]:
    """A target group; open where the input registers nothing with it, as who else does is not known.

    Where the input registers something, that is taken for all that there is.
    """
    invoked = _type(block) is TargetType.INVOKED
    yield TargetGroup(
        id=block.address,
        at=block.at,
        type=_type(block),
        service=exact(NOTHING) if invoked else _service(block),
        health=None if invoked else _health(block),
        health_open=() if invoked else block.why(*_checked_port(block)),
        vpc=block.link("vpc_id"),
        names=block.names("name"),
        tags=block.tags,
        preserves_client=NO if invoked else _preserves(block),
        cross_zone=_cross_zone(block),
        open=_open(block),
        presence=block.presence,
    )


def _type(block: Block) -> TargetType:
    types = block.choices("target_type", "instance") or frozenset()
    return _TYPES.get(next(iter(types)), TargetType.UNKNOWN) if len(types) == 1 else TargetType.UNKNOWN


def _protocols(block: Block) -> frozenset[str] | None:
    names = block.choices("protocol", "unknown")
    return None if names is None or "unknown" in names else frozenset(name.lower() for name in names)


def _service(block: Block) -> Bounds[Traffic]:
    """What the balancer opens to targets; packets reach those of a gateway balancer in GENEVE, port 6081."""
    return at_port(_protocols(block), block.integer("port"))


def _health(block: Block) -> Bounds[Traffic]:
    """What checks targets, always by TCP, on the port of the traffic unless another one is given.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    port = block.integer(_checked_port(block)[-1])
    return exact(service(TCP, port, port)) if port is not None else Bounds(NOTHING, service(TCP))


def _checked_port(block: Block) -> tuple[str, ...]:
    """The attributes that say which port is checked; the last one has it, if any."""
    choices = block.choices("health_check.port", "traffic-port")
    if choices == {"traffic-port"}:
        return ("port",)
    return ("health_check.port",) if choices is None else ("port", "health_check.port")


def _preserves(block: Block) -> Fact:
    """Whether targets see the client's address, which only network balancers let them.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    protocols, kind = _protocols(block), _type(block)
    if protocols is not None and (protocols <= APPLICATION or protocols <= GATEWAY):
        return NO
    if protocols is not None and protocols <= PRESERVING:
        return Fact(Truth.YES, block.at)
    if protocols is None or protocols & (APPLICATION | GATEWAY | PRESERVING):
        return _unknown(block, f"the protocol of {block.address}", "give protocol")
    if kind is TargetType.BALANCER:
        return Fact(Truth.YES, block.at)
    if block.has("preserve_client_ip"):
        return block.fact("preserve_client_ip")
    match kind:
        case TargetType.INSTANCE:
            return Fact(Truth.YES, block.at)
        case TargetType.IP:
            return NO
        case _:
            return _unknown(block, f"the type of {block.address}", "give target_type")


def _unknown(block: Block, what: str, hint: str) -> Fact:
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, hint),))


def _cross_zone(block: Block) -> Fact:
    """Whether nodes use the targets of all zones: the group's attribute, else the balancer's.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    """
    path = "load_balancing_cross_zone_enabled"
    default = "use_load_balancer_configuration"
    said = block.choices(path, default)
    if said != {default}:
        return block.fact(path)
    protocols = _protocols(block)
    if protocols is not None and protocols <= APPLICATION:
        return YES
    if _type(block) is TargetType.INVOKED:
        return YES
    facts = [_of_balancer(listener) for listener in _users(block)]
    truths = {fact.truth for fact in facts}
    if protocols is not None and not protocols & APPLICATION and len(truths) == 1:
        return facts[0]
    what = f"whether the balancers of {block.address} use the targets of all zones"
    return _unknown(block, what, "load the input that declares its listeners too")


def _users(block: Block) -> Iterator[Block]:
    for kind in _LISTENERS:
        for path in _USED:
            yield from (user for user, _ in block.users(kind, path, *block.ids))


def _of_balancer(listener: Block) -> Fact:
    for kind in _BALANCERS:
        found = owner("load_balancer_arn", kind, listener)
        if found is not None:
            return found.fact("enable_cross_zone_load_balancing")
    return _unknown(listener, f"the balancer of {listener.address}", "load the input that declares it too")


def _open(block: Block) -> tuple[Reason, ...]:
    if block.has("more_targets"):
        return block.why("more_targets")
    if block.has("all_targets") or any(block.users(kind, path, *block.ids) for kind, path in _OF_OTHERS):
        return ()
    return (Reason(f"what registers with {block.address}", block.at, "a snapshot"),)


READERS = dict.fromkeys(GROUPS, read_group)

_ATTRIBUTES = {
    "preserve_client_ip.enabled": "preserve_client_ip",
    "load_balancing.cross_zone.enabled": "load_balancing_cross_zone_enabled",
}


def _with_attributes(resource: Resource, attributes: Node | None) -> Resource:
    """The attributes that are a list of keys and values, each by its name here."""
    found: dict[str, Node | None] = {}
    for body in maps(attributes):
        key, value = inner(body, "key"), inner(body, "value")
        if isinstance(key, Scalar) and str(key.value) in _ATTRIBUTES:
            found[_ATTRIBUTES[str(key.value)]] = value
    whole = attributes is None or (isinstance(attributes, Seq) and attributes.more is None)
    told = attributes is not None or resource.dialect is not Dialect.SNAPSHOT
    if not (whole and told) or len(maps(attributes)) != (
        len(attributes.items) if isinstance(attributes, Seq) else 0
    ):
        for name in _ATTRIBUTES.values():
            what = f"{name} of {resource.address}"
            found.setdefault(name, undecided(resource, name, what, "describe-target-group-attributes"))
    return with_entries(resource, **found)


def _templated(resource: Resource) -> Iterator[Resource]:
    """A group of a template, which has its targets inside."""
    entries = resource.body.entries
    yield from _split(resource, entries.get("target_group_attributes"), entries.get("targets"), "")


def _collected(resource: Resource) -> Iterator[Resource]:
    """A group of the API's; its targets come with what AWS says of their health."""
    entries = resource.body.entries
    targets = entries.get("target_health_descriptions")
    yield from _split(resource, entries.get("attributes"), targets, "target")


def _split(
    resource: Resource, attributes: Node | None, targets: Node | None, within: str
) -> Iterator[Resource]:
    known = isinstance(targets, Seq) and targets.more is None and len(maps(targets)) == len(targets.items)
    open_ = targets is not None and not known
    what = f"the targets of {resource.address}"
    yield with_entries(
        _with_attributes(resource, attributes),
        health_check=Seq(tuple(_health_check(resource)), resource.body.at),
        all_targets=Scalar(True, resource.body.at) if known and within else None,  # noqa: FBT003 -- a value
        more_targets=undecided(resource, "more_targets", what, "a snapshot") if open_ else None,
        targets=None,
        target_health_descriptions=None,
    )
    for place, body in enumerate(maps(targets)):
        told = inner(body, within) if within else body
        name = inner(told, "id")
        yield replace(
            resource,
            kind=ATTACHMENTS[0],
            address=f"{resource.address}/target/{place}",
            names=(),
            body=replace(
                body,
                entries={
                    "target_group_arn": Reference(resource.address, "arn", body.at),
                    "target_id": name or undecided(resource, "target_id", what, "a snapshot"),
                    **({} if (port := inner(told, "port")) is None else {"port": port}),
                },
            ),
            at=body.at,
        )


def _health_check(resource: Resource) -> Iterator[Node]:
    entries = resource.body.entries
    port = entries.get("health_check_port")
    if port is not None:
        yield replace(resource.body, entries={"port": port})


_GROUP = Spelling(kind=GROUP, attributes={"TargetGroupArn": "arn", "TargetGroupName": "name"})

SPELLINGS = {
    "AWS::ElasticLoadBalancingV2::TargetGroup": replace(_GROUP, then=_templated, also=ATTACHMENTS[:1]),
    "TargetGroups": replace(
        _GROUP, renamed={"TargetGroupName": "name"}, then=_collected, also=ATTACHMENTS[:1]
    ),
}
