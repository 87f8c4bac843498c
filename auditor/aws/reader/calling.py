"""Which services of AWS a workload must call over its own interface, by what it is or by its role."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import kind_of, unknown_names
from auditor.model import Calls, Link, Links
from auditor.tree import Presence

ON_FARGATE = Calls(services=("ecr.api", "ecr.dkr", "s3"), without="it does not start")
"""What a task or pod on Fargate pulls its image from, and with it the image's layers.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

NODE = Calls(services=("ec2", "ecr.api", "ecr.dkr", "s3"), without="it joins no cluster")
"""What nodes of EKS call first: their instance's details, and the images of its add-ons.

https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
"""

CONTAINER_INSTANCE = Calls(services=("ecs", "ecs-agent", "ecs-telemetry"), without="no task is placed on it")
"""What the agent on an instance of an ECS cluster registers with.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
"""

MANAGED = Calls(services=("ssm", "ssmmessages"), without="Systems Manager does not manage it", vital=False)
"""What the agent of Systems Manager calls; newer ones and newer Regions do without ``ec2messages``.

https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
"""

ROTATION = Calls(services=("secretsmanager",), without="it rotates no secret")
"""What a function that rotates secrets calls.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-function-network-access.html
"""

CANARY = Calls(services=("monitoring", "s3"), without="its runs fail")
"""Where a canary brings its metrics and what it has seen.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_VPC.html
"""

# Policies of AWS's that are there for one purpose.
_BY_POLICY = {
    "AmazonEKSWorkerNodePolicy": NODE,
    "AmazonEC2ContainerServiceforEC2Role": CONTAINER_INSTANCE,
    "AmazonSSMManagedInstanceCore": MANAGED,
    "AmazonEC2RoleforSSM": MANAGED,
}
_PROFILE, _ROLE, _ATTACHMENT = (
    "aws_iam_instance_profile",
    "aws_iam_role",
    "aws_iam_role_policy_attachment",
)


def calls_by_role(block: Block, *paths: str) -> tuple[Calls, ...]:
    """What the instance profile that attributes name certainly has instances do; none where it is unknown."""
    policies = {
        policy
        for path in paths
        for profile in _certain(block, path, _PROFILE)
        for attribute in ("role", "roles")
        for role in _certain(profile, attribute, _ROLE)
        for policy in _policies(role)
    }
    return tuple(dict.fromkeys(calls for name, calls in _BY_POLICY.items() if name in policies))


def _certain(block: Block, path: str, kind: str) -> Iterator[Block]:
    """The resources of a kind that an attribute certainly names."""
    for link in block.named(path, kind).items:
        found = block.estate.at_address(link.id) if link.certain else None
        if found is not None and kind_of(found) == kind and found.presence is Presence.CERTAIN:
            yield Block.of(found, block.estate)


def _policies(role: Block) -> Iterator[str]:
    """The last words of the ARNs of the policies that a role certainly has."""
    yield from _named(role, role.links("managed_policy_arns"))
    for user, link in role.users(_ATTACHMENT, "role", *role.ids, *unknown_names(role.resource)):
        if link.certain and user.presence is Presence.CERTAIN:
            yield from _named(user, user.one("policy_arn"))


def _named(block: Block, links: Links) -> Iterator[str]:
    for link in links.items:
        if link.certain:
            # A text with unknown parts, as that of the partition, stands in quotes.
            yield (_looked_up(block, link) or link.id).rpartition("/")[2].rstrip('"')


def _looked_up(block: Block, link: Link) -> str:
    """The name or the ARN by which a data source finds a policy; empty where none does."""
    found = block.estate.at_address(link.id.rpartition(".")[0])
    if found is None or kind_of(found) != "data.aws_iam_policy":
        return ""
    data = Block.of(found, block.estate)
    return data.text("arn") or data.text("name")
