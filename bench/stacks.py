"""CloudFormation templates of many groups, or of all sorts of resources; the same bytes at every run.

    python bench/stacks.py FILE GROUPS [--mixed]

writes GROUPS security groups with ten rules each in a VPC with three subnets, in JSON where FILE ends so and
in YAML otherwise. ``--mixed`` writes instead about GROUPS resources as an application has them: of the
ten that each service has, four stand in the network.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

import yaml
from inputs import RULES_IN_A_GROUP, ingress

Values = dict[str, Any]
_RESOURCES_OF_A_SERVICE = 10


def write_groups(path: Path, groups: int, *, seed: int = 7) -> None:
    """Write the network and its groups."""
    dice = Random(seed)
    declared = {f"Service{number}": _group(dice, number, groups) for number in range(groups)}
    _write(path, {**_head(), "Resources": {**_network(), **declared}})


def write_mixed(path: Path, resources: int, *, seed: int = 7) -> None:
    """Write services, each with what it needs."""
    dice = Random(seed)
    services = max(1, (resources - len(_network())) // _RESOURCES_OF_A_SERVICE)
    declared: Values = _network()
    for number in range(services):
        declared |= _service(dice, number, services)
    outputs = {
        f"Url{number}": {"Value": _attribute(f"Balancer{number}.DNSName")} for number in range(services)
    }
    _write(path, {**_head(), "Resources": declared, "Outputs": outputs})


def _write(path: Path, template: Values) -> None:
    as_json = path.suffix == ".json"
    text = json.dumps(template, indent=2) if as_json else yaml.dump(template, sort_keys=False)
    path.write_text(text)


def _head() -> Values:
    environment = {"Type": "String", "Default": "production", "AllowedValues": ["production", "test"]}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Environment": environment},
        "Mappings": {
            "Sizes": {"production": {"Database": "db.r6g.large"}, "test": {"Database": "db.t4g.micro"}}
        },
        "Conditions": {"IsProduction": {"Fn::Equals": [{"Ref": "Environment"}, "production"]}},
    }


def _typed(kind: str, **properties: Any) -> Values:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _attribute(name: str) -> Values:
    return {"Fn::GetAtt": name.split(".")}


def _named(name: str) -> list[Values]:
    return [{"Key": "Name", "Value": {"Fn::Sub": f"{name}-${{Environment}}"}}]


def _network() -> Values:
    vpc = {"Ref": "Vpc"}
    subnets = {
        f"Subnet{place}": _typed(
            "EC2::Subnet",
            VpcId=vpc,
            CidrBlock={"Fn::Select": [place, {"Fn::Cidr": [_attribute("Vpc.CidrBlock"), 3, 8]}]},
            AvailabilityZone={"Fn::Select": [place, {"Fn::GetAZs": ""}]},
        )
        for place in range(3)
    }
    return {"Vpc": _typed("EC2::VPC", CidrBlock="10.0.0.0/16", Tags=_named("main")), **subnets}


def _group(dice: Random, number: int, groups: int) -> Values:
    everything = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "All"}
    return _typed(
        "EC2::SecurityGroup",
        GroupDescription=f"What may talk to service {number}",
        VpcId={"Ref": "Vpc"},
        SecurityGroupIngress=[_rule(dice, number, groups) for _ in range(RULES_IN_A_GROUP - 1)],
        SecurityGroupEgress=[everything],
        Tags=[{"Key": "Name", "Value": f"sg-service-{number}"}],
    )


def _rule(dice: Random, number: int, groups: int) -> Values:
    rule = ingress(dice, groups)
    shared = {"IpProtocol": "tcp", "FromPort": rule.port, "ToPort": rule.port}
    described = {**shared, "Description": f"Clients on {rule.port}"}
    # Groups that name each other inline are a circle, which CloudFormation refuses: only earlier ones.
    if 0 <= rule.group < number:
        return {**described, "SourceSecurityGroupId": _attribute(f"Service{rule.group}.GroupId")}
    return {**described, "CidrIp": rule.cidr or "10.0.0.0/24"}


def _service(dice: Random, number: int, services: int) -> Values:
    group = _attribute(f"Service{number}.GroupId")
    subnets = [{"Ref": f"Subnet{place}"} for place in range(3)]
    role = {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    }
    placed = {"SecurityGroupIds": [group], "SubnetIds": subnets}
    code = {"S3Bucket": {"Ref": f"Bucket{number}"}, "S3Key": "code.zip"}
    size = {"Fn::FindInMap": ["Sizes", {"Ref": "Environment"}, "Database"]}
    database = _typed(
        "RDS::DBInstance",
        DBInstanceClass=size,
        Engine="postgres",
        Port="5432",
        DBSubnetGroupName={"Ref": f"Places{number}"},
        VPCSecurityGroups=[group],
        MultiAZ={"Fn::If": ["IsProduction", True, False]},
    )
    return {
        f"Service{number}": _group(dice, number, services),
        f"Function{number}": _typed(
            "Lambda::Function", Role=_attribute(f"Role{number}.Arn"), Code=code, VpcConfig=placed
        ),
        f"Role{number}": _typed("IAM::Role", **role),
        f"Bucket{number}": _typed("S3::Bucket", BucketName={"Fn::Sub": f"code-{number}-${{AWS::AccountId}}"}),
        f"Queue{number}": _typed("SQS::Queue", VisibilityTimeout=30),
        f"Logs{number}": _typed("Logs::LogGroup", RetentionInDays=30),
        f"Balancer{number}": _typed(
            "ElasticLoadBalancingV2::LoadBalancer", Scheme="internal", SecurityGroups=[group], Subnets=subnets
        ),
        f"Places{number}": _typed("RDS::DBSubnetGroup", DBSubnetGroupDescription="All", SubnetIds=subnets),
        f"Database{number}": database,
        f"Alarm{number}": _typed("CloudWatch::Alarm", MetricName="Errors", Threshold=1, EvaluationPeriods=1),
    }


if __name__ == "__main__":
    write = write_mixed if "--mixed" in sys.argv[3:] else write_groups
    write(Path(sys.argv[1]), int(sys.argv[2]))
