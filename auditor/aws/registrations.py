"""What is registered with target groups: targets one by one, Auto Scaling groups, services of ECS."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, at_port, joined, owner
from auditor.model import AddressPeer, Link, Links, ProxyTarget
from auditor.traffic import ANY, NOTHING, TCP, UDP, Bounds, Traffic, exact, service
from auditor.tree import Reason, Reference, Scalar


def read_scaling_group(block: Block) -> Iterator[ProxyTarget]:
    """The groups that an Auto Scaling group registers its instances with, at the port of the group.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
    """
    member = Link(block.address, block.at)
    groups = joined(block.links("target_group_arns"), block.one("traffic_source.identifier"))
    yield from _registered(block, groups, member)


def read_attachment(block: Block) -> Iterator[ProxyTarget]:
    """A group that an Auto Scaling group registers with by a resource of its own."""
    groups = block.one("lb_target_group_arn", "alb_target_group_arn", "traffic_source.identifier")
    member = block.named("autoscaling_group_name", "aws_autoscaling_group")
    for one in member.items or (block.target("autoscaling_group_name"),):
        yield from _registered(block, groups, one)


def _registered(block: Block, groups: Links, member: Link) -> Iterator[ProxyTarget]:
    for group in _each(block, groups):
        sure = group.certain and member.certain
        yield ProxyTarget(
            at=group.at,
            group=group,
            workload=member,
            presence=block.presence if sure else block.possible,
            reasons=block.reasons if sure else (*group.reasons, *member.reasons, *block.reasons),
        )


def _each(block: Block, groups: Links) -> Iterator[Link]:
    """The groups, and one that may be any where others may be among them."""
    yield from groups.items
    if groups.open:
        name = f"{block.address}.target_group_arns"
        yield Link(name, block.at, certain=False, reasons=groups.open, any=True)


def read_service(block: Block) -> Iterator[ProxyTarget]:
    """The groups that a service of ECS registers its tasks with.

    Tasks with interfaces of their own are registered by address and the container's port, others by their
    instance and the port that the container has there.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
    """
    for balancer in block.blocks("load_balancer"):
        sure = balancer.one("target_group_arn")
        groups = [(link, link.certain and block.holds(balancer)) for link in _each(balancer, sure)]
        other = balancer.one("advanced_configuration.alternate_target_group_arn")
        groups += [(link, False) for link in _each(balancer, other)]
        for group, certain in groups:
            opened = _opened(block, balancer, group)
            why = (Reason(f"the ports of the tasks of {block.address}", balancer.at, "a snapshot"),)
            yield ProxyTarget(
                at=balancer.at,
                group=group,
                workload=Link(block.address, block.at),
                service=opened,
                health=_checked(block, balancer, group),
                health_open=balancer.why("container_port") if block.has("network_configuration") else (),
                presence=balancer.presence if certain else balancer.possible,
                reasons=(*balancer.reasons, *(() if opened.known else why), *group.reasons),
            )


def _opened(block: Block, balancer: Block, group: Link) -> Bounds[Traffic]:
    if not block.has("network_configuration"):
        return Bounds(NOTHING, service(TCP) | service(UDP))
    found = _declared(block, group)
    names = None if found is None else found.choices("protocol")
    return at_port(names, balancer.integer("container_port"))


def _declared(block: Block, group: Link) -> Block | None:
    resource = block.estate.at_address(group.id)
    return None if resource is None else Block.of(resource, block.estate)


def _checked(block: Block, balancer: Block, group: Link) -> Bounds[Traffic] | None:
    """A check goes to the port of the traffic, if the group names no other one."""
    found = _declared(block, group)
    if found is not None and found.choices("health_check.port", _SAME) != {_SAME}:
        return None
    port = balancer.integer("container_port") if block.has("network_configuration") else None
    if found is None or port is None:
        return Bounds(NOTHING, service(TCP))
    return exact(service(TCP, port, port))


_SAME = "traffic-port"

_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")


def read_target(block: Block) -> Iterator[ProxyTarget]:
    """A target registered with a group: an instance, an address, a function or a balancer."""
    group = _group_named(block)
    address = _address(block)
    protocols = None if group is None else group.choices("protocol")
    given = block.has("port")
    port = block.integer("port")
    follows = group is not None and group.choices("health_check.port", "traffic-port") == {"traffic-port"}
    yield ProxyTarget(
        at=block.at,
        group=block.target("target_group_arn"),
        workload=None if address is not None else _workload(block),
        address=address,
        service=at_port(protocols, port) if given else None,
        health=_at(port) if given and (follows or group is None) else None,
        health_open=block.why("port") if follows or group is None else (),
        presence=block.presence,
        reasons=block.reasons,
    )


def _at(port: int | None) -> Bounds[Traffic]:
    return Bounds(NOTHING, service(TCP)) if port is None else exact(service(TCP, port, port))


def _group_named(block: Block) -> Block | None:
    found = (owner("target_group_arn", kind, block) for kind in _GROUPS)
    return next((one for one in found if one is not None), None)


def _address(block: Block) -> AddressPeer | None:
    """The address that a target is, where it is said as one."""
    node = block.get("target_id")
    text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    if node is None or not (":" in text or text.replace(".", "").isdigit()) or text.startswith("arn:"):
        return None
    return block.peer(Scalar(f"{text}/{128 if ':' in text else 32}", node.at, node.via), ANY)


def _workload(block: Block) -> Link:
    """What a target is by name, or by the address that it has."""
    node = block.get("target_id")
    if isinstance(node, Reference) and node.attribute in _OWN_ADDRESS:
        return Link(node.target, node.at)
    return block.target("target_id")


# An instance's or an interface's own address, in Terraform's words and CloudFormation's.
_OWN_ADDRESS = frozenset(
    {"private_ip", "private_ip_address", "primary_private_ip_address", "PrivateIp", "PrimaryPrivateIpAddress"}
)

READERS = {
    "aws_lb_target_group_attachment": read_target,
    "aws_alb_target_group_attachment": read_target,
    "aws_autoscaling_group": read_scaling_group,
    "aws_autoscaling_attachment": read_attachment,
    "aws_autoscaling_traffic_source_attachment": read_attachment,
    "aws_ecs_service": read_service,
    "aws_ecs_task_set": read_service,
}
