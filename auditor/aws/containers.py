"""Containers: ECS services, and tasks by themselves, on events and on schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, bodies, both, read_row, standing
from auditor.aws.reader.calling import ON_FARGATE
from auditor.aws.reader.respelling import entry, sibling, undecided, with_entries
from auditor.model import Alias, Component, Fact, Links, Placement, Truth, Workload
from auditor.tree import Map, Node, Presence, Reason, Reference, Resource, Scalar, Seq

SERVICE = Row(
    kinds=("aws_ecs_service", "aws_ecs_task_set"),
    subnets=("network_configuration.subnets",),
    groups=("network_configuration.security_groups",),
    public="network_configuration.assign_public_ip",
)


def read_service(block: Block) -> Iterator[Workload]:
    """An ECS service. With a network configuration each task has an interface, else its instance's.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
    """
    for each in read_row(SERVICE, block):
        fargate = _on_fargate(block)
        calls = (replace(ON_FARGATE, open=fargate.reasons),) if fargate.truth is not Truth.NO else ()
        workload = replace(each, calls=calls)
        if block.has("network_configuration"):
            yield replace(workload, ipv6=_tasks_ipv6(block)) if standing(block) is None else workload
        else:
            what = f"the container instances that {block.address} runs on"
            reasons = (Reason(what, block.at, "a snapshot"),)
            yield replace(
                workload,
                subnets=Links(open=reasons),
                groups=Links(open=reasons),
                public=None,
                default_group=False,
            )


_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})


def _on_fargate(block: Block) -> Fact:
    """Whether the tasks run on Fargate: by every capacity provider, else by the launch type."""
    strategies = list(block.blocks("capacity_provider_strategy"))
    sure = [_of_fargate(one, "capacity_provider") for one in strategies if one.presence is Presence.CERTAIN]
    rest = [
        _of_fargate(one, "capacity_provider") for one in strategies if one.presence is not Presence.CERTAIN
    ]
    if not sure:
        rest.append(_of_fargate(block, "launch_type"))
    truths = {fact.truth for fact in (*sure, *rest)}
    if any(fact.truth is Truth.NO for fact in sure) or truths == {Truth.NO}:
        return Fact(Truth.NO, block.at)
    if truths == {Truth.YES}:
        return Fact(Truth.YES, block.at)
    reasons = [why for one in strategies for why in one.reasons]
    reasons += [why for fact in (*sure, *rest) for why in fact.reasons]
    return Fact(Truth.UNKNOWN, block.at, tuple(dict.fromkeys(reasons)))


def _of_fargate(block: Block, path: str) -> Fact:
    """Whether an attribute names what AWS runs; absent, it stands for the user's own instances, as a
    provider that is a resource does.
    """
    names, at = block.choices(path, "EC2"), block.place(path)
    if type(block.get(path)) is Reference:
        return Fact(Truth.NO, at)
    if names is not None and (names <= _FARGATE or not names & _FARGATE):
        return Fact(Truth.YES if names <= _FARGATE else Truth.NO, at)
    what = f"whether {block.address} runs on Fargate"
    return Fact(Truth.UNKNOWN, at, block.why(path) or (Reason(what, at, "a snapshot"),))


def _tasks_ipv6(block: Block) -> Fact:
    """Tasks in subnets with IPv6 have such addresses where a setting of the account says so.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
    """
    what = f"whether the account gives IPv6 addresses to the tasks of {block.address} (dualStackIPv6)"
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, "a snapshot"),))


TASK = Row(
    kinds=("aws_ecs_task",),
    requires="subnet_id",
    subnet=("subnet_id",),
    groups=("security_groups",),
    public="assign_public_ip",
    placement=Placement.ONE,
    names=("group",),
)


def read_task(block: Block) -> Iterator[Component]:
    """A task that runs; one of a service is part of that.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """
    services = [link.id for link in block.links("services").items if block.estate.at_address(link.id)]
    if services:
        yield Alias(id=block.address, of=services[0])
        return
    for workload in read_row(TASK, block):
        yield replace(workload, ipv6=_tasks_ipv6(block)) if standing(block) is None else workload


READERS = {**dict.fromkeys(SERVICE.kinds, read_service), "aws_ecs_task": read_task}

_EVENT = "ecs_target.network_configuration"
_SCHEDULE = "target.ecs_parameters.network_configuration"

ROWS = (
    Row(
        kinds=("aws_cloudwatch_event_target",),
        requires=_EVENT,
        subnets=(f"{_EVENT}.subnets",),
        groups=(f"{_EVENT}.security_groups",),
        public=f"{_EVENT}.assign_public_ip",
        names=("target_id",),
    ),
    Row(
        kinds=("aws_scheduler_schedule",),
        requires=_SCHEDULE,
        subnets=(f"{_SCHEDULE}.subnets",),
        groups=(f"{_SCHEDULE}.security_groups",),
        public=f"{_SCHEDULE}.assign_public_ip",
    ),
)


def _targets(resource: Resource) -> Iterator[Resource]:
    """A rule of EventBridge and, each by itself, its targets."""
    targets = resource.body.entries.get("target")
    yield with_entries(resource, target=None)
    for number, (body, reasons) in enumerate(bodies(targets) if targets is not None else ()):
        title = body.entries.get("target_id")
        name = title.value if isinstance(title, Scalar) else number
        yield replace(
            resource,
            kind="aws_cloudwatch_event_target",
            address=f"{resource.address}/{name}",
            body=body,
            at=body.at,
            presence=resource.presence if reasons is None else both(resource.presence, Presence.POSSIBLE),
            reasons=(*resource.reasons, *(reasons or ())),
        )


def _collected_task(resource: Resource) -> Iterator[Resource]:
    """A task: its subnet stands among the details of what is attached to it, its groups do not."""
    attachments = resource.body.entries.get("attachments")
    group = entry(resource, "group")
    service = str(group.value) if isinstance(group, Scalar) else ""
    names = _services(resource, service.removeprefix("service:")) if service.startswith("service:") else ()
    place, interfaces = resource.body.at, "describe-network-interfaces in the snapshot"
    yield with_entries(
        resource,
        subnet_id=_detail(attachments, "subnetId"),
        network_interface_id=_detail(attachments, "networkInterfaceId"),
        services=Seq(tuple([Scalar(name, place) for name in names]), place),
        security_groups=undecided(
            resource, "security_groups", f"the security groups of {resource.address}", interfaces
        ),
        assign_public_ip=undecided(
            resource, "assign_public_ip", f"whether {resource.address} has a public address", interfaces
        ),
    )


def _services(resource: Resource, name: str) -> Iterator[str]:
    """What the ARN of a service may be: with its cluster, and as it was before 2021.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
    """
    cluster = entry(resource, "cluster_arn")
    if isinstance(cluster, Scalar):
        yield sibling(resource, f"service/{str(cluster.value).rpartition('/')[2]}/{name}")
    yield sibling(resource, f"service/{name}")


def _detail(attachments: Node | None, name: str) -> Node | None:
    """A detail of what is attached to a task."""
    for attachment in attachments.items if isinstance(attachments, Seq) else ():
        details = attachment.entries.get("details") if isinstance(attachment, Map) else None
        for detail in details.items if isinstance(details, Seq) else ():
            key = detail.entries.get("name") if isinstance(detail, Map) else None
            if isinstance(detail, Map) and isinstance(key, Scalar) and key.value == name:
                return detail.entries.get("value")
    return None


_PUBLIC = {"ENABLED": True, "DISABLED": False}


def _spelling(kind: str, awsvpc: str, renamed: Mapping[str, str]) -> Spelling:
    """A task's network configuration, which AWS has in a map of its own."""
    public = f"{awsvpc}.{'assignPublicIp' if awsvpc[0].islower() else 'AssignPublicIp'}"
    return Spelling(kind=kind, renamed=renamed, hoisted=frozenset({awsvpc}), values={public: _PUBLIC})


_EVENTS = _spelling(
    "aws_cloudwatch_event_rule",
    "Targets.EcsParameters.NetworkConfiguration.AwsVpcConfiguration",
    {"Targets": "target", "Targets.Id": "target_id", "Targets.EcsParameters": "ecs_target"},
)

_BALANCED = {"LoadBalancers": "load_balancer", "LoadBalancers.LoadBalancerName": "elb_name"}
_LISTED = {"loadBalancers": "load_balancer", "loadBalancers.loadBalancerName": "elb_name"}

# Without a word a task of a service has no public address, in Terraform as well.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
SPELLINGS = {
    "AWS::ECS::Service": _spelling(
        "aws_ecs_service",
        "NetworkConfiguration.AwsvpcConfiguration",
        {
            "ServiceName": "name",
            "ServiceConnectConfiguration.Services": "service",
            "ServiceConnectConfiguration.Services.ClientAliases": "client_alias",
            **_BALANCED,
        },
    ),
    "AWS::ECS::TaskSet": _spelling(
        "aws_ecs_task_set", "NetworkConfiguration.AwsVpcConfiguration", {"LoadBalancers": "load_balancer"}
    ),
    "AWS::Events::Rule": replace(_EVENTS, then=_targets, also=("aws_cloudwatch_event_target",)),
    "AWS::Scheduler::Schedule": _spelling(
        "aws_scheduler_schedule", "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration", {}
    ),
    "services": _spelling(
        "aws_ecs_service", "networkConfiguration.awsvpcConfiguration", {"serviceName": "name", **_LISTED}
    ),
    "taskSets": _spelling("aws_ecs_task_set", "networkConfiguration.awsvpcConfiguration", _LISTED),
    "tasks": Spelling(kind="aws_ecs_task", then=_collected_task),
}
