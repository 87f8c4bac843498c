"""Roles of instances, which say what instances are for; nothing else of them bears on a network."""

from __future__ import annotations

from auditor.aws.reader import Spelling

SPELLINGS = {
    "AWS::IAM::InstanceProfile": Spelling(
        kind="aws_iam_instance_profile", renamed={"InstanceProfileName": "name"}
    ),
    "AWS::IAM::Role": Spelling(
        kind="aws_iam_role",
        renamed={"RoleName": "name"},
        only=frozenset({"RoleName", "ManagedPolicyArns"}),
    ),
    "AWS::ECS::CapacityProvider": Spelling(kind="aws_ecs_capacity_provider"),
}
