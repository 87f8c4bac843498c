"""Lambda functions and their kin: they open connections and accept none, and never have a public address.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import unless_empty, with_entries
from auditor.tree import Map, Node, Resource, Scalar, Seq, Unknown

ROWS = (
    Row(
        kinds=("aws_lambda_function",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        ipv6="vpc_config.ipv6_allowed_for_dual_stack",
        accepts=False,
        names=("function_name",),
    ),
    Row(
        kinds=("aws_synthetics_canary",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        ipv6="vpc_config.ipv6_allowed_for_dual_stack",
        accepts=False,
    ),
)

# AWS answers with an empty ``VpcConfig`` where there is none, and takes one for none.
_FUNCTION = Spelling(kind="aws_lambda_function", then=unless_empty("vpc_config"))

_HOSTED = "HostedRotationLambda"


def _hosted(resource: Resource) -> Iterator[Resource]:
    """The function that rotates a secret, which its schedule makes; its lists are texts with commas.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-rotationschedule-hostedrotationlambda.html
    """
    config = resource.body.entries.get("vpc_config")
    if config is not None:
        yield from unless_empty("vpc_config")(with_entries(resource, vpc_config=_split(config)))


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
        },
        only=frozenset({_HOSTED}),
        then=_hosted,
    ),
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Synthetics::Canary": Spelling(kind="aws_synthetics_canary", then=unless_empty("vpc_config")),
    "Functions": _FUNCTION,
}
