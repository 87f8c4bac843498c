"""A rule that grants what another grants already is taken away."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import RemoveRule
from auditor.rewrite.edits import Edit, RefusedError
from auditor.rewrite.hcl import Block, HclFile
from auditor.rewrite.modules import Code

_RESOURCES = frozenset(
    {
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_security_group_rule",
        "aws_network_acl_rule",
    }
)


def edits(remedy: RemoveRule, code: Code) -> Iterator[Edit]:
    """The edits. Raises RefusedError where there is no one right rewrite."""
    file = code.file(remedy.at.path)
    blocks = file.blocks_at(file.offset(remedy.at))
    if not blocks or blocks[0].words[0] != "resource":
        raise RefusedError(f"{remedy.rule} is not written where its place is")
    block = blocks[-1]
    if block.words in {("ingress",), ("egress",)}:
        yield _without(file, block)
        return
    if len(blocks) > 1 or block.words[1] not in _RESOURCES:
        raise RefusedError(f"{remedy.rule} is no rule that stands alone")
    if code.module(file.path).mentioned(".".join(block.words[1:3])):
        raise RefusedError(f"{remedy.rule} is named elsewhere")
    yield _without(file, block)


def _without(file: HclFile, block: Block) -> Edit:
    """Without the block, the comment that stands right above it, and one of the blank lines around it."""
    lines = file.text.split("\n")
    first = file.text.count("\n", 0, block.span.begin)
    last = file.text.count("\n", 0, block.span.end)
    while first > 0 and lines[first - 1].lstrip().startswith(("#", "//")):
        first -= 1
    if first > 0 and not lines[first - 1].strip():
        first -= 1
    elif last + 1 < len(lines) and not lines[last + 1].strip():
        last += 1
    begin = sum(len(line) + 1 for line in lines[:first])
    end = sum(len(line) + 1 for line in lines[: last + 1])
    return Edit(file.path, begin, min(end, len(file.text)), "")
