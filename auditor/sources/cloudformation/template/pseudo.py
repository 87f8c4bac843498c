"""Pseudo parameters: what AWS knows of every stack, and a template does not say.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.values.identity import text_of
from auditor.tree import Location, Node, Reason, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack

NO_VALUE = "AWS::NoValue"
_OF_THE_STACK = frozenset(("AWS::StackName", "AWS::StackId", "AWS::NotificationARNs"))
_OF_THE_REGION = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}
_COMMERCIAL = frozenset(("af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"))


def pseudo_parameter(stack: Stack, name: str, at: Location) -> Node:
    """The value of a pseudo parameter. InputError where there is none of the name."""
    if name == NO_VALUE:
        return Scalar(None, at)
    given = stack.options.pseudo.get(name)
    if given is not None:
        return given
    if name not in _OF_THE_STACK and name not in _OF_THE_REGION:
        known = ", ".join((*_OF_THE_REGION, *sorted(_OF_THE_STACK), NO_VALUE))
        raise InputError(f"there is no pseudo parameter {name}", hint=f"there are: {known}")
    derived = _derived(stack, name, at)
    if derived is not None:
        return derived
    whose = stack
    while name in _OF_THE_REGION and whose.parent is not None:
        whose = whose.parent  # nested stacks are made where their parent is
    label = f"{whose.name}/{name}"
    type_ = "list(string)" if name == "AWS::NotificationARNs" else "string"
    return Unknown((Reason(label, at, f"--parameter {name}=…"),), at, identity=label, type=type_)


def _derived(stack: Stack, name: str, at: Location) -> Node | None:
    """The partition and the domain of AWS, which the Region decides."""
    if name not in {"AWS::Partition", "AWS::URLSuffix"}:
        return None
    region = stack.options.pseudo.get("AWS::Region")
    text = None if region is None else text_of(region)
    if text is None:
        return None
    first = text.partition("-")[0]
    found = next((pair for begin, pair in _PARTITIONS.items() if text.startswith(f"{begin}-")), None)
    if found is None and first in _COMMERCIAL and text.count("-") == 2:
        found = ("aws", "amazonaws.com")
    if found is None:
        return None
    return Scalar(found[0] if name == "AWS::Partition" else found[1], at)
