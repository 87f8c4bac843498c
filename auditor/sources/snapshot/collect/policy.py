"""The permissions that collecting a snapshot needs, and no others as far as IAM takes so long a list."""

from __future__ import annotations

import json
from collections.abc import Iterable

from auditor.sources.snapshot.collect.calls import Piece, calls_of

# Where IAM has another word for a service than botocore has.
_PREFIXES = {
    "apigatewayv2": "apigateway",
    "cloudhsmv2": "cloudhsm",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "mwaa": "airflow",
    "opensearch": "es",
}
_MOST = 6144
_FAMILIES = ("ec2:DescribeTransitGateway", "ec2:DescribeVpcEndpoint", "ec2:DescribeClientVpn")


def action_of(operation: str) -> str:
    """The IAM action of an operation (``ec2:DescribeVpcs``).

    See https://docs.aws.amazon.com/service-authorization/latest/reference/. API Gateway names actions by HTTP
    methods.
    """
    service, _, name = operation.partition(":")
    prefix = _PREFIXES.get(service, service)
    return "apigateway:GET" if prefix == "apigateway" else f"{prefix}:{name}"


def actions(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """The actions that collecting these pieces needs, sorted, with the one that lists the enabled Regions."""
    operations = {f"{call.service}:{call.operation}" for piece in pieces for call in calls_of(piece.call)}
    return tuple(sorted({action_of(each) for each in operations | {"ec2:DescribeRegions"}}))


def policy(pieces: Iterable[Piece]) -> str:
    """The IAM policy that allows them, as JSON.

    A managed policy has 6,144 characters at most, white space not counted. Where they would be more, families
    of actions that describe one thing are named by how they begin.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    wanted = actions(pieces)
    found = _document(wanted)
    return found if len("".join(found.split())) <= _MOST else _document(_shortened(wanted))


def _shortened(wanted: Iterable[str]) -> tuple[str, ...]:
    families = {each: next((f"{one}*" for one in _FAMILIES if each.startswith(one)), each) for each in wanted}
    return tuple(dict.fromkeys(families.values()))


def _document(allowed: Iterable[str]) -> str:
    statement = {
        "Sid": "NetauditSnapshot",
        "Effect": "Allow",
        "Action": list(allowed),
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2) + "\n"
