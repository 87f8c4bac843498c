"""Lambda functions and their kin: they open connections and accept none, and never have a public address.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, read_row
from auditor.aws.reader.calling import CANARY, ROTATION, calls_of_users
from auditor.aws.reader.respelling import unless_empty, with_entries
from auditor.model import Calls, Workload
from auditor.tree import Map, Node, Resource, Scalar, Seq, Unknown

FUNCTION = Row(
    kinds=("aws_lambda_function",),
    requires="vpc_config",
    outside=True,
    subnets=("vpc_config.subnet_ids",),
    groups=("vpc_config.security_group_ids",),
    ipv6="vpc_config.ipv6_allowed_for_dual_stack",
    accepts=False,
    names=("function_name",),
)


def read_function(block: Block) -> Iterator[Workload]:
    """A function: its subnets and groups; takes no connection. Some rotate secrets."""
    for workload in read_row(FUNCTION, block):
        yield replace(workload, calls=_rotating(block)) if workload.placed else workload


def _rotating(block: Block) -> tuple[Calls, ...]:
    """What a function calls as it rotates a secret, if it does."""
    if block.has(_HOSTED_HERE):
        return (ROTATION,)
    found = block.users("aws_secretsmanager_secret_rotation", "rotation_lambda_arn", *block.ids)
    return calls_of_users(ROTATION, found)


READERS = {"aws_lambda_function": read_function}

ROWS = (
    Row(
        kinds=("aws_synthetics_canary",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        ipv6="vpc_config.ipv6_allowed_for_dual_stack",
        accepts=False,
        calls=(CANARY,),
    ),
)

# AWS answers with an empty ``VpcConfig`` where there is none, and takes one for none.
_FUNCTION = Spelling(kind="aws_lambda_function", then=unless_empty("vpc_config"))

_HOSTED, _HOSTED_HERE, _ROTATING = "HostedRotationLambda", "hosted_rotation", "RotationLambdaARN"


def _hosted(resource: Resource) -> Iterator[Resource]:
    """A schedule by which a function rotates a secret, or that function where the schedule makes it.

    The lists of the latter are texts with commas.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-rotationschedule-hostedrotationlambda.html
    """
    config = resource.body.entries.get("vpc_config")
    if config is None:
        yield replace(resource, kind="aws_secretsmanager_secret_rotation")
        return
    hosted = {"vpc_config": _split(config), _HOSTED_HERE: Scalar(True, config.at)}  # noqa: FBT003
    yield from unless_empty("vpc_config")(with_entries(resource, **hosted))


def _split(node: Node) -> Node:
    match node:
        case Map():
            return replace(node, entries={name: _split(each) for name, each in node.entries.items()})
        case Unknown():
            return replace(node, options=tuple([_split(each) for each in node.options]))
        case Scalar() if isinstance(node.value, str):
            words = (word.strip() for word in node.value.split(","))
            return Seq(tuple([Scalar(word, node.at) for word in words if word]), node.at)
        case _:
            return node


SPELLINGS = {
    "AWS::SecretsManager::RotationSchedule": Spelling(
        kind="aws_lambda_function",
        renamed={
            _HOSTED: "vpc_config",
            f"{_HOSTED}.RotationLambdaName": "/function_name",
            f"{_HOSTED}.VpcSecurityGroupIds": "security_group_ids",
            f"{_HOSTED}.VpcSubnetIds": "subnet_ids",
            _ROTATING: "rotation_lambda_arn",
        },
        only=frozenset({_HOSTED, _ROTATING}),
        also=("aws_secretsmanager_secret_rotation",),
        then=_hosted,
    ),
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Synthetics::Canary": Spelling(kind="aws_synthetics_canary", then=unless_empty("vpc_config")),
    "Functions": _FUNCTION,
}
