"""A range in a rule becomes a reference to the group whose members it is there for."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import ReferenceGroup
from auditor.frozen import dataclass
from auditor.rewrite.addresses import Address, address
from auditor.rewrite.edits import Edit, RefusedError
from auditor.rewrite.hcl import Attribute, Block, HclFile, Span
from auditor.rewrite.items import without
from auditor.rewrite.modules import Code

_RULES = frozenset({"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"})
_GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})
_LISTS = frozenset({"cidr_blocks", "ipv6_cidr_blocks"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where ranges are written: in which attribute of which block, inside which resource."""

    file: HclFile
    resource: Block
    block: Block
    attribute: Attribute
    ranges: tuple[Span, ...]


def edits(remedy: ReferenceGroup, code: Code) -> Iterator[Edit]:
    """The edits. Raises RefusedError where there is no one right rewrite."""
    own, group = address(remedy.own), address(remedy.group)
    if own.module != group.module:
        raise RefusedError(f"{remedy.group} is declared in another module")
    if group.type not in _GROUPS:
        raise RefusedError(f"{remedy.group} is no resource that has an id to reference")
    places = tuple(_places(remedy, code))
    for place in places:
        _refuse_cycle(place, group, code)
        yield from _rewritten(place, own, group)


def _places(remedy: ReferenceGroup, code: Code) -> Iterator[_Place]:
    found: dict[tuple[str, int], _Place] = {}
    for at, text in remedy.places:
        file = code.file(at.path)
        place = _place(file, file.offset(at), text)
        key = (at.path, place.attribute.span.begin)
        before = found.get(key)
        ranges = (*before.ranges, *place.ranges) if before else place.ranges
        found[key] = _Place(file, place.resource, place.block, place.attribute, ranges)
    yield from found.values()


def _place(file: HclFile, offset: int, text: str) -> _Place:
    blocks = file.blocks_at(offset)
    attributes = [one for block in blocks[-1:] for one in block.body.attributes if one.span.holds(offset)]
    if not attributes or blocks[0].words[0] != "resource":
        raise RefusedError(f"{text} is not written where the rule is")
    attribute = attributes[0]
    spans = attribute.items if attribute.items is not None else (attribute.value,)
    for span in spans:
        if span.holds(offset) and file.text[span.begin : span.end] == f'"{text}"':
            return _Place(file, blocks[0], blocks[-1], attribute, (span,))
    raise RefusedError(f"{text} is not written as a plain text where the rule is")


def _refuse_cycle(place: _Place, group: Address, code: Code) -> None:
    declared = code.module(place.file.path)
    edited = ".".join(place.resource.words[1:3])
    if group.words not in declared.mentions:
        raise RefusedError(f"{group.words} is not declared beside the rule")
    if group.words != edited and declared.depends(group.words, edited):
        raise RefusedError(f"{group.words} depends on {edited}: the two would need each other")


def _rewritten(place: _Place, own: Address, group: Address) -> Iterator[Edit]:
    kind = place.resource.words[1]
    reference = f"{group.words}{group.key}.id"
    itself = own == group
    if kind in _RULES and place.block is place.resource:
        yield _whole(place, f"referenced_security_group_id = {reference}")
    elif kind == "aws_security_group_rule" and place.block is place.resource:
        if len(place.ranges) < len(place.attribute.items or ()) or _beside(place):
            raise RefusedError("other sources stand beside it in one rule, which takes one kind alone")
        yield _whole(place, "self = true" if itself else f"source_security_group_id = {reference}")
    elif kind in _GROUPS and place.block.words in {("ingress",), ("egress",)}:
        yield from _inline(place, "" if itself else reference)
    else:
        raise RefusedError(f"a rule in {' '.join(place.block.words[:2])} is not rewritten")


def _beside(place: _Place) -> bool:
    others = {"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"} - {place.attribute.name}
    return any(one.name in others for one in place.block.body.attributes)


def _whole(place: _Place, text: str) -> Edit:
    span = place.attribute.span
    return Edit(place.file.path, span.begin, span.end, text)


def _inline(place: _Place, reference: str) -> Iterator[Edit]:
    """The ranges leave their list, and the group joins the groups of the block; without one: ``self``."""
    if place.attribute.name not in _LISTS or place.attribute.items is None:
        raise RefusedError(f"{place.attribute.name} is no list of ranges")
    path, text = place.file.path, place.file.text
    name = "security_groups" if reference else "self"
    there = place.block.body.attribute(name)
    added = f"security_groups = [{reference}]" if reference else "self = true"
    if there is not None:
        if reference and there.items is None:
            raise RefusedError("its security_groups are no plain list")
        yield _more(path, text, there, reference)
    if there is None and len(place.ranges) == len(place.attribute.items):
        yield _whole(place, added)
        return
    yield from without(place.file, place.attribute, place.ranges)
    if there is None:
        end = place.attribute.span.end
        yield Edit(path, end, end, f"\n{_indent(place)}{added}")


def _more(path: str, text: str, there: Attribute, reference: str) -> Edit:
    """The list of groups with one more; ``self`` becomes true."""
    if not reference:
        return Edit(path, there.value.begin, there.value.end, "true")
    items = [text[span.begin : span.end] for span in there.items or ()]
    return Edit(path, there.value.begin, there.value.end, f"[{', '.join([*items, reference])}]")


def _indent(place: _Place) -> str:
    text, begin = place.file.text, place.attribute.span.begin
    line = text[text.rfind("\n", 0, begin) + 1 : begin]
    return line if not line.strip() else "  "
