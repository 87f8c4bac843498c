"""Which services of AWS a workload must call: by what it is, and by the role of what runs there."""

from __future__ import annotations

import pytest

from auditor.model import Calls, Workload
from auditor.reach import Engine
from auditor.tree import Resource, Unknown
from tests.aws.build import HERE, WHY, node, open_list, possible, read, ref, resource, templated, unknown

AWS = "arn:aws:iam::aws:policy"
MANAGED = f"{AWS}/AmazonSSMManagedInstanceCore"
CONTAINERS = f"{AWS}/service-role/AmazonEC2ContainerServiceforEC2Role"
MANAGES = ["ssm", "ssmmessages"]
LOOKED_UP = ref("data.aws_iam_policy.core.arn")
PROFILE = resource("aws_iam_instance_profile.p", name="p", role=ref("aws_iam_role.r.name"))
ROLE = resource("aws_iam_role.r", name="r")
INSTANCE = resource(
    "aws_instance.i", subnet_id="subnet-1", iam_instance_profile=ref("aws_iam_instance_profile.p.name")
)


def attached(policy: object, **more: object) -> Resource:
    given = {"role": ref("aws_iam_role.r.name"), "policy_arn": policy, **more}
    return resource("aws_iam_role_policy_attachment.a", **given)


def called(*resources: Resource, name: str = "aws_instance.i") -> list[str]:
    """The services that a workload certainly calls, by itself and by what it is made from."""
    return [
        service for calls in every_call(*resources, name=name) if not calls.open for service in calls.services
    ]


def perhaps_called(*resources: Resource, name: str = "aws_instance.i") -> list[str]:
    """The services that a workload may call."""
    return [
        service for calls in every_call(*resources, name=name) if calls.open for service in calls.services
    ]


def every_call(*resources: Resource, name: str) -> tuple[Calls, ...]:
    carriers = Engine(read(*resources)).carriers
    return carriers.calls(carriers.workloads[name])


@pytest.mark.parametrize(
    ("policy", "services"),
    [
        (MANAGED, MANAGES),
        ("arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore", MANAGES),
        (CONTAINERS, ["ecs", "ecs-agent", "ecs-telemetry"]),
        ("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", ["ec2", "ecr.api", "ecr.dkr", "s3"]),
        ("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", []),
    ],
)
def test_the_policies_of_an_instance_s_role_say_what_it_is_for(policy: str, services: list[str]):
    assert called(INSTANCE, PROFILE, ROLE, attached(policy)) == services


def test_the_role_itself_may_list_its_policies():
    assert called(INSTANCE, PROFILE, resource("aws_iam_role.r", managed_policy_arns=[MANAGED])) == MANAGES


def test_a_policy_that_a_data_source_looks_up_counts_by_its_name():
    data = resource("data.aws_iam_policy.core", name="AmazonSSMManagedInstanceCore")
    looked_up = attached(ref("data.aws_iam_policy.core.arn"))
    assert called(INSTANCE, PROFILE, ROLE, data, looked_up) == MANAGES


@pytest.mark.parametrize(
    "resources",
    [
        (INSTANCE, PROFILE, ROLE),
        (INSTANCE, ROLE, attached(MANAGED)),
        (INSTANCE, PROFILE, ROLE, attached(MANAGED, role="another")),
        (INSTANCE, PROFILE, ROLE, resource("aws_iam_policy.own"), attached(ref("aws_iam_policy.own.arn"))),
        (
            INSTANCE,
            PROFILE,
            ROLE,
            attached(unknown("", f"{AWS}/ReadOnlyAccess", f"{AWS}/job-function/Billing")),
        ),
    ],
)
def test_a_role_without_a_policy_that_is_there_for_it_needs_no_service(resources: tuple[Resource, ...]):
    assert every_call(*resources, name="aws_instance.i") == ()


ALL = ["ec2", "ecr.api", "ecr.dkr", "s3", "ecs", "ecs-agent", "ecs-telemetry", "ssm", "ssmmessages"]


@pytest.mark.parametrize(
    ("resources", "services"),
    [
        ((PROFILE, ROLE, attached(unknown())), ALL),
        ((PROFILE, ROLE, attached(unknown("var.policy"))), ALL),
        ((PROFILE, ROLE, resource("data.aws_iam_policy.core", name=unknown()), attached(LOOKED_UP)), ALL),
        ((PROFILE, resource("aws_iam_role.r", managed_policy_arns=open_list(more=unknown()))), ALL),
        ((PROFILE, resource("aws_iam_role.r", managed_policy_arns=unknown())), ALL),
        ((PROFILE, ROLE, attached(unknown("", MANAGED, f"{AWS}/ReadOnlyAccess"))), MANAGES),
        ((PROFILE, ROLE, possible(attached(MANAGED))), MANAGES),
        ((PROFILE, possible(ROLE), attached(MANAGED)), MANAGES),
        ((PROFILE, ROLE, attached(MANAGED, role=unknown())), MANAGES),
    ],
)
def test_a_role_that_may_be_for_something_perhaps_needs_its_services(
    resources: tuple[Resource, ...], services: list[str]
):
    assert called(INSTANCE, *resources) == []
    assert perhaps_called(INSTANCE, *resources) == services


def test_a_certain_policy_of_a_role_is_not_in_doubt_for_one_that_is_not_known():
    another = resource(
        "aws_iam_role_policy_attachment.b", role=ref("aws_iam_role.r.name"), policy_arn=unknown("var.policy")
    )
    resources = (INSTANCE, PROFILE, ROLE, attached(MANAGED), another)
    assert called(*resources) == MANAGES
    assert set(perhaps_called(*resources)) == set(ALL) - set(MANAGES)


def test_a_policy_counts_in_a_partition_that_is_not_known():
    text = Unknown(
        WHY, HERE, parts=(node("arn:"), unknown("var.partition"), node(MANAGED.removeprefix("arn:aws")))
    )
    assert called(INSTANCE, PROFILE, ROLE, attached(text)) == MANAGES


@pytest.mark.parametrize("attribute", ["name", "arn"])
def test_instances_have_the_role_of_the_template_that_they_are_made_from(attribute: str):
    template = resource(
        "aws_launch_template.t",
        iam_instance_profile={attribute: ref(f"aws_iam_instance_profile.p.{attribute}")},
    )
    group = resource(
        "aws_autoscaling_group.g",
        vpc_zone_identifier=["subnet-1"],
        launch_template={"id": ref("aws_launch_template.t.id")},
    )
    found = called(group, template, PROFILE, ROLE, attached(MANAGED), name="aws_autoscaling_group.g")
    assert found == MANAGES


def test_a_group_that_provides_capacity_to_ecs_is_of_container_instances():
    group = resource("aws_autoscaling_group.g", vpc_zone_identifier=["subnet-1"])
    provider = resource(
        "aws_ecs_capacity_provider.c",
        auto_scaling_group_provider={"auto_scaling_group_arn": ref("aws_autoscaling_group.g.arn")},
    )
    services = ["ecs", "ecs-agent", "ecs-telemetry"]
    assert called(group, provider, name="aws_autoscaling_group.g") == services
    assert called(group, name="aws_autoscaling_group.g") == []
    assert perhaps_called(group, possible(provider), name="aws_autoscaling_group.g") == services


FUNCTION = resource(
    "aws_lambda_function.f", vpc_config={"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}
)


def test_a_function_calls_secrets_manager_where_it_rotates_a_secret():
    rotation = resource(
        "aws_secretsmanager_secret_rotation.s", rotation_lambda_arn=ref("aws_lambda_function.f.arn")
    )
    assert called(FUNCTION, rotation, name="aws_lambda_function.f") == ["secretsmanager"]
    either = resource(
        "aws_secretsmanager_secret_rotation.s",
        rotation_lambda_arn=unknown("", ref("aws_lambda_function.f.arn"), ref("aws_lambda_function.g.arn")),
    )
    assert perhaps_called(FUNCTION, either, name="aws_lambda_function.f") == ["secretsmanager"]
    assert called(FUNCTION, name="aws_lambda_function.f") == []
    assert called(resource("aws_lambda_function.f"), rotation, name="aws_lambda_function.f") == []


def test_a_canary_in_a_vpc_brings_its_results_to_cloudwatch_and_s3():
    inside = resource("aws_synthetics_canary.c", vpc_config={"subnet_ids": ["subnet-1"]})
    assert called(inside, name="aws_synthetics_canary.c") == ["monitoring", "s3"]
    assert called(resource("aws_synthetics_canary.c"), name="aws_synthetics_canary.c") == []


def test_pods_on_fargate_pull_their_images_themselves():
    pods = resource("aws_eks_fargate_profile.p", cluster_name="c", subnet_ids=["subnet-1"])
    assert called(pods, name="aws_eks_fargate_profile.p") == ["ecr.api", "ecr.dkr", "s3"]


def workload(*resources: Resource) -> Workload:
    return read(*resources).workloads[0]


def test_templates_say_the_same():
    profile = templated("AWS::IAM::InstanceProfile", "p", Roles=[ref("net/r.Ref")])
    role = templated("AWS::IAM::Role", "r", ManagedPolicyArns=[MANAGED])
    instance = templated("AWS::EC2::Instance", "i", SubnetId="subnet-1", IamInstanceProfile=ref("net/p.Ref"))
    assert [one.services for one in workload(instance, profile, role).calls] == [("ssm", "ssmmessages")]
    group = templated("AWS::AutoScaling::AutoScalingGroup", "g", VPCZoneIdentifier=["subnet-1"])
    provider = templated(
        "AWS::ECS::CapacityProvider",
        "c",
        AutoScalingGroupProvider={"AutoScalingGroupArn": ref("net/g.Ref")},
    )
    assert workload(group, provider).calls[0].services == ("ecs", "ecs-agent", "ecs-telemetry")


def test_a_schedule_of_a_template_makes_the_function_that_rotates_or_names_it():
    inside = {"VpcSubnetIds": "subnet-1,subnet-2", "VpcSecurityGroupIds": "sg-1"}
    hosted = templated("AWS::SecretsManager::RotationSchedule", "s", HostedRotationLambda=inside)
    assert workload(hosted).calls[0].services == ("secretsmanager",)
    function = templated("AWS::Lambda::Function", "f", VpcConfig={"SubnetIds": ["subnet-1"]})
    schedule = templated("AWS::SecretsManager::RotationSchedule", "s", RotationLambdaARN=ref("net/f.Arn"))
    found = read(function, schedule)
    assert [(one.id, len(one.calls)) for one in found.workloads] == [("net/f", 1)]
