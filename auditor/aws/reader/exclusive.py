"""Whether a resource takes what stands in it for all that there is, and removes what others put there."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.tree import Dialect, Scalar, Seq


def exclusive(block: Block, path: str, *, always: bool = False) -> bool:
    """Whether Terraform puts back what a block lists, which it does where any is listed, or ``always``.

    Not where ``lifecycle`` tells it to leave the list alone. CloudFormation never looks what others added.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
    """
    if block.resource.dialect is not Dialect.TERRAFORM:
        return False
    ignored = {name for each in block.blocks("lifecycle") for name in _names(each)}
    return (always or any(True for _ in block.blocks(path))) and not ignored & {path, "all"}


def _names(lifecycle: Block) -> Iterator[str]:
    names = lifecycle.get("ignore_changes")
    for name in names.items if isinstance(names, Seq) else ():
        if isinstance(name, Scalar):
            yield str(name.value)
