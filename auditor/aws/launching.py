"""What instances are launched from, and the groups and fleets that launch them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, open_tags, placed
from auditor.aws.reader.calling import CONTAINER_INSTANCE, calls_by_role, calls_of_users
from auditor.aws.reader.ipv6 import given_ipv6
from auditor.aws.reader.respelling import with_entries
from auditor.model import Alias, Calls, Fact, Links, OpenTag, Placement, Profile, Truth, Workload
from auditor.tree import Map, Node, Reason, Resource, Scalar, Seq, Unknown

TEMPLATE = "aws_launch_template"


def read_template(block: Block) -> Iterator[Profile]:
    """A launch template: the groups and subnets of its interfaces, and whether they get public addresses."""
    yield Profile(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("name"),
        subnets=block.one("network_interfaces.subnet_id"),
        groups=joined(
            block.links("vpc_security_group_ids", "network_interfaces.security_groups"),
            block.resolved(block.links("security_group_names"), "aws_security_group"),
        ),
        public=_template_public(block),
        ipv6=given_ipv6(block, "network_interfaces"),
        calls=calls_by_role(block, "iam_instance_profile.name", "iam_instance_profile.arn"),
        presence=block.presence,
    )


def _template_public(block: Block) -> Fact | None:
    """Public where any of the interfaces is."""
    facts = [
        inner.fact("associate_public_ip_address")
        for inner in block.blocks("network_interfaces")
        if inner.has("associate_public_ip_address")
    ]
    for truth in (Truth.YES, Truth.UNKNOWN, Truth.NO):
        for fact in facts:
            if fact.truth is truth:
                return fact
    return None


def read_configuration(block: Block) -> Iterator[Profile]:
    """A launch configuration."""
    public = "associate_public_ip_address"
    yield Profile(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("name"),
        groups=block.resolved(block.links("security_groups"), "aws_security_group"),
        public=block.fact(public) if block.has(public) else None,
        calls=calls_by_role(block, "iam_instance_profile"),
        presence=block.presence,
    )


_MIXED = "mixed_instances_policy.launch_template"

SCALING_GROUP = Row(
    kinds=("aws_autoscaling_group",),
    subnets=("vpc_zone_identifier",),
    profiles=(
        ("launch_template.id", TEMPLATE),
        ("launch_template.name", TEMPLATE),
        ("launch_configuration", "aws_launch_configuration"),
        (f"{_MIXED}.launch_template_specification.launch_template_id", TEMPLATE),
        (f"{_MIXED}.launch_template_specification.launch_template_name", TEMPLATE),
        (f"{_MIXED}.override.launch_template_specification.launch_template_id", TEMPLATE),
        (f"{_MIXED}.override.launch_template_specification.launch_template_name", TEMPLATE),
    ),
    public_default=None,
)


def read_scaling_group(block: Block) -> Iterator[Workload]:
    """An Auto Scaling group: instances of its template in each of its subnets.

    Where only zones are named, they are in the zones' default subnets.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
    """
    subnets, groups, profiles = placed(SCALING_GROUP, block)
    zones = not subnets.items and not subnets.open
    if zones:
        reason = Reason(
            f"the default subnets of {block.address}", block.place("availability_zones"), "a snapshot"
        )
        subnets = Links(open=(reason,))
    if not profiles and groups == Links():
        # It may be made after an instance that has them.
        why = Reason(f"the security groups of {block.address}", block.place("instance_id"), "a snapshot")
        groups = Links(open=(why,))
    given = [_tag(one) for one in block.blocks("tag")]
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=(*block.names("name"), *_tagged(block)),
        tags=tuple(dict.fromkeys((*block.tags, *(one for one in given if isinstance(one, tuple))))),
        open_tags=(*open_tags(block), *(one for one in given if isinstance(one, OpenTag))),
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        calls=_providing_capacity(block),
        scope=block.resource.scope,
        presence=block.presence,
    )


def _providing_capacity(block: Block) -> tuple[Calls, ...]:
    """What the instances call where they are those of a capacity provider of ECS."""
    path = "auto_scaling_group_provider.auto_scaling_group_arn"
    return calls_of_users(CONTAINER_INSTANCE, block.users("aws_ecs_capacity_provider", path, *block.ids))


def _tagged(block: Block) -> Iterator[str]:
    return (
        tag.text("value") for tag in block.blocks("tag") if tag.text("key") == "Name" and tag.text("value")
    )


def _tag(block: Block) -> tuple[str, str] | OpenTag:
    """A tag that is a block of its own."""
    reasons = (*block.reasons, *block.why("key", "value"))
    if not reasons:
        return block.text("key"), block.text("value")
    values = block.choices("value")
    patterns = ("*",) if values is None else tuple(sorted(values))
    value = block.body.entries.get("value")
    # One that is there for certain, and whose key is known, is told apart by its value alone.
    alone = not (block.reasons or block.why("key"))
    identity = value.identity if isinstance(value, Unknown) and alone else ""
    return OpenTag(key=block.text("key"), values=patterns, reasons=reasons, identity=identity)


def read_latest(block: Block) -> Iterator[Alias]:
    """The last version of a template."""
    number = block.integer("latest_version_number")
    if number is not None:
        yield Alias(id=block.address, of=f"{block.address.partition(':')[0]}:{number}")


# A type of the API's alone: Terraform has a template and its versions as one.
LATEST = "aws_launch_template_latest_version"

READERS = {
    LATEST: read_latest,
    TEMPLATE: read_template,
    "aws_launch_configuration": read_configuration,
    "aws_autoscaling_group": read_scaling_group,
}
_SPECIFICATION = "launch_template_config.launch_template_specification"

ROWS = (
    Row(
        kinds=("aws_spot_fleet_request",),
        subnet=("launch_specification.subnet_id", "launch_template_config.overrides.subnet_id"),
        groups=("launch_specification.vpc_security_group_ids",),
        profiles=(
            (f"{_SPECIFICATION}.id", TEMPLATE),
            (f"{_SPECIFICATION}.name", TEMPLATE),
        ),
        public="launch_specification.associate_public_ip_address",
        public_default=None,
        placement=Placement.ONE,
    ),
    Row(
        kinds=("aws_ec2_fleet",),
        subnet=("launch_template_config.override.subnet_id",),
        profiles=(
            (f"{_SPECIFICATION}.launch_template_id", TEMPLATE),
            (f"{_SPECIFICATION}.launch_template_name", TEMPLATE),
        ),
        public_default=None,
        placement=Placement.ONE,
    ),
)


def _with_subnets(resource: Resource) -> Iterator[Resource]:
    """A group of the API's has its subnets as one text, with commas."""
    subnets = resource.body.entries.get("vpc_zone_identifier")
    if isinstance(subnets, Scalar) and isinstance(subnets.value, str):
        parts = tuple([Scalar(each.strip(), subnets.at) for each in subnets.value.split(",") if each.strip()])
        resource = with_entries(resource, vpc_zone_identifier=Seq(parts, subnets.at))
    yield replace(resource, body=_of_versions(resource.body))


def _of_versions(body: Map) -> Map:
    """The body, each template in it named by the version that is meant: ``lt-1:2``, ``lt-1:$Latest``."""
    entries = {name: _of_version(node) for name, node in body.entries.items()}
    return replace(body, entries=entries)


def _of_version(node: Node) -> Node:
    if isinstance(node, Seq):
        return replace(node, items=tuple([_of_version(item) for item in node.items]))
    if not isinstance(node, Map):
        return node
    entries = dict(_of_versions(node).entries)
    for name in ("id", "launch_template_id"):
        template, version = entries.get(name), entries.get("version")
        if isinstance(template, Scalar) and isinstance(version, Scalar):
            for other in ("name", "launch_template_name"):
                entries.pop(other, None)
            if version.value != "$Default":
                entries[name] = replace(template, value=f"{template.value}:{version.value}")
    return replace(node, entries=entries)


def _of_its_template(resource: Resource) -> Iterator[Resource]:
    """A version of a template, which stands for it where it is the default one.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html
    """
    entries = resource.body.entries
    name, default = entries.get("launch_template_id"), entries.get("default_version")
    if isinstance(name, Scalar) and isinstance(default, Scalar) and default.value is True:
        yield replace(resource, address=str(name.value), names=(*resource.names, resource.address))
    else:
        yield resource


def _latest(resource: Resource) -> Iterator[Resource]:
    """A template of the API's says only which of its versions is the last one."""
    yield replace(resource, address=f"{resource.address}:$Latest")


_DATA = {
    "LaunchTemplateName": "name",
    "LaunchTemplateData.SecurityGroupIds": "vpc_security_group_ids",
    "LaunchTemplateData.SecurityGroups": "security_group_names",
    "LaunchTemplateData.NetworkInterfaces.Groups": "security_groups",
}
_LAUNCHED = {
    "AutoScalingGroupName": "name",
    "LoadBalancerNames": "load_balancers",
    "TrafficSources": "traffic_source",
    "LaunchTemplate.LaunchTemplateId": "id",
    "LaunchTemplate.LaunchTemplateName": "name",
    "LaunchConfigurationName": "launch_configuration",
    "MixedInstancesPolicy.LaunchTemplate.Overrides": "override",
}
_FLEET = {
    "LaunchTemplateConfigs": "launch_template_config",
    "LaunchTemplateConfigs.Overrides": "override",
}
_SPOT = "SpotFleetRequestConfigData"
_SPOT_FLEET = {
    f"{_SPOT}.LaunchSpecifications": "launch_specification",
    f"{_SPOT}.LaunchSpecifications.SecurityGroups": "vpc_security_group_ids",
    f"{_SPOT}.LaunchTemplateConfigs": "launch_template_config",
    f"{_SPOT}.LaunchTemplateConfigs.LaunchTemplateSpecification.LaunchTemplateId": "id",
    f"{_SPOT}.LaunchTemplateConfigs.LaunchTemplateSpecification.LaunchTemplateName": "name",
}

SPELLINGS = {
    "AWS::EC2::LaunchTemplate": Spelling(
        kind=TEMPLATE, renamed=_DATA, hoisted=frozenset({"LaunchTemplateData"})
    ),
    "LaunchTemplates": Spelling(kind=LATEST, only=frozenset({"LatestVersionNumber"}), then=_latest),
    "LaunchTemplateVersions": Spelling(
        kind=TEMPLATE, renamed=_DATA, hoisted=frozenset({"LaunchTemplateData"}), then=_of_its_template
    ),
    "AWS::AutoScaling::LaunchConfiguration": Spelling(
        kind="aws_launch_configuration", renamed={"LaunchConfigurationName": "name"}
    ),
    "LaunchConfigurations": Spelling(
        kind="aws_launch_configuration", renamed={"LaunchConfigurationName": "name"}
    ),
    "AWS::AutoScaling::AutoScalingGroup": Spelling(kind="aws_autoscaling_group", renamed=_LAUNCHED),
    "AutoScalingGroups": Spelling(kind="aws_autoscaling_group", renamed=_LAUNCHED, then=_with_subnets),
    "AWS::EC2::EC2Fleet": Spelling(kind="aws_ec2_fleet", renamed=_FLEET),
    "AWS::EC2::SpotFleet": Spelling(
        kind="aws_spot_fleet_request",
        renamed=_SPOT_FLEET,
        hoisted=frozenset({_SPOT}),
        each={f"{_SPOT}.LaunchSpecifications.SecurityGroups": "GroupId"},
    ),
}
