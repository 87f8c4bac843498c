"""A network ACL gets the entry that lets replies through."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import AdmitReplies
from auditor.rewrite.addresses import address
from auditor.rewrite.edits import Edit, RefusedError
from auditor.rewrite.hcl import Block, HclFile
from auditor.rewrite.modules import Code

_ACLS = frozenset({"aws_network_acl", "aws_default_network_acl"})


def edits(remedy: AdmitReplies, code: Code) -> Iterator[Edit]:
    """The edits. Raises RefusedError where there is no one right rewrite."""
    acl = address(remedy.acl)
    if acl.type not in _ACLS or acl.key:
        raise RefusedError(f"{remedy.acl} is no network ACL of its own in the code")
    file = code.file(remedy.at.path)
    blocks = file.blocks_at(file.offset(remedy.at))
    if not blocks or blocks[0].words[:3] != ("resource", acl.type, acl.name):
        raise RefusedError(f"{remedy.acl} is not written where its place is")
    inline = [one for one in blocks[0].body.blocks if one.words in {("ingress",), ("egress",)}]
    if any(one.words[0] == "dynamic" for one in blocks[0].body.blocks):
        raise RefusedError(f"the entries of {remedy.acl} are made by an expression")
    yield _inline(file, remedy, inline) if inline else _separate(file, remedy, blocks[0])


def _inline(file: HclFile, remedy: AdmitReplies, entries: list[Block]) -> Edit:
    """One more block behind the last entry of its direction, indented as that one is."""
    word = "egress" if remedy.egress else "ingress"
    last = ([one for one in entries if one.words == (word,)] or entries)[-1]
    begin = file.text.rfind("\n", 0, last.span.begin) + 1
    indent = file.text[begin : last.span.begin]
    rows = (
        ("rule_no", str(remedy.number)),
        ("action", '"allow"'),
        ("protocol", f'"{remedy.protocol}"'),
        ("ipv6_cidr_block" if ":" in remedy.cidr else "cidr_block", f'"{remedy.cidr}"'),
        ("from_port", str(remedy.ports[0])),
        ("to_port", str(remedy.ports[1])),
    )
    text = f"\n\n{indent}{word} {{\n{_rows(rows, f'{indent}  ')}{indent}}}"
    return Edit(file.path, last.span.end, last.span.end, text)


def _separate(file: HclFile, remedy: AdmitReplies, acl: Block) -> Edit:
    """One more resource behind the ACL."""
    _, kind, name = acl.words
    rows = (
        ("network_acl_id", f"{kind}.{name}.id"),
        ("egress", "true" if remedy.egress else "false"),
        ("rule_number", str(remedy.number)),
        ("rule_action", '"allow"'),
        ("protocol", f'"{remedy.protocol}"'),
        ("ipv6_cidr_block" if ":" in remedy.cidr else "cidr_block", f'"{remedy.cidr}"'),
        ("from_port", str(remedy.ports[0])),
        ("to_port", str(remedy.ports[1])),
    )
    word = "egress" if remedy.egress else "ingress"
    label = f"{name}_{word}_replies_{remedy.number}"
    text = f'\n\nresource "aws_network_acl_rule" "{label}" {{\n{_rows(rows, "  ")}}}'
    return Edit(file.path, acl.span.end, acl.span.end, text)


def _rows(rows: tuple[tuple[str, str], ...], indent: str) -> str:
    wide = max(len(name) for name, _ in rows)
    return "".join(f"{indent}{name:{wide}} = {value}\n" for name, value in rows)
