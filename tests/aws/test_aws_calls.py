"""Which services of AWS a workload must call: by what it is, and by the role of what runs there."""

from __future__ import annotations

import pytest

from auditor.model import Workload
from auditor.reach import Engine
from auditor.tree import Presence, Resource
from tests.aws.build import read, ref, resource, templated, unknown

MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
CONTAINERS = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
PROFILE = resource("aws_iam_instance_profile.p", name="p", role=ref("aws_iam_role.r.name"))
ROLE = resource("aws_iam_role.r", name="r")
INSTANCE = resource(
    "aws_instance.i", subnet_id="subnet-1", iam_instance_profile=ref("aws_iam_instance_profile.p.name")
)


def attached(policy: object, **more: object) -> Resource:
    given = {"role": ref("aws_iam_role.r.name"), "policy_arn": policy, **more}
    return resource("aws_iam_role_policy_attachment.a", **given)


def called(*resources: Resource, name: str = "aws_instance.i") -> list[str]:
    """The services that a workload calls, by itself and by what it is made from."""
    carriers = Engine(read(*resources)).carriers
    return [service for calls in carriers.calls(carriers.workloads[name]) for service in calls.services]


@pytest.mark.parametrize(
    ("policy", "services"),
    [
        (MANAGED, ["ssm", "ssmmessages"]),
        ("arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore", ["ssm", "ssmmessages"]),
        (CONTAINERS, ["ecs", "ecs-agent", "ecs-telemetry"]),
        ("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", ["ec2", "ecr.api", "ecr.dkr", "s3"]),
        ("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", []),
    ],
)
def test_the_policies_of_an_instance_s_role_say_what_it_is_for(policy: str, services: list[str]):
    assert called(INSTANCE, PROFILE, ROLE, attached(policy)) == services


def test_the_role_itself_may_list_its_policies():
    assert called(INSTANCE, PROFILE, resource("aws_iam_role.r", managed_policy_arns=[MANAGED])) == [
        "ssm",
        "ssmmessages",
    ]


def test_a_policy_that_a_data_source_looks_up_counts_by_its_name():
    data = resource("data.aws_iam_policy.core", name="AmazonSSMManagedInstanceCore")
    looked_up = attached(ref("data.aws_iam_policy.core.arn"))
    assert called(INSTANCE, PROFILE, ROLE, data, looked_up) == ["ssm", "ssmmessages"]


@pytest.mark.parametrize(
    "resources",
    [
        (INSTANCE, PROFILE, ROLE),
        (INSTANCE, ROLE, attached(MANAGED)),
        (INSTANCE, PROFILE, ROLE, attached(unknown())),
        (INSTANCE, PROFILE, ROLE, attached(MANAGED, role="another")),
        (
            INSTANCE,
            PROFILE,
            ROLE,
            resource(
                "aws_iam_role_policy_attachment.a",
                presence=Presence.POSSIBLE,
                role=ref("aws_iam_role.r.name"),
                policy_arn=MANAGED,
            ),
        ),
    ],
)
def test_what_a_role_may_be_for_is_no_need(resources: tuple[Resource, ...]):
    assert called(*resources) == []


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
    assert found == ["ssm", "ssmmessages"]


def test_a_group_that_provides_capacity_to_ecs_is_of_container_instances():
    group = resource("aws_autoscaling_group.g", vpc_zone_identifier=["subnet-1"])
    provider = resource(
        "aws_ecs_capacity_provider.c",
        auto_scaling_group_provider={"auto_scaling_group_arn": ref("aws_autoscaling_group.g.arn")},
    )
    services = ["ecs", "ecs-agent", "ecs-telemetry"]
    assert called(group, provider, name="aws_autoscaling_group.g") == services
    assert called(group, name="aws_autoscaling_group.g") == []


FUNCTION = resource(
    "aws_lambda_function.f", vpc_config={"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}
)


def test_a_function_calls_secrets_manager_where_it_rotates_a_secret():
    rotation = resource(
        "aws_secretsmanager_secret_rotation.s", rotation_lambda_arn=ref("aws_lambda_function.f.arn")
    )
    assert called(FUNCTION, rotation, name="aws_lambda_function.f") == ["secretsmanager"]
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
