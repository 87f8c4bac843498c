"""Which services of AWS a workload must call over its own interface, by what it is or by its role."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import Estate, kind_of, unknown_names
from auditor.aws.reader.links import is_data, kind_named
from auditor.aws.reader.nodes import why
from auditor.model import Calls, Link
from auditor.tree import Node, Presence, Reason, Reference, Resource, Scalar, Seq, Unknown

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
_POLICY = "aws_iam_policy"
# A text with unknown parts stands in quotes where it is the identity of a value.
_END = re.compile(r'/([\w+=,.@-]+)"?$')
_PURPOSES = tuple(dict.fromkeys(_BY_POLICY.values()))


def calls_by_role(block: Block, *paths: str) -> tuple[Calls, ...]:
    """What the instance profile that attributes name has instances do, or may have them do.

    A profile or a role from elsewhere is no sign of anything, and says none.
    """
    found: dict[Calls, list[tuple[Reason, ...]]] = {}
    for path in paths:
        for profile, of_profile in _named(block, path, _PROFILE):
            for attribute in ("role", "roles"):
                for role, of_role in _named(profile, attribute, _ROLE):
                    for calls, of_policy in _purposes(role):
                        found.setdefault(calls, []).append((*of_profile, *of_role, *of_policy))
    return tuple([_called(calls, found[calls]) for calls in _PURPOSES if calls in found])


def calls_of_users(calls: Calls, users: Iterable[tuple[Block, Link]]) -> tuple[Calls, ...]:
    """What a workload calls for those that name it, or may call where none certainly does."""
    found = [_doubts(user.resource, link) for user, link in users]
    return (_called(calls, found),) if found else ()


def _called(calls: Calls, doubts: Collection[tuple[Reason, ...]]) -> Calls:
    """Calls with why they may not be needed, each of several things making them needed if its doubts fall."""
    if () in doubts:
        return calls
    return replace(calls, open=tuple(dict.fromkeys(reason for each in doubts for reason in each)))


def _named(block: Block, path: str, kind: str) -> Iterator[tuple[Block, tuple[Reason, ...]]]:
    """The resources of a kind that an attribute names, each with why it may name another."""
    for link in block.named(path, kind).items:
        found = block.estate.at_address(link.id)
        if found is not None and kind_of(found) == kind:
            yield Block.of(found, block.estate), _doubts(found, link)


def _doubts(resource: Resource, link: Link) -> tuple[Reason, ...]:
    """Why a resource and a link from or to it may not be there; empty where both are."""
    if link.certain and resource.presence is Presence.CERTAIN:
        return ()
    found = (*resource.reasons, *(() if link.certain else link.reasons))
    return found or (Reason(f"whether there is {resource.address}", resource.at),)


def _purposes(role: Block) -> Iterator[tuple[Calls, tuple[Reason, ...]]]:
    """What the policies of a role are there for, each with why it may not have them."""
    users = role.users(_ATTACHMENT, "role", *role.ids, *unknown_names(role.resource))
    attached = [(_doubts(user.resource, link), user.get("policy_arn")) for user, link in users]
    for doubts, node in [((), role.get("managed_policy_arns")), *attached]:
        for name, further in _policies(node, role.estate):
            every = _PURPOSES if name is None else [_BY_POLICY[name]] if name in _BY_POLICY else ()
            yield from ((calls, (*doubts, *further)) for calls in every)


def _policies(node: Node | None, estate: Estate) -> Iterator[tuple[str | None, tuple[Reason, ...]]]:
    """The last words of the ARNs of policies, None where it may be any, each with why it may be another."""
    for each, doubts in _single(node):
        name = _policy(each, estate)
        yield name, doubts or (why(each) if name is None else ())


def _single(node: Node | None) -> Iterator[tuple[Node, tuple[Reason, ...]]]:
    """The values that a value or a list has, or may have, each with why it may not."""
    match node:
        case Seq():
            for item in node.items:
                yield from _single(item)
            if node.more is not None:
                yield from ((each, doubts or why(node.more)) for each, doubts in _single(node.more))
        case Unknown() if node.options:
            for option in node.options:
                yield from ((each, doubts or why(node)) for each, doubts in _single(option))
        case None:
            return
        case _:
            yield node, ()


def _policy(node: Node, estate: Estate) -> str | None:
    match node:
        case Scalar():
            return str(node.value).rpartition("/")[2]
        case Reference():
            return _looked_up(node.target, estate)
        case Unknown():
            name = _last(node)
            return _looked_up(node.identity.rpartition(".")[0], estate) if name is None else name
        case _:
            return None


def _last(text: Unknown) -> str | None:
    """What stands behind the last slash of a text of which the rest is not known, as its partition."""
    end = text.parts[-1] if text.parts else None
    found = _END.search(str(end.value) if type(end) is Scalar else text.identity)
    return found[1] if found else None


def _looked_up(name: str, estate: Estate) -> str | None:
    """The policy that a data source finds by its name or its ARN, None where it may be any of AWS's.

    One that is a resource is none of AWS's.
    """
    found = estate.at_address(name)
    if found is None:
        return "" if kind_named(name) == _POLICY and not is_data(name) else None
    if kind_of(found) != f"data.{_POLICY}":
        return ""
    data = Block.of(found, estate)
    return (data.text("arn") or data.text("name")).rpartition("/")[2] or None
