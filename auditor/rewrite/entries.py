"""A network ACL gets the entries that let replies through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.finding import AdmitReplies, ReplyEntry
from auditor.rewrite.addresses import address
from auditor.rewrite.edits import Edit, RefusedError
from auditor.rewrite.hcl import Block, HclFile
from auditor.rewrite.modules import Code

_ACLS = frozenset({"aws_network_acl", "aws_default_network_acl"})
_ENTRY = "aws_network_acl_rule"
_RANGES = ("cidr_block", "ipv6_cidr_block")
_OF_A_LOOP = re.compile(r"\b(?:each|count|self)\.")

_Row = tuple[str, str]


def edits(remedy: AdmitReplies, code: Code) -> Iterator[Edit]:
    """The edits. Raises RefusedError where there is no one right rewrite."""
    if remedy.inline:
        yield from _inline(remedy, code)
    else:
        taken: set[str] = set()
        for entry in remedy.entries:
            yield _separate(entry, code, taken)


def _inline(remedy: AdmitReplies, code: Code) -> Iterator[Edit]:
    """More blocks behind the last entry of their direction, indented as that one is."""
    acl = address(remedy.acl)
    file, blocks, _ = code.place(remedy.at)
    if acl.key:
        raise RefusedError(f"{remedy.acl} is made by a loop, or on a condition")
    if acl.type not in _ACLS or not blocks or blocks[0].words[:3] != ("resource", acl.type, acl.name):
        raise RefusedError(f"{remedy.acl} is not written where its place is")
    if any(one.words[0] == "dynamic" for one in blocks[0].body.blocks):
        raise RefusedError(f"the entries of {remedy.acl} are made by an expression")
    inline = [one for one in blocks[0].body.blocks if one.words in {("ingress",), ("egress",)}]
    behind: dict[Block, str] = {}
    for entry in remedy.entries:
        word = "egress" if entry.egress else "ingress"
        request = _request(entry, code)
        if request not in inline:
            raise RefusedError(f"its entry at {entry.requests} is no block of {remedy.acl}")
        last = ([one for one in inline if one.words == (word,)] or inline)[-1]
        indent = _indent(file, last)
        rows = (("rule_no", str(entry.number)), ("action", '"allow"'), *_what(entry, request, file))
        text = f"\n\n{indent}{word} {{\n{_rows(rows, f'{indent}  ')}{indent}}}"
        behind[last] = behind.get(last, "") + text
    for last, text in behind.items():
        yield Edit(file.path, last.span.end, last.span.end, text)


def _separate(entry: ReplyEntry, code: Code, taken: set[str]) -> Edit:
    """One more resource behind that of the requests, about the same ACL."""
    file, _, _ = code.place(entry.requests)
    request = _request(entry, code)
    acl = request.body.attribute("network_acl_id")
    if request.words[:2] != ("resource", _ENTRY) or acl is None:
        raise RefusedError(f"its entry at {entry.requests} is no resource of its own")
    if any(request.body.attribute(word) for word in ("count", "for_each")):
        raise RefusedError(f"its entry at {entry.requests} is made by a loop, or on a condition")
    provider = request.body.attribute("provider")
    given = () if provider is None else (("provider", _text(file, provider.value.begin, provider.value.end)),)
    rows = (
        *given,
        ("network_acl_id", _text(file, acl.value.begin, acl.value.end)),
        ("egress", "true" if entry.egress else "false"),
        ("rule_number", str(entry.number)),
        ("rule_action", '"allow"'),
        *_what(entry, request, file),
    )
    label = _label(request.words[2], entry, code.module(file.path).mentions.keys() | taken)
    taken.add(f"{_ENTRY}.{label}")
    text = f'\n\nresource "{_ENTRY}" "{label}" {{\n{_rows(rows, "  ")}}}'
    return Edit(file.path, request.span.end, request.span.end, text)


def _label(request: str, entry: ReplyEntry, taken: set[str]) -> str:
    for label in (f"{request}_replies", f"{request}_replies_{entry.protocol}"):
        if f"{_ENTRY}.{label}" not in taken:
            return label
    raise RefusedError(f"{_ENTRY}.{request}_replies is there already, and something else")


def _request(entry: ReplyEntry, code: Code) -> Block:
    _, blocks, _ = code.place(entry.requests)
    if not blocks:
        raise RefusedError(f"{entry.requests} is no block")
    return blocks[-1]


def _what(entry: ReplyEntry, request: Block, file: HclFile) -> Iterator[_Row]:
    """The replies that the entry allows; its range is written as the requests' is."""
    found = [one for name in _RANGES if (one := request.body.attribute(name)) is not None]
    if len(found) != 1:
        raise RefusedError(f"its entry at {entry.requests} does not say its range in one place")
    value = _text(file, found[0].value.begin, found[0].value.end)
    if "\n" in value or _OF_A_LOOP.search(value):
        raise RefusedError(f"the range of its entry at {entry.requests} is {value}, which is not for others")
    yield "protocol", f'"{entry.protocol}"'
    yield found[0].name, value
    yield "from_port", str(entry.ports[0])
    yield "to_port", str(entry.ports[1])


def _text(file: HclFile, begin: int, end: int) -> str:
    return file.text[begin:end]


def _indent(file: HclFile, block: Block) -> str:
    return file.text[file.text.rfind("\n", 0, block.span.begin) + 1 : block.span.begin]


def _rows(rows: tuple[_Row, ...], indent: str) -> str:
    wide = max(len(name) for name, _ in rows)
    return "".join(f"{indent}{name:{wide}} = {value}\n" for name, value in rows)
