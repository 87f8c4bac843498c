"""Platforms that run what they are given on hosts of their own: Elastic Beanstalk, Lightsail and others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, one_of, read_outside, read_row, why
from auditor.model import Fact, Link, Links, Truth, Workload
from auditor.tree import Node, Reason, Reference, Scalar

ENVIRONMENT = Row(kinds=("aws_elastic_beanstalk_environment",), public_default=None, default_group=False)
_VPC, _LAUNCH = "aws:ec2:vpc", "aws:autoscaling:launchconfiguration"


def read_environment(block: Block) -> Iterator[Workload]:
    """An environment of Elastic Beanstalk: the instances, in the subnets and groups that its settings name.

    It makes a group for them, beside those, and a load balancer, of which a snapshot tells. What a template
    of settings says counts less than its own, and is not read.
    https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
    """
    templated = any(map(block.has, ("template_name", "configuration_template_name")))
    subnets, groups = _named(block, _VPC, "Subnets"), _named(block, _LAUNCH, "SecurityGroups")
    what = f"the further groups of {block.address}, which Elastic Beanstalk makes"
    made = Links(open=(Reason(what, block.at, "a snapshot"),))
    if templated or not (subnets.items or subnets.open):
        why = Reason(f"the subnets of {block.address}", block.at, f"the setting Subnets of {_VPC}")
        subnets = joined(subnets, Links(open=(why,)))
    for workload in read_row(ENVIRONMENT, block):
        yield replace(
            workload, subnets=subnets, groups=joined(groups, made), public=_public(block, templated=templated)
        )


def _settings(block: Block, namespace: str, name: str) -> Iterator[Block]:
    for one in block.blocks("setting"):
        spaces, names = one.choices("namespace"), one.choices("name")
        if (spaces is None or namespace in spaces) and (names is None or name in names):
            yield one


def _named(block: Block, namespace: str, name: str) -> Links:
    """What a setting lists by ids with commas between them; open where it is not known whole."""
    found = []
    for one in _settings(block, namespace, name):
        if one.choices("namespace") == {namespace} and one.choices("name") == {name} and block.holds(one):
            found.append(one.linked("value", _by_commas))
        else:
            what = f"the setting {name} of {block.address}"
            reasons = one.why("namespace", "name", "value") or (Reason(what, one.at, f"a value for {name}"),)
            found.append(Links(open=reasons))
    return joined(*found)


def _by_commas(node: Node | None) -> Links:
    if isinstance(node, Scalar):
        words = [word.strip() for word in str(node.value).split(",")]
        return Links(tuple([Link(word, node.at) for word in words if word]))
    if isinstance(node, Reference) or node is None:
        return one_of(node)
    return Links(open=why(node))


def _public(block: Block, *, templated: bool) -> Fact | None:
    """Whether instances have public addresses: as the setting says, else as their subnets do."""
    settings = list(_settings(block, _VPC, "AssociatePublicIpAddress"))
    if len(settings) == 1 and not templated and block.holds(settings[0]):
        return settings[0].fact("value")
    if settings or templated:
        what = f"whether the instances of {block.address} have public addresses"
        return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, "a snapshot"),))
    return None


LIGHTSAIL = Row(
    kinds=(
        "aws_lightsail_container_service",
        "aws_lightsail_database",
        "aws_lightsail_instance",
        "aws_lightsail_lb",
    ),
    names=("name", "relational_database_name"),
)


def read_lightsail(block: Block) -> Iterator[Workload]:
    """What Lightsail runs: in a network of its own, which reaches VPCs by a peering alone.

    https://docs.aws.amazon.com/lightsail/latest/userguide/lightsail-how-to-set-up-vpc-peering-with-aws-resources.html
    """
    yield read_outside(LIGHTSAIL, block)


READERS = {
    **dict.fromkeys(ENVIRONMENT.kinds, read_environment),
    **dict.fromkeys(LIGHTSAIL.kinds, read_lightsail),
}

ROWS = (
    # https://docs.aws.amazon.com/cloudhsm/latest/userguide/configure-sg.html
    Row(
        kinds=("aws_cloudhsm_v2_cluster",),
        subnets=("subnet_ids",),
        group=("security_group_id",),
        services=("tcp/2223-2225",),
        ipv6="network_type",
        default_group=False,
        names=("cluster_id",),
    ),
    Row(
        kinds=("aws_devicefarm_project", "aws_devicefarm_test_grid_project"),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        vpc="vpc_config.vpc_id",
        accepts=False,
    ),
    Row(
        kinds=("aws_finspace_kx_cluster",),
        subnets=("vpc_configuration.subnet_ids",),
        groups=("vpc_configuration.security_group_ids",),
        vpc="vpc_configuration.vpc_id",
    ),
    Row(
        kinds=("aws_gamelift_game_server_group",),
        subnets=("vpc_subnets",),
        profiles=(
            ("launch_template.id", "aws_launch_template"),
            ("launch_template.name", "aws_launch_template"),
        ),
        public_default=None,
        names=("game_server_group_name",),
    ),
    Row(
        kinds=("aws_m2_environment",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        public="publicly_accessible",
    ),
)

SPELLINGS = {
    "AWS::ElasticBeanstalk::Environment": Spelling(
        kind="aws_elastic_beanstalk_environment",
        renamed={
            "EnvironmentName": "name",
            "OptionSettings": "setting",
            "OptionSettings.OptionName": "name",
        },
    ),
    "AWS::Lightsail::Container": Spelling(
        kind="aws_lightsail_container_service", renamed={"ServiceName": "name"}
    ),
    "AWS::Lightsail::Database": Spelling(kind="aws_lightsail_database"),
    "AWS::Lightsail::Instance": Spelling(kind="aws_lightsail_instance", renamed={"InstanceName": "name"}),
    "AWS::Lightsail::LoadBalancer": Spelling(kind="aws_lightsail_lb", renamed={"LoadBalancerName": "name"}),
    "AWS::DeviceFarm::Project": Spelling(kind="aws_devicefarm_project"),
    "AWS::DeviceFarm::TestGridProject": Spelling(kind="aws_devicefarm_test_grid_project"),
    "AWS::GameLift::GameServerGroup": Spelling(
        kind="aws_gamelift_game_server_group",
        renamed={
            "LaunchTemplate.LaunchTemplateId": "id",
            "LaunchTemplate.LaunchTemplateName": "name",
        },
    ),
    "AWS::M2::Environment": Spelling(kind="aws_m2_environment"),
}
