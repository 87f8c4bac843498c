"""A rule that grants what another grants already is taken away, or those of its ends that are needless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.finding import RemoveRule
from auditor.frozen import dataclass
from auditor.rewrite.addresses import address
from auditor.rewrite.edits import Edit, RefusedError
from auditor.rewrite.hcl import Attribute, Block, HclFile, Span
from auditor.rewrite.items import without
from auditor.rewrite.modules import Code
from auditor.tree import Location

_RESOURCES = frozenset(
    {
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_security_group_rule",
    }
)
_GRANTING = frozenset({"security_group_id", "type", "protocol", "ip_protocol", "from_port", "to_port"})
_CONDITIONS = ("count", "for_each")
_LITERAL = re.compile(r'-?\d+|true|false|null|"(?:[^"\\$%]|\\.)*"')


@dataclass(frozen=True, slots=True)
class _Written:
    """A rule as it stands in a file: its own block, and the resource around it or that it is."""

    file: HclFile
    resource: Block
    block: Block

    def text(self, span: Span) -> str:
        """A piece of the code, with one space in place of several."""
        return " ".join(self.file.text[span.begin : span.end].split())


def edits(remedy: RemoveRule, code: Code) -> Iterator[Edit]:
    """The edits. Raises RefusedError where there is no one right rewrite."""
    if address(remedy.rule).module != address(remedy.other).module:
        raise RefusedError(f"{remedy.other}, which grants the same, is in another module")
    rule = _written(remedy.rule, code.place(remedy.at))
    other = _written(remedy.other, code.place(remedy.beside))
    _refuse_other_values(remedy, rule, other, code)
    if not remedy.whole:
        yield from _without_ends(remedy, rule, code)
        return
    if rule.block is rule.resource:
        if rule.block.body.blocks:
            raise RefusedError(f"{remedy.rule} holds more than the rule")
        if code.module(rule.file.path).mentioned(".".join(rule.block.words[1:3])):
            raise RefusedError(f"{remedy.rule} is named elsewhere")
    yield _without_block(rule.file, rule.block)


def _written(name: str, found: tuple[HclFile, tuple[Block, ...], int]) -> _Written:
    file, blocks, _ = found
    if not blocks or blocks[0].words[0] != "resource":
        raise RefusedError(f"{name} is not written where its place is")
    rule = _Written(file, blocks[0], blocks[-1])
    inline = len(blocks) == 2 and rule.block.words in {("ingress",), ("egress",)}
    if not inline and (len(blocks) > 1 or rule.block.words[1] not in _RESOURCES):
        raise RefusedError(f"{name} is no rule that is written by itself")
    if any(rule.resource.body.attribute(word) for word in _CONDITIONS):
        raise RefusedError(f"{name} is there on a condition")
    return rule


def _refuse_other_values(remedy: RemoveRule, rule: _Written, other: _Written, code: Code) -> None:
    """Refuse what grants the same by the values of today alone: variables may have others elsewhere."""
    pairs = [(_end(one, code), _end(by, code)) for one, by in remedy.ends]
    both = (rule, other) if rule.block is not other.block else ()
    told = [frozenset(_expressions(one)) for one in both]
    if any(one != by and not _literal(one, by) for one, by in pairs) or len(set(told)) > 1:
        raise RefusedError(
            "what grants the same today is written differently: other values may tell it apart"
        )


def _literal(*texts: str) -> bool:
    return all(_LITERAL.fullmatch(text) for text in texts)


def _expressions(rule: _Written) -> Iterator[str]:
    for one in rule.block.body.attributes:
        text = rule.text(one.value)
        if one.name in _GRANTING and not _literal(text):
            yield text


def _end(at: Location, code: Code) -> str:
    """The end of a rule that is written at a place: a value, or an element of a list."""
    file, blocks, offset = code.place(at)
    attribute = _attribute(blocks, offset)
    span = next((one for one in attribute.items or () if one.holds(offset)), attribute.value)
    return " ".join(file.text[span.begin : span.end].split())


def _attribute(blocks: tuple[Block, ...], offset: int) -> Attribute:
    found = [one for block in blocks[-1:] for one in block.body.attributes if one.span.holds(offset)]
    if not found:
        raise RefusedError("its end is not written where the rule is")
    return found[0]


def _without_ends(remedy: RemoveRule, rule: _Written, code: Code) -> Iterator[Edit]:
    """Without the needless elements of the rule's lists."""
    needless: dict[Span, tuple[Attribute, list[Span]]] = {}
    for at, _ in remedy.ends:
        _, blocks, offset = code.place(at)
        attribute = _attribute(blocks, offset)
        found = [one for one in attribute.items or () if one.holds(offset)]
        if blocks[-1] is not rule.block or not found:
            raise RefusedError("its end is no element of a list that is written in the rule")
        needless.setdefault(attribute.span, (attribute, []))[1].extend(found)
    for attribute, spans in needless.values():
        yield from without(rule.file, attribute, spans)


def _without_block(file: HclFile, block: Block) -> Edit:
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
