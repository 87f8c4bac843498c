"""Classic load balancers: what each listener accepts, and the instances that all of them share.

https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, read_row, spoken, uncertain
from auditor.aws.reader.respelling import inner, undecided, with_entries
from auditor.model import (
    NO_LINKS,
    YES,
    Component,
    Link,
    Links,
    Listener,
    ProxyTarget,
    TargetGroup,
    TargetType,
    Workload,
)
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import Presence, Reason, Resource, Scalar, Seq

CLASSIC = Row(kinds=("aws_elb",), subnets=("subnets",), groups=("security_groups",), private="internal")

# What registers other things than single instances: the type, and how it names the balancer and its members.
_MEMBERS = (
    ("aws_elb_attachment", "elb", "instance"),
    ("aws_autoscaling_attachment", "elb", "autoscaling_group_name"),
    ("aws_autoscaling_traffic_source_attachment", "traffic_source.identifier", "autoscaling_group_name"),
    ("aws_autoscaling_group", "load_balancers", ""),
    ("aws_autoscaling_group", "traffic_source.identifier", ""),
    ("aws_ecs_service", "load_balancer.elb_name", ""),
    ("aws_ecs_task_set", "load_balancer.elb_name", ""),
)


def read_classic(block: Block) -> Iterator[Component]:
    """A classic load balancer, with a group of targets for each of its listeners."""
    listeners = tuple(block.blocks("listener"))
    accepted = [(spoken(one, "lb_protocol", "lb_port", ""), block.holds(one)) for one in listeners]
    must = Traffic.union(traffic.must for traffic, sure in accepted if sure)
    listens = Bounds(must, Traffic.union(traffic.may for traffic, _ in accepted)) if accepted else None
    for workload in read_row(CLASSIC, block):
        yield replace(workload, listens=listens, groups=_groups(block, workload))
    members = _members(block)
    for place, (one, (traffic, _)) in enumerate(zip(listeners, accepted, strict=True)):
        name = f"{block.address}.listener.{place}"
        group = Link(f"{name}.targets", one.at)
        yield Listener(
            id=name,
            at=one.at,
            proxy=Link(block.address, one.at),
            service=traffic,
            targets=Links((group,)),
            presence=one.presence,
        )
        yield _group(block, one, group, members.open)
        for member in members.items:
            yield ProxyTarget(
                at=member.at,
                group=group,
                workload=member,
                presence=one.presence if member.certain else one.possible,
                reasons=member.reasons,
            )


def _groups(block: Block, balancer: Workload) -> Links:
    """The groups that are named. In a default VPC, AWS makes one of its own for balancers that name none.

    It is open on the ports of all of them, not on those of this one only.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-vpc-security-groups.html
    """
    subnets = balancer.subnets.items
    elsewhere = subnets and not any("aws_default_subnet." in link.id for link in subnets)
    if balancer.groups != NO_LINKS or elsewhere or block.has("security_groups"):
        return balancer.groups
    what = f"which group AWS gives {block.address}, as it does in a default VPC"
    return Links(open=(Reason(what, block.at, "groups that it names, or a snapshot"),))


def _group(block: Block, one: Block, group: Link, open_: tuple[Reason, ...]) -> TargetGroup:
    protocol = "instance_protocol" if one.has("instance_protocol") else "lb_protocol"
    return TargetGroup(
        id=group.id,
        at=one.at,
        type=TargetType.INSTANCE,
        service=spoken(one, protocol, "instance_port", ""),
        health=_health(block),
        health_open=block.why("health_check.target"),
        cross_zone=block.fact("cross_zone_load_balancing", YES),
        open=open_,
        presence=one.presence,
    )


def _health(block: Block) -> Bounds[Traffic]:
    """What checks instances: ``TCP:22``, ``HTTP:80/index``. Without a word it is not known.

    https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_HealthCheck.html
    """
    number = block.text("health_check.target").partition(":")[2].partition("/")[0]
    if not number.isdecimal() or int(number) > 65535:
        return Bounds(NOTHING, service(TCP))
    return exact(service(TCP, int(number), int(number)))


def _members(block: Block) -> Links:
    """All that is registered; open where the input registers nothing, else taken for all that there is."""
    own = block.links("instances")
    found, reasons = dict.fromkeys(own.items), own.open
    for kind, path, wanted in _MEMBERS:
        for user, link in block.users(kind, path, *block.ids):
            named = user.one(wanted) if wanted else Links((Link(user.address, user.at),))
            sure = link.certain and user.presence is Presence.CERTAIN
            kept = named if sure else uncertain(named, link.reasons or user.reasons)
            found.update(dict.fromkeys(kept.items))
            reasons += kept.open
    if not found and not reasons and not block.has("all_instances"):
        reasons = (Reason(f"what registers with {block.address}", block.at, "a snapshot"),)
    return Links(tuple(found), tuple(dict.fromkeys(reasons)))


READERS = {"aws_elb": read_classic}


def _collected(resource: Resource) -> Iterator[Resource]:
    """A balancer of the API's, which has its attributes in an answer of their own."""
    ours = "cross_zone_load_balancing"
    told = inner(resource.body.entries.get("load_balancer_attributes"), ours, "enabled")
    what = f"the attributes of {resource.address}"
    unknown = undecided(resource, ours, what, "describe-load-balancer-attributes in the snapshot")
    instances = resource.body.entries.get("instances")
    whole = Scalar(isinstance(instances, Seq) and instances.more is None, resource.body.at)
    yield with_entries(resource, all_instances=whole if whole.value else None, **{ours: told or unknown})


_SCHEME = {"Scheme": {"internal": True, "internet-facing": False}}
_CLASSIC = Spelling(
    kind="aws_elb", renamed={"LoadBalancerName": "name", "Scheme": "internal"}, values=_SCHEME
)

# A balancer faces the internet unless told otherwise, in Terraform as well; without a word one of a template
# keeps to the zone of each node, one of Terraform's does not.
SPELLINGS = {
    "AWS::ElasticLoadBalancing::LoadBalancer": replace(
        _CLASSIC,
        renamed={
            **_CLASSIC.renamed,
            "CrossZone": "cross_zone_load_balancing",
            "Listeners": "listener",
            "Listeners.LoadBalancerPort": "lb_port",
            "Listeners.Protocol": "lb_protocol",
        },
        given={"cross_zone_load_balancing": False},
    ),
    "LoadBalancerDescriptions": replace(
        _CLASSIC,
        renamed={
            **_CLASSIC.renamed,
            "LoadBalancerAttributes.CrossZoneLoadBalancing": "cross_zone_load_balancing",
            "ListenerDescriptions": "listener",
            "ListenerDescriptions.Listener.LoadBalancerPort": "lb_port",
            "ListenerDescriptions.Listener.Protocol": "lb_protocol",
        },
        hoisted=frozenset({"ListenerDescriptions.Listener"}),
        each={"Instances": "InstanceId"},
        then=_collected,
    ),
}
